/*
 * Delivery: records become text for the outlet of their adapter; the loop's questions are put to all of them.
 *
 * Cost   the writer's, and a copy of its text.
 */
#include "route/deliver.h"

#include <stdlib.h>

#include "route/outlet.h"

#define MS          1000000LL
#define BLOCK_BYTES (64 * 1024) /* what a pipe takes; so much is written without waiting for handle() */
#define BACK_OFF_NS (10 * MS)   /* the first; doubled up to the most */
#define HOPE_NS     (30000 * MS)

/* --- for the loop --- */

static int deliver_fds(void *self, struct pollfd *fd, int most)
{
	struct qos_deliver *d = self;
	int n = 0;

	for (int i = 0; i < d->n_adapters && n < most; i++) {
		struct qos_outlet *a = &d->adapter[i];
		int one = a->kind && a->kind->fd &&
					  (a->at == QOS_OUTLET_OPENING || a->at == QOS_OUTLET_UP ||
					   a->at == QOS_OUTLET_STUCK)
				  ? a->kind->fd(a->state)
				  : -1;

		if (one < 0)
			continue;
		fd[n].fd = one;
		fd[n].events = (short)((a->kind->opened ? POLLIN : 0) |
				       (a->at == QOS_OUTLET_OPENING || a->blocked ? POLLOUT : 0));
		fd[n].revents = 0;
		d->of_fd[n++] = i;
	}
	return n;
}

static void deliver_handle(void *self, const struct pollfd *fd, int n, int64_t now_ns)
{
	struct qos_deliver *d = self;
	int k = 0;

	d->now_ns = now_ns;
	for (int i = 0; i < d->n_adapters; i++) {
		int events = 0;

		if (k < n && d->of_fd[k] == i)
			events = fd[k++].revents;
		if (!d->adapter[i].kind)
			continue;
		qos_outlet_go_on(d, &d->adapter[i], events);
		if (d->worked_ns == 0 || d->adapter[i].at == QOS_OUTLET_UP)
			d->worked_ns = now_ns;
	}
}

static int64_t deliver_due(const void *self)
{
	const struct qos_deliver *d = self;
	int64_t due_ns = INT64_MAX;

	for (int i = 0; i < d->n_adapters; i++) {
		const struct qos_outlet *a = &d->adapter[i];
		int64_t ns = a->kind ? qos_outlet_due(d, a) : INT64_MAX;

		if (ns < due_ns)
			due_ns = ns;
	}
	return due_ns;
}

/* Somebody who works has too much, or nobody works and somebody has too much. */
static bool deliver_full(const void *self)
{
	const struct qos_deliver *d = self;
	bool over = false, any = false;

	for (int i = 0; i < d->n_adapters; i++) {
		const struct qos_outlet *a = &d->adapter[i];
		bool much = a->kind && qos_backlog_unsent_bytes(&a->backlog) >= (size_t)a->config->buffer_bytes;

		if (much && a->at == QOS_OUTLET_UP)
			return true;
		over = over || much;
		any = any || (a->kind && a->at == QOS_OUTLET_UP);
	}
	return over && !any;
}

static bool deliver_dead(const void *self)
{
	const struct qos_deliver *d = self;

	return d->now_ns - d->worked_ns > HOPE_NS;
}

static bool deliver_busy(const void *self)
{
	const struct qos_deliver *d = self;

	for (int i = 0; i < d->n_adapters; i++) {
		const struct qos_outlet *a = &d->adapter[i];

		if (a->kind && (d->finishing ? a->at != QOS_OUTLET_DONE : a->backlog.n > a->backlog.n_sent))
			return true;
	}
	return false;
}

static void deliver_finish(void *self)
{
	struct qos_deliver *d = self;

	d->finishing = true;
	d->finish_ns = d->now_ns;
	for (int i = 0; i < d->n_adapters; i++) /* no long back-off at the end */
		if (d->adapter[i].retry_ns > d->now_ns + BACK_OFF_NS)
			d->adapter[i].retry_ns = d->now_ns + BACK_OFF_NS;
}

