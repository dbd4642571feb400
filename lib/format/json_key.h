/*
 * Keys of JSON objects that were seen before, and the fields that they stand for.
 *
 * Records of one source look alike.  So each key remembers its bytes as they stood, from behind the comma up to the
 * value, and which key came after it: the next record is compared with that, and only what differs is looked up.
 */
#ifndef QOS_FORMAT_JSON_KEY_H
#define QOS_FORMAT_JSON_KEY_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/format.h"

#define QOS_JSON_NESTING      128
#define QOS_JSON_PREFIX_BYTES 48

struct qos_json_key {
	/* its first 16 bytes as they stood, `  "ts": `, and ones where they count */
	uint64_t head[2], mask[2];
	uint32_t n_bytes;            /* of these; 0: nothing is remembered */
	int32_t id;                  /* of the field; -1: nobody wants it */
	struct qos_json_key *next;   /* came after it the last time; may be NULL */
	struct qos_json_key *parent; /* of the object that it is in */
	struct qos_str text;         /* between its quotes, in the arena */
	char prefix[QOS_JSON_PREFIX_BYTES];
};

/* An open object or array. */
struct qos_json_level {
	const char *start;           /* its bracket */
	struct qos_str text;         /* the key that it is the value of, between its quotes */
	struct qos_json_key *parent; /* of the keys in it; NULL: they are not remembered */
	int32_t id;                  /* the field that it is the value of; -1 */
	bool object;
	bool told; /* the keys in it may be fields */
};

struct qos_json_keys {
	struct qos_json_key root; /* parent of the outermost keys; root.next is the first key of a record */
	struct qos_json_key
		nowhere; /* parent of all keys that cannot be fields: in arrays, and inside when nobody wants it */
	struct qos_json_key stray;  /* a key that is not remembered */
	struct qos_json_key **slot; /* open addressing */
	uint32_t n;
	bool deep; /* a field with a dotted path is wanted */
	struct qos_reading *g;
	struct qos_arena arena;
	struct qos_buf path;
};

/* Fails  when memory runs out.   Owns  nothing of g, which says what is wanted; qos_json_keys_free(). */
int qos_json_keys_init(struct qos_json_keys *k, struct qos_reading *g, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_json_keys_free(struct qos_json_keys *k);

/*
 * The key `text` at level[depth], seen before or not; and from now on it has the prefix bytes at `from`.
 *
 * level	the levels 0..depth that are open
 *
 * Returns  NULL when it is one field too many; or k->stray, which lasts until the next call, when it is not remembered.
 */
struct qos_json_key *qos_json_key_find(struct qos_json_keys *k, const struct qos_json_level *level, int depth,
				       struct qos_str text, const char *from, size_t n_bytes);

/* Do the bytes at p begin as this key did the last time?  p needs 16 readable bytes, and n_bytes of the key. */
static inline bool qos_json_key_matches(const struct qos_json_key *k, const char *p)
{
	uint64_t a, b;

	memcpy(&a, p, sizeof(a));
	memcpy(&b, p + 8, sizeof(b));
	if (((a ^ k->head[0]) & k->mask[0]) | ((b ^ k->head[1]) & k->mask[1]))
		return false;
	return k->n_bytes <= 16 || memcmp(p + 16, k->prefix + 16, k->n_bytes - 16) == 0;
}

#endif
