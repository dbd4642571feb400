/* Rules from labels. */
#include "classify/suggest.h"

#include "tests/unit/config/with.h"

static void add(struct qos_suggest *s, const char *type, const char *payload, const char *label)
{
	char bytes[300];
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = bytes, .cell = cell };
	struct qos_stage stage = qos_suggest_stage(s);
	size_t a = strlen(type), b = strlen(payload), c = strlen(label);

	r.n_bytes = (uint32_t)snprintf(bytes, sizeof(bytes), "%s%s%s", type, payload, label);
	cell[QOS_F_TYPE] = (struct qos_cell){ 0, (uint32_t)a, QOS_CELL_TEXT };
	cell[QOS_F_PAYLOAD] = (struct qos_cell){ (uint32_t)a, (uint32_t)b, QOS_CELL_TEXT };
	cell[QOS_F_LABEL] = (struct qos_cell){ (uint32_t)(a + b), (uint32_t)c, QOS_CELL_TEXT };
	stage.push(stage.self, &r, 0, NULL);
}

static void covers(void)
{
	struct qos_config *c;
	struct qos_fields *fields;
	struct qos_suggest *s;
	struct qos_err err;
	struct qos_buf b = { 0 };

	CHECK_INT(load_text(&c, "", NULL, 0), 0);
	CHECK_INT(qos_fields_new(&fields, &err), 0);
	CHECK_INT(qos_suggest_new(&s, c, fields, &err), 0);
	CHECK(fields->wanted[QOS_F_LABEL] && fields->wanted[QOS_F_TYPE]);
	for (int i = 0; i < 20; i++) {
		add(s, "job", i % 4 ? "all is well" : "Kernel PANIC now, panic!", i % 4 ? "system" : "critical");
		add(s, "it's", i % 2 ? "one thing" : "other thing", i % 2 ? "system" : "critical");
		add(s, "none", "nothing", "no-class");
	}
	qos_suggest_write(s, &b);
	CHECK(strstr(b.p,
		     "'payload ~ /\\bwell\\b/i', class: \"system\", priority: 1}  # support 15, precision 1.0000\n") ||
	      strstr(b.p,
		     "'payload ~ /\\ball\\b/i', class: \"system\", priority: 1}  # support 15, precision 1.0000\n"));
	CHECK(strstr(b.p, "class: \"critical\""));
	CHECK(!strstr(b.p, "it's"));
	CHECK(strstr(
		b.p,
		"# 40 labelled records; the rules cover 40 of them, 40 as labelled; 20 had no label of a class\n"));
	qos_buf_free(&b);
	qos_suggest_free(s);
	qos_fields_free(fields);
	qos_config_free(c);
}

int main(void)
{
	RUN("rules cover what the labels say, the most at once first", covers);
	return DONE();
}
