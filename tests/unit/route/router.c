/* The router in virtual time: exact departures, limits, adapters, order. */
#include "route/router.h"

#include "tests/unit/drive.h"

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct departures d;

static struct qos_router *open_router(struct qos_config *c, const char *discipline, struct qos_rate rate, bool keep,
				      struct qos_fields **fields)
{
	struct qos_router_options o = { .capacity = rate, .keep_drops = keep };
	struct qos_router *router = NULL;
	struct qos_err err = { 0 };

	c->discipline = qos_str(discipline);
	CHECK(qos_fields_new(fields, &err) == 0);
	CHECK_INT(qos_router_new(&router, c, &o, *fields, &err), 0);
	return router;
}

static void close_router(struct qos_router *r, struct qos_fields *f)
{
	qos_router_free(r);
	qos_fields_free(f);
}

/* Lindley: A = 0 1 2 3 10 11, S = 2 3 1 4 2 1 -> W = 0 1 3 3 0 1. */
static void lindley(void)
{
	static const int64_t a[] = { 0, 1, 2, 3, 10, 11 }, s[] = { 2, 3, 1, 4, 2, 1 }, w[] = { 0, 1, 3, 3, 0, 1 };
	struct qos_class_config classes[5];
	struct qos_config c;
	struct arrival in[6];
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	for (int i = 0; i < 6; i++)
		in[i] = (struct arrival){ a[i], i % 5, 100, s[i], "x" };
	r = open_router(&c, "fifo", (struct qos_rate){ .bps = 1000 }, false, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 6, &d);
	CHECK_INT(d.n, 6);
	for (int i = 0; i < 6; i++) {
		CHECK_INT(d.at[i].seq, i);
		CHECK_INT(d.at[i].depart_ns, a[i] + w[i] + s[i]);
	}
	close_router(r, f);
}

/* Records of one moment compete: the urgent one goes first though it came last. */
static void same_moment(void)
{
	struct arrival in[] = { { 5, 4, 100, 10, "a" }, { 5, 2, 100, 10, "b" }, { 5, 0, 100, 10, "c" } };
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	r = open_router(&c, "strict", (struct qos_rate){ .bps = 1000 }, false, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 3, &d);
	CHECK_INT(d.at[0].class, 0);
	CHECK_INT(d.at[1].class, 2);
	CHECK_INT(d.at[2].depart_ns, 35);
	close_router(r, f);
}

static void no_capacity(void)
{
	struct arrival in[] = { { 5, 4, 100, 10, "a" }, { 7, -1, 100, QOS_UNSET, "b" } };
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	r = open_router(&c, "qos", (struct qos_rate){ 0 }, false, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 2, &d);
	CHECK_INT(d.at[0].depart_ns, 5);
	CHECK_INT(d.at[1].depart_ns, 7);
	CHECK_INT(d.at[1].class, 4);
	CHECK_INT(qos_router_ledger(r)->n_unclassified, 1);
	close_router(r, f);
}

/* One in service, two queued, the rest refused; with keep_drops they come out with the reason. */
static void tail_drop(void)
{
	struct arrival in[6];
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;
	int n_dropped = 0;

	config_of(&c, classes, 5, shares);
	c.max_queue_size = 2;
	for (int i = 0; i < 6; i++)
		in[i] = (struct arrival){ i, 1, 100, 1000, "x" };
	r = open_router(&c, "fifo", (struct qos_rate){ .bps = 1000 }, true, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 6, &d);
	CHECK_INT(d.n, 6);
	for (int i = 0; i < 6; i++)
		n_dropped += d.at[i].drop == QOS_DROP_TAIL && d.at[i].depart_ns == QOS_UNSET;
	CHECK_INT(n_dropped, 3);
	CHECK_INT(qos_router_ledger(r)->class[1].dropped[QOS_DROP_TAIL], 3);
	CHECK_INT(qos_router_ledger(r)->class[1].n_out, 3);
	close_router(r, f);
}

static void stream_limit(void)
{
	struct arrival in[] = { { 0, 1, 100, 100, "a" },
				{ 1, 1, 100, 100, "b" },
				{ 2, 1, 100, 100, "c" },
				{ 3, 1, 100, 100, "a" },
				{ 500, 1, 100, 100, "c" } };
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	c.max_concurrent_streams = 2;
	r = open_router(&c, "fifo", (struct qos_rate){ .bps = 1000 }, true, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 5, &d);
	CHECK_INT(qos_router_ledger(r)->class[1].dropped[QOS_DROP_STREAMS], 1);
	CHECK_INT(d.at[0].seq, 2); /* the third stream, at once */
	CHECK_INT(d.n, 5);
	close_router(r, f);
}

/* Two servers and a latency: servers are free at the end of service, records leave later; with a gate of 1 record in 5
 * ns. */
