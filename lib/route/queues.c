/* The router's queues: the discipline says who, the management says whether, this moves records. */
#include "route/queues.h"

#include <stdlib.h>

#include "base/bits.h"
#include "record/stage.h"

/* --- streams --- */

static bool has_flows(const struct qos_queue *q)
{
	return q->order == QOS_ORDER_FAIR || q->order == QOS_ORDER_ROUNDS;
}

static struct qos_flow *flow_of(const struct qos_queues *s, struct qos_stream *stream)
{
	return s->streams.extra_bytes ? qos_stream_extra(stream) : NULL;
}

/* Name and group of the record's stream; one that comes from other queues has it there. */
static int stream_name(const struct qos_record *r, const struct qos_queue *q, struct qos_str *name)
{
	const struct qos_stream *before = r->stream;
	struct qos_cell c;
	bool nameless;

	if (r->kept) {
		*name = (struct qos_str){ before->name, before->name_bytes };
		return (int)before->group;
	}
	c = r->cell[QOS_F_STREAM];
	nameless = c.kind == QOS_CELL_ABSENT; /* these share one stream a class */
	*name = (struct qos_str){ r->bytes + c.off, nameless ? 0 : c.len };
	return nameless || has_flows(q) ? 1 + r->class : 0;
}

/* The record's stream, made active if it is not; NULL with the reason why not. */
static struct qos_stream *enter(struct qos_queues *s, const struct qos_record *r, const struct qos_queue *q,
				enum qos_drop *why)
{
	struct qos_str name;
	int group = stream_name(r, q, &name);
	uint64_t hash;
	struct qos_stream *stream = qos_streams_find(&s->streams, group, name, &hash);

	if (stream && stream->n_active)
		return stream;
	*why = QOS_DROP_STREAMS;
	if (s->n_streams >= s->max_streams)
		return NULL;
	*why = QOS_DROP_MEMORY;
	if (!stream && !(stream = qos_streams_add(&s->streams, group, name, hash)))
		return NULL;
	if (s->streams.extra_bytes) {
		struct qos_flow *f = flow_of(s, stream);
		const struct qos_aqm_use *use = &s->use[q->rank];

		if (!f->stream && use->by_stream && use->aqm->init)
			use->aqm->init(f->aqm, use->params);
		f->stream = stream;
	}
	if (++s->n_streams > s->n_streams_max)
		s->n_streams_max = s->n_streams;
	return stream;
}

/* Streams that their queue remembers no longer are gone, unless they have come back. */
static void forget(struct qos_queues *s, struct qos_queue *q)
{
	struct qos_flow *f;

	while ((f = q->gone)) {
		q->gone = f->next;
		if (f->stream->n_active == 0)
			qos_streams_remove(&s->streams, f->stream);
	}
}

static void exit_stream(struct qos_queues *s, struct qos_queue *q, struct qos_stream *stream)
{
	forget(s, q); /* a stream must not join another list while it waits to be forgotten */
	if (--stream->n_active)
		return;
	s->n_streams--;
	if (!has_flows(q) || !qos_queue_remembers(q, flow_of(s, stream)))
		qos_streams_remove(&s->streams, stream);
}

void qos_queues_leave(struct qos_queues *s, const struct qos_record *r)
{
	exit_stream(s, &s->queue[s->rank[r->class]], r->stream);
}

/* --- management --- */

static void *aqm_state(const struct qos_queues *s, const struct qos_queue *q, struct qos_stream *stream)
{
	return s->use[q->rank].by_stream ? flow_of(s, stream)->aqm : q->aqm;
}

static struct qos_aqm_view view(struct qos_queues *s, const struct qos_queue *q, struct qos_stream *stream,
				int64_t now_ns)
{
	struct qos_aqm_view v = { .now_ns = now_ns,
				  .n_records = q->n_records,
				  .n_bytes = q->n_bytes,
				  .largest_bytes = q->largest_bytes,
				  .service_ns = s->mean_service_ns,
				  .mark = s->options.mark,
				  .rng = &s->rng };

	if (s->use[q->rank].by_stream) {
		struct qos_flow *f = flow_of(s, stream);

		v.n_bytes = f->n_bytes;
		v.n_records = f->head ? stream->n_active : 0; /* one in service more, at most one a server */
	}
	return v;
}

