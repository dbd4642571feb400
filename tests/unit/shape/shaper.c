/* The shaper in virtual time: the vectors of ns-3's TBF, shares, floors and prio, streams, limits. */
#include "shape/shaper.h"

#include "tests/unit/drive.h"

#define MS 1000000LL
static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct departures d;

static struct qos_shaper_options more; /* options of the next run */

static void run(struct qos_config *c, bool keep, const struct arrival *in, int n, struct qos_ledger *ledger)
{
	struct qos_shaper_options o = more;
	struct qos_shaper *s = NULL;
	struct qos_fields *f;
	struct qos_stage stage;
	struct qos_err err = { 0 };

	o.keep_drops = keep;
	o.stream_field = QOS_F_STREAM;
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_shaper_new(&s, c, &o, f, &err), 0);
	stage = qos_shaper_stage(s);
	drive(&stage, in, n, &d);
	if (ledger)
		*ledger = *qos_shaper_ledger(s);
	qos_shaper_free(s);
	qos_fields_free(f);
}

/* Limit 4, 6 KB/s, burst 6000, five 1500 B at once: the fifth is refused, four leave at once. */
static void tbf_a(void)
{
	struct arrival in[5];
	struct qos_class_config classes[1];
	struct qos_config c;
	struct qos_ledger l;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.total_bandwidth_bps = 48000;
	c.link_burst_bytes = 6000;
	c.max_queue_size = 4;
	for (int i = 0; i < 5; i++)
		in[i] = (struct arrival){ 0, 0, 1500, QOS_UNSET, "x" };
	run(&c, false, in, 5, &l);
	CHECK_INT(d.n, 4);
	CHECK_INT(d.at[3].depart_ns, 0);
	CHECK_INT(l.class[0].dropped[QOS_DROP_TAIL], 1);
}

/* 10 KB/s, burst 10000, peak 100 KB/s with one record: 1000 B every 100 ms never waits. */
static void tbf_b(void)
{
	struct arrival in[50];
	struct qos_class_config classes[1];
	struct qos_config c;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.total_bandwidth_bps = 80000;
	c.link_burst_bytes = 10000;
	classes[0].ceil_bps = 800000;
	classes[0].cburst_bytes = 1000;
	for (int i = 0; i < 50; i++)
		in[i] = (struct arrival){ i * 100 * MS, 0, 1000, QOS_UNSET, "x" };
	run(&c, false, in, 50, NULL);
	CHECK_INT(d.n, 50);
	for (int i = 0; i < d.n; i++)
		CHECK_INT(d.at[i].depart_ns, in[i].ns);
}

/* 5 KB/s, burst 5000, 1000 B every 100 ms from 0.2 s: the tenth leaves at 1.2 s. */
static void tbf_c(void)
{
	struct arrival in[10];
	struct qos_class_config classes[1];
	struct qos_config c;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.total_bandwidth_bps = 40000;
	c.link_burst_bytes = 5000;
	for (int i = 0; i < 10; i++)
		in[i] = (struct arrival){ (200 + i * 100) * MS, 0, 1000, QOS_UNSET, "x" };
	run(&c, false, in, 10, NULL);
	for (int i = 0; i < 9; i++)
		CHECK_INT(d.at[i].depart_ns, in[i].ns);
	CHECK_INT(d.at[9].depart_ns, 1200 * MS);
}

/* Peak 20 KB/s: a record 40 ms after the last waits 10 ms more. */
static void tbf_d(void)
{
	struct arrival in[] = { { 0, 0, 1000, QOS_UNSET, "x" }, { 40 * MS, 0, 1000, QOS_UNSET, "x" } };
	struct qos_class_config classes[1];
	struct qos_config c;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.total_bandwidth_bps = 120000;
	c.link_burst_bytes = 15000;
	classes[0].ceil_bps = 160000;
	classes[0].cburst_bytes = 1000;
	run(&c, false, in, 2, NULL);
	CHECK_INT(d.at[0].depart_ns, 0);
	CHECK_INT(d.at[1].depart_ns, 50 * MS);
}

/* Bytes by class that left in the first `until_ns`. */
static void delivered(int64_t until_ns, int64_t size, int64_t *bytes)
{
	for (int i = 0; i < 5; i++)
		bytes[i] = 0;
	for (int i = 0; i < d.n; i++)
		if (d.at[i].depart_ns <= until_ns)
			bytes[d.at[i].class] += size;
}

