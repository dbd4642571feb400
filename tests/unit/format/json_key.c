/* Keys that are remembered. */
#include "format/json_key.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static struct qos_reading g;
static struct qos_json_keys keys;
static struct qos_json_level level[3];

static void begin(bool keep_all, const char *wanted)
{
	g = (struct qos_reading){ .keep_all = keep_all };
	qos_fields_new(&g.fields, NULL);
	if (wanted)
		qos_fields_want(g.fields, qos_fields_id(g.fields, qos_str(wanted)));
	qos_reading_grow(&g);
	CHECK_INT(qos_json_keys_init(&keys, &g, NULL), 0);
	level[0] = (struct qos_json_level){ .parent = &keys.root, .id = -1, .object = true, .told = true };
}

static void end(void)
{
	qos_json_keys_free(&keys);
	qos_fields_free(g.fields);
	free(g.cell);
}

static struct qos_json_key *find(int depth, const char *text, const char *prefix)
{
	return qos_json_key_find(&keys, level, depth, qos_str(text), prefix, strlen(prefix));
}

static void finds_fields(void)
{
	begin(false, "size");
	CHECK_INT(find(0, "size", "\"size\":")->id, QOS_F_SIZE);
	CHECK_INT(find(0, "other", "\"other\":")->id, -1);
	CHECK_INT(find(0, "s\\u0069ze", "\"s\\u0069ze\":")->id, QOS_F_SIZE);
	CHECK(find(0, "size", "\"size\":") == find(0, "size", "\"size\": "));
	CHECK(!keys.deep);
	end();
}

static void knows_what_stood_there(void)
{
	char text[128] = " \"a_key_with_a_long_name\" : 1", other[128] = " \"a_key_with_a_long_nome\" : 1";
	struct qos_json_key *key;

	begin(false, NULL);
	key = qos_json_key_find(&keys, level, 0, QOS_STR("a_key_with_a_long_name"), text, 28);
	CHECK_INT(key->n_bytes, 28);
	CHECK(qos_json_key_matches(key, text));
	CHECK(!qos_json_key_matches(key, other));
	CHECK(!qos_json_key_matches(key, text + 1));
	key = find(0, "k", "\"k\":");
	CHECK(qos_json_key_matches(key, "\"k\":anything behind it"));
	CHECK(!qos_json_key_matches(key, "\"k\" :anything behind it"));
	end();
}

static void finds_paths(void)
{
	struct qos_json_key *meta;

	begin(false, "meta.env");
	CHECK(keys.deep);
	meta = find(0, "meta", "\"meta\":");
	CHECK_INT(meta->id, -1);
	level[1] = (struct qos_json_level){ .text = QOS_STR("meta"), .parent = meta, .object = true, .told = true };
	CHECK_INT(find(1, "env", "\"env\":")->id, qos_fields_id(g.fields, QOS_STR("meta.env")));
	CHECK_INT(find(0, "env", "\"env\":")->id, -1);
	level[1].told = false;
	level[1].parent = &keys.nowhere;
	CHECK_INT(find(1, "env", "\"env\":")->id, -1);
	end();
}

static void keeps_new_ones(void)
{
	begin(true, NULL);
	CHECK_INT(find(0, "brand_new", "\"brand_new\":")->id, QOS_N_KNOWN);
	CHECK_INT(g.n_cells, QOS_N_KNOWN + 1);
	CHECK(g.fields->kept[QOS_N_KNOWN]);
	end();
}

/* More keys than are remembered, and keys that are too long for that, are found all the same. */
static void never_runs_full(void)
{
	char text[400];

	begin(false, "last");
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "key%d", i);
		CHECK_INT(find(0, text, "\"\":")->id, -1);
	}
	CHECK(find(0, "last", "\"last\":") == &keys.stray);
	CHECK_INT(keys.stray.id, qos_fields_id(g.fields, QOS_STR("last")));
	end();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	begin(false, text);
	CHECK(find(0, text, "") == &keys.stray);
	CHECK_INT(keys.stray.id, QOS_N_KNOWN);
	end();
}

/* A field more than there can be is told. */
static void refuses_one_field_too_many(void)
{
	struct qos_json_key *key = &keys.root;
	char text[16];
	int n = 0;

	begin(true, NULL);
	while (n < 5000 && key) {
		snprintf(text, sizeof(text), "key%d", n++);
		key = find(0, text, "\"\":");
	}
	CHECK_INT(n, QOS_FIELDS_MOST - QOS_N_KNOWN + 1);
	end();
}

int main(void)
{
	RUN("a key is the field of its name, escapes undone", finds_fields);
	RUN("a key knows the bytes around it", knows_what_stood_there);
	RUN("a dotted path names a key inside", finds_paths);
	RUN("a key that is new becomes a column where all are kept", keeps_new_ones);
	RUN("keys that are not remembered are found", never_runs_full);
	RUN("a field more than there can be is refused", refuses_one_field_too_many);
	return DONE();
}
