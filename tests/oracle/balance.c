/*
 * Laws of balancing against the strategies: prints law, formula, expected, measured, verdict; exit 1 if one is broken.
 *
 * "cost" prints the price of a pick instead, in ns of user time.
 */
#include "balance/balance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int n_broken;
static struct qos_err err;

static void verdict(const char *law, const char *formula, double want, double got, double most)
{
	bool ok = fabs(got - want) <= most;

	printf("%s: %s; expected %g, measured %g: %s\n", law, formula, want, got, ok ? "holds" : "VIOLATED");
	n_broken += !ok;
}

static void open_pool(struct qos_pool *p, const struct qos_balance *b, int n, const double *weight, uint64_t seed)
{
	qos_pool_init(p, seed);
	for (int i = 0; i < n; i++) {
		char name[16];
		struct qos_member_config c = { .weight = weight ? weight[i] : 1, .concurrency = 1 };

		snprintf(name, sizeof(name), "m%d", i);
		c.name = qos_str(name);
		if (qos_pool_add(p, &c, &err) < 0)
			exit(2);
	}
	if (qos_pool_use(p, b, &err) < 0 || qos_pool_rebuild(p, &err))
		exit(2);
}

/* M/M/1 queues, total arrivals rho n, service mean 1: mean time in system.  Latency is not told, so that price is load. */
static double supermarket(const struct qos_balance *b, int n, double rho, int64_t events, double *tail2)
{
	struct qos_wish w = { 0 };
	struct qos_pool p;
	double t = 0, area = 0, area2 = 0;
	int64_t in_system = 0, arrived = 0;
	int *busy = malloc((size_t)n * sizeof(*busy)), *place = malloc((size_t)n * sizeof(*place)), n_busy = 0, n2 = 0;
	struct qos_rng r;

	open_pool(&p, b, n, NULL, 1);
	qos_rng_seed(&r, 2);
	for (int64_t k = 0; busy && place && k < events; k++) {
		double rate = rho * n + n_busy, dt = qos_rng_exponential(&r) / rate;

		if (k > events / 5) {
			t += dt;
			area += dt * (double)in_system;
			area2 += dt * n2;
		}
		if (qos_rng_uniform(&r) * rate < rho * n) {
			int i = qos_pool_pick(&p, &w, 0);

			qos_pool_started(&p, i);
			n2 += p.member[i].n_load == 2;
			if (p.member[i].n_load == 1)
				busy[place[i] = n_busy++] = i;
			in_system++;
			arrived++;
		} else {
			int i = busy[qos_rng_below(&r, (uint64_t)n_busy)];

			n2 -= p.member[i].n_load == 2;
			qos_pool_queued(&p, i, -1);
			in_system--;
			if (!p.member[i].n_load) {
				busy[place[i]] = busy[--n_busy];
				place[busy[n_busy]] = place[i];
			}
		}
	}
	qos_pool_free(&p);
	free(busy);
	free(place);
	*tail2 = area2 / t / n;
	return area / t / (rho * n);
}

static void law14(void)
{
	double tail2;

	verdict("supermarket model, d=2 (law 14)", "sum rho^(2^i-2) at rho=.5", 1.26569,
		supermarket(&qos_balance_p2c, 1000, 0.5, 4000000, &tail2), 0.02);
	verdict("supermarket model, d=2 (law 14)", "sum rho^(2^i-2) at rho=.9", 2.61406,
		supermarket(&qos_balance_p2c, 1000, 0.9, 6000000, &tail2), 0.06);
	verdict("supermarket tail (law 14)", "P(queue>=2)=rho^3 at rho=.9", 0.729, tail2, 0.01);
}

static void law15(void)
{
	int least = 1000, most = 0;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct qos_wish w = { 0 };
		struct qos_pool p;
		int64_t max = 0;

		open_pool(&p, &qos_balance_p2c, 65536, NULL, seed);
		for (int k = 0; k < 65536; k++) {
			int i = qos_pool_pick(&p, &w, 0);

			qos_pool_started(&p, i);
			max = p.member[i].n_load > max ? p.member[i].n_load : max;
		}
		least = max < least ? (int)max : least;
		most = max > most ? (int)max : most;
		qos_pool_free(&p);
	}
	verdict("balls in bins, two choices (law 15)", "65536 of each, 20 seeds: smallest maximum in 3..4", 3.5, least,
		0.5);
	verdict("balls in bins, two choices (law 15)", "largest maximum in 3..4", 3.5, most, 0.5);
}

static void law16(void)
{
	for (int n = 2; n <= 5; n += n == 2 ? 1 : 2) {
		struct qos_wish w = { 0 };
		struct qos_pool p;

		open_pool(&p, &qos_balance_p2c, n, NULL, 9);
		for (int i = 0; i < n; i++)
			qos_pool_queued(&p, i, i);
		for (int k = 0; k < 1000000; k++)
			qos_pool_pick(&p, &w, 0);
		for (int i = 0; i < n; i++) {
			char formula[64];

			snprintf(formula, sizeof(formula), "2(n-k)/(n(n-1)), n=%d k=%d", n, i + 1);
			verdict("two choices, pick law (law 16)", formula, 2.0 * (n - i - 1) / (n * (n - 1)),
				(double)p.member[i].n_picked / 1e6, 0.002);
		}
		qos_pool_free(&p);
	}
}

enum { M = 65537 };
static int owner[M];

static void own(struct qos_pool *p)
{
	for (struct qos_wish w = { 0 }; w.stream < M; w.stream++)
		owner[w.stream] = qos_pool_pick(p, &w, 0);
}

