/* Which adapter gets a record: names and wishes to the pool's strategies. */
#include "route/balancing.h"

#include "balance/balance.h"

#define NAME_BYTES 256 /* longer names of services, regions and places with something to undo in them are not found */

/* --- a record's wish --- */

static struct qos_str text_of(const struct qos_record *r, int field, char *scratch)
{
	struct qos_cell c = r->cell[field];

	return c.len > NAME_BYTES ? qos_cell_raw(r, c) : qos_cell_text(r, c, scratch);
}

/* Records without a stream share one in their class. */
static uint64_t stream_of(const struct qos_record *r, char *scratch)
{
	return r->cell[QOS_F_STREAM].kind == QOS_CELL_ABSENT ? (uint64_t)r->class
							     : qos_hash(text_of(r, QOS_F_STREAM, scratch));
}

static int name_in(const struct qos_names *names, const struct qos_record *r, int field, char *scratch)
{
	struct qos_str name = text_of(r, field, scratch);

	return name.n ? qos_names_find(names, name) : -1;
}

static int any_with(const struct qos_pool *p, int service)
{
	for (int i = 0; i < p->n; i++)
		if (p->member[i].services >> service & 1)
			return i;
	return QOS_TO_NONE;
}

/* The pool's pick, or where the record waits for somebody who may take it. */
static int pick(struct qos_balancing *b, const struct qos_wish *w, int64_t now_ns)
{
	int i = qos_pool_pick(&b->pool, w, now_ns);

	if (i >= 0)
		return i;
	if (w->strategy == b->service)
		return w->service >= 0 ? any_with(&b->pool, w->service) : QOS_TO_NONE;
	return w->strategy == b->direct && w->member >= 0 ? w->member : QOS_TO_FREE;
}

int qos_balancing_choose(struct qos_balancing *b, const struct qos_record *r, int64_t now_ns, uint8_t *bound)
{
	struct qos_wish w = {
		.strategy = b->strategy[r->class], .member = -1, .service = -1, .region = -1, .after = -1
	};
	char scratch[NAME_BYTES];
	struct qos_str dst;
	int to;

	*bound = QOS_BOUND_LATE;
	if (r->cell[QOS_F_DST].kind != QOS_CELL_ABSENT) {
		dst = text_of(r, QOS_F_DST, scratch);
		if (dst.n && qos_pool_wish(&b->pool, dst, &w))
			return QOS_TO_NONE;
	}
	if (w.strategy < 0)
		return QOS_TO_FREE;
	if (b->pool.use[w.strategy].balance == &qos_balance_broadcast)
		return QOS_TO_EACH;
	w.stream = stream_of(r, scratch);
	if (w.strategy == b->service && w.service < 0)
		w.service = name_in(&b->pool.services, r, QOS_F_SERVICE, scratch);
	w.region = name_in(&b->pool.regions, r, QOS_F_REGION, scratch);
	to = pick(b, &w, now_ns);
	if (to >= 0)
		*bound = (uint8_t)(w.member >= 0    ? QOS_BOUND_DIRECT
				   : w.service >= 0 ? QOS_BOUND_SERVICE + w.service
						    : QOS_BOUND_STRATEGY);
	return to;
}

int qos_balancing_again(struct qos_balancing *b, const struct qos_record *r, uint64_t stream, int64_t now_ns)
{
	struct qos_wish w = { .strategy = b->strategy[r->class],
			      .stream = stream,
			      .member = -1,
			      .service = -1,
			      .region = b->pool.member[r->adapter].region,
			      .after = -1 };

	if (r->bound == QOS_BOUND_DIRECT)
		return r->adapter;
	if (r->bound >= QOS_BOUND_SERVICE) {
		w.strategy = b->service;
		w.service = r->bound - QOS_BOUND_SERVICE;
	}
	return w.strategy < 0 ? QOS_TO_FREE : pick(b, &w, now_ns);
}

