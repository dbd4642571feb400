/* Regular expressions by PCRE2 and Vectorscan. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/match.h"

#include <arpa/inet.h>
#include <hs/hs.h>
#include <pcre2.h>
#include <stdlib.h>

#include "expr/lex.h"

#define MATCH_LIMIT 100000 /* steps of PCRE2 before it gives up: some milliseconds */

/* --- one at a time --- */

struct qos_pcre {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

static uint32_t pcre_options(unsigned flags)
{
	return (flags & QOS_REGEX_I ? PCRE2_CASELESS : 0) | (flags & QOS_REGEX_S ? PCRE2_DOTALL : 0) |
	       (flags & QOS_REGEX_M ? PCRE2_MULTILINE : 0) | (flags & QOS_REGEX_X ? PCRE2_EXTENDED : 0) |
	       PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;
}

int qos_pcre_new(struct qos_pcre **out, struct qos_str pattern, unsigned flags, struct qos_at at, struct qos_err *err)
{
	struct qos_pcre *p = calloc(1, sizeof(*p));
	PCRE2_SIZE where;
	PCRE2_UCHAR said[160];
	int code;

	*out = NULL;
	if (!p)
		return qos_fail_memory(err, "regular expression");
	p->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, pcre_options(flags), &code, &where, NULL);
	if (!p->code) {
		pcre2_get_error_message(code, said, sizeof(said));
		at.column += (int)where + 1;
		qos_pcre_free(p);
		return qos_fail(err, QOS_EUSAGE, at, "in the regular expression: %s", (char *)said);
	}
	p->data = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->data || !p->limits) {
		qos_pcre_free(p);
		return qos_fail_memory(err, "regular expression");
	}
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	*out = p;
	return 0;
}

void qos_pcre_free(struct qos_pcre *p)
{
	if (!p)
		return;
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	free(p);
}

bool qos_pcre_found(const struct qos_pcre *p, struct qos_str text)
{
	return pcre2_match(p->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0, p->data, p->limits) >= 0;
}

/* --- all at once --- */

enum how { BY_DATABASE, BY_PREFILTER, BY_PCRE };

struct qos_matcher {
	struct qos_pattern *pattern;
	enum how *how; /* [n] */
	int n, n_hits;
	int *hits;
	bool ready, sure;        /* sure: the database decides all of them */
	hs_database_t *database; /* NULL: no pattern is in it */
	hs_scratch_t *scratch;
};

static unsigned hs_flags(const struct qos_pattern *p, bool prefilter)
{
	return (p->flags & QOS_REGEX_I ? HS_FLAG_CASELESS : 0) | (p->flags & QOS_REGEX_S ? HS_FLAG_DOTALL : 0) |
	       (p->flags & QOS_REGEX_M ? HS_FLAG_MULTILINE : 0) | HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY |
	       (prefilter ? HS_FLAG_PREFILTER : 0);
}

/* The patterns for the database into text, flags and ids.   Returns  how many. */
static unsigned gather(const struct qos_matcher *m, const char *const *all, const char **text, unsigned *flags,
		       unsigned *ids)
{
	unsigned n = 0;

	for (int i = 0; i < m->n; i++) {
		if (m->how[i] == BY_PCRE)
			continue;
		text[n] = all[i];
		flags[n] = hs_flags(&m->pattern[i], m->how[i] == BY_PREFILTER);
		ids[n++] = (unsigned)i;
	}
	return n;
}

/*
 * The database over all patterns that it takes: the one that it refuses is tried as a prefilter, then left to PCRE2.
 * Most sets are taken at once, and compiling is what start-up costs.
 */
static bool build(struct qos_matcher *m, const char *const *all, const char **text, unsigned *flags, unsigned *ids)
{
	hs_compile_error_t *e = NULL;
	unsigned n;

	while ((n = gather(m, all, text, flags, ids)) > 0 &&
	       hs_compile_multi(text, flags, ids, n, HS_MODE_BLOCK, NULL, &m->database, &e) != HS_SUCCESS) {
		int refused = e && e->expression >= 0 ? (int)ids[e->expression] : -1;

		for (int i = 0; i < m->n; i++) /* too large together: one by one is always right */
			if (refused < 0)
				m->how[i] = BY_PCRE;
		if (refused >= 0)
			m->how[refused] = m->how[refused] == BY_DATABASE ? BY_PREFILTER : BY_PCRE;
		hs_free_compile_error(e);
		e = NULL;
	}
	return n == 0 || hs_alloc_scratch(m->database, &m->scratch) == HS_SUCCESS;
}

/* Patterns that the database's notation cannot even hold. */
static enum how first_choice(const struct qos_pattern *p)
{
	return p->flags & QOS_REGEX_X || memchr(p->text.p, 0, p->text.n) ? BY_PCRE : BY_DATABASE;
}