static void law38(void)
{
	static const double weights[] = { 1, 2 };
	static const int sizes[] = { 5, 100, 1000 };
	struct qos_pool p;

	for (int s = 0; s < 3; s++) {
		uint64_t least = M, most = 0;

		open_pool(&p, &qos_balance_maglev, sizes[s], NULL, 1);
		own(&p);
		for (int i = 0; i < p.n; i++) {
			least = p.member[i].n_picked < least ? p.member[i].n_picked : least;
			most = p.member[i].n_picked > most ? p.member[i].n_picked : most;
		}
		verdict("Maglev evenness (law 38)", "smallest part = floor(M/N)", M / sizes[s], (double)least, 0);
		verdict("Maglev evenness (law 38)", "largest part = floor(M/N)+1", M / sizes[s] + 1, (double)most, 0);
		qos_pool_free(&p);
	}
	open_pool(&p, &qos_balance_maglev, 2, weights, 1);
	own(&p);
	verdict("Maglev weights 1:2 (law 38)", "ceil(M/3)", 21846, (double)p.member[0].n_picked, 0);
	qos_pool_free(&p);
}

static void law39(void)
{
	static const int sizes[] = { 5, 10, 100 };
	static const double want[] = { .2009, .1025, .0155 };

	for (int s = 0; s < 3; s++) {
		struct qos_wish w = { 0 };
		struct qos_pool p;
		int n_moved = 0;

		open_pool(&p, &qos_balance_maglev, sizes[s], NULL, 1);
		own(&p);
		qos_pool_set_open(&p, sizes[s] / 2, false, &err);
		for (; w.stream < M; w.stream++)
			n_moved += qos_pool_pick(&p, &w, 0) != owner[w.stream];
		verdict("Maglev disruption (law 39)", "moved, at least 1/N", want[s], (double)n_moved / M,
			want[s] / 10);
		n_broken += n_moved < M / sizes[s];
		qos_pool_free(&p);
	}
}

static void law40(void)
{
	static const double before[] = { 1, 2, 3, 4 }, after[] = { 1, 3, 3, 4 };
	struct qos_wish w = { 0 };
	struct qos_pool p, q;
	int n_taken = 0, n_wrong = 0;

	open_pool(&p, &qos_balance_rendezvous, 4, before, 1);
	open_pool(&q, &qos_balance_rendezvous, 4, after, 1);
	own(&p);
	for (int i = 0; i < 4; i++)
		verdict("rendezvous parts (law 40)", "w/sum w", before[i] / 10, (double)p.member[i].n_picked / M,
			0.006);
	for (w.stream = 0; w.stream < M; w.stream++)
		n_taken += owner[w.stream] == 1 && qos_pool_pick(&q, &w, 0) != 1;
	verdict("rendezvous, weight raised (law 40)", "streams taken from that member", 0, n_taken, 0);
	qos_pool_set_open(&p, 2, false, &err);
	for (w.stream = 0; w.stream < M; w.stream++)
		n_wrong += (owner[w.stream] != 2) != (qos_pool_pick(&p, &w, 0) == owner[w.stream]);
	verdict("rendezvous, one leaves (law 40)", "streams moved that are not its own, or kept that are", 0, n_wrong,
		0);
	qos_pool_free(&p);
	qos_pool_free(&q);
}

static void law41(const struct qos_balance *b)
{
	struct qos_wish w = { 0 };
	struct qos_pool p;
	struct qos_rng r;
	int64_t most = 0;
	int n_over = 0;

	open_pool(&p, b, 10, NULL, 1);
	qos_rng_seed(&r, 4);
	for (int m = 1; m <= 1000; m++) {
		double u = qos_rng_uniform(&r);
		int i;

		w.stream = qos_balance_mix((uint64_t)(u * u * u * u * 50), 7); /* a few streams have most of it */
		i = qos_pool_pick(&p, &w, 0);
		qos_pool_started(&p, i);
		n_over += p.member[i].n_load > (5 * m + 39) / 40; /* ceil(1.25 m / 10) */
		most = p.member[i].n_load > most ? p.member[i].n_load : most;
	}
	verdict(b == &qos_balance_maglev ? "bounded load, maglev (law 41)" : "bounded load, rendezvous (law 41)",
		"steps above ceil(1.25 m/n)", 0, n_over, 0);
	verdict("bounded load (law 41)", "largest load at m=1000, n=10, skewed: the cap", 125, (double)most, 0);
	qos_pool_free(&p);
}

static void cost(void)
{
	for (int s = 0; qos_balances[s]; s++) {
		for (int n = 8; n <= 64; n *= 8) {
			enum { PICKS = 2000000 };
			struct qos_wish w = { .service = -1, .region = -1, .after = -1 };
			struct qos_pool p;
			clock_t begin;

			open_pool(&p, qos_balances[s], n, NULL, 1);
			for (int i = 0; i < n; i++) {
				p.member[i].services = 1;
				p.member[i].latency_ns = 1e6 + i;
			}
			w.service = 0;
			begin = clock();
			for (int k = 0; k < PICKS; k++) {
				w.stream = (uint64_t)k * 0x9e3779b97f4a7c15u;
				qos_pool_pick(&p, &w, k);
			}
			printf("%-14s n=%-3d %6.1f ns\n", qos_balances[s]->name, n,
			       (double)(clock() - begin) * 1e9 / CLOCKS_PER_SEC / PICKS);
			qos_pool_free(&p);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		cost();
		return 0;
	}
	law14();
	law15();
	law16();
	law38();
	law39();
	law40();
	law41(&qos_balance_maglev);
	law41(&qos_balance_rendezvous);
	return n_broken != 0;
}
