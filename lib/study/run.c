/* trace -> shaper -> tally. */
#include "study/run.h"

struct measure {
	struct qos_stage tally;
	int64_t *latency_ns;
};

static void put(void *self, struct qos_record *r)
{
	struct measure *m = self;
	struct qos_sink nowhere = { 0 };

	if (m->latency_ns && !r->drop && r->ts_ns != QOS_UNSET)
		m->latency_ns[r->node.seq] = r->arrival_ns - r->ts_ns;
	m->tally.push(m->tally.self, r, r->arrival_ns, &nowhere);
}

int qos_run_new(struct qos_run *run, const struct qos_trace *trace, const struct qos_config *config,
		const struct qos_shaper_options *options, int64_t *latency_ns, struct qos_err *err)
{
	struct qos_shaper_options so = *options;
	struct qos_tally_options to = { .streams_most = 1000000 };
	struct qos_shaper *shaper = NULL;
	struct measure m = { .latency_ns = latency_ns };
	struct qos_sink sink = { put, &m };
	struct qos_stage stage;
	int rc;

	*run = (struct qos_run){ 0 };
	so.keep_drops = true; /* the tally counts them */
	if (so.schedule)
		qos_schedule_reset(so.schedule, config);
	for (size_t i = 0; latency_ns && i < trace->n; i++)
		latency_ns[i] = QOS_NO_LATENCY;
	if ((rc = qos_fields_new(&run->fields, err)) ||
	    (rc = qos_tally_new(&run->tally, config, &to, run->fields, err)) ||
	    (rc = qos_shaper_new(&shaper, config, &so, run->fields, err)))
		goto fail;
	m.tally = qos_tally_stage(run->tally);
	stage = qos_shaper_stage(shaper);
	if ((rc = qos_trace_play(trace, &stage, &sink, err)) ||
	    (rc = qos_tally_report(run->tally, 0, &run->report, err)))
		goto fail;
	qos_shaper_free(shaper);
	return 0;
fail:
	qos_shaper_free(shaper);
	qos_run_free(run);
	return rc;
}

void qos_run_free(struct qos_run *run)
{
	if (run->report)
		qos_report_free(run->report);
	qos_tally_free(run->tally);
	qos_fields_free(run->fields);
	*run = (struct qos_run){ 0 };
}
