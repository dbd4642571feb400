/* A stage around the shaper that has an input of its own. */
#include "shape/control.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void nowhere(void *self, struct qos_record *r)
{
}

/* Requests that have come by now. */
static void serve(struct shape_control *c, int64_t now_ns)
{
	struct qos_sink out = c->writer ? qos_writer_sink(c->writer) : (struct qos_sink){ nowhere, NULL };
	const struct qos_record *next;

	while ((next = c->in.peek(c->in.self)) && next->arrival_ns <= now_ns)
		qos_shaper_request(c->shaper, c->in.take(c->in.self), now_ns, &out);
}

static void control_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct shape_control *c = self;

	serve(c, now_ns);
	c->inner.push(c->inner.self, r, now_ns, out);
}

static int64_t control_due(const void *self)
{
	const struct shape_control *c = self;
	const struct qos_record *next = c->in.peek(c->in.self);
	int64_t due_ns = c->inner.due(c->inner.self);

	return next && next->arrival_ns < due_ns ? next->arrival_ns : due_ns;
}

static void control_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct shape_control *c = self;

	serve(c, now_ns);
	c->inner.advance(c->inner.self, now_ns, out);
}

static bool control_full(const void *self)
{
	const struct shape_control *c = self;

	return c->inner.full(c->inner.self);
}

/* Requests are waited for: what is done so far is written first. */
static void before_wait(void *self)
{
	struct shape_control *c = self;

	qos_out_flush(&c->cli->out);
	if (c->writer)
		qos_out_flush(&c->out);
}

static int open_answers(struct shape_control *c, struct qos_err *err)
{
	int n, n_own = 0, rc;
	const struct qos_column *all = qos_shaper_columns(c->shaper, &n);

	for (int i = 0; i < n; i++)
		if (all[i].field == QOS_F_GRANTED || all[i].field == QOS_F_UTILISATION || all[i].field == QOS_F_REASON)
			c->column[n_own++] = all[i];
	c->fd = open(c->answers, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (c->fd < 0)
		return qos_fail(err, QOS_EIO, QOS_NOWHERE, "%s: %s", c->answers, strerror(errno));
	rc = qos_out_open(&c->out, c->fd, err);
	return rc ? rc
		  : qos_writer_new(&c->writer, qos_reader_output(c->reader), qos_reader_format(c->reader),
				   qos_reader_reading(c->reader), &c->out, c->fields, c->column, n_own, c->shaper, err);
}

int shape_control_open(struct shape_control *c, struct cli *cli, struct qos_shaper *shaper, struct qos_stage *stage)
{
	static const int reads[] = { QOS_F_OP, QOS_F_RATE, QOS_F_STREAM, QOS_F_TENANT };
	struct qos_reader_options o = { .files = &c->file,
					.n_files = 1,
					.no_output = !c->answers,
					.most_bytes = (size_t)cli->max_record,
					.before_wait = before_wait,
					.who = c };
	int rc = qos_fields_new(&c->fields, &cli->err);

	c->cli = cli;
	c->shaper = shaper;
	c->inner = *stage;
	c->fd = -1;
	if (rc)
		return rc;
	c->decode =
		(struct qos_decode){ .ts = true, .class = true, .need_ts = true, .classes = &cli->config->class_names };
	qos_decode_want(&c->decode, c->fields);
	for (size_t i = 0; i < sizeof(reads) / sizeof(*reads); i++)
		qos_fields_want(c->fields, reads[i]);
	if ((rc = qos_reader_new(&c->reader, &o, c->fields, &c->decode, &cli->err)) ||
	    (c->answers && (rc = open_answers(c, &cli->err))))
		return rc;
	c->in = qos_reader_source(c->reader);
	*stage = (struct qos_stage){
		.push = control_push, .due = control_due, .advance = control_advance, .full = control_full, .self = c
	};
	return 0;
}

/* Requests that were refused as records, and an end of the file before its time. */
static int say_rejects(const struct shape_control *c)
{
	const struct qos_reader_counts *counts = qos_reader_counts(c->reader);

	cli_say_rejects(c->cli, counts, 0);
	if (counts->err.code) {
		c->cli->err = counts->err;
		return counts->err.code;
	}
	if (!counts->n_rejected)
		return 0;
	return qos_fail(&c->cli->err, QOS_EINPUT, QOS_NOWHERE, "%s: %llu requests were refused", c->file,
			(unsigned long long)counts->n_rejected);
}

int shape_control_close(struct shape_control *c, int rc)
{
	int own = 0;

	if (c->writer)
		own = qos_writer_finish(c->writer, &c->cli->err);
	if (c->fd >= 0 && close(c->fd) && !own)
		own = qos_fail(&c->cli->err, QOS_EIO, QOS_NOWHERE, "%s: %s", c->answers, strerror(errno));
	if (c->reader && !rc && !own)
		own = say_rejects(c);
	qos_writer_free(c->writer);
	qos_out_free(&c->out);
	qos_reader_free(c->reader);
	qos_fields_free(c->fields);
	return rc ? rc : own;
}
