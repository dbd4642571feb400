/* One run: what a policy makes of a trace, as a report, and as each record's latency. */
#ifndef QOS_STUDY_RUN_H
#define QOS_STUDY_RUN_H

#include "shape/shaper.h"
#include "study/trace.h"
#include "tally/tally.h"

#define QOS_NO_LATENCY INT64_MIN /* of a record that was dropped */

struct qos_run {
	struct qos_report *report;
	/* which the report stands on */
	struct qos_tally *tally;
	struct qos_fields *fields;
};

/*
 * Plays the trace through a shaper of this configuration.
 *
 * shaper	its schedule, if any, begins anew
 * latency_ns	[trace->n] written: depart - ts of each record, QOS_NO_LATENCY; NULL: not wanted
 *
 * Owns   the caller: qos_run_free().
 * Fails  QOS_EUSAGE for a configuration that cannot be.
 */
int qos_run_new(struct qos_run *run, const struct qos_trace *trace, const struct qos_config *config,
		const struct qos_shaper_options *shaper, int64_t *latency_ns, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_run_free(struct qos_run *run);

#endif
