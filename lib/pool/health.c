/* Ejection, trial, return; panic. */
#include "pool/health.h"

#include <stdlib.h>

#define BACK_OFF_MOST  10 /* times the first ejection */
#define REVIEW_RECORDS 8  /* that a mean is made of at least */

void qos_health_init(struct qos_health *h, const struct qos_health_options *o)
{
	*h = (struct qos_health){ .options = *o, .due_ns = INT64_MAX };
}

void qos_health_free(struct qos_health *h)
{
	free(h->member);
	h->member = NULL;
	h->n = 0;
}

int qos_health_add(struct qos_health *h, int64_t began_ns, struct qos_err *err)
{
	struct qos_health_member *member = realloc(h->member, ((size_t)h->n + 1) * sizeof(*member));

	if (!member)
		return qos_fail_memory(err, "health");
	h->member = member;
	member[h->n] = (struct qos_health_member){ .up = true, .since_ns = began_ns };
	return h->n++;
}

/* Less than half of all can be chosen. */
static void look_for_panic(struct qos_health *h)
{
	bool was = h->panic;
	int n = 0;

	for (int i = 0; i < h->n; i++)
		n += h->member[i].up && h->member[i].state != QOS_HEALTH_EJECTED;
	h->panic = h->n_out && 2 * n < h->n;
	h->n_panics += h->panic && !was;
}

static void find_due(struct qos_health *h)
{
	h->due_ns = INT64_MAX;
	for (int i = 0; i < h->n; i++)
		if (h->member[i].state == QOS_HEALTH_EJECTED && h->member[i].until_ns < h->due_ns)
			h->due_ns = h->member[i].until_ns;
}

bool qos_health_set_up(struct qos_health *h, int i, bool up)
{
	if (h->member[i].up == up)
		return false;
	h->member[i].up = up;
	look_for_panic(h);
	return true;
}

static int64_t back_off_ns(const struct qos_health *h, int n_in_a_row)
{
	int64_t times = n_in_a_row < 4 ? 1 << n_in_a_row : BACK_OFF_MOST;

	return h->options.ejection_ns > INT64_MAX / 4 / BACK_OFF_MOST ? INT64_MAX / 4 : h->options.ejection_ns * times;
}

static bool eject(struct qos_health *h, struct qos_health_member *m, int64_t now_ns)
{
	bool again = m->state == QOS_HEALTH_TRIAL;

	if (!again && 2 * (h->n_out + 1) > h->n)
		return false;
	if (!again) {
		/* it had worked for as long as it was away: that time is forgotten */
		if (m->since_ns == INT64_MIN || now_ns - m->since_ns > back_off_ns(h, m->n_in_a_row))
			m->n_in_a_row = 0;
		h->n_out++;
		m->since_ns = now_ns;
	}
	m->state = QOS_HEALTH_EJECTED;
	m->until_ns = now_ns + back_off_ns(h, m->n_in_a_row++);
	m->n_errors = 0;
	m->n_ejections++;
	look_for_panic(h);
	find_due(h);
	return true;
}

bool qos_health_given(struct qos_health *h, int i)
{
	struct qos_health_member *m = &h->member[i];

	if (m->state != QOS_HEALTH_TRIAL || m->busy)
		return false;
	m->busy = true;
	return true;
}

bool qos_health_lost(struct qos_health *h, int i)
{
	struct qos_health_member *m = &h->member[i];
	bool was = m->busy;

	m->busy = false;
	return was && m->state == QOS_HEALTH_TRIAL;
}

static void settle(struct qos_health *h, struct qos_health_member *m, int64_t now_ns)
{
	m->state = QOS_HEALTH_WELL;
	m->ejected_ns += now_ns - m->since_ns;
	m->since_ns = now_ns;
	m->error_share = m->latency_ns = 0; /* what it did before says nothing now */
	h->n_out--;
	look_for_panic(h);
}

bool qos_health_ended(struct qos_health *h, int i, bool ok, int64_t latency_ns, int64_t now_ns)
{
	struct qos_health_member *m = &h->member[i];

	m->n_ended++;
	m->error_share += ((ok ? 0 : 1) - m->error_share) / 64;
	m->n_errors = ok ? 0 : m->n_errors + 1;
	if (ok)
		m->latency_ns += m->latency_ns > 0 ? ((double)latency_ns - m->latency_ns) / 16 : (double)latency_ns;
	if (m->state == QOS_HEALTH_TRIAL && m->busy) {
		m->busy = false;
		if (!ok)
			return eject(h, m, now_ns);
		settle(h, m, now_ns);
		return true;
	}
	if (m->state == QOS_HEALTH_WELL && h->options.errors && m->n_errors >= h->options.errors)
		return eject(h, m, now_ns);
	return false;
}

bool qos_health_advance(struct qos_health *h, int64_t now_ns)
{
	if (now_ns < h->due_ns)
		return false;
	for (int i = 0; i < h->n; i++) {
		struct qos_health_member *m = &h->member[i];

		if (m->state == QOS_HEALTH_EJECTED && m->until_ns <= now_ns) {
			m->state = QOS_HEALTH_TRIAL;
			m->busy = false;
		}
	}
	look_for_panic(h);
	find_due(h);
	return true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The lower median of the means; 0 when there are not two of them. */
static double median(const struct qos_health *h)
{
	enum { MOST = 256 }; /* the median of so many says enough */
	double seen[MOST] = { 0 };
	int n = 0;

	for (int i = 0; i < h->n && n < MOST; i++)
		if (h->member[i].latency_ns > 0 && h->member[i].state == QOS_HEALTH_WELL && h->member[i].up)
			seen[n++] = h->member[i].latency_ns;
	qsort(seen, (size_t)n, sizeof(*seen), by_value);
	return n < 2 ? 0 : seen[(n - 1) / 2];
}

bool qos_health_review(struct qos_health *h, int64_t now_ns)
{
	double limit = h->options.latency_factor * median(h);
	bool changed = false;

	for (int i = 0; i < h->n && limit > 0; i++) {
		struct qos_health_member *m = &h->member[i];

		if (m->n_ended < REVIEW_RECORDS)
			continue;
		m->n_ended = 0;
		if (m->state == QOS_HEALTH_WELL && m->latency_ns > limit)
			changed = eject(h, m, now_ns) || changed;
	}
	return changed;
}

bool qos_health_is_open(const struct qos_health *h, int i)
{
	const struct qos_health_member *m = &h->member[i];

	if (!m->up || h->panic)
		return m->up;
	return m->state == QOS_HEALTH_WELL || (m->state == QOS_HEALTH_TRIAL && !m->busy);
}

int qos_health_eighths(const struct qos_health *h, int i, int before, int64_t now_ns)
{
	const struct qos_health_member *m = &h->member[i];
	double part = 1 - m->error_share;
	int n;

	if (m->since_ns != INT64_MIN && m->state == QOS_HEALTH_WELL && h->options.slow_start_ns > 0 &&
	    now_ns - m->since_ns < h->options.slow_start_ns)
		part *= (double)(now_ns - m->since_ns) / (double)h->options.slow_start_ns;
	if (8 * part > before - 0.75 && 8 * part < before + 0.75)
		return before;
	n = (int)(8 * part + 0.5);
	return n < 1 ? 1 : n;
}

int64_t qos_health_ejected_ns(const struct qos_health *h, int i, int64_t now_ns)
{
	const struct qos_health_member *m = &h->member[i];

	return m->ejected_ns + (m->state == QOS_HEALTH_WELL ? 0 : now_ns - m->since_ns);
}
