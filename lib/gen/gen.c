/*
 * The generator.
 *
 * Cost   a record: the smallest of the classes' next arrivals, some ten random numbers, one line of text; no
 * allocation.
 */
#include "gen/gen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/names.h"
#include "gen/render.h"

/* what a random stream is for; new purposes go to the end, so that old traces stay the same */
enum purpose { FOR_ARRIVALS, FOR_MARKS, FOR_STREAMS, FOR_SIZES, FOR_SERVICE, FOR_PAYLOAD, N_PURPOSES };

struct process {
	struct qos_arrival arrival;
	struct qos_rng rng[N_PURPOSES]; /* that for arrivals lives in arrival */
	struct qos_gen_class class;
	int payload_set[QOS_CHOICE_MOST]; /* by type */
	uint64_t n_records, bytes;
};

struct qos_gen {
	struct process *process; /* [n] */
	int n;
	int64_t end_ns;
	uint64_t number, count; /* records so far, and at most; 0: no limit */
	struct qos_zipf streams;
	uint64_t n_tenants;
	struct qos_payload *payload;
	struct qos_render render;
	size_t header_bytes;
	char header[QOS_RENDER_BYTES];
	bool peeked; /* the record was looked at and not yet taken */
	struct qos_record record;
	struct qos_cell cell[QOS_N_KNOWN];
	char line[QOS_RENDER_BYTES];
};

static int fail(struct qos_err *err, const char *text)
{
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s", text);
}

/* --- rates --- */

static unsigned __int128 common_divisor(unsigned __int128 a, unsigned __int128 b)
{
	while (b) {
		unsigned __int128 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* over / under as two int64_t: in lowest terms, and if that is still too large, as near as they can get. */
static void reduce(unsigned __int128 over, unsigned __int128 under, int64_t *num, int64_t *den)
{
	unsigned __int128 divisor = common_divisor(over, under);

	over /= divisor;
	under /= divisor;
	while (over > INT64_MAX || under > INT64_MAX) {
		over >>= 1;
		under >>= 1;
	}
	*num = (int64_t)over;
	*den = (int64_t)under;
}

/* rate x share in messages per ns; num 0 when nothing is left of it. */
static void messages(const struct qos_gen_rate *rate, double share, double mean_bytes, int64_t *num, int64_t *den)
{
	unsigned __int128 parts = (unsigned __int128)(share * 1e9 + 0.5); /* of 10^9 */

	*num = 0;
	if (rate->num && parts) {
		reduce(parts * (uint64_t)rate->num, (unsigned __int128)1000000000 * (uint64_t)rate->den, num, den);
	} else if (parts) {
		/* bits a second over the bits of a message, which is kept to a thousandth of a byte */
		unsigned __int128 thousandths = (unsigned __int128)(mean_bytes * 1e3 + 0.5);

		/* bps * parts / 10^9 messages of 8 * thousandths / 1000 bits in 10^9 ns */
		reduce(parts * (uint64_t)rate->bps, thousandths * 8 * 1000000000 * 1000000, num, den);
	}
	if (*den == 0)
		*den = 1; /* more than 2^63 messages a nanosecond: as many as can be said */
}

/* The shares that were not given become equal parts of what is left. */
static int settle_shares(struct process *p, int n, struct qos_err *err)
{
	double sum = 0;
	int open = 0;

	for (int i = 0; i < n; i++) {
		const struct qos_gen_class *c = &p[i].class;

		if (c->rate.num || c->rate.bps || c->arrivals.own_num)
			continue;
		if (c->share < 0)
			open++;
		else
			sum += c->share;
	}
	if (sum > 1 + 1e-9)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"shares of the classes add up to %.4g%%; lower one of them to reach 100%%", 100 * sum);
	for (int i = 0; i < n; i++)
		if (p[i].class.share < 0)
			p[i].class.share = open && sum < 1 ? (1 - sum) / open : 0;
	return 0;
}

/* --- set-up --- */

/* A seed for each class and purpose; hashed, since neighbouring seeds of SplitMix64 overlap. */
static uint64_t seed_of(uint64_t seed, const struct qos_token *name, int purpose)
{
	unsigned char bytes[QOS_TOKEN_BYTES + 9];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(seed >> 8 * i);
	bytes[8] = (unsigned char)purpose;
	memcpy(bytes + 9, name->text, name->n);
	return qos_hash((struct qos_str){ (const char *)bytes, 9u + name->n });
}

static void take_classes(struct qos_gen *g, const struct qos_gen_options *o)
{
	for (int i = 0; i < g->n; i++) {
		struct qos_gen_class *c = &g->process[i].class;

		if (o->n_classes)
			*c = o->classes[i];
		else
			qos_gen_class_default(i, c);
		if (!c->own_arrivals)
			c->arrivals = o->arrivals;
		if (!c->own_size && o->size.n)
			c->size = o->size;
		if (!c->service.n)
			c->service = o->service;
		for (int t = 0; t < c->types.n; t++)
			g->process[i].payload_set[t] =
				qos_payload_set((struct qos_str){ c->types.name[t].text, c->types.name[t].n });
	}
}

static int start_process(struct process *p, const struct qos_gen_options *o, struct qos_err *err)
{
	struct qos_gen_class *c = &p->class;
	bool own = c->rate.num || c->rate.bps;
	int64_t num = 0, den = 1;
	char why[200];

	for (int i = 0; i < N_PURPOSES; i++)
		qos_rng_seed(&p->rng[i], seed_of(o->seed, &c->name, i));
	messages(own ? &c->rate : &o->rate, own ? 1 : c->share, qos_size_mean(&c->size), &num, &den);
	if (num == 0 && !c->arrivals.own_num) {
		p->arrival.next_ns = QOS_ARRIVAL_NEVER;
		return 0;
	}
	if (qos_arrival_init(&p->arrival, &c->arrivals, num ? num : 1, den ? den : 1, o->start_ns,
			     seed_of(o->seed, &c->name, FOR_ARRIVALS), why))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "class %.*s: %s", c->name.n, c->name.text, why);
	return 0;
}