/* All backlogged on 8 Mbit: 30/25/25/15/5 to within one quantum (6 records of the largest weight). */
static void shares_hold(void)
{
	static struct arrival in[10000];
	struct qos_class_config classes[5];
	struct qos_config c;
	int64_t bytes[5];

	config_of(&c, classes, 5, shares);
	for (int i = 0; i < 10000; i++)
		in[i] = (struct arrival){ 0, i % 5, 1000, QOS_UNSET, "x" };
	for (int i = 0; i < 5; i++)
		classes[i].burst_bytes = 0;
	run(&c, false, in, 10000, NULL);
	CHECK_INT(d.n, 10000);
	delivered(3000 * MS, 1000, bytes); /* 3000 records of 1000 B */
	for (int i = 0; i < 5; i++)
		CHECK(bytes[i] >= (int64_t)(shares[i] * 3e6) - 7000 && bytes[i] <= (int64_t)(shares[i] * 3e6) + 7000);
	CHECK_INT(d.at[9999].depart_ns, 9999 * MS); /* work conserving: 1 ms a record, back to back */
}

/*
 * Floors 10 20 20 10 0 on 100, ceilings none, demand 5 60 40 80 50, weights by floor (the last borrows with the least
 * weight): with five prios the excess goes to the first that asks: 5, 60, 25, 10, 0.
 */
static void prio(void)
{
	static const double floors[] = { 0.10, 0.20, 0.20, 0.10, 0.0 };
	static const int demand[] = { 5, 60, 40, 80, 50 }, want[] = { 5, 60, 25, 10, 0 };
	static struct arrival in[20000];
	struct qos_class_config classes[5];
	struct qos_config c;
	int64_t bytes[5];
	int n = 0;

	config_of(&c, classes, 5, floors);
	c.total_bandwidth_bps = 800000; /* 100 records of 1000 B a second */
	for (int i = 0; i < 5; i++) {
		classes[i].burst_bytes = 1000;
		classes[i].shape_prio = i;
	}
	for (int ms = 0; ms < 60000; ms++)
		for (int i = 0; i < 5; i++)
			if ((ms + 1) * demand[i] / 1000 > ms * demand[i] / 1000)
				in[n++] = (struct arrival){ ms * MS, i, 1000, QOS_UNSET, "x" };
	run(&c, false, in, n, NULL);
	delivered(60000 * MS, 1000, bytes);
	for (int i = 0; i < 5; i++)
		CHECK(bytes[i] / 60000 >= want[i] - 1 && bytes[i] / 60000 <= want[i] + 1);
}

/* One stream floods, another sends a little: the little one waits for one record of the other at most. */
static void streams_share(void)
{
	static struct arrival in[2000];
	struct qos_class_config classes[1];
	struct qos_config c;
	int n_b = 0;

	config_of(&c, classes, 1, (double[1]){ 1 });
	for (int i = 0; i < 1000; i++)
		in[i] = (struct arrival){ 0, 0, 1000, QOS_UNSET, "flood" };
	for (int i = 0; i < 10; i++)
		in[1000 + i] = (struct arrival){ 1, 0, 1000, QOS_UNSET, "little" };
	run(&c, false, in, 1010, NULL);
	for (int i = 0; i < 25; i++)
		n_b += d.at[i].seq >= 1000;
	CHECK(n_b >= 10);
}

static void ceil_holds(void)
{
	static struct arrival in[1000];
	struct qos_class_config classes[2];
	struct qos_config c;

	config_of(&c, classes, 2, (double[2]){ 0.1, 0.9 });
	classes[0].ceil_bps = 800000; /* a tenth: 100 records a second, alone on an idle link */
	for (int i = 0; i < 1000; i++)
		in[i] = (struct arrival){ 0, 0, 1000, QOS_UNSET, "x" };
	run(&c, false, in, 1000, NULL);
	for (int i = 0; i < 1000; i++)
		CHECK_INT(d.at[i].depart_ns, i * 10 * MS);
}

/*
 * 8 Mbit, 800 kbit from 10 s to 20 s, all records there at 0: one a ms, then one each 10 ms, then one a ms.  And a
 * change in the middle of a record: half of it at each rate.
 */
