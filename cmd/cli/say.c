/* The only place that prints messages: "name: text" on stderr, control characters from input made visible. */
#include <stdio.h>

#include "cli/cli.h"

void cli_say(const struct cli *cli, const char *text)
{
	fprintf(stderr, "%s: ", cli->program->name);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if ((*p < 0x20 && *p != '\n') || *p == 0x7f)
			fprintf(stderr, "\\x%02x", *p);
		else
			putc(*p, stderr);
	}
	putc('\n', stderr);
}

int cli_say_rejects(const struct cli *cli, const struct qos_reader_counts *counts, int n_shown)
{
	for (; n_shown < counts->n_messages; n_shown++)
		if (!cli->quiet)
			cli_say(cli, counts->message[n_shown]);
	return n_shown;
}

void cli_show_rejects(struct cli *cli)
{
	cli->n_shown = cli_say_rejects(cli, qos_reader_counts(cli->reader), cli->n_shown);
}

void cli_show_summary(struct cli *cli)
{
	struct qos_buf b = { 0 };
	const struct qos_reader_counts *counts = cli->reader ? qos_reader_counts(cli->reader) : NULL;

	qos_buf_printf(&b, "{\"filter\":\"%s\"", cli->program->name);
	if (counts)
		qos_buf_printf(&b, ",\"read\":%llu,\"rejected\":%llu,\"late\":%llu,\"read_bytes\":%llu",
			       (unsigned long long)(counts->n_records + counts->n_rejected),
			       (unsigned long long)counts->n_rejected, (unsigned long long)cli->n_late,
			       (unsigned long long)counts->read_bytes);
	if (cli->writer)
		qos_buf_printf(&b, ",\"written_bytes\":%llu", (unsigned long long)cli->out.written_bytes);
	if (cli->clock.time != CLI_VIRTUAL)
		cli_lateness_report(&cli->lateness, &b);
	if (cli->report)
		cli->report(cli->report_self, &b);
	qos_buf_puts(&b, "}\n");
	if (!b.failed)
		fwrite(b.p, 1, b.n, stderr);
	qos_buf_free(&b);
}
