/*
 * Which of these regular expressions are found in this text?
 *
 * Most texts match nothing.  So the literals that matches must contain are looked for first, those of all patterns in
 * one pass (filter.c); a pattern without any in the text cannot match, one that is nothing but literals has matched,
 * and PCRE2 tries the few that are left.  Patterns without literals (/[0-9]+ms/) it tries always.
 *
 * Not by Vectorscan, which is made for this: 5.4.9, tried beside PCRE2 on random patterns and texts, lost matches in
 * one text of some ten thousand when several patterns shared a database (its issues 317, 358 and 382 are of that kind),
 * and a pass over a log line took it 200 ns, several times what the filter takes.
 *
 * Cost   about 0.5 ns a byte for all literals together, and some 50 ns for each pattern that has to be tried.
 */
#include "expr/match.h"

#include <stdlib.h>

#include "expr/filter.h"
#include "expr/lex.h"
#include "expr/literal.h"

struct qos_matcher {
	struct qos_pattern *pattern; /* [n] */
	int n;
	int *hits; /* [n_hits] of [n] */
	int n_hits;
	struct qos_filter *filter; /* NULL: no pattern has literals */
	bool *decided;             /* [n]: one of the pattern's literals there is a match */
	int *suspects;             /* [n] */
	int *unfiltered;           /* [n_unfiltered]: patterns without literals */
	int n_unfiltered;
};

/* Are the pattern's literals good to look for? */
static bool is_filterable(const struct qos_literals *l)
{
	for (int i = 0; i < l->n; i++)
		if (l->text[i].n < QOS_FILTER_SHORTEST)
			return false;
	return l->n > 0;
}

/* Adds the literals of pattern i to *all, or the pattern to those without.   Returns  false when memory ran out. */
static bool add_literals(struct qos_matcher *m, int i, struct qos_arena *arena, struct qos_filter_literal **all, int *n)
{
	const struct qos_pattern *p = &m->pattern[i];
	struct qos_filter_literal *grown;
	struct qos_literals l;

	qos_literals_of(&l, p->text, p->flags, arena);
	if (!is_filterable(&l)) {
		m->unfiltered[m->n_unfiltered++] = i;
		return true;
	}
	m->decided[i] = l.decide;
	grown = realloc(*all, (size_t)(*n + l.n) * sizeof(*grown));
	if (!grown)
		return false;
	*all = grown;
	for (int k = 0; k < l.n; k++)
		grown[(*n)++] = (struct qos_filter_literal){ l.text[k], p->flags & QOS_REGEX_I, i };
	return true;
}

static int build(struct qos_matcher *m, struct qos_err *err)
{
	struct qos_arena arena = { 0 };
	struct qos_filter_literal *all = NULL;
	int n = 0, rc = 0;

	for (int i = 0; !rc && i < m->n; i++)
		if (!add_literals(m, i, &arena, &all, &n))
			rc = qos_fail_memory(err, "regular expressions");
	if (!rc && n)
		rc = qos_filter_new(&m->filter, all, n, m->n, err);
	free(all);
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
	m->hits = calloc(room, sizeof(*m->hits));
	m->decided = calloc(room, sizeof(*m->decided));
	m->suspects = calloc(room, sizeof(*m->suspects));
	m->unfiltered = calloc(room, sizeof(*m->unfiltered));
	if (!m->hits || !m->decided || !m->suspects || !m->unfiltered)
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
	qos_filter_free(m->filter);
	free(m->hits);
	free(m->decided);
	free(m->suspects);
	free(m->unfiltered);
	free(m);
}

static void try_each(struct qos_matcher *m, struct qos_str text, const int *suspect, int n)
{
	for (const int *end = suspect + n; suspect < end; suspect++) {
		struct qos_pattern *p = &m->pattern[*suspect];

		if (m->decided[*suspect] || qos_pcre_found(p->pcre, text)) {
			p->hit = true;
			m->hits[m->n_hits++] = *suspect;
		}
	}
}

int qos_matcher_search(struct qos_matcher *m, struct qos_str text, const int **hits)
{
	int n = m->filter ? qos_filter_find(m->filter, text, m->suspects) : 0;

	while (m->n_hits)
		m->pattern[m->hits[--m->n_hits]].hit = false;
	try_each(m, text, m->suspects, n);
	try_each(m, text, m->unfiltered, m->n_unfiltered);
	*hits = m->hits;
	return m->n_hits;
}
