/* Schedules: their lines, what is refused and where, when changes are due. */
#include "shape/schedule.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/drive.h"

static struct qos_class_config classes[5];
static struct qos_config c;
static struct qos_err err;

static struct qos_schedule *schedule(const char *text)
{
	char file[] = "/tmp/qos-schedule-XXXXXX";
	struct qos_schedule *s;
	int fd = mkstemp(file);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	err.text[0] = '\0';
	qos_schedule_read(&s, file, &c, &err);
	unlink(file);
	return s;
}

/* What is said behind the file's name. */
static const char *refusal(const char *text)
{
	struct qos_schedule *s = schedule(text);
	const char *colon = strchr(err.text, ':');

	CHECK(!s);
	return colon ? colon : err.text;
}

static void changes(void)
{
	struct qos_schedule *s = schedule("# a comment\n\n"
					  "10s rate=2mbit\n"
					  "20 rate=0\tcritical:rate=1mbit,ceil=2mbit # down\n"
					  "20 system:prio=3\n"
					  "30.5 rate=10mbit");

	CHECK(s != NULL);
	if (!s)
		return;
	CHECK_INT(qos_schedule_due(s), INT64_MAX); /* it has not begun */
	qos_schedule_start(s, 1000000000);
	CHECK_INT(qos_schedule_due(s), 11000000000);
	CHECK_INT(s->config.total_bandwidth_bps, 8000000);
	qos_schedule_step(s);
	CHECK_INT(s->config.total_bandwidth_bps, 2000000);
	CHECK_INT(qos_schedule_due(s), 21000000000);
	qos_schedule_step(s);
	CHECK(s->link_is_down);
	CHECK_INT(s->config.classes[0].ceil_bps, 2000000);
	CHECK_INT(s->config.classes[1].shape_prio, 3);
	CHECK_INT(c.classes[1].shape_prio, 0); /* not the given one's */
	CHECK_INT(qos_schedule_due(s), 31500000000);
	qos_schedule_step(s);
	CHECK(!s->link_is_down);
	CHECK_INT(s->config.total_bandwidth_bps, 10000000);
	CHECK_INT(qos_schedule_due(s), INT64_MAX);
	qos_schedule_free(s);
}

static void absolute(void)
{
	struct qos_schedule *s = schedule("1970-01-01T00:01:00Z rate=2mbit\n@61.5 rate=3mbit\n");

	CHECK(s != NULL);
	if (!s)
		return;
	qos_schedule_start(s, 5);
	CHECK_INT(qos_schedule_due(s), 60000000000);
	qos_schedule_step(s);
	CHECK_INT(qos_schedule_due(s), 61500000000);
	qos_schedule_free(s);
}

static void refused(void)
{
	CHECK_TEXT(refusal("10 ratte=5\n"),
		   ":1:4: \"ratte\" of the link does not change; write rate=..., or CLASS:KEY=...");
	CHECK_TEXT(refusal("\n10 crtical:rate=5\n"), ":2:4: there is no class \"crtical\"; did you mean \"critical\"?");
	CHECK_TEXT(refusal("10 critical:limit=5\n"),
		   ":1:13: \"limit\" of a class does not change; write rate, ceil, burst, "
		   "cburst, share, prio or quantum");
	CHECK_TEXT(refusal("10 rate\n"), ":1:4: \"rate\" is not KEY=VALUE");
	CHECK_TEXT(refusal("10\n"), ":1:1: nothing changes at 10; write for example rate=2mbit");
	CHECK_TEXT(refusal("10 rate=1mbit\n9 rate=2mbit\n"), ":2:1: this is before the line above it; put it there");
	CHECK_TEXT(refusal("10 rate=1mbit\n@90 rate=2mbit\n"),
		   ":2:1: this counts from 1970, the line before from the first arrival; write all of one kind");
	CHECK_TEXT(refusal("10 rate=0\n"),
		   ": the link is down at the end, and nothing would leave; add a line that brings it back");
	CHECK(strstr(refusal("noon rate=1mbit\n"), ":1:1: \"noon\" is no moment"));
}

int main(void)
{
	config_of(&c, classes, 5, (double[5]){ 0.2, 0.2, 0.2, 0.2, 0.2 });
	for (int i = 0; i < 5; i++)
		qos_names_add(&c.class_names, classes[i].name);
	RUN("changes come in turn, each at its moment", changes);
	RUN("moments may be absolute", absolute);
	RUN("what is wrong is refused with its place", refused);
	return DONE();
}
