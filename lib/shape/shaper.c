/*
 * The shaper.
 *
 * A record arrives (push) and is queued in its stream; whenever the link lets the record go whose turn it is (advance),
 * it leaves.  The turn is decided at that moment, not before: a record that arrives meanwhile may have the better
 * claim.
 */
#include "shape/shaper.h"

#include <stdlib.h>

#include "base/bits.h"
#include "sched/stream.h"
#include "sched/text.h"
#include "shape/promised.h"
#include "shape/tree.h"

struct backlog {
	struct qos_stream *first, *last; /* ring of streams that wait, by turn */
	int64_t n_records, limit_records;
	int64_t congested_records; /* where congestion begins */
	struct qos_congestion congestion;
};

/* Records under way behind the link, by departure, linked by node.sibling. */
struct flight {
	struct qos_record *first, *last;
	int64_t latency_ns;
};

struct qos_shaper {
	const struct qos_config *config;
	const struct qos_fields *fields;
	int stream_field;
	bool keep_drops;
	struct qos_police police;
	struct qos_manage manage;
	struct qos_tree tree;
	struct backlog class[QOS_CLASSES_MOST];
	int64_t head_bytes[QOS_CLASSES_MOST]; /* of the record that a waiting class would send */
	struct qos_streams streams;
	struct qos_slab slab;
	struct qos_ledger ledger;
	struct qos_framing framing;
	struct flight flight;
	struct qos_schedule *schedule;
	int64_t down_ns; /* up to when it is taken into account that the link is down, if it is */
	int64_t due_ns;  /* when the link may send next */
	struct qos_grants grants;
	struct qos_promised promised;
	struct qos_column column[9];
	int n_columns;
};

/* --- what is written --- */

static struct qos_str text_mark(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_shaper *s = self;

	return r->marked ? qos_str(s->manage.class[r->class].use.aqm->name) : QOS_STR("");
}

static struct qos_str text_granted(const void *self, const struct qos_record *r, char *scratch)
{
	return qos_grants_text(&((const struct qos_shaper *)self)->grants, QOS_F_GRANTED, scratch);
}

static struct qos_str text_utilisation(const void *self, const struct qos_record *r, char *scratch)
{
	return qos_grants_text(&((const struct qos_shaper *)self)->grants, QOS_F_UTILISATION, scratch);
}

static struct qos_str text_reason(const void *self, const struct qos_record *r, char *scratch)
{
	return qos_grants_text(&((const struct qos_shaper *)self)->grants, QOS_F_REASON, scratch);
}

static void choose_columns(struct qos_shaper *s)
{
	s->column[s->n_columns++] = (struct qos_column){ QOS_F_SHAPE_WAIT, true, qos_text_wait };
	s->column[s->n_columns++] = (struct qos_column){ QOS_F_DEPART, true, qos_text_depart };
	if (s->police.on)
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_COLOR, false, qos_text_color };
	if (s->manage.on && s->manage.mark)
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_MARK, false, text_mark };
	if (s->grants.allocator) {
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_GRANTED, true, text_granted };
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_UTILISATION, true, text_utilisation };
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_REASON, false, text_reason };
	}
	if (s->keep_drops)
		s->column[s->n_columns++] = (struct qos_column){ QOS_F_DROP, false, qos_text_drop };
}

static int64_t cost(const struct qos_shaper *s, const struct qos_record *r)
{
	return qos_framing_bytes(&s->framing, r->size_bytes);
}

/* --- streams of a class: deficit round robin --- */

static void join(struct qos_shaper *s, struct backlog *b, struct qos_stream *stream)
{
	stream->next = NULL;
	stream->credit_bytes = s->tree.largest_bytes;
	if (b->last)
		b->last->next = stream;
	else
		b->first = stream;
	b->last = stream;
}

/* The stream whose turn it is: the first one with credit; who has none earns a quantum and goes to the back. */
static struct qos_stream *stream_in_turn(struct qos_shaper *s, struct backlog *b)
{
	while (b->first->credit_bytes <= 0) {
		struct qos_stream *passed = b->first;

		passed->credit_bytes += s->tree.largest_bytes; /* covers any record, so one round is enough */
		if (passed != b->last) {
			b->first = passed->next;
			passed->next = NULL;
			b->last->next = passed;
			b->last = passed;
		}
	}
	return b->first;
}

/*
 * The record and the stream that come next in a class are brought into the cache while other classes send: with many
 * streams each would be a wait for memory.
 */
