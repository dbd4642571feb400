/*
 * The loop: whether time is virtual is known to `next` alone.
 *
 *   reader -> next: a record has arrived, or something is due first -> push, advance -> writer
 *
 * An arrival at the very moment that something is due goes first, so that all that has arrived by then can be chosen
 * from.
 */
#include "cli/drive.h"

#include <unistd.h>

#include "cli/remark.h"
#include "cli/signal.h"

static void nowhere(void *self, struct qos_record *r)
{
}

/* Out to more than the writer; by the clock, when it was due is remembered until it is written. */
static void put_watched(void *self, struct qos_record *r)
{
	struct cli_drive *d = self;
	struct cli *cli = d->cli;

	if (cli->tee.self)
		cli->tee.put(cli->tee.self, r);
	if (cli->writer && !r->copy) {
		struct qos_sink writer = qos_writer_sink(cli->writer);

		writer.put(writer.self, r);
	}
	if (cli->clock.time != CLI_VIRTUAL)
		cli_realtime_left(d, r);
}

/* The input would block: what is done is written first, and whoever reads our messages gets them. */
static bool before_wait(void *who, int fd)
{
	struct cli_drive *d = who;
	struct cli *cli = d->cli;

	if (cli_drive_watches(d) && d->in.self)
		return cli_realtime_wait(d, fd);
	if (qos_out_flush(&cli->out))
		return false;
	if (cli->reader) /* not while it is being opened */
		cli_show_rejects(cli);
	while (!cli_signal_wait(fd, cli->writer ? STDOUT_FILENO : -1)) {
		bool hup = cli_signal_hup(), summary = cli_signal_summary(), tick = cli->ticks && cli_tick_now(cli);

		if ((!hup && !summary && !tick) || cli->enough)
			return false;
		if (hup && d->s->reread)
			cli_reread(cli, d->s);
		if (summary)
			cli_show_summary(cli);
	}
	return true;
}

/* Time only goes forward: an earlier record is counted and treated as arriving now. */
static void arrive(struct cli_drive *d, struct qos_record *r)
{
	struct cli *cli = d->cli;

	if (r->arrival_ns < d->now_ns) {
		cli->n_late++;
		if (d->now_ns - r->arrival_ns > cli->late_worst_ns)
			cli->late_worst_ns = d->now_ns - r->arrival_ns;
		r->arrival_ns = d->now_ns;
	}
	d->now_ns = r->arrival_ns;
}

/* What happens next, and when. */
static enum cli_step next(struct cli_drive *d)
{
	const struct qos_record *r;
	int64_t due_ns;

	if (d->cli->clock.time != CLI_VIRTUAL)
		return cli_realtime_next(d);
	if (d->cli->poller.self && !cli_realtime_room(d))
		return CLI_STEP_END;
	r = cli_signal_stop() || d->cli->enough ? NULL : d->in.peek(d->in.self);
	due_ns = cli_drive_due(d);
	if (r && (r->bad || !d->s->timed || r->arrival_ns <= due_ns))
		return CLI_STEP_RECORD;
	if (due_ns == QOS_NEVER)
		return CLI_STEP_END;
	cli_drive_go_to(d, due_ns);
	return CLI_STEP_DUE;
}

static void take_record(struct cli_drive *d)
{
	struct qos_record *r = d->in.take(d->in.self);

	if (r->bad) { /* --on-error pass: unchanged, past the stage */
		d->out.put(d->out.self, r);
		return;
	}
	if (d->s->timed)
		arrive(d, r);
	d->s->stage.push(d->s->stage.self, r, d->now_ns, &d->out);
}

static void loop(struct cli_drive *d)
{
	struct cli *cli = d->cli;

	while (!cli->out.error) {
		if (cli->ticks)
			cli_tick_now(cli);
		if (d->s->reread && cli_signal_hup())
			cli_reread(cli, d->s);
		switch (next(d)) {
		case CLI_STEP_RECORD: take_record(d); break;
		case CLI_STEP_DUE: d->s->stage.advance(d->s->stage.self, d->now_ns, &d->out); break;
		case CLI_STEP_END: return;
		}
	}
}

/* Does the stage ask for typed members at all? */
static bool wants_numbers(const struct qos_decode *d)
{
	return d->ts || d->depart || d->size || d->service_time || d->max_latency || d->class || d->drop;
}

