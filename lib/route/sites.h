/*
 * Sites: the adapters as the router serves them, each with its servers and the queues of the records that are bound to
 * it.
 *
 * Queues are made when the first record is bound there.  Which site can start a bound record now is known as a bit of
 * each, so that many idle ones cost nothing; they take turns.
 */
#ifndef QOS_ROUTE_SITES_H
#define QOS_ROUTE_SITES_H

#include "pool/fault.h"
#include "route/lanes.h"
#include "sched/server.h"

struct qos_site {
	struct qos_str name;
	struct qos_servers servers;
	struct qos_lanes *queues;         /* of records bound to it; NULL: none came yet */
	bool up;                          /* it can serve */
	bool open;                        /* it is given records that nobody bound */
	bool has_latency;                 /* after service */
	double factor;                    /* of service and latency, now */
	uint64_t n_errors;                /* records that failed in service */
	uint64_t n_failed_over;           /* records that waited here and went elsewhere */
	int64_t n_waiting, n_waiting_max; /* records in its queues */
	int64_t down_since_ns, down_ns;   /* QOS_UNSET: it is up; how long it was down before that */
	uint64_t n_downs;
	double weight; /* as it was given */
	int eighths;   /* of it that it has now */
	int n_unready; /* looks in a row at which it could be given nothing */
	/* of simulated ones */
	struct qos_latency_law latency;
	struct qos_rng rng;
	struct qos_faults faults;
};

struct qos_sites {
	struct qos_site *site; /* [n] */
	int n;
	uint64_t *startable; /* bit i of the words: site i has a bound record, an idle server, and is up */
	bool has_faults;     /* any of them may go down or slow */
	int turn;            /* where the search for the next one begins */
	/* for making queues */
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_tenants *tenants;
	struct qos_queues_options options;
	struct qos_slab *slab;
	/* May site i be given a record now?  NULL: always. */
	bool (*ready)(const void *ready_self, int i);
	const void *ready_self;
};

/* tenants, config, options, fields, slab as for qos_lanes_init(); they must outlive the sites. */
int qos_sites_init(struct qos_sites *s, struct qos_tenants *tenants, const struct qos_config *config,
		   const struct qos_queues_options *options, const struct qos_fields *fields, struct qos_slab *slab,
		   struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_sites_free(struct qos_sites *s);

/* Are the laws and faults that config gives adapters right?   Fails  QOS_EUSAGE. */
int qos_sites_check(const struct qos_config *config, struct qos_err *err);

/*
 * Starts the service of a record at site i, which has an idle server: writes r->server, r->depart_ns and, for an error
 * by chance, r->drop.
 */
void qos_sites_start(struct qos_sites *s, int i, struct qos_record *r, int64_t now_ns);
/* The queues of site i, made if they are not there.   Returns  NULL when memory ran out. */
struct qos_lanes *qos_sites_queues(struct qos_sites *s, int i);
/* A server of site i began or ended, it went up or down, its queues are others. */
void qos_sites_changed(struct qos_sites *s, int i);
/* So many records more wait in its queues. */
void qos_sites_queued(struct qos_sites *s, int i, int change);
/* Can site i be given a record now, by what `ready` says? */
bool qos_sites_is_ready(const struct qos_sites *s, int i);
/* The next site that can start a record bound to it, or -1; asking again gives the same one. */
int qos_sites_next(const struct qos_sites *s, int64_t now_ns);
/* The open one with the smallest part of its servers busy, the first among equals; -1: all are busy. */
int qos_sites_idle(const struct qos_sites *s);

#endif
