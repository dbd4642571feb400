/* A report that was kept as JSON, read as the YAML that it is too. */
#include "stats/baseline.h"

#include <math.h>
#include <stdio.h>

#include "stats/measure_table.h"
#include "unit/unit.h"

/* The member at a dotted path; a member's own name may have dots (p99.9). */
static const struct qos_place *at_path(const struct qos_place *p, const char *path)
{
	while (p && *path) {
		size_t n = strcspn(path, ".");
		const struct qos_place *child = qos_place_find(p, path);
		char name[64];

		if (child)
			return child;
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		p = p->kind == QOS_PLACE_MAP ? qos_place_find(p, name) : NULL;
		path += n + (path[n] == '.');
	}
	return p;
}

static double number_at(const struct qos_place *p, const char *path)
{
	double x;

	p = p ? at_path(p, path) : NULL;
	return p && p->kind == QOS_PLACE_SCALAR && qos_unit_number(p->text, &x) == 0 ? x : NAN;
}

/* The item of a list whose member `key` is this. */
static const struct qos_place *item(const struct qos_place *root, const char *list, const char *key,
				    struct qos_str name)
{
	const struct qos_place *p = qos_place_find(root, list);

	for (int i = 0; p && i < p->n_children; i++) {
		const struct qos_place *child = qos_place_item(p, i);
		const struct qos_place *value = child->kind == QOS_PLACE_MAP ? qos_place_find(child, key) : NULL;

		if (value && qos_str_equal(value->text, name))
			return child;
	}
	return NULL;
}

static double sum_of(const struct qos_place *map)
{
	double sum = 0, x;

	for (int i = 0; map && i < map->n_children; i++)
		if (qos_unit_number(qos_place_item(map, i)->text, &x) == 0)
			sum += x;
	return sum;
}

static double count_at(const struct qos_place *map, struct qos_str name)
{
	char key[128];
	double x;

	snprintf(key, sizeof(key), "%.*s", QOS_STR_ARG(name));
	x = map && qos_place_find(map, key) ? number_at(map, key) : 0;
	return x;
}

static const struct qos_place *group_in(const struct qos_place *root, struct qos_str name)
{
	return qos_str_is(name, "all") ? qos_place_find(root, "all") : item(root, "classes", "class", name);
}

static double metric_in(const struct qos_place *g, int metric)
{
	const struct qos_measure_name *m = &qos_group_metrics[metric];

	if (g && metric == M_DROPS)
		return sum_of(qos_place_find(g, "drops"));
	return number_at(g, m->path ? m->path : m->name);
}

static double whole_in(const struct qos_place *root, int metric)
{
	const struct qos_measure_name *m = &qos_whole_metrics[metric];

	if (metric == W_DROPS)
		return sum_of(qos_place_find(root, "drops"));
	return number_at(root, m->path ? m->path : m->name);
}

static double label_in(const struct qos_place *root, struct qos_str name, int metric)
{
	const struct qos_place *labels = at_path(root, "accuracy.labels");
	char key[128];

	snprintf(key, sizeof(key), "%.*s", QOS_STR_ARG(name));
	return number_at(labels ? qos_place_find(labels, key) : NULL, qos_label_metrics[metric]);
}

double qos_baseline_value(const struct qos_measure *m, const struct qos_place *root)
{
	const struct qos_place *g = group_in(root, m->group);

	switch (m->kind) {
	case QOS_MEASURE_GROUP: return metric_in(g, m->metric);
	case QOS_MEASURE_ADAPTER: return metric_in(item(root, "adapters", "adapter", m->group), m->metric);
	case QOS_MEASURE_GROUP_DROPS: return g ? count_at(qos_place_find(g, "drops"), m->item) : NAN;
	case QOS_MEASURE_DROPS: return g ? metric_in(g, M_DROPS) : count_at(qos_place_find(root, "drops"), m->group);
	case QOS_MEASURE_SLO: return number_at(item(root, "slo", "class", m->group), qos_slo_metrics[m->metric]);
	case QOS_MEASURE_ACCURACY: return number_at(qos_place_find(root, "accuracy"), qos_accuracy_metrics[m->metric]);
	case QOS_MEASURE_LABEL: return label_in(root, m->group, m->metric);
	case QOS_MEASURE_DECISION: return count_at(qos_place_find(root, "class_by"), m->group);
	default: return whole_in(root, m->metric);
	}
}

int qos_baseline_parse(struct qos_place **root, struct qos_arena *arena, struct qos_str json, const char *file,
		       struct qos_err *err)
{
	struct qos_err why;
	int rc = qos_place_parse(root, arena, json, file, &why);

	if (!rc && (!qos_place_find(*root, "records") || !qos_place_find(*root, "classes")))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"%s is no report by class; make one with qos-stats --format json", file);
	return rc ? qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s is no JSON: %s", file, why.text) : 0;
}