static void mark(struct qos_queues *s, struct qos_record *r)
{
	r->marked = true;
	s->class[r->class].n_marked++;
}

/* --- arrival --- */

static void give_back(struct qos_queues *s, struct qos_record *r, enum qos_drop why)
{
	r->drop = (uint8_t)why;
	r->node.sibling = (struct qos_node *)s->dropped;
	s->dropped = r;
}

static void count_out(struct qos_queues *s, const struct qos_record *r)
{
	s->n_records--;
	s->room->n_records--;
	s->room->n_bytes -= r->size_bytes;
	if (s->claim) {
		s->claim->n_records--;
		s->claim->n_bytes -= r->size_bytes;
	}
}

/* The queue has run empty. */
static void drained(struct qos_queues *s, struct qos_queue *q)
{
	s->waiting &= ~(1ull << q->rank);
	qos_queue_first(q); /* in rounds: clears the lists of streams that are empty */
}

/* Half of what the fattest stream holds goes, so that the next overflow is some way off. */
static void evict(struct qos_queues *s, struct qos_queue *q)
{
	struct qos_flow *fattest = qos_rounds_fattest(q->rounds);
	int64_t enough_bytes = fattest->n_bytes / 2, freed_bytes = 0;

	for (int n = 0; n < 64 && (n == 0 || freed_bytes < enough_bytes) && fattest->head; n++) {
		struct qos_record *r = qos_queue_evict(q, fattest);

		count_out(s, r);
		freed_bytes += r->size_bytes > 0 ? r->size_bytes : 1;
		give_back(s, r, QOS_DROP_TAIL);
	}
}

static void watch_congestion(struct qos_queues *s, struct qos_queues_class *c, const struct qos_queue *q,
			     int64_t now_ns)
{
	bool on = qos_congestion_at(&c->congestion, q->n_records, c->congested_records);

	if (on != c->congestion.on) {
		qos_congestion_set(&c->congestion, on, now_ns);
		s->congested ^= 1ull << q->rank;
	}
	if (qos_room_is_limited(s->room))
		qos_room_watch(s->room, now_ns);
}

static enum qos_drop join(struct qos_queues *s, struct qos_record *r, struct qos_queue *q, struct qos_stream *stream,
			  int64_t now_ns)
{
	struct qos_record *kept = qos_record_keep(r, s->fields, s->slab);

	if (!kept)
		return QOS_DROP_MEMORY;
	kept->stream = stream;
	if (!qos_queue_push(q, kept, flow_of(s, stream))) {
		qos_record_drop(kept, s->fields, s->slab);
		return QOS_DROP_MEMORY;
	}
	if (++s->n_records > s->n_records_max)
		s->n_records_max = s->n_records;
	if (++s->room->n_records > s->room->n_records_max)
		s->room->n_records_max = s->room->n_records;
	s->room->n_bytes += r->size_bytes;
	if (s->room->n_bytes > s->room->n_bytes_max)
		s->room->n_bytes_max = s->room->n_bytes;
	if (s->claim) {
		s->claim->n_records++;
		s->claim->n_bytes += r->size_bytes;
	}
	if (!(s->waiting >> q->rank & 1)) {
		s->waiting |= 1ull << q->rank;
		s->class[r->class].waits_since_ns = now_ns;
		if (s->discipline->filled)
			s->discipline->filled(s->state, q);
	}
	return QOS_DROP_NONE;
}

/* --- shedding --- */

static bool is_active(const struct qos_queues *s)
{
	return s->config->shed == QOS_SHED_ALWAYS || s->congested || s->room->congestion.on;
}

bool qos_queues_sheds(const struct qos_queues *s)
{
	return s->shed.n_ranks && s->shed.cut < s->shed.n_ranks * QOS_SHED_COHORTS && is_active(s);
}

