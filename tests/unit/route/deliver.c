/* Delivery over real descriptors, in a time of our own: order, failover, at least once, stuck, many. */
#include "route/deliver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

#define MS 1000000LL

static const struct qos_class_config classes[] = { { .name = { "critical", 8 } } };

struct world {
	struct qos_config config;
	struct qos_adapter_config adapter[3];
	struct qos_fields *fields;
	struct qos_deliver *d;
	struct qos_poller p;
	struct qos_sink in;
	int pipe[3][2];
	char uri[3][16];
	int64_t now_ns;
	int next; /* record */
};

/* n adapters, each over a pipe of ours. */
static void begin(struct world *w, int n, bool at_least_once)
{
	struct qos_deliver_options o = { .output = qos_format_find(QOS_STR("jsonl")),
					 .input = qos_format_find(QOS_STR("jsonl")),
					 .seed = 1 };
	struct qos_err err = { 0 };

	*w = (struct world){ .config = { .classes = (struct qos_class_config *)classes,
					 .n_classes = 1,
					 .adapters = w->adapter,
					 .n_adapters = n } };
	for (int i = 0; i < n; i++) {
		CHECK_INT(pipe2(w->pipe[i], O_CLOEXEC | O_NONBLOCK), 0);
		sprintf(w->uri[i], "fd:%d", w->pipe[i][1]);
		w->adapter[i] = (struct qos_adapter_config){ .name = QOS_STR("a"),
							     .uri = qos_str(w->uri[i]),
							     .at_least_once = at_least_once,
							     .buffer_bytes = 10000,
							     .window_bytes = 100,
							     .stuck_ns = 100 * MS };
	}
	CHECK_INT(qos_fields_new(&w->fields, &err), 0);
	o.fields = w->fields;
	qos_fields_keep(w->fields, QOS_F_ID);
	CHECK_INT(qos_deliver_new(&w->d, &w->config, &o, &err), 0);
	w->p = qos_deliver_poller(w->d);
	w->in = qos_deliver_sink(w->d);
	w->p.handle(w->p.self, NULL, 0, 0);
}

static void end(struct world *w)
{
	qos_deliver_free(w->d);
	qos_fields_free(w->fields);
	for (int i = 0; i < w->config.n_adapters; i++) {
		if (w->pipe[i][0] >= 0)
			close(w->pipe[i][0]);
		close(w->pipe[i][1]);
	}
}

/* A record of 20 bytes with the newline. */
static void put(struct world *w, int adapter)
{
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	char text[24];
	struct qos_record r = { .bytes = text,
				.n_bytes = (uint32_t)sprintf(text, "{\"id\":\"%010d\"}", w->next++),
				.eol_bytes = 1,
				.cell = cell,
				.adapter = (int16_t)adapter };

	cell[QOS_F_ID] = (struct qos_cell){ .off = 7, .len = 10, .kind = QOS_CELL_QUOTED };
	w->in.put(w->in.self, &r);
}

/* Time passes; what can be written is. */
static void pass(struct world *w, int64_t ns)
{
	struct pollfd p[8];
	int n = w->p.fds(w->p.self, p, 8);

	poll(p, (nfds_t)n, 0);
	w->now_ns += ns;
	w->p.handle(w->p.self, p, n, w->now_ns);
}

/* Reads what is in a pipe and counts records by id.   Returns  the bytes. */
static size_t take(struct world *w, int i, int *seen)
{
	static char text[1 << 20];
	size_t n = 0;
	ssize_t k;
	int id;

	while ((k = read(w->pipe[i][0], text + n, sizeof(text) - n)) > 0)
		n += (size_t)k;
	for (size_t at = 0; seen && at + 20 <= n; at += 20) {
		CHECK_INT(sscanf(text + at, "{\"id\":\"%d", &id), 1);
		seen[id]++;
	}
	return n;
}

static void in_order(void)
{
	struct qos_deliver_stats s;
	struct world w;
	int seen[1000] = { 0 };

	begin(&w, 2, true);
	for (int i = 0; i < 200; i++)
		put(&w, i % 2);
	pass(&w, MS);
	CHECK_INT(take(&w, 0, seen), 2000);
	CHECK_INT(take(&w, 1, seen), 2000);
	for (int i = 0; i < 200; i++)
		CHECK_INT(seen[i], 1);
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(s.n_sent, 100);
	CHECK_INT(s.sent_bytes, 2000);
	CHECK_INT(s.n_left, 100); /* still in the pipe when it was asked, and its window */
	pass(&w, MS);
	put(&w, 0);
	pass(&w, MS);
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(s.n_left, 6); /* one of 20 bytes unread, and 100 before it */
	w.p.finish(w.p.self);
	pass(&w, MS);
	CHECK(w.p.busy(w.p.self));
	take(&w, 0, seen);
	pass(&w, 2 * MS);
	CHECK(!w.p.busy(w.p.self));
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(s.n_left, 0);
	end(&w);
}

