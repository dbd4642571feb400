/*
 * The pool: which adapters are there, how loaded, how fast, and may they be picked?
 *
 * Names of regions and services are small integers once the pool is made.  A strategy (balance.h) is put to use before
 * the first record and is named by a small integer as well.  Who picks tells the pool what became of the record:
 * queued, started, done.  From that come load and latency; nothing else is measured here.
 *
 * Latency is a peak-sensitive moving average: a longer one counts at once, shorter ones by 1 - e^(-dt/tau), and
 * unheard of it decays by e^(-dt/tau).  The price of a member is that times (load + 1), by weight.
 * After  Finagle's peak EWMA; a member not heard of yet has the median of the others, not a penalty.
 */
#ifndef QOS_POOL_POOL_H
#define QOS_POOL_POOL_H

#include "base/err.h"
#include "base/names.h"
#include "base/rng.h"

#define QOS_POOL_SERVICES_MOST 64 /* a set of them is one machine word */

struct qos_balance;

/* What is known of a member when it is added; texts are copied. */
struct qos_member_config {
	struct qos_str name, region, services; /* services: auth+billing; empty: none */
	double weight;                         /* > 0 */
	int concurrency;                       /* >= 1 */
};

struct qos_member {
	uint64_t hash; /* of the name: the same wherever the member stands in the list */
	double weight;
	int64_t n_load;    /* queued and started, not done */
	double latency_ns; /* peak average at stamp_ns; 0: not heard of */
	int64_t stamp_ns;
	uint64_t services; /* bits */
	int region;        /* -1: none */
	int concurrency;
	bool open; /* may be picked */
	uint64_t n_picked, n_done, n_failed;
};

struct qos_pool_use {
	const struct qos_balance *balance;
	void *state;
};

struct qos_pool {
	struct qos_member *member; /* [n] */
	int *open;                 /* [n_open] indexes of those that may be picked, ascending */
	int n, n_open;
	struct qos_names names, regions, services;
	struct qos_pool_use *use; /* [n_uses] */
	int n_uses;
	int64_t n_load;     /* of all open members */
	double open_weight; /* sum over the open members */
	double unseen_ns;   /* latency of those not heard of */
	int64_t tau_ns;     /* of the peak average; 10 s */
	struct qos_rng rng;
};

/* What a record wants; made once for a stream or class where it is always the same. */
struct qos_wish {
	uint64_t stream; /* hash of the stream */
	int strategy;    /* from qos_pool_use() */
	int member;      /* direct: which; -1 */
	int service;     /* service: which; -1 */
	int region;      /* geo: from where; -1 */
	int after;       /* broadcast: the one that was given last; -1 to begin */
};

/* Fills in an empty pool; the same seed gives the same picks. */
void qos_pool_init(struct qos_pool *p, uint64_t seed);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_pool_free(struct qos_pool *p);
/* Adds a member, open; call qos_pool_rebuild() after the last one.   Returns  its index, or QOS_EUSAGE (the name is
 * taken, too many services), QOS_EIO. */
int qos_pool_add(struct qos_pool *p, const struct qos_member_config *c, struct qos_err *err);
/* Puts a strategy to use.   Returns  what a wish names it by, or QOS_EIO. */
int qos_pool_use(struct qos_pool *p, const struct qos_balance *b, struct qos_err *err);
/* Members were added, opened or closed: strategies make their tables anew.   Fails  QOS_EIO. */
int qos_pool_rebuild(struct qos_pool *p, struct qos_err *err);
/* Opens or closes a member; rebuilds if that changes anything. */
int qos_pool_set_open(struct qos_pool *p, int i, bool open, struct qos_err *err);
/* The strategy in use of that name, or -1. */
int qos_pool_strategy(const struct qos_pool *p, const char *name);
/*
 * The wish of a record's `dst`: direct:A, service:S, broadcast, lb (the default stays).
 *
 * Returns  0; -1 when the text is none of these, or names a member, service or strategy that the pool does not have.
 */
int qos_pool_wish(const struct qos_pool *p, struct qos_str dst, struct qos_wish *w);

/* The member that gets the record, or -1: none may.   Cost  see each strategy; no allocation. */
int qos_pool_pick(struct qos_pool *p, const struct qos_wish *w, int64_t now_ns);
/* A record waits for member i (+1), or was taken from it without being done (-1). */
void qos_pool_queued(struct qos_pool *p, int i, int change);
/* A record that did not wait was started: it is load from now on.  (One that waited is load already.) */
void qos_pool_started(struct qos_pool *p, int i);
/* A record of member i has ended; one that failed leaves the latency as it was. */
void qos_pool_done(struct qos_pool *p, int i, int64_t latency_ns, bool ok, int64_t now_ns);
/* Housekeeping: what a member not heard of is taken for. */
void qos_pool_advance(struct qos_pool *p, int64_t now_ns);
/* Latency as it is believed at now_ns, and the price of one record more: latency x (load + 1) / weight, in ns. */
double qos_pool_latency(const struct qos_pool *p, int i, int64_t now_ns);
double qos_pool_price(const struct qos_pool *p, int i, int64_t now_ns);
/* Load that member i may have when one record more is given out: ceil(1.25 x (load + 1) x its part of the weight). */
int64_t qos_pool_bound(const struct qos_pool *p, int i);

#endif
