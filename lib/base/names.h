/*
 * Names to small integers: fields, classes, adapters, streams.
 *
 * Open addressing over a stable 64-bit hash (XXH3), stored beside the index, so that a look-up touches one cache line
 * and compares bytes once.  Names are copied and keep their index for the life of the table.
 *
 * Cost   O(1); grows by doubling.
 */
#ifndef QOS_BASE_NAMES_H
#define QOS_BASE_NAMES_H

#include <stdint.h>

#include "base/arena.h"

struct qos_names {
	struct qos_arena arena; /* the names' bytes */
	struct qos_str *name;   /* [n] by index */
	struct qos_names_slot *slot;
	uint32_t n, room, mask; /* names, room in name[], slots - 1 */
};

/* Index of a name, or -1. */
int qos_names_find(const struct qos_names *t, struct qos_str name);
/* Index of a name, added if it is new.   Returns  -1 when memory ran out. */
int qos_names_add(struct qos_names *t, struct qos_str name);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_names_free(struct qos_names *t);

/* The stable hash that everything in the library uses (XXH3, 64 bits, seed 0). */
uint64_t qos_hash(struct qos_str s);

#endif
