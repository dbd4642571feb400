/*
 * Laws of fairness and of due dates against the disciplines: prints law, formula, expected, measured, verdict; exit 1
 * if one is broken.
 *
 * All are checked with integers on every interval.  Where two queues hold records from s to t, a bound on what one gets
 * more than the other between s and t is a bound on how far the difference of their sums up to now moves: its largest
 * value so far less its smallest.  So one pass over a trace checks all its intervals.
 */
#include <stdio.h>
#include <stdlib.h>

#include "route/queues.h"

#define CLASSES 5
#define STREAMS 8
#define SEEDS   20

static int n_broken;

static void verdict(const char *law, const char *formula, double want, double got, bool ok)
{
	printf("%s: %s; expected %g, measured %g: %s\n", law, formula, want, got, ok ? "holds" : "VIOLATED");
	n_broken += !ok;
}

static uint64_t state;

static uint64_t below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

/* --- queues with records of known sizes --- */

struct bench {
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_slab slab;
	struct qos_queues queues;
	uint64_t seq;
};

static void open_bench(struct bench *b, const char *discipline, const int64_t *quantum, const double *share)
{
	struct qos_queues_options o = { 0 };
	struct qos_err err;

	*b = (struct bench){ 0 };
	if (qos_config_load(&b->config, NULL, NULL, 0, &err) || qos_fields_new(&b->fields, &err))
		exit(2);
	b->config->discipline = qos_str(discipline);
	b->config->max_queue_size = 1000000;
	for (int i = 0; i < CLASSES; i++) {
		if (quantum)
			b->config->classes[i].quantum_bytes = quantum[i];
		if (share)
			b->config->classes[i].share = share[i];
	}
	if (qos_queues_init(&b->queues, b->config, &o, b->fields, &b->slab, &err))
		exit(2);
}

static void close_bench(struct bench *b)
{
	qos_queues_free(&b->queues);
	qos_slab_free(&b->slab);
	qos_fields_free(b->fields);
	qos_config_free(b->config);
}

static void put(struct bench *b, int class, int stream, int64_t bytes, int64_t deadline_ns)
{
	char name = (char)('a' + stream);
	struct qos_cell cell[QOS_N_KNOWN] = { [QOS_F_STREAM] = { .len = 1, .kind = QOS_CELL_TEXT } };
	struct qos_record r = { .bytes = &name,
				.n_bytes = 1,
				.cell = cell,
				.class = (int16_t) class,
				.size_bytes = bytes,
				.service_ns = QOS_UNSET,
				.deadline_ns = deadline_ns,
				.node = { .seq = b->seq++ } };

	if (qos_queues_push(&b->queues, &r, 0))
		exit(2);
}

/* Serves one record; *class, *stream whose.   Returns  its bytes. */
static int64_t serve(struct bench *b, int *class, int *stream)
{
	struct qos_record *r = qos_queues_pop(&b->queues, 0);
	int64_t bytes = r->size_bytes;

	*class = r->class;
	*stream = r->bytes[0] - 'a';
	qos_queues_sent(&b->queues, r, bytes * 800, 0); /* 10 Mbit/s */
	qos_queues_leave(&b->queues, r);
	qos_record_drop(r, b->fields, &b->slab);
	return bytes;
}

/* --- what moves between any two moments --- */

struct swing {
	__int128 last, least, most, worst; /* sum at the last service; since both hold records; the widest so far */
	bool on;
};

/* A service is over: the sum, and whether both held records when it began and hold some still. */
static void swing(struct swing *s, __int128 sum, bool held, bool hold)
{
	if (held && !s->on)
		s->least = s->most = s->last;
	if (held) {
		s->least = sum < s->least ? sum : s->least;
		s->most = sum > s->most ? sum : s->most;
		if (s->most - s->least > s->worst)
			s->worst = s->most - s->least;
	}
	s->last = sum;
	s->on = hold;
}

/*
 * Records of random sizes come in bursts to random classes and streams, so that queues fill and run empty.  Shares of
 * the bound that any two classes, and any two streams of a class, come to; the queue's own count says who waits.
 *
 * weight	of the classes
 * slack	[i * CLASSES + j] the bound on weight[j] * S_i - weight[i] * S_j
 */
