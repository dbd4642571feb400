/* From raw texts to numbers. */
#include "config/values.h"

#include <stdio.h>

#include "unit/unit.h"

#define WHY_BYTES 200

struct loader {
	struct qos_config *c;
	struct qos_problems *problems;
};

/* --- settings by key --- */

static int in_range(int64_t n, int64_t least, int64_t most, char *why)
{
	if (n >= least && n <= most)
		return 0;
	snprintf(why, WHY_BYTES, "%lld is out of range; write %lld to %lld", (long long)n, (long long)least,
		 (long long)most);
	return -1;
}

static int count(struct qos_str value, int64_t least, int64_t most, int64_t *n, char *why)
{
	return qos_unit_count(value, n, why) || in_range(*n, least, most, why) ? -1 : 0;
}

static int yes_or_no(struct qos_str text, bool *value, char *why)
{
	static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no", "off" };

	for (int i = 0; i < 3; i++) {
		if (qos_str_is(text, yes[i]) || qos_str_is(text, no[i])) {
			*value = qos_str_is(text, yes[i]);
			return 0;
		}
	}
	snprintf(why, WHY_BYTES, "is neither true nor false");
	return -1;
}

int qos_config_class_set(struct qos_class_config *k, struct qos_str key, struct qos_str value, char *why)
{
	static const char *const keys[] = { "priority", "latency_target", "share", "rate", "ceil",    "burst",
					    "cburst",   "queue_limit",    "limit", "prio", "quantum", "aqm",
					    "shed" };
	const char *near;
	int64_t n;
	bool flag = false;
	int rc;

	if (qos_str_is(key, "priority")) {
		rc = count(value, 0, 1000000, &n, why);
		k->priority = (int)n;
	} else if (qos_str_is(key, "latency_target")) {
		rc = qos_unit_duration(value, 1000000000, &k->latency_target_ns, why) ||
		     in_range(k->latency_target_ns, 1, INT64_MAX, why);
	} else if (qos_str_is(key, "share")) {
		rc = qos_unit_share(value, &k->share, why);
	} else if (qos_str_is(key, "rate")) {
		if (qos_str_is(value, "0")) {
			k->rate_bps = 0;
			return 0;
		}
		rc = qos_unit_bitrate(value, &k->rate_bps, why);
	} else if (qos_str_is(key, "ceil")) {
		rc = qos_unit_bitrate(value, &k->ceil_bps, why);
	} else if (qos_str_is(key, "burst")) {
		rc = qos_unit_size(value, &k->burst_bytes, why);
	} else if (qos_str_is(key, "cburst")) {
		rc = qos_unit_size(value, &k->cburst_bytes, why);
	} else if (qos_str_is(key, "queue_limit") || qos_str_is(key, "limit")) {
		rc = count(value, 1, INT32_MAX, &k->queue_limit, why);
	} else if (qos_str_is(key, "prio")) {
		rc = count(value, 0, 1000000, &n, why);
		k->shape_prio = (int)n;
	} else if (qos_str_is(key, "quantum")) {
		rc = qos_unit_size(value, &k->quantum_bytes, why) || in_range(k->quantum_bytes, 1, 1 << 30, why);
	} else if (qos_str_is(key, "shed")) {
		rc = yes_or_no(value, &flag, why);
		k->shed = flag;
	} else if (qos_str_is(key, "aqm")) {
		k->aqm = value;
		return 0;
	} else {
		near = qos_nearest(key.p, key.n, keys, sizeof(keys) / sizeof(*keys));
		snprintf(why, WHY_BYTES, "a class has no \"%.*s\"; %s%s%s", QOS_STR_ARG(key),
			 near ? "did you mean \"" : "write rate, ceil, burst, cburst, prio, quantum, limit or share",
			 near ? near : "", near ? "\"?" : "");
		return -1;
	}
	return rc ? -1 : 0;
}

/* --- sections --- */

