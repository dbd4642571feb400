/* What-if: reading the trace, printing what came of it. */
#include "cli/whatif.h"

#include <math.h>
#include <stdlib.h>

#include "study/compare.h"
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

/* --- comparing --- */

static int load_policy(struct cli *cli, const struct cli_whatif *w, int i, struct qos_config **config)
{
	int rc = qos_config_load(config, w->policy[i], cli->set, cli->n_set, &cli->err);

	if (!rc)
		rc = w->apply(w->self, *config, &cli->err);
	return rc ? rc : qos_config_validate(*config, &cli->err);
}

/* Classes of the first policy in another: the same ones, in any order. */
static int match_classes(struct cli *cli, const struct cli_whatif *w, int k, struct qos_config *const *config,
			 int16_t *class_of)
{
	const struct qos_config *base = config[0];

	for (int i = 0; i < base->n_classes; i++) {
		int found = qos_names_find(&config[k]->class_names, base->classes[i].name);

		if (found < 0 || config[k]->n_classes != base->n_classes)
			return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
					"%s and %s have different classes; a comparison needs the same", w->policy[0],
					w->policy[k]);
		class_of[i] = (int16_t)found;
	}
	return 0;
}

static void add_effect_json(struct qos_buf *b, const char *name, const struct qos_effect *e)
{
	qos_buf_printf(b, ",\"%s\":{\"unit\":\"s\"", name);
	add_number(b, "a", e->a);
	add_number(b, "b", e->b);
	add_number(b, "difference", e->b - e->a);
	add_number(b, "low", e->low);
	add_number(b, "high", e->high);
	qos_buf_puts(b, "}");
}

static void add_comparison_json(struct qos_buf *b, const char *policy, struct qos_str class,
				const struct qos_comparison *c)
{
	qos_buf_puts(b, "{\"policy\":");
	qos_buf_json(b, qos_str(policy));
	qos_buf_puts(b, ",\"class\":");
	qos_buf_json(b, class);
	qos_buf_printf(b, ",\"records\":%llu,\"drops\":{\"a\":%llu,\"b\":%llu}", (unsigned long long)c->n_records,
		       (unsigned long long)c->n_dropped_a, (unsigned long long)c->n_dropped_b);
	add_effect_json(b, "mean", &c->mean);
	add_effect_json(b, "p99", &c->p99);
	qos_buf_puts(b, "}\n");
}

static void human_difference(char *p, double seconds)
{
	*p = seconds < 0 ? '-' : '+';
	qos_human_duration(p + (seconds != 0), fabs(seconds));
}

static void add_effect(struct qos_buf *b, const char *what, const struct qos_effect *e)
{
	char x[5][QOS_HUMAN_BYTES + 1];

	if (!isfinite(e->a) || !isfinite(e->b))
		return;
	qos_human_duration(x[0], e->a);
	qos_human_duration(x[1], e->b);
	human_difference(x[2], e->b - e->a);
	human_difference(x[3], e->low);
	human_difference(x[4], e->high);
	qos_buf_printf(b, "  %-6s %10s %10s %10s  %10s .. %-10s %s\n", what, x[0], x[1], x[2], x[3], x[4],
		       e->high < 0  ? "less"
		       : e->low > 0 ? "more"
				    : "");
}

static void add_comparison(struct qos_buf *b, struct qos_str class, const struct qos_comparison *c)
{
	if (!c->n_records)
		return;
	qos_buf_printf(b, "%.*s: %llu records\n", QOS_STR_ARG(class), (unsigned long long)c->n_records);
	add_effect(b, "mean", &c->mean);
	add_effect(b, "p99", &c->p99);
	qos_buf_printf(b, "  %-6s %10llu %10llu %+10lld\n", "drops", (unsigned long long)c->n_dropped_a,
		       (unsigned long long)c->n_dropped_b, (long long)(c->n_dropped_b - c->n_dropped_a));
}