static void degrades(void)
{
	static struct arrival in[12000];
	struct qos_change steps[2] = { { true, 10000 * MS, -1, QOS_STR("rate"), QOS_STR("800kbit") },
				       { true, 20000 * MS, -1, QOS_STR("rate"), QOS_STR("8mbit") } };
	struct qos_class_config classes[1];
	struct qos_config c;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.max_queue_size = 20000;
	for (int k = 0; k < 2; k++) {
		struct qos_schedule s = { .config = c, .change = steps, .n = 2 };
		int64_t odd = k ? MS / 2 : 0, at = 5 * MS;

		s.config.classes = classes;
		steps[0].ns = 10000 * MS + odd;
		steps[1].ns = 20000 * MS;
		for (int i = 0; i < 12000; i++)
			in[i] = (struct arrival){ at, 0, 1000, QOS_UNSET, "x" };
		more.schedule = &s;
		run(&c, false, in, 12000, NULL);
		more.schedule = NULL;
		CHECK_INT(d.n, 12000);
		for (int i = 0; i < 12000 && !k; i++)
			CHECK_INT(d.at[i].depart_ns - at, i <= 10000   ? i * MS
							  : i <= 11000 ? 10000 * MS + (i - 10000) * 10 * MS
								       : 20000 * MS + (i - 11000) * MS);
		if (k) {
			CHECK_INT(d.at[10001].depart_ns - at, 10000 * MS + MS / 2 + 5 * MS);
			CHECK_INT(d.at[11000].depart_ns - at, 19995 * MS + MS / 2);
			CHECK_INT(d.at[11001].depart_ns - at, 20000 * MS + MS * 55 / 100);
		}
	}
}

/* Down from 2.25 ms to 1 s: the record under way goes on where it was. */
static void outage(void)
{
	struct arrival in[6];
	struct qos_change steps[2] = { { true, 225 * MS / 100, -1, QOS_STR("rate"), QOS_STR("0") },
				       { true, 1000 * MS, -1, QOS_STR("rate"), QOS_STR("8mbit") } };
	struct qos_class_config classes[1];
	struct qos_config c;
	struct qos_schedule s = { .change = steps, .n = 2 };

	config_of(&c, classes, 1, (double[1]){ 1 });
	s.config = c;
	s.config.classes = classes;
	for (int i = 0; i < 6; i++)
		in[i] = (struct arrival){ i < 5 ? 0 : 500 * MS, 0, 1000, QOS_UNSET, "x" };
	more.schedule = &s;
	run(&c, false, in, 6, NULL);
	more.schedule = NULL;
	CHECK_INT(d.at[2].depart_ns, 2 * MS);
	CHECK_INT(d.at[3].depart_ns, 1000 * MS + 75 * MS / 100);
	CHECK_INT(d.at[5].depart_ns, 1002 * MS + 75 * MS / 100);
}

/* Floors follow the shares of a degraded link; a class that is given another share has it from then on. */
static void shares_change(void)
{
	static struct arrival in[10000];
	struct qos_change steps[2] = { { true, 2000 * MS, 0, QOS_STR("share"), QOS_STR("20%") },
				       { true, 2000 * MS, 1, QOS_STR("share"), QOS_STR("80%") } };
	struct qos_class_config classes[2], own[2];
	struct qos_config c;
	struct qos_schedule s = { .change = steps, .n = 2 };
	int64_t n[2][2] = { 0 };

	config_of(&c, classes, 2, (double[2]){ 0.75, 0.25 });
	classes[0].burst_bytes = classes[1].burst_bytes = 1000;
	memcpy(own, classes, sizeof(own));
	s.config = c;
	memcpy(s.classes, own, sizeof(own));
	s.config.classes = s.classes;
	for (int i = 0; i < 10000; i++)
		in[i] = (struct arrival){ 0, i % 2, 1000, QOS_UNSET, "x" };
	more.schedule = &s;
	run(&c, false, in, 10000, NULL);
	more.schedule = NULL;
	for (int i = 0; i < d.n; i++)
		if (d.at[i].depart_ns < 4000 * MS)
			n[d.at[i].depart_ns >= 2000 * MS][d.at[i].class]++;
	CHECK(n[0][0] >= 1495 && n[0][0] <= 1505);
	CHECK(n[1][0] >= 395 && n[1][0] <= 405);
	CHECK_INT(n[1][0] + n[1][1], 2000);
}

