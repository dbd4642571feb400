/* Policing by class and link: worse of both, what is dropped takes nothing further, counts. */
#include "shape/police.h"

#include "tests/unit/drive.h"

static struct qos_class_config classes[5];
static struct qos_config c;

static void config(const char *link, const char *class)
{
	config_of(&c, classes, 5, (double[5]){ 0.2, 0.2, 0.2, 0.2, 0.2 });
	c.police = qos_str(link);
	classes[1].police = qos_str(class);
}

static bool passes(struct qos_police *p, int class, int64_t bytes, int color)
{
	struct qos_record r = { .class = (int16_t) class, .size_bytes = bytes, .color = (uint8_t)(color + 1) };

	return qos_police_passes(p, &r, 0);
}

static int colored(struct qos_police *p, int class, int64_t bytes, int color)
{
	struct qos_record r = { .class = (int16_t) class, .size_bytes = bytes, .color = (uint8_t)(color + 1) };

	CHECK(qos_police_passes(p, &r, 0));
	return r.color - 1;
}

static void worse_of_both(void)
{
	struct qos_police p;
	struct qos_err err;

	config("srtcm,cir=1mbit,cbs=1000,ebs=1000", "gcra,rate=1mbit,burst=1500");
	CHECK_INT(qos_police_init(&p, &c, &err), 0);
	CHECK(p.on && !p.aware);
	CHECK_INT(colored(&p, 1, 1000, -1), QOS_GREEN);
	CHECK_INT(colored(&p, 1, 1000, -1), QOS_RED); /* the link says yellow */
	CHECK_INT(colored(&p, 1, 500, -1), QOS_RED);  /* the class green */
	CHECK_INT(colored(&p, 0, 500, -1), QOS_RED);  /* no meter of its own */
	CHECK_INT(p.class[1].n[QOS_GREEN], 2);
	CHECK_INT(p.class[1].bytes[QOS_RED], 1000);
	CHECK_INT(p.link.n[QOS_YELLOW], 1);
	CHECK_INT(p.link.bytes[QOS_RED], 1000);
	qos_police_free(&p);
}

/* What the class drops takes nothing from the link. */
static void dropped(void)
{
	struct qos_police p;
	struct qos_err err;

	config("gcra,rate=1mbit,burst=2000", "gcra,rate=1mbit,burst=1000,drop");
	CHECK_INT(qos_police_init(&p, &c, &err), 0);
	CHECK(passes(&p, 1, 1000, -1));
	CHECK(!passes(&p, 1, 1000, -1));
	CHECK_INT(colored(&p, 2, 1000, -1), QOS_GREEN);
	CHECK_INT(colored(&p, 2, 1000, -1), QOS_RED); /* the link's meter does not drop */
	CHECK_INT(p.link.n[QOS_GREEN], 2);
	qos_police_free(&p);
}

/* An aware link looks at what the class's meter has made of it. */
static void aware(void)
{
	struct qos_police p;
	struct qos_err err;

	config("srtcm,cir=1mbit,cbs=1000,ebs=1000,aware", "gcra,rate=1mbit,burst=1000");
	CHECK_INT(qos_police_init(&p, &c, &err), 0);
	CHECK(p.aware);
	CHECK_INT(colored(&p, 1, 1001, QOS_GREEN), QOS_RED);
	CHECK_INT(colored(&p, 0, 1000, QOS_YELLOW), QOS_YELLOW);
	CHECK_INT(colored(&p, 0, 1000, -1), QOS_GREEN);
	qos_police_free(&p);
}

static void refused(void)
{
	struct qos_police p;
	struct qos_err err;

	config("", "gcra,rate=1mbit");
	CHECK_INT(qos_police_init(&p, &c, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "class system: police: gcra wants either rate and burst"));
	config("nonsense", "");
	CHECK_INT(qos_police_init(&p, &c, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "police: there is no meter \"nonsense\"; --police help lists them");
	config("", "");
	CHECK_INT(qos_police_init(&p, &c, &err), 0);
	CHECK(!p.on);
}

int main(void)
{
	RUN("a record has the worse of its class's and the link's colour", worse_of_both);
	RUN("what the class drops the link does not see", dropped);
	RUN("an aware meter of the link looks at the class's colour", aware);
	RUN("a bad meter is refused with where it was given", refused);
	return DONE();
}
