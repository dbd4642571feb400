/*
 * Delivery under random faults: readers of named pipes that are slow, stop, crash with what they have read and not
 * finished, and come back.  At least once: every record is finished by somebody.  At most once: none by two.  And each
 * reader sees whole lines alone, from its start on.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "route/deliver.h"
#include "tests/unit/test.h"

#define MS        1000000LL
#define N         3
#define N_RECORDS 4000
#define WINDOW    200 /* bytes that a reader may have read and not finished */
#define LINE      20  /* bytes of a record with its newline */

static const struct qos_class_config classes[] = { { .name = { "critical", 8 } } };

static uint64_t n_crashes, n_stuck; /* in all runs */

struct reader {
	int fd; /* -1: crashed */
	char held[WINDOW];
	size_t n_held;
	int64_t sleeps_ns; /* until then it does nothing */
};

struct world {
	struct qos_config config;
	struct qos_adapter_config adapter[N];
	char path[N][16], uri[N][24];
	struct reader reader[N];
	struct qos_fields *fields;
	struct qos_deliver *d;
	struct qos_poller p;
	struct qos_sink in;
	struct qos_rng rng;
	int64_t now_ns;
	int n_put;
	uint64_t n_crashes, n_stuck;
	int seen[N_RECORDS];
};

/* A small pipe, so that it is full now and then, and writes are cut. */
static int open_pipe(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK);

	fcntl(fd, F_SETPIPE_SZ, 4096);
	return fd;
}

static void begin(struct world *w, uint64_t seed, bool at_least_once)
{
	struct qos_deliver_options o = { .output = qos_format_find(QOS_STR("jsonl")),
					 .input = qos_format_find(QOS_STR("jsonl")),
					 .seed = seed };
	struct qos_err err = { 0 };

	memset(w, 0, sizeof(*w));
	w->config = (struct qos_config){
		.classes = (struct qos_class_config *)classes, .n_classes = 1, .adapters = w->adapter, .n_adapters = N
	};
	qos_rng_seed(&w->rng, seed);
	for (int i = 0; i < N; i++) {
		snprintf(w->path[i], sizeof(w->path[i]), "f%d", i);
		snprintf(w->uri[i], sizeof(w->uri[i]), "fifo:f%d", i);
		CHECK_INT(mkfifo(w->path[i], 0600), 0);
		w->reader[i].fd = open_pipe(w->path[i]);
		w->adapter[i] = (struct qos_adapter_config){ .name = QOS_STR("a"),
							     .uri = qos_str(w->uri[i]),
							     .at_least_once = at_least_once,
							     .buffer_bytes = 8000,
							     .window_bytes = WINDOW,
							     .stuck_ns = 100 * MS };
	}
	CHECK_INT(qos_fields_new(&w->fields, &err), 0);
	o.fields = w->fields;
	qos_fields_keep(w->fields, QOS_F_ID);
	CHECK_INT(qos_deliver_new(&w->d, &w->config, &o, &err), 0);
	w->p = qos_deliver_poller(w->d);
	w->in = qos_deliver_sink(w->d);
	w->p.handle(w->p.self, NULL, 0, 1);
}

static void end(struct world *w)
{
	qos_deliver_free(w->d);
	qos_fields_free(w->fields);
	for (int i = 0; i < N; i++) {
		if (w->reader[i].fd >= 0)
			close(w->reader[i].fd);
		unlink(w->path[i]);
	}
}

static void put(struct world *w)
{
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	char text[24];
	struct qos_record r = { .bytes = text,
				.n_bytes = (uint32_t)snprintf(text, sizeof(text), "{\"id\":\"%010d\"}", w->n_put++),
				.eol_bytes = 1,
				.cell = cell,
				.adapter = (int16_t)qos_rng_below(&w->rng, N) };

	cell[QOS_F_ID] = (struct qos_cell){ .off = 7, .len = 10, .kind = QOS_CELL_QUOTED };
	w->in.put(w->in.self, &r);
}

static void pass(struct world *w, int64_t ns)
{
	struct pollfd p[N];
	int n = w->p.fds(w->p.self, p, N);

	poll(p, (nfds_t)n, 0);
	w->now_ns += ns;
	w->p.handle(w->p.self, p, n, w->now_ns);
}

