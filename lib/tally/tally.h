/*
 * The tally: a stage that counts records by class, or by any fields, and makes the report.
 *
 * Latency is depart - ts; a record without depart counts, but has no latency.  A record whose `drop` is set is dropped.
 */
#ifndef QOS_TALLY_TALLY_H
#define QOS_TALLY_TALLY_H

#include "config/config.h"
#include "expr/expr.h"
#include "record/stage.h"
#include "stats/report.h"
#include "stats/slo.h"

#define QOS_TALLY_BY_MOST 8

struct qos_tally_options {
	int by[QOS_TALLY_BY_MOST]; /* field ids; none: by class */
	int n_by;
	const struct qos_slo *slo; /* [n_slos], borrowed */
	int n_slos;
	struct qos_expr *where; /* records for which it is not true are left out; borrowed; NULL: none */
	int64_t duration_ns; /* of an interval, which rates are over; 0: from the first arrival to the last departure */
	uint32_t streams_most; /* streams counted apart for the fairness; those beyond are counted as such */
};

struct qos_tally;

/* config is borrowed: classes and targets; the fields that it reads become wanted. */
int qos_tally_new(struct qos_tally **t, const struct qos_config *config, const struct qos_tally_options *options,
		  struct qos_fields *fields, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_tally_free(struct qos_tally *t);
struct qos_stage qos_tally_stage(struct qos_tally *t);
/* The report so far; n_rejected is the reader's.   Owns  the caller: qos_report_free(). */
int qos_tally_report(const struct qos_tally *t, uint64_t n_rejected, struct qos_report **report, struct qos_err *err);

#endif
