/* --loop: the inputs over and over, as if the trace went on. */
#include "cli/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct qos_str text_ts(const void *self, const struct qos_record *r, char *scratch)
{
	if (r->ts_ns == QOS_UNSET)
		return QOS_STR("");
	return (struct qos_str){ scratch, qos_timestamp_write(scratch, r->ts_ns, r->time_form) };
}

/* The span from the first arrival of a pass to that of the next one. */
static int64_t period_ns(const struct cli_loop *l)
{
	int64_t span_ns = l->last_ns - l->first_ns;

	return span_ns + (l->n_first > 1 ? span_ns / (int64_t)(l->n_first - 1) : 0);
}

static void shift(struct cli_loop *l, struct qos_record *r)
{
	int pass = (qos_reader_counts(l->reader)->n_inputs - 1) / l->n_operands;

	if (r->arrival_ns == QOS_UNSET)
		return;
	if (pass == 0) {
		if (l->n_first++ == 0 || r->arrival_ns < l->first_ns)
			l->first_ns = r->arrival_ns;
		if (l->n_first == 1 || r->arrival_ns > l->last_ns)
			l->last_ns = r->arrival_ns;
		return;
	}
	r->arrival_ns += pass * period_ns(l);
	if (r->ts_ns != QOS_UNSET)
		r->ts_ns += pass * period_ns(l);
}

static struct qos_record *seen(struct cli_loop *l, struct qos_record *r)
{
	if (r && r->node.seq != l->seq) { /* a record that is looked at twice is shifted once */
		l->seq = r->node.seq;
		shift(l, r);
	}
	return r;
}

static struct qos_record *loop_peek(void *self)
{
	struct cli_loop *l = self;

	return seen(l, l->in.peek(l->in.self));
}

static struct qos_record *loop_take(void *self)
{
	struct cli_loop *l = self;

	return seen(l, l->in.take(l->in.self));
}

struct qos_source cli_loop_source(struct cli_loop *l, struct qos_reader *reader)
{
	l->reader = reader;
	l->in = qos_reader_source(reader);
	return (struct qos_source){ loop_peek, loop_take, l };
}

int cli_loop_open(struct cli_loop *l, const char *const *files, int n_files, struct qos_err *err)
{
	struct stat st;

	if (n_files == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--loop: name the files that shall be read again");
	for (int i = 0; i < n_files; i++)
		if (strcmp(files[i], "-") == 0 || (stat(files[i], &st) == 0 && !S_ISREG(st.st_mode)))
			return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--loop: %s is no file that can be read again",
					files[i]);
	if (l->n_passes * n_files > CLI_LOOP_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--loop: more than %d inputs in all", CLI_LOOP_MOST);
	l->n_operands = n_files;
	l->files = malloc((size_t)(l->n_passes * n_files) * sizeof(*l->files));
	if (!l->files)
		return qos_fail_memory(err, "--loop");
	for (int i = 0; i < (int)l->n_passes * n_files; i++)
		l->files[i] = files[i % n_files];
	return 0;
}

void cli_loop_free(struct cli_loop *l)
{
	free(l->files);
}

void cli_loop_columns(struct cli_loop *l, const struct qos_column **columns, int *n)
{
	if (*n >= CLI_LOOP_COLUMNS)
		return;
	l->column[0] = (struct qos_column){ QOS_F_TS, false, text_ts };
	memcpy(l->column + 1, *columns, (size_t)*n * sizeof(**columns));
	*columns = l->column;
	++*n;
}
