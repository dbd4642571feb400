/*
 * simdjson behind a C interface: where do the tokens of a block of JSON begin?
 *
 * Only its first stage is used: it validates UTF-8, refuses raw control characters in strings and strings that do not
 * end, and gives the offsets of all structural characters, opening quotes and first bytes of scalars.  The walk over
 * them, which checks the grammar and knows where every value stands, is ours (json_walk.h).
 *
 * Cost   about 0.25 ns a byte.
 * After  Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019; Keiser and Lemire, "Validating
 *	  UTF-8 in less than one instruction per byte", Software: Practice and Experience 2021.
 */
#ifndef QOS_FORMAT_JSON_SCAN_H
#define QOS_FORMAT_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct qos_json_scan;

enum qos_json_fault {
	QOS_JSON_CLEAN,
	QOS_JSON_NOT_UTF8,
	QOS_JSON_CONTROL,  /* a raw control character in a string */
	QOS_JSON_UNCLOSED, /* a string that does not end */
	QOS_JSON_TOO_LONG, /* for the room that was asked for */
};

/* Room for blocks of most_bytes.   Returns  NULL when memory ran out. */
struct qos_json_scan *qos_json_scan_new(size_t most_bytes);
/* Frees it and what it owns; takes NULL. */
void qos_json_scan_free(struct qos_json_scan *s);
/* What is wrong with the block, as far as its tokens tell. */
enum qos_json_fault qos_json_scan_block(struct qos_json_scan *s, const char *p, size_t n);
/* The offsets of the last clean block in order, *n of them; two more of value n_bytes stand behind. */
const uint32_t *qos_json_scan_tokens(const struct qos_json_scan *s, size_t *n);

#ifdef __cplusplus
}
#endif

#endif
