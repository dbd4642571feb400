/* The tree of places. */
#include "config/place.h"

#include "tests/unit/test.h"

static struct qos_arena arena;

static struct qos_place *parse(const char *text, struct qos_err *err)
{
	struct qos_place *root = NULL;

	*err = (struct qos_err){ 0 };
	return qos_place_parse(&root, &arena, qos_str(text), "f", err) ? NULL : root;
}

static void knows_places(void)
{
	struct qos_err err;
	struct qos_place *p = parse("a: 1\nb:\n  - {name: x, v: 'two'}\n  - name: y\n", &err), *item;

	CHECK_INT(p->n_children, 2);
	CHECK_INT(qos_place_find(p, "a")->at.column, 4);
	item = qos_place_item(qos_place_find(p, "b"), 0);
	CHECK_INT(qos_place_find(item, "v")->at.line, 3);
	CHECK_INT(qos_place_find(item, "v")->at.column, 19); /* behind the quote */
	CHECK_INT(qos_place_find(item, "v")->key_at.column, 15);
	CHECK(qos_place_find(p, "c") == NULL);
	CHECK(qos_place_item(qos_place_find(p, "b"), 2) == NULL);
}

static void refuses(void)
{
	struct qos_err err;

	CHECK(!parse("a: &x 1\nb: *x\n", &err));
	CHECK_TEXT(err.text, "f:2:4: aliases are not read; write the value out");
	CHECK(!parse("a: 1\n---\nb: 2\n", &err));
	CHECK_TEXT(err.text, "f:2:1: a second document; write one configuration a file");
	CHECK(!parse("a: [1\n", &err));
	CHECK_INT(err.code, QOS_EUSAGE);
	CHECK(parse("", &err) && parse("# nothing\n", &err));
}

static void sets(void)
{
	struct qos_err err;
	struct qos_place *p = parse("l:\n  - {name: x, v: 1}\n", &err);
	struct qos_buf b = { 0 };

	CHECK_INT(qos_place_set(p, &arena, "l.x.v=2", &err), 0);
	CHECK_INT(qos_place_set(p, &arena, "l.0.w=a b", &err), 0);
	CHECK_INT(qos_place_set(p, &arena, "m.n=3", &err), 0);
	qos_place_json(p, &b);
	CHECK_TEXT(b.p, "{\"l\": [{\"name\": \"x\", \"v\": \"2\", \"w\": \"a b\"}], \"m\": {\"n\": \"3\"}}");
	qos_buf_free(&b);
	CHECK_INT(qos_place_set(p, &arena, "l.z.v=2", &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "--set:1:3: there is no \"z\" in this list");
	CHECK_INT(qos_place_set(p, &arena, "nothing", &err), QOS_EUSAGE);
}

static void puts_in_place(void)
{
	struct qos_err err;
	struct qos_place *p = parse("a: 1\nb: 2\n", &err), *q = parse("b: 3\nc: 4\n", &err);
	struct qos_place *b = qos_place_find(q, "b"), *c = qos_place_find(q, "c");
	struct qos_buf json = { 0 };

	qos_place_put(p, b);
	qos_place_put(p, c);
	qos_place_json(p, &json);
	CHECK_TEXT(json.p, "{\"a\": \"1\", \"b\": \"3\", \"c\": \"4\"}");
	qos_buf_free(&json);
}

int main(void)
{
	RUN("keys and values know their line and column", knows_places);
	RUN("aliases, second documents and broken YAML are refused", refuses);
	RUN("--set changes, adds and names list items", sets);
	RUN("a child takes the place of the one with its key", puts_in_place);
	qos_arena_free(&arena);
	return DONE();
}
