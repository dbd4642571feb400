/*
 * qos: priority order among the classes that have credit left in the round; earliest deadline first inside a class.
 *
 * In each round a class may use its share of the server time.  The most urgent class with credit goes first, so urgent
 * records wait for nobody as long as their class stays inside its share; a class beyond it yields to those that are
 * not. When no class that waits has credit, the next round begins.  Credit is not saved up; what was overdrawn (a
 * record is never cut) is owed.  So a class that waits gets its share of every stretch of busy time, to within a round
 * and one record: nobody starves.
 *
 * Cost   O(1) a record, O(classes that wait) a round; no allocation.
 * After  Shreedhar and Varghese's deficit counters (SIGCOMM 1995), spent by priority instead of in turn.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

#define SHARE_LEAST 0.001 /* a class without a share still moves */

struct qos {
	int64_t earn_ns[64]; /* by rank: credit a round */
	uint64_t has_credit; /* bit = rank */
};

/* A round is half of the tightest latency target: a class that has spent its credit waits less than that for more. */
static void qos_init(void *state, struct qos_queue *q, int n)
{
	struct qos *d = state;
	int64_t round_ns = INT64_MAX;

	for (int i = 0; i < n; i++)
		if (q[i].target_ns / 2 < round_ns)
			round_ns = q[i].target_ns / 2;
	if (round_ns < 1000)
		round_ns = 1000;
	for (int i = 0; i < n; i++) {
		double share = q[i].share > SHARE_LEAST ? q[i].share : SHARE_LEAST;

		d->earn_ns[i] = (int64_t)(share * (double)round_ns);
		if (d->earn_ns[i] < 1)
			d->earn_ns[i] = 1;
		q[i].credit = d->earn_ns[i];
		d->has_credit |= 1ull << i;
	}
}

/* As many rounds pass at once as the first of the waiting needs to be out of debt. */
static void next_rounds(struct qos *d, struct qos_queue *q, int n, uint64_t waiting)
{
	int64_t rounds = INT64_MAX;
	int i;

	qos_bits_each (i, waiting) {
		int64_t need = -q[i].credit / d->earn_ns[i] + 1;

		if (need < rounds)
			rounds = need;
	}
	for (i = 0; i < n; i++) {
		int64_t debt_ns = q[i].credit < 0 ? q[i].credit : 0;

		if (debt_ns + qos_muldiv(rounds - 1, d->earn_ns[i], 1) >= 0)
			q[i].credit = d->earn_ns[i]; /* out of debt before the last of these rounds */
		else
			q[i].credit = debt_ns + rounds * d->earn_ns[i];
		if (q[i].credit > 0)
			d->has_credit |= 1ull << i;
	}
}

static int qos_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	struct qos *d = state;

	if (!(waiting & d->has_credit))
		next_rounds(d, q, n, waiting);
	return qos_bits_first(waiting & d->has_credit);
}

static void qos_sent(void *state, struct qos_queue *q, const struct qos_record *r, int64_t service_ns)
{
	struct qos *d = state;

	q->credit -= service_ns > 0 ? service_ns : 1;
	if (q->credit <= 0)
		d->has_credit &= ~(1ull << q->rank);
}

/*
 * Out of debt (of up to one service) after so many rounds; in each the others use their credit and overdraw once; then
 * those before it in the order use theirs once more.
 */
static int64_t qos_gap(const void *state, const struct qos_queue *q, int n, int rank, const struct qos_extremes *worst)
{
	const struct qos *d = state;
	int64_t rounds = 2 + worst->service_ns / d->earn_ns[rank], sum_ns = worst->service_ns;

	for (int i = 0; i < n; i++)
		if (i != rank && q[i].largest_bytes)
			sum_ns = qos_add_clamped(sum_ns, qos_muldiv(rounds, d->earn_ns[i], 1) + worst->service_ns);
	return sum_ns;
}

const struct qos_discipline qos_discipline_qos = {
	.name = "qos",
	.summary =
		"by priority within each class's share of time, earliest deadline first inside a class; nobody starves",
	.order = QOS_ORDER_DEADLINE,
	.state_bytes = sizeof(struct qos),
	.init = qos_init,
	.pick = qos_pick,
	.sent = qos_sent,
	.gap_ns = qos_gap,
};
