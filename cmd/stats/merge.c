/* States of tallies, from files and to stdout. */
#include "stats/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)

static const char *name_of(const struct cli *cli, int i)
{
	return cli->n_files && strcmp(cli->files[i], "-") != 0 ? cli->files[i] : "standard input";
}

static int read_all(struct qos_buf *b, int fd, const char *name, struct qos_err *err)
{
	char *block = malloc(READ_BYTES);
	ssize_t n = 0;

	while (block && ((n = read(fd, block, READ_BYTES)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			qos_buf_add(b, block, (size_t)n);
	free(block);
	if (!block || b->failed)
		return qos_fail_memory(err, name);
	return n < 0 ? qos_fail_errno(err, "cannot read %s", name) : 0;
}

/* The next operand.   Returns  CLI_DONE when there is none. */
static int load(struct stats_merge *m, struct cli *cli)
{
	int i = m->at, fd = STDIN_FILENO, rc;
	bool file = cli->n_files && strcmp(cli->files[i < cli->n_files ? i : 0], "-") != 0;

	if (i >= (cli->n_files ? cli->n_files : 1))
		return CLI_DONE;
	m->at++;
	m->bytes.n = m->used = 0;
	if (file && (fd = open(cli->files[i], O_RDONLY | O_CLOEXEC)) < 0)
		return qos_fail_errno(&cli->err, "cannot open %s", cli->files[i]);
	rc = read_all(&m->bytes, fd, name_of(cli, i), &cli->err);
	if (file)
		close(fd);
	return rc;
}

static int view(struct stats_merge *m, struct cli *cli, struct qos_container *c, size_t *used)
{
	struct qos_str rest = { m->bytes.p + m->used, m->bytes.n - m->used };

	return qos_container_view(c, rest, used, name_of(cli, m->at - 1), QOS_TALLY_MAGIC, QOS_TALLY_VERSION,
				  &cli->err);
}

int stats_merge_open(struct stats_merge *m, struct cli *cli, const char **by)
{
	struct qos_container c;
	size_t used;
	int rc;

	if (!cli->n_files && isatty(STDIN_FILENO))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"no file given and nothing is piped in; see %s --help", cli->program->name);
	if ((rc = load(m, cli)) || (rc = view(m, cli, &c, &used)))
		return rc;
	rc = qos_tally_state_by(&c, &m->by, &cli->err);
	qos_container_close(&c);
	if (!rc && !*by && m->by.n)
		*by = m->by.p;
	return rc;
}

int stats_merge_run(struct stats_merge *m, struct cli *cli, struct qos_tally *t)
{
	int rc = 0;

	while (!rc) {
		struct qos_container c;
		size_t used;

		if ((rc = view(m, cli, &c, &used)))
			break;
		rc = qos_tally_merge(t, &c, &m->n_rejected, &cli->err);
		qos_container_close(&c);
		m->used += used;
		if (!rc && m->used == m->bytes.n)
			rc = load(m, cli);
	}
	return rc == CLI_DONE ? 0 : rc;
}

int stats_merge_put(struct cli *cli, const struct qos_tally *t, uint64_t n_rejected)
{
	struct qos_buf b = { 0 };
	int rc = qos_tally_save(t, n_rejected, &b, &cli->err);

	if (!rc)
		fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	return rc;
}

void stats_merge_free(struct stats_merge *m)
{
	qos_buf_free(&m->bytes);
	qos_buf_free(&m->by);
}