static void refuse(struct loader *l, const struct qos_place *parent, const char *key, const char *why)
{
	const struct qos_place *p = qos_place_find(parent, key);

	qos_problem(l->problems, p ? p->at : parent ? parent->at : QOS_NOWHERE, "%s: %s", key, why);
}

static struct qos_str keep(struct loader *l, const char *text)
{
	struct qos_str s = qos_str(text);

	s.p = qos_arena_copy(&l->c->arena, s);
	return s.p ? s : QOS_STR("");
}

/* A name that must be there and be new. */
static struct qos_str name_of(struct loader *l, const char *raw, const struct qos_place *at, const char *what)
{
	if (!raw || !*raw) {
		qos_problem(l->problems, at->at, "a %s without a name; write name: ...", what);
		return QOS_STR("");
	}
	return keep(l, raw);
}

static void class_values(struct loader *l, const struct qos_raw_class *raw, const struct qos_place *at, int i)
{
	struct qos_class_config *k = &l->c->classes[i];
	const struct {
		const char *key, *value;
	} given[] = { { "priority", raw->priority }, { "latency_target", raw->latency_target },
		      { "share", raw->share },       { "rate", raw->rate },
		      { "ceil", raw->ceil },         { "burst", raw->burst },
		      { "cburst", raw->cburst },     { "queue_limit", raw->queue_limit },
		      { "prio", raw->prio },         { "quantum", raw->quantum },
		      { "shed", raw->shed } };
	char why[WHY_BYTES];

	*k = (struct qos_class_config){ .name = name_of(l, raw->name, at, "class"),
					.priority = i,
					.latency_target_ns = 1000000000,
					.rate_bps = QOS_DEFAULT,
					.ceil_bps = QOS_DEFAULT,
					.burst_bytes = QOS_DEFAULT,
					.cburst_bytes = QOS_DEFAULT,
					.queue_limit = QOS_DEFAULT,
					.quantum_bytes = QOS_DEFAULT,
					.shed = QOS_DEFAULT,
					.at = at->at };
	for (size_t g = 0; g < sizeof(given) / sizeof(*given); g++)
		if (given[g].value && qos_config_class_set(k, qos_str(given[g].key), qos_str(given[g].value), why))
			refuse(l, at, given[g].key, why);
	if (raw->aqm)
		k->aqm = keep(l, raw->aqm);
	if (raw->strategy)
		k->strategy = keep(l, raw->strategy);
	if (raw->police)
		k->police = keep(l, raw->police);
	if (k->name.n && qos_names_find(&l->c->class_names, k->name) >= 0)
		qos_problem(l->problems, at->at, "there are two classes \"%.*s\"; rename one of them",
			    QOS_STR_ARG(k->name));
	qos_names_add(&l->c->class_names, k->name);
}

/* The problem stands at the share that goes over the top. */
static void check_shares(struct loader *l, const struct qos_place *list)
{
	const struct qos_place *over = NULL;
	double sum = 0;

	for (int i = 0; i < l->c->n_classes; i++) {
		sum += l->c->classes[i].share;
		if (sum > 1 + 1e-9 && !over)
			over = qos_place_find(qos_place_item(list, i), "share");
	}
	if (over)
		qos_problem(l->problems, over->at, "shares add up to %.4g%%; lower one of them to reach 100%%",
			    100 * sum);
}

static void classes(struct loader *l, const struct qos_raw *raw, const struct qos_place *root)
{
	const struct qos_place *list = qos_place_find(root, "classes");
	int n = (int)raw->classes_count;

	if (n < 1 || n > QOS_CLASSES_MOST) {
		qos_problem(l->problems, list ? list->at : QOS_NOWHERE, "%d classes; write 1 to %d", n,
			    QOS_CLASSES_MOST);
		return;
	}
	l->c->classes = qos_arena_get(&l->c->arena, (size_t)n * sizeof(*l->c->classes));
	if (!l->c->classes)
		return;
	for (int i = 0; i < n; i++) {
		class_values(l, &raw->classes[i], qos_place_item(list, i), i);
		l->c->n_classes++;
	}
	check_shares(l, list);
}

