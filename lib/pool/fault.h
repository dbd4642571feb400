/*
 * What goes wrong with a simulated adapter, and when; how long its answers take.
 *
 *   fail=10s-20s,slow=30s-40s:5x	down, and slower by a factor, in [from, to) since the first record
 *   error=1%			each record fails with this chance
 *   exp:2ms | uniform:1ms-3ms | 2ms	a law of latency
 */
#ifndef QOS_POOL_FAULT_H
#define QOS_POOL_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"

#define QOS_FAULT_SPANS_MOST 32

struct qos_fault_span {
	int64_t from_ns, to_ns; /* [from, to) */
	double factor;          /* of service time and latency; 0: down */
};

struct qos_faults {
	struct qos_fault_span span[QOS_FAULT_SPANS_MOST];
	int n_spans;
	double error_share; /* 0..1 */
};

struct qos_fault_state {
	bool up;
	double factor; /* product of the slow spans; 1: as usual */
};

enum qos_latency_kind { QOS_LATENCY_CONSTANT, QOS_LATENCY_UNIFORM, QOS_LATENCY_EXPONENTIAL };

struct qos_latency_law {
	enum qos_latency_kind kind;
	int64_t low_ns, high_ns; /* constant: low; exponential: low is the mean; uniform: low..high, both included */
};

/* Adds what the text says to f (zeroed before).   Returns  0, or -1 with why (size 200). */
int qos_faults_parse(struct qos_faults *f, struct qos_str text, char *why);
/* How it is at t_ns. */
struct qos_fault_state qos_faults_at(const struct qos_faults *f, int64_t t_ns);
/* The first moment after t_ns at which a span begins or ends; INT64_MAX: none. */
int64_t qos_faults_next(const struct qos_faults *f, int64_t t_ns);
/* Does this record fail by chance?  Draws only when errors are asked for. */
bool qos_faults_error(const struct qos_faults *f, struct qos_rng *r);

/* Returns  0, or -1 with why (size 200). */
int qos_latency_parse(struct qos_latency_law *law, struct qos_str text, char *why);
int64_t qos_latency_draw(const struct qos_latency_law *law, struct qos_rng *r);

#endif
