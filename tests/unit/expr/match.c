/* Many regular expressions at once. */
#include "expr/match.h"

#include <stdlib.h>

#include "base/rng.h"
#include "expr/lex.h"
#include "tests/unit/test.h"

static struct qos_err err;

struct set {
	struct qos_pattern pattern[40];
	char text[40][64];
	int n;
	struct qos_matcher *m;
};

static bool add(struct set *s, const char *text, unsigned flags)
{
	struct qos_pattern *p = &s->pattern[s->n];
	struct qos_pcre *pcre;

	snprintf(s->text[s->n], sizeof(s->text[0]), "%s", text);
	*p = (struct qos_pattern){ .text = qos_str(s->text[s->n]), .flags = flags };
	if (qos_pcre_new(&pcre, p->text, flags, QOS_NOWHERE, &err))
		return false;
	p->pcre = pcre;
	s->n++;
	return true;
}

static void build(struct set *s)
{
	if (qos_matcher_new(&s->m, s->pattern, s->n, &err)) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
}

static void drop(struct set *s)
{
	qos_matcher_free(s->m);
	for (int i = 0; i < s->n; i++)
		qos_pcre_free(s->pattern[i].pcre);
	s->n = 0;
}

/* Does the search agree with PCRE2 on every pattern? */
static int compare(struct set *s, struct qos_str text)
{
	const int *hits;
	int n = qos_matcher_search(s->m, text, &hits), n_hit = 0;
	bool listed[40] = { false };

	for (int i = 0; i < n; i++)
		listed[hits[i]] = true;
	for (int i = 0; i < s->n; i++) {
		bool want = qos_pcre_found(s->pattern[i].pcre, text);

		n_hit += want;
		if (s->pattern[i].hit != want || listed[i] != want)
			printf("# /%s/ %u on \"%.*s\" is %d\n", s->text[i], s->pattern[i].flags, QOS_STR_ARG(text),
			       want);
		CHECK_INT(s->pattern[i].hit, want);
		CHECK_INT(listed[i], want);
	}
	CHECK_INT(n, n_hit);
	return n_hit;
}

static void engines(void)
{
	static struct set s;
	static const char *const texts[] = {
		"",    "panic",  "disk sda is FULL", "abab xyzxyz",  "node up", "a\nb",
		"foo", "foobar", "\xc3\xa4\xc3\xb6", "\xff\xc3\xa4", "b\xc3",   "connection reset by peer",
		"xx\n"
	};
	char longer[2000];

	add(&s, "panic", 0);
	add(&s, "disk .* full", QOS_REGEX_I);
	add(&s, "(xyz)\\1", 0);   /* a back reference: suspected by the database at most */
	add(&s, "foo(?!bar)", 0); /* look-around */
	add(&s, "(?<=ab)ab", 0);
	add(&s, "a b # spaces do not count", QOS_REGEX_X);
	add(&s, "^\xc3\xa4.$", 0);
	add(&s, "[\xc3\xa4\xc3\xbc]", QOS_REGEX_I);
	add(&s, "a.b", QOS_REGEX_S);
	add(&s, "^b$", QOS_REGEX_M);
	add(&s, "", 0);
	add(&s, "x*", 0);
	add(&s, "connection (refused|reset)", 0);
	add(&s, "xx$", 0);
	add(&s, "(?i)NODE", 0);
	build(&s);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		compare(&s, qos_str(texts[i]));
	memset(longer, ' ', sizeof(longer));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		memcpy(longer + 1000, texts[i], strlen(texts[i]));
		compare(&s, (struct qos_str){ longer, sizeof(longer) });
	}
	drop(&s);
}

