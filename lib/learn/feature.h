/*
 * What does a record look like to a model?  A sparse vector of hashed features, and a list of attributes.
 *
 *   text (payload, and any field of several words)  ->  words, pairs of words, sub-words of 3 and 4 bytes
 *   other fields  ->  the value as a name, or a number: its magnitude, its distance from the mean
 *   time	   ->  the span since the record before, of all and of its stream
 *
 * Attributes are the fields as they are, for models that ask about one field at a time.
 */
#ifndef QOS_LEARN_FEATURE_H
#define QOS_LEARN_FEATURE_H

#include "io/container.h"
#include "record/record.h"

#define QOS_FEATURE_BITS  18
#define QOS_FEATURE_SLOTS (1 << QOS_FEATURE_BITS)
#define QOS_FEATURES_MOST 16384 /* of a record; what a longer one has behind them is not read */

struct qos_feature {
	uint32_t slot; /* as read: by hash; weighed: its number, 1 the first that was learned, 0 an unknown one */
	float value;
};

#define QOS_RECENT 3 /* labels of a stream that are remembered */

struct qos_attribute {
	uint16_t column; /* small number of the field, by first appearance */
	bool numeric;
	uint32_t name; /* !numeric: hash of the value */
	float number;  /* numeric: x as log(1 + |x|), with its sign: sizes and counts spread over many powers of ten */
};

struct qos_example {
	struct qos_feature *x; /* [n]: text features first; a slot stands only once among them */
	int n, n_text;
	struct qos_attribute *attribute; /* [n_attributes] */
	int n_attributes;
	int recent[QOS_RECENT]; /* last labels of its stream, newest first; -1: none yet */
	int n_recent;           /* 0: labels do not come, so that the last ones are old */
};

struct qos_features;

/* Whose record was read last, and when: for what is learned of it later. */
struct qos_features_mark {
	int place;
	int64_t now_ns;
};

/* Every field becomes wanted.   fields	borrowed, and asked for the names of columns that come later */
int qos_features_new(struct qos_features **f, struct qos_fields *fields, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_features_free(struct qos_features *f);
/*
 * The example of a record, valid until the next call; text features hold counts.
 *
 * Cost  some 10 ns a feature; no allocation once the longest record was seen.
 */
void qos_features_read(struct qos_features *f, const struct qos_record *r, struct qos_example *e);
/*
 * From counts to weights, from slots to numbers: x[] becomes what models read, with known features alone.  The numbers
 * are dense, and frequent features have small ones, so that what models keep of them lies close together.
 *
 * Text: log count x root of rareness, length 1 (unknown ones included); the rest: length 1.
 */
void qos_features_weigh(const struct qos_features *f, struct qos_example *e);
/* Counts the example (before it is weighed), whose features are known from then on. */
void qos_features_learn(struct qos_features *f, const struct qos_example *e, int label);
/* A label of the stream of the record that was read last is known, so that recent[] is worth reading. */
void qos_features_recall(const struct qos_features *f, struct qos_example *e);
/* Of the record that was read last. */
struct qos_features_mark qos_features_mark(const struct qos_features *f);
/* qos_features_learn() is for that record next; time does not go back for it. */
void qos_features_return(struct qos_features *f, struct qos_features_mark mark);
/* Name of an attribute's column. */
struct qos_str qos_features_column(const struct qos_features *f, int column);
/*
 * Where did a feature of the example that was read last come from?  Writes "payload: word word" and the like to text.
 */
void qos_features_explain(const struct qos_features *f, const struct qos_record *r, uint32_t number,
			  struct qos_buf *text);

void qos_features_save(const struct qos_features *f, struct qos_container_out *o);
/* Returns  -1 when the section makes no sense. */
int qos_features_load(struct qos_features *f, const struct qos_container *c);
/* Forgets what was learned. */
void qos_features_reset(struct qos_features *f);

#endif