/* A stream is in or out as a whole; records without one stand each for itself. */
static bool sheds(struct qos_queues *s, const struct qos_record *r, int rank, int64_t now_ns)
{
	struct qos_cell c = r->cell[QOS_F_STREAM];
	struct qos_str name = c.kind == QOS_CELL_ABSENT
				      ? (struct qos_str){ (const char *)&r->node.seq, sizeof(r->node.seq) }
				      : (struct qos_str){ r->bytes + c.off, c.len };

	return !qos_shed_admits(&s->shed, rank, qos_shed_cohort(name, now_ns), now_ns) && is_active(s);
}

enum qos_drop qos_queues_push(struct qos_queues *s, struct qos_record *r, int64_t now_ns)
{
	struct qos_queue *q = &s->queue[s->rank[r->class]];
	const struct qos_aqm_use *use = &s->use[q->rank];
	struct qos_queues_class *c = &s->class[r->class];
	enum qos_drop why = QOS_DROP_NONE;
	struct qos_stream *stream;

	if (s->shed.n_ranks && !r->kept && sheds(s, r, q->rank, now_ns)) /* one that fails over was admitted */
		return QOS_DROP_SHED;
	if (q->n_records >= c->limit_records && q->order != QOS_ORDER_ROUNDS)
		return QOS_DROP_TAIL;
	forget(s, q);
	stream = enter(s, r, q, &why);
	if (!stream)
		return why;
	stream->n_active++;
	why = QOS_DROP_NONE;
	if (use->aqm && use->aqm->arrive) {
		struct qos_aqm_view v = view(s, q, stream, now_ns);

		switch (use->aqm->arrive(aqm_state(s, q, stream), use->params, &v)) {
		case QOS_PASS: break;
		case QOS_MARK: mark(s, r); break;
		case QOS_REFUSE: why = QOS_DROP_AQM; break;
		}
	}
	if (!why && !qos_room_fits(s->room, r->size_bytes) &&
	    !qos_overflow_make_room(s, q->rank, r->size_bytes, now_ns))
		why = QOS_DROP_OVERFLOW;
	if (!why)
		why = join(s, r, q, stream, now_ns);
	if (why) {
		exit_stream(s, q, stream);
		return why;
	}
	if (q->n_records > c->limit_records)
		evict(s, q);
	watch_congestion(s, c, q, now_ns);
	return QOS_DROP_NONE;
}

/* --- departure --- */

static enum qos_aqm_verdict judge(struct qos_queues *s, struct qos_queue *q, struct qos_record *r, int64_t now_ns)
{
	const struct qos_aqm_use *use = &s->use[q->rank];
	struct qos_aqm_view v;

	if (!use->aqm || !use->aqm->leave)
		return QOS_PASS;
	v = view(s, q, r->stream, now_ns);
	v.sojourn_ns = now_ns - r->arrival_ns;
	return use->aqm->leave(aqm_state(s, q, r->stream), use->params, &v);
}

/* Its own queue has nothing left to be served after the record that was refused. */
static void ran_empty(struct qos_queues *s, struct qos_queue *q, struct qos_flow *from, struct qos_record *r)
{
	const struct qos_aqm_use *use = &s->use[q->rank];

	if (use->aqm && use->aqm->empty && (use->by_stream ? !from->head : q->n_records == 0))
		use->aqm->empty(aqm_state(s, q, r->stream));
}

/* The next record of q that may be served, or NULL. */
static struct qos_record *take(struct qos_queues *s, struct qos_queue *q, int64_t now_ns)
{
	struct qos_flow *from;
	struct qos_record *r;

	while ((r = qos_queue_pop(q, &from))) {
		enum qos_drop why = QOS_DROP_EXPIRED;

		count_out(s, r);
		if (!s->options.drop_expired || r->deadline_ns >= now_ns) {
			enum qos_aqm_verdict verdict = judge(s, q, r, now_ns);

			if (verdict == QOS_MARK)
				mark(s, r);
			if (verdict != QOS_REFUSE)
				return r;
			why = QOS_DROP_AQM;
		}
		if (from)
			from->credit_bytes += r->size_bytes; /* nobody pays for what is not served */
		if (why == QOS_DROP_AQM)
			ran_empty(s, q, from, r);
		give_back(s, r, why);
	}
	return NULL;
}

