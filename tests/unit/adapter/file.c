/* file: appends, and makes files by class and stream. */
#include "tests/unit/adapter/open.h"

static void appends(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("file:a.txt", &kind);

	CHECK(!kind->single(state));
	CHECK_INT(kind->open(state), 0);
	CHECK(kind->fresh(state));
	CHECK_INT(adapter_write(kind, state, "one\n"), 4);
	kind->close(state);
	CHECK_INT(kind->open(state), 0);
	CHECK(!kind->fresh(state));
	CHECK_INT(adapter_write(kind, state, "two\n"), 4);
	adapter_free(kind, state);
	CHECK_TEXT(text_of("a.txt"), "one\ntwo\n");
	unlink("a.txt");
}

static void by_name(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("file:{class}-{stream}.txt", &kind);
	struct qos_adapter_names names = { QOS_STR("critical"), QOS_STR("../x"), QOS_STR("head\n") };

	CHECK(kind->single(state));
	CHECK_INT(kind->open(state), 0);
	CHECK_INT(kind->write(state, QOS_STR("one\n"), &names), 4);
	CHECK_INT(kind->write(state, QOS_STR("two\n"), &names), 4);
	names.stream = QOS_STR("");
	CHECK_INT(kind->write(state, QOS_STR("three\n"), &names), 6);
	adapter_free(kind, state);
	CHECK_TEXT(text_of("critical-_._x.txt"), "head\none\ntwo\n");
	CHECK_TEXT(text_of("critical-_.txt"), "head\nthree\n");
	unlink("critical-_._x.txt");
	unlink("critical-_.txt");
}

/* More files than are kept open: each one still gets all of its records, and one header. */
static void many_files(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("file:many-{stream}", &kind);
	char name[16];

	CHECK_INT(kind->open(state), 0);
	for (int i = 0; i < 300; i++) {
		struct qos_adapter_names names = {
			.stream = { name, (size_t)snprintf(name, sizeof(name), "%d", i % 100) }, .header = QOS_STR("h")
		};

		CHECK_INT(kind->write(state, QOS_STR("r"), &names), 1);
	}
	adapter_free(kind, state);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		CHECK_TEXT(text_of(name), "hrrr");
		unlink(name);
	}
}

static void refused(void)
{
	const struct qos_adapter *kind;
	void *state;

	CHECK(!adapter_make("file:", &kind));
	state = adapter_make("file:no/such/folder/x", &kind);
	CHECK_INT(kind->open(state), -ENOENT);
	adapter_free(kind, state);
}

int main(void)
{
	enter_folder();
	RUN("it appends, and knows whether the file is new", appends);
	RUN("names make files, which begin with the header and stay in their folder", by_name);
	RUN("a hundred files share the few that are kept open", many_files);
	RUN("no name, and no folder, are refused", refused);
	leave_folder();
	return DONE();
}