/* 1000 B in packets of 400: three times 40 B more, 1.12 ms; then 20 ms of flight, which is no wait. */
static void framing_and_latency(void)
{
	struct arrival in[3];
	struct qos_class_config classes[1];
	struct qos_config c;
	struct qos_ledger l;

	config_of(&c, classes, 1, (double[1]){ 1 });
	for (int i = 0; i < 3; i++)
		in[i] = (struct arrival){ 0, 0, 1000, QOS_UNSET, "x" };
	more.framing = (struct qos_framing){ 40, 400 };
	more.latency_ns = 20 * MS;
	run(&c, false, in, 3, &l);
	for (int i = 0; i < 3; i++)
		CHECK_INT(d.at[i].depart_ns, 20 * MS + i * 112 * MS / 100);
	CHECK_INT(l.class[0].wait_max_ns, 224 * MS / 100);
	CHECK_INT(l.class[0].out_bytes, 3000);
	c.link_burst_bytes = 1119;
	run(&c, true, in, 1, &l);
	CHECK_INT(d.at[0].drop, QOS_DROP_OVERSIZE);
	more = (struct qos_shaper_options){ 0 };
}

static void oversize(void)
{
	struct arrival in[] = { { 0, 0, 1001, QOS_UNSET, "x" }, { 0, 0, 1000, QOS_UNSET, "x" } };
	struct qos_class_config classes[1];
	struct qos_config c;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.link_burst_bytes = 1000;
	run(&c, true, in, 2, NULL);
	CHECK_INT(d.at[0].drop, QOS_DROP_OVERSIZE);
	CHECK_INT(d.at[1].drop, 0);
}

static void refused(void)
{
	struct qos_class_config classes[2];
	struct qos_config c;
	struct qos_shaper_options o = { .stream_field = QOS_F_STREAM };
	struct qos_shaper *s;
	struct qos_fields *f;
	struct qos_err err;

	config_of(&c, classes, 2, (double[2]){ 0.5, 0.5 });
	classes[0].rate_bps = 6000000;
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_shaper_new(&s, &c, &o, f, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text,
		   "guarantees add up to 10Mbit/s, the link has 8Mbit/s (critical 6Mbit/s + system 4Mbit/s); lower the "
		   "rate or share of a class, or raise --rate");
	classes[0].rate_bps = 1000000;
	classes[0].ceil_bps = 500000;
	CHECK_INT(qos_shaper_new(&s, &c, &o, f, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text,
		   "class critical: its ceil of 500kbit/s is below its guarantee of 1Mbit/s; raise ceil or lower rate "
		   "or share");
	qos_fields_free(f);
}

/* A class with its limit of records makes the shaper full, until one has left. */
static void full(void)
{
	struct qos_shaper_options o = { .stream_field = QOS_F_STREAM };
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_shaper *s = NULL;
	struct qos_fields *f;
	struct qos_stage stage;
	struct qos_err err = { 0 };
	struct qos_sink out = { departures_put, &d };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = "x", .n_bytes = 1, .cell = cell, .class = 1, .size_bytes = 1000 };

	config_of(&c, classes, 5, shares);
	c.max_queue_size = 3;
	d.n = 0;
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_shaper_new(&s, &c, &o, f, &err), 0);
	stage = qos_shaper_stage(s);
	for (int i = 0; i < 3; i++) {
		CHECK(!stage.full(stage.self));
		stage.push(stage.self, &r, 0, &out);
	}
	CHECK(stage.full(stage.self));
	stage.advance(stage.self, 0, &out);
	CHECK_INT(d.n, 1);
	CHECK(!stage.full(stage.self));
	qos_shaper_free(s);
	qos_fields_free(f);
}

int main(void)
{
	RUN("ns-3 TBF a: limit 4, the fifth of five is refused", tbf_a);
	RUN("ns-3 TBF b: under rate and peak nothing waits", tbf_b);
	RUN("ns-3 TBF c: the tenth record leaves at 1.2 s", tbf_c);
	RUN("ns-3 TBF d: the peak bucket makes it wait 10 ms more", tbf_d);
	RUN("all backlogged classes have their shares, and the link never idles", shares_hold);
	RUN("five prios: floors first, then the excess by prio", prio);
	RUN("a flood delays another stream by one record at a time", streams_share);
	RUN("ceil holds on an idle link, exactly", ceil_holds);
	RUN("a link that degrades at 10 s and returns at 20 s, exactly", degrades);
	RUN("a link that is down goes on where it was", outage);
	RUN("shares that change have their effect at once", shares_change);
	RUN("framing by packet and a link's latency", framing_and_latency);
	RUN("a record larger than the given burst is refused", oversize);
	RUN("guarantees beyond the link and ceil below rate are refused with their numbers", refused);
	RUN("a class with its limit of records makes it full", full);
	return DONE();
}