static void fetch_ahead(const struct qos_shaper *s, const struct backlog *b)
{
	const struct qos_stream *next = b->first ? b->first->next : NULL;

	if (!next)
		return;
	qos_record_fetch(next->head);
	if (next->head == next->tail)
		qos_streams_fetch(&s->streams, next->hash);
	__builtin_prefetch(next->next);
	__builtin_prefetch((const char *)next->next + 64);
}

/* The stream that a class sends for: one that is owed what it was promised, or whose turn it is. */
static struct qos_stream *choose(struct qos_shaper *s, int class, int64_t now_ns)
{
	struct backlog *b = &s->class[class];
	struct qos_stream *owed = s->promised.n ? qos_promised_first(&s->promised, class, now_ns, !b->first) : NULL;

	return owed || !b->first ? owed : stream_in_turn(s, b);
}

static void leave_ring(struct backlog *b)
{
	b->first = b->first->next;
	if (!b->first)
		b->last = NULL;
}

/*
 * A stream that was chosen gives its head; it goes on waiting where it belongs, or is no more.
 *
 * x	its allocation, or NULL
 */
static struct qos_record *take_head(struct qos_shaper *s, int class, struct qos_stream *stream,
				    struct qos_allocation *x, int64_t now_ns)
{
	struct backlog *b = &s->class[class];
	struct qos_record *r = stream->head;
	bool apart = qos_promised_waits(&s->promised, stream), goes_on;

	stream->head = (struct qos_record *)r->node.sibling;
	stream->credit_bytes -= cost(s, r);
	b->n_records--;
	goes_on = stream->head != NULL;
	if (apart)
		qos_promised_leave(&s->promised, class);
	else if (!goes_on || x)
		leave_ring(b);
	if (!goes_on)
		qos_streams_remove(&s->streams, stream);
	else if (x)
		qos_promised_join(&s->promised, stream, class, x, !apart, s->tree.largest_bytes, now_ns);
	else if (apart)
		join(s, b, stream);
	fetch_ahead(s, b);
	return r;
}

/* After a change of the class's queues: what would it send next? */
static void look_ahead(struct qos_shaper *s, int class, int64_t now_ns)
{
	const struct qos_stream *next = choose(s, class, now_ns);

	if (!next) {
		qos_tree_idle(&s->tree, class);
		return;
	}
	s->head_bytes[class] = cost(s, next->head);
	/* a stream may send many in its turn */
	qos_record_fetch((const struct qos_record *)next->head->node.sibling);
}

/* Somebody may be owed by now who was not when it was looked ahead. */
static void look_for_owed(struct qos_shaper *s, int64_t now_ns)
{
	int i;

	qos_bits_each (i, s->tree.waiting)
		if (qos_promised_first(&s->promised, i, now_ns, true))
			s->head_bytes[i] = cost(s, choose(s, i, now_ns)->head);
}

/* --- arrival --- */

static void drop(struct qos_shaper *s, struct qos_record *r, enum qos_drop why, struct qos_sink *out)
{
	r->drop = (uint8_t)why;
	qos_ledger_drop(&s->ledger, r);
	if (s->keep_drops)
		out->put(out->self, r);
}

/* The number of records that wait has changed. */
static void watch_congestion(struct backlog *b, int64_t now_ns)
{
	qos_congestion_set(&b->congestion, qos_congestion_at(&b->congestion, b->n_records, b->congested_records),
			   now_ns);
}

static bool enqueue(struct qos_shaper *s, const struct qos_record *r, int64_t now_ns)
{
	struct backlog *b = &s->class[r->class];
	struct qos_cell c = r->cell[s->stream_field];
	struct qos_str name = { r->bytes + c.off, c.kind == QOS_CELL_ABSENT ? 0 : c.len };
	struct qos_stream *stream;
	struct qos_allocation *x;
	struct qos_record *kept;
	uint64_t hash;

	qos_streams_fetch_name(&s->streams, r->class, name);
	kept = qos_record_keep(r, s->fields, &s->slab); /* while the stream's place is on its way */
	if (!kept)
		return false;
	stream = qos_streams_find(&s->streams, r->class, name, &hash);
	kept->node.sibling = NULL;
	if (stream) {
		stream->tail->node.sibling = &kept->node;
		stream->tail = kept;
	} else {
		stream = qos_streams_add(&s->streams, r->class, name, hash);
		if (!stream) {
			qos_record_drop(kept, s->fields, &s->slab);
			return false;
		}
		stream->head = stream->tail = kept;
		x = qos_promised_find(&s->promised, stream, r->class);
		if (x)
			qos_promised_join(&s->promised, stream, r->class, x, true, s->tree.largest_bytes, now_ns);
		else
			join(s, b, stream);
		if (b->n_records == 0)
			s->head_bytes[r->class] = cost(s, kept);
	}
	if (s->manage.on)
		qos_manage_queued(&s->manage, kept, stream);
	b->n_records++;
	watch_congestion(b, now_ns);
	return true;
}

