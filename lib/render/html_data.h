/* What the charts of a page show, as JSON. */
#ifndef QOS_RENDER_HTML_DATA_H
#define QOS_RENDER_HTML_DATA_H

#include "base/buf.h"
#include "stats/report.h"

#define QOS_HTML_CHARTED 12 /* groups in the charts, those of most records; more cannot be told apart */

/* The groups in the charts, in the order of the report.   Returns  how many. */
int qos_html_charted(const struct qos_report *r, const struct qos_report_group *group[QOS_HTML_CHARTED]);
/* {"duration","offset","width","quantiles","groups":[{"name","target","quantiles","cdf","rate","backlog","latency",
 * "drops"}]}; appended. */
void qos_html_data(const struct qos_report *r, struct qos_buf *b);

#endif
