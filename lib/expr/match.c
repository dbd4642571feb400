/*
 * Which of these regular expressions are found in this text?
 *
 * Three engines, each for what it does best.  All patterns that it can express are in one Vectorscan database, which
 * finds them in one pass; what it can only suspect (look-around, back references) or not take at all, PCRE2 decides.  A
 * database pass costs some 200 ns however short the text, though, and most log lines match nothing; so in a short text
 * the literals that matches must contain are looked for first (filter.c).  None there: done.  One or two: PCRE2 tries
 * these alone, unless the literal is all that the pattern asks for.
 *
 * Cost   short texts 10 to 30 ns, and some 50 ns for each pattern whose literal is there; long ones about 1 ns a byte.
 */
#include "expr/match.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "expr/filter.h"
#include "expr/lex.h"
#include "expr/literal.h"

#define SHORT_BYTES   512 /* up to here looking for literals is the cheaper way to begin */
#define SUSPECTS_MOST 3   /* more of them are cheaper together, in the database */

enum engine { DATABASE, SUSPECTED_BY_DATABASE, PCRE };

struct how {
	enum engine engine;
	bool utf;
	bool filtered; /* it has literals, which are in the filter */
	bool decided;  /* and one of them there is a match */
};

struct qos_matcher {
	struct qos_pattern *pattern; /* [n] */
	struct how *how;             /* [n] */
	int n;
	int *hits; /* [n_hits] of [n] */
	int n_hits;
	struct qos_filter *filter; /* NULL: no pattern has literals */
	int *suspects;             /* [n] */
	int *unfiltered;           /* [n_unfiltered]: patterns without literals */
	int n_unfiltered;
	bool any_utf, any_by_pcre;
	hs_database_t *database; /* NULL: no pattern is in it */
	hs_scratch_t *scratch;
};

/* --- building --- */

static unsigned hs_flags(const struct qos_pattern *p, const struct how *how)
{
	return (p->flags & QOS_REGEX_I ? HS_FLAG_CASELESS : 0) | (p->flags & QOS_REGEX_S ? HS_FLAG_DOTALL : 0) |
	       (p->flags & QOS_REGEX_M ? HS_FLAG_MULTILINE : 0) | (how->utf ? HS_FLAG_UTF8 : 0) | HS_FLAG_SINGLEMATCH |
	       (how->engine == SUSPECTED_BY_DATABASE ? HS_FLAG_PREFILTER : 0);
}

/*
 * Would the database take this pattern?
 *
 * Not one that may match nothing at all (x*): with such a pattern in it, Vectorscan 5.4.9 loses matches of others that
 * end where the text ends.
 */
static bool takes(const char *text, unsigned flags)
{
	hs_compile_error_t *e = NULL;
	hs_expr_info_t *info = NULL;
	bool ok = hs_expression_info(text, flags, &info, &e) == HS_SUCCESS && info->min_width > 0;

	free(info);
	hs_free_compile_error(e);
	return ok;
}

static void choose_engine(const struct qos_pattern *p, struct how *how, const char *text)
{
	how->utf = qos_pcre_is_utf(p->text);
	how->engine = PCRE;
	if (p->flags & QOS_REGEX_X || memchr(text, 0, p->text.n))
		return; /* it has no x, and takes patterns that end with a zero byte */
	how->engine = DATABASE;
	if (takes(text, hs_flags(p, how)))
		return;
	how->engine = SUSPECTED_BY_DATABASE;
	if (!takes(text, hs_flags(p, how)))
		how->engine = PCRE;
}

struct compilation {
	const char **text; /* [n] of the matcher's patterns, ended by zero */
	const char **chosen;
	unsigned *flags, *ids;
};

/* Compiles the database.   Returns  the number of a pattern that it does not take after all, -1: done, -2: too much. */
static int try_database(struct qos_matcher *m, const struct compilation *c)
{
	hs_compile_error_t *e = NULL;
	unsigned n = 0;
	int bad = -1;

	for (int i = 0; i < m->n; i++) {
		if (m->how[i].engine == PCRE)
			continue;
		c->chosen[n] = c->text[i];
		c->flags[n] = hs_flags(&m->pattern[i], &m->how[i]);
		c->ids[n++] = (unsigned)i;
	}
	if (n && hs_compile_multi(c->chosen, c->flags, c->ids, n, HS_MODE_BLOCK, NULL, &m->database, &e) != HS_SUCCESS)
		bad = e && e->expression >= 0 && e->expression < (int)n ? (int)c->ids[e->expression] : -2;
	hs_free_compile_error(e);
	return bad;
}

