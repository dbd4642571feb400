/*
 * How many records will come?  The arrivals of a report's groups, by Holt-Winters over the bins of its timeline.
 *
 * A season is looked for: the lag of the highest autocorrelation, kept if it forecasts the end of what it is fitted to
 * better than none.  How good that is, is measured on the last fifth, forecast at once from the four before it; beside
 * it stands the error of saying that the mean of as long a time before goes on.
 *
 * Cost   bins squared, once a group.
 */
#ifndef QOS_STATS_FORECAST_H
#define QOS_STATS_FORECAST_H

#include "stats/report.h"

#define QOS_NEEDS_MOST 16

struct qos_forecast {
	struct qos_str name; /* of the group, or "all" */
	bool known;          /* false: fewer than 10 bins of time; the rest is NAN then */
	double rate;         /* arrivals per second to come in the next bin */
	double mean, peak;   /* of the time ahead */
	double high;         /* what its last bin exceeds in one of 20 cases */
	double error;        /* of the last fifth: sum of |forecast - truth| over the sum of truth */
	double error_of_mean;
	double period_s; /* of the season; 0: none */
};

struct qos_outlook {
	double ahead_s;
	struct qos_forecast *of; /* [n]: groups that are followed, then all */
	int n;
	struct qos_str unit; /* of --scale: "adapter"; empty: not asked for */
	double unit_rate;    /* records per second that one serves */
	struct qos_need {
		double from_s; /* after the end of the records */
		int64_t n;     /* so many are needed from then on */
	} need[QOS_NEEDS_MOST];
	int n_needs;
	bool more; /* than there is room for */
};

/*
 * Adds the outlook to a report; its memory is the report's.
 *
 * unit		copied as it is (the text stays the caller's); unit_rate > 0 where it is not empty
 * Fails	QOS_EIO when memory ran out.
 */
int qos_forecast_add(struct qos_report *r, double ahead_s, struct qos_str unit, double unit_rate, struct qos_err *err);

#endif
