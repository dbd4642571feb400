/*
 * Health: who may be chosen, by what became of the records that members were given.
 *
 *   well --errors in a row, or slow against the others--> ejected --time is over--> on trial --one good record--> well
 *					                     ^----------- a bad one: for twice as long ------/
 *
 * A member on trial is given one record at a time.  Not more than half of the members are ejected at once, and when
 * less than half of all can be chosen (some may be down), health is not looked at: all that are up are given records,
 * since those left would only be the next to break (panic).  A member that has returned has little weight at first
 * and its own after slow_start.
 *
 * Cost   O(1) a record; O(n log n) a review.
 * After  Envoy's outlier detection and panic threshold; circuit breakers with a half-open state.
 */
#ifndef QOS_POOL_HEALTH_H
#define QOS_POOL_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct qos_health_options {
	int errors;            /* in a row that eject; 0: never */
	double latency_factor; /* mean latency over the median of all that ejects; 0: never */
	int64_t ejection_ns;   /* the first; doubles up to ten times that */
	int64_t slow_start_ns;
};

enum qos_health_state { QOS_HEALTH_WELL, QOS_HEALTH_EJECTED, QOS_HEALTH_TRIAL };

struct qos_health_member {
	enum qos_health_state state;
	bool up;            /* told from outside */
	bool busy;          /* on trial: it has a record */
	int n_errors;       /* in a row */
	int n_in_a_row;     /* ejections without a good time between */
	int64_t until_ns;   /* end of the ejection */
	int64_t since_ns;   /* of the ejection, or of the return */
	double latency_ns;  /* mean of good records, the last 16 count most; 0: none yet */
	double error_share; /* of the last 64 or so */
	uint64_t n_ended;   /* since the last review */
	uint64_t n_ejections;
	int64_t ejected_ns; /* in all, without the one that goes on */
};

struct qos_health {
	struct qos_health_options options;
	struct qos_health_member *member; /* [n] */
	int n, n_out;                     /* members; of them ejected or on trial */
	bool panic;
	uint64_t n_panics;
	int64_t due_ns; /* the next end of an ejection; INT64_MAX */
};

void qos_health_init(struct qos_health *h, const struct qos_health_options *o);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_health_free(struct qos_health *h);
/* One member more, up and well; began_ns: it starts slowly from then, INT64_MIN: it does not.   Returns  its index, or
 * QOS_EIO. */
int qos_health_add(struct qos_health *h, int64_t began_ns, struct qos_err *err);

/* These return true when somebody may be chosen now that might not before, or the other way round. */
bool qos_health_set_up(struct qos_health *h, int i, bool up);
/* Member i has been given a record. */
bool qos_health_given(struct qos_health *h, int i);
/* Member i lost a record that it was given before it could end. */
bool qos_health_lost(struct qos_health *h, int i);
/* A record of member i has ended. */
bool qos_health_ended(struct qos_health *h, int i, bool ok, int64_t latency_ns, int64_t now_ns);
/* Ejections that are over end. */
bool qos_health_advance(struct qos_health *h, int64_t now_ns);
/* Once in a while: is somebody slow against the others? */
bool qos_health_review(struct qos_health *h, int64_t now_ns);

/* May it be chosen? */
bool qos_health_is_open(const struct qos_health *h, int i);
/*
 * The part of its weight that it has now, in eighths (1 to 8): by its errors, and less than all in a slow start.
 *
 * before	what it was before; it stays that as long as it is nearly right
 */
int qos_health_eighths(const struct qos_health *h, int i, int before, int64_t now_ns);
/* How long it has been ejected or on trial, in all. */
int64_t qos_health_ejected_ns(const struct qos_health *h, int i, int64_t now_ns);

#endif