/* Index of a class by name; a problem, and -1, when there is none. */
static int class_of(struct loader *l, const char *name, struct qos_at at)
{
	const char *names[QOS_CLASSES_MOST], *near;
	int i = qos_names_find(&l->c->class_names, qos_str(name));

	if (i >= 0)
		return i;
	for (int k = 0; k < l->c->n_classes; k++)
		names[k] = l->c->classes[k].name.p;
	near = qos_nearest(name, strlen(name), names, (size_t)l->c->n_classes);
	qos_problem(l->problems, at, "there is no class \"%s\"%s%s%s", name,
		    near ? "; did you mean \"" : "; add it to classes:", near ? near : "", near ? "\"?" : "");
	return -1;
}

static void flag(struct loader *l, const struct qos_place *at, const char *key, const char *text, bool *value)
{
	char why[WHY_BYTES];

	if (text && yes_or_no(qos_str(text), value, why))
		refuse(l, at, key, why);
}

static void rule_numbers(struct loader *l, const struct qos_raw_rule *raw, const struct qos_place *at,
			 struct qos_rule_config *r)
{
	char why[WHY_BYTES];
	int64_t priority;

	if (raw->weight && (qos_unit_number(qos_str(raw->weight), &r->weight) || r->weight < 0 || r->weight > 1e9))
		refuse(l, at, "weight", "is no number from 0 to 1e9");
	if (raw->priority) {
		if (count(qos_str(raw->priority), 0, 1000000, &priority, why))
			refuse(l, at, "priority", why);
		else
			r->priority = (int)priority;
	}
	flag(l, at, "enabled", raw->enabled, &r->enabled);
}

static void rule_values(struct loader *l, const struct qos_raw_rule *raw, const struct qos_place *at)
{
	const struct qos_place *when = qos_place_find(at, "when"), *class = qos_place_find(at, "class");
	struct qos_rule_config *r = &l->c->rules[l->c->n_rules++];

	*r = (struct qos_rule_config){ .weight = 1, .priority = 100, .enabled = true, .at = at->at };
	r->name = name_of(l, raw->name, at, "rule");
	if (!raw->when || !when)
		qos_problem(l->problems, at->at, "rule %.*s has no when; write when: EXPRESSION", QOS_STR_ARG(r->name));
	else
		r->when = keep(l, raw->when);
	r->when_at = when ? when->at : at->at;
	if (!raw->class || !class)
		qos_problem(l->problems, at->at, "rule %.*s has no class; write class: NAME", QOS_STR_ARG(r->name));
	else
		r->class = class_of(l, raw->class, class->at);
	rule_numbers(l, raw, at, r);
}

static void rules(struct loader *l, const struct qos_raw *raw, const struct qos_place *root, bool skip_unknown)
{
	const struct qos_place *list = qos_place_find(root, "rules");

	l->c->rules = qos_arena_get(&l->c->arena, (raw->rules_count + 1) * sizeof(*l->c->rules));
	for (uint32_t i = 0; l->c->rules && i < raw->rules_count; i++) {
		const char *class = raw->rules[i].class;

		if (skip_unknown && class && qos_names_find(&l->c->class_names, qos_str(class)) < 0)
			continue;
		rule_values(l, &raw->rules[i], qos_place_item(list, (int)i));
	}
}

