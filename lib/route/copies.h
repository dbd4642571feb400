/*
 * Copies of one record, to each adapter: they are counted together, as the one record that came.
 *
 * It has left when the last copy has ended, if any copy was served; the first ones to be served are put, marked
 * r->copy, where somebody wants them apart.
 */
#ifndef QOS_ROUTE_COPIES_H
#define QOS_ROUTE_COPIES_H

#include "record/record.h"

struct qos_copies_group {
	int n_left; /* copies that have not ended; 0: free */
	uint32_t next_free;
	bool served;
	int64_t depart_ns, wait_ns; /* of the copy served last */
};

struct qos_copies {
	struct qos_copies_group *group; /* [n], [0] is nobody's */
	uint32_t n, room, free;
};

/* Gives back what it owns; the struct itself is the caller's. */
void qos_copies_free(struct qos_copies *c);
/* The number for r->copies of a record with n > 0 copies; 0: no memory. */
uint32_t qos_copies_begin(struct qos_copies *c, int n);
/*
 * A copy has ended: it was served, or dropped for r->drop.
 *
 * Returns  true when it was the last; then r says what became of the whole record.
 */
bool qos_copies_end(struct qos_copies *c, struct qos_record *r);

#endif
