/* Records for traces in memory, and a configuration to try. */
#ifndef TESTS_UNIT_STUDY_STUDY_H
#define TESTS_UNIT_STUDY_STUDY_H

#include "study/trace.h"
#include "tests/unit/drive.h"

#define MS 1000000LL

static __attribute__((unused)) void collect(struct qos_trace *t, int64_t ms, int class, int64_t bytes,
					    const char *stream, const char *drop)
{
	struct qos_stage s = qos_trace_stage(t);
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	char text[100];
	struct qos_record r = { .bytes = text,
				.cell = cell,
				.class = (int16_t) class,
				.drop = drop ? QOS_DROP_UPSTREAM : QOS_DROP_NONE,
				.ts_ns = ms * MS,
				.arrival_ns = ms * MS,
				.size_bytes = bytes,
				.service_ns = QOS_UNSET,
				.deadline_ns = QOS_UNSET,
				.depart_ns = QOS_UNSET };

	r.n_bytes = (uint32_t)snprintf(text, sizeof(text), "%s%s", stream ? stream : "", drop ? drop : "");
	if (stream)
		cell[QOS_F_STREAM] = (struct qos_cell){ 0, (uint32_t)strlen(stream) & 0xfffffff, QOS_CELL_TEXT };
	if (drop)
		cell[QOS_F_DROP] = (struct qos_cell){ (uint32_t)(r.n_bytes - strlen(drop)),
						      (uint32_t)strlen(drop) & 0xfffffff, QOS_CELL_TEXT };
	s.push(s.self, &r, r.arrival_ns, NULL);
}

static struct qos_class_config study_classes[5];
static struct qos_config study_config;

static __attribute__((unused)) void study_begin(int64_t rate_bps)
{
	qos_names_free(&study_config.class_names); /* of the last time */
	config_of(&study_config, study_classes, 2, (double[2]){ 0.5, 0.5 });
	study_config.total_bandwidth_bps = rate_bps;
	study_config.max_queue_size = 100000;
	for (int i = 0; i < 2; i++)
		qos_names_add(&study_config.class_names, study_classes[i].name);
}

#endif
