/*
 * One adapter of a delivery.
 *
 * Only qos_outlet_go_on() moves the machine, so that everything happens at a known moment.  When it breaks or is stuck,
 * what it holds is given to others, oldest first; what was begun at one that is stuck is ended there before all else.
 *
 * Cost   a write of all that waits; a copy of the text when it goes elsewhere.
 */
#include "route/outlet.h"

#include <errno.h>

#define MS              1000000LL
#define BACK_OFF_NS     (10 * MS) /* the first; doubled up to the most */
#define BACK_OFF_MOST   (5000 * MS)
#define SETTLED_NS      (1000 * MS) /* up for so long, the back-off begins anew */
#define OPENING_NS      (5000 * MS) /* a connection that takes longer has failed */
#define LINGER_NS       (1000 * MS) /* at the end: for a peer that does not close, or one that is stuck */
#define LOOK_NS         (2 * MS)    /* how often is asked what no descriptor tells */
#define FINISH_FAILURES 3

static bool releases_at_once(const struct qos_outlet *a)
{
	return !a->config->at_least_once || !a->kind->unread;
}

bool qos_outlet_ready(const struct qos_deliver *d, const struct qos_outlet *a)
{
	return a->at == QOS_OUTLET_UP && !a->ended &&
	       qos_backlog_unsent_bytes(&a->backlog) < (size_t)a->config->buffer_bytes;
}

struct qos_outlet *qos_outlet_other(const struct qos_deliver *d, const struct qos_outlet *not_this)
{
	struct qos_outlet *best = NULL;

	for (int i = 0; i < d->n_adapters; i++) {
		struct qos_outlet *a = &d->adapter[i];

		if (a != not_this && a->kind && qos_outlet_ready(d, a) &&
		    (!best || qos_backlog_unsent_bytes(&a->backlog) < qos_backlog_unsent_bytes(&best->backlog)))
			best = a;
	}
	return best;
}

/* --- what it holds --- */

void qos_outlet_hold(struct qos_deliver *d, struct qos_outlet *a, const struct qos_piece *piece, struct qos_str text,
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
static void keep_rest(struct qos_deliver *d, struct qos_outlet *a, const struct qos_backlog *old)
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
	qos_outlet_hold(d, a, &piece, rest, QOS_STR(""));
}

/* Gives all that it holds to others, as long as one is ready; what stays is written here (again). */
static void fail_over(struct qos_deliver *d, struct qos_outlet *a)
{
	struct qos_backlog old = a->backlog;
	int64_t n_sent = old.n_sent;
	size_t begun_bytes = old.begun_bytes;
	bool broken = a->at == QOS_OUTLET_DOWN;

	a->backlog = (struct qos_backlog){ 0 };
	if (!broken)
		keep_rest(d, a, &old);
	for (; old.n; qos_backlog_drop(&old), n_sent--) {
		struct qos_piece piece = *qos_backlog_at(&old, 0);
		bool begun = n_sent == 0 && begun_bytes;
		bool goes_nowhere = begun && !a->config->at_least_once;
		struct qos_str name, text = qos_backlog_oldest(&old, &name);
		struct qos_outlet *to;

		if (broken && n_sent == 0 && (piece.rest ? piece.own : goes_nowhere))
			a->stats.n_lost++;
		if (piece.rest || goes_nowhere)
			continue;
		to = piece.own ? NULL : qos_outlet_other(d, a);
		a->stats.n_again += n_sent > 0 || begun;
		piece.moved = true;
		a->stats.n_failed_over += to != NULL;
		qos_outlet_hold(d, to ? to : a, &piece, text, name);
	}
	qos_backlog_free(&old);
	a->moved_ns = d->now_ns;
}

static bool has_own(const struct qos_outlet *a)
{
	for (int64_t i = 0; i < a->backlog.n; i++)
		if (qos_backlog_at(&a->backlog, i)->own && !qos_backlog_at(&a->backlog, i)->rest)
			return true;
	return false;
}

/* Something that could go elsewhere? */
static bool has_records(const struct qos_outlet *a)
{
	for (int64_t i = 0; i < a->backlog.n; i++)
		if (!qos_backlog_at(&a->backlog, i)->rest)
			return true;
	return false;
}

/* Forgets what the other end has read, and the window before it. */
static void release(struct qos_outlet *a)
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

static void enter(struct qos_deliver *d, struct qos_outlet *a, enum qos_outlet_state state)
{
	a->at = state;
	a->since_ns = d->now_ns;
}

void qos_outlet_begin(const struct qos_deliver *d, struct qos_outlet *a)
{
	a->header_left = a->kind->loose || (a->kind->fresh && !a->kind->fresh(a->state)) ? 0 : d->header.n;
}

static void come_up(struct qos_deliver *d, struct qos_outlet *a)
{
	enter(d, a, QOS_OUTLET_UP);
	a->blocked = a->ended = false;
	a->moved_ns = d->now_ns;
	a->stats.n_opens++;
	qos_outlet_begin(d, a);
}

/* It broke: what it holds goes to others, or waits until it is open again. */
static void go_down(struct qos_deliver *d, struct qos_outlet *a, int error)
{
	int64_t back_off_ns = BACK_OFF_NS;

	if (a->at == QOS_OUTLET_UP && d->now_ns - a->since_ns > SETTLED_NS)
		a->n_failures = 0;
	for (int i = 0; i < a->n_failures && back_off_ns < BACK_OFF_MOST; i++)
		back_off_ns *= 2;
	a->n_failures++;
	a->n_last_failures += d->finishing;
	a->retry_ns = d->now_ns + (int64_t)((double)back_off_ns * (0.5 + qos_rng_uniform(&a->rng)));
	a->stats.error = error < 0 ? -error : EPIPE;
	a->kind->close(a->state);
	enter(d, a, QOS_OUTLET_DOWN);
	fail_over(d, a);
}

