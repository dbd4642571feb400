/*
 * Gates: conditions over a report, `critical.p99 < 10ms`, `drops == 0`, `critical.p99 < 1.1 * baseline.critical.p99`.
 * Names are those of measure.h.
 *
 * What was not measured may have been anything: a comparison with it is unknown, and so is what is made of unknowns
 * (Kleene's logic: true || unknown is true).  A gate that is not known to hold does not hold.
 */
#ifndef QOS_STATS_GATE_H
#define QOS_STATS_GATE_H

#include "base/buf.h"
#include "expr/expr.h"
#include "stats/measure.h"

struct qos_gate;

enum qos_truth { QOS_FALSE, QOS_TRUE, QOS_UNKNOWN };

/*
 * Compiles one check.
 *
 * option	that it was given with, for messages: "--check"
 * names	what names may stand for, borrowed
 * Fails	QOS_EUSAGE for what cannot be asked.
 */
int qos_gate_new(struct qos_gate **g, const char *option, const char *text, const struct qos_measure_names *names,
		 struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_gate_free(struct qos_gate *g);
/* Its text as it was given. */
const char *qos_gate_text(const struct qos_gate *g);
/* Is it so?  The report is borrowed until the next call. */
enum qos_truth qos_gate_ask(struct qos_gate *g, const struct qos_report *r);
/* The values that it was asked with last: "critical.p99 is 12.3ms (2.3ms over)"; appended. */
void qos_gate_explain(const struct qos_gate *g, struct qos_buf *b);
/* Does it hold?  If not, why gets "critical.p99 < 10ms: critical.p99 is 12.3ms (2.3ms over)". */
bool qos_gate_holds(struct qos_gate *g, const struct qos_report *r, struct qos_buf *why);

#endif
