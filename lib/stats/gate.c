/*
 * Gates over a report: names become (group, metric) when the check is compiled, values when the report is there.
 */
#include "stats/gate.h"

#include <math.h>
#include <stdlib.h>

#include "expr/tree.h"
#include "unit/human.h"

enum metric {
	M_COUNT,
	M_BYTES,
	M_DROPS,
	M_THROUGHPUT,
	M_MEAN,
	M_P50,
	M_P90,
	M_P99,
	M_P999,
	M_MAX,
	M_TARGET,
	M_ATTAINMENT,
	M_MISSES,
	M_FAIRNESS,
	N_GROUP_METRICS,
	M_DROPS_OF = N_GROUP_METRICS,
	M_RECORDS,
	M_REJECTED,
	M_UNCLASSIFIED,
	M_DURATION,
};

static const char *const metric_names[N_GROUP_METRICS] = {
	"count", "bytes",  "drops",      "throughput",      "mean",     "p50", "p90", "p99", "p99.9",
	"max",   "target", "attainment", "deadline_misses", "fairness",
};

static const struct {
	const char *name;
	enum metric metric;
} bare_names[] = { { "records", M_RECORDS },           { "drops", M_DROPS },       { "rejected", M_REJECTED },
		   { "unclassified", M_UNCLASSIFIED }, { "duration", M_DURATION }, { "fairness", M_FAIRNESS } };

#define SLOTS_MOST 32

struct qos_gate {
	char *text;
	struct qos_expr *expr;
	struct qos_expr_scope scope;
	const struct qos_names *classes;
	const struct qos_report *report;
	double unmeasured; /* what stands for a number that was not measured; NAN: an absent value */
	struct slot {
		struct qos_str group; /* "all", or of a drop count */
		enum metric metric;
		char *name;
	} slot[SLOTS_MOST];
	int n_slots;
};

static bool is_time(enum metric m)
{
	return (m >= M_MEAN && m <= M_TARGET) || m == M_DURATION;
}

/* GROUP.METRIC, by the longest metric that the name ends with. */
static bool split(struct qos_str name, struct slot *s)
{
	for (int m = 0; m < N_GROUP_METRICS; m++) {
		size_t n = strlen(metric_names[m]);

		if (name.n > n + 1 && name.p[name.n - n - 1] == '.' &&
		    memcmp(name.p + name.n - n, metric_names[m], n) == 0) {
			s->group = (struct qos_str){ name.p, name.n - n - 1 };
			s->metric = (enum metric)m;
			return true;
		}
	}
	return false;
}

static bool is_group(const struct qos_gate *g, struct qos_str name)
{
	return !g->classes || qos_str_is(name, "all") || qos_names_find(g->classes, name) >= 0;
}

static int resolve(void *self, struct qos_str name, enum qos_expr_type *type)
{
	struct qos_gate *g = self;
	struct slot *s = &g->slot[g->n_slots];
	bool found = false;

	if (g->n_slots == SLOTS_MOST)
		return -1;
	*s = (struct slot){ .group = QOS_STR("all") };
	for (size_t i = 0; i < sizeof(bare_names) / sizeof(*bare_names); i++)
		if (qos_str_is(name, bare_names[i].name)) {
			s->metric = bare_names[i].metric;
			found = true;
		}
	if (!found && qos_str_starts(name, QOS_STR("drops."))) {
		s->group = (struct qos_str){ name.p + 6, name.n - 6 };
		s->metric = M_DROPS_OF;
		found = s->group.n > 0;
	} else if (!found) {
		found = split(name, s) && is_group(g, s->group);
	}
	if (!found)
		return -1;
	if (!(s->name = strndup(name.p, name.n)))
		return -1;
	*type = QOS_EXPR_NUMBER;
	return g->n_slots++;
}

static const struct qos_report_group *find_group(const struct qos_report *r, struct qos_str name)
{
	if (qos_str_is(name, "all"))
		return &r->all;
	for (int i = 0; i < r->n_groups; i++)
		if (qos_str_equal(r->group[i].name, name))
			return &r->group[i];
	return NULL;
}

/* drops.critical, drops.tail */
static double drops_of(const struct qos_report *r, struct qos_str name)
{
	const struct qos_report_group *g = find_group(r, name);

	if (g)
		return (double)g->n_dropped;
	for (int i = 0; i < r->all.n_drops; i++)
		if (qos_str_equal(r->all.drop[i].reason, name))
			return (double)r->all.drop[i].n;
	return 0; /* nothing was dropped for that reason */
}

static double group_value(const struct qos_report_group *g, enum metric m)
{
	switch (m) {
	case M_COUNT: return (double)g->n_records;
	case M_BYTES: return (double)g->out_bytes;
	case M_DROPS: return (double)g->n_dropped;
	case M_THROUGHPUT: return g->throughput_bps;
	case M_MEAN: return g->mean_s;
	case M_MAX: return g->max_s;
	case M_TARGET: return g->target_s;
	case M_ATTAINMENT: return g->attainment;
	case M_MISSES: return (double)g->n_misses;
	case M_FAIRNESS: return g->fairness;
	default: return g->quantile_s[m - M_P50];
	}
}