void qos_outlet_open(struct qos_deliver *d, struct qos_outlet *a)
{
	int rc = a->kind->open(a->state);

	if (rc < 0)
		go_down(d, a, rc);
	else if (rc > 0)
		enter(d, a, QOS_OUTLET_OPENING);
	else
		come_up(d, a);
}

/* Bytes were written: counts what is whole. */
static void account(struct qos_deliver *d, struct qos_outlet *a, size_t n)
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
	if (a->at == QOS_OUTLET_STUCK)
		enter(d, a, QOS_OUTLET_UP);
}

static ssize_t write_header(struct qos_deliver *d, struct qos_outlet *a)
{
	struct qos_str header = { d->header.p + d->header.n - a->header_left, a->header_left };
	ssize_t n = a->kind->write(a->state, header, NULL);

	if (n > 0)
		a->header_left -= (size_t)n;
	return n;
}

/* One write.   Returns  whether another one makes sense. */
static bool write_some(struct qos_deliver *d, struct qos_outlet *a)
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

void qos_outlet_send(struct qos_deliver *d, struct qos_outlet *a)
{
	while ((a->at == QOS_OUTLET_UP || a->at == QOS_OUTLET_STUCK) && !a->blocked &&
	       qos_backlog_unsent_bytes(&a->backlog))
		if (!write_some(d, a))
			break;
	if (a->at == QOS_OUTLET_UP || a->at == QOS_OUTLET_STUCK)
		release(a);
}

/* It takes nothing: others take what it holds.  What was begun is ended here, should it ever go on. */
static void check_stuck(struct qos_deliver *d, struct qos_outlet *a)
{
	if (a->at != QOS_OUTLET_UP || !qos_backlog_unsent_bytes(&a->backlog) ||
	    d->now_ns - a->moved_ns < a->config->stuck_ns || has_own(a) || !qos_outlet_other(d, a))
		return;
	a->stats.n_stuck++;
	enter(d, a, QOS_OUTLET_STUCK);
	fail_over(d, a);
}

static bool all_sent(const struct qos_deliver *d)
{
	for (int i = 0; i < d->n_adapters; i++)
		if (d->adapter[i].kind && d->adapter[i].at != QOS_OUTLET_STUCK && d->adapter[i].at != QOS_OUTLET_DONE &&
		    d->adapter[i].backlog.n > d->adapter[i].backlog.n_sent)
			return false;
	return true;
}

static void be_done(struct qos_deliver *d, struct qos_outlet *a)
{
	a->kind->close(a->state);
	enter(d, a, QOS_OUTLET_DONE);
}

/* Nothing more will come: is the other end done with what it has? */
static void finish_one(struct qos_deliver *d, struct qos_outlet *a)
{
	int rc;

	if (a->at == QOS_OUTLET_DOWN || a->at == QOS_OUTLET_OPENING) {
		if (!has_records(a) || a->n_last_failures > FINISH_FAILURES)
			be_done(d, a);
		return;
	}
	if (a->at == QOS_OUTLET_STUCK && (!a->backlog.n || d->now_ns - d->finish_ns > LINGER_NS))
		be_done(d, a);
	if (a->at != QOS_OUTLET_UP || !all_sent(d))
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

void qos_outlet_go_on(struct qos_deliver *d, struct qos_outlet *a, int events)
{
	int rc = 0;

	if ((a->at == QOS_OUTLET_DOWN || a->at == QOS_OUTLET_STUCK) && a->backlog.n && qos_outlet_other(d, a) &&
	    has_records(a) && !has_own(a))
		fail_over(d, a);
	switch (a->at) {
	case QOS_OUTLET_DOWN:
		if (d->now_ns >= a->retry_ns && (!d->finishing || has_records(a)))
			qos_outlet_open(d, a);
		break;
	case QOS_OUTLET_OPENING:
		if (events)
			rc = a->kind->opened(a->state);
		else if (d->now_ns - a->since_ns > OPENING_NS)
			rc = -ETIMEDOUT;
		if (rc < 0)
			go_down(d, a, rc);
		else if (events && rc == 0)
			come_up(d, a);
		break;
	case QOS_OUTLET_UP:
	case QOS_OUTLET_STUCK:
		if (events & POLLOUT)
			a->blocked = false;
		if (!a->ended && events & (POLLERR | POLLHUP | POLLIN))
			rc = a->kind->check ? a->kind->check(a->state) : 0;
		if (rc == 0 && !a->ended && events & POLLERR)
			rc = -EPIPE;
		if (rc < 0)
			go_down(d, a, rc);
		break;
	case QOS_OUTLET_DONE: return;
	}
	qos_outlet_send(d, a);
	check_stuck(d, a);
	if (d->finishing)
		finish_one(d, a);
}

int64_t qos_outlet_due(const struct qos_deliver *d, const struct qos_outlet *a)
{
	int64_t soon_ns = d->now_ns + LOOK_NS, stuck_ns = a->moved_ns + a->config->stuck_ns;

	if (a->at == QOS_OUTLET_DONE)
		return INT64_MAX;
	if (d->finishing)
		return soon_ns;
	if (a->at == QOS_OUTLET_DOWN)
		return a->retry_ns;
	if (a->at == QOS_OUTLET_OPENING)
		return a->since_ns + OPENING_NS;
	if (a->at == QOS_OUTLET_STUCK || qos_backlog_unsent_bytes(&a->backlog) == 0)
		return INT64_MAX;
	return !a->blocked ? d->now_ns : stuck_ns > soon_ns ? stuck_ns : soon_ns;
}
