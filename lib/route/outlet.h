/*
 * One adapter of a delivery: what it was given, and the small machine that opens it, writes to it, and gives what it
 * holds to the others when it breaks.
 *
 *   down -> opening -> up <-> stuck,  up -> down, ...  at the end done
 *
 * For deliver.c alone.
 */
#ifndef QOS_ROUTE_OUTLET_H
#define QOS_ROUTE_OUTLET_H

#include "adapter/adapter.h"
#include "base/buf.h"
#include "base/rng.h"
#include "route/backlog.h"
#include "route/deliver.h"

enum qos_outlet_state { QOS_OUTLET_DOWN, QOS_OUTLET_OPENING, QOS_OUTLET_UP, QOS_OUTLET_STUCK, QOS_OUTLET_DONE };

struct qos_outlet {
	const struct qos_adapter_config *config;
	const struct qos_adapter *kind; /* NULL: sim */
	void *state;
	enum qos_outlet_state at;
	bool blocked;                    /* its last write took less than all */
	bool ended;                      /* it was told that nothing more will come */
	int n_failures, n_last_failures; /* in a row; of them while all was finished */
	size_t header_left;              /* of the header, still to be written */
	int64_t since_ns;                /* of its state */
	int64_t retry_ns;
	int64_t moved_ns; /* when it took bytes last, or got the first to wait for */
	struct qos_backlog backlog;
	struct qos_rng rng;
	struct qos_sketch wait;
	struct qos_deliver_stats stats;
};

struct qos_deliver {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_outlet *adapter; /* [n_adapters] */
	int n_adapters;
	struct qos_writer *writer;
	struct qos_out text; /* one record at a time */
	struct qos_buf header;
	bool header_known, finishing, named;
	struct qos_sketch_scale *scale;
	int *of_fd; /* [n_adapters], the adapter of each descriptor of the last fds() */
	char *name; /* scratch for a stream's name */
	size_t name_room;
	int64_t now_ns, finish_ns; /* when it was told to finish */
	int64_t worked_ns;         /* when one of them was open */
};

/* Would it take a record at once? */
bool qos_outlet_ready(const struct qos_deliver *d, const struct qos_outlet *a);
/* The one that is ready and has least to do, but not this one; NULL. */
struct qos_outlet *qos_outlet_other(const struct qos_deliver *d, const struct qos_outlet *not_this);
/* Adds a record's text (and its stream's name, where those are used) to what it holds. */
void qos_outlet_hold(struct qos_deliver *d, struct qos_outlet *a, const struct qos_piece *piece, struct qos_str text,
		     struct qos_str name);
/* What is written from now on begins with the header, but in a file that has something already. */
void qos_outlet_begin(const struct qos_deliver *d, struct qos_outlet *a);
/* Opens it, or makes it wait for the next try. */
void qos_outlet_open(struct qos_deliver *d, struct qos_outlet *a);
/* Writes what waits, as far as that goes without waiting. */
void qos_outlet_send(struct qos_deliver *d, struct qos_outlet *a);
/* It is d->now_ns, and these poll events came: does all that there is to do. */
void qos_outlet_go_on(struct qos_deliver *d, struct qos_outlet *a, int events);
/* When to come back without an event. */
int64_t qos_outlet_due(const struct qos_deliver *d, const struct qos_outlet *a);

#endif