/* The reader of one goes away: what it may not have finished is given to the other. */
static void broken(bool at_least_once)
{
	struct qos_deliver_stats s;
	struct world w;
	int seen[1000] = { 0 }, missing = 0;

	begin(&w, 2, at_least_once);
	for (int i = 0; i < 100; i++)
		put(&w, 0);
	pass(&w, MS);
	close(w.pipe[0][0]);
	w.pipe[0][0] = -1;
	pass(&w, MS);
	pass(&w, MS);
	CHECK(!qos_deliver_ready(w.d, 0));
	CHECK(qos_deliver_ready(w.d, 1));
	put(&w, 0); /* goes to the other at once */
	pass(&w, MS);
	take(&w, 1, seen);
	for (int i = 0; i < 101; i++)
		missing += !seen[i];
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(missing, at_least_once ? 0 : 100);
	CHECK_INT(s.n_failed_over, at_least_once ? 101 : 1);
	CHECK_INT(s.n_again, at_least_once ? 100 : 0);
	end(&w);
}

static void broken_at_least_once(void)
{
	broken(true);
}

static void broken_at_most_once(void)
{
	broken(false);
}

/* One does not read: after 100 ms others get what it holds; what was begun there is ended when it goes on. */
static void stuck(bool at_least_once)
{
	struct qos_deliver_stats s;
	struct world w;
	int *seen = calloc(20000, sizeof(int)), missing = 0;

	begin(&w, 2, at_least_once);
	fcntl(w.pipe[0][1], F_SETPIPE_SZ, 4096);
	for (int i = 0; i < 350; i++)
		put(&w, 0);
	pass(&w, MS);
	CHECK_INT(take(&w, 1, seen), 0);
	pass(&w, 99 * MS);
	pass(&w, 2 * MS);
	pass(&w, 2 * MS);
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(s.n_stuck, 1);
	CHECK(!qos_deliver_ready(w.d, 0));
	take(&w, 1, seen);
	CHECK_INT(take(&w, 0, at_least_once ? NULL : seen), 4096); /* 204 records and a part */
	pass(&w, MS);
	CHECK(qos_deliver_ready(w.d, 0));
	CHECK_INT(take(&w, 0, NULL), 4); /* the end of it */
	for (int i = 0; i < 350; i++)
		missing += !seen[i];
	CHECK_INT(missing, at_least_once ? 0 : 1); /* the one read in two parts */
	qos_deliver_stats(w.d, 0, &s);
	CHECK_INT(s.n_failed_over, at_least_once ? 350 : 145);
	CHECK_INT(s.n_again, at_least_once ? 205 : 0);
	CHECK_INT(s.n_lost, 0);
	free(seen);
	end(&w);
}

static void stuck_at_least_once(void)
{
	stuck(true);
}

static void stuck_at_most_once(void)
{
	stuck(false);
}

/* With nobody else to go to, it is full, and says so. */
static void full(void)
{
	struct world w;

	begin(&w, 1, false);
	w.adapter[0].buffer_bytes = 4000;
	fcntl(w.pipe[0][1], F_SETPIPE_SZ, 4096);
	for (int i = 0; i < 300; i++)
		put(&w, 0);
	pass(&w, MS);
	CHECK(!w.p.full(w.p.self));
	for (int i = 0; i < 200; i++)
		put(&w, 0);
	CHECK(w.p.full(w.p.self));
	CHECK(!qos_deliver_ready(w.d, 0));
	pass(&w, 200 * MS);
	CHECK(w.p.full(w.p.self));
	CHECK(w.p.due(w.p.self) > w.now_ns);
	take(&w, 0, NULL);
	pass(&w, MS);
	CHECK(!w.p.full(w.p.self));
	end(&w);
}

static void to_all(void)
{
	struct world w;
	int seen[10] = { 0 };

	begin(&w, 3, true);
	for (int i = 0; i < 10; i++)
		put(&w, QOS_DELIVER_ALL);
	pass(&w, MS);
	for (int i = 0; i < 3; i++)
		CHECK_INT(take(&w, i, seen), 200);
	for (int i = 0; i < 10; i++)
		CHECK_INT(seen[i], 3);
	end(&w);
}

int main(void)
{
	RUN("records arrive in order, and are held until they are read and a window more", in_order);
	RUN("at least once: what a broken one may not have finished is sent again elsewhere", broken_at_least_once);
	RUN("at most once: nothing is sent twice", broken_at_most_once);
	RUN("at least once: what a stuck one holds goes elsewhere, all of it", stuck_at_least_once);
	RUN("at most once: what a stuck one holds goes elsewhere, but what was written", stuck_at_most_once);
	RUN("with nobody else to take it, it is full until there is room", full);
	RUN("a broadcast gives each one a copy", to_all);
	return DONE();
}