static void random_trace(struct bench *b, const int64_t *weight, const __int128 *slack, int64_t stream_slack,
			 double *classes, double *streams)
{
	int64_t sent[CLASSES] = { 0 }, by_stream[CLASSES][STREAMS] = { 0 };
	int waits[CLASSES][STREAMS] = { 0 }, held[CLASSES] = { 0 };
	static struct swing between[CLASSES * CLASSES], of_streams[CLASSES][STREAMS * STREAMS];
	int n = 0, class, stream;

	memset(between, 0, sizeof(between));
	memset(of_streams, 0, sizeof(of_streams));
	for (int i = 0; i < CLASSES; i++) { /* the largest record first, so that quanta stay what they are */
		put(b, i, 0, 1500, 0);
		waits[i][0]++;
		held[i]++;
		n++;
	}
	for (int step = 0; step < 100000; step++) {
		int64_t bytes;

		if (below(n < 40 ? 8 : 60) == 0) {
			class = (int)below(CLASSES);
			for (uint64_t k = below(60); k; k--) {
				stream = (int)below(STREAMS);
				put(b, class, stream, 40 + (int64_t)below(1461), 0);
				waits[class][stream]++;
				held[class]++;
				n++;
			}
		}
		if (n == 0)
			continue;
		bytes = serve(b, &class, &stream);
		sent[class] += bytes;
		by_stream[class][stream] += bytes;
		n--;
		held[class]--;
		waits[class][stream]--;
		for (int i = 0; i < CLASSES; i++)
			for (int j = 0; j < i; j++)
				swing(&between[i * CLASSES + j],
				      (__int128)weight[j] * sent[i] - (__int128)weight[i] * sent[j],
				      held[i] + (i == class) && held[j] + (j == class), held[i] && held[j]);
		for (int i = 0; i < STREAMS; i++)
			for (int j = 0; j < i; j++)
				swing(&of_streams[class][i * STREAMS + j], by_stream[class][i] - by_stream[class][j],
				      waits[class][i] + (i == stream) && waits[class][j] + (j == stream),
				      waits[class][i] && waits[class][j]);
	}
	for (int i = 0; i < CLASSES * CLASSES; i++)
		if (slack[i] && (double)between[i].worst / (double)slack[i] > *classes)
			*classes = (double)between[i].worst / (double)slack[i];
	for (int i = 0; i < CLASSES; i++)
		for (int j = 0; j < STREAMS * STREAMS; j++)
			if ((double)of_streams[i][j].worst / (double)stream_slack > *streams)
				*streams = (double)of_streams[i][j].worst / (double)stream_slack;
}

static const int64_t quanta[CLASSES] = { 12000, 6000, 3000, 1500, 1500 };

static void drr_fairness(void)
{
	__int128 slack[CLASSES * CLASSES] = { 0 };
	double classes = 0, streams = 0;

	/* in bytes of weight 1: a quantum and a largest record of each, each over its weight */
	for (int i = 0; i < CLASSES; i++)
		for (int j = 0; j < i; j++)
			slack[i * CLASSES + j] = (__int128)quanta[i] * quanta[j] + 1500 * (quanta[i] + quanta[j]);
	for (int seed = 1; seed <= SEEDS; seed++) {
		struct bench b;

		state = 88172645463325252ull * (uint64_t)seed;
		open_bench(&b, "drr", quanta, NULL);
		random_trace(&b, quanta, slack, 2 * 1500 + 2 * 1500, &classes, &streams);
		close_bench(&b);
	}
	verdict("DRR fairness (25), classes", "|S_i/Q_i - S_j/Q_j| over 1 + Lmax/Q_i + Lmax/Q_j, any interval, at most",
		1, classes, classes <= 1);
	verdict("DRR fairness (25), streams that come and go",
		"|S_i - S_j| over 2 Q + 2 Lmax (who was empty goes first once), any interval, at most", 1, streams,
		streams <= 1);
}

