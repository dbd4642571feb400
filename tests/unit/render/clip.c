/* Names cut to columns. */
#include "render/clip.h"

#include "tests/unit/test.h"

static char text[QOS_CLIP_BYTES];

static void cuts(void)
{
	CHECK_INT(qos_clip(text, QOS_STR("critical"), 8, true), 8);
	CHECK_TEXT(text, "critical");
	CHECK_INT(qos_clip(text, QOS_STR("critical"), 7, true), 7);
	CHECK_TEXT(text, "critic\xe2\x80\xa6");
	CHECK_INT(qos_clip(text, QOS_STR("critical"), 7, false), 7);
	CHECK_TEXT(text, "critic~");
	/* a wide character that does not fit leaves its column empty */
	CHECK_INT(qos_clip(text, QOS_STR("\xe6\x97\xa5\xe6\x9c\xac"), 4, true), 4);
	CHECK_INT(qos_clip(text, QOS_STR("\xe6\x97\xa5\xe6\x9c\xac"), 3, true), 3);
	CHECK_TEXT(text, "\xe6\x97\xa5\xe2\x80\xa6");
}

static void hostile(void)
{
	char name[1000];

	CHECK_INT(qos_clip(text, QOS_STR("a\033[2J\xff\nb"), 60, true), 8);
	CHECK_TEXT(text, "a?[2J??b");
	memset(name, 'x', sizeof(name));
	qos_clip(text, (struct qos_str){ name, sizeof(name) }, 5000, true);
	CHECK(strlen(text) < QOS_CLIP_BYTES);
}

int main(void)
{
	RUN("a name is cut where it must be, and shows it", cuts);
	RUN("control characters and what is not UTF-8 show as question marks", hostile);
	return DONE();
}
