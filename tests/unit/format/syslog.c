/* syslog in all its forms. */
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

static const char *convert(const char *text)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_syslog } };
	return pipe_run_text(&run, text);
}

static void reads_5424(void)
{
	CHECK_TEXT(
		convert("<165>1 2003-10-11T22:14:15.003Z h.x evntslog 10 ID47 [e@1 iut=\"3\" s=\"a \\\"b\\] \\\\\"]"
			"[p@2 c=\"high\"] \xef\xbb\xbf"
			"An entry\n"),
		"{\"ts\":\"2003-10-11T22:14:15.003Z\",\"facility\":20,\"severity\":5,\"host\":\"h.x\","
		"\"app\":\"evntslog\",\"pid\":10,\"msgid\":\"ID47\",\"stream\":\"h.x evntslog\",\"payload\":\"An entry\","
		"\"e@1.iut\":\"3\",\"e@1.s\":\"a \\\"b] \\\\\",\"p@2.c\":\"high\"}\n");
	CHECK_TEXT(convert("<0>1 - - - - - -\n<34>1 - h - - - - m [x\n"),
		   "{\"facility\":0,\"severity\":0}\n"
		   "{\"facility\":4,\"severity\":2,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"m [x\"}\n");
}

/* A parameter that one message has and the next has not. */
static void forgets_parameters(void)
{
	CHECK_TEXT(convert("<0>1 - - - - - [a b=\"1\"]\n<0>1 - - - - - [a c=\"2\"]\n<0>1 - - - - - -\n"),
		   "{\"facility\":0,\"severity\":0,\"a.b\":\"1\"}\n{\"facility\":0,\"severity\":0,\"a.c\":\"2\"}\n"
		   "{\"facility\":0,\"severity\":0}\n");
}

static void reads_3164(void)
{
	CHECK_TEXT(convert("<34>Feb  4 11:14:27 1.2.3.4 su: test message\n"),
		   "{\"ts\":949662867,\"facility\":4,\"severity\":2,\"host\":\"1.2.3.4\",\"app\":\"su\","
		   "\"stream\":\"1.2.3.4 su\",\"payload\":\"test message\"}\n");
	CHECK_TEXT(convert("Feb 29 11:14:27.25 h sshd(pam)[19]: a: b\nMar  1 00:00:00 h last message repeated\n"),
		   "{\"ts\":951822867.25,\"host\":\"h\",\"app\":\"sshd(pam)\",\"pid\":19,\"stream\":\"h sshd(pam)\","
		   "\"payload\":\"a: b\"}\n"
		   "{\"ts\":951868800,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"last message repeated\"}\n");
	CHECK_TEXT(convert("<13>2015-08-05T21:58:59+02:00 h app: m\n"),
		   "{\"ts\":\"2015-08-05T21:58:59+02:00\",\"facility\":1,\"severity\":5,\"host\":\"h\",\"app\":\"app\","
		   "\"stream\":\"h app\",\"payload\":\"m\"}\n");
}

static void turns_the_year(void)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_syslog, .year = 2014 } };
	CHECK_TEXT(pipe_run_text(&run, "Dec 31 23:59:59 h m\nJan  1 00:00:01 h m\nDec 31 23:59:58 h m\n"),
		   "{\"ts\":1420070399,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"m\"}\n"
		   "{\"ts\":1420070401,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"m\"}\n"
		   "{\"ts\":1420070398,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"m\"}\n");
}

static void reads_counts(void)
{
	CHECK_TEXT(convert("21 <34>1 - h - - - - a\nb\n"
			   "20 <34>1 - h - - - - c\n\n"
			   "26 <13>Feb  4 11:14:27 h a: m\n<34>1 - h - - - - d\n"),
		   "{\"facility\":4,\"severity\":2,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"a\\nb\"}\n"
		   "{\"facility\":4,\"severity\":2,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"c\"}\n"
		   "{\"ts\":949662867,\"facility\":1,\"severity\":5,\"host\":\"h\",\"app\":\"a\",\"stream\":\"h a\","
		   "\"payload\":\"m\"}\n"
		   "{\"facility\":4,\"severity\":2,\"host\":\"h\",\"stream\":\"h\",\"payload\":\"d\"}\n");
	CHECK_INT(run.counts.n_rejected, 0);
}

static void check_bad(const char *line, const char *message)
{
	convert(line);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], message);
}

static void refuses(void)
{
	check_bad("hello", "in:1:1: neither a time of syslog (Feb  4 11:14:27) nor one of RFC 3339");
	check_bad("<192>x", "in:1:1: the priority is no number from <0> to <191>");
	check_bad("<1>Feb 30 11:14:27 h m", "in:1:4: there is no such day or time");
	check_bad("<1>Feb  3 11:14:27", "in:1:4: neither a time of syslog (Feb  4 11:14:27) nor one of RFC 3339");
	check_bad("<1>1 yesterday h a p m -", "in:1:6: is no time of RFC 3339 (2015-08-05T21:58:59.693Z)");
	check_bad("<1>1 - h a", "in:1:11: the line ends where the process id is missing");
	check_bad("<1>1 - h a p m x", "in:1:16: neither structured data nor -");
	check_bad("<1>1 - h a p m [x", "in:1:16: a bracket opens here and does not close");
	check_bad("<1>1 - h a p m [x y]", "in:1:19: structured data wants name=\"value\" here");
	check_bad("<1>1 - h a p m [x y=\"z]", "in:1:21: a quote opens here and does not close");
	check_bad("<1>1 - h a p m [x]y", "in:1:19: a blank is missing behind structured data");
}

static void survives_any_cut(void)
{
	static const char whole[] = "22 <165>1 2003-10-11T22:14:15.003Z h a 10 ID47 [e@1 iut=\"3\\\"\"] m";
	char text[100];

	for (size_t skip = 0; skip <= 3; skip += 3)
		for (size_t n = 1; n < sizeof(whole) - skip; n++) {
			snprintf(text, sizeof(text), "%.*s", (int)n, whole + skip);
			convert(text);
			CHECK(run.counts.n_records + run.counts.n_rejected >= 1);
		}
}

static int score(const char *text)
{
	char why[160];

	return qos_format_syslog.detect(qos_str(text), why);
}

static void detects(void)
{
	CHECK(score("Feb  4 11:14:27 h a: m\n") > 90);
	CHECK(score("19 <34>1 - h - - - - a") > 90);
	CHECK(score("<34>1 - h - - - - a\n") > 90);
	CHECK_INT(score("10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /\" 200 1\n"), 0);
	CHECK_INT(score("a,b\n1,2\n"), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("RFC 5424: header, structured data without its escapes, message", reads_5424);
	RUN("a parameter belongs to its message alone", forgets_parameters);
	RUN("RFC 3164: with and without priority, tag, pid, and with a time of RFC 3339", reads_3164);
	RUN("the year turns with the months, for late lines as well", turns_the_year);
	RUN("octet counts: newlines inside, counted in or not, mixed with lines", reads_counts);
	RUN("what does not hold is refused with its place", refuses);
	RUN("no cut breaks it", survives_any_cut);
	RUN("syslog is told from other text", detects);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