/* Streams of a class that wait all the time. */
static void drr_streams(void)
{
	__int128 worst = 0;

	for (int seed = 1; seed <= SEEDS; seed++) {
		int64_t sent[STREAMS] = { 0 };
		int left[STREAMS], class, stream = 0;
		struct swing between[STREAMS * STREAMS] = { 0 };
		struct bench b;

		state = 88172645463325252ull * (uint64_t)seed;
		open_bench(&b, "drr", NULL, NULL);
		put(&b, 0, 0, 1500, 0);
		for (int k = 0; k < STREAMS * 2000; k++)
			put(&b, 0, k % STREAMS, 40 + (int64_t)below(1461), 0);
		for (int i = 0; i < STREAMS; i++)
			left[i] = 2000;
		while (left[stream]) {
			int64_t bytes = serve(&b, &class, &stream);

			left[stream]--;
			sent[stream] += bytes;
			for (int i = 0; i < STREAMS; i++)
				for (int j = 0; j < i; j++) {
					struct swing *pair = &between[i * STREAMS + j];

					swing(pair, sent[i] - sent[j], true, true);
					worst = pair->worst > worst ? pair->worst : worst;
				}
		}
		close_bench(&b);
	}
	verdict("DRR fairness (25), streams that wait", "|S_i - S_j| over Q + 2 Lmax, any interval, at most", 1,
		(double)worst / 4500, worst <= 4500);
}

static void wfq_fairness(void)
{
	static const double share[CLASSES] = { .4, .25, .2, .1, .05 };
	static const int64_t weight[CLASSES] = { 40, 25, 20, 10, 5 };
	__int128 slack[CLASSES * CLASSES] = { 0 };
	double classes = 0, streams = 0;

	/* S_i/w_i stays within Lmax/w_i below and above of virtual time */
	for (int i = 0; i < CLASSES; i++)
		for (int j = 0; j < i; j++)
			slack[i * CLASSES + j] = 2 * 1500 * (weight[i] + weight[j]);
	for (int seed = 1; seed <= SEEDS; seed++) {
		struct bench b;

		state = 88172645463325252ull * (uint64_t)seed;
		open_bench(&b, "wfq", NULL, share);
		random_trace(&b, weight, slack, 2 * 1500, &classes, &streams);
		close_bench(&b);
	}
	verdict("WFQ fairness (23), classes", "|S_i/w_i - S_j/w_j| over 2 Lmax/w_i + 2 Lmax/w_j, any interval, at most",
		1, classes, classes <= 1);
	verdict("WFQ fairness (23), streams of a class",
		"|S_i - S_j| over 2 Lmax (start-time fair), any interval, at most", 1, streams, streams <= 1);
}

/* All classes backlogged from the start: what the fluid server would have sent is share x all. */
static void wfq_against_fluid(void)
{
	static const double share[CLASSES] = { .4, .25, .2, .1, .05 };
	static const int64_t weight[CLASSES] = { 40, 25, 20, 10, 5 };
	int64_t behind = INT64_MIN, ahead = INT64_MIN;

	for (int seed = 1; seed <= SEEDS; seed++) {
		int64_t sent[CLASSES] = { 0 }, all = 0;
		struct bench b;
		int class, stream;

		state = 88172645463325252ull * (uint64_t)seed;
		open_bench(&b, "wfq", NULL, share);
		for (int i = 0; i < CLASSES; i++)
			for (int k = 0; k < 4000; k++)
				put(&b, i, 0, 40 + (int64_t)below(1461), 0);
		for (int k = 0; k < 4000; k++) {
			int64_t bytes = serve(&b, &class, &stream);

			sent[class] += bytes;
			all += bytes;
			for (int i = 0; i < CLASSES; i++) {
				behind = weight[i] * all - 100 * sent[i] > behind ? weight[i] * all - 100 * sent[i]
										  : behind;
				ahead = 100 * sent[i] - weight[i] * all > ahead ? 100 * sent[i] - weight[i] * all
										: ahead;
			}
		}
		close_bench(&b);
	}
	verdict("WFQ against the fluid server (23)", "bytes that a class is behind, at most Lmax", 1500,
		(double)behind / 100, behind <= 1500 * 100);
	verdict("WF2Q+ against the fluid server (23)", "bytes that a class is ahead, at most Lmax", 1500,
		(double)ahead / 100, ahead <= 1500 * 100);
}

