/* How far is it? */
#include "cli/progress.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "unit/human.h"

#define NS_PER_S 1000000000

/* Bytes of all inputs, or 0 when one has no length. */
static int64_t total_of(const struct cli *cli)
{
	int64_t total_bytes = 0;
	struct stat st;

	for (int i = 0; i < cli->n_files; i++) {
		bool standard = strcmp(cli->files[i], "-") == 0;

		if ((standard ? fstat(STDIN_FILENO, &st) : stat(cli->files[i], &st)) || !S_ISREG(st.st_mode))
			return 0;
		total_bytes += st.st_size;
	}
	if (cli->n_files == 0 && fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode))
		total_bytes = st.st_size;
	return total_bytes * cli->loop.n_passes;
}

void cli_progress_open(struct cli *cli)
{
	struct cli_progress *p = &cli->progress;

	p->total_bytes = total_of(cli);
	p->on = p->asked || (!cli->quiet && p->total_bytes && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO));
	p->begun_ns = cli_clock_mono();
}

void cli_progress_show(struct cli *cli)
{
	const struct cli_progress *p = &cli->progress;
	const struct qos_reader_counts *counts;
	char done[QOS_HUMAN_BYTES], total[QOS_HUMAN_BYTES];
	double seconds, share = 0;

	if (!cli->reader)
		return;
	counts = qos_reader_counts(cli->reader);
	seconds = (double)(cli_clock_mono() - p->begun_ns) / NS_PER_S;
	qos_human_size(done, (double)counts->read_bytes);
	fprintf(stderr, "\r%s: %s", cli->program->name, done);
	if (p->total_bytes) {
		share = (double)counts->read_bytes / (double)p->total_bytes;
		share = share > 1 ? 1 : share;
		qos_human_size(total, (double)p->total_bytes);
		fprintf(stderr, " of %s, %.0f%%", total, 100 * share);
	}
	fprintf(stderr, ", %llu records, %.0f/s", (unsigned long long)counts->n_records,
		(double)counts->n_records / seconds);
	if (p->total_bytes && share > 0 && share < 1)
		fprintf(stderr, ", %.0f s left", seconds * (1 - share) / share);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void cli_progress_close(struct cli *cli)
{
	fputs("\r\033[K", stderr);
}
