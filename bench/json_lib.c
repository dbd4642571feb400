/*
 * What does one JSON line cost in the library?  ns a record.
 *
 * usage: json_lib [ROUNDS]
 *
 * Lines of some 170 bytes with 8 members are read from memory again and again: with nothing wanted, with the fields
 * that a filter wants, and with the members in an order that changes from line to line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/rng.h"
#include "format/format.h"

#define N_LINES 16384

static const char *const known[] = { "ts", "stream", "type", "priority", "size", "class" };

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void add_line(struct qos_buf *b, struct qos_rng *rng, int i, bool shuffled)
{
	static const char *const types[] = { "health_check", "job", "log", "metric", "alert" };
	char member[8][80];
	int order[8];

	snprintf(member[0], 80, "\"ts\":%d.%06d", 1700000000 + i / 1000,
		 i % 1000 * 1000 + (int)qos_rng_below(rng, 1000));
	snprintf(member[1], 80, "\"id\":\"m-%07d\"", i);
	snprintf(member[2], 80, "\"stream\":\"svc-%04d\"", (int)qos_rng_below(rng, 10000));
	snprintf(member[3], 80, "\"tenant\":\"t%d\"", (int)qos_rng_below(rng, 20));
	snprintf(member[4], 80, "\"type\":\"%s\"", types[qos_rng_below(rng, 5)]);
	snprintf(member[5], 80, "\"priority\":\"%s\"", qos_rng_below(rng, 2) ? "low" : "normal");
	snprintf(member[6], 80, "\"size\":%d", 64 + (int)qos_rng_below(rng, 9000));
	snprintf(member[7], 80, "\"payload\":\"GET /api/v1/items/%d timed out\"", (int)qos_rng_below(rng, 1000));
	for (int k = 0; k < 8; k++)
		order[k] = k;
	for (int k = 7; shuffled && k > 0; k--) {
		int other = (int)qos_rng_below(rng, (uint64_t)k + 1), held = order[k];

		order[k] = order[other];
		order[other] = held;
	}
	for (int k = 0; k < 8; k++)
		qos_buf_printf(b, "%c%s", k ? ',' : '{', member[order[k]]);
	qos_buf_puts(b, "}\n");
}

/* Reads all lines once.   Returns  ns a record; exits when a line is refused. */
static double read_once(struct qos_str lines, bool wanted)
{
	struct qos_in in = { 0 };
	struct qos_reading g = { .in = &in };
	struct qos_record r;
	enum qos_next what;
	void *state = calloc(1, qos_format_jsonl.reader_bytes);
	double start;
	int n = 0;

	if (!state || qos_fields_new(&g.fields, NULL) || qos_in_memory(&in, "lines", lines, 1 << 20, NULL))
		exit(1);
	for (size_t i = 0; wanted && i < sizeof(known) / sizeof(known[0]); i++)
		qos_fields_want(g.fields, qos_fields_id(g.fields, qos_str(known[i])));
	qos_format_jsonl.open(state, &g, NULL);
	if (qos_reading_grow(&g))
		exit(1);
	start = now_ns();
	while ((what = qos_format_jsonl.next(state, &g, &r)) == QOS_NEXT_RECORD)
		n++;
	start = now_ns() - start;
	if (what != QOS_NEXT_END || n != N_LINES) {
		fprintf(stderr, "json_lib: stopped after %d lines\n", n);
		exit(1);
	}
	qos_format_jsonl.close(state);
	qos_in_close(&in);
	qos_fields_free(g.fields);
	free(g.cell);
	free(state);
	return start / n;
}

static void measure(const char *what, struct qos_str lines, bool wanted, int rounds)
{
	double best = read_once(lines, wanted), sum = best;

	for (int i = 1; i < rounds; i++) {
		double ns = read_once(lines, wanted);

		sum += ns;
		best = ns < best ? ns : best;
	}
	printf("%-40s %7.1f ns/record (best %.1f), %.0f bytes each\n", what, sum / rounds, best,
	       (double)lines.n / N_LINES);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 && atoi(argv[1]) > 0 ? atoi(argv[1]) : 50;
	struct qos_buf same = { 0 }, shuffled = { 0 };
	struct qos_rng rng;

	qos_rng_seed(&rng, 1);
	for (int i = 0; i < N_LINES; i++) {
		add_line(&same, &rng, i, false);
		add_line(&shuffled, &rng, i, true);
	}
	if (same.failed || shuffled.failed)
		return 1;
	measure("scan, nothing wanted", (struct qos_str){ same.p, same.n }, false, rounds);
	measure("scan, six fields wanted", (struct qos_str){ same.p, same.n }, true, rounds);
	measure("scan, six wanted, members shuffled", (struct qos_str){ shuffled.p, shuffled.n }, true, rounds);
	qos_buf_free(&same);
	qos_buf_free(&shuffled);
	return 0;
}
