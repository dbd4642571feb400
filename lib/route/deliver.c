/*
 * Delivery.
 *
 * Each adapter is a small machine: down -> opening -> up (-> stuck -> up) -> down ..., at the end done.  Only handle()
 * moves it, so that everything happens at a known moment; put() adds text to a backlog and, when a block has gathered,
 * writes it.
 */
#include "route/deliver.h"

#include <errno.h>
#include <stdlib.h>

#include "adapter/adapter.h"
#include "base/rng.h"
#include "route/backlog.h"

#define MS              1000000LL
#define BLOCK_BYTES     (64 * 1024) /* what a pipe takes; so much is written without waiting for handle() */
#define BACK_OFF_NS     (10 * MS)   /* the first; doubled up to the most */
#define BACK_OFF_MOST   (5000 * MS)
#define SETTLED_NS      (1000 * MS) /* up for so long, the back-off begins anew */
#define OPENING_NS      (5000 * MS) /* a connection that takes longer has failed */
#define LINGER_NS       (1000 * MS) /* at the end: for a peer that does not close, or one that is stuck */
#define LOOK_NS         (2 * MS)    /* how often is asked what no descriptor tells */
#define HOPE_NS         (30000 * MS)
#define FINISH_FAILURES 3

enum state { DOWN, OPENING, UP, STUCK, DONE };

struct adapter {
	const struct qos_adapter_config *config;
	const struct qos_adapter *kind; /* NULL: sim */
	void *state;
	enum state at;
	bool blocked;                    /* its last write took less than all */
	bool ended;                      /* it was told that nothing more will come */
	int n_failures, n_last_failures; /* in a row; of them while all was finished */
	size_t header_left;              /* of the header, still to be written */
	int64_t since_ns;                /* of its state */
	int64_t retry_ns;
	int64_t moved_ns; /* when it took bytes last, or got the first to wait for */
	struct qos_backlog backlog;
	struct qos_rng rng;
	struct qos_sketch wait;
	struct qos_deliver_stats stats;
};

struct qos_deliver {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct adapter *adapter;
	int n_adapters;
	struct qos_writer *writer;
	struct qos_out text; /* one record at a time */
	struct qos_buf header;
	bool header_known, finishing, named;
	struct qos_sketch_scale *scale;
	int *of_fd; /* [n_adapters], the adapter of each descriptor of the last fds() */
	char *name; /* scratch for a stream's name */
	size_t name_room;
	int64_t now_ns, finish_ns; /* when it was told to finish */
	int64_t worked_ns;         /* when one of them was open */
};

static bool releases_at_once(const struct adapter *a)
{
	return !a->config->at_least_once || !a->kind->unread;
}

static bool is_ready(const struct qos_deliver *d, const struct adapter *a)
{
	return a->at == UP && !a->ended && qos_backlog_unsent_bytes(&a->backlog) < (size_t)a->config->buffer_bytes;
}

/* The one that is ready and has least to do, but not this one; NULL. */
static struct adapter *other_ready(const struct qos_deliver *d, const struct adapter *not_this)
{
	struct adapter *best = NULL;

	for (int i = 0; i < d->n_adapters; i++) {
		struct adapter *a = &d->adapter[i];

		if (a != not_this && a->kind && is_ready(d, a) &&
		    (!best || qos_backlog_unsent_bytes(&a->backlog) < qos_backlog_unsent_bytes(&best->backlog)))
			best = a;
	}
	return best;
}

/* --- what it holds --- */

static void hold(struct qos_deliver *d, struct adapter *a, const struct qos_piece *piece, struct qos_str text,
		 struct qos_str name)
{
	size_t held;

	if (qos_backlog_unsent_bytes(&a->backlog) == 0)
		a->moved_ns = d->now_ns;
	if (!a->kind->single || !a->kind->single(a->state))
		name.n = 0;
	if (!qos_backlog_add(&a->backlog, piece, text, name))
		a->stats.n_lost++;
	held = a->backlog.end - a->backlog.first;
	if (held > a->stats.held_max_bytes)
		a->stats.held_max_bytes = held;
}

/* What was begun at an adapter that is stuck is ended there before all else, so that its text stays whole. */
static void keep_rest(struct qos_deliver *d, struct adapter *a, const struct qos_backlog *old)
{
	struct qos_piece piece;
	struct qos_str name, rest;

	if (old->n == old->n_sent)
		return;
	piece = *qos_backlog_at(old, old->n_sent);
	if (!old->begun_bytes && !piece.rest)
		return;
	piece.own = piece.rest ? piece.own : !a->config->at_least_once; /* then it goes nowhere else */
	piece.rest = true;
	rest = qos_backlog_next(old, &name);
	hold(d, a, &piece, rest, QOS_STR(""));
}

