/* --metrics FILE.  What every filter counts is here; what is its own comes from cli->own_metrics. */
#include "cli/metrics.h"

#include <stdlib.h>

#include "cli/cli.h"
#include "io/replace.h"

#define DEFAULT_EVERY_NS 10000000000

static const struct qos_metric read_records = { "qos_input_records_total", QOS_METRIC_COUNTER,
						"records read, without bad ones" };
static const struct qos_metric read_bytes = { "qos_input_bytes_total", QOS_METRIC_COUNTER,
					      "bytes read, unpacked where the input is packed" };
static const struct qos_metric rejected = { "qos_input_rejected_records_total", QOS_METRIC_COUNTER,
					    "records refused as bad input" };
static const struct qos_metric late = { "qos_input_late_records_total", QOS_METRIC_COUNTER,
					"records that came with an earlier time than the one before" };
static const struct qos_metric written = { "qos_output_bytes_total", QOS_METRIC_COUNTER,
					   "bytes written to standard output" };
static const struct qos_metric build = { "qos_build_info", QOS_METRIC_GAUGE, "1; the version is a label" };

static void add_common(const struct cli *cli, struct qos_prom *p)
{
	const struct qos_reader_counts *counts = cli->reader ? qos_reader_counts(cli->reader) : NULL;

	qos_prom_add(p, &build, 1, QOS_LABELS({ "version", QOS_STR(QOS_VERSION) }));
	if (counts) {
		qos_prom_add(p, &read_records, (double)counts->n_records, QOS_NO_LABELS);
		qos_prom_add(p, &read_bytes, (double)counts->read_bytes, QOS_NO_LABELS);
		qos_prom_add(p, &rejected, (double)counts->n_rejected, QOS_NO_LABELS);
	}
	if (cli->program->uses & CLI_TIMED)
		qos_prom_add(p, &late, (double)cli->n_late, QOS_NO_LABELS);
	qos_prom_add(p, &written, (double)cli->out.written_bytes, QOS_NO_LABELS);
}

static int write_file(struct cli *cli, struct qos_err *err)
{
	struct qos_prom *p = calloc(1, sizeof(*p));
	struct qos_buf b = { 0 };
	int rc;

	if (!p)
		return qos_fail_memory(err, "--metrics");
	p->common = (struct qos_label){ "filter", qos_str(cli->program->name) };
	add_common(cli, p);
	if (cli->own_metrics)
		cli->own_metrics(cli->report_self, p);
	qos_prom_write(p, &b);
	rc = b.failed ? qos_fail_memory(err, "--metrics")
		      : qos_replace(cli->metrics.file, (struct qos_str){ b.p, b.n }, err);
	qos_buf_free(&b);
	free(p);
	return rc;
}

int cli_metrics_open(struct cli *cli)
{
	struct cli_metrics *m = &cli->metrics;

	if (!m->file)
		return 0;
	m->every_ns = cli->config ? cli->config->metrics_interval_ns : DEFAULT_EVERY_NS;
	m->next_ns = cli_clock_mono() + m->every_ns;
	return write_file(cli, &cli->err);
}

void cli_metrics_look(struct cli *cli)
{
	struct cli_metrics *m = &cli->metrics;
	int64_t now_ns = cli_clock_mono();
	struct qos_err err;

	if (now_ns < m->next_ns)
		return;
	m->next_ns = now_ns + m->every_ns;
	if (!write_file(cli, &err) || m->err.code)
		return;
	m->err = err;
	cli_say(cli, err.text);
}

int cli_metrics_close(struct cli *cli)
{
	struct cli_metrics *m = &cli->metrics;
	int rc = write_file(cli, &cli->err);

	if (!rc && m->err.code) {
		cli->err = m->err;
		rc = m->err.code;
	}
	return rc;
}
