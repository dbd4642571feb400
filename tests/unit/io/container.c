/* Files of checksummed sections. */
#include "io/container.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/replace.h"
#include "tests/unit/test.h"

static char path[] = "/tmp/qos-container-XXXXXX";
static struct qos_err err;

static void write_sample(void)
{
	struct qos_container_out o;
	float x[2] = { 1.5f, -0.25f };

	qos_container_begin(&o, "qosthing", 3);
	qos_container_section(&o, "one ");
	qos_container_u32(&o, 0x01020304);
	qos_container_text(&o, QOS_STR("hello"));
	qos_container_section(&o, "two ");
	qos_container_u64(&o, UINT64_MAX);
	qos_container_f64(&o, 0.1);
	qos_container_f32s(&o, x, 2);
	CHECK_INT(qos_container_save(&o, path, &err), 0);
}

static void round_trip(void)
{
	struct qos_container c;
	struct qos_section s;
	float x[2];

	write_sample();
	CHECK_INT(qos_container_open(&c, path, "qosthing", 3, &err), 0);
	CHECK_INT(c.version, 3);
	CHECK(qos_container_find(&c, "two ", &s));
	CHECK(qos_section_u64(&s) == UINT64_MAX && qos_section_f64(&s) == 0.1);
	qos_section_f32s(&s, x, 2);
	CHECK(x[0] == 1.5f && x[1] == -0.25f && s.p == s.end && !s.short_of);
	CHECK_INT(qos_section_u32(&s), 0);
	CHECK(s.short_of);
	CHECK(qos_container_find(&c, "one ", &s));
	CHECK_INT((unsigned char)s.p[0], 4); /* the little end first */
	CHECK_INT(qos_section_u32(&s), 0x01020304);
	CHECK(qos_str_is(qos_section_text(&s), "hello"));
	CHECK(!qos_container_find(&c, "none", &s));
	qos_container_close(&c);
}

/* Every byte that is changed, and every byte that is missing, is noticed. */
static void damage(void)
{
	struct qos_container c;
	char bytes[400];
	size_t n;
	FILE *f;
	int seen = 0;

	write_sample();
	f = fopen(path, "r");
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	for (size_t i = 0; i < n; i++) {
		bytes[i] ^= 1;
		qos_replace(path, (struct qos_str){ bytes, n }, &err);
		if (i == 8) /* version 2: an older file is none of its business */
			CHECK_INT(qos_container_open(&c, path, "qosthing", 3, &err), 0);
		else
			seen += qos_container_open(&c, path, "qosthing", 3, &err) == QOS_EDAMAGE;
		qos_container_close(&c);
		bytes[i] ^= 1;
	}
	CHECK_INT(seen, n - 1);
	for (size_t i = 0; i < n; i++) {
		qos_replace(path, (struct qos_str){ bytes, i }, &err);
		CHECK_INT(qos_container_open(&c, path, "qosthing", 3, &err), QOS_EDAMAGE);
	}
	bytes[n] = 0;
	qos_replace(path, (struct qos_str){ bytes, n + 1 }, &err);
	CHECK_INT(qos_container_open(&c, path, "qosthing", 3, &err), QOS_EDAMAGE);
	CHECK(strstr(err.text, "bytes follow") != NULL);
}

static void newer(void)
{
	struct qos_container c;

	write_sample();
	CHECK_INT(qos_container_open(&c, path, "qosthing", 2, &err), QOS_EDAMAGE);
	CHECK(strstr(err.text, "has version 3; this program reads up to 2") != NULL);
	CHECK_INT(qos_container_open(&c, "/nowhere/at/all", "qosthing", 2, &err), QOS_EIO);
}

/* Two in a row, with numbers of every length. */
static void numbers(void)
{
	static const uint64_t x[] = { 0, 1, 127, 128, 16383, 16384, 1ULL << 35, 1ULL << 63, UINT64_MAX };
	enum { N = sizeof(x) / sizeof(*x) };
	struct qos_container_out o;
	struct qos_container c;
	struct qos_section s;
	struct qos_buf two = { 0 };
	size_t used;

	qos_container_begin(&o, "qosthing", 1);
	qos_container_section(&o, "nums");
	for (int i = 0; i < N; i++)
		qos_container_number(&o, x[i]);
	qos_container_end(&o);
	CHECK_INT(o.b.n, 16 + 24 + 1 + 1 + 1 + 2 + 2 + 3 + 6 + 10 + 10);
	qos_buf_add(&two, o.b.p, o.b.n);
	qos_buf_add(&two, o.b.p, o.b.n);
	CHECK_INT(qos_container_view(&c, (struct qos_str){ two.p, two.n }, &used, "x", "qosthing", 1, &err), 0);
	CHECK_INT(used, o.b.n);
	CHECK(qos_container_find(&c, "nums", &s));
	for (int i = 0; i < N; i++)
		CHECK(qos_section_number(&s) == x[i]);
	CHECK(!s.short_of && qos_section_number(&s) == 0 && s.short_of);
	qos_container_close(&c);
	CHECK_INT(qos_container_view(&c, (struct qos_str){ two.p, two.n - 1 }, &used, "x", "qosthing", 1, &err), 0);
	two.p[used - 1] ^= 1;
	CHECK_INT(qos_container_view(&c, (struct qos_str){ two.p, two.n }, &used, "x", "qosthing", 1, &err),
		  QOS_EDAMAGE);
	s = (struct qos_section){ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", NULL, false };
	s.end = s.p + 10; /* 65 bits */
	CHECK(qos_section_number(&s) == 0 && s.short_of);
	qos_buf_free(&o.b);
	qos_buf_free(&two);
}

int main(void)
{
	close(mkstemp(path));
	RUN("what was written is read", round_trip);
	RUN("any damage and any truncation is refused", damage);
	RUN("a newer file and a missing one are refused with the reason", newer);
	RUN("numbers take as few bytes as they need; containers may stand in a row", numbers);
	unlink(path);
	return DONE();
}