static void adapters(struct loader *l, const struct qos_raw *raw, const struct qos_place *root)
{
	const struct qos_place *list = qos_place_find(root, "adapters");
	char why[WHY_BYTES];

	l->c->adapters = qos_arena_get(&l->c->arena, (raw->adapters_count + 1) * sizeof(*l->c->adapters));
	for (uint32_t i = 0; l->c->adapters && i < raw->adapters_count; i++) {
		const struct qos_raw_adapter *from = &raw->adapters[i];
		const struct qos_place *at = qos_place_item(list, (int)i);
		struct qos_adapter_config *a = &l->c->adapters[l->c->n_adapters++];
		const struct {
			const char *key, *value;
		} given[] = { { "rate", from->rate },         { "concurrency", from->concurrency },
			      { "delivery", from->delivery }, { "buffer", from->buffer },
			      { "window", from->window },     { "stuck", from->stuck },
			      { "weight", from->weight } };

		*a = (struct qos_adapter_config){ .name = name_of(l, from->name, at, "adapter"),
						  .concurrency = 1,
						  .uri = keep(l, from->uri ? from->uri : "sim:"),
						  .rate_bps = QOS_DEFAULT,
						  .rate_den = 1,
						  .at = at->at };
		qos_config_adapter_defaults(a);
		if (qos_config_adapter(a, a->uri, why))
			refuse(l, at, "uri", why);
		if (from->region)
			a->region = keep(l, from->region);
		if (from->latency)
			a->latency = keep(l, from->latency);
		if (from->faults && *from->faults)
			a->fault[a->n_faults++] = keep(l, from->faults);
		if (from->services)
			a->services = keep(l, from->services);
		for (size_t k = 0; k < sizeof(given) / sizeof(*given); k++)
			if (given[k].value &&
			    qos_config_adapter_set(a, qos_str(given[k].key), qos_str(given[k].value), why))
				refuse(l, at, given[k].key, why);
	}
}

/* Adapter `name` offers one service more. */
static void offer(struct loader *l, struct qos_str service, const struct qos_place *name)
{
	struct qos_adapter_config *a = l->c->adapters, *end = a + l->c->n_adapters;
	struct qos_buf b = { 0 };

	while (a < end && !(name->kind == QOS_PLACE_SCALAR && qos_str_equal(a->name, name->text)))
		a++;
	if (a == end) {
		qos_problem(l->problems, name->at, "services: there is no adapter \"%.*s\"", QOS_STR_ARG(name->text));
		return;
	}
	qos_buf_printf(&b, "%.*s%s%.*s", QOS_STR_ARG(a->services), a->services.n ? "+" : "", QOS_STR_ARG(service));
	a->services = keep(l, b.p ? b.p : "");
	qos_buf_free(&b);
}

static void services(struct loader *l, const struct qos_place *root)
{
	const struct qos_place *map = qos_place_find(root, "services");

	if (map && map->kind != QOS_PLACE_MAP) {
		qos_problem(l->problems, map->at,
			    "\"services\" has keys; write them indented below it, as service: [adapter, ...]");
		return;
	}
	for (const struct qos_place *s = map ? map->child : NULL; s; s = s->next) {
		if (s->kind != QOS_PLACE_LIST) {
			qos_problem(l->problems, s->at, "service \"%.*s\" is a list of adapters", QOS_STR_ARG(s->key));
			continue;
		}
		for (const struct qos_place *a = s->child; a; a = a->next)
			offer(l, s->key, a);
	}
}

static void tenant_values(struct loader *l, const struct qos_raw_tenant *raw, const struct qos_place *at,
			  struct qos_tenant_config *t)
{
	const struct {
		const char *key, *value;
	} given[] = {
		{ "share", raw->share }, { "rate", raw->rate }, { "ceil", raw->ceil }, { "streams", raw->streams }
	};
	char why[WHY_BYTES];

	for (size_t k = 0; k < sizeof(given) / sizeof(*given); k++)
		if (given[k].value && qos_config_tenant_set(t, qos_str(given[k].key), keep(l, given[k].value), why))
			refuse(l, at, given[k].key, why);
}

