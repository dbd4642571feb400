/* Parts of a trace, counted apart and put together, against the whole. */
#include <math.h>
#include <stdlib.h>

#include "render/render.h"
#include "tally/state.h"
#include "tests/unit/tally/fill.h"

enum { N = 20000, PARTS = 100 };

static struct qos_err err;

static int add(struct filled *to, struct qos_str state, uint64_t *n_rejected)
{
	struct qos_container c;
	size_t used;
	int rc = qos_container_view(&c, state, &used, "part", QOS_TALLY_MAGIC, QOS_TALLY_VERSION, &err);

	rc = rc ? rc : qos_tally_merge(to->tally, &c, n_rejected, &err);
	qos_container_close(&c);
	return rc;
}

static struct qos_buf json_of(const struct filled *f, uint64_t n_rejected)
{
	struct qos_report *r;
	struct qos_look look = { 0 };
	struct qos_buf b = { 0 };

	CHECK_INT(qos_tally_report(f->tally, n_rejected, &r, &err), 0);
	qos_render_json.put(r, &look, &b);
	qos_report_free(r);
	return b;
}

/* Without the backlogs of groups: beyond those that are followed they are not known. */
static void leave_out_backlogs(struct qos_buf *b)
{
	static const char name[] = ", \"backlog_max\": ";

	for (char *p = b->p; (p = strstr(p, name)) != NULL;)
		for (p += sizeof(name) - 1; *p >= '0' && *p <= '9';)
			memmove(p, p + 1, strlen(p));
}

/* In parts that are drawn, and put together backwards. */
static void equals_whole(bool by_region)
{
	static struct filled whole, part[PARTS], sum;
	struct qos_buf a, b;
	struct qos_rng rng;
	uint64_t n_rejected = 0;

	filled_open(&whole, by_region);
	filled_open(&sum, by_region);
	for (int i = 0; i < PARTS; i++)
		filled_open(&part[i], by_region);
	qos_rng_seed(&rng, 9);
	for (uint64_t i = 0; i < N; i++) {
		filled_push(&whole, i);
		filled_push(&part[i % 7 ? qos_rng_below(&rng, PARTS - 1) : 0], i); /* the last one stays empty */
	}
	for (int i = PARTS - 1; i >= 0; i--) {
		struct qos_buf state = { 0 };

		CHECK_INT(qos_tally_save(part[i].tally, 2, &state, &err), 0);
		CHECK_INT(add(&sum, (struct qos_str){ state.p, state.n }, &n_rejected), 0);
		qos_buf_free(&state);
		filled_close(&part[i]);
	}
	CHECK_INT(n_rejected, 2 * PARTS);
	a = json_of(&whole, n_rejected);
	b = json_of(&sum, n_rejected);
	if (by_region) {
		leave_out_backlogs(&a);
		leave_out_backlogs(&b);
	}
	CHECK(strstr(a.p, by_region ? "\"region\": \"r89\"" : "\"class\": \"system\"") != NULL);
	CHECK(strcmp(a.p, b.p) == 0);
	qos_buf_free(&a);
	qos_buf_free(&b);
	filled_close(&whole);
	filled_close(&sum);
}

static void by_class(void)
{
	equals_whole(false);
}

static void by_many(void)
{
	equals_whole(true);
}

/* Is this byte in the head of a section? */
static bool in_head(const struct qos_buf *b, size_t at)
{
	for (size_t head = 16; head <= at;
	     head += 24 + (unsigned char)b->p[head + 8] + 256 * (unsigned char)b->p[head + 9])
		if (at < head + 24)
			return true;
	return false;
}

/* As if somebody had made the checksums right: one byte of a section is changed behind the back of the check. */
static void nonsense(void)
{
	struct filled f, to;
	struct qos_buf b = { 0 };
	struct qos_rng rng;
	int refused = 0;

	filled_open(&f, false);
	for (uint64_t i = 0; i < 300; i++)
		filled_push(&f, i);
	CHECK_INT(qos_tally_save(f.tally, 0, &b, &err), 0);
	CHECK(b.n < 65536);
	qos_rng_seed(&rng, 4);
	for (int k = 0; k < 3000; k++) {
		struct qos_container c;
		size_t used, at = 16 + qos_rng_below(&rng, b.n - 16);
		uint64_t n_rejected = 0;
		char was = b.p[at];

		CHECK_INT(qos_container_view(&c, (struct qos_str){ b.p, b.n }, &used, "x", QOS_TALLY_MAGIC, 1, &err),
			  0);
		if (in_head(&b, at))
			continue;
		b.p[at] = (char)qos_rng_next(&rng);
		filled_open(&to, false);
		if (b.p[at] != was)
			refused += qos_tally_merge(to.tally, &c, &n_rejected, &err) != 0;
		filled_close(&to);
		b.p[at] = was;
	}
	CHECK(refused > 100);
	qos_buf_free(&b);
	filled_close(&f);
}

static void others(void)
{
	struct filled f, to;
	struct qos_buf b = { 0 };
	uint64_t n_rejected = 0;

	filled_open(&f, false);
	filled_push(&f, 1);
	CHECK_INT(qos_tally_save(f.tally, 0, &b, &err), 0);
	filled_open(&to, true);
	CHECK_INT(add(&to, (struct qos_str){ b.p, b.n }, &n_rejected), QOS_EUSAGE);
	CHECK(strstr(err.text, "other groups") != NULL);
	filled_close(&to);
	filled_open(&to, false);
	to.classes[1].latency_target_ns++;
	CHECK_INT(add(&to, (struct qos_str){ b.p, b.n }, &n_rejected), QOS_EUSAGE);
	CHECK(strstr(err.text, "other classes or targets") != NULL);
	to.classes[1].latency_target_ns--;
	to.slo[0].text = QOS_STR("all: 91% < 10ms");
	CHECK_INT(add(&to, (struct qos_str){ b.p, b.n }, &n_rejected), QOS_EUSAGE);
	CHECK(strstr(err.text, "does not know the objective") != NULL);
	CHECK_INT(add(&to, (struct qos_str){ b.p, b.n - 1 }, &n_rejected), QOS_EDAMAGE);
	CHECK_INT(add(&to, QOS_STR("ts,class\n"), &n_rejected), QOS_EDAMAGE);
	qos_buf_free(&b);
	filled_close(&to);
	filled_close(&f);
}

int main(void)
{
	RUN("a hundred parts, one of them empty, give the report of the whole, byte for byte", by_class);
	RUN("so do parts with more groups than are followed, but for the backlogs of those groups", by_many);
	RUN("numbers that make no sense are refused, or do no harm", nonsense);
	RUN("a state of other groups, classes or objectives is refused", others);
	return DONE();
}
