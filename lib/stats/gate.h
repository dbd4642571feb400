/*
 * Gates: expressions over a report, `critical.p99 < 10ms`, `drops == 0`, `all.count == 120000`.
 *
 * Names: GROUP.METRIC, where GROUP is a class (with --by: its values joined by '/'), or `all`, and METRIC one of count
 * bytes drops throughput mean p50 p90 p99 p99.9 max target attainment deadline_misses fairness; DROPS.x for a class or
 * a reason; records, drops, rejected, unclassified, duration, fairness.
 */
#ifndef QOS_STATS_GATE_H
#define QOS_STATS_GATE_H

#include "base/buf.h"
#include "base/names.h"
#include "expr/expr.h"
#include "stats/report.h"

struct qos_gate;

/*
 * Compiles one check.
 *
 * classes	names that may stand for a group; NULL: any (--by)
 * Fails	QOS_EUSAGE for what cannot be asked.
 */
int qos_gate_new(struct qos_gate **g, const char *text, const struct qos_names *classes, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_gate_free(struct qos_gate *g);
/*
 * Does it hold, whatever the numbers may have been that were not measured?   If not, why gets "critical.p99 < 10ms:
 * critical.p99 is 12.3ms (2.3ms over)".
 */
bool qos_gate_holds(struct qos_gate *g, const struct qos_report *r, struct qos_buf *why);

#endif
