/* The walk over the tokens of JSON lines. */
#include "format/json_walk.h"

#include <stdlib.h>

#include "format/json_scan.h"
#include "tests/unit/test.h"

static struct qos_json_walk walk;
static struct qos_json_keys keys;
static struct qos_reading g;
static struct qos_json_scan *scan;
static char block[1 << 18];

static void begin(const char *wanted0, const char *wanted1)
{
	g = (struct qos_reading){ 0 };
	qos_fields_new(&g.fields, NULL);
	qos_fields_want(g.fields, qos_fields_id(g.fields, qos_str(wanted0)));
	qos_fields_want(g.fields, qos_fields_id(g.fields, qos_str(wanted1)));
	qos_reading_grow(&g);
	qos_json_keys_init(&keys, &g, NULL);
	walk = (struct qos_json_walk){ .keys = &keys };
}

static void end(void)
{
	qos_json_keys_free(&keys);
	qos_fields_free(g.fields);
	free(g.cell);
}

static void load(const char *lines)
{
	size_t n;

	memset(block, 0, strlen(lines) + 64);
	memcpy(block, lines, strlen(lines));
	CHECK_INT(qos_json_scan_block(scan, block, strlen(lines)), QOS_JSON_CLEAN);
	qos_json_walk_block(&walk, block, block + strlen(lines), qos_json_scan_tokens(scan, &n));
}

/* The cell of a field as "kind:raw text". */
static const char *cell(const char *name)
{
	static char text[2][64];
	static int turn;
	struct qos_cell c = g.cell[qos_fields_id(g.fields, qos_str(name))];

	turn = !turn;
	snprintf(text[turn], sizeof(text[0]), "%d:%.*s", (int)c.kind, (int)c.len, block + c.off);
	return c.kind == QOS_CELL_ABSENT ? "absent" : text[turn];
}

static void sets_cells(void)
{
	begin("a", "b");
	load("{\"a\":1.5,\"x\":[1,{\"a\":2}],\"b\":\"t\"}\n");
	CHECK(qos_json_walk(&walk, block) == block + strlen(block) - 1);
	CHECK_TEXT(cell("a"), "5:1.5");
	CHECK_TEXT(cell("b"), "2:t");
	load("{\"b\":\"\\n\"}\n");
	CHECK(qos_json_walk(&walk, block) != NULL);
	CHECK_TEXT(cell("a"), "absent");
	CHECK_TEXT(cell("b"), "4:\\n");
	load(" { \"a\" : true , \"b\" : { \"c\" : [ ] } } \n");
	CHECK(qos_json_walk(&walk, block) != NULL);
	CHECK_TEXT(cell("a"), "6:true");
	CHECK_TEXT(cell("b"), "9:{ \"c\" : [ ] }");
	load("{\"a\":false,\"b\":null,\"a\":-1}\n");
	CHECK(qos_json_walk(&walk, block) != NULL);
	CHECK_TEXT(cell("a"), "5:-1");
	CHECK_TEXT(cell("b"), "8:null");
	end();
}

/* Whatever the line before was like, a line means the same. */
static void does_not_depend_on_the_line_before(void)
{
	static const char *const lines[] = { "{\"a\":1,\"b\":2}",
					     "{\"b\":2,\"a\":1}",
					     "{\"a\": 1,\"b\" :2}",
					     "{\"c\":{\"a\":3,\"b\":4},\"a\":1,\"b\":2}",
					     "{\"c\":[{\"a\":3},{\"b\":4}],\"b\":2,\"a\":1}",
					     "{\"\\u0061\":1,\"b\":2}",
					     "{\"a\":{\"b\":9},\"b\":2,\"a\":1}",
					     "{\"a\":1 ,\"b\":2 }" };
	const size_t n = sizeof(lines) / sizeof(lines[0]);
	char text[256];

	begin("a", "b");
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			snprintf(text, sizeof(text), "%s\n%s\n", lines[i], lines[k]);
			load(text);
			CHECK(qos_json_walk(&walk, block) == block + strlen(lines[i]));
			CHECK_TEXT(cell("a"), "5:1");
			CHECK(qos_json_walk(&walk, block) != NULL);
			CHECK_TEXT(cell("a"), "5:1");
			CHECK_TEXT(cell("b"), "5:2");
		}
	}
	end();
}

static void knows_paths(void)
{
	begin("m.env", "m.k.x");
	load("{\"env\":1,\"m\":{\"env\":\"p\",\"k\":{\"x\":7,\"env\":0}},\"k\":{\"x\":8}}\n"
	     "{\"m\":[{\"env\":3}],\"m\":{\"k\":{\"y\":1}}}\n");
	CHECK(qos_json_walk(&walk, block) != NULL);
	CHECK_TEXT(cell("m.env"), "2:p");
	CHECK_TEXT(cell("m.k.x"), "5:7");
	CHECK(qos_json_walk(&walk, block) != NULL);
	CHECK_TEXT(cell("m.env"), "absent");
	CHECK_TEXT(cell("m.k.x"), "absent");
	end();
}

