/* The forecast as text. */
#include "render/outlook.h"

#include <math.h>

#include "tests/unit/test.h"

static struct qos_forecast of[2] = { { { "a\"b", 3 }, true, 10, 12, 20, 25, 0.081, 0.2, 7200 },
				     { { "all", 3 }, false, NAN, NAN, NAN, NAN, NAN, NAN, NAN } };
static const struct qos_outlook outlook = { .ahead_s = 3600,
					    .of = of,
					    .n = 2,
					    .unit = { "adapter", 7 },
					    .unit_rate = 5,
					    .need = { { 0, 2 }, { 1800, 4 } },
					    .n_needs = 2,
					    .more = true };

static void table(void)
{
	struct qos_buf b = { 0 };

	qos_outlook_table(&outlook, true, &b);
	qos_buf_add(&b, "", 1);
	CHECK(strstr(b.p, "60min ahead\n") && strstr(b.p, "error 8.1% (of the mean 20%), season 120min\n"));
	CHECK(strstr(b.p, "too little time to say\n"));
	CHECK(strstr(b.p, "  adapter: 2 from now on; : 4 from") == NULL);
	CHECK(strstr(b.p, "  adapter: 2 from now on; 4 from 30min on; and more changes\n"));
	qos_buf_free(&b);
}

/* Marks that join the character before take bytes and no column. */
static void long_names(void)
{
	static char name[402] = "e";
	struct qos_forecast one = { { name, 401 }, false, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
	struct qos_outlook o = { .ahead_s = 60, .of = &one, .n = 1 };
	struct qos_buf b = { 0 };

	for (int i = 0; i < 200; i++)
		memcpy(name + 1 + 2 * i, "\xcc\x81", 2);
	qos_outlook_table(&o, true, &b);
	qos_buf_add(&b, "", 1);
	CHECK(strstr(b.p, "\xcc\x81") && strstr(b.p, "too little time to say\n"));
	qos_buf_free(&b);
	one.name = QOS_STR("caf\xc3\xa9");
	qos_outlook_table(&o, true, &b);
	qos_buf_add(&b, "", 1);
	CHECK(strstr(b.p, "  caf\xc3\xa9                     too")); /* 24 columns */
	qos_buf_free(&b);
}

static void json(void)
{
	struct qos_buf b = { 0 };

	qos_outlook_json(&outlook, &b);
	qos_buf_add(&b, "", 1);
	CHECK(strstr(b.p,
		     "{\"of\": \"a\\\"b\", \"rate\": 10, \"mean\": 12, \"peak\": 20, \"high\": 25, \"error\": 0.081, "
		     "\"error_of_mean\": 0.2, \"season\": 7200}"));
	CHECK(strstr(b.p, "\"rate\": null"));
	CHECK(strstr(b.p, "\"scale\": {\"unit\": \"adapter\", \"rate\": 5, \"needs\": [{\"from\": 0, \"count\": 2}, "
			  "{\"from\": 1800, \"count\": 4}], \"more\": true}}"));
	qos_buf_free(&b);
}

int main(void)
{
	RUN("lines for people", table);
	RUN("names of many bytes and few columns", long_names);
	RUN("an object", json);
	return DONE();
}
