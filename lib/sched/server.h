/*
 * Servers: who is busy until when, and how long a record takes there.
 *
 * A pool (an adapter, or the router's own capacity) has one rate and a number of servers.  A record holds one of them
 * for its service time.  End of service is exact: what a rate leaves over below the
 * nanosecond is carried to the next record of the same busy period.
 */
#ifndef QOS_SCHED_SERVER_H
#define QOS_SCHED_SERVER_H

#include "record/record.h"

struct qos_rate {
	int64_t bps;      /* bits per second; 0: not a bit rate */
	int64_t num, den; /* num records in den ns; num 0: not a message rate */
};

static inline bool qos_rate_is_set(const struct qos_rate *r)
{
	return r->bps > 0 || r->num > 0;
}

struct qos_server {
	int64_t free_ns; /* end of the service in progress, or of the last one */
	int64_t rest;    /* plus rest / divisor ns, divisor = bps or num */
};

struct qos_servers {
	struct qos_rate rate;
	struct qos_server *server; /* [n_servers], owned */
	int *idle;                 /* stack of idle servers, owned */
	int n_servers, n_idle;
	uint64_t n_served;
	int64_t busy_ns; /* sum of service times */
};

int qos_servers_init(struct qos_servers *p, struct qos_rate rate, int n_servers, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_servers_free(struct qos_servers *p);

/*
 * Starts a service on an idle server (n_idle > 0) at now_ns.
 *
 * use_service_time	the record's service_time counts before size over rate
 * Returns  the server; its free_ns is the end of service.
 */
int qos_servers_start(struct qos_servers *p, const struct qos_record *r, bool use_service_time, int64_t now_ns);
/* The service has ended: the server is idle. */
void qos_servers_done(struct qos_servers *p, int server);

#endif
