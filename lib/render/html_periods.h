/* The table of congestion: the worst periods of all groups, in the order of time. */
#ifndef QOS_RENDER_HTML_PERIODS_H
#define QOS_RENDER_HTML_PERIODS_H

#include "base/buf.h"
#include "stats/report.h"

#define QOS_HTML_PERIODS 20 /* so many are shown, those with the most records late or dropped */

void qos_html_periods(const struct qos_report *r, struct qos_buf *b);
/* Where a bin begins, in seconds since the first record. */
double qos_html_bin_s(const struct qos_report *r, int bin);

#endif
