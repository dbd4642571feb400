/*
 * A reader of its own beside the one of the records.
 *
 * What is no file is read without waiting; whole lines go through a reader over a file without a name, with the line
 * that names the columns in front of them.
 */
#include "classify/feedback.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/nameless.h"

#define READ_BYTES 65536
#define LINE_MOST  (1 << 20) /* a longer one is dropped */

static void take_labels(struct classify_feedback *f, struct qos_reader *reader)
{
	struct qos_source in = qos_reader_source(reader);
	struct qos_scratch id_text = { 0 }, label_text = { 0 };
	const struct qos_reader_counts *counts;
	const struct qos_record *r;

	while ((r = in.take(in.self))) {
		struct qos_str id = qos_scratch_text(&id_text, r, r->cell[QOS_F_ID]);
		struct qos_str label = qos_scratch_text(&label_text, r, r->cell[QOS_F_LABEL]);

		if (id.n && label.n)
			qos_learner_feedback(f->learner, id, label);
		else
			f->n_bad++;
		f->n_lines++;
	}
	counts = qos_reader_counts(reader);
	cli_say_rejects(f->cli, counts, 0);
	f->n_lines += counts->n_rejected;
	f->n_bad += counts->n_rejected;
	if (counts->err.code && !f->rc) {
		f->cli->err = counts->err;
		f->rc = counts->err.code;
	}
	qos_scratch_free(&id_text);
	qos_scratch_free(&label_text);
}

static int read_file(struct classify_feedback *f, const char *file)
{
	struct qos_reader_options o = { .files = &file,
					.n_files = 1,
					.format = f->format,
					.no_output = true,
					.most_bytes = (size_t)f->cli->max_record };
	struct qos_reader *reader = NULL;
	struct qos_fields *fields = NULL;
	int rc = qos_fields_new(&fields, &f->cli->err);

	if (!rc) {
		qos_fields_want(fields, QOS_F_ID);
		qos_fields_want(fields, QOS_F_LABEL);
		rc = qos_reader_new(&reader, &o, fields, NULL, &f->cli->err);
	}
	if (!rc) {
		f->format = qos_reader_format(reader);
		take_labels(f, reader);
	}
	qos_reader_free(reader);
	qos_fields_free(fields);
	return rc ? rc : f->rc;
}

/* The lines, as if they were a file. */
static int read_lines(struct classify_feedback *f, struct qos_str lines)
{
	char name[CLI_NAMELESS_BYTES];
	int rc, fd = cli_nameless_file((struct qos_str){ f->header.p, f->header.n }, lines, name);

	if (fd < 0)
		return qos_fail(&f->cli->err, QOS_EIO, QOS_NOWHERE, "%s: %s", f->file, strerror(errno));
	rc = read_file(f, name);
	close(fd);
	if (!rc && !f->header.n && lines.p[0] != '{') {
		const char *end = memchr(lines.p, '\n', lines.n);

		qos_buf_add(&f->header, lines.p, (size_t)(end - lines.p) + 1);
	}
	return rc;
}

/* What has come of it by now. */
static void look(void *self)
{
	struct classify_feedback *f = self;
	char block[READ_BYTES], *end;
	ssize_t n;

	if (f->fd < 0 || f->rc)
		return;
	do {
		n = read(f->fd, block, sizeof(block));
		if (n > 0)
			qos_buf_add(&f->text, block, (size_t)n);
	} while (n > 0 && f->text.n <= LINE_MOST);
	end = f->text.n ? memrchr(f->text.p, '\n', f->text.n) : NULL;
	if (end) {
		size_t whole = (size_t)(end - f->text.p) + 1;

		f->rc = read_lines(f, (struct qos_str){ f->text.p, whole });
		memmove(f->text.p, f->text.p + whole, f->text.n - whole);
		f->text.n -= whole;
	}
	if (f->text.n > LINE_MOST) {
		f->text.n = 0;
		f->n_bad++;
	}
}

int classify_feedback_open(struct classify_feedback *f, struct cli *cli, struct qos_learner *learner)
{
	struct stat st;

	f->cli = cli;
	f->learner = learner;
	f->fd = -1;
	if (stat(f->file, &st))
		return qos_fail(&cli->err, QOS_EIO, QOS_NOWHERE, "%s: %s", f->file, strerror(errno));
	if (S_ISREG(st.st_mode))
		return read_file(f, f->file);
	f->fd = open(f->file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (f->fd < 0)
		return qos_fail(&cli->err, QOS_EIO, QOS_NOWHERE, "%s: %s", f->file, strerror(errno));
	cli->on_tick = look;
	cli->on_tick_self = f;
	return 0;
}

int classify_feedback_close(struct classify_feedback *f)
{
	if (!f->cli)
		return 0;
	look(f);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	qos_buf_free(&f->text);
	qos_buf_free(&f->header);
	if (!f->rc && f->n_bad)
		return qos_fail(&f->cli->err, QOS_EINPUT, QOS_NOWHERE,
				"%s: %llu of %llu lines have no id, or no label, or are bad", f->file,
				(unsigned long long)f->n_bad, (unsigned long long)f->n_lines);
	return f->rc;
}