/* A pattern that turns out to be too large for the database goes to PCRE2; so do all if they are too large together. */
static int build_database(struct qos_matcher *m, const struct compilation *c, struct qos_err *err)
{
	int bad;

	while ((bad = try_database(m, c)) != -1)
		for (int i = 0; i < m->n; i++)
			if (i == bad || bad == -2)
				m->how[i].engine =
					m->how[i].engine == DATABASE && bad != -2 ? SUSPECTED_BY_DATABASE : PCRE;
	for (int i = 0; i < m->n; i++)
		m->any_by_pcre |= m->how[i].engine != DATABASE;
	if (m->database && hs_alloc_scratch(m->database, &m->scratch) != HS_SUCCESS)
		return qos_fail_memory(err, "regular expressions");
	return 0;
}

/* Are the pattern's literals good to look for? */
static bool is_filterable(const struct qos_literals *l)
{
	for (int i = 0; i < l->n; i++)
		if (l->text[i].n < QOS_FILTER_SHORTEST)
			return false;
	return l->n > 0;
}

static int build_filter(struct qos_matcher *m, struct qos_arena *arena, struct qos_err *err)
{
	struct qos_filter_literal *all = NULL, *grown;
	struct qos_literals l;
	int n = 0, rc;

	for (int i = 0; i < m->n; i++) {
		bool folded = m->pattern[i].flags & QOS_REGEX_I;

		qos_literals_of(&l, m->pattern[i].text, m->pattern[i].flags, arena);
		if (!is_filterable(&l)) {
			m->unfiltered[m->n_unfiltered++] = i;
			continue;
		}
		m->how[i].filtered = true;
		m->how[i].decided = l.decide;
		grown = realloc(all, (size_t)(n + l.n) * sizeof(*all));
		if (!grown) {
			free(all);
			return qos_fail_memory(err, "regular expressions");
		}
		all = grown;
		for (int k = 0; k < l.n; k++)
			all[n++] = (struct qos_filter_literal){ l.text[k], folded, i };
	}
	rc = n ? qos_filter_new(&m->filter, all, n, m->n, err) : 0;
	free(all);
	return rc;
}

static int build(struct qos_matcher *m, struct qos_err *err)
{
	struct qos_arena arena = { 0 };
	size_t n = (size_t)m->n + 1;
	struct compilation c = { qos_arena_get(&arena, n * sizeof(char *)), qos_arena_get(&arena, n * sizeof(char *)),
				 qos_arena_get(&arena, n * sizeof(unsigned)),
				 qos_arena_get(&arena, n * sizeof(unsigned)) };
	int rc = c.text && c.chosen && c.flags && c.ids ? 0 : qos_fail_memory(err, "regular expressions");

	for (int i = 0; !rc && i < m->n; i++) {
		c.text[i] = qos_arena_copy(&arena, m->pattern[i].text);
		if (!c.text[i]) {
			rc = qos_fail_memory(err, "regular expressions");
			break;
		}
		choose_engine(&m->pattern[i], &m->how[i], c.text[i]);
		m->any_utf |= m->how[i].utf;
	}
	if (!rc && !(rc = build_database(m, &c, err)))
		rc = build_filter(m, &arena, err);
	qos_arena_free(&arena);
	return rc;
}

int qos_matcher_new(struct qos_matcher **out, struct qos_pattern *pattern, int n, struct qos_err *err)
{
	struct qos_matcher *m = calloc(1, sizeof(*m));
	size_t room = (size_t)n + 1;
	int rc;

	*out = NULL;
	if (!m)
		return qos_fail_memory(err, "regular expressions");
	m->pattern = pattern;
	m->n = n;
	m->how = calloc(room, sizeof(*m->how));
	m->hits = calloc(room, sizeof(*m->hits));
	m->suspects = calloc(room, sizeof(*m->suspects));
	m->unfiltered = calloc(room, sizeof(*m->unfiltered));
	if (!m->how || !m->hits || !m->suspects || !m->unfiltered)
		rc = qos_fail_memory(err, "regular expressions");
	else
		rc = build(m, err);
	if (rc)
		qos_matcher_free(m);
	else
		*out = m;
	return rc;
}