static int open_reader(struct cli_drive *d)
{
	struct cli *cli = d->cli;
	bool loops = cli->loop.n_passes > 1;
	struct qos_reader_options o = {
		.format = cli->input ? qos_format_find(qos_str(cli->input)) : NULL,
		.output = cli->output ? qos_format_find(qos_str(cli->output)) : NULL,
		.no_output = !d->s->columns,
		.most_bytes = (size_t)cli->max_record,
		.on_error = cli->on_error,
		.no_header = cli->no_header,
		.year = cli->ts_year,
		.csv_safe = cli->csv_safe && d->s->columns,
		.decap = cli->decap,
		.remark = cli->remark ? cli->dscp : NULL,
		.wait = before_wait,
		.who = d,
	};
	int rc = loops ? cli_loop_open(&cli->loop, cli->files, cli->n_files, &cli->err) : 0;

	if (!rc && cli->remark)
		rc = cli_remark_read(cli->config, cli->remark, cli->dscp, &cli->err);
	if (rc)
		return rc;
	o.files = loops ? cli->loop.files : cli->files;
	o.n_files = loops ? cli->n_files * (int)cli->loop.n_passes : cli->n_files;
	if (cli->clock.time == CLI_REALTIME)
		cli->decode.need_ts = false; /* it arrives when it is read */
	cli->decode.ts_format = cli->fields->ts_format;
	cli->decode.ts_year = cli->fields->ts_year;
	qos_decode_want(&cli->decode, cli->fields);
	rc = qos_reader_new(&cli->reader, &o, cli->fields, wants_numbers(&cli->decode) ? &cli->decode : NULL,
			    &cli->err);
	if (!rc && (cli->explain_format || cli->verbose)) {
		char text[400];

		snprintf(text, sizeof(text), "%s: %s",
			 qos_reader_format(cli->reader) ? qos_reader_format(cli->reader)->name : "no format",
			 qos_reader_why(cli->reader));
		cli_say(cli, text);
	}
	return rc;
}

static int open_writer(struct cli_drive *d)
{
	struct cli *cli = d->cli;
	const struct qos_column *columns = d->s->columns;
	int n = d->s->n_columns, rc = qos_out_open(&cli->out, STDOUT_FILENO, &cli->err);

	if (rc || !columns || cli->no_output)
		return rc;
	if (cli->loop.n_passes > 1)
		cli_loop_columns(&cli->loop, &columns, &n);
	rc = qos_writer_new(&cli->writer, qos_reader_output(cli->reader), qos_reader_format(cli->reader),
			    qos_reader_reading(cli->reader), &cli->out, cli->fields, columns, n, d->s->columns_self,
			    &cli->err);
	if (!rc)
		d->out = qos_writer_sink(cli->writer);
	return rc;
}

/* --csv-safe changed what went out, which is not silent. */
static void say_unsafe(const struct cli *cli)
{
	uint64_t n = cli->writer ? qos_writer_unsafe(cli->writer) : 0;
	char text[160];

	if (!n || cli->quiet)
		return;
	snprintf(text, sizeof(text), "%llu cell%s that a spreadsheet would run %s been made text by an apostrophe",
		 (unsigned long long)n, n == 1 ? "" : "s", n == 1 ? "has" : "have");
	cli_say(cli, text);
}

static void say_done(const struct cli *cli)
{
	const struct qos_reader_counts *counts = qos_reader_counts(cli->reader);
	char text[160];

	snprintf(text, sizeof(text), "%llu records read (%llu bytes), %llu bytes written",
		 (unsigned long long)(counts->n_records + counts->n_rejected), (unsigned long long)counts->read_bytes,
		 (unsigned long long)cli->out.written_bytes);
	cli_say(cli, text);
}

int cli_drive(struct cli *cli, const struct cli_stage *s)
{
	struct cli_drive d = { .cli = cli, .s = s, .out = { nowhere, NULL }, .now_ns = INT64_MIN };
	int rc, tick_rc;

	cli_signal_catch();
	if (s->reread)
		cli_signal_catch_hup();
	if (cli->n_files == 0 && isatty(STDIN_FILENO))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"no file given and nothing is piped in; see %s --help", cli->program->name);
	if (cli->on_tick)
		cli_tick_start(cli); /* also while the first record is waited for */
	if ((rc = open_reader(&d)) || (rc = open_writer(&d)))
		return rc;
	if (s->opened && (rc = s->opened(s->opened_self, cli)))
		return rc;
	if (cli_drive_watches(&d)) {
		if ((rc = cli_realtime_open(&d)))
			return rc;
		d.out = (struct qos_sink){ put_watched, &d };
	}
	d.in = cli->loop.n_passes > 1 ? cli_loop_source(&cli->loop, cli->reader) : qos_reader_source(cli->reader);
	if ((rc = cli_tick_open(cli)))
		return rc;
	loop(&d);
	if (cli->writer)
		rc = qos_writer_finish(cli->writer, &cli->err);
	if (cli->poller.self)
		cli_realtime_finish(&d);
	cli_lateness_written(&cli->lateness, &cli->clock);
	tick_rc = cli_tick_close(cli);
	rc = rc ? rc : tick_rc;
	cli_show_rejects(cli);
	if (cli->verbose)
		say_done(cli);
	say_unsafe(cli);
	if (cli->summary)
		cli_show_summary(cli);
	return rc;
}
