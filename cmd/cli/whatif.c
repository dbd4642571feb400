/* What-if: reading the trace, printing what came of it. */
#include "cli/whatif.h"

#include <math.h>

#include "study/solve.h"
#include "unit/human.h"

/* --- texts --- */

static void add_number(struct qos_buf *b, const char *name, double x)
{
	if (isfinite(x))
		qos_buf_printf(b, ",\"%s\":%.9g", name, x);
	else
		qos_buf_printf(b, ",\"%s\":null", name);
}

static void add_x(struct qos_buf *b, bool shares, double x)
{
	if (shares)
		qos_buf_printf(b, "\"share\":%.6f", x);
	else
		qos_buf_printf(b, "\"rate\":%.0f", x);
}

static void add_point_json(struct qos_buf *b, const struct qos_config *c, bool shares, const struct qos_solve_point *p)
{
	const char *comma = "";

	qos_buf_puts(b, "{");
	add_x(b, shares, p->x);
	qos_buf_printf(b, ",\"holds\":%s,\"possible\":%s", p->holds ? "true" : "false", p->possible ? "true" : "false");
	if (p->possible) {
		qos_buf_printf(b, ",\"drops\":%llu,\"classes\":[", (unsigned long long)p->n_dropped);
		for (int i = 0; i < c->n_classes; i++) {
			qos_buf_printf(b, "%s{\"class\":", comma);
			qos_buf_json(b, c->classes[i].name);
			add_number(b, "mean", p->mean_s[i]);
			add_number(b, "p99", p->p99_s[i]);
			qos_buf_puts(b, "}");
			comma = ",";
		}
		qos_buf_puts(b, "]");
	}
	qos_buf_puts(b, "}\n");
}

static void human_x(char *p, bool shares, double x)
{
	if (shares)
		snprintf(p, QOS_HUMAN_BYTES, "%.2f%%", 100 * x);
	else
		qos_human_bitrate(p, x);
}

/* The 99th percentile of each class that has records, by what varies. */
static void add_curve(struct qos_buf *b, const struct qos_config *c, bool shares, const struct qos_solution *s)
{
	char text[QOS_HUMAN_BYTES];
	bool has[QOS_CLASSES_MOST] = { 0 };

	for (int k = 0; k < s->n_points; k++)
		for (int i = 0; i < c->n_classes; i++)
			has[i] = has[i] || (s->point[k].possible && isfinite(s->point[k].p99_s[i]));
	qos_buf_printf(b, "%-14s %-5s %10s", shares ? "share" : "rate", "holds", "drops");
	for (int i = 0; i < c->n_classes; i++)
		if (has[i])
			qos_buf_printf(b, " %*.*s.p99", c->classes[i].name.n > 8 ? (int)c->classes[i].name.n : 8,
				       QOS_STR_ARG(c->classes[i].name));
	qos_buf_puts(b, "\n");
	for (int k = 0; k < s->n_points; k++) {
		const struct qos_solve_point *p = &s->point[k];

		human_x(text, shares, p->x);
		qos_buf_printf(b, "%-14s %-5s", text, p->holds ? "yes" : "no");
		if (!p->possible) {
			qos_buf_puts(b, "          - guarantees exceed the link\n");
			continue;
		}
		qos_buf_printf(b, " %10llu", (unsigned long long)p->n_dropped);
		for (int i = 0; i < c->n_classes; i++) {
			qos_human_duration(text, p->p99_s[i]);
			if (has[i])
				qos_buf_printf(b, " %*s",
					       (c->classes[i].name.n > 8 ? (int)c->classes[i].name.n : 8) + 4, text);
		}
		qos_buf_puts(b, "\n");
	}
}

static void add_answer(struct qos_buf *b, bool shares, const struct qos_solution *s)
{
	char text[QOS_HUMAN_BYTES];

	human_x(text, shares, s->x);
	if (shares)
		qos_buf_printf(b, "smallest share: %s (%.6f)", text, s->x);
	else
		qos_buf_printf(b, "smallest rate: %s (%.0f bit/s)", text, s->x);
	qos_buf_printf(b, ", after %d runs\n", s->n_runs);
}

/* --- running --- */

static int solve(struct cli *cli, const struct cli_whatif *w, const struct qos_trace *trace, bool json,
		 struct qos_buf *b)
{
	struct qos_solve_options o = { .trace = trace,
				       .config = cli->config,
				       .shaper = w->shaper,
				       .condition = w->condition,
				       .vary = w->vary_shares ? QOS_VARY_SHARES : QOS_VARY_RATE };
	struct qos_solution s;
	int rc = qos_solve(&s, &o, &cli->err);

	if (!rc && !s.found)
		rc = qos_fail(&cli->err, QOS_ECHECK, QOS_NOWHERE, "no %s meets it: %.*s",
			      w->vary_shares ? "share" : "rate", (int)s.why.n, s.why.p ? s.why.p : "");
	if (!rc && json) {
		for (int k = 0; k < s.n_points; k++)
			add_point_json(b, cli->config, w->vary_shares, &s.point[k]);
		qos_buf_puts(b, "{\"smallest\":{");
		add_x(b, w->vary_shares, s.x);
		qos_buf_printf(b, "},\"runs\":%d}\n", s.n_runs);
	} else if (!rc) {
		add_curve(b, cli->config, w->vary_shares, &s);
		add_answer(b, w->vary_shares, &s);
	}
	qos_buf_free(&s.why);
	return rc;
}

static int read_trace(struct cli *cli, struct qos_trace *trace)
{
	struct cli_stage s = { .stage = qos_trace_stage(trace), .timed = true };
	int rc;

	qos_fields_want(cli->fields, trace->stream_field);
	cli->decode.max_latency = true;
	cli->report = NULL;
	cli->own_metrics = NULL;
	rc = cli_drive(cli, &s);
	if (!rc && trace->failed)
		rc = qos_fail_memory(&cli->err, "the trace");
	for (size_t i = 0; i < trace->n; i++)
		if (trace->entry[i].class < 0)
			trace->entry[i].class = (int16_t)cli->config->default_class;
	if (!rc && trace->n == 0)
		rc = qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "there is no record to try anything with");
	return rc;
}

int cli_whatif(struct cli *cli, const struct cli_whatif *w)
{
	struct qos_trace trace = { .stream_field = w->shaper->stream_field };
	bool json = cli->output && strcmp(cli->output, "jsonl") == 0;
	struct qos_buf b = { 0 };
	int rc;

	if (cli->output && !json)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "-o %s: this prints a table, or JSON with -o jsonl",
				cli->output);
	if (cli->clock.time != CLI_VIRTUAL)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "what-if runs in virtual time alone");
	rc = read_trace(cli, &trace);
	if (!rc)
		rc = solve(cli, w, &trace, json, &b);
	if (!rc && b.failed)
		rc = qos_fail_memory(&cli->err, "the answer");
	if (!rc)
		fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	qos_trace_free(&trace);
	return rc;
}