/* --- latency: what a class is owed by its service curve, at most R T behind on any interval --- */

/* Serves one record, counted as its own if it is of that class.   Returns  its bytes. */
static int64_t serve_of(struct bench *b, int own_class, int64_t *own, int *held)
{
	int class, stream;
	int64_t bytes = serve(b, &class, &stream);

	if (class == own_class) {
		*own += bytes;
		--*held;
	}
	return bytes;
}

static void drr_service_curve(void)
{
	static const double want_ms[CLASSES] = { 15.596, 22.794, 29.991, 40.785, 40.785 }; /* L = 1500, 10 Mbit/s */
	int64_t sum = 0;

	for (int i = 0; i < CLASSES; i++)
		sum += quanta[i];
	for (int i = 0; i < CLASSES; i++) {
		__int128 worst = 0;
		double bound_bytes = 0, got_ms;
		char law[80];

		for (int j = 0; j < CLASSES; j++)
			if (j != i)
				bound_bytes += 1499 + (1 + 1499.0 / (double)quanta[i]) * (double)quanta[j];
		for (int seed = 1; seed <= SEEDS; seed++) {
			__int128 owed = 0,
				 least = 0; /* quanta x all - sum x own: what it was served less than its part */
			int64_t all = 0, own = 0;
			struct bench b;
			int held = 0;

			state = 88172645463325252ull * (uint64_t)seed;
			open_bench(&b, "drr", quanta, NULL);
			for (int k = 0; k < 5 * 2000; k++)
				if (k % CLASSES != i)
					put(&b, k % CLASSES, 0, below(3) ? 1500 : 40 + (int64_t)below(1461), 0);
			for (int step = 0; step < 6000; step++) {
				/* its bursts come at random; the others always wait */
				if (held == 0 || owed < least)
					least = owed;
				if (held == 0 && below(10) == 0)
					for (int k = 1 + (int)below(30); held < k; held++)
						put(&b, i, 0, below(3) ? 1500 : 40 + (int64_t)below(1461), 0);
				if (!b.queues.waiting)
					break;
				all += serve_of(&b, i, &own, &held);
				owed = (__int128)quanta[i] * all - (__int128)sum * own;
				if (held && owed - least > worst)
					worst = owed - least;
			}
			close_bench(&b);
		}
		got_ms = (double)worst / (double)quanta[i] * 8 / 1e4;
		snprintf(law, sizeof(law), "DRR service curve (24), quantum %lld", (long long)quanta[i]);
		verdict(law, "T_i = [sum(L-1) + (1 + (L-1)/Q_i) sum Q_j]/C in ms, not exceeded", want_ms[i], got_ms,
			got_ms <= want_ms[i] && bound_bytes * 8 / 1e4 - want_ms[i] < 0.001);
	}
}

/* --- Linux's ETS test: bands by quantum, ratios to within a quantum --- */

static void ets(void)
{
	static const int64_t bands[][3] = {
		{ 3300, 3300, 3300 }, { 5000, 3500, 1500 }, { 8000, 3500, 1500 }, { 5000, 2500, 2500 }
	};

	for (size_t t = 0; t < sizeof(bands) / sizeof(*bands); t++) {
		const int64_t *q = bands[t];
		int64_t quantum[CLASSES] = { q[0], q[1], q[2], 1, 1 }, sent[CLASSES] = { 0 };
		__int128 worst = 0;
		struct bench b;
		int class, stream;
		char law[80], formula[120];

		open_bench(&b, "drr", quantum, NULL);
		for (int i = 0; i < 3; i++)
			for (int k = 0; k < 5000; k++)
				put(&b, i, 0, 1000, 0);
		for (int k = 0; k < 5000; k++)
			sent[(serve(&b, &class, &stream), class)] += 1000;
		for (int i = 0; i < 3; i++)
			for (int j = 0; j < i; j++) { /* in rounds, times both quanta */
				__int128 apart = (__int128)sent[i] * q[j] - (__int128)sent[j] * q[i];

				apart = apart < 0 ? -apart : apart;
				apart -= 1000 * (q[i] + q[j]); /* a record of each */
				worst = apart - q[i] * q[j] > worst ? apart - q[i] * q[j] : worst;
			}
		snprintf(law, sizeof(law), "ETS quanta %lld %lld %lld", (long long)q[0], (long long)q[1],
			 (long long)q[2]);
		snprintf(formula, sizeof(formula),
			 "bytes %lld %lld %lld, as the quanta to within one and a record; over", (long long)sent[0],
			 (long long)sent[1], (long long)sent[2]);
		verdict(law, formula, 0, (double)worst, worst == 0);
		close_bench(&b);
	}
}