static void deliver_reopen(void *self)
{
	struct qos_deliver *d = self;

	for (int i = 0; i < d->n_adapters; i++) {
		struct qos_outlet *a = &d->adapter[i];

		if (!a->kind || !a->kind->rotates || a->at != QOS_OUTLET_UP)
			continue;
		qos_outlet_send(d, a);
		a->kind->close(a->state);
		qos_outlet_open(d, a);
	}
}

struct qos_poller qos_deliver_poller(struct qos_deliver *d)
{
	return (struct qos_poller){ .fds = deliver_fds,
				    .handle = deliver_handle,
				    .due = deliver_due,
				    .full = deliver_full,
				    .dead = deliver_dead,
				    .busy = deliver_busy,
				    .finish = deliver_finish,
				    .reopen = deliver_reopen,
				    .self = d };
}

/* --- records --- */

/* The record as text.  The writer says its header with the first one only, so that one is written twice. */
static struct qos_str text_of(struct qos_deliver *d, struct qos_record *r)
{
	struct qos_sink writer = qos_writer_sink(d->writer);
	size_t first_bytes;

	d->text.at = d->text.block;
	writer.put(writer.self, r);
	if (!d->header_known) {
		d->header_known = true;
		first_bytes = (size_t)(d->text.at - d->text.block);
		writer.put(writer.self, r);
		qos_buf_add(&d->header, d->text.block, 2 * first_bytes - (size_t)(d->text.at - d->text.block));
		for (int i = 0; i < d->n_adapters; i++)
			if (d->adapter[i].kind && d->adapter[i].at == QOS_OUTLET_UP)
				qos_outlet_begin(d, &d->adapter[i]);
		d->text.at = d->text.block;
		writer.put(writer.self, r);
	}
	return (struct qos_str){ d->text.block, (size_t)(d->text.at - d->text.block) };
}

static struct qos_str name_of(struct qos_deliver *d, const struct qos_record *r)
{
	struct qos_cell c = { 0 };

	if (!d->named)
		return QOS_STR("");
	if (!r->kept)
		c = r->cell[QOS_F_STREAM];
	for (int k = 0; r->kept && k < d->fields->n_keep; k++)
		if (d->fields->keep[k] == QOS_F_STREAM)
			c = qos_record_kept_cell(r, d->fields, k);
	if (c.len > d->name_room) {
		char *name = realloc(d->name, c.len);

		if (!name)
			return QOS_STR("");
		d->name = name;
		d->name_room = c.len;
	}
	return qos_cell_text(r, c, d->name);
}

static void give(struct qos_deliver *d, struct qos_outlet *a, const struct qos_piece *piece, struct qos_str text,
		 struct qos_str name)
{
	struct qos_outlet *to = a;

	if (!piece->own && !qos_outlet_ready(d, a) && (to = qos_outlet_other(d, a)))
		a->stats.n_failed_over++;
	to = to ? to : a;
	qos_outlet_hold(d, to, piece, text, name);
	if (qos_backlog_unsent_bytes(&to->backlog) >= BLOCK_BYTES)
		qos_outlet_send(d, to);
}

static void deliver_put(void *self, struct qos_record *r)
{
	struct qos_deliver *d = self;
	struct qos_piece piece = { .class = r->class < 0 ? 0 : r->class,
				   .own = r->adapter == QOS_DELIVER_ALL,
				   .put_ns = d->now_ns };
	struct qos_str text, name;

	if (r->drop || r->bad || (r->adapter < 0 && !piece.own) || (!piece.own && !d->adapter[r->adapter].kind))
		return;
	text = text_of(d, r);
	name = name_of(d, r);
	for (int i = 0; i < d->n_adapters; i++)
		if ((piece.own && d->adapter[i].kind) || r->adapter == i)
			give(d, &d->adapter[i], &piece, text, name);
}

struct qos_sink qos_deliver_sink(struct qos_deliver *d)
{
	return (struct qos_sink){ deliver_put, d };
}

bool qos_deliver_ready(const struct qos_deliver *d, int i)
{
	return !d->adapter[i].kind || qos_outlet_ready(d, &d->adapter[i]);
}