static void tenants(struct loader *l, const struct qos_raw *raw, const struct qos_place *root)
{
	struct qos_names names = { 0 };
	double sum;
	int over;

	l->c->tenants = qos_arena_get(&l->c->arena, (raw->tenants_count + 1) * sizeof(*l->c->tenants));
	for (uint32_t i = 0; l->c->tenants && i < raw->tenants_count; i++) {
		const struct qos_place *at = qos_place_item(qos_place_find(root, "tenants"), i);
		const struct qos_place *class = qos_place_find(at, "max_class");
		struct qos_tenant_config *t = &l->c->tenants[l->c->n_tenants++];

		*t = (struct qos_tenant_config){ .max_class = -1, .at = at->at };
		t->name = name_of(l, raw->tenants[i].name, at, "tenant");
		if (qos_names_find(&names, t->name) >= 0)
			qos_problem(l->problems, at->at, "there are two tenants \"%.*s\"", QOS_STR_ARG(t->name));
		qos_names_add(&names, t->name);
		if (raw->tenants[i].max_class)
			t->max_class = class_of(l, raw->tenants[i].max_class, class ? class->at : at->at);
		tenant_values(l, &raw->tenants[i], at, t);
	}
	qos_names_free(&names);
	over = qos_config_tenants_over(l->c, &sum);
	if (over >= 0)
		qos_problem(l->problems, l->c->tenants[over].at,
			    "shares of tenants add up to %.4g%%; lower one of them to reach 100%%", 100 * sum);
}

/* The class of the greatest priority number: the unknown takes nothing from the known. */
static int lowest_class(const struct qos_config *c)
{
	int lowest = 0;

	for (int i = 1; i < c->n_classes; i++)
		if (c->classes[i].priority >= c->classes[lowest].priority)
			lowest = i;
	return lowest;
}

static void learning(struct loader *l, const struct qos_raw *raw, const struct qos_place *at)
{
	struct qos_config *c = l->c;

	flag(l, at, "enable_ml", raw->classifier.enable_ml, &c->enable_ml);
	flag(l, at, "adaptive_learning", raw->classifier.adaptive_learning, &c->adaptive_learning);
	flag(l, at, "enable_patterns", raw->classifier.enable_patterns, &c->enable_patterns);
	if (raw->classifier.pattern_threshold &&
	    (qos_unit_number(qos_str(raw->classifier.pattern_threshold), &c->pattern_threshold) ||
	     c->pattern_threshold <= 0 || c->pattern_threshold > 1))
		refuse(l, at, "pattern_threshold", "is no number above 0 and up to 1");
	if (raw->classifier.learning_rate &&
	    (qos_unit_number(qos_str(raw->classifier.learning_rate), &c->learning_rate) || c->learning_rate <= 0 ||
	     c->learning_rate > 1))
		refuse(l, at, "learning_rate", "is no number above 0 and up to 1");
	if (raw->classifier.ml_threshold && (qos_unit_number(qos_str(raw->classifier.ml_threshold), &c->ml_threshold) ||
					     c->ml_threshold < 0 || c->ml_threshold > 1))
		refuse(l, at, "ml_threshold", "is no number from 0 to 1");
	if (raw->classifier.model)
		c->model = keep(l, raw->classifier.model);
	if (raw->classifier.costs)
		c->costs = keep(l, raw->classifier.costs);
}

const char *const qos_shed_name[QOS_N_SHED] = {
	[QOS_SHED_NEVER] = "never",
	[QOS_SHED_CONGESTED] = "congested",
	[QOS_SHED_ALWAYS] = "always",
};

static int shed_when(struct qos_config *c, const char *text, char *why)
{
	for (int i = 0; i < QOS_N_SHED; i++)
		if (strcmp(text, qos_shed_name[i]) == 0) {
			c->shed = (enum qos_shed_when)i;
			return 0;
		}
	snprintf(why, WHY_BYTES, "\"%s\" is no time to shed; write never, congested or always", text);
	return -1;
}

int qos_config_set_shed(struct qos_config *c, const char *text, struct qos_err *err)
{
	char why[WHY_BYTES];

	return shed_when(c, text, why) ? qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s", why) : 0;
}