void qos_matcher_free(struct qos_matcher *m)
{
	if (!m)
		return;
	hs_free_scratch(m->scratch);
	hs_free_database(m->database);
	qos_filter_free(m->filter);
	free(m->how);
	free(m->hits);
	free(m->suspects);
	free(m->unfiltered);
	free(m);
}

/* --- searching --- */

static void add_hit(struct qos_matcher *m, int i)
{
	if (m->pattern[i].hit)
		return;
	m->pattern[i].hit = true;
	m->hits[m->n_hits++] = i;
}

static void clear(struct qos_matcher *m)
{
	while (m->n_hits)
		m->pattern[m->hits[--m->n_hits]].hit = false;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *self)
{
	add_hit(self, (int)id);
	return 0;
}

/* Bytes of a character that begins at p, as UTF-8 has them (RFC 3629); 0 when it is none. */
static int character_bytes(const unsigned char *p, size_t left)
{
	static const unsigned char least[] = { 0, 0, 0xc2, 0xe0, 0xf0 };
	int n = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;

	if (n == 1)
		return 1;
	if ((size_t)n > left || *p < least[n] || *p > 0xf4)
		return 0;
	for (int i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) ||
	    (*p == 0xf4 && p[1] > 0x8f))
		return 0; /* too long a form, half of a surrogate pair, beyond U+10FFFF */
	return n;
}

static bool is_utf(struct qos_str text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	int bytes;

	for (size_t i = 0; i < text.n; i += (size_t)bytes)
		if (!(bytes = character_bytes(p + i, text.n - i)))
			return false;
	return true;
}

/* After the database: patterns that it only suspects or does not have, and UTF-8 ones where it cannot be trusted. */
static void confirm(struct qos_matcher *m, struct qos_str text, bool utf_trusted)
{
	for (int i = 0; i < m->n; i++) {
		const struct how *how = &m->how[i];
		bool trusted = utf_trusted || !how->utf;

		if ((how->engine == DATABASE && trusted) ||
		    (how->engine == SUSPECTED_BY_DATABASE && trusted && !m->pattern[i].hit))
			continue;
		m->pattern[i].hit = qos_pcre_found(m->pattern[i].pcre, text);
	}
	m->n_hits = 0;
	for (int i = 0; i < m->n; i++)
		if (m->pattern[i].hit)
			m->hits[m->n_hits++] = i;
}

static void search_all(struct qos_matcher *m, struct qos_str text)
{
	bool utf_trusted = !m->any_utf || is_utf(text); /* its results on other bytes are undefined */

	if (m->database)
		hs_scan(m->database, text.p ? text.p : "", (unsigned)text.n, 0, m->scratch, on_match, m);
	if (m->any_by_pcre || !utf_trusted)
		confirm(m, text, utf_trusted);
}

/* Tries the suspects one by one.   Returns  false when one is too hard for PCRE2 but not for the database. */
static bool try_each(struct qos_matcher *m, struct qos_str text, const int *suspect, int n)
{
	for (int k = 0; k < n; k++) {
		int i = suspect[k], found = m->how[i].decided ? 1 : qos_pcre_search(m->pattern[i].pcre, text);

		if (found < 0 && m->how[i].engine == DATABASE)
			return false;
		if (found > 0)
			add_hit(m, i);
	}
	return true;
}

/* How many of the suspects want a closer look. */
static int n_undecided(const struct qos_matcher *m, int n)
{
	int undecided = 0;

	for (int k = 0; k < n; k++)
		undecided += !m->how[m->suspects[k]].decided;
	return undecided;
}

/* By literals and PCRE2 alone.   Returns  false when the database had better do it. */
static bool search_few(struct qos_matcher *m, struct qos_str text)
{
	int n = m->filter ? qos_filter_find(m->filter, text, m->suspects) : 0;

	if (n_undecided(m, n) + m->n_unfiltered > SUSPECTS_MOST)
		return false;
	return try_each(m, text, m->suspects, n) && try_each(m, text, m->unfiltered, m->n_unfiltered);
}

int qos_matcher_search(struct qos_matcher *m, struct qos_str text, const int **hits)
{
	*hits = m->hits;
	clear(m);
	if (text.n > SHORT_BYTES || m->n_unfiltered > SUSPECTS_MOST || !search_few(m, text)) {
		clear(m);
		search_all(m, text);
	}
	return m->n_hits;
}
