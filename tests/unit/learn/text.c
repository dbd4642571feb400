/* Features of texts. */
#include "learn/text.h"

#include "tests/unit/test.h"

static struct qos_bag bag, other;

static void fill(struct qos_bag *b, const char *text)
{
	qos_bag_clear(b, strlen(text));
	qos_bag_text(b, qos_str(text));
}

/* Features that both have. */
static int common(void)
{
	int n = 0;

	for (int i = 0; i < bag.n; i++)
		for (int k = 0; k < other.n; k++)
			n += bag.x[i].slot == other.x[k].slot;
	return n;
}

static void counts(void)
{
	fill(&bag, "");
	CHECK_INT(bag.n, 0);
	fill(&bag, "a");
	CHECK_INT(bag.n, 2); /* the word, and that it is the first */
	fill(&bag, "ab!");
	CHECK_INT(bag.n, 5); /* the word, the first, "<ab", "ab>", the mark */
	fill(&bag, "a a a");
	CHECK_INT(bag.n, 3); /* the word three times, first, after itself */
	CHECK(bag.x[0].value == 3 && bag.x[2].value == 2);
}

static void likeness(void)
{
	fill(&bag, "Timeout");
	fill(&other, "timeout");
	CHECK(bag.n == other.n && common() == bag.n); /* capitals do not count */
	fill(&other, "timeouts");
	CHECK(common() > bag.n / 2 && common() < bag.n); /* relatives share pieces */
	fill(&other, "zzz");
	CHECK_INT(common(), 0);
	fill(&bag, "disk full");
	fill(&other, "full disk");
	CHECK_INT(bag.n - common(), 2); /* the order shows in the pairs alone */
}

static void bounds(void)
{
	static char text[200000];
	uint32_t k = 1;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)((k = k * 1664525 + 1013904223) >> 29 ? 'a' + (k >> 10) % 26 : ' ');
	text[sizeof(text) - 1] = 0;
	fill(&bag, text);
	CHECK_INT(bag.n, QOS_FEATURES_MOST);
	memset(text, 'x', sizeof(text) - 1);
	fill(&bag, text);
	CHECK(bag.n < 100); /* one long word is one word */
	bag.round = UINT32_MAX;
	fill(&bag, "a b");
	CHECK_INT(bag.n, 4);
}

int main(void)
{
	struct qos_err err;

	CHECK(!qos_bag_new(&bag, &err) && !qos_bag_new(&other, &err));
	RUN("words, pairs, pieces and marks are counted", counts);
	RUN("like texts have like features", likeness);
	RUN("long texts stay within bounds", bounds);
	qos_bag_free(&bag);
	qos_bag_free(&other);
	return DONE();
}