/* A random pattern of letters, sets, groups, repetitions and anchors. */
static void random_pattern(struct qos_rng *rng, char *p, size_t room, int depth)
{
	static const char *const atoms[] = { "a",   "b",   "c",   "A",   ".", "[ab]", "[^a]",  "[a-c]",
					     "\\w", "\\d", "\\s", "\\b", "^", "$",    "\\x61", "\\." };
	static const char *const times[] = { "", "", "", "", "*", "+", "?", "{2}", "{1,2}", "*?", "??" };
	size_t n = 0;

	for (int i = 1 + (int)qos_rng_below(rng, 5); i > 0 && n + 30 < room; i--) {
		char inner[24];
		uint64_t kind = qos_rng_below(rng, 20);

		if (kind == 0 && depth < 2) {
			random_pattern(rng, inner, sizeof(inner) - 4, depth + 1);
			n += (size_t)snprintf(p + n, room - n, "(%s)%s", inner, times[qos_rng_below(rng, 11)]);
		} else if (kind == 1) {
			n += (size_t)snprintf(p + n, room - n, "|");
		} else {
			const char *atom = atoms[qos_rng_below(rng, kind < 14 ? 4 : 16)];
			bool anchor = strchr("^$", *atom) || strcmp(atom, "\\b") == 0;

			n += (size_t)snprintf(p + n, room - n, "%s%s", atom,
					      anchor ? "" : times[qos_rng_below(rng, 11)]);
		}
	}
	p[n] = 0;
}

static void random_ones(void)
{
	static struct set s;
	struct qos_rng rng;
	char pattern[64], text[700];
	int hits = 0;

	qos_rng_seed(&rng, 11);
	for (int round = 0; round < 120; round++) {
		int n = 1 + (int)qos_rng_below(&rng, 12);

		while (s.n < n) {
			random_pattern(&rng, pattern, sizeof(pattern), 0);
			add(&s, pattern, (unsigned)qos_rng_below(&rng, 8));
		}
		build(&s);
		for (int t = 0; t < 40; t++) {
			size_t len = qos_rng_below(&rng, t == 0 ? sizeof(text) : 30);

			for (size_t k = 0; k < len; k++)
				text[k] = "abcABaab .1\n_-"[qos_rng_below(&rng, 14)];
			hits += compare(&s, (struct qos_str){ text, len });
		}
		drop(&s);
	}
	CHECK(hits > 1000);
}

/* Words as rules have them, in texts that have some of them. */
static void words(void)
{
	static const char *const part[] = { "panic",
					    "timed? ?out",
					    "connection (refused|reset)",
					    "disk .* full",
					    "oom-?kill",
					    "\\b(error|failed|failure)\\b",
					    "retry [0-9]+ of",
					    "node [a-z0-9-]+ (up|down)",
					    "user .* locked" };
	static const char *const said[] = {
		"panic ",  "timeout ", "timed out ", "connection reset ", "disk sda full", "OOM-kill",
		"errors ", " error ",  "failed",     "retry 5 of 6",      "node gw-4 up",  "user x locked",
		"x ",      "-",        "connection "
	};
	static struct set s;
	struct qos_rng rng;
	int hits = 0;

	qos_rng_seed(&rng, 12);
	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
		add(&s, part[i], i & 1 ? QOS_REGEX_I : 0);
	build(&s);
	for (int i = 0; i < 5000; i++) {
		char text[256] = "";

		for (int k = (int)qos_rng_below(&rng, 8); k > 0; k--)
			strcat(text, said[qos_rng_below(&rng, 15)]);
		hits += compare(&s, qos_str(text));
	}
	drop(&s);
	CHECK(hits > 3000);
}

static void none(void)
{
	struct qos_matcher *m;
	const int *hits;

	CHECK_INT(qos_matcher_new(&m, NULL, 0, &err), 0);
	CHECK_INT(qos_matcher_search(m, QOS_STR("x"), &hits), 0);
	qos_matcher_free(m);
}

int main(void)
{
	RUN("each engine finds what PCRE2 finds", engines);
	RUN("random patterns are found where PCRE2 finds them", random_ones);
	RUN("words are found where PCRE2 finds them", words);
	RUN("no pattern, no hit", none);
	return DONE();
}