/*
 * What will be visited with the records that come next is brought into the cache while the one that leaves is handled:
 * with many streams each of these visits would be a wait for memory.  By key the records themselves come with the
 * queue.  In rounds the flow after the next is called while the next one, called before, names its record.
 */
static void fetch_ahead(const struct qos_queues *s, const struct qos_queue *q)
{
	if (q->ordered) {
		const struct qos_record *soon = qos_queue_ahead(q, 3), *later = qos_queue_ahead(q, 7);

		for (int i = 0; later && i < 3; i++) /* with the flow behind it */
			__builtin_prefetch((const char *)later->stream + i * 64);
		if (soon)
			qos_streams_fetch(&s->streams, ((const struct qos_stream *)soon->stream)->hash);
	} else if (q->rounds) {
		const struct qos_flow *soon = qos_rounds_ahead(q->rounds);

		if (!soon)
			return;
		for (int i = -1; soon->next && i <= 1; i++) /* the flow and its stream, which stands before it */
			__builtin_prefetch((const char *)soon->next + i * 64);
		if (soon->head)
			qos_record_fetch(soon->head);
		if (soon->head == soon->tail)
			qos_streams_fetch(&s->streams, soon->stream->hash);
	}
}

struct qos_record *qos_queues_pop(struct qos_queues *s, int64_t now_ns)
{
	while (s->waiting) {
		int rank = s->discipline->pick(s->state, s->queue, s->config->n_classes, s->waiting);
		struct qos_queue *q = &s->queue[rank];
		struct qos_queues_class *c = &s->class[q->class];
		struct qos_record *r = take(s, q, now_ns);

		if (q->n_records == 0)
			drained(s, q);
		forget(s, q);
		fetch_ahead(s, q);
		watch_congestion(s, c, q, now_ns);
		if (!r)
			continue;
		c->n_inversions += qos_bits_first(s->waiting | 1ull << rank) < rank;
		if (now_ns - c->waits_since_ns > c->gap_max_ns)
			c->gap_max_ns = now_ns - c->waits_since_ns;
		c->waits_since_ns = now_ns;
		return r;
	}
	return NULL;
}

void qos_queues_sent(struct qos_queues *s, const struct qos_record *r, int64_t service_ns, int64_t now_ns)
{
	int64_t bytes = r->size_bytes > 0 ? r->size_bytes : 1;

	if (s->discipline->sent)
		s->discipline->sent(s->state, &s->queue[s->rank[r->class]], r, service_ns);
	qos_drain_served(&s->drain, s->waiting, now_ns);
	if (s->shed.n_ranks)
		qos_shed_served(&s->shed, s->rank[r->class], service_ns, s->waiting, now_ns);
	s->mean_service_ns += (service_ns - s->mean_service_ns) / 16;
	if (service_ns > s->worst.service_ns)
		s->worst.service_ns = service_ns;
	if ((__int128)s->worst.byte_ps * bytes < (__int128)service_ns * 1000)
		s->worst.byte_ps = qos_muldiv(service_ns, 1000, bytes) + 1;
}

void qos_queues_evict(struct qos_queues *s, int rank, enum qos_drop why, int64_t now_ns)
{
	struct qos_queue *q = &s->queue[rank];
	struct qos_record *r = qos_queue_evict_last(q);
	struct qos_flow *f = flow_of(s, r->stream);

	count_out(s, r);
	if (q->order == QOS_ORDER_FAIR && f->finish_bytes == r->node.key + (r->size_bytes > 0 ? r->size_bytes : 1))
		f->finish_bytes = r->node.key; /* nobody pays for what is not served */
	ran_empty(s, q, f, r);
	give_back(s, r, why);
	if (q->n_records == 0)
		drained(s, q);
	watch_congestion(s, &s->class[q->class], q, now_ns);
}