static void adapters(void)
{
	struct qos_adapter_config a[] = { { .name = QOS_STR("one"),
					    .uri = QOS_STR("sim:"),
					    .rate_bps = QOS_DEFAULT,
					    .concurrency = 2,
					    .latency = QOS_STR("100ns") } };
	struct arrival in[4];
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	c.adapters = a;
	c.n_adapters = 1;
	for (int i = 0; i < 4; i++)
		in[i] = (struct arrival){ 0, 1, 100, 10, "x" };
	r = open_router(&c, "fifo", (struct qos_rate){ 0 }, false, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 4, &d);
	CHECK_INT(d.at[1].depart_ns, 110);
	CHECK_INT(d.at[2].depart_ns, 120);
	CHECK_INT(d.at[3].depart_ns, 120);
	CHECK_INT(d.at[3].adapter, 0);
	CHECK_INT(qos_router_site(r, 0)->servers.busy_ns, 40);
	close_router(r, f);

	r = open_router(&c, "fifo", (struct qos_rate){ .num = 1, .den = 5 }, false, &f);
	stage = qos_router_stage(r);
	drive(&stage, in, 4, &d);
	CHECK_INT(d.at[0].depart_ns, 110); /* starts 0, 5, 10, 15 */
	CHECK_INT(d.at[1].depart_ns, 115);
	CHECK_INT(d.at[2].depart_ns, 120);
	CHECK_INT(d.at[3].depart_ns, 125);
	close_router(r, f);
}

static void unknown_discipline(void)
{
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_router_options o = { 0 };
	struct qos_router *r;
	struct qos_fields *f;
	struct qos_err err;

	config_of(&c, classes, 5, shares);
	c.discipline = QOS_STR("strikt");
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_router_new(&r, &c, &o, f, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no discipline \"strikt\"; did you mean \"strict\"?");
	CHECK(r == NULL);
	qos_fields_free(f);
}

/* A queue with its limit of records makes the router full, until one is served. */
static void full(void)
{
	struct qos_class_config classes[5];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;
	struct qos_sink out = { departures_put, &d };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record record = { .bytes = "x",
				     .n_bytes = 1,
				     .cell = cell,
				     .class = 1,
				     .size_bytes = 1000,
				     .ts_ns = QOS_UNSET,
				     .deadline_ns = QOS_UNSET,
				     .service_ns = QOS_UNSET };

	config_of(&c, classes, 5, shares);
	c.max_queue_size = 2;
	r = open_router(&c, "fifo", (struct qos_rate){ .bps = 1000 }, false, &f);
	stage = qos_router_stage(r);
	for (int i = 0; i < 2; i++) {
		CHECK(!stage.full(stage.self));
		stage.push(stage.self, &record, 0, &out);
	}
	CHECK(stage.full(stage.self));
	stage.advance(stage.self, 0, &out); /* one goes into service */
	CHECK(!stage.full(stage.self));
	close_router(r, f);
}

static bool asked_ready(const void *self, int adapter)
{
	return ((const bool *)self)[adapter];
}

/* An adapter that is not ready is given nothing; when none is, records wait for no known moment. */
static void not_ready(void)
{
	bool ready[2] = { false, true };
	struct qos_adapter_config adapters[2] = { { .name = QOS_STR("a"), .uri = QOS_STR("null:") },
						  { .name = QOS_STR("b"), .uri = QOS_STR("null:") } };
	struct qos_router_options o = { .ready = asked_ready, .ready_self = ready };
	struct qos_class_config classes[5];
	struct qos_err err = { 0 };
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;
	struct qos_sink out = { departures_put, &d };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record record = { .bytes = "x",
				     .n_bytes = 1,
				     .cell = cell,
				     .size_bytes = 1000,
				     .ts_ns = QOS_UNSET,
				     .deadline_ns = QOS_UNSET,
				     .service_ns = QOS_UNSET };

	config_of(&c, classes, 5, shares);
	for (int i = 0; i < 2; i++) {
		adapters[i].rate_bps = QOS_DEFAULT;
		adapters[i].rate_den = 1;
		adapters[i].concurrency = 1;
	}
	c.adapters = adapters;
	c.n_adapters = 2;
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_router_new(&r, &c, &o, f, &err), 0);
	stage = qos_router_stage(r);
	d.n = 0;
	stage.push(stage.self, &record, 0, &out);
	stage.advance(stage.self, 0, &out);
	CHECK_INT(d.n, 1);
	CHECK_INT(d.at[0].adapter, 1);
	CHECK(!stage.holds(stage.self));
	ready[1] = false;
	stage.push(stage.self, &record, 1, &out);
	CHECK(stage.due(stage.self) == QOS_NEVER);
	CHECK(stage.holds(stage.self));
	ready[0] = true;
	CHECK_INT(stage.due(stage.self), 1);
	stage.advance(stage.self, 5, &out);
	CHECK_INT(d.n, 2);
	CHECK_INT(d.at[1].adapter, 0);
	CHECK_INT(d.at[1].depart_ns, 5);
	close_router(r, f);
}

int main(void)
{
	RUN("fifo departures are Lindley's", lindley);
	RUN("records that arrive at one moment all compete", same_moment);
	RUN("without a capacity nothing waits, and the unclassified get the default class", no_capacity);
	RUN("a full queue refuses, and the refused come out with the reason", tail_drop);
	RUN("one active stream too many is refused", stream_limit);
	RUN("servers, latency and the router's own capacity together", adapters);
	RUN("an unknown discipline is refused with the nearest name", unknown_discipline);
	RUN("a queue with its limit of records makes it full", full);
	RUN("an adapter that is not ready is given nothing", not_ready);
	return DONE();
}
