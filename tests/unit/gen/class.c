/* Classes as a user writes them. */
#include "gen/class.h"

#include "tests/unit/test.h"

static char why[200];
static struct qos_gen_class c;

static int parse(const char *text)
{
	why[0] = 0;
	return qos_gen_class_parse(qos_str(text), &c, why);
}

static void has_defaults(void)
{
	double shares = 0;

	for (int i = 0; i < QOS_GEN_DEFAULTS; i++) {
		qos_gen_class_default(i, &c);
		shares += c.share;
		CHECK(c.name.n && c.types.n && c.priorities.n && c.size.n == 1 && c.service.n == 0);
		CHECK(qos_size_mean(&c.size) > 100 && qos_size_mean(&c.size) < 20000);
	}
	CHECK(shares > 0.9999 && shares < 1.0001);
	qos_gen_class_default(0, &c);
	CHECK(c.name.n == 8 && memcmp(c.name.text, "critical", 8) == 0);
	CHECK(memcmp(c.types.name[0].text, "health_check", 12) == 0);
}

static void reads_keys(void)
{
	CHECK_INT(parse("bulk"), 0);
	CHECK(c.share < 0 && c.types.n == 1 && !c.own_size && !c.own_arrivals && c.rate.num == 0 && c.rate.bps == 0);
	CHECK_INT(parse("critical"), 0);
	CHECK(c.share < 0 && c.types.n == 2);
	CHECK_INT(parse("bulk:share=30%,size=1500"), 0);
	CHECK(c.share == 0.3 && c.own_size && c.size.part[0].low == 1500);
	CHECK_INT(parse("bulk:rate=8mbit,service=exp:10ms,type=job:2+log,priority=low"), 0);
	CHECK(c.rate.bps == 8000000 && c.service.n == 1 && c.types.n == 2 && c.priorities.n == 1);
	CHECK_INT(parse("bulk:rate=5k/s"), 0);
	CHECK(c.rate.num == 1 && c.rate.den == 200000 && c.rate.bps == 0);
}

static void leaves_commas_to_values(void)
{
	CHECK_INT(parse("bulk:size=60%:200,40%:1500,arrivals=onoff:100ms,900ms,share=0.5"), 0);
	CHECK(c.size.n == 2 && strcmp(c.arrivals.member->name, "onoff") == 0 && c.arrivals.time_ns[1] == 900000000 &&
	      c.share == 0.5);
	CHECK_INT(parse("bulk:arrivals=onoff:100ms,900ms,5k/s"), 0);
	CHECK(c.arrivals.own_num == 1 && c.arrivals.own_den == 200000);
}

static void refuses(void)
{
	static const char *const bad[] = { "",
					   ":",
					   "a b",
					   ":share=1",
					   "x:share",
					   "x:share=",
					   "x:share=2",
					   "x:rate=0",
					   "x:rate=fast",
					   "x:size=",
					   "x:size=5,5",
					   "x:type=",
					   "x:type=a b",
					   "x:colour=red",
					   "x:share=0.5,colour=red",
					   "x:arrivals=often",
					   "x:,share=1",
					   "a_name_of_more_than_32_characters_" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (parse(bad[i]) == 0)
			printf("# %s\n", bad[i]);
		CHECK(parse(bad[i]) == -1 && why[0]);
	}
	parse("x:shear=0.5");
	CHECK_TEXT(why, "\"shear\" is no key of a class; did you mean share?");
	parse("x:rate=fast");
	CHECK_TEXT(why, "\"fast\" is no rate; write for example 5k/s (messages) or 10mbit (load)");
}

int main(void)
{
	RUN("the default mix has five classes whose shares make the whole", has_defaults);
	RUN("a class is a name and keys", reads_keys);
	RUN("a value may have commas", leaves_commas_to_values);
	RUN("what is wrong is refused, with the nearest key", refuses);
	return DONE();
}