/* What the router does when too much comes. */
static void overload(struct loader *l, const struct qos_raw *raw, const struct qos_place *at)
{
	struct qos_config *c = l->c;
	char why[WHY_BYTES];

	if (raw->router.max_queued && count(qos_str(raw->router.max_queued), 1, INT64_MAX, &c->max_queued, why))
		refuse(l, at, "max_queued", why);
	if (raw->router.max_queued_bytes &&
	    (qos_unit_size(qos_str(raw->router.max_queued_bytes), &c->max_queued_bytes, why) ||
	     in_range(c->max_queued_bytes, 1, INT64_MAX, why)))
		refuse(l, at, "max_queued_bytes", why);
	if (raw->router.shed && shed_when(c, raw->router.shed, why))
		refuse(l, at, "shed", why);
	if (raw->router.shed_window &&
	    (qos_unit_duration(qos_str(raw->router.shed_window), 1000000000, &c->shed_window_ns, why) ||
	     in_range(c->shed_window_ns, 1, INT64_MAX, why)))
		refuse(l, at, "shed_window", why);
}

/* When an adapter is left alone, and how it comes back. */
static void health(struct loader *l, const struct qos_raw *raw, const struct qos_place *router)
{
	struct qos_config *c = l->c;
	char why[WHY_BYTES];
	int64_t n;

	if (raw->router.outlier_errors) {
		if (count(qos_str(raw->router.outlier_errors), 0, 1000000, &n, why))
			refuse(l, router, "outlier_errors", why);
		else
			c->outlier_errors = (int)n;
	}
	if (raw->router.outlier_latency &&
	    (qos_unit_number(qos_str(raw->router.outlier_latency), &c->outlier_latency) ||
	     (c->outlier_latency != 0 && c->outlier_latency <= 1) || c->outlier_latency > 1e6))
		refuse(l, router, "outlier_latency", "is neither 0 nor a number above 1");
	if (raw->router.ejection_time &&
	    (qos_unit_duration(qos_str(raw->router.ejection_time), 1000000000, &c->ejection_time_ns, why) ||
	     in_range(c->ejection_time_ns, 1, INT64_MAX, why)))
		refuse(l, router, "ejection_time", why);
	if (raw->router.slow_start &&
	    (qos_unit_duration(qos_str(raw->router.slow_start), 1000000000, &c->slow_start_ns, why) ||
	     in_range(c->slow_start_ns, 0, INT64_MAX, why)))
		refuse(l, router, "slow_start", why);
	flag(l, router, "adaptive_routing", raw->router.adaptive_routing, &c->adaptive_routing);
}

