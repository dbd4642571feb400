/* Plain bytes at a rate: byte n is due at origin + n * 8 / rate. */
#include "cli/pace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/signal.h"

#define BLOCK_BYTES (256 * 1024)
#define PIECE_MOST  (128 * 1024)
#define NS_PER_S    1000000000
#define SILENCE_NS  10000000 /* shorter waits are caught up with */

struct pace {
	struct cli *cli;
	int64_t rate_bps;
	size_t piece_bytes;
	int64_t origin_ns;   /* when byte 0 of this stretch was due; 0: nothing was read yet */
	uint64_t sent_bytes; /* in this stretch */
	uint64_t all_bytes;
	int64_t begun_ns;
	char block[]; /* of BLOCK_BYTES */
};

static int64_t due_ns(const struct pace *p)
{
	return p->origin_ns + (int64_t)((__int128)p->sent_bytes * 8 * NS_PER_S / p->rate_bps);
}

/* Is fd ready?  A long wait for it is left out of the count.   Returns  false to stop. */
static bool ready(struct pace *p, int fd, short events)
{
	struct pollfd f = { .fd = fd, .events = events };
	int64_t now_ns, start_ns;

	if (cli_clock_wait(&p->cli->clock, &f, 1, 0) && f.revents)
		return true;
	start_ns = cli_clock_mono();
	while (!f.revents) {
		if (events == POLLIN && cli_signal_stop())
			return false;
		if (cli_signal_hurry())
			return false;
		cli_clock_wait(&p->cli->clock, &f, 1, INT64_MAX);
		if (p->cli->ticks)
			cli_tick_now(p->cli);
	}
	now_ns = cli_clock_mono();
	if (p->origin_ns && now_ns - start_ns > SILENCE_NS && now_ns > due_ns(p))
		p->origin_ns += now_ns - due_ns(p);
	return true;
}

static void sleep_until(const struct pace *p, int64_t until_ns)
{
	while (cli_clock_mono() < until_ns && !cli_signal_hurry()) {
		cli_clock_wait(&p->cli->clock, NULL, 0, until_ns);
		if (p->cli->ticks)
			cli_tick_now(p->cli);
		if (cli_signal_summary())
			cli_show_summary(p->cli);
	}
}

/* Writes a block in pieces, each when it is due.   Returns  false after an error, or to stop. */
static bool write_block(struct pace *p, size_t n)
{
	const char *from = p->block;

	if (!p->origin_ns)
		p->origin_ns = p->begun_ns = cli_clock_mono();
	while (n) {
		ssize_t k;

		sleep_until(p, due_ns(p));
		if (!ready(p, STDOUT_FILENO, POLLOUT))
			return false;
		k = write(STDOUT_FILENO, from, n < p->piece_bytes ? n : p->piece_bytes);
		if (k < 0 && errno != EINTR && errno != EAGAIN) {
			p->cli->out.error = errno;
			return false;
		}
		if (k <= 0)
			continue;
		from += k;
		n -= (size_t)k;
		p->sent_bytes += (uint64_t)k;
		p->all_bytes += (uint64_t)k;
	}
	return true;
}

static int copy(struct pace *p, int fd, const char *name)
{
	ssize_t n;

	while (!cli_signal_stop() && ready(p, fd, POLLIN)) {
		n = read(fd, p->block, BLOCK_BYTES);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return qos_fail_errno(&p->cli->err, "%s", name);
		if (n == 0 || (n > 0 && !write_block(p, (size_t)n)))
			break;
	}
	return 0;
}

static int copy_file(struct pace *p, const char *name)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

	if (fd < 0)
		return qos_fail_errno(&p->cli->err, "%s", name);
	rc = copy(p, fd, standard ? "stdin" : name);
	if (!standard)
		close(fd);
	return rc;
}

static void report(const void *self, struct qos_buf *json)
{
	const struct pace *p = self;

	qos_buf_printf(json, ",\"written_bytes\":%llu,\"elapsed\":%.9f", (unsigned long long)p->all_bytes,
		       p->begun_ns ? (double)(cli_clock_mono() - p->begun_ns) / NS_PER_S : 0.0);
}

static void metrics(const void *self, struct qos_prom *prom)
{
	static const struct qos_metric paced = { "qos_paced_bytes_total", QOS_METRIC_COUNTER,
						 "bytes passed on at the rate" };

	qos_prom_add(prom, &paced, (double)((const struct pace *)self)->all_bytes, QOS_NO_LABELS);
}

int cli_pace(struct cli *cli, int64_t rate_bps, int64_t burst_bytes)
{
	struct pace *p = calloc(1, sizeof(*p) + BLOCK_BYTES);
	int64_t piece = burst_bytes ? burst_bytes : rate_bps / 8 / 1000;
	int rc, tick_rc;

	if (!p)
		return qos_fail_memory(&cli->err, "copying");
	p->cli = cli;
	p->rate_bps = rate_bps;
	p->piece_bytes = piece < 1 ? 1 : piece > PIECE_MOST ? PIECE_MOST : (size_t)piece;
	cli->report = report;
	cli->own_metrics = metrics;
	cli->report_self = p;
	cli_signal_catch();
	cli_signal_hold(&cli->clock.calm);
	if ((rc = cli_tick_open(cli))) {
		free(p);
		return rc;
	}
	if (cli->n_files == 0)
		rc = copy_file(p, "-");
	for (int i = 0; !rc && i < cli->n_files && !cli->out.error && !cli_signal_stop(); i++)
		rc = copy_file(p, cli->files[i]);
	if (p->origin_ns && !cli->out.error)
		sleep_until(p, due_ns(p)); /* the last byte takes its time, too */
	tick_rc = cli_tick_close(cli);
	rc = rc ? rc : tick_rc;
	if (cli->summary)
		cli_show_summary(cli);
	cli->report = NULL;
	cli->own_metrics = NULL;
	free(p);
	return rc;
}