/* --- due dates: every order of up to 8 jobs --- */

struct job {
	int64_t service, due;
};

static void best_of_all(const struct job *job, int n, unsigned left, int64_t now, int64_t late, int n_late,
			int64_t *least_late, int *fewest)
{
	if (!left) {
		*least_late = late < *least_late ? late : *least_late;
		*fewest = n_late < *fewest ? n_late : *fewest;
		return;
	}
	for (int i = 0; i < n; i++)
		if (left >> i & 1) {
			int64_t end = now + job[i].service;

			best_of_all(job, n, left & ~(1u << i), end, end - job[i].due > late ? end - job[i].due : late,
				    n_late + (end > job[i].due), least_late, fewest);
		}
}

static int by_due(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	return x->due < y->due ? -1 : x->due > y->due;
}

/* Moore and Hodgson: by due date; whenever one would be late, the longest so far is given up. */
static int moore_hodgson(const struct job *job, int n)
{
	struct job in[8], sorted[8];
	int n_in = 0;
	int64_t end = 0;

	memcpy(sorted, job, (size_t)n * sizeof(*job));
	qsort(sorted, (size_t)n, sizeof(*sorted), by_due);
	for (int i = 0; i < n; i++) {
		int longest = n_in;

		in[n_in++] = sorted[i];
		end += sorted[i].service;
		if (end <= sorted[i].due)
			continue;
		for (int k = 0; k < n_in; k++)
			longest = in[k].service > in[longest].service ? k : longest;
		end -= in[longest].service;
		in[longest] = in[--n_in];
	}
	return n - n_in;
}

static void due_dates(void)
{
	int wrong = 0, wrong_count = 0, wrong_feasible = 0, trials = 0;

	state = 88172645463325252ull;
	for (; trials < 300; trials++) {
		int n = 2 + (int)below(trials % 50 ? 6 : 7), fewest = n, n_late = 0, class, stream;
		int64_t least_late = INT64_MAX, now = 0, late = INT64_MIN;
		struct job job[8];
		struct bench b;

		open_bench(&b, "edf", NULL, NULL);
		for (int i = 0; i < n; i++) {
			job[i] = (struct job){ 1 + (int64_t)below(20), 1 + (int64_t)below((uint64_t)n * 14) };
			put(&b, (int)below(CLASSES), i, job[i].service, job[i].due);
		}
		best_of_all(job, n, (1u << n) - 1, 0, INT64_MIN, 0, &least_late, &fewest);
		for (int i = 0; i < n; i++) {
			now += serve(&b, &class, &stream);
			late = now - job[stream].due > late ? now - job[stream].due : late;
			n_late += now > job[stream].due;
		}
		wrong += late != least_late;
		wrong_feasible += (n_late == 0) != (fewest == 0);
		wrong_count += moore_hodgson(job, n) != fewest;
		close_bench(&b);
	}
	verdict("Jackson (45)",
		"edf's largest lateness over all orders of 300 sets of up to 8 jobs is the least; exceptions", 0, wrong,
		wrong == 0);
	verdict("EDF (45)", "edf is late only where every order is; exceptions", 0, wrong_feasible,
		wrong_feasible == 0);
	verdict("Moore-Hodgson (45)", "fewest late jobs, against every order; exceptions", 0, wrong_count,
		wrong_count == 0);
}

int main(void)
{
	drr_fairness();
	drr_streams();
	wfq_fairness();
	wfq_against_fluid();
	drr_service_curve();
	ets();
	due_dates();
	return n_broken > 0;
}
