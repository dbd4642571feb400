/* Words of a text, their pairs and sub-words, as slots: the text half of feature.h. */
#ifndef QOS_LEARN_TEXT_H
#define QOS_LEARN_TEXT_H

#include "learn/feature.h"

/* Features gathered so far, each slot once. */
struct qos_bag {
	struct qos_feature *x; /* [n], room for QOS_FEATURES_MOST */
	int n;
	struct qos_bag_place {
		uint32_t round; /* when it was taken */
		uint32_t at;    /* index into x */
	} * place;              /* [QOS_BAG_SLOTS] open addressing, the first mask + 1 of them */
	uint32_t mask;
	uint32_t round;
	/* to explain: who asks for the source of a slot */
	bool asked;
	uint32_t wanted;
	char found[40]; /* the piece of text that gave it */
	int n_found;    /* bytes; 0: not yet */
};

#define QOS_BAG_SLOTS (QOS_FEATURES_MOST * 2)

int qos_bag_new(struct qos_bag *b, struct qos_err *err);
void qos_bag_free(struct qos_bag *b);
/* Empties it, for so many bytes of text: the fewer they are, the closer together are the places that are touched. */
void qos_bag_clear(struct qos_bag *b, size_t bytes);
/* Adds to the value of a feature by its hash; full: it is left out. */
void qos_bag_add(struct qos_bag *b, uint64_t hash, float value, struct qos_str source);
/* Adds what a text is made of.   Cost  linear in its bytes. */
void qos_bag_text(struct qos_bag *b, struct qos_str text);

#endif
