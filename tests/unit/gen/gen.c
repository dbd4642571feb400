/* The generator as a source: order, determinism, independence of the classes, rates, and what it refuses. */
#include "gen/gen.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/test.h"
#include "unit/unit.h"

#define S 1000000000LL

static struct qos_gen_options defaults(void)
{
	return (struct qos_gen_options){
		.count = 1000, .rate = { .num = 1, .den = 1000000 }, .n_streams = 100, .start_ns = 1000 * S, .seed = 1
	};
}

static struct qos_gen *make(const struct qos_gen_options *o)
{
	struct qos_err err = { 0 };
	struct qos_gen *g;

	if (qos_gen_new(&g, o, &err))
		printf("# %s\n", err.text);
	CHECK(g != NULL);
	return g;
}

static struct qos_gen_class class_of(const char *text)
{
	struct qos_gen_class c;
	char why[200];

	CHECK(qos_gen_class_parse(qos_str(text), &c, why) == 0);
	return c;
}

/* All lines of a trace, in memory of the caller's to free. */
static char *text_of(const struct qos_gen_options *o)
{
	struct qos_gen *g = make(o);
	struct qos_source s = qos_gen_source(g);
	struct qos_record *r;
	char *text = calloc(1, (size_t)o->count * 512 + 1), *p = text;

	while ((r = s.take(s.self))) {
		memcpy(p, r->bytes, r->n_bytes);
		p += r->n_bytes;
		*p++ = '\n';
	}
	qos_gen_free(g);
	return text;
}

static void is_sorted(void)
{
	struct qos_gen_options o = defaults();
	struct qos_gen *g = make(&o);
	struct qos_source s = qos_gen_source(g);
	struct qos_record *r;
	int64_t before = o.start_ns;
	int n = 0, wrong = 0;

	for (; (r = s.peek(s.self)); n++) {
		wrong += r != s.peek(s.self) || r != s.take(s.self); /* looking changes nothing */
		wrong += r->ts_ns < before || r->arrival_ns != r->ts_ns || r->node.seq != (uint64_t)n + 1 ||
			 r->size_bytes < 1;
		wrong += r->class < 0 || r->class >= 5 || r->service_ns != QOS_UNSET;
		before = r->ts_ns;
	}
	CHECK_INT(n, 1000);
	CHECK_INT(wrong, 0);
	CHECK(!s.take(s.self) && !s.peek(s.self));
	qos_gen_free(g);
}

static void repeats(void)
{
	struct qos_gen_options o = defaults();
	char *one, *two, *other;

	o.payload = o.labels = o.json = true;
	one = text_of(&o);
	two = text_of(&o);
	o.seed = 2;
	other = text_of(&o);
	CHECK(strcmp(one, two) == 0);
	CHECK(strcmp(one, other) != 0);
	free(one);
	free(two);
	free(other);
}

/* What records of a class say, without their numbers: the sums of moments and sizes of its first n. */
static void sums(const struct qos_gen_options *o, int class, int n, int64_t *moments, int64_t *sizes)
{
	struct qos_gen *g = make(o);
	struct qos_source s = qos_gen_source(g);
	struct qos_record *r;

	*moments = *sizes = 0;
	while (n && (r = s.take(s.self)))
		if (r->class == class) {
			*moments += r->ts_ns - o->start_ns;
			*sizes += r->size_bytes;
			n--;
		}
	CHECK_INT(n, 0);
	qos_gen_free(g);
}

static void classes_are_independent(void)
{
	struct qos_gen_class two[2] = { class_of("other:rate=900/s"), class_of("mine:rate=300/s,size=exp:500") };
	struct qos_gen_options o = defaults();
	int64_t moments, sizes, moments2, sizes2;

	o.count = 100000;
	o.classes = &two[1];
	o.n_classes = 1;
	sums(&o, 0, 1000, &moments, &sizes);
	o.classes = two;
	o.n_classes = 2;
	sums(&o, 1, 1000, &moments2, &sizes2);
	CHECK(moments == moments2 && sizes == sizes2);
	o.payload = true; /* nor do payloads or streams change it */
	o.n_streams = 5;
	o.zipf = 1.5;
	sums(&o, 1, 1000, &moments2, &sizes2);
	CHECK(moments == moments2 && sizes == sizes2);
	o.seed = 3;
	sums(&o, 1, 1000, &moments2, &sizes2);
	CHECK(moments != moments2 && sizes != sizes2);
}