/* Gives all that it holds to others, as long as one is ready; what stays is written here (again). */
static void fail_over(struct qos_deliver *d, struct adapter *a)
{
	struct qos_backlog old = a->backlog;
	int64_t n_sent = old.n_sent;
	size_t begun_bytes = old.begun_bytes;
	bool broken = a->at == DOWN;

	a->backlog = (struct qos_backlog){ 0 };
	if (!broken)
		keep_rest(d, a, &old);
	for (; old.n; qos_backlog_drop(&old), n_sent--) {
		struct qos_piece piece = *qos_backlog_at(&old, 0);
		bool begun = n_sent == 0 && begun_bytes;
		bool goes_nowhere = begun && !a->config->at_least_once;
		struct qos_str name, text = qos_backlog_oldest(&old, &name);
		struct adapter *to;

		if (broken && n_sent == 0 && (piece.rest ? piece.own : goes_nowhere))
			a->stats.n_lost++;
		if (piece.rest || goes_nowhere)
			continue;
		to = piece.own ? NULL : other_ready(d, a);
		a->stats.n_again += n_sent > 0 || begun;
		piece.moved = true;
		a->stats.n_failed_over += to != NULL;
		hold(d, to ? to : a, &piece, text, name);
	}
	qos_backlog_free(&old);
	a->moved_ns = d->now_ns;
}

static bool has_own(const struct adapter *a)
{
	for (int64_t i = 0; i < a->backlog.n; i++)
		if (qos_backlog_at(&a->backlog, i)->own && !qos_backlog_at(&a->backlog, i)->rest)
			return true;
	return false;
}

/* Something that could go elsewhere? */
static bool has_records(const struct adapter *a)
{
	for (int64_t i = 0; i < a->backlog.n; i++)
		if (!qos_backlog_at(&a->backlog, i)->rest)
			return true;
	return false;
}

/* Forgets what the other end has read, and the window before it. */
static void release(struct adapter *a)
{
	struct qos_backlog *b = &a->backlog;
	size_t keep = 0;

	if (b->n_sent == 0)
		return;
	if (!releases_at_once(a))
		keep = (size_t)a->kind->unread(a->state) + (size_t)a->config->window_bytes;
	while (b->n_sent && b->sent_bytes - qos_backlog_at(b, 0)->n_bytes >= keep)
		qos_backlog_drop(b);
}

/* --- the machine --- */

static void enter(struct qos_deliver *d, struct adapter *a, enum state state)
{
	a->at = state;
	a->since_ns = d->now_ns;
}

/* Each opening begins with the header, a file that has something already aside. */
static void begin_text(const struct qos_deliver *d, struct adapter *a)
{
	a->header_left = a->kind->loose || (a->kind->fresh && !a->kind->fresh(a->state)) ? 0 : d->header.n;
}

static void come_up(struct qos_deliver *d, struct adapter *a)
{
	enter(d, a, UP);
	a->blocked = a->ended = false;
	a->moved_ns = d->now_ns;
	a->stats.n_opens++;
	begin_text(d, a);
}

/* It broke: what it holds goes to others, or waits until it is open again. */
static void go_down(struct qos_deliver *d, struct adapter *a, int error)
{
	int64_t back_off_ns = BACK_OFF_NS;

	if (a->at == UP && d->now_ns - a->since_ns > SETTLED_NS)
		a->n_failures = 0;
	for (int i = 0; i < a->n_failures && back_off_ns < BACK_OFF_MOST; i++)
		back_off_ns *= 2;
	a->n_failures++;
	a->n_last_failures += d->finishing;
	a->retry_ns = d->now_ns + (int64_t)((double)back_off_ns * (0.5 + qos_rng_uniform(&a->rng)));
	a->stats.error = error < 0 ? -error : EPIPE;
	a->kind->close(a->state);
	enter(d, a, DOWN);
	fail_over(d, a);
}

static void try_open(struct qos_deliver *d, struct adapter *a)
{
	int rc = a->kind->open(a->state);

	if (rc < 0)
		go_down(d, a, rc);
	else if (rc > 0)
		enter(d, a, OPENING);
	else
		come_up(d, a);
}