static int check(const struct qos_gen_options *o, struct qos_err *err)
{
	if (o->count < 0 || o->duration_ns < 0 || (o->count == 0 && o->duration_ns == 0))
		return fail(err, "nothing ends the trace; give a count or a duration");
	if (o->n_streams < 1 || o->n_streams > 1LL << 40)
		return fail(err, "the number of streams is out of range; write 1 to 10^12");
	if (!(o->zipf >= 0 && o->zipf <= 20))
		return fail(err, "the exponent of Zipf's law is out of range; write 0 to 20");
	if (o->n_classes > QOS_GEN_CLASSES)
		return fail(err, "more than 64 classes");
	for (int i = 0; i < o->n_classes; i++)
		for (int k = 0; k < i; k++)
			if (memcmp(&o->classes[i].name, &o->classes[k].name, sizeof(struct qos_token)) == 0)
				return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "class %.*s is given twice",
						o->classes[i].name.n, o->classes[i].name.text);
	return 0;
}

/* --- columns --- */

static bool has_service(const struct qos_gen *g)
{
	for (int i = 0; i < g->n; i++)
		if (g->process[i].class.service.n)
			return true;
	return false;
}

static int unknown_field(struct qos_str name, struct qos_err *err)
{
	const char *names[QOS_N_KNOWN], *near;
	size_t n = 0;

	for (int i = 0; i < QOS_N_KNOWN; i++)
		if (qos_render_field(qos_str(qos_field_name[i])) >= 0)
			names[n++] = qos_field_name[i];
	near = qos_nearest(name.p, name.n, names, n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%.*s\" is no field that can be generated; %s%s%s",
			name.n > 40 ? 40 : (int)name.n, name.p,
			near ? "did you mean "
			     : "they are ts id stream tenant type priority size service_time payload label class",
			near ? near : "", near ? "?" : "");
}

/* The user's list. */
static int listed(const struct qos_gen *g, const char *list, int *fields, int *n, struct qos_err *err)
{
	for (const char *p = list; *p || p == list;) {
		struct qos_str name = { p, strcspn(p, ",") };
		int field = qos_render_field(name);

		if (field < 0)
			return unknown_field(name, err);
		for (int i = 0; i < *n; i++)
			if (fields[i] == field)
				return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "field %s is listed twice",
						qos_field_name[field]);
		if (field == QOS_F_SERVICE_TIME && !has_service(g))
			return fail(err, "the field service_time needs a law of service times");
		fields[(*n)++] = field;
		p += name.n;
		p += *p == ',';
	}
	return 0;
}

static int columns(struct qos_gen *g, const struct qos_gen_options *o, struct qos_err *err)
{
	const struct {
		bool wanted;
		int field;
	} all[QOS_RENDER_COLUMNS] = {
		{ true, QOS_F_TS },
		{ true, QOS_F_ID },
		{ true, QOS_F_STREAM },
		{ o->n_tenants, QOS_F_TENANT },
		{ true, QOS_F_TYPE },
		{ true, QOS_F_PRIORITY },
		{ true, QOS_F_SIZE },
		{ has_service(g), QOS_F_SERVICE_TIME },
		{ o->payload, QOS_F_PAYLOAD },
		{ o->labels, QOS_F_LABEL },
		{ o->with_class, QOS_F_CLASS },
	};
	int fields[QOS_RENDER_COLUMNS], n = 0, rc = 0;

	if (o->fields)
		rc = listed(g, o->fields, fields, &n, err);
	else
		for (int i = 0; i < QOS_RENDER_COLUMNS; i++)
			if (all[i].wanted)
				fields[n++] = all[i].field;
	if (rc)
		return rc;
	qos_render_init(&g->render, o->json, fields, n, g->payload);
	g->header_bytes = qos_render_header(&g->render, g->header);
	return 0;
}

