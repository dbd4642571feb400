/* One run: latencies and the report are those of the policy. */
#include "study/run.h"

#include "tests/unit/study/study.h"

static void latencies(void)
{
	struct qos_trace t = { .stream_field = QOS_F_STREAM };
	struct qos_shaper_options so = { .stream_field = QOS_F_STREAM };
	int64_t latency_ns[4];
	struct qos_run run;
	struct qos_err err;

	study_begin(8000000);
	study_classes[1].queue_limit = 1;
	for (int i = 0; i < 3; i++)
		collect(&t, 0, 0, 1000, "a", NULL);
	collect(&t, 0, 1, 1000, "b", "earlier");
	for (int k = 0; k < 2; k++) {
		CHECK_INT(qos_run_new(&run, &t, &study_config, &so, latency_ns, &err), 0);
		for (int i = 0; i < 3; i++)
			CHECK_INT(latency_ns[i], i * MS);
		CHECK_INT(latency_ns[3], QOS_NO_LATENCY);
		CHECK_INT(run.report->all.n_records, 4);
		CHECK_INT(run.report->all.n_dropped, 1);
		CHECK_INT(run.report->group[0].n_streams, 1);
		qos_run_free(&run);
	}
	qos_trace_free(&t);
}

/* A schedule begins anew with each run. */
static void scheduled(void)
{
	struct qos_trace t = { .stream_field = QOS_F_STREAM };
	struct qos_change step = { true, 1 * MS, -1, QOS_STR("rate"), QOS_STR("800kbit") };
	struct qos_schedule schedule = { .change = &step, .n = 1 };
	struct qos_shaper_options so = { .stream_field = QOS_F_STREAM, .schedule = &schedule };
	int64_t latency_ns[3];
	struct qos_run run;
	struct qos_err err;

	study_begin(8000000);
	for (int i = 0; i < 3; i++)
		collect(&t, 7, 0, 1000, "a", NULL);
	for (int k = 0; k < 2; k++) {
		CHECK_INT(qos_run_new(&run, &t, &study_config, &so, latency_ns, &err), 0);
		CHECK_INT(latency_ns[1], MS);
		CHECK_INT(latency_ns[2], 11 * MS);
		qos_run_free(&run);
	}
	qos_trace_free(&t);
}

static void refused(void)
{
	struct qos_trace t = { .stream_field = QOS_F_STREAM };
	struct qos_shaper_options so = { .stream_field = QOS_F_STREAM };
	struct qos_run run;
	struct qos_err err;

	study_begin(8000000);
	study_classes[0].rate_bps = 9000000;
	CHECK_INT(qos_run_new(&run, &t, &study_config, &so, NULL, &err), QOS_EUSAGE);
	CHECK(!run.report && !run.tally && !run.fields);
}

int main(void)
{
	RUN("latencies and counts are those of the shaper, run after run", latencies);
	RUN("a schedule begins anew with each run", scheduled);
	RUN("what cannot be is refused, and leaves nothing", refused);
	return DONE();
}
