/* Copies: a table of groups with a list of free places. */
#include "route/copies.h"

#include <stdlib.h>

void qos_copies_free(struct qos_copies *c)
{
	free(c->group);
	*c = (struct qos_copies){ 0 };
}

static bool grow(struct qos_copies *c)
{
	uint32_t room = c->room ? 2 * c->room : 64;
	struct qos_copies_group *group = realloc(c->group, room * sizeof(*group));

	if (!group)
		return false;
	c->group = group;
	c->room = room;
	c->n += c->n == 0;
	return true;
}

uint32_t qos_copies_begin(struct qos_copies *c, int n)
{
	uint32_t i = c->free;

	if (i) {
		c->free = c->group[i].next_free;
	} else {
		if (c->n == c->room && !grow(c))
			return 0;
		i = c->n++;
	}
	c->group[i] = (struct qos_copies_group){ .n_left = n };
	return i;
}

bool qos_copies_end(struct qos_copies *c, struct qos_record *r)
{
	struct qos_copies_group *g = &c->group[r->copies];

	if (!r->drop) {
		g->served = true;
		g->depart_ns = r->depart_ns;
		g->wait_ns = r->wait_ns;
	}
	if (--g->n_left)
		return false;
	if (g->served && r->drop) {
		r->drop = QOS_DROP_NONE;
		r->adapter = -1; /* this one did not serve it */
		r->depart_ns = g->depart_ns;
		r->wait_ns = g->wait_ns;
	}
	g->next_free = c->free;
	c->free = r->copies;
	return true;
}