static void counted(const struct qos_gen_options *o, uint64_t *records, uint64_t *bytes)
{
	struct qos_gen *g = make(o);
	struct qos_source s = qos_gen_source(g);
	struct qos_gen_counts c;

	while (s.take(s.self))
		;
	for (int i = 0; qos_gen_counted(g, i, &c); i++) {
		records[i] = c.n_records;
		bytes[i] = c.bytes;
	}
	qos_gen_free(g);
}

static void keeps_rates(void)
{
	static const double shares[] = { 0.30, 0.25, 0.25, 0.15, 0.05 };
	struct qos_gen_options o = defaults();
	uint64_t n[64], bytes[64];

	o.count = 0;
	o.duration_ns = 200 * S;
	counted(&o, n, bytes);
	for (int i = 0; i < 5; i++)
		CHECK(fabs((double)n[i] - shares[i] * 200000) < 5 * sqrt(shares[i] * 200000));
	o.rate = (struct qos_gen_rate){ .bps = 8000000 }; /* 1 MB/s */
	o.size.n = 0;
	counted(&o, n, bytes);
	for (int i = 0; i < 5; i++)
		CHECK(fabs((double)bytes[i] / (shares[i] * 200e6) - 1) < 0.06);
}

static void make_constant(struct qos_gen_options *o)
{
	char why[160];

	CHECK(qos_arrival_parse(QOS_STR("constant"), &o->arrivals, why) == 0);
}

static void is_exact_when_constant(void)
{
	struct qos_gen_class two[2] = { class_of("a:share=0.25,size=1250"), class_of("b:rate=1mbit,size=1250") };
	struct qos_gen_options o = defaults();
	uint64_t n[64], bytes[64];

	o.count = 0;
	o.duration_ns = 10 * S;
	o.classes = two;
	o.n_classes = 2;
	make_constant(&o);
	counted(&o, n, bytes);
	CHECK_INT(n[0], 2500);
	CHECK_INT(n[1], 1000); /* 10^6 / (8 * 1250) a second, and none at the end */
	o.duration_ns++;
	counted(&o, n, bytes);
	CHECK_INT(n[0], 2501);
	CHECK_INT(n[1], 1001);
}

static void divides_what_is_left(void)
{
	struct qos_gen_class c[4] = { class_of("a:share=60%"), class_of("b"), class_of("c"), class_of("d:rate=1/s") };
	struct qos_gen_options o = defaults();
	uint64_t n[64], bytes[64];

	o.count = 0;
	o.duration_ns = 10 * S;
	o.classes = c;
	o.n_classes = 4;
	make_constant(&o);
	counted(&o, n, bytes);
	CHECK_INT(n[0], 6000);
	CHECK_INT(n[1], 2000);
	CHECK_INT(n[2], 2000);
	CHECK_INT(n[3], 10);
}

static void ends_with_time(void)
{
	struct qos_gen_options o = defaults();
	uint64_t n[64], bytes[64], sum = 0;

	o.start_ns = INT64_MAX - S;
	o.count = 1000000;
	counted(&o, n, bytes);
	for (int i = 0; i < 5; i++)
		sum += n[i];
	CHECK(sum > 800 && sum < 1200);
	o.start_ns = -S; /* before 1970 */
	o.count = 10;
	counted(&o, n, bytes);
}

static int column(const char *fields, bool labels, char *header)
{
	struct qos_gen_options o = defaults();
	struct qos_err err;
	struct qos_gen *g;
	int rc;

	o.fields = fields;
	o.labels = o.with_class = labels;
	rc = qos_gen_new(&g, &o, &err);
	if (rc) {
		CHECK(g == NULL);
		snprintf(header, 512, "%s", err.text);
		return rc;
	}
	snprintf(header, 512, "%.*s", QOS_STR_ARG(qos_gen_header(g)));
	qos_gen_free(g);
	return 0;
}