/* A record has joined: it may have the better claim, or be the only one below its ceil, once the link has room for it.
 */
static void wake_for(struct qos_shaper *s, int64_t bytes, int64_t now_ns)
{
	int64_t when_ns = qos_bucket_when(&s->tree.link, bytes);

	if (when_ns < now_ns)
		when_ns = now_ns;
	if (when_ns < s->due_ns)
		s->due_ns = when_ns;
}

/* Does queue management let it join? */
static bool may_join(struct qos_shaper *s, struct qos_record *r, int64_t now_ns)
{
	const struct qos_aqm_use *use = &s->manage.class[r->class].use;
	struct qos_cell c = r->cell[s->stream_field];
	struct qos_str name = { r->bytes + c.off, c.kind == QOS_CELL_ABSENT ? 0 : c.len };
	struct qos_stream *stream = NULL;
	uint64_t hash;

	if (use->by_stream && use->aqm->arrive)
		stream = qos_streams_find(&s->streams, r->class, name, &hash);
	return qos_manage_arrives(&s->manage, r, stream, now_ns);
}

static void admit(struct qos_shaper *s, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct backlog *b = &s->class[r->class];
	struct qos_ledger_class *counts = &s->ledger.class[r->class];
	int64_t bytes = cost(s, r);

	if (!qos_tree_fits(&s->tree, bytes)) {
		drop(s, r, QOS_DROP_OVERSIZE, out);
	} else if (b->n_records >= b->limit_records) {
		drop(s, r, QOS_DROP_TAIL, out);
	} else if (s->manage.on && !may_join(s, r, now_ns)) {
		drop(s, r, QOS_DROP_AQM, out);
	} else {
		qos_tree_see(&s->tree, r->class, bytes);
		if (!enqueue(s, r, now_ns)) {
			drop(s, r, QOS_DROP_MEMORY, out);
			return;
		}
		s->tree.waiting |= 1ull << r->class;
		if (b->n_records > counts->n_queued_max)
			counts->n_queued_max = b->n_records;
		wake_for(s, bytes, now_ns);
	}
}

/* --- schedule --- */

static bool link_is_down(const struct qos_shaper *s)
{
	return s->schedule && s->schedule->link_is_down;
}

/* --- allocations --- */

/* The tree has the rates of now, and what was promised on top of them. */
static void follow_grants(struct qos_shaper *s, int64_t now_ns)
{
	const struct qos_config *base = s->schedule ? &s->schedule->config : s->config;

	qos_tree_change(&s->tree, s->grants.allocator ? qos_grants_config(&s->grants, base) : base, now_ns);
}

/* A request is answered at once, and costs the link nothing. */
static void serve_request(struct qos_shaper *s, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	r->wait_ns = 0;
	r->depart_ns = now_ns;
	qos_ledger_out(&s->ledger, r);
	qos_grants_serve(&s->grants, r, s->stream_field, now_ns, out);
	follow_grants(s, now_ns);
}

/* The changes that are due by now, each at its own moment. */
static void follow_schedule(struct qos_shaper *s, int64_t now_ns)
{
	int64_t at_ns;

	while ((at_ns = qos_schedule_due(s->schedule)) <= now_ns) {
		if (link_is_down(s))
			qos_bucket_stood(&s->tree.link, at_ns - s->down_ns);
		qos_schedule_step(s->schedule);
		if (s->grants.allocator)
			qos_grants_change(&s->grants, &s->schedule->config);
		follow_grants(s, at_ns);
		s->down_ns = at_ns;
		s->due_ns = at_ns; /* all is looked at anew */
	}
}

void qos_shaper_request(struct qos_shaper *s, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	if (s->schedule && s->schedule->started)
		follow_schedule(s, now_ns);
	if (r->class < 0)
		r->class = (int16_t)s->config->default_class;
	qos_allocator_expire(s->grants.allocator, now_ns);
	qos_grants_serve(&s->grants, r, QOS_F_STREAM, now_ns, out);
	follow_grants(s, now_ns);
}