/* Reads some, as far as it may hold it, and finishes some whole lines of that. */
static void work(struct world *w, struct reader *r, bool all)
{
	size_t room = WINDOW - r->n_held, most = all ? room : qos_rng_below(&w->rng, room + 1), lines;
	ssize_t n = most ? read(r->fd, r->held + r->n_held, most) : 0;
	int id, used;

	r->n_held += n > 0 ? (size_t)n : 0;
	lines = r->n_held / LINE;
	lines = all ? lines : qos_rng_below(&w->rng, lines + 1);
	for (size_t i = 0; i < lines; i++) {
		CHECK(sscanf(r->held + i * LINE, "{\"id\":\"%10d\"}%n", &id, &used) == 1 && used == LINE - 1 &&
		      r->held[i * LINE + LINE - 1] == '\n');
		if (id >= 0 && id < N_RECORDS)
			w->seen[id]++;
	}
	memmove(r->held, r->held + lines * LINE, r->n_held - lines * LINE);
	r->n_held -= lines * LINE;
}

/* It is gone with what it held; the writer sees that before it comes back. */
static void crash(struct world *w, struct reader *r)
{
	close(r->fd);
	r->fd = -1;
	r->n_held = 0;
	r->sleeps_ns = w->now_ns + (int64_t)qos_rng_below(&w->rng, 300) * MS;
	w->n_crashes++;
	pass(w, 0);
}

static void step(struct world *w, int i)
{
	struct reader *r = &w->reader[i];

	if (w->now_ns < r->sleeps_ns)
		return;
	if (r->fd < 0)
		r->fd = open_pipe(w->path[i]);
	work(w, r, false);
	if (qos_rng_below(&w->rng, 300) == 0)
		crash(w, r);
	else if (qos_rng_below(&w->rng, 300) == 0)
		r->sleeps_ns = w->now_ns + (int64_t)qos_rng_below(&w->rng, 400) * MS;
}

/* Everybody works on until all is done. */
static void finish(struct world *w)
{
	for (int i = 0; i < N; i++)
		if (w->reader[i].fd < 0)
			w->reader[i].fd = open_pipe(w->path[i]);
	w->p.finish(w->p.self);
	for (int turn = 0; turn < 20000 && w->p.busy(w->p.self); turn++) {
		for (int i = 0; i < N; i++)
			work(w, &w->reader[i], true);
		pass(w, MS);
	}
	CHECK(!w->p.busy(w->p.self));
	for (int i = 0; i < N; i++)
		for (int turn = 0; turn < 100; turn++)
			work(w, &w->reader[i], true);
}

static void run(uint64_t seed, bool at_least_once)
{
	static struct world w;
	int missing = 0, twice = 0;
	uint64_t n_left = 0, n_lost = 0;

	begin(&w, seed, at_least_once);
	while (w.n_put < N_RECORDS) {
		for (int k = (int)qos_rng_below(&w.rng, 20); k > 0 && w.n_put < N_RECORDS && !w.p.full(w.p.self); k--)
			put(&w);
		for (int i = 0; i < N; i++)
			step(&w, i);
		pass(&w, (int64_t)qos_rng_below(&w.rng, 5) * MS);
	}
	finish(&w);
	for (int i = 0; i < N_RECORDS; i++) {
		missing += w.seen[i] == 0;
		twice += w.seen[i] > 1;
	}
	for (int i = 0; i < N; i++) {
		struct qos_deliver_stats s;

		qos_deliver_stats(w.d, i, &s);
		n_left += s.n_left;
		n_lost += s.n_lost;
		w.n_stuck += s.n_stuck;
	}
	CHECK_INT(n_left, 0);
	n_crashes += w.n_crashes;
	n_stuck += w.n_stuck;
	if (at_least_once) {
		CHECK_INT(missing, 0);
		CHECK_INT(n_lost, 0);
	} else {
		CHECK_INT(twice, 0);
	}
	end(&w);
	if (test_failures)
		printf("# seed %llu\n", (unsigned long long)seed);
}

static void at_least_once(void)
{
	for (uint64_t seed = 1; seed <= 60 && !test_failures; seed++)
		run(seed, true);
}

static void at_most_once(void)
{
	for (uint64_t seed = 1; seed <= 60 && !test_failures; seed++)
		run(seed, false);
}

int main(void)
{
	char folder[] = "/tmp/qos-faults-XXXXXX";

	signal(SIGPIPE, SIG_IGN);
	CHECK(mkdtemp(folder) && chdir(folder) == 0);
	RUN("at least once: nothing is missing, whoever crashes or stops", at_least_once);
	RUN("at most once: nothing is finished twice", at_most_once);
	CHECK(n_crashes > 100 && n_stuck > 10);
	if (chdir("/") == 0)
		rmdir(folder);
	return DONE();
}