static void chooses_columns(void)
{
	char header[512];

	CHECK_INT(column(NULL, false, header), 0);
	CHECK_TEXT(header, "ts,id,stream,type,priority,size");
	CHECK_INT(column(NULL, true, header), 0);
	CHECK_TEXT(header, "ts,id,stream,type,priority,size,label,class");
	CHECK_INT(column("size,ts,payload", true, header), 0);
	CHECK_TEXT(header, "size,ts,payload");
	CHECK_INT(column("ts,depart", false, header), QOS_EUSAGE);
	CHECK_INT(column("ts,ts", false, header), QOS_EUSAGE);
	CHECK_TEXT(header, "field ts is listed twice");
	CHECK_INT(column("", false, header), QOS_EUSAGE);
	CHECK_INT(column("ts,,id", false, header), QOS_EUSAGE);
	CHECK_INT(column("service_time", false, header), QOS_EUSAGE);
	CHECK_INT(column("ts,sise", false, header), QOS_EUSAGE);
	CHECK_TEXT(header, "\"sise\" is no field that can be generated; did you mean size?");
}

static void refused(const struct qos_gen_options *o, const char *text)
{
	struct qos_err err = { 0 };
	struct qos_gen *g = NULL;

	CHECK_INT(qos_gen_new(&g, o, &err), QOS_EUSAGE);
	CHECK(g == NULL);
	if (!strstr(err.text, text))
		CHECK_TEXT(err.text, text);
	qos_gen_free(g);
}

static void refuses(void)
{
	struct qos_gen_class c[2] = { class_of("a:share=60%"), class_of("b:share=50%") };
	struct qos_gen_options o = defaults();

	o.classes = c;
	o.n_classes = 2;
	refused(&o, "shares of the classes add up to 110%; lower one of them");
	c[1] = c[0];
	refused(&o, "class a is given twice");
	o = defaults();
	o.count = 0;
	refused(&o, "nothing ends the trace");
	o = defaults();
	o.n_streams = 0;
	refused(&o, "streams");
	o = defaults();
	o.zipf = NAN;
	refused(&o, "Zipf");
	c[0] = class_of("a:arrivals=onoff:1ns,1ns");
	o = defaults();
	o.classes = c;
	o.n_classes = 1;
	refused(&o, "class a: fewer than one message");
}

static void gives_cells(void)
{
	struct qos_gen_class c = class_of("a:type=job,priority=low,service=const:5ms,size=77");
	struct qos_gen_options o = defaults();
	struct qos_gen *g;
	struct qos_source s;
	struct qos_record *r;
	int64_t x;

	o.classes = &c;
	o.n_classes = 1;
	o.json = true;
	g = make(&o);
	s = qos_gen_source(g);
	r = s.take(s.self);
	CHECK_INT(r->service_ns, 5000000);
	CHECK_INT(r->size_bytes, 77);
	CHECK(qos_str_is(qos_cell_raw(r, r->cell[QOS_F_TYPE]), "\"job\"") || r->cell[QOS_F_TYPE].len == 3);
	CHECK(memcmp(r->bytes + r->cell[QOS_F_TYPE].off, "job", 3) == 0);
	CHECK(qos_unit_bytes((struct qos_str){ r->bytes + r->cell[QOS_F_SIZE].off, r->cell[QOS_F_SIZE].len }, &x) ==
		      0 &&
	      x == 77);
	CHECK_INT(r->cell[QOS_F_PAYLOAD].kind, QOS_CELL_ABSENT);
	qos_gen_free(g);
}

int main(void)
{
	RUN("records come in the order of time and number", is_sorted);
	RUN("the same seed gives the same bytes, another one others", repeats);
	RUN("a class is not changed by other classes, payloads or streams", classes_are_independent);
	RUN("messages and load have the rates asked for, class by class", keeps_rates);
	RUN("constant arrivals are counted exactly, up to the end and not at it", is_exact_when_constant);
	RUN("classes without a share divide what is left", divides_what_is_left);
	RUN("a trace ends where time does, and may begin before 1970", ends_with_time);
	RUN("columns are those that were asked for", chooses_columns);
	RUN("what cannot be generated is refused before the first record", refuses);
	RUN("a generated record can be read like any other", gives_cells);
	return DONE();
}