int qos_balancing_each(const struct qos_balancing *b, int after)
{
	for (int i = after + 1; i < b->pool.n; i++)
		if (b->pool.member[i].open || b->pool.n_open == 0)
			return i;
	return -1;
}

/* --- set-up --- */

static int find(struct qos_str name, const struct qos_balance **found, struct qos_err *err)
{
	const char *names[16] = { "late" }, *near;
	int n = 1;

	*found = NULL;
	if (!name.n || qos_str_is(name, "late") || (*found = qos_balance_find(name)))
		return 0;
	for (int i = 0; qos_balances[i]; i++)
		names[n++] = qos_balances[i]->name;
	near = qos_nearest(name.p, name.n, names, (size_t)n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no strategy \"%.*s\"; %s%s%s", QOS_STR_ARG(name),
			near ? "did you mean \"" : "--strategy help lists them", near ? near : "", near ? "\"?" : "");
}

/* The strategy of a class; NULL: late. */
static int strategy_of(const struct qos_config *c, int class, const struct qos_balance **found, struct qos_err *err)
{
	struct qos_str name = c->classes[class].strategy.n ? c->classes[class].strategy : c->strategy;
	int rc = find(name, found, err);

	if (!rc && !c->load_balancing)
		*found = &qos_balance_direct;
	return rc;
}

int qos_balancing_check(const struct qos_config *config, struct qos_err *err)
{
	const struct qos_balance *found;
	int rc = 0;

	for (int i = 0; !rc && i < config->n_classes; i++)
		rc = strategy_of(config, i, &found, err);
	return rc;
}

static int use(struct qos_balancing *b, const struct qos_balance *balance, struct qos_err *err)
{
	int i = qos_pool_strategy(&b->pool, balance->name);

	return i >= 0 ? i : qos_pool_use(&b->pool, balance, err);
}

static int use_all(struct qos_balancing *b, const struct qos_config *config, struct qos_fields *fields,
		   struct qos_err *err)
{
	if ((b->direct = use(b, &qos_balance_direct, err)) < 0 ||
	    (b->service = use(b, &qos_balance_service, err)) < 0 || use(b, &qos_balance_broadcast, err) < 0)
		return QOS_EIO;
	for (int i = 0; i < config->n_classes; i++) {
		const struct qos_balance *balance;
		int rc = strategy_of(config, i, &balance, err);

		if (rc)
			return rc;
		b->strategy[i] = balance && config->n_adapters ? use(b, balance, err) : -1;
		if (b->strategy[i] < -1)
			return QOS_EIO;
		b->binds = b->binds || b->strategy[i] >= 0;
		if (balance == &qos_balance_geo)
			qos_fields_want(fields, QOS_F_REGION);
		if (balance == &qos_balance_service)
			qos_fields_want(fields, QOS_F_SERVICE);
	}
	if (config->n_adapters)
		qos_fields_want(fields, QOS_F_DST);
	return 0;
}

static int add(struct qos_balancing *b, const struct qos_adapter_config *a, struct qos_err *err)
{
	struct qos_member_config m = { .name = a->name,
				       .region = a->region,
				       .services = a->services,
				       .weight = a->weight > 0 ? a->weight : 1,
				       .concurrency = a->concurrency };
	int i = qos_pool_add(&b->pool, &m, err);

	return i < 0 ? i : 0;
}

int qos_balancing_init(struct qos_balancing *b, const struct qos_config *config, uint64_t seed,
		       struct qos_fields *fields, struct qos_err *err)
{
	int rc;

	*b = (struct qos_balancing){ .direct = -1 };
	qos_pool_init(&b->pool, seed);
	rc = use_all(b, config, fields, err);
	for (int i = 0; !rc && i < config->n_adapters; i++)
		rc = add(b, &config->adapters[i], err);
	if (!rc)
		rc = qos_pool_rebuild(&b->pool, err);
	if (rc)
		qos_balancing_free(b);
	return rc;
}

void qos_balancing_free(struct qos_balancing *b)
{
	qos_pool_free(&b->pool);
	*b = (struct qos_balancing){ .direct = -1 };
}