static void parts(struct loader *l, const struct qos_raw *raw, const struct qos_place *root)
{
	const struct qos_place *classifier = qos_place_find(root, "classifier"),
			       *router = qos_place_find(root, "router"), *bandwidth = qos_place_find(root, "bandwidth"),
			       *p;
	struct qos_config *c = l->c;
	char why[WHY_BYTES];

	c->default_class = lowest_class(c);
	if (raw->classifier.default_class) {
		p = qos_place_find(classifier, "default_class");
		c->default_class = class_of(l, raw->classifier.default_class, p ? p->at : QOS_NOWHERE);
	}
	learning(l, raw, classifier);
	if (raw->router.max_queue_size &&
	    count(qos_str(raw->router.max_queue_size), 1, INT32_MAX, &c->max_queue_size, why))
		refuse(l, router, "max_queue_size", why);
	overload(l, raw, router);
	if (raw->router.max_concurrent_streams &&
	    count(qos_str(raw->router.max_concurrent_streams), 1, INT32_MAX, &c->max_concurrent_streams, why))
		refuse(l, router, "max_concurrent_streams", why);
	if (raw->router.congestion_threshold &&
	    qos_unit_share(qos_str(raw->router.congestion_threshold), &c->congestion_threshold, why))
		refuse(l, router, "congestion_threshold", why);
	if (raw->router.metrics_interval &&
	    (qos_unit_duration(qos_str(raw->router.metrics_interval), 1000000000, &c->metrics_interval_ns, why) ||
	     in_range(c->metrics_interval_ns, 1000000, INT64_MAX / 4, why)))
		refuse(l, router, "metrics_interval", why);
	if (raw->router.aqm)
		c->aqm = keep(l, raw->router.aqm);
	if (raw->router.discipline)
		c->discipline = keep(l, raw->router.discipline);
	if (raw->router.strategy)
		c->strategy = keep(l, raw->router.strategy);
	if (raw->router.processing_interval &&
	    (qos_unit_duration(qos_str(raw->router.processing_interval), 1000000000, &c->processing_interval_ns, why) ||
	     in_range(c->processing_interval_ns, 1000, INT64_MAX, why)))
		refuse(l, router, "processing_interval", why);
	health(l, raw, router);
	flag(l, router, "load_balancing", raw->router.load_balancing, &c->load_balancing);
	if (raw->bandwidth.total_bandwidth &&
	    qos_unit_bitrate(qos_str(raw->bandwidth.total_bandwidth), &c->total_bandwidth_bps, why))
		refuse(l, bandwidth, "total_bandwidth", why);
	if (raw->bandwidth.burst && (qos_unit_size(qos_str(raw->bandwidth.burst), &c->link_burst_bytes, why) ||
				     in_range(c->link_burst_bytes, 1, INT64_MAX, why)))
		refuse(l, bandwidth, "burst", why);
	if (raw->bandwidth.police)
		c->police = keep(l, raw->bandwidth.police);
	if (raw->bandwidth.burst_multiplier &&
	    (qos_unit_number(qos_str(raw->bandwidth.burst_multiplier), &c->burst_multiplier) ||
	     c->burst_multiplier < 0 || c->burst_multiplier > 1000))
		refuse(l, bandwidth, "burst_multiplier", "is no number from 0 to 1000");
}

static void schema(struct loader *l, const struct qos_place *root)
{
	const struct qos_place *map = qos_place_find(root, "schema");
	struct qos_config *c = l->c;
	size_t n = map ? (size_t)map->n_children : 0;

	if (map && map->kind != QOS_PLACE_MAP) {
		qos_problem(l->problems, map->at,
			    "\"schema\" has keys; write them indented below it, as field: column");
		return;
	}
	c->schema_name = qos_arena_get(&c->arena, (n + 1) * sizeof(*c->schema_name));
	c->schema_column = qos_arena_get(&c->arena, (n + 1) * sizeof(*c->schema_column));
	for (const struct qos_place *p = map ? map->child : NULL; p && c->schema_name && c->schema_column;
	     p = p->next) {
		if (p->kind != QOS_PLACE_SCALAR || !p->text.n) {
			qos_problem(l->problems, p->at, "\"%.*s\" must be the name of a column", QOS_STR_ARG(p->key));
			continue;
		}
		c->schema_name[c->n_schema] = keep(l, p->key.p);
		c->schema_column[c->n_schema++] = keep(l, p->text.p);
	}
}

/* A number, true, false and null as they are, all else as a string. */
static void add_scalar(struct qos_buf *b, struct qos_str s)
{
	static const char *const words[] = { "true", "false", "null" };
	double number;

	for (int i = 0; i < 3; i++)
		if (qos_str_is(s, words[i]))
			return qos_buf_add(b, s.p, s.n);
	if (s.n && strspn(s.p, "-0123456789.") >= s.n && s.p[s.n - 1] != '.' && s.p[0] != '.' &&
	    !(s.p[0] == '0' && s.n > 1 && s.p[1] != '.') && !(s.p[0] == '-' && (s.n < 2 || s.p[1] < '1')) &&
	    !qos_unit_number(s, &number))
		qos_buf_add(b, s.p, s.n);
	else
		qos_buf_json(b, s);
}