/* Bytes were written: counts what is whole. */
static void account(struct qos_deliver *d, struct adapter *a, size_t n)
{
	const struct qos_piece *p;

	a->moved_ns = d->now_ns;
	a->stats.sent_bytes += n;
	while (n && (p = qos_backlog_sent(&a->backlog, &n))) {
		if (p->rest && !p->own)
			continue;
		a->stats.n_sent++;
		if (!p->moved)
			qos_sketch_add(&a->wait, d->scale, d->now_ns - p->put_ns);
		else if (d->now_ns - p->put_ns > a->stats.moved_wait_max_ns)
			a->stats.moved_wait_max_ns = d->now_ns - p->put_ns;
	}
	if (a->at == STUCK)
		enter(d, a, UP);
}

static ssize_t write_header(struct qos_deliver *d, struct adapter *a)
{
	struct qos_str header = { d->header.p + d->header.n - a->header_left, a->header_left };
	ssize_t n = a->kind->write(a->state, header, NULL);

	if (n > 0)
		a->header_left -= (size_t)n;
	return n;
}

/* One write.   Returns  whether another one makes sense. */
static bool write_some(struct qos_deliver *d, struct adapter *a)
{
	struct qos_adapter_names names = { .header = { d->header.p, d->header.n } };
	bool single = a->kind->single && a->kind->single(a->state), header = a->header_left > 0;
	struct qos_str bytes;
	ssize_t n;

	if (header) {
		bytes.n = a->header_left;
		n = write_header(d, a);
	} else {
		bytes = single ? qos_backlog_next(&a->backlog, &names.stream) : qos_backlog_unsent(&a->backlog);
		if (single)
			names.class = d->config->classes[qos_backlog_at(&a->backlog, a->backlog.n_sent)->class].name;
		n = a->kind->write(a->state, bytes, &names);
	}
	a->blocked = n == -EAGAIN || n == -EWOULDBLOCK || n == -ENOBUFS || (n >= 0 && (size_t)n < bytes.n);
	if (n < 0 && !a->blocked) {
		go_down(d, a, (int)n);
		return false;
	}
	if (n > 0 && !header)
		account(d, a, (size_t)n);
	return !a->blocked;
}

static void send_waiting(struct qos_deliver *d, struct adapter *a)
{
	while ((a->at == UP || a->at == STUCK) && !a->blocked && qos_backlog_unsent_bytes(&a->backlog))
		if (!write_some(d, a))
			break;
	if (a->at == UP || a->at == STUCK)
		release(a);
}

/* It takes nothing: others take what it holds.  What was begun is ended here, should it ever go on. */
static void check_stuck(struct qos_deliver *d, struct adapter *a)
{
	if (a->at != UP || !qos_backlog_unsent_bytes(&a->backlog) || d->now_ns - a->moved_ns < a->config->stuck_ns ||
	    has_own(a) || !other_ready(d, a))
		return;
	a->stats.n_stuck++;
	enter(d, a, STUCK);
	fail_over(d, a);
}

static bool all_sent(const struct qos_deliver *d)
{
	for (int i = 0; i < d->n_adapters; i++)
		if (d->adapter[i].kind && d->adapter[i].at != STUCK && d->adapter[i].at != DONE &&
		    d->adapter[i].backlog.n > d->adapter[i].backlog.n_sent)
			return false;
	return true;
}

static void be_done(struct qos_deliver *d, struct adapter *a)
{
	a->kind->close(a->state);
	enter(d, a, DONE);
}

/* Nothing more will come: is the other end done with what it has? */
static void finish_one(struct qos_deliver *d, struct adapter *a)
{
	int rc;

	if (a->at == DOWN || a->at == OPENING) {
		if (!has_records(a) || a->n_last_failures > FINISH_FAILURES)
			be_done(d, a);
		return;
	}
	if (a->at == STUCK && (!a->backlog.n || d->now_ns - d->finish_ns > LINGER_NS))
		be_done(d, a);
	if (a->at != UP || !all_sent(d))
		return;
	a->ended = true;
	rc = a->kind->finish(a->state);
	if (rc > 0 && a->kind->opened && d->now_ns - a->moved_ns > LINGER_NS && a->kind->unread(a->state) == 0)
		rc = 0;
	if (rc < 0) {
		go_down(d, a, rc);
	} else if (rc == 0) {
		while (a->backlog.n)
			qos_backlog_drop(&a->backlog);
		be_done(d, a);
	}
}

