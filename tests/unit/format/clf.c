/* Access logs. */
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

#define LINE \
	"10.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a.gif HTTP/1.0\" 200 2326 \"http://x/\" \"M/4.08 [en]\""

static struct pipe_run run;

static const char *convert(const char *text)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_clf } };
	return pipe_run_text(&run, text);
}

static void reads_combined(void)
{
	CHECK_TEXT(
		convert(LINE "\n"),
		"{\"ts\":\"10/Oct/2000:13:55:36 -0700\",\"remote_host\":\"10.0.0.1\",\"ident\":\"-\",\"user\":\"frank\","
		"\"method\":\"GET\",\"path\":\"/a.gif\",\"protocol\":\"HTTP/1.0\",\"status\":200,\"size\":2326,"
		"\"referer\":\"http://x/\",\"user_agent\":\"M/4.08 [en]\",\"stream\":\"10.0.0.1\"}\n");
	CHECK(strstr(convert(LINE " \"1.2.3.4\" 0.05\r\n\r\n" LINE), "\"user_agent\":\"M/4.08 [en]\",\"stream\""));
	CHECK_INT(run.counts.n_records, 2);
}

static void reads_common(void)
{
	CHECK_TEXT(convert("::1 - - [10/Oct/2000:13:55:36 +0000] \"-\" 408 -\n"),
		   "{\"ts\":\"10/Oct/2000:13:55:36 +0000\",\"remote_host\":\"::1\",\"ident\":\"-\",\"user\":\"-\","
		   "\"request\":\"-\",\"status\":408,\"size\":0,\"stream\":\"::1\"}\n");
	CHECK(strstr(
		convert("h - a b [10/Oct/2000:13:55:36 +0000] \"PROPFIND /x y HTTP/1.1\" 207 9 17\n"),
		"\"user\":\"a b\",\"method\":\"PROPFIND\",\"path\":\"/x y\",\"protocol\":\"HTTP/1.1\",\"status\":207,"
		"\"size\":9,\"stream\":\"h\"}"));
	CHECK(strstr(convert("h - - [31/Dec/1999:23:59:59 -1111] \"GET /\" 418 -\n"),
		     "\"request\":\"GET /\",\"status\":418,\"size\":0,"));
}

static void reads_vhosts(void)
{
	CHECK(strstr(convert("www.x.org:443 " LINE "\n"), "\"vhost\":\"www.x.org:443\",\"remote_host\":\"10.0.0.1\","
							  "\"ident\":\"-\",\"user\":\"frank\""));
	CHECK(strstr(convert("[::1]:80 " LINE "\n"), "\"vhost\":\"[::1]:80\",\"remote_host\":\"10.0.0.1\""));
	CHECK(strstr(convert("2001:db8::80 - a b [10/Oct/2000:13:55:36 +0000] \"-\" 400 0\n"),
		     "\"remote_host\":\"2001:db8::80\",\"ident\":\"-\",\"user\":\"a b\""));
}

static void reads_quotes(void)
{
	CHECK(strstr(
		convert("h - - [10/Oct/2000:13:55:36 +0000] \"GET /\\\" \\\\ HTTP/1.1\" 200 1 \"a\"b\" \"x\\\\\"\n"),
		"\"path\":\"/\\\\\\\" \\\\\\\\\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"size\":1,"
		"\"referer\":\"a\\\"b\",\"user_agent\":\"x\\\\\\\\\""));
}

static void check_bad(const char *line, const char *message)
{
	char text[400];

	snprintf(text, sizeof(text), "%s\n%s\n", LINE, line);
	convert(text);
	CHECK_INT(run.counts.n_records, 1);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], message);
}

static void refuses_cut_lines(void)
{
	check_bad("hello", "in:2:6: there is no [time] behind host, identity and user");
	check_bad("h [10/Oct/2000:13:55:36 +0000] \"-\" 200 1",
		  "in:2:1: host, identity and user must stand before the [time]");
	check_bad("h - - [10/Oct/2000:13:55:36", "in:2:7: the bracket of the time does not close");
	check_bad("h - - [1]", "in:2:10: the line ends behind the time");
	check_bad("h - - [1] GET", "in:2:11: the request in quotes is missing");
	check_bad("h - - [1] \"GET / HTTP/1.1", "in:2:11: a quote opens here and does not close");
	check_bad("h - - [1] \"GET / HTTP/1.1\"", "in:2:27: the line ends where the status is missing");
	check_bad("h - - [1] \"-\" 20", "in:2:15: the status is no number of three digits");
	check_bad("h - - [1] \"-\" 200", "in:2:18: the line ends where the size is missing");
	check_bad("h - - [1] \"-\" 200 x", "in:2:19: the size is neither a number nor -");
}