static void shaper_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_shaper *s = self;

	if (s->schedule) {
		if (!s->schedule->started)
			qos_schedule_start(s->schedule, now_ns);
		follow_schedule(s, now_ns);
	}
	if (qos_grants_expire(&s->grants, now_ns))
		follow_grants(s, now_ns);
	if (r->class < 0) {
		r->class = (int16_t)s->config->default_class;
		s->ledger.n_unclassified++;
	}
	qos_ledger_in(&s->ledger, r);
	if (r->drop) { /* dropped by an earlier filter and kept: it goes on untouched */
		qos_ledger_drop(&s->ledger, r);
		out->put(out->self, r);
		return;
	}
	if (qos_grants_asks(&s->grants, r))
		serve_request(s, r, now_ns, out);
	else if (s->police.on && !qos_police_passes(&s->police, r, now_ns))
		drop(s, r, QOS_DROP_POLICE, out);
	else
		admit(s, r, now_ns, out);
}

/* --- departure --- */

static void leave(struct qos_shaper *s, struct qos_record *r, struct qos_sink *out)
{
	qos_ledger_out(&s->ledger, r);
	out->put(out->self, r);
	qos_record_drop(r, s->fields, &s->slab);
}

/* Queue management does not let the head of this stream go: the next one is asked for, and nobody pays. */
static void refuse_head(struct qos_shaper *s, int class, struct qos_stream *stream, int64_t now_ns,
			struct qos_sink *out)
{
	struct qos_record *r = stream->head;

	stream->credit_bytes += cost(s, r);
	take_head(s, class, stream, qos_promised_find(&s->promised, stream, class), now_ns);
	watch_congestion(&s->class[class], now_ns);
	look_ahead(s, class, now_ns);
	drop(s, r, QOS_DROP_AQM, out);
	qos_record_drop(r, s->fields, &s->slab);
}

static void send(struct qos_shaper *s, int class, enum qos_claim claim, int64_t now_ns, struct qos_sink *out)
{
	struct qos_stream *stream = choose(s, class, now_ns);
	struct qos_allocation *x;
	struct flight *f = &s->flight;
	struct qos_record *r;

	if (s->manage.on && !qos_manage_leaves(&s->manage, stream->head, stream, now_ns)) {
		refuse_head(s, class, stream, now_ns, out);
		return;
	}
	x = s->grants.allocator ? qos_promised_find(&s->promised, stream, class) : NULL;
	if (x)
		qos_grants_use(&s->grants, x, cost(s, stream->head), now_ns);
	r = take_head(s, class, stream, x, now_ns);
	watch_congestion(&s->class[class], now_ns);
	qos_tree_send(&s->tree, class, claim, cost(s, r), now_ns);
	look_ahead(s, class, now_ns);
	r->wait_ns = now_ns - r->arrival_ns;
	r->depart_ns = qos_add_clamped(now_ns, f->latency_ns);
	if (f->latency_ns == 0) {
		leave(s, r, out);
		return;
	}
	r->node.sibling = NULL;
	if (f->last)
		f->last->node.sibling = &r->node;
	else
		f->first = r;
	f->last = r;
}

/* Those whose flight has ended by now. */
static void land(struct qos_shaper *s, int64_t now_ns, struct qos_sink *out)
{
	struct flight *f = &s->flight;
	struct qos_record *r;

	while ((r = f->first) && r->depart_ns <= now_ns) {
		f->first = (struct qos_record *)r->node.sibling;
		if (!f->first)
			f->last = NULL;
		leave(s, r, out);
	}
}

/* The link sends what it may by now. */
static void work(struct qos_shaper *s, int64_t now_ns, struct qos_sink *out)
{
	enum qos_claim claim;

	s->due_ns = QOS_NEVER;
	while (s->tree.waiting && !link_is_down(s)) {
		int64_t when_ns;
		int class;

		if (s->promised.n)
			look_for_owed(s, now_ns);
		class = qos_tree_pick(&s->tree, s->head_bytes, now_ns, &claim, &when_ns);

		if (class >= 0)
			when_ns = qos_bucket_when(&s->tree.link, s->head_bytes[class]);
		if (when_ns > now_ns) {
			s->due_ns = when_ns;
			return;
		}
		send(s, class, claim, now_ns, out);
	}
}

static void shaper_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct qos_shaper *s = self;

	if (s->schedule)
		follow_schedule(s, now_ns);
	if (qos_grants_expire(&s->grants, now_ns))
		follow_grants(s, now_ns);
	land(s, now_ns, out);
	if (s->due_ns <= now_ns)
		work(s, now_ns, out);
}

