/* The cut of the next window from what came in the last one. */
#include "overload/shed.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/bits.h"

#define HOUR_NS 3600000000000LL
#define NONE    INT64_MIN

#define OVER_SHARE 1.01 /* of the capacity: then the cut goes down */
#define FREE_SHARE 1.05 /* the capacity is so much of what is admitted: then it goes up */

int qos_shed_init(struct qos_shed *s, int n_ranks, uint64_t may, int64_t window_ns, double capacity,
		  struct qos_err *err)
{
	*s = (struct qos_shed){ .n_ranks = n_ranks,
				.may = may,
				.window_ns = window_ns,
				.cut = n_ranks * QOS_SHED_COHORTS,
				.capacity = capacity,
				.start_ns = NONE };
	s->offered = calloc((size_t)n_ranks * QOS_SHED_COHORTS, sizeof(*s->offered));
	return s->offered ? 0 : qos_fail_memory(err, "shedding");
}

void qos_shed_free(struct qos_shed *s)
{
	free(s->offered);
	s->offered = NULL;
}

int qos_shed_cohort(struct qos_str stream, int64_t now_ns)
{
	return (int)(XXH3_64bits_withSeed(stream.p, stream.n, (uint64_t)(now_ns / HOUR_NS)) % QOS_SHED_COHORTS);
}

static bool may_shed(const struct qos_shed *s, int rank)
{
	return s->may >> rank & 1;
}

/* Mean service of a class; of all, where it has not been served. */
static double service_of(const struct qos_shed *s, int rank)
{
	double sum_ns = 0, n = 0;

	if (s->n_served[rank] > 0)
		return s->service_ns[rank] / s->n_served[rank];
	for (int i = 0; i < s->n_ranks; i++) {
		sum_ns += s->service_ns[i];
		n += s->n_served[i];
	}
	return n > 0 ? sum_ns / n : 0;
}

/* The cut that fits into room_ns of service; *admitted_ns: what the present one admits. */
static int find_cut(struct qos_shed *s, double room_ns, double *admitted_ns)
{
	int cut = 0, n_cells = s->n_ranks * QOS_SHED_COHORTS;
	double sum_ns = 0, n_always[64] = { 0 }; /* of classes that are not shed */
	bool fits = true;

	*admitted_ns = 0;
	for (int rank = 0; rank < s->n_ranks; rank++)
		for (int i = 0; i < QOS_SHED_COHORTS && !may_shed(s, rank); i++)
			n_always[rank] += s->offered[rank * QOS_SHED_COHORTS + i];
	for (int rank = 0; rank < s->n_ranks; rank++)
		sum_ns += n_always[rank] * service_of(s, rank);
	for (int rank = 0; rank < s->n_ranks; rank++) {
		double service_ns = may_shed(s, rank) ? service_of(s, rank) : 0;

		for (int i = rank * QOS_SHED_COHORTS; i < (rank + 1) * QOS_SHED_COHORTS; i++) {
			if (i == s->cut)
				*admitted_ns = sum_ns;
			sum_ns += s->offered[i] * service_ns;
			fits = fits && sum_ns <= room_ns;
			if (fits)
				cut = i + 1;
		}
	}
	if (s->cut == n_cells)
		*admitted_ns = sum_ns;
	s->load = sum_ns;
	return cut;
}

static void measure(struct qos_shed *s, int64_t elapsed_ns)
{
	if (s->waited_ns > elapsed_ns / 8) /* under that it says little */
		s->capacity = (double)s->started_ns / (double)s->waited_ns;
	s->waited_ns = s->started_ns = 0;
}

static void close_window(struct qos_shed *s, int64_t now_ns)
{
	int64_t elapsed_ns = now_ns - s->start_ns;
	double room_ns, admitted_ns;
	int cut;

	measure(s, elapsed_ns);
	room_ns = s->capacity * (double)elapsed_ns;
	cut = find_cut(s, room_ns, &admitted_ns);
	s->load = elapsed_ns > 0 ? s->load / (double)elapsed_ns : 0;
	if (admitted_ns > OVER_SHARE * room_ns || room_ns > FREE_SHARE * admitted_ns) {
		s->n_moves += cut != s->cut;
		s->cut = cut;
	}
	for (int i = 0; i < s->n_ranks; i++) {
		s->service_ns[i] /= 2;
		s->n_served[i] /= 2;
	}
	memset(s->offered, 0, (size_t)s->n_ranks * QOS_SHED_COHORTS * sizeof(*s->offered));
	s->n_offered = 0;
	s->start_ns = now_ns;
	s->n_windows++;
}

bool qos_shed_admits(struct qos_shed *s, int rank, int cohort, int64_t now_ns)
{
	int cell = rank * QOS_SHED_COHORTS + cohort;

	s->now_ns = now_ns;
	if (s->start_ns == NONE)
		s->start_ns = now_ns;
	if (now_ns > s->start_ns && (now_ns - s->start_ns >= s->window_ns || s->n_offered >= QOS_SHED_RECORDS))
		close_window(s, now_ns);
	s->offered[cell]++;
	s->n_offered++;
	return cell < s->cut || !may_shed(s, rank);
}

int64_t qos_shed_rest_ns(const struct qos_shed *s)
{
	int64_t elapsed_ns = s->now_ns - s->start_ns, rest_ns = s->window_ns - elapsed_ns, full_ns;

	if (s->n_offered == 0 || elapsed_ns <= 0)
		return rest_ns;
	full_ns = qos_muldiv(elapsed_ns, QOS_SHED_RECORDS - s->n_offered, s->n_offered);
	return full_ns < rest_ns ? full_ns : rest_ns;
}

void qos_shed_served(struct qos_shed *s, int rank, int64_t service_ns, bool more, int64_t now_ns)
{
	s->service_ns[rank] += (double)service_ns;
	s->n_served[rank]++;
	if (s->more) { /* since then somebody waited */
		s->waited_ns += now_ns - s->last_ns;
		s->started_ns += s->last_service_ns;
	}
	s->last_ns = now_ns;
	s->last_service_ns = service_ns;
	s->more = more;
}