int qos_gen_new(struct qos_gen **out, const struct qos_gen_options *o, struct qos_err *err)
{
	struct qos_gen *g;
	int rc = check(o, err);

	*out = NULL;
	if (rc)
		return rc;
	g = calloc(1, sizeof(*g));
	if (!g)
		return qos_fail_memory(err, "generator");
	g->n = o->n_classes ? o->n_classes : QOS_GEN_DEFAULTS;
	g->process = calloc((size_t)g->n, sizeof(*g->process));
	rc = g->process ? qos_payload_new(&g->payload, err) : qos_fail_memory(err, "generator");
	if (rc)
		goto fail;
	g->count = (uint64_t)o->count;
	if (!o->duration_ns || __builtin_add_overflow(o->start_ns, o->duration_ns, &g->end_ns))
		g->end_ns = QOS_NEVER;
	g->n_tenants = (uint64_t)o->n_tenants;
	qos_zipf_init(&g->streams, (uint64_t)o->n_streams, o->zipf);
	take_classes(g, o);
	rc = settle_shares(g->process, g->n, err);
	for (int i = 0; !rc && i < g->n; i++)
		rc = start_process(&g->process[i], o, err);
	if (!rc && !(rc = columns(g, o, err))) {
		*out = g;
		return 0;
	}
fail:
	qos_gen_free(g);
	return rc;
}

void qos_gen_free(struct qos_gen *g)
{
	if (!g)
		return;
	qos_payload_free(g->payload);
	free(g->process);
	free(g);
}

/* --- records --- */

/* The class whose message comes next; the first one among equals. */
static struct process *next_process(const struct qos_gen *g)
{
	struct process *p = g->process;

	for (int i = 1; i < g->n; i++)
		if (g->process[i].arrival.next_ns < p->arrival.next_ns)
			p = &g->process[i];
	return p;
}

static void draw(struct qos_gen *g, struct process *p, struct qos_gen_row *row)
{
	struct qos_gen_class *c = &p->class;
	uint64_t marks = qos_rng_next(&p->rng[FOR_MARKS]);
	int type = qos_choice_pick(&c->types, (uint32_t)marks);

	*row = (struct qos_gen_row){
		.ts_ns = p->arrival.next_ns,
		.number = g->number,
		.stream = qos_zipf_draw(&g->streams, &p->rng[FOR_STREAMS]),
		.n_tenants = g->n_tenants,
		.size_bytes = qos_size_draw(&c->size, &p->rng[FOR_SIZES]),
		.service_ns = c->service.n ? qos_size_draw(&c->service, &p->rng[FOR_SERVICE]) : 0,
		.type = &c->types.name[type],
		.priority = &c->priorities.name[qos_choice_pick(&c->priorities, (uint32_t)(marks >> 32))],
		.class = &c->name,
		.payload_set = p->payload_set[type],
		.payload_rng = &p->rng[FOR_PAYLOAD],
	};
}

static bool generate(struct qos_gen *g)
{
	struct process *p = next_process(g);
	struct qos_gen_row row;

	if (p->arrival.next_ns >= g->end_ns || p->arrival.next_ns == QOS_ARRIVAL_NEVER ||
	    (g->count && g->number == g->count))
		return false;
	g->number++;
	draw(g, p, &row);
	p->n_records++;
	p->bytes += (uint64_t)row.size_bytes;
	g->record = (struct qos_record){
		.node = { .seq = g->number },
		.bytes = g->line,
		.cell = g->cell,
		.n_bytes = (uint32_t)qos_render_line(&g->render, &row, g->line, g->cell),
		.class = (int16_t)(p - g->process),
		.adapter = -1,
		.eol_bytes = 1,
		.ts_ns = row.ts_ns,
		.arrival_ns = row.ts_ns,
		.size_bytes = row.size_bytes,
		.service_ns = p->class.service.n ? row.service_ns : QOS_UNSET,
		.deadline_ns = QOS_UNSET,
		.depart_ns = QOS_UNSET,
	};
	qos_arrival_step(&p->arrival);
	return true;
}

static struct qos_record *gen_peek(void *self)
{
	struct qos_gen *g = self;

	if (!g->peeked)
		g->peeked = generate(g);
	return g->peeked ? &g->record : NULL;
}

static struct qos_record *gen_take(void *self)
{
	struct qos_record *r = gen_peek(self);

	((struct qos_gen *)self)->peeked = false;
	return r;
}

struct qos_source qos_gen_source(struct qos_gen *g)
{
	return (struct qos_source){ gen_peek, gen_take, g };
}

struct qos_str qos_gen_header(const struct qos_gen *g)
{
	return (struct qos_str){ g->header, g->header_bytes };
}

bool qos_gen_counted(const struct qos_gen *g, int i, struct qos_gen_counts *counts)
{
	const struct process *p;

	if (i < 0 || i >= g->n)
		return false;
	p = &g->process[i];
	*counts = (struct qos_gen_counts){ { p->class.name.text, p->class.name.n }, p->n_records, p->bytes };
	return true;
}