static void go_on(struct qos_deliver *d, struct adapter *a, int events)
{
	int rc = 0;

	if ((a->at == DOWN || a->at == STUCK) && a->backlog.n && other_ready(d, a) && has_records(a) && !has_own(a))
		fail_over(d, a);
	switch (a->at) {
	case DOWN:
		if (d->now_ns >= a->retry_ns && (!d->finishing || has_records(a)))
			try_open(d, a);
		break;
	case OPENING:
		if (events)
			rc = a->kind->opened(a->state);
		else if (d->now_ns - a->since_ns > OPENING_NS)
			rc = -ETIMEDOUT;
		if (rc < 0)
			go_down(d, a, rc);
		else if (events && rc == 0)
			come_up(d, a);
		break;
	case UP:
	case STUCK:
		if (events & POLLOUT)
			a->blocked = false;
		if (!a->ended && events & (POLLERR | POLLHUP | POLLIN))
			rc = a->kind->check ? a->kind->check(a->state) : 0;
		if (rc == 0 && !a->ended && events & POLLERR)
			rc = -EPIPE;
		if (rc < 0)
			go_down(d, a, rc);
		break;
	case DONE: return;
	}
	send_waiting(d, a);
	check_stuck(d, a);
	if (d->finishing)
		finish_one(d, a);
}

/* --- for the loop --- */

static int deliver_fds(void *self, struct pollfd *fd, int most)
{
	struct qos_deliver *d = self;
	int n = 0;

	for (int i = 0; i < d->n_adapters && n < most; i++) {
		struct adapter *a = &d->adapter[i];
		int one = a->kind && a->kind->fd && (a->at == OPENING || a->at == UP || a->at == STUCK)
				  ? a->kind->fd(a->state)
				  : -1;

		if (one < 0)
			continue;
		fd[n].fd = one;
		fd[n].events = (short)((a->kind->opened ? POLLIN : 0) | (a->at == OPENING || a->blocked ? POLLOUT : 0));
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
		go_on(d, &d->adapter[i], events);
		if (d->worked_ns == 0 || d->adapter[i].at == UP)
			d->worked_ns = now_ns;
	}
}

static int64_t due_of(const struct qos_deliver *d, const struct adapter *a)
{
	int64_t soon_ns = d->now_ns + LOOK_NS, stuck_ns = a->moved_ns + a->config->stuck_ns;

	if (a->at == DONE)
		return INT64_MAX;
	if (d->finishing)
		return soon_ns;
	if (a->at == DOWN)
		return a->retry_ns;
	if (a->at == OPENING)
		return a->since_ns + OPENING_NS;
	if (a->at == STUCK || qos_backlog_unsent_bytes(&a->backlog) == 0)
		return INT64_MAX;
	return !a->blocked ? d->now_ns : stuck_ns > soon_ns ? stuck_ns : soon_ns;
}

static int64_t deliver_due(const void *self)
{
	const struct qos_deliver *d = self;
	int64_t due_ns = INT64_MAX;

	for (int i = 0; i < d->n_adapters; i++) {
		const struct adapter *a = &d->adapter[i];
		int64_t ns = a->kind ? due_of(d, a) : INT64_MAX;

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
		const struct adapter *a = &d->adapter[i];
		bool much = a->kind && qos_backlog_unsent_bytes(&a->backlog) >= (size_t)a->config->buffer_bytes;

		if (much && a->at == UP)
			return true;
		over = over || much;
		any = any || (a->kind && a->at == UP);
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
		const struct adapter *a = &d->adapter[i];

		if (a->kind && (d->finishing ? a->at != DONE : a->backlog.n > a->backlog.n_sent))
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
		struct adapter *a = &d->adapter[i];

		if (!a->kind || !a->kind->rotates || a->at != UP)
			continue;
		send_waiting(d, a);
		a->kind->close(a->state);
		try_open(d, a);
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
			if (d->adapter[i].kind && d->adapter[i].at == UP)
				begin_text(d, &d->adapter[i]);
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

static void give(struct qos_deliver *d, struct adapter *a, const struct qos_piece *piece, struct qos_str text,
		 struct qos_str name)
{
	struct adapter *to = a;

	if (!piece->own && !is_ready(d, a) && (to = other_ready(d, a)))
		a->stats.n_failed_over++;
	to = to ? to : a;
	hold(d, to, piece, text, name);
	if (qos_backlog_unsent_bytes(&to->backlog) >= BLOCK_BYTES)
		send_waiting(d, to);
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
	return !d->adapter[i].kind || is_ready(d, &d->adapter[i]);
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

static int make_adapter(struct qos_deliver *d, struct adapter *a, const struct qos_adapter_config *config,
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
		struct adapter *a = &d->adapter[i];

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
	const struct adapter *a = &d->adapter[i];

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