/* Before the first search, not before: a field that no record has costs nothing. */
static void get_ready(struct qos_matcher *m)
{
	struct qos_arena arena = { 0 };
	size_t n = (size_t)m->n;
	const char **text = qos_arena_get(&arena, 2 * n * sizeof(*text));
	unsigned *flags = qos_arena_get(&arena, 2 * n * sizeof(*flags));
	bool ok = text && flags;

	m->ready = true;
	for (int i = 0; ok && i < m->n; i++) {
		text[i] = qos_arena_copy(&arena, m->pattern[i].text);
		ok = text[i] != NULL;
		m->how[i] = first_choice(&m->pattern[i]);
	}
	if (!ok || !build(m, text, text + n, flags, flags + n))
		for (int i = 0; i < m->n; i++) /* no memory for the database: PCRE2 needs none */
			m->how[i] = BY_PCRE;
	m->sure = true;
	for (int i = 0; i < m->n; i++)
		m->sure &= m->how[i] == BY_DATABASE;
	qos_arena_free(&arena);
}

int qos_matcher_new(struct qos_matcher **out, struct qos_pattern *pattern, int n, struct qos_err *err)
{
	struct qos_matcher *m = calloc(1, sizeof(*m));

	*out = NULL;
	if (!m || !(m->how = calloc((size_t)n + 1, sizeof(*m->how))) ||
	    !(m->hits = calloc((size_t)n + 1, sizeof(*m->hits)))) {
		qos_matcher_free(m);
		return qos_fail_memory(err, "regular expressions");
	}
	m->pattern = pattern;
	m->n = n;
	*out = m;
	return 0;
}

void qos_matcher_free(struct qos_matcher *m)
{
	if (!m)
		return;
	hs_free_scratch(m->scratch);
	hs_free_database(m->database);
	free(m->how);
	free(m->hits);
	free(m);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *self)
{
	struct qos_matcher *m = self;

	if (!m->pattern[id].hit) {
		m->pattern[id].hit = true;
		m->hits[m->n_hits++] = (int)id;
	}
	return 0;
}

/* The patterns that PCRE2 decides: those the database could only suspect, and those it does not know. */
static void confirm(struct qos_matcher *m, struct qos_str text)
{
	for (int i = 0; i < m->n; i++) {
		struct qos_pattern *p = &m->pattern[i];

		if (m->how[i] == BY_DATABASE || (m->how[i] == BY_PREFILTER && !p->hit))
			continue;
		if (qos_pcre_found(p->pcre, text)) {
			if (!p->hit)
				m->hits[m->n_hits++] = i;
			p->hit = true;
		} else if (p->hit) {
			p->hit = false;
			for (int k = 0; k < m->n_hits; k++)
				if (m->hits[k] == i)
					m->hits[k--] = m->hits[--m->n_hits];
		}
	}
}

int qos_matcher_scan(struct qos_matcher *m, struct qos_str text, const int **hits)
{
	if (!m->ready)
		get_ready(m);
	*hits = m->hits;
	for (int k = 0; k < m->n_hits; k++)
		m->pattern[m->hits[k]].hit = false;
	m->n_hits = 0;
	if (!text.p)
		return 0;
	if (m->scratch)
		hs_scan(m->database, text.p, (unsigned)text.n, 0, m->scratch, on_match, m);
	if (!m->sure)
		confirm(m, text);
	return m->n_hits;
}

/* --- networks --- */

/* Address bytes of a text; 4, 16, or 0 when it is none. */
static int address_of(struct qos_str text, unsigned char *bytes)
{
	char copy[64];

	if (text.n == 0 || text.n >= sizeof(copy))
		return 0;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	return inet_pton(AF_INET, copy, bytes) == 1 ? 4 : inet_pton(AF_INET6, copy, bytes) == 1 ? 16 : 0;
}

/* Splits "address/bits".   Returns  the address's bytes, 0 when it is none. */
static int network_of(struct qos_str network, unsigned char *bytes, int *bits)
{
	const char *slash = network.n ? memchr(network.p, '/', network.n) : NULL;
	struct qos_str address = { network.p, slash ? (size_t)(slash - network.p) : network.n };
	int n = address_of(address, bytes);

	*bits = 8 * n;
	if (!n || !slash)
		return n;
	*bits = 0;
	for (const char *p = slash + 1; p < network.p + network.n; p++)
		if (*p < '0' || *p > '9' || (*bits = *bits * 10 + *p - '0') > 8 * n)
			return 0;
	return slash + 1 < network.p + network.n ? n : 0;
}

bool qos_cidr_valid(struct qos_str network)
{
	unsigned char bytes[16];
	int bits;

	return network_of(network, bytes, &bits) != 0;
}

bool qos_cidr_holds(struct qos_str network, struct qos_str address)
{
	unsigned char a[16], b[16];
	int bits, n = network_of(network, a, &bits);

	if (!n || address_of(address, b) != n || memcmp(a, b, (size_t)bits / 8) != 0)
		return false;
	return bits % 8 == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
}