/* --- set-up --- */

bool qos_deliver_wanted(const struct qos_config *config)
{
	struct qos_str target;

	for (int i = 0; i < config->n_adapters; i++)
		if (qos_adapter_find(config->adapters[i].uri, &target))
			return true;
	return false;
}

static int make_adapter(struct qos_deliver *d, struct qos_outlet *a, const struct qos_adapter_config *config,
			uint64_t seed, struct qos_err *err)
{
	struct qos_str target;
	struct qos_err why = { 0 };
	int rc;

	a->config = config;
	a->kind = qos_adapter_find(config->uri, &target);
	qos_rng_seed(&a->rng, seed);
	if (!a->kind)
		return 0;
	a->state = calloc(1, a->kind->state_bytes ? a->kind->state_bytes : 1);
	if (!a->state)
		return qos_fail_memory(err, "adapters");
	rc = a->kind->init(a->state, target, &why);
	if (rc)
		return qos_fail(err, why.code, config->at, "adapter %.*s: %s", QOS_STR_ARG(config->name), why.text);
	d->named = d->named || (a->kind->single && a->kind->single(a->state));
	return 0;
}

int qos_deliver_new(struct qos_deliver **deliver, const struct qos_config *config, const struct qos_deliver_options *o,
		    struct qos_err *err)
{
	struct qos_deliver *d = calloc(1, sizeof(*d));
	int rc = QOS_EIO;

	*deliver = NULL;
	if (!d)
		return qos_fail_memory(err, "adapters");
	d->config = config;
	d->fields = o->fields;
	d->adapter = calloc((size_t)config->n_adapters + 1, sizeof(*d->adapter));
	d->of_fd = calloc((size_t)config->n_adapters + 1, sizeof(*d->of_fd));
	d->scale = qos_sketch_scale_new();
	if (!d->adapter || !d->of_fd || !d->scale) {
		qos_fail_memory(err, "adapters");
		goto fail;
	}
	for (int i = 0; i < config->n_adapters; i++) {
		d->n_adapters++;
		if ((rc = make_adapter(d, &d->adapter[i], &config->adapters[i], o->seed + (uint64_t)i, err)))
			goto fail;
	}
	if ((rc = qos_out_open(&d->text, -1, err)) ||
	    (rc = qos_writer_new(&d->writer, o->output, o->input, o->reading, &d->text, o->fields, o->columns,
				 o->n_columns, o->columns_self, err)))
		goto fail;
	if (d->named)
		qos_fields_keep(o->fields, QOS_F_STREAM);
	*deliver = d;
	return 0;
fail:
	qos_deliver_free(d);
	return rc;
}

void qos_deliver_free(struct qos_deliver *d)
{
	if (!d)
		return;
	for (int i = 0; i < d->n_adapters; i++) {
		struct qos_outlet *a = &d->adapter[i];

		if (a->kind && a->state) {
			a->kind->close(a->state);
			if (a->kind->free)
				a->kind->free(a->state);
		}
		free(a->state);
		qos_backlog_free(&a->backlog);
		qos_sketch_free(&a->wait);
	}
	qos_writer_free(d->writer);
	qos_out_free(&d->text);
	qos_buf_free(&d->header);
	qos_sketch_scale_free(d->scale);
	free(d->adapter);
	free(d->of_fd);
	free(d->name);
	free(d);
}

bool qos_deliver_is_real(const struct qos_deliver *d, int i)
{
	return d->adapter[i].kind != NULL;
}

void qos_deliver_stats(const struct qos_deliver *d, int i, struct qos_deliver_stats *s)
{
	const struct qos_outlet *a = &d->adapter[i];

	*s = a->stats;
	for (int64_t k = 0; k < a->backlog.n; k++)
		s->n_left += !qos_backlog_at(&a->backlog, k)->rest || qos_backlog_at(&a->backlog, k)->own;
	s->held_bytes = a->backlog.end - a->backlog.first;
	s->wait = &a->wait;
}

const struct qos_sketch_scale *qos_deliver_scale(const struct qos_deliver *d)
{
	return d->scale;
}
