/* Drives a timed stage over an array of records in virtual time, as the filters' loop does; departures into an array.
 */
#ifndef TESTS_UNIT_DRIVE_H
#define TESTS_UNIT_DRIVE_H

#include "config/config.h"
#include "record/stage.h"
#include "tests/unit/test.h"

struct departure {
	uint64_t seq;
	int64_t depart_ns;
	int class, drop, adapter;
};

struct departures {
	struct departure at[20000];
	int n;
};

static __attribute__((unused)) void departures_put(void *self, struct qos_record *r)
{
	struct departures *d = self;

	d->at[d->n++] = (struct departure){ r->node.seq, r->depart_ns, r->class, r->drop, r->adapter };
}

/* One record as a reader would lend it: arrival, class, size, service (or QOS_UNSET), stream. */
struct arrival {
	int64_t ns;
	int class;
	int64_t size_bytes, service_ns;
	const char *stream;
};

static __attribute__((unused)) void drive(const struct qos_stage *s, const struct arrival *a, int n,
					  struct departures *d)
{
	struct qos_sink out = { departures_put, d };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	int64_t now = INT64_MIN;
	int i = 0;

	d->n = 0;
	for (;;) {
		int64_t due = s->due(s->self);

		if (i < n && a[i].ns <= due) {
			struct qos_record r = { .bytes = a[i].stream,
						.n_bytes = (uint32_t)strlen(a[i].stream),
						.cell = cell,
						.class = (int16_t)a[i].class,
						.adapter = -1,
						.ts_ns = a[i].ns,
						.arrival_ns = a[i].ns,
						.size_bytes = a[i].size_bytes,
						.service_ns = a[i].service_ns,
						.deadline_ns = QOS_UNSET,
						.depart_ns = QOS_UNSET };

			cell[QOS_F_STREAM] = (struct qos_cell){ .off = 0, .len = r.n_bytes, .kind = QOS_CELL_TEXT };
			r.node.seq = (uint64_t)i;
			now = a[i++].ns;
			s->push(s->self, &r, now, &out);
		} else if (due != QOS_NEVER) {
			now = due > now ? due : now;
			s->advance(s->self, now, &out);
		} else {
			return;
		}
	}
}

/* A configuration of n classes with these shares, made by hand. */
static void config_of(struct qos_config *c, struct qos_class_config *classes, int n, const double *share)
{
	static const char *const names[] = { "critical", "system", "job_execution", "data_transfer", "logs_metrics" };
	static const int64_t targets[] = { 10000000, 50000000, 100000000, 1000000000, 5000000000 };

	*c = (struct qos_config){ .classes = classes,
				  .n_classes = n,
				  .default_class = n - 1,
				  .max_queue_size = 10000,
				  .discipline = QOS_STR("strict"),
				  .load_balancing = true,
				  .outlier_errors = 5,
				  .ejection_time_ns = 30000000000,
				  .processing_interval_ns = 10000000,
				  .max_concurrent_streams = 1000,
				  .total_bandwidth_bps = 8000000,
				  .link_burst_bytes = QOS_DEFAULT,
				  .burst_multiplier = 2 };
	for (int i = 0; i < n; i++)
		classes[i] = (struct qos_class_config){ .name = qos_str(names[i]),
							.priority = i,
							.share = share[i],
							.latency_target_ns = targets[i],
							.rate_bps = QOS_DEFAULT,
							.ceil_bps = QOS_DEFAULT,
							.burst_bytes = QOS_DEFAULT,
							.cburst_bytes = QOS_DEFAULT,
							.queue_limit = QOS_DEFAULT,
							.quantum_bytes = QOS_DEFAULT };
}

#endif
