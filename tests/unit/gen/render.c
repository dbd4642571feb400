/* Lines: CSV and JSON, and cells that say where the values stand. */
#include "gen/render.h"

#include "tests/unit/test.h"

static struct qos_payload *payload;
static struct qos_rng rng;
static struct qos_token type = { "alert", 5 }, priority = { "high", 4 }, class = { "critical", 8 };

static struct qos_gen_row row(void)
{
	qos_rng_seed(&rng, 1);
	return (struct qos_gen_row){ .ts_ns = 1735689600000000123,
				     .number = 7,
				     .stream = 123456789012,
				     .size_bytes = 1500,
				     .service_ns = 12000000,
				     .type = &type,
				     .priority = &priority,
				     .class = &class,
				     .payload_set = 0,
				     .payload_rng = &rng };
}

static const char *line(bool json, const int *fields, int n, const struct qos_gen_row *r, struct qos_cell *cell)
{
	static char text[QOS_RENDER_BYTES];
	struct qos_render render;

	qos_render_init(&render, json, fields, n, payload);
	text[qos_render_line(&render, r, text, cell)] = 0;
	return text;
}

static const int most[] = { QOS_F_TS,       QOS_F_ID,   QOS_F_STREAM,       QOS_F_TENANT, QOS_F_TYPE,
			    QOS_F_PRIORITY, QOS_F_SIZE, QOS_F_SERVICE_TIME, QOS_F_LABEL,  QOS_F_CLASS };

static void writes_lines(void)
{
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_gen_row r = row();

	CHECK_TEXT(line(false, most, 10, &r, cell),
		   "1735689600.000000123,m7,s123456789012,default,alert,high,1500,0.012,critical,critical");
	r.n_tenants = 5;
	CHECK_TEXT(line(true, most, 10, &r, cell),
		   "{\"ts\":1735689600.000000123,\"id\":\"m7\",\"stream\":\"s123456789012\",\"tenant\":\"t2\",\"type\":"
		   "\"alert\",\"priority\":"
		   "\"high\",\"size\":1500,\"service_time\":0.012,\"label\":\"critical\",\"class\":\"critical\"}");
	CHECK_TEXT(line(true, (const int[]){ QOS_F_ID, QOS_F_SIZE }, 2, &r, cell), "{\"id\":\"m7\",\"size\":1500}");
	CHECK_TEXT(line(false, (const int[]){ QOS_F_SIZE }, 1, &r, cell), "1500");
	r.ts_ns = -1500000000;
	CHECK_TEXT(line(false, most, 1, &r, cell), "-1.5");
	r.ts_ns = 0;
	CHECK_TEXT(line(false, most, 1, &r, cell), "0.000000000");
}

/* Times that share a second, and times that do not. */
static void keeps_time(void)
{
	static const int64_t times[] = { 999999999,          1000000000,         1000000001, 1999999999,
					 123456789000000000, 123456789500000000, INT64_MAX };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_gen_row r = row();
	struct qos_render render;
	char text[QOS_RENDER_BYTES], want[64];

	qos_render_init(&render, false, most, 1, payload);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		r.ts_ns = times[i];
		text[qos_render_line(&render, &r, text, cell)] = 0;
		snprintf(want, sizeof(want), "%lld.%09lld", (long long)(times[i] / 1000000000),
			 (long long)(times[i] % 1000000000));
		CHECK_TEXT(text, want);
	}
}

static void says_where(void)
{
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_gen_row r = row();

	for (int json = 0; json < 2; json++) {
		const char *text = line(json, most, 10, &r, cell);
		struct qos_cell c = cell[QOS_F_PRIORITY];

		CHECK(c.len == 4 && memcmp(text + c.off, "high", 4) == 0);
		CHECK_INT(c.kind, json ? QOS_CELL_QUOTED : QOS_CELL_TEXT);
		CHECK(!json || (text[c.off - 1] == '"' && text[c.off + 4] == '"'));
		c = cell[QOS_F_SIZE];
		CHECK(c.len == 4 && memcmp(text + c.off, "1500", 4) == 0);
		CHECK_INT(c.kind, json ? QOS_CELL_NUMBER : QOS_CELL_TEXT);
		CHECK_INT(cell[QOS_F_PAYLOAD].kind, QOS_CELL_ABSENT);
	}
}

static void has_a_header(void)
{
	struct qos_render render;
	char text[QOS_RENDER_BYTES];

	qos_render_init(&render, false, most, 10, payload);
	text[qos_render_header(&render, text)] = 0;
	CHECK_TEXT(text, "ts,id,stream,tenant,type,priority,size,service_time,label,class");
	qos_render_init(&render, true, most, 10, payload);
	CHECK_INT(qos_render_header(&render, text), 0);
	CHECK_INT(qos_render_field(QOS_STR("service_time")), QOS_F_SERVICE_TIME);
	CHECK_INT(qos_render_field(QOS_STR("depart")), -1);
}

int main(void)
{
	CHECK_INT(qos_payload_new(&payload, NULL), 0);
	RUN("a record is one CSV line or one JSON object", writes_lines);
	RUN("time stamps are exact, whether the second changes or not", keeps_time);
	RUN("cells say where the values stand", says_where);
	RUN("CSV has a header line, JSON has none", has_a_header);
	qos_payload_free(payload);
	return DONE();
}
