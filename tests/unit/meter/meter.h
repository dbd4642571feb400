/* A meter from its text, traces for it, and the law of the token bucket. */
#ifndef TESTS_UNIT_METER_METER_H
#define TESTS_UNIT_METER_METER_H

#include "base/rng.h"
#include "meter/meter.h"
#include "tests/unit/test.h"

#define MS 1000000LL

static struct qos_arena arena;

static __attribute__((unused)) struct qos_meter_use meter(const char *text)
{
	struct qos_meter_use use = { 0 };
	struct qos_err err = { 0 };

	CHECK_INT(qos_meter_read(&use, qos_str(text), &arena, &err), 0);
	CHECK_TEXT(err.text, "");
	return use;
}

/* What is wrong with it. */
static __attribute__((unused)) const char *refusal(const char *text)
{
	static struct qos_err err;
	struct qos_meter_use use;

	CHECK_INT(qos_meter_read(&use, qos_str(text), &arena, &err), QOS_EUSAGE);
	return err.text;
}

/* 20,000 records of 500 bytes every 500 us, which came in this colour: are so many of each colour? */
static __attribute__((unused)) void count(const char *text, enum qos_color was, int green, int yellow, int red)
{
	struct qos_meter_use use = meter(text);
	int n[QOS_N_COLORS] = { 0 };

	for (int k = 0; k < 20000; k++)
		n[qos_meter_color(&use, 500, was, k * 500000LL)]++;
	CHECK_INT(n[QOS_GREEN], green);
	CHECK_INT(n[QOS_YELLOW], yellow);
	CHECK_INT(n[QOS_RED], red);
}

/* A random trace with bursts and pauses, and the colours that a meter gave. */
struct trace {
	struct {
		int64_t ns, bytes;
		enum qos_color was, is;
	} at[1500];
	int n;
};

static __attribute__((unused)) void color_trace(struct trace *t, const char *text, uint64_t seed, bool colors)
{
	struct qos_meter_use use = meter(text);
	struct qos_rng rng;
	int64_t now_ns = 1;

	qos_rng_seed(&rng, seed);
	t->n = 1500;
	for (int i = 0; i < t->n; i++) {
		uint64_t r = qos_rng_next(&rng);

		if (r % 4)
			now_ns += (int64_t)(r >> 8) % (r % 97 == 1 ? 80 * MS : 2 * MS);
		t->at[i].ns = now_ns;
		t->at[i].bytes = 1 + (int64_t)(r >> 32) % 1500;
		t->at[i].was = colors ? (enum qos_color)((r >> 20) % 3) : QOS_GREEN;
		t->at[i].is = qos_meter_color(&use, t->at[i].bytes, t->at[i].was, now_ns);
	}
}

/*
 * On every interval that begins and ends with a record up to `worst`: bytes <= burst + rate x time, exactly.  And no
 * record that came with a colour up to `may` (-1: none) is worse than that unless it would have broken the law.
 */
static __attribute__((unused)) void law(const struct trace *t, int worst, int may, int64_t rate_bps,
					int64_t burst_bytes)
{
	int broken = 0, early = 0;

	for (int j = 0; j < t->n; j++) {
		bool within = (int)t->at[j].is <= worst, breaks = false;
		__int128 bytes = t->at[j].bytes;

		for (int i = j; i >= 0; i--) {
			__int128 most =
				(__int128)burst_bytes * 8000000000LL + (__int128)rate_bps * (t->at[j].ns - t->at[i].ns);

			if (i < j && (int)t->at[i].is > worst)
				continue;
			if (i < j)
				bytes += t->at[i].bytes;
			if (bytes * 8000000000LL > most) {
				breaks = true;
				break;
			}
		}
		broken += within && breaks;
		early += !within && !breaks && (int)t->at[j].was <= may;
	}
	CHECK_INT(broken, 0);
	CHECK_INT(early, 0);
}

#endif
