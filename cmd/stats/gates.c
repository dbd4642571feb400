/* The gates of qos-stats. */
#include "stats/gates.h"

#include <stdlib.h>

#include "io/replace.h"
#include "render/verdict.h"
#include "stats/baseline.h"

#define BASELINE_MOST (16 << 20)

int stats_gates_take_check(struct stats_gates *g, const char *arg, struct qos_err *err)
{
	if (g->n_checks == STATS_CHECKS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d of them", STATS_CHECKS_MOST);
	g->check[g->n_checks++] = arg;
	return 0;
}

int stats_gates_take_slo(struct stats_gates *g, const char *arg, struct qos_err *err)
{
	if (g->n_slos == QOS_SLOS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d of them", QOS_SLOS_MOST);
	g->slo_text[g->n_slos++] = arg;
	return 0;
}

static int read_baseline(struct stats_gates *g, struct qos_err *err)
{
	FILE *f = fopen(g->baseline, "r");
	char *text = f ? malloc(BASELINE_MOST) : NULL;
	struct qos_place *root = NULL;
	size_t n;
	int rc;

	if (!f)
		return qos_fail_errno(err, "--baseline %s", g->baseline);
	n = text ? fread(text, 1, BASELINE_MOST, f) : 0;
	if (!text)
		rc = qos_fail_memory(err, "--baseline");
	else if (ferror(f))
		rc = qos_fail_errno(err, "--baseline %s", g->baseline);
	else
		rc = qos_baseline_parse(&root, &g->arena, (struct qos_str){ text, n }, g->baseline, err);
	g->names.baseline = root;
	free(text);
	fclose(f);
	return rc;
}

int stats_gates_open(struct stats_gates *g, struct cli *cli, bool by_class)
{
	const struct qos_names *classes = by_class ? &cli->config->class_names : NULL;
	int rc = g->baseline ? read_baseline(g, &cli->err) : 0;

	g->names.classes = classes;
	g->names.slo = g->slo;
	for (int i = 0; !rc && i < g->n_slos; i++) {
		struct qos_err why;

		if ((rc = qos_slo_parse(&g->slo[i], g->slo_text[i], classes, &why)))
			qos_fail(&cli->err, why.code, QOS_NOWHERE, "--slo: %s", why.text);
		g->names.n_slos = i + 1;
	}
	for (int i = 0; !rc && i < g->n_checks; i++)
		rc = qos_gate_new(&g->gate[i], "--check", g->check[i], &g->names, &cli->err);
	return rc;
}

void stats_gates_free(struct stats_gates *g)
{
	for (int i = 0; i < g->n_checks; i++)
		qos_gate_free(g->gate[i]);
	qos_arena_free(&g->arena);
}

/* --- verdicts --- */

static void explain_slo(const struct qos_slo_result *s, struct qos_buf *b)
{
	if (!s->n) {
		qos_buf_puts(b, "no record was measured");
		return;
	}
	qos_buf_printf(b, "%llu of %llu records were late or dropped (%.6g%% good), burn rate %.4g",
		       (unsigned long long)s->n_bad, (unsigned long long)s->n, 100 * s->attained, s->burn);
}

static void add_verdict(struct qos_verdict *v, const char *text, bool holds, const struct qos_buf *why)
{
	*v = (struct qos_verdict){ qos_str(text), holds, { why->p ? why->p : "", why->n } };
}

static void tell(struct cli *cli, const struct qos_verdict *v)
{
	struct qos_buf text = { 0 };

	qos_buf_printf(&text, "check failed: %.*s: %.*s", QOS_STR_ARG(v->text), QOS_STR_ARG(v->why));
	cli_say(cli, text.p ? text.p : "check failed");
	qos_buf_free(&text);
}

static int write_verdicts(const struct stats_gates *g, struct cli *cli, const struct qos_verdict *v, int n)
{
	struct qos_buf b = { 0 };
	int rc = 0;

	if (g->tap) {
		qos_verdicts_tap(v, n, &b);
		fwrite(b.p, 1, b.n, stdout);
		b.n = 0;
	}
	if (g->junit) {
		qos_verdicts_junit(v, n, cli->program->name, &b);
		rc = b.failed ? qos_fail_memory(&cli->err, "--junit")
			      : qos_replace(g->junit, (struct qos_str){ b.p, b.n }, &cli->err);
	}
	qos_buf_free(&b);
	return rc;
}

int stats_gates_run(struct stats_gates *g, struct cli *cli, const struct qos_report *r)
{
	struct qos_buf why[STATS_CHECKS_MOST + QOS_SLOS_MOST] = { { 0 } };
	struct qos_verdict v[STATS_CHECKS_MOST + QOS_SLOS_MOST];
	int n = 0, rc, failed = 0;

	for (int i = 0; i < g->n_checks; i++, n++) {
		bool holds = qos_gate_ask(g->gate[i], r) == QOS_TRUE;

		qos_gate_explain(g->gate[i], &why[n]);
		add_verdict(&v[n], g->check[i], holds, &why[n]);
	}
	for (int i = 0; i < r->n_slos; i++, n++) {
		explain_slo(&r->slo[i], &why[n]);
		add_verdict(&v[n], g->slo_text[i], r->slo[i].burn <= 1, &why[n]); /* NaN is not */
	}
	for (int i = 0; i < n; i++)
		if (!v[i].holds) {
			tell(cli, &v[i]);
			failed = QOS_ECHECK;
		}
	rc = write_verdicts(g, cli, v, n);
	for (int i = 0; i < n; i++)
		qos_buf_free(&why[i]);
	return rc ? rc : failed;
}