struct qos_record *qos_queues_dropped(struct qos_queues *s)
{
	struct qos_record *r = s->dropped;

	if (r)
		s->dropped = (struct qos_record *)r->node.sibling;
	return r;
}

bool qos_queues_full(const struct qos_queues *s)
{
	for (int i = 0; i < s->config->n_classes; i++)
		if (s->queue[s->rank[i]].n_records >= s->class[i].limit_records)
			return true;
	return !qos_room_fits(s->room, 0);
}

int64_t qos_queues_retry_ns(const struct qos_queues *s, int class)
{
	int last = s->discipline->flat ? s->config->n_classes - 1 : s->rank[class];
	int64_t n_ahead = 0, retry_ns;

	for (int i = 0; i <= last; i++)
		n_ahead += s->queue[i].n_records;
	retry_ns = n_ahead ? qos_drain_ns(&s->drain, n_ahead + 1) : 0;
	if (qos_queues_sheds(s) && qos_shed_cuts(&s->shed, s->rank[class]) && qos_shed_rest_ns(&s->shed) > retry_ns)
		retry_ns = qos_shed_rest_ns(&s->shed);
	return retry_ns;
}

int64_t qos_queues_gap_ns(const struct qos_queues *s, int class)
{
	if (!s->discipline->gap_ns || !s->worst.service_ns)
		return QOS_NEVER;
	return s->discipline->gap_ns(s->state, s->queue, s->config->n_classes, s->rank[class], &s->worst);
}

/* --- set-up --- */

/* Ranks: classes by their priority, then by their place in the config. */
static int rank_of(const struct qos_config *c, int class)
{
	int rank = 0;

	for (int k = 0; k < c->n_classes; k++)
		rank += c->classes[k].priority < c->classes[class].priority ||
			(k < class && c->classes[k].priority == c->classes[class].priority);
	return rank;
}

static int read_aqm(struct qos_queues *s, int class, struct qos_aqm_use *use, struct qos_err *err)
{
	const struct qos_config *c = s->config;
	struct qos_str text = c->classes[class].aqm.n ? c->classes[class].aqm : c->aqm;
	int rc = qos_aqm_read(use, text, &s->arena, err);

	if (!rc && use->by_stream && s->streams.extra_bytes < sizeof(struct qos_flow) + use->aqm->state_bytes)
		s->streams.extra_bytes = (uint32_t)(sizeof(struct qos_flow) + use->aqm->state_bytes);
	return rc;
}

static int open_queue(struct qos_queues *s, int class, struct qos_err *err)
{
	const struct qos_config *c = s->config;
	const struct qos_class_config *config = &c->classes[class];
	struct qos_queues_class *counts = &s->class[class];
	int rank = rank_of(c, class), rc;
	struct qos_queue *q = &s->queue[rank];
	struct qos_aqm_use *use = &s->use[rank];
	enum qos_order order = s->discipline->order;

	s->rank[class] = rank;
	*q = (struct qos_queue){ .rank = rank,
				 .class = class,
				 .share = config->share,
				 .target_ns = config->latency_target_ns,
				 .quantum_bytes = config->quantum_bytes == QOS_DEFAULT ? 0 : config->quantum_bytes };
	counts->limit_records = config->queue_limit == QOS_DEFAULT ? c->max_queue_size : config->queue_limit;
	counts->congested_records = qos_congestion_threshold(counts->limit_records, c->congestion_threshold);
	if ((rc = read_aqm(s, class, use, err)))
		return rc;
	if (use->by_stream)
		order = QOS_ORDER_ROUNDS;
	if (order == QOS_ORDER_FAIR || order == QOS_ORDER_ROUNDS)
		if (s->streams.extra_bytes < sizeof(struct qos_flow))
			s->streams.extra_bytes = sizeof(struct qos_flow);
	if (qos_queue_init(q, order, err))
		return QOS_EIO;
	if (use->aqm && !use->by_stream) {
		q->aqm = calloc(1, use->aqm->state_bytes);
		if (!q->aqm)
			return qos_fail_memory(err, "queue management");
		if (use->aqm->init)
			use->aqm->init(q->aqm, use->params);
	}
	return 0;
}