/* Column from 0 where a line is refused; -1: it is not. */
static int refused_at(const char *line)
{
	static char text[1 << 17];

	snprintf(text, sizeof(text), "%s\n{\"a\":1}\n", line);
	load(text);
	if (qos_json_walk(&walk, block))
		return -1;
	qos_json_walk_skip(&walk, block + strlen(line));
	CHECK(walk.base + *walk.at == block + strlen(line) + 1); /* the next line can be walked */
	CHECK(qos_json_walk(&walk, block) != NULL);
	return (int)(walk.wrong - block);
}

static void refuses_what_is_no_object(void)
{
	begin("a", "b");
	CHECK_INT(refused_at("[1]"), 0);
	CHECK_INT(refused_at("  7"), 2);
	CHECK_INT(refused_at("{\"a\":1"), 6);
	CHECK_TEXT(walk.why, "the line ends before its object does");
	CHECK_INT(refused_at("{\"a\":"), 5);
	CHECK_INT(refused_at("{\"a\""), 4);
	CHECK_INT(refused_at("{"), 1);
	CHECK_INT(refused_at("{\"a\":1,"), 7);
	CHECK_INT(refused_at("{\"a\":1,}"), 7);
	CHECK_TEXT(walk.why, "a key in quotes is missing here");
	CHECK_INT(refused_at("{,}"), 1);
	CHECK_INT(refused_at("{a:1}"), 1);
	CHECK_INT(refused_at("{\"a\" 1}"), 5);
	CHECK_TEXT(walk.why, "a colon is missing here");
	CHECK_INT(refused_at("{\"a\":1 \"b\":2}"), 7);
	CHECK_TEXT(walk.why, "a comma or a closing bracket is missing here");
	CHECK_INT(refused_at("{\"a\":[1}"), 7);
	CHECK_INT(refused_at("{\"a\":{\"b\":1]"), 11);
	CHECK_INT(refused_at("{\"a\":[1,]}"), 8);
	CHECK_TEXT(walk.why, "a value is missing here");
	CHECK_INT(refused_at("{\"a\":}"), 5);
	CHECK_INT(refused_at("{\"a\":01}"), 6);
	CHECK_INT(refused_at("{\"a\":1x}"), 6);
	CHECK_INT(refused_at("{\"a\":tru}"), 5);
	CHECK_INT(refused_at("{\"a\":truex}"), 9);
	CHECK_INT(refused_at("{\"a\":'x'}"), 5);
	CHECK_INT(refused_at("{\"a\":NaN}"), 5);
	CHECK_INT(refused_at("{\"a\":\"x\"y}"), 8);
	CHECK_INT(refused_at("{\"a\":\"x\\y\"}"), 7);
	CHECK_TEXT(walk.why, "an escape that JSON does not have");
	CHECK_INT(refused_at("{\"a\":\"\\ud800\"}"), 6);
	CHECK_INT(refused_at("{\"\\q\":1}"), 2);
	end();
}

/* {"a":[[...]]} with n brackets in all. */
static const char *nested(int n)
{
	static char text[600];
	char *p = text + sprintf(text, "{\"a\":");

	for (int i = 1; i < n; i++)
		*p++ = '[';
	for (int i = 1; i < n; i++)
		*p++ = ']';
	strcpy(p, "}");
	return text;
}

static void limits_nesting_and_fields(void)
{
	static char text[100000];
	char *p = text;

	begin("a", "b");
	CHECK_INT(refused_at(nested(128)), -1);
	CHECK_INT(refused_at(nested(129)), 5 + 127);
	CHECK_TEXT(walk.why, "nested deeper than 128");
	*p++ = '{';
	for (int i = 0; i < 4096; i++)
		p += sprintf(p, "%s\"k%d\":%d", i ? "," : "", i, i);
	strcpy(p, "}");
	CHECK_INT(refused_at(text), -1);
	strcpy(p, ",\"one more\":0}");
	CHECK_INT(refused_at(text), (int)(p + 1 - text));
	CHECK_TEXT(walk.why, "more than 4096 fields");
	end();
}

int main(void)
{
	scan = qos_json_scan_new(sizeof(block));
	RUN("cells say where the wanted members stand, the last of two equal ones counts", sets_cells);
	RUN("a line means the same whatever stood before it", does_not_depend_on_the_line_before);
	RUN("dotted paths lead into objects and not into arrays", knows_paths);
	RUN("what is no JSON object in one line is refused with its place", refuses_what_is_no_object);
	RUN("nesting ends at 128 and fields at 4096", limits_nesting_and_fields);
	qos_json_scan_free(scan);
	return DONE();
}