/* Policy k beside the first. */
static int show(struct cli *cli, const struct cli_whatif *w, int k, const struct qos_config *base,
		const struct qos_trace *t, int64_t *const *latency_ns, bool json, struct qos_buf *b)
{
	if (!json)
		qos_buf_printf(b, "%sa: %s, b: %s\n  %-6s %10s %10s %10s  %s\n", k > 1 ? "\n" : "", w->policy[0],
			       w->policy[k], "", "a", "b", "b - a", "95 % interval of b - a");
	for (int i = 0; i <= base->n_classes; i++) {
		struct qos_str name = i < base->n_classes ? base->classes[i].name : QOS_STR("all");
		struct qos_comparison c;
		int rc = qos_compare(&c, t, i < base->n_classes ? i : -1, latency_ns[0], latency_ns[k], 1, &cli->err);

		if (rc)
			return rc;
		if (json)
			add_comparison_json(b, w->policy[k], name, &c);
		else
			add_comparison(b, name, &c);
	}
	return 0;
}

static int compare(struct cli *cli, const struct cli_whatif *w, struct qos_config *const *config, struct qos_trace *t,
		   bool json, struct qos_buf *b)
{
	int64_t *latency_ns[CLI_POLICIES] = { NULL };
	int16_t class_of[QOS_CLASSES_MOST];
	int rc = 0;

	t->class_of = class_of;
	for (int k = 0; !rc && k < w->n_policies; k++) {
		struct qos_run run;

		latency_ns[k] = malloc(t->n * sizeof(**latency_ns));
		if (!latency_ns[k])
			rc = qos_fail_memory(&cli->err, "comparison");
		if (rc || (rc = match_classes(cli, w, k, config, class_of)) ||
		    (rc = qos_run_new(&run, t, config[k], w->shaper, latency_ns[k], &cli->err)))
			break;
		qos_run_free(&run);
	}
	for (int k = 1; !rc && k < w->n_policies; k++)
		rc = show(cli, w, k, config[0], t, latency_ns, json, b);
	for (int k = 0; k < w->n_policies; k++)
		free(latency_ns[k]);
	return rc;
}

static int read_trace(struct cli *cli, struct qos_trace *trace, const struct qos_config *config)
{
	struct cli_stage s = { .stage = qos_trace_stage(trace), .timed = true };
	int rc;

	qos_fields_want(cli->fields, trace->stream_field);
	cli->decode.max_latency = true;
	cli->decode.classes = &config->class_names;
	cli->report = NULL;
	cli->own_metrics = NULL;
	rc = cli_drive(cli, &s);
	if (!rc && trace->failed)
		rc = qos_fail_memory(&cli->err, "the trace");
	for (size_t i = 0; i < trace->n; i++)
		if (trace->entry[i].class < 0)
			trace->entry[i].class = (int16_t)config->default_class;
	if (!rc && trace->n == 0)
		rc = qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "there is no record to try anything with");
	return rc;
}

int cli_whatif(struct cli *cli, const struct cli_whatif *w)
{
	struct qos_trace trace = { .stream_field = w->shaper->stream_field };
	bool json = cli->output && strcmp(cli->output, "jsonl") == 0;
	const struct qos_schedule *schedule = w->shaper->schedule;
	struct qos_config *config[CLI_POLICIES] = { NULL };
	struct qos_buf b = { 0 };
	int rc = 0;

	if (cli->output && !json)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "-o %s: this prints a table, or JSON with -o jsonl",
				cli->output);
	if (cli->clock.time != CLI_VIRTUAL)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "what-if runs in virtual time alone");
	if (w->n_policies == 1 || (w->n_policies && w->condition))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--compare %s: write it twice or more, and not with --solve", w->policy[0]);
	for (int i = 0; w->n_policies && schedule && i < schedule->n; i++)
		if (schedule->change[i].class >= 0)
			return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
					"--compare: with a schedule that changes classes it is not one policy");
	for (int i = 0; !rc && i < w->n_policies; i++)
		rc = load_policy(cli, w, i, &config[i]);
	if (!rc)
		rc = read_trace(cli, &trace, w->n_policies ? config[0] : cli->config);
	if (!rc)
		rc = w->condition ? solve(cli, w, &trace, json, &b) : compare(cli, w, config, &trace, json, &b);
	if (!rc && b.failed)
		rc = qos_fail_memory(&cli->err, "the answer");
	if (!rc)
		fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	qos_trace_free(&trace);
	for (int i = 0; i < w->n_policies; i++)
		qos_config_free(config[i]);
	return rc;
}