static int open_shed(struct qos_queues *s, struct qos_err *err)
{
	const struct qos_config *c = s->config;
	uint64_t may = 0;
	double n_servers = c->n_adapters ? 0 : 1;
	int most_urgent = c->classes[s->queue[0].class].priority;

	for (int i = 0; i < c->n_classes; i++)
		if (c->classes[i].shed == QOS_DEFAULT ? c->classes[i].priority > most_urgent : c->classes[i].shed)
			may |= 1ull << s->rank[i];
	for (int i = 0; i < c->n_adapters; i++)
		n_servers += c->adapters[i].concurrency;
	if (s->options.n_servers)
		n_servers = s->options.n_servers;
	return qos_shed_init(&s->shed, c->n_classes, may, c->shed_window_ns, n_servers, err);
}

static int choose_discipline(struct qos_queues *s, struct qos_err *err)
{
	struct qos_str name = s->config->discipline;
	const char *names[16], *near;
	int n = 0;

	s->discipline = qos_discipline_find(name);
	if (s->discipline)
		return 0;
	for (; qos_disciplines[n]; n++)
		names[n] = qos_disciplines[n]->name;
	near = qos_nearest(name.p, name.n, names, (size_t)n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no discipline \"%.*s\"; %s%s%s", QOS_STR_ARG(name),
			near ? "did you mean \"" : "--discipline help lists them", near ? near : "", near ? "\"?" : "");
}

int qos_queues_init(struct qos_queues *s, const struct qos_config *config, const struct qos_queues_options *options,
		    const struct qos_fields *fields, struct qos_slab *slab, struct qos_err *err)
{
	int rc;

	*s = (struct qos_queues){ .config = config, .fields = fields, .options = *options, .slab = slab };
	s->max_streams = (uint32_t)(options->max_streams ? options->max_streams : config->max_concurrent_streams);
	s->own_room = qos_room_of(config);
	s->room = options->room ? options->room : &s->own_room;
	s->claim = options->claim;
	s->next_member = s->room->member;
	s->room->member = s;
	qos_rng_seed(&s->rng, options->seed);
	if ((rc = choose_discipline(s, err)) || (rc = qos_streams_init(&s->streams, err)))
		return rc;
	for (int i = 0; i < config->n_classes; i++)
		if ((rc = open_queue(s, i, err)))
			goto fail;
	if (config->shed && (rc = open_shed(s, err)))
		goto fail;
	rc = QOS_EIO;
	if (s->discipline->state_bytes && !(s->state = calloc(1, s->discipline->state_bytes))) {
		qos_fail_memory(err, "discipline");
		goto fail;
	}
	if (s->discipline->init)
		s->discipline->init(s->state, s->queue, config->n_classes);
	return 0;
fail:
	qos_queues_free(s);
	return rc;
}

static void leave_room(struct qos_queues *s)
{
	struct qos_queues **at = &s->room->member;

	while (*at && *at != s)
		at = &(*at)->next_member;
	if (*at)
		*at = s->next_member;
}

void qos_queues_free(struct qos_queues *s)
{
	struct qos_flow *from;
	struct qos_record *r;

	if (!s->config)
		return;
	leave_room(s);
	for (int i = 0; i < s->config->n_classes; i++) {
		while ((r = qos_queue_pop(&s->queue[i], &from)))
			qos_record_drop(r, s->fields, s->slab);
		qos_queue_free(&s->queue[i]);
	}
	while ((r = qos_queues_dropped(s)))
		qos_record_drop(r, s->fields, s->slab);
	qos_shed_free(&s->shed);
	qos_streams_free(&s->streams);
	qos_arena_free(&s->arena);
	free(s->state);
	*s = (struct qos_queues){ 0 };
}