static void add_json(struct qos_buf *b, const struct qos_place *p)
{
	if (p->kind == QOS_PLACE_SCALAR) {
		add_scalar(b, p->text);
		return;
	}
	qos_buf_puts(b, p->kind == QOS_PLACE_MAP ? "{" : "[");
	for (const struct qos_place *c = p->child; c; c = c->next) {
		qos_buf_puts(b, c == p->child ? "" : ",");
		if (p->kind == QOS_PLACE_MAP) {
			qos_buf_json(b, c->key);
			qos_buf_puts(b, ":");
		}
		add_json(b, c);
	}
	qos_buf_puts(b, p->kind == QOS_PLACE_MAP ? "}" : "]");
}

static void test_values(struct loader *l, const struct qos_place *at)
{
	const struct qos_place *record = qos_place_find(at, "record"), *class = qos_place_find(at, "class"),
			       *by = qos_place_find(at, "by");
	struct qos_test_config *t = &l->c->tests[l->c->n_tests++];
	struct qos_buf b = { 0 };

	*t = (struct qos_test_config){ .class = -1, .at = at->at };
	if (at->kind != QOS_PLACE_MAP || at->n_children > 2 + (by != NULL) || !record ||
	    record->kind != QOS_PLACE_MAP || !class || class->kind != QOS_PLACE_SCALAR ||
	    (by && by->kind != QOS_PLACE_SCALAR)) {
		qos_problem(l->problems, at->at,
			    "a test is {record: {FIELD: VALUE, ...}, class: NAME, by: CLASS_BY}; "
			    "by may be left out");
		return;
	}
	t->class = class_of(l, class->text.p, class->at);
	t->by = by ? keep(l, by->text.p) : QOS_STR("");
	add_json(&b, record);
	t->record = keep(l, b.p ? b.p : "{}");
	qos_buf_free(&b);
}

static void tests(struct loader *l, const struct qos_place *root)
{
	const struct qos_place *list = qos_place_find(root, "tests");

	if (!list)
		return;
	if (list->kind != QOS_PLACE_LIST) {
		qos_problem(l->problems, list->at, "tests is a list of {record: {...}, class: NAME}");
		return;
	}
	l->c->tests = qos_arena_get(&l->c->arena, ((size_t)list->n_children + 1) * sizeof(*l->c->tests));
	for (const struct qos_place *p = list->child; l->c->tests && p; p = p->next)
		test_values(l, p);
}

void qos_config_values(struct qos_config *c, const struct qos_raw *raw, const struct qos_place *root, bool own_classes,
		       bool own_rules, struct qos_problems *problems)
{
	struct loader l = { c, problems };

	c->enable_ml = true;
	c->enable_patterns = true;
	c->pattern_threshold = 0.7;
	c->learning_rate = 0.01;
	c->ml_threshold = 0.8;
	c->adaptive_learning = true;
	c->model = QOS_STR("linear");
	c->costs = QOS_STR("urgent");
	c->max_queue_size = 10000;
	c->max_concurrent_streams = 1000;
	c->shed_window_ns = 1000000000;
	c->discipline = QOS_STR("qos");
	c->load_balancing = true;
	c->outlier_errors = 5;
	c->ejection_time_ns = 30000000000;
	c->slow_start_ns = 10000000000;
	c->adaptive_routing = true;
	c->processing_interval_ns = 10000000;
	c->congestion_threshold = 0.8;
	c->aqm = QOS_STR("tail");
	c->metrics_interval_ns = 10000000000;
	c->total_bandwidth_bps = 1000000000;
	c->link_burst_bytes = QOS_DEFAULT;
	c->burst_multiplier = 2;
	classes(&l, raw, root);
	rules(&l, raw, root, own_classes && !own_rules);
	adapters(&l, raw, root);
	services(&l, root);
	tenants(&l, raw, root);
	parts(&l, raw, root);
	schema(&l, root);
	tests(&l, root);
}
