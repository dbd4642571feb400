/*
 * simdjson behind a C interface: where do the tokens of a block of JSON begin?
 *
 * Only its first stage is used: it validates UTF-8, refuses raw control characters in strings and strings that do not
 * end, and gives the offsets of all structural characters, opening quotes and first bytes of scalars.  The walk over
 * them, which checks the grammar and knows where every value stands, is jsonl's (json_walk.h).
 *
 * After  Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019.
 */
#ifndef QOS_FORMAT_JSON_SCAN_H
#define QOS_FORMAT_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct qos_json_scan;

/* Room for blocks of most_bytes.   Returns  NULL when memory ran out. */
struct qos_json_scan *qos_json_scan_new(size_t most_bytes);
void qos_json_scan_free(struct qos_json_scan *s);
/* Returns  NULL when the block is clean, else what is wrong with it, in a lasting text. */
const char *qos_json_scan_block(struct qos_json_scan *s, const char *p, size_t n);
/* The offsets of the last clean block; *n of them, in order. */
const uint32_t *qos_json_scan_offsets(const struct qos_json_scan *s, size_t *n);

#ifdef __cplusplus
}
#endif

#endif