static int64_t shaper_due(const void *self)
{
	const struct qos_shaper *s = self;
	int64_t due_ns = s->due_ns;

	if (s->flight.first && s->flight.first->depart_ns < due_ns)
		due_ns = s->flight.first->depart_ns;
	if (s->schedule && s->tree.waiting && qos_schedule_due(s->schedule) < due_ns)
		due_ns = qos_schedule_due(s->schedule);
	return due_ns;
}

/* --- set-up --- */

/* Would a record of some class be dropped now? */
static bool shaper_full(const void *self)
{
	const struct qos_shaper *s = self;

	for (int i = 0; i < s->config->n_classes; i++)
		if (s->class[i].n_records >= s->class[i].limit_records)
			return true;
	return false;
}

struct qos_stage qos_shaper_stage(struct qos_shaper *s)
{
	return (struct qos_stage){
		.push = shaper_push, .due = shaper_due, .advance = shaper_advance, .full = shaper_full, .self = s
	};
}

int qos_shaper_new(struct qos_shaper **shaper, const struct qos_config *config,
		   const struct qos_shaper_options *options, struct qos_fields *fields, struct qos_err *err)
{
	struct qos_shaper *s = calloc(1, sizeof(*s));
	int rc;

	*shaper = NULL;
	if (!s)
		return qos_fail_memory(err, "shaper");
	s->config = config;
	s->fields = fields;
	s->stream_field = options->stream_field;
	s->keep_drops = options->keep_drops;
	s->framing = options->framing;
	s->flight.latency_ns = options->latency_ns;
	s->schedule = options->schedule;
	s->due_ns = QOS_NEVER;
	for (int i = 0; i < config->n_classes; i++) {
		int64_t limit = config->classes[i].queue_limit;

		s->class[i].limit_records = limit == QOS_DEFAULT ? config->max_queue_size : limit;
		s->class[i].congested_records =
			qos_congestion_threshold(s->class[i].limit_records, config->congestion_threshold);
	}
	if ((rc = qos_police_init(&s->police, config, err)) ||
	    (rc = qos_manage_init(&s->manage, config, options->mark, err)) ||
	    (rc = qos_grants_init(&s->grants, config, options->allocate, fields, err)) ||
	    (rc = qos_tree_init(&s->tree, config, err)) || (rc = qos_streams_init(&s->streams, err))) {
		qos_shaper_free(s);
		return rc;
	}
	s->streams.extra_bytes = s->manage.stream_bytes;
	if ((rc = qos_promised_init(&s->promised, config->n_classes, s->grants.allocator, &s->streams.extra_bytes,
				    err))) {
		qos_shaper_free(s);
		return rc;
	}
	qos_fields_want(fields, s->stream_field);
	choose_columns(s);
	*shaper = s;
	return 0;
}

void qos_shaper_free(struct qos_shaper *s)
{
	struct qos_stream *stream;
	struct qos_record *r;

	if (!s)
		return;
	for (int i = 0; i < s->config->n_classes; i++)
		while ((stream = choose(s, i, INT64_MAX)))
			qos_record_drop(take_head(s, i, stream, NULL, INT64_MAX), s->fields, &s->slab);
	while ((r = s->flight.first)) {
		s->flight.first = (struct qos_record *)r->node.sibling;
		qos_record_drop(r, s->fields, &s->slab);
	}
	qos_promised_free(&s->promised);
	qos_grants_free(&s->grants);
	qos_police_free(&s->police);
	qos_manage_free(&s->manage);
	qos_streams_free(&s->streams);
	qos_slab_free(&s->slab);
	free(s);
}

const struct qos_column *qos_shaper_columns(struct qos_shaper *s, int *n)
{
	*n = s->n_columns;
	return s->column;
}

const struct qos_ledger *qos_shaper_ledger(const struct qos_shaper *s)
{
	return &s->ledger;
}

const struct qos_manage *qos_shaper_manage(const struct qos_shaper *s)
{
	return &s->manage;
}

const struct qos_police *qos_shaper_police(const struct qos_shaper *s)
{
	return &s->police;
}

const struct qos_allocator *qos_shaper_allocator(const struct qos_shaper *s)
{
	return s->grants.allocator;
}

const struct qos_congestion *qos_shaper_congestion(const struct qos_shaper *s, int class)
{
	return &s->class[class].congestion;
}

uint32_t qos_shaper_streams_max(const struct qos_shaper *s)
{
	return s->streams.n_max;
}
