/*
 * Metrics as Prometheus reads them: families of samples, each family with its HELP and TYPE, in the order in which they
 * were first used.
 *
 * Samples may be added in any order (class by class, adapter by adapter); the writer puts those of a family together,
 * as the format wants it.  A filter says what it has so:
 *
 *   static const struct qos_metric sent = { "qos_adapter_sent_records_total", QOS_METRIC_COUNTER, "records written" };
 *
 *   qos_prom_add(p, &sent, n_sent, QOS_LABELS({ "adapter", name }));
 *
 * Names    qos_[AREA_]WHAT_UNIT, units in base form (seconds, bytes), counters end in _total.  A family has one meaning
 *	    in all filters: the label `filter` tells them apart.
 * Values   what was not measured (NaN) is left out.
 */
#ifndef QOS_RENDER_PROM_H
#define QOS_RENDER_PROM_H

#include "base/buf.h"
#include "stats/report.h"

enum qos_metric_type { QOS_METRIC_COUNTER, QOS_METRIC_GAUGE, QOS_METRIC_SUMMARY, QOS_METRIC_HISTOGRAM };

struct qos_metric {
	const char *name;
	enum qos_metric_type type;
	const char *help; /* one line, small letter first, no full stop */
};

struct qos_label {
	const char *name; /* [a-zA-Z_][a-zA-Z0-9_]* */
	struct qos_str value;
};

/* labels of a sample, ended by one without a name; QOS_NO_LABELS: none */
#define QOS_LABELS(...) ((const struct qos_label[]){ __VA_ARGS__, { NULL, { NULL, 0 } } })
#define QOS_NO_LABELS   ((const struct qos_label[]){ { NULL, { NULL, 0 } } })

#define QOS_PROM_FAMILIES 128

struct qos_prom {
	struct qos_label common; /* on each sample; its name NULL: none */
	struct qos_prom_family {
		struct qos_metric metric;
		struct qos_buf samples;
	} family[QOS_PROM_FAMILIES];
	int n_families;
	bool failed; /* memory or room for families ran out */
};

/* A sample of a counter or a gauge.  A struct qos_prom is { 0 } at first. */
void qos_prom_add(struct qos_prom *p, const struct qos_metric *m, double value, const struct qos_label *labels);
/* One quantile of a summary, 0..1, and the two samples that make it whole. */
void qos_prom_quantile(struct qos_prom *p, const struct qos_metric *m, double part, double value,
		       const struct qos_label *labels);
void qos_prom_sum(struct qos_prom *p, const struct qos_metric *m, double sum, uint64_t n,
		  const struct qos_label *labels);
/* A whole summary of nanoseconds, in seconds: quantiles .5 .9 .99 .999, sum, count. */
void qos_prom_summary(struct qos_prom *p, const struct qos_metric *m, const struct qos_sketch *s,
		      const struct qos_sketch_scale *scale, const struct qos_label *labels);
/* A whole histogram of nanoseconds, in seconds, with bounds from 100 us to 1000 s, three a decade. */
void qos_prom_histogram(struct qos_prom *p, const struct qos_metric *m, const struct qos_sketch *s,
			const struct qos_sketch_scale *scale, const struct qos_label *labels);
/* All numbers of a report. */
void qos_prom_report(struct qos_prom *p, const struct qos_report *r);
/* Appends the text to b (b->failed tells that something is missing) and frees all; p is empty then. */
void qos_prom_write(struct qos_prom *p, struct qos_buf *b);

#endif
