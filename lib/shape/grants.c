/* Requests are read here, decided by the allocator, and written beside the record that asked. */
#include "shape/grants.h"

#include <stdio.h>
#include <string.h>

#include "shape/promised.h"
#include "unit/unit.h"

#define TEXT_BYTES 64 /* no operation and no rate is longer */

int qos_grants_init(struct qos_grants *g, const struct qos_config *config, const struct qos_allocator_options *options,
		    struct qos_fields *fields, struct qos_err *err)
{
	struct qos_allocator_options all;

	*g = (struct qos_grants){ .config = config };
	if (!options)
		return 0;
	all = *options;
	all.extra_bytes = QOS_PROMISED_ALLOCATION;
	qos_fields_want(fields, QOS_F_OP);
	qos_fields_want(fields, QOS_F_RATE);
	if (config->n_tenants)
		qos_fields_want(fields, QOS_F_TENANT);
	return qos_allocator_new(&g->allocator, config, &all, err);
}

void qos_grants_free(struct qos_grants *g)
{
	qos_allocator_free(g->allocator);
	g->allocator = NULL;
}

/* --- a request --- */

static struct qos_str text_of(const struct qos_record *r, int field, char *scratch)
{
	struct qos_cell c = r->cell[field];

	return c.len <= TEXT_BYTES ? qos_cell_text(r, c, scratch) : QOS_STR("?");
}

/* What it asks for; 0 when it names no rate, -1 when that is none. */
static int64_t rate_of(const struct qos_record *r)
{
	char scratch[TEXT_BYTES];
	struct qos_str text = text_of(r, QOS_F_RATE, scratch);
	int64_t rate_bps;

	if (text.n == 0)
		return 0;
	return qos_unit_bitrate(text, &rate_bps, NULL) == 0 ? rate_bps : -1;
}

static struct qos_str stream_of(const struct qos_record *r, int stream_field)
{
	struct qos_cell c = r->cell[stream_field];

	return (struct qos_str){ r->bytes + c.off, c.kind == QOS_CELL_ABSENT ? 0 : c.len };
}

static int tenant_of(const struct qos_grants *g, const struct qos_record *r)
{
	struct qos_cell c = r->cell[QOS_F_TENANT];
	struct qos_str name = { r->bytes + c.off, c.kind == QOS_CELL_ABSENT ? 0 : c.len };

	for (int i = 0; i < g->config->n_tenants; i++)
		if (qos_str_equal(g->config->tenants[i].name, name))
			return i;
	return QOS_ALLOCATOR_NO_TENANT;
}

static struct qos_grant decide(struct qos_grants *g, const struct qos_record *r, int stream_field, int64_t now_ns)
{
	char scratch[TEXT_BYTES];
	struct qos_str op = text_of(r, QOS_F_OP, scratch), stream = stream_of(r, stream_field);

	if (qos_str_is(op, "allocate"))
		return qos_allocator_allocate(g->allocator, r->class, stream, tenant_of(g, r), rate_of(r), now_ns);
	if (qos_str_is(op, "update"))
		return qos_allocator_update(g->allocator, r->class, stream, rate_of(r), now_ns);
	if (qos_str_is(op, "release"))
		return qos_allocator_release(g->allocator, r->class, stream, now_ns);
	return qos_allocator_refuse(g->allocator, QOS_GRANT_OP);
}

void qos_grants_serve(struct qos_grants *g, struct qos_record *r, int stream_field, int64_t now_ns,
		      struct qos_sink *out)
{
	g->answer = decide(g, r, stream_field, now_ns);
	g->answers = true;
	out->put(out->self, r);
	g->answers = false;
}

void qos_grants_use(struct qos_grants *g, struct qos_allocation *x, int64_t bytes, int64_t now_ns)
{
	qos_allocator_use(g->allocator, x, bytes, now_ns);
	qos_promised_charge(x, bytes, now_ns);
}

/* --- what follows from it --- */

void qos_grants_change(struct qos_grants *g, const struct qos_config *base)
{
	qos_allocator_change(g->allocator, base);
}

const struct qos_config *qos_grants_config(struct qos_grants *g, const struct qos_config *base)
{
	int64_t rate_bps[QOS_CLASSES_MOST];

	qos_allocator_rates(g->allocator, rate_bps);
	memcpy(g->classes, base->classes, (size_t)base->n_classes * sizeof(*g->classes));
	for (int i = 0; i < base->n_classes; i++)
		g->classes[i].rate_bps = rate_bps[i];
	g->now = *base;
	g->now.classes = g->classes;
	return &g->now;
}

struct qos_str qos_grants_text(const struct qos_grants *g, int field, char *scratch)
{
	int n = 0;

	if (!g->answers)
		return QOS_STR("");
	switch (field) {
	case QOS_F_GRANTED: n = snprintf(scratch, TEXT_BYTES, "%lld", (long long)g->answer.granted_bps); break;
	case QOS_F_UTILISATION: n = snprintf(scratch, TEXT_BYTES, "%.6g", g->answer.utilisation); break;
	case QOS_F_REASON: return qos_str(qos_grant_reason_name[g->answer.reason]);
	}
	return (struct qos_str){ scratch, (size_t)n };
}