/* Behind the size all that counts has been told: what is left of referer and user agent is taken. */
static void takes_cut_ends(void)
{
	CHECK(strstr(convert("h - - [10/Oct/2000:13:55:36 +0000] \"-\" 200 1 \"r\n"), "\"referer\":\"r\""));
	CHECK(strstr(convert("h - - [10/Oct/2000:13:55:36 +0000] \"-\" 200 1 \"r\" \"Mozilla\n"),
		     "\"referer\":\"r\",\"user_agent\":\"Mozilla\""));
	CHECK_INT(run.counts.n_rejected, 0);
}

/* Every place where a line may be cut: nothing but a record or a refusal. */
static void survives_any_cut(void)
{
	char text[300];

	for (size_t n = 1; n < sizeof(LINE); n++) {
		snprintf(text, sizeof(text), "%.*s", (int)n, LINE);
		convert(text);
		CHECK_INT(run.counts.n_records + run.counts.n_rejected, 1);
	}
}

struct cells {
	struct qos_fields *fields;
	struct qos_reading g;
	struct qos_in in;
	struct qos_record r;
	void *state;
};

/* The first record of a text, with fields wanted by a stage. */
static void read_first(struct cells *c, const char *text, const char *const *wanted, int n, const char *stream)
{
	*c = (struct cells){ 0 };
	qos_fields_new(&c->fields, NULL);
	if (stream)
		qos_fields_map(c->fields, QOS_STR("stream"), qos_str(stream), NULL);
	for (int i = 0; i < n; i++)
		qos_fields_want(c->fields, qos_fields_id(c->fields, qos_str(wanted[i])));
	c->g.fields = c->fields;
	c->g.in = &c->in;
	qos_in_memory(&c->in, "m", qos_str(text), 1 << 20, NULL);
	c->state = calloc(1, qos_format_clf.reader_bytes);
	CHECK_INT(qos_format_clf.open(c->state, &c->g, NULL), 0);
	qos_reading_grow(&c->g);
	CHECK_INT(qos_format_clf.next(c->state, &c->g, &c->r), QOS_NEXT_RECORD);
}

static bool has(const struct cells *c, const char *field, const char *text)
{
	int id = qos_fields_id(c->fields, qos_str(field));

	return qos_str_is(qos_cell_text(&c->r, c->r.cell[id], NULL), text);
}

static void free_cells(struct cells *c)
{
	qos_in_close(&c->in);
	qos_fields_free(c->fields);
	free(c->g.cell);
	free(c->state);
}

static void gives_stages_what_they_want(void)
{
	static const char *const wanted[] = { "stream", "payload", "request", "ts" };
	struct cells c;

	read_first(&c, LINE "\n", wanted, 4, NULL);
	CHECK(has(&c, "stream", "10.0.0.1"));
	CHECK(has(&c, "payload", LINE));
	CHECK(has(&c, "request", "GET /a.gif HTTP/1.0"));
	CHECK(has(&c, "ts", "10/Oct/2000:13:55:36 -0700"));
	free_cells(&c);
	read_first(&c, LINE "\n", wanted, 4, "user");
	CHECK(has(&c, "stream", "frank"));
	free_cells(&c);
}

static int score(const char *text)
{
	char why[160];

	return qos_format_clf.detect(qos_str(text), why);
}

static void detects(void)
{
	CHECK(score(LINE "\n" LINE "\ncut") > 90);
	CHECK(score(LINE) > 90);
	CHECK(score("h - - [10/Oct/2000:13:55:36 +0000] \"-\" 408 -\r\n") > 90);
	CHECK_INT(score("[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok\n"), 0);
	CHECK_INT(score("a b c [error] \"x\" 200 1\n"), 0);
	CHECK_INT(score("\n"), 0);
	CHECK_INT(score(""), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("a combined line has all its fields, and what is behind it is left alone", reads_combined);
	RUN("a common line has no more, - is no bytes, an odd request stays whole", reads_common);
	RUN("a virtual host before the client is told from a user with blanks", reads_vhosts);
	RUN("quotes may be escaped, or stand raw inside a word", reads_quotes);
	RUN("a line cut short is refused with its column and the reason", refuses_cut_lines);
	RUN("a line cut behind its size is a record with what it has", takes_cut_ends);
	RUN("no cut breaks it", survives_any_cut);
	RUN("stages get stream, payload and request", gives_stages_what_they_want);
	RUN("access logs are told from other text", detects);
	convert("");
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
