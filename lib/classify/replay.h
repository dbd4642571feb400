/* Examples that are kept to be learned again, for more than one epoch over a stream that passes once. */
#ifndef QOS_CLASSIFY_REPLAY_H
#define QOS_CLASSIFY_REPLAY_H

#include "learn/feature.h"

struct qos_replay {
	struct qos_feature *x;
	struct qos_attribute *attribute;
	size_t n_x, x_room, n_attributes, attribute_room;
	struct qos_replay_item {
		size_t x, attribute;
		int n, n_text, n_attributes, n_recent, recent[QOS_RECENT], label;
	} * item;
	size_t n, room;
	struct qos_feature *work; /* [QOS_FEATURES_MOST] */
};

/* Keeps a copy.   Returns  -1 when memory ran out or there are too many (512 MiB of features). */
int qos_replay_add(struct qos_replay *r, const struct qos_example *e, int label);
/* Example number i, valid until the next call; may be changed. */
int qos_replay_get(struct qos_replay *r, size_t i, struct qos_example *e);
void qos_replay_free(struct qos_replay *r);

#endif
