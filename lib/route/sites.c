/* The adapters of a router: servers, queues, who can start. */
#include "route/sites.h"

#include <stdlib.h>

#include "base/bits.h"

struct qos_lanes *qos_sites_queues(struct qos_sites *s, int i)
{
	struct qos_site *site = &s->site[i];
	struct qos_queues_options options = s->options;
	struct qos_err err = { 0 };

	if (site->queues)
		return site->queues;
	options.n_servers = site->servers.n_servers;
	site->queues = malloc(sizeof(*site->queues));
	if (site->queues && qos_lanes_init(site->queues, s->tenants, s->config, &options, s->fields, s->slab, &err)) {
		free(site->queues);
		site->queues = NULL;
	}
	return site->queues;
}

void qos_sites_changed(struct qos_sites *s, int i)
{
	const struct qos_site *site = &s->site[i];
	uint64_t bit = 1ull << (i & 63);

	if (site->queues && site->n_waiting && site->servers.n_idle && site->up)
		s->startable[i >> 6] |= bit;
	else
		s->startable[i >> 6] &= ~bit;
}

void qos_sites_queued(struct qos_sites *s, int i, int change)
{
	struct qos_site *site = &s->site[i];

	site->n_waiting += change;
	if (site->n_waiting > site->n_waiting_max)
		site->n_waiting_max = site->n_waiting;
	qos_sites_changed(s, i);
}

bool qos_sites_is_ready(const struct qos_sites *s, int i)
{
	return !s->ready || s->ready(s->ready_self, i);
}

/* Does a record wait there whose tenant is not at its ceil? */
static bool has_next(const struct qos_sites *s, int i, int64_t now_ns)
{
	return !s->tenants->has_ceil || qos_lanes_waiting(s->site[i].queues, now_ns);
}

int qos_sites_next(const struct qos_sites *s, int64_t now_ns)
{
	int n_words = (s->n + 63) / 64, first = s->turn >> 6;

	/* from the turn's word round to it again, for what stands before the turn there */
	for (int k = 0; k <= n_words && n_words; k++) {
		int word = (first + k) % n_words, bit;
		uint64_t bits = s->startable[word];

		if (k == 0)
			bits &= ~0ull << (s->turn & 63);
		qos_bits_each (bit, bits)
			if (has_next(s, word * 64 + bit, now_ns) && qos_sites_is_ready(s, word * 64 + bit))
				return word * 64 + bit;
	}
	return -1;
}

int qos_sites_idle(const struct qos_sites *s)
{
	int best = -1;

	for (int i = 0; i < s->n; i++) {
		const struct qos_site *site = &s->site[i];
		const struct qos_servers *p = &site->servers, *b = best < 0 ? NULL : &s->site[best].servers;

		if (!p->n_idle || !site->up || !site->open || !qos_sites_is_ready(s, i))
			continue;
		if (!b || (int64_t)p->n_idle * b->n_servers > (int64_t)b->n_idle * p->n_servers)
			best = i;
	}
	return best;
}

void qos_sites_start(struct qos_sites *s, int i, struct qos_record *r, int64_t now_ns)
{
	struct qos_site *site = &s->site[i];
	int k = qos_servers_start(&site->servers, r, true, now_ns);
	struct qos_server *server = &site->servers.server[k];
	int64_t span_ns = server->free_ns - now_ns, latency_ns = 0;

	if (site->factor != 1) {
		server->free_ns = qos_add_clamped(now_ns, (int64_t)((double)span_ns * site->factor));
		server->rest = 0;
		site->servers.busy_ns += server->free_ns - now_ns - span_ns;
	}
	if (site->has_latency)
		latency_ns = (int64_t)((double)qos_latency_draw(&site->latency, &site->rng) * site->factor);
	r->server = (uint16_t)k;
	r->depart_ns = qos_add_clamped(server->free_ns, latency_ns);
	if (qos_faults_error(&site->faults, &site->rng))
		r->drop = QOS_DROP_ERROR;
	qos_sites_changed(s, i);
}

/* Its law of latency and its faults. */
static int read_faults(struct qos_site *site, const struct qos_adapter_config *a, struct qos_err *err)
{
	char why[200];
	int rc = a->latency.n ? qos_latency_parse(&site->latency, a->latency, why) : 0;

	for (int k = 0; !rc && k < a->n_faults; k++)
		rc = qos_faults_parse(&site->faults, a->fault[k], why);
	site->has_latency = site->latency.kind != QOS_LATENCY_CONSTANT || site->latency.low_ns;
	return rc ? qos_fail(err, QOS_EUSAGE, a->at, "adapter %.*s: %s", QOS_STR_ARG(a->name), why) : 0;
}

int qos_sites_check(const struct qos_config *config, struct qos_err *err)
{
	int rc = 0;

	for (int i = 0; !rc && i < config->n_adapters; i++) {
		struct qos_site site = { 0 };

		rc = read_faults(&site, &config->adapters[i], err);
	}
	return rc;
}

static int open_site(struct qos_site *site, const struct qos_adapter_config *a, uint64_t seed, struct qos_err *err)
{
	int rc = read_faults(site, a, err);
	struct qos_rate rate = { .bps = a->rate_bps == QOS_DEFAULT ? 0 : a->rate_bps,
				 .num = a->rate_num,
				 .den = a->rate_den };

	site->name = a->name;
	site->up = site->open = true;
	site->factor = 1;
	site->weight = a->weight > 0 ? a->weight : 1;
	site->eighths = 8;
	site->down_since_ns = QOS_UNSET;
	qos_rng_seed(&site->rng, seed);
	return rc ? rc : qos_servers_init(&site->servers, rate, a->concurrency, err);
}

int qos_sites_init(struct qos_sites *s, struct qos_tenants *tenants, const struct qos_config *config,
		   const struct qos_queues_options *options, const struct qos_fields *fields, struct qos_slab *slab,
		   struct qos_err *err)
{
	*s = (struct qos_sites){
		.tenants = tenants, .config = config, .options = *options, .fields = fields, .slab = slab
	};
	s->site = calloc((size_t)config->n_adapters + 1, sizeof(*s->site));
	s->startable = calloc((size_t)config->n_adapters / 64 + 1, sizeof(*s->startable));
	if (!s->site || !s->startable) {
		qos_sites_free(s);
		return qos_fail_memory(err, "adapters");
	}
	for (; s->n < config->n_adapters; s->n++) {
		int rc = open_site(&s->site[s->n], &config->adapters[s->n], options->seed + (uint64_t)s->n + 1, err);

		if (rc) {
			qos_sites_free(s);
			return rc;
		}
		s->has_faults = s->has_faults || s->site[s->n].faults.n_spans;
	}
	return 0;
}

void qos_sites_free(struct qos_sites *s)
{
	for (int i = 0; i < s->n; i++) {
		if (s->site[i].queues)
			qos_lanes_free(s->site[i].queues);
		free(s->site[i].queues);
		qos_servers_free(&s->site[i].servers);
	}
	free(s->site);
	free(s->startable);
	*s = (struct qos_sites){ 0 };
}
