/*
 * Shedding: when more comes than can be served, who is turned away at the door?
 *
 * Strictly the lowest class first, and of the class in which the cut falls always the same streams: each stream belongs
 * to one of 128 cohorts, by a hash of its name and the hour, so that nobody is the one for ever.  What came in the last
 * window is counted by (class, cohort); the cells are summed up from the most urgent class down, and those that fit
 * into what the servers can do are admitted in the next one:
 *
 *   cut = the most cells with  sum of records(cell) x mean service of its class  <=  capacity x length of the window
 *
 * The capacity is measured: service started per time while records waited (1 for one server that is never idle then).
 * The cut goes down when what it admits exceeds that by 1 %, and up when 5 % are free, so that chance does not move it.
 * A class that may not be shed counts first and is never cut.
 *
 * Cost   a hash and an increment a record; classes x 128 additions a window.
 * After  the priority cut of DAGOR (Zhou et al., "Overload Control for Scaling WeChat Microservices", SoCC 2018), which
 *	  moves its level by fixed steps; here the histogram says where it must be.
 */
#ifndef QOS_OVERLOAD_SHED_H
#define QOS_OVERLOAD_SHED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define QOS_SHED_COHORTS 128
#define QOS_SHED_RECORDS 2000 /* a window is full after so many, or after its time */

struct qos_shed {
	int n_ranks;  /* classes, the most urgent first */
	uint64_t may; /* bit = rank of a class that may be shed */
	int64_t window_ns;
	int cut; /* number of the first cell that is not admitted, rank * 128 + cohort; n_ranks * 128: all are */
	uint32_t *offered; /* [n_ranks * 128] records of this window */
	int n_offered;
	int64_t now_ns;                      /* of the last record */
	int64_t start_ns;                    /* of the window; INT64_MIN: no record yet */
	double service_ns[64], n_served[64]; /* by rank, of the last windows, each half as heavy as the next */
	double capacity;                     /* servers that are busy while records wait */
	int64_t waited_ns, started_ns;       /* of this window: time while records waited, service begun then */
	int64_t last_ns, last_service_ns;    /* the service that was started last */
	bool more;                           /* records waited behind it */
	double load;                         /* of the last window, in servers */
	uint64_t n_windows, n_moves;         /* closed; of them those that moved the cut */
};

/*
 * n_ranks	classes, at most 64
 * may		bit = rank of a class that may be shed
 * capacity	servers, until it is measured
 */
int qos_shed_init(struct qos_shed *s, int n_ranks, uint64_t may, int64_t window_ns, double capacity,
		  struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_shed_free(struct qos_shed *s);

/* The cohort of a stream at a time, 0..127. */
int qos_shed_cohort(struct qos_str stream, int64_t now_ns);
/* Counts a record that has come.   Returns  would it be admitted? */
bool qos_shed_admits(struct qos_shed *s, int rank, int cohort, int64_t now_ns);
/* May records of that class be turned away as it is? */
static inline bool qos_shed_cuts(const struct qos_shed *s, int rank)
{
	return s->may >> rank & 1 && s->cut < (rank + 1) * QOS_SHED_COHORTS;
}
/* How long until the cut may move, if records go on coming as they do. */
int64_t qos_shed_rest_ns(const struct qos_shed *s);
/* A record is taken into service; do more wait behind it? */
void qos_shed_served(struct qos_shed *s, int rank, int64_t service_ns, bool more, int64_t now_ns);

#endif