/*
 * Of a group that had no record.  A class that the config knows has counts, all 0; a group of --by may be a name that
 * was mistyped.
 */
static double value_of_nothing(const struct qos_gate *gate, enum metric m)
{
	bool is_count = m == M_COUNT || m == M_BYTES || m == M_DROPS || m == M_MISSES;

	return gate->classes && is_count ? 0 : NAN;
}

static double value_of(const struct qos_gate *gate, const struct qos_report *r, const struct slot *s)
{
	const struct qos_report_group *g;

	switch (s->metric) {
	case M_DROPS_OF: return drops_of(r, s->group);
	case M_RECORDS: return (double)r->all.n_records;
	case M_REJECTED: return (double)r->n_rejected;
	case M_UNCLASSIFIED: return (double)r->n_unclassified;
	case M_DURATION: return r->duration_s;
	default: g = find_group(r, s->group); return g ? group_value(g, s->metric) : value_of_nothing(gate, s->metric);
	}
}

static struct qos_expr_value get(const void *self, int slot)
{
	const struct qos_gate *g = self;
	double x = value_of(g, g->report, &g->slot[slot]);

	if (isnan(x))
		x = g->unmeasured;
	if (isnan(x))
		return (struct qos_expr_value){ .type = QOS_EXPR_ANY };
	return (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = x };
}

int qos_gate_new(struct qos_gate **out, const char *text, const struct qos_names *classes, struct qos_err *err)
{
	struct qos_gate *g = calloc(1, sizeof(*g));
	int rc;

	*out = NULL;
	if (!g || !(g->text = strdup(text))) {
		free(g);
		return qos_fail_memory(err, "check");
	}
	g->classes = classes;
	g->scope = (struct qos_expr_scope){ resolve, get, g };
	rc = qos_expr_compile(&g->expr, qos_str(text), (struct qos_at){ "--check", 1, 1 }, NULL, &g->scope, err);
	if (!rc)
		rc = qos_expr_need_truth(g->expr, err);
	if (rc)
		qos_gate_free(g);
	else
		*out = g;
	return rc;
}

void qos_gate_free(struct qos_gate *g)
{
	if (!g)
		return;
	qos_expr_free(g->expr);
	for (int i = 0; i < g->n_slots; i++)
		free(g->slot[i].name);
	free(g->text);
	free(g);
}

static void add_number(struct qos_buf *b, double x, bool time)
{
	char text[QOS_HUMAN_BYTES];

	if (!time) {
		qos_buf_printf(b, "%.6g", x);
		return;
	}
	qos_human_duration(text, x);
	qos_buf_puts(b, text);
}

/* For NAME < NUMBER and the like: by how much it missed. */
static void add_margin(struct qos_buf *b, const struct qos_gate *g, const struct slot *s)
{
	const struct qos_expr_node *root = &g->expr->node[g->expr->n_nodes - 1];
	const struct qos_expr_node *left = &g->expr->node[root->a], *right = &g->expr->node[root->b];
	double over;

	if (root->kind != QOS_NODE_BINARY || left->kind != QOS_NODE_FIELD || right->kind != QOS_NODE_LITERAL)
		return;
	over = value_of(g, g->report, s) - right->value.number;
	if (over == 0)
		return;
	qos_buf_puts(b, " (");
	add_number(b, fabs(over), is_time(s->metric));
	qos_buf_puts(b, over > 0 ? " over)" : " under)");
}

/* What was not measured may have been anything: the check has to hold for nothing, the least and the most of it. */
static bool holds_whatever(struct qos_gate *g)
{
	static const double stand_in[] = { NAN, -INFINITY, INFINITY };
	bool holds = true;

	for (size_t i = 0; holds && i < sizeof(stand_in) / sizeof(*stand_in); i++) {
		g->unmeasured = stand_in[i];
		holds = qos_expr_true(g->expr, NULL);
	}
	return holds;
}

bool qos_gate_holds(struct qos_gate *g, const struct qos_report *r, struct qos_buf *why)
{
	g->report = r;
	if (holds_whatever(g))
		return true;
	qos_buf_puts(why, g->text);
	for (int i = 0; i < g->n_slots; i++) {
		double x = value_of(g, r, &g->slot[i]);

		qos_buf_printf(why, "%s%s ", i ? ", " : ": ", g->slot[i].name);
		if (isnan(x)) {
			qos_buf_puts(why, "was not measured");
			continue;
		}
		qos_buf_puts(why, "is ");
		add_number(why, x, is_time(g->slot[i].metric));
		add_margin(why, g, &g->slot[i]);
	}
	return false;
}
