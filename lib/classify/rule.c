/*
 * Rules behind an index.
 *
 * Rules are sorted by level (priority number), in the order of the config inside one; rule k is bit k of every set.  A
 * field that rules compare for equality has a table: value -> rules that may be true then.  Texts and numbers have
 * tables of their own, since 80 equals 80.0 as a number.  A field that rules search has one matcher for all their
 * patterns.
 *
 * Cost   a hash look-up for each indexed field that the record has, one pass over each searched field that may still
 * decide.
 */
#include "classify/rule.h"

#include <math.h>
#include <stdlib.h>

#include "classify/access.h"
#include "base/bits.h"
#include "expr/match.h"
#include "unit/unit.h"

struct rule {
	const struct qos_rule_config *config;
	int number; /* in the config */
	struct qos_expr *expr;
	int level;         /* 0 first */
	bool exact;        /* a candidate is a match */
	uint64_t searches; /* bit = search whose patterns its expression reads */
};

/* One field and the rules that a value of it makes candidates. */
struct lookup {
	struct qos_expr_node node; /* reads the field */
	bool numbers;
	struct qos_names values; /* texts, or the bytes of doubles */
	uint64_t *candidates;    /* [values.n][words] */
	int last;                /* value found last, -1 none: traces repeat themselves */
	struct qos_str last_text;
};

/*
 * One field that is searched, and what each pattern makes candidates.  Patterns that every record has to be searched
 * for are apart from those that matter only when no value has decided (`late`), so that these cost nothing where one
 * did.
 */
struct search {
	struct qos_expr_node node;
	bool late;
	struct qos_pattern *pattern;
	uint64_t *candidates; /* [n][words] */
	struct qos_matcher *matcher;
	int n;
};

struct level {
	int first, end;    /* its rules */
	uint64_t searches; /* bit = search whose patterns make some of them candidates */
};

struct qos_rules {
	const struct qos_config *config;
	struct rule *rule; /* [n], sorted */
	int n, words;
	struct lookup *lookup; /* [n_lookups] */
	int n_lookups;
	struct search *search; /* [n_searches], at most 64 */
	int n_searches;
	uint64_t *always;    /* candidates of every record */
	uint64_t *waiting;   /* by search: rules that its patterns make candidates; one more set: all of them */
	struct level *level; /* [n_levels] */
	int n_levels;
	int value_level;   /* the first level with a rule that values alone decide; later patterns are late */
	uint64_t *now;     /* scratch: candidates of the record at hand */
	uint64_t *pending; /* scratch: rules that a search not made yet may make candidates */
	double *weight;    /* scratch: by class */
};

static void set_bit(uint64_t *set, int i)
{
	set[i >> 6] |= 1ull << (i & 63);
}

/* --- building --- */

static int by_level(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	if (x->config->priority != y->config->priority)
		return x->config->priority < y->config->priority ? -1 : 1;
	return x->number - y->number;
}

static int compile(struct qos_rules *s, struct qos_fields *fields, struct qos_err *err)
{
	const struct qos_config *c = s->config;
	int rc = 0;

	s->rule = calloc((size_t)c->n_rules + 1, sizeof(*s->rule));
	if (!s->rule)
		return qos_fail_memory(err, "rules");
	for (int i = 0; !rc && i < c->n_rules; i++) {
		struct qos_rule_config *from = &c->rules[i];
		struct rule *r = &s->rule[s->n];

		rc = qos_expr_compile(&r->expr, from->when, from->when_at, fields, NULL, err);
		if (rc)
			return rc;
		r->config = from;
		r->number = i;
		if (from->enabled)
			s->n++;
		else
			qos_expr_free(r->expr); /* it was only checked */
	}
	qsort(s->rule, (size_t)s->n, sizeof(*s->rule), by_level);
	for (int i = 0; i < s->n; i++)
		s->rule[i].level = i && s->rule[i].config->priority == s->rule[i - 1].config->priority
					   ? s->rule[i - 1].level
					   : s->n_levels++;
	return rc;
}

/* The look-up of a field by text or number, made if it is new; NULL when memory ran out. */
static struct lookup *lookup_of(struct qos_rules *s, const struct qos_expr_node *field, bool numbers)
{
	struct lookup *l;

	for (int i = 0; i < s->n_lookups; i++)
		if (s->lookup[i].node.field == field->field && s->lookup[i].numbers == numbers)
			return &s->lookup[i];
	l = realloc(s->lookup, (size_t)(s->n_lookups + 1) * sizeof(*l));
	if (!l)
		return NULL;
	s->lookup = l;
	l += s->n_lookups++;
	*l = (struct lookup){ .node = *field, .numbers = numbers, .last = -1 };
	l->node.scratch = NULL;
	l->node.scratch_bytes = 0;
	return l;
}

static bool add_value(struct qos_rules *s, int rule, const struct qos_expr_node *field, const struct qos_expr_value *v)
{
	bool numbers = v->type == QOS_EXPR_NUMBER;
	double zero_is_zero = v->number + 0.0;
	struct qos_str key = numbers ? (struct qos_str){ (const char *)&zero_is_zero, sizeof(double) } : v->text;
	struct lookup *l = lookup_of(s, field, numbers);
	uint32_t n = l ? l->values.n : 0;
	int i = l ? qos_names_add(&l->values, key) : -1;

	if (i < 0)
		return false;
	if (l->values.n > n) {
		uint64_t *c = realloc(l->candidates, (size_t)l->values.n * (size_t)s->words * sizeof(*c));

		if (!c)
			return false;
		memset(c + (size_t)i * (size_t)s->words, 0, (size_t)s->words * sizeof(*c));
		l->candidates = c;
	}
	set_bit(l->candidates + (size_t)i * (size_t)s->words, rule);
	return true;
}

static int search_of(struct qos_rules *s, const struct qos_expr_node *field, const struct rule *r)
{
	bool late = r->level > s->value_level;
	struct search *p;

	for (int i = 0; i < s->n_searches; i++)
		if (s->search[i].node.field == field->field && s->search[i].late == late)
			return i;
	if (s->n_searches == 64)
		return -1;
	p = realloc(s->search, (size_t)(s->n_searches + 1) * sizeof(*p));
	if (!p)
		return -1;
	s->search = p;
	p[s->n_searches] = (struct search){ .node = *field, .late = late };
	p[s->n_searches].node.scratch = NULL;
	p[s->n_searches].node.scratch_bytes = 0;
	return s->n_searches++;
}

/* The pattern of a rule's regex joins its field's search.   Returns  its index there, -1 when memory ran out. */
static int add_pattern(struct qos_rules *s, struct search *p, const struct qos_regex *regex)
{
	struct qos_pattern *pattern = realloc(p->pattern, (size_t)(p->n + 1) * sizeof(*pattern));
	uint64_t *c;

	if (!pattern)
		return -1;
	p->pattern = pattern;
	c = realloc(p->candidates, (size_t)(p->n + 1) * (size_t)s->words * sizeof(*c));
	if (!c)
		return -1;
	p->candidates = c;
	memset(c + (size_t)p->n * (size_t)s->words, 0, (size_t)s->words * sizeof(*c));
	pattern[p->n] = (struct qos_pattern){ .text = regex->pattern, .flags = regex->flags, .pcre = regex->pcre };
	return p->n++;
}

static bool is_access_regex(const struct qos_access *a, bool has_access, int regex)
{
	for (int i = 0; has_access && i < a->n; i++)
		if (a->condition[i].literal < 0 && a->condition[i].regex == regex)
			return true;
	return false;
}

/* All patterns that a rule searches plain fields for go into the searches, those of its access set as such. */
static bool add_patterns(struct qos_rules *s, int k, const struct qos_access *a, bool has_access)
{
	struct rule *r = &s->rule[k];

	for (int i = 0; i < r->expr->n_nodes; i++) {
		const struct qos_expr_node *n = &r->expr->node[i];
		int search, at;

		if (n->kind != QOS_NODE_MATCH || r->expr->regex[n->b].field < 0)
			continue;
		search = search_of(s, &r->expr->node[n->a], r);
		at = search < 0 ? -1 : add_pattern(s, &s->search[search], &r->expr->regex[n->b]);
		if (at < 0)
			return false;
		r->searches |= 1ull << search;
		if (is_access_regex(a, has_access, n->b))
			set_bit(s->search[search].candidates + (size_t)at * (size_t)s->words, k);
	}
	return true;
}

/* The first level with a rule that needs no search. */
static int find_value_level(const struct qos_rules *s)
{
	for (int k = 0; k < s->n; k++) {
		struct qos_access a;
		bool values = qos_access_of(s->rule[k].expr, &a);

		for (int i = 0; values && i < a.n; i++)
			values = a.condition[i].literal >= 0;
		if (values)
			return s->rule[k].level;
	}
	return s->n_levels;
}

static bool index_rule(struct qos_rules *s, int k)
{
	struct rule *r = &s->rule[k];
	struct qos_access a;
	bool has_access = qos_access_of(r->expr, &a);

	r->exact = has_access && a.exact;
	if (!has_access)
		set_bit(s->always, k);
	for (int i = 0; has_access && i < a.n; i++) {
		const struct qos_expr_node *field = &r->expr->node[a.condition[i].field];

		if (a.condition[i].literal >= 0 &&
		    !add_value(s, k, field, &r->expr->node[a.condition[i].literal].value))
			return false;
	}
	return add_patterns(s, k, &a, has_access);
}

/* The expressions read what the searches find: regexes in the order in which add_patterns met them. */
static void bind(struct qos_rules *s)
{
	int at[64] = { 0 };

	for (int k = 0; k < s->n; k++) {
		struct qos_expr *e = s->rule[k].expr;

		for (int i = 0; i < e->n_nodes; i++) {
			struct qos_regex *regex = e->node[i].kind == QOS_NODE_MATCH ? &e->regex[e->node[i].b] : NULL;
			int search;

			if (!regex || regex->field < 0)
				continue;
			search = search_of(s, &e->node[e->node[i].a], &s->rule[k]);
			regex->hit = &s->search[search].pattern[at[search]++].hit;
		}
	}
}

static int build_searches(struct qos_rules *s, struct qos_err *err)
{
	uint64_t *all;

	s->waiting = calloc((size_t)(s->n_searches + 1) * (size_t)s->words, sizeof(*s->waiting));
	if (!s->waiting)
		return qos_fail_memory(err, "rules");
	all = s->waiting + s->n_searches * s->words;
	for (int i = 0; i < s->n_searches; i++) {
		struct search *p = &s->search[i];
		int rc = qos_matcher_new(&p->matcher, p->pattern, p->n, err);

		if (rc)
			return rc;
		for (int k = 0; k < p->n; k++)
			for (int w = 0; w < s->words; w++)
				s->waiting[i * s->words + w] |= p->candidates[k * s->words + w];
		for (int k = 0; k < s->n; k++)
			if (s->waiting[i * s->words + (k >> 6)] >> (k & 63) & 1)
				s->level[s->rule[k].level].searches |= 1ull << i;
		for (int w = 0; w < s->words; w++)
			all[w] |= s->waiting[i * s->words + w];
	}
	bind(s);
	return 0;
}

static int build(struct qos_rules *s, struct qos_fields *fields, struct qos_err *err)
{
	int rc = compile(s, fields, err);

	if (rc)
		return rc;
	s->words = (s->n + 63) / 64 + (s->n == 0);
	s->always = calloc((size_t)s->words, sizeof(uint64_t));
	s->now = calloc((size_t)s->words, sizeof(uint64_t));
	s->pending = calloc((size_t)s->words, sizeof(uint64_t));
	s->level = calloc((size_t)s->n_levels + 1, sizeof(*s->level));
	s->weight = calloc((size_t)s->config->n_classes, sizeof(double));
	if (!s->always || !s->now || !s->pending || !s->level || !s->weight)
		return qos_fail_memory(err, "rules");
	s->value_level = find_value_level(s);
	for (int k = 0; k < s->n; k++) {
		struct level *level = &s->level[s->rule[k].level];

		if (level->end == 0)
			level->first = k;
		level->end = k + 1;
		if (!index_rule(s, k))
			return qos_fail_memory(err, "rules");
	}
	return build_searches(s, err);
}

int qos_rules_new(struct qos_rules **out, const struct qos_config *config, struct qos_fields *fields,
		  struct qos_err *err)
{
	struct qos_rules *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (!s)
		return qos_fail_memory(err, "rules");
	s->config = config;
	rc = build(s, fields, err);
	if (rc)
		qos_rules_free(s);
	else
		*out = s;
	return rc;
}

void qos_rules_free(struct qos_rules *s)
{
	if (!s)
		return;
	for (int k = 0; k < s->n; k++)
		qos_expr_free(s->rule[k].expr);
	for (int i = 0; i < s->n_lookups; i++) {
		qos_names_free(&s->lookup[i].values);
		free(s->lookup[i].candidates);
		free(s->lookup[i].node.scratch);
	}
	for (int i = 0; i < s->n_searches; i++) {
		qos_matcher_free(s->search[i].matcher);
		free(s->search[i].pattern);
		free(s->search[i].candidates);
		free(s->search[i].node.scratch);
	}
	free(s->rule);
	free(s->lookup);
	free(s->search);
	free(s->always);
	free(s->waiting);
	free(s->pending);
	free(s->level);
	free(s->now);
	free(s->weight);
	free(s);
}

/* --- matching --- */

/* Index of the value in the look-up, -1 when no rule names it. */
static int find_value(struct lookup *l, const struct qos_expr_value *v)
{
	double x;

	if (l->numbers) {
		if (v->type == QOS_EXPR_NUMBER)
			x = v->number;
		else if (!v->text.p || qos_unit_number(v->text, &x))
			return -1;
		x += 0.0; /* -0 is 0 */
		return qos_names_find(&l->values, (struct qos_str){ (const char *)&x, sizeof(x) });
	}
	if (!v->text.p)
		return -1;
	if (l->last >= 0 && qos_str_equal(l->last_text, v->text))
		return l->last;
	l->last = qos_names_find(&l->values, v->text);
	if (l->last >= 0)
		l->last_text = l->values.name[l->last];
	return l->last;
}

static void look_up(struct qos_rules *s, const struct qos_record *r)
{
	for (int i = 0; i < s->n_lookups; i++) {
		struct lookup *l = &s->lookup[i];
		struct qos_cell c = r->cell[l->node.field];
		struct qos_expr_value v;
		int at;

		if (c.kind == QOS_CELL_ABSENT && l->node.as == QOS_AS_ANY)
			continue; /* most fields of most rules */
		if (!l->numbers && (c.kind == QOS_CELL_TEXT || c.kind == QOS_CELL_QUOTED)) /* nothing to undo */
			v = (struct qos_expr_value){ .type = QOS_EXPR_TEXT, .text = { r->bytes + c.off, c.len } };
		else
			v = qos_expr_field(&l->node, r);
		at = find_value(l, &v);
		for (int w = 0; at >= 0 && w < s->words; w++)
			s->now[w] |= l->candidates[at * s->words + w];
	}
}

/* One pass over a field: every pattern's hit is known after it. */
static void do_search(struct qos_rules *s, int number, const struct qos_record *r)
{
	struct search *p = &s->search[number];
	struct qos_expr_value v = qos_expr_field(&p->node, r);
	const int *hits;
	int n = qos_matcher_scan(p->matcher, v.text, &hits);

	for (int k = 0; k < n; k++)
		for (int w = 0; w < s->words; w++)
			s->now[w] |= p->candidates[hits[k] * s->words + w];
}

/* The most urgent level that may still match: that of the lowest bit among candidates and those pending. */
static int next_level(const struct qos_rules *s)
{
	for (int w = 0; w < s->words; w++)
		if (s->now[w] | s->pending[w])
			return s->rule[w * 64 + qos_bits_first(s->now[w] | s->pending[w])].level;
	return -1;
}

/* The bits of word w that are rules of a level. */
static uint64_t members(const struct level *level, int w)
{
	uint64_t from = level->first <= w * 64 ? ~0ull : ~0ull << (level->first - w * 64);
	uint64_t to = level->end >= w * 64 + 64 ? ~0ull : ~(~0ull << (level->end - w * 64));

	return from & to;
}

/* The searches not made yet that a level depends on: for candidates, and to evaluate those there are. */
static uint64_t searches_of(const struct qos_rules *s, const struct level *level, uint64_t searched)
{
	uint64_t needed = level->searches;
	int bit;

	for (int w = level->first >> 6; w <= (level->end - 1) >> 6; w++)
		qos_bits_each (bit, s->now[w] & members(level, w)) {
			const struct rule *rule = &s->rule[w * 64 + bit];

			needed |= rule->exact ? 0 : rule->searches;
		}
	return needed & ~searched;
}

static void make_searches(struct qos_rules *s, uint64_t needed, uint64_t *searched, const struct qos_record *r)
{
	int i;

	qos_bits_each (i, needed)
		do_search(s, i, r);
	*searched |= needed;
	memset(s->pending, 0, (size_t)s->words * sizeof(*s->pending));
	for (i = 0; i < s->n_searches; i++)
		for (int w = 0; !(*searched >> i & 1) && w < s->words; w++)
			s->pending[w] |= s->waiting[i * s->words + w];
}

static bool matches(const struct rule *rule, const struct qos_record *r)
{
	return rule->exact || qos_expr_true(rule->expr, r);
}

struct tally {
	int first; /* rule that matched first */
	int n;
	double total;
};

/* Adds a matching rule; weights by class are kept from the second one on. */
static void add_match(struct qos_rules *s, struct tally *t, int k)
{
	const struct rule *rule = &s->rule[k];

	if (t->n++ == 0) {
		memset(s->weight, 0, (size_t)s->config->n_classes * sizeof(double));
		t->first = k;
	}
	s->weight[rule->config->class] += rule->config->weight;
	t->total += rule->config->weight;
}

/* The winner among rules first .. end - 1, of which those that matched are set in `matched`. */
static struct qos_verdict decide(const struct qos_rules *s, const struct tally *t, const uint64_t *matched,
				 const struct level *level)
{
	const struct rule *first = &s->rule[t->first];
	struct qos_verdict v = { first->number, first->config->class, 1 };
	double best_weight = -1;

	if (t->n == 1)
		return v;
	for (int i = 0; i < s->config->n_classes; i++)
		if (s->weight[i] > s->weight[v.class] ||
		    (i < v.class && s->weight[i] > 0 && s->weight[i] == s->weight[v.class]))
			v.class = i;
	v.confidence = t->total > 0 ? s->weight[v.class] / t->total : 1;
	for (int k = level->first; k < level->end; k++) {
		const struct rule *rule = &s->rule[k];

		if (matched[k >> 6] >> (k & 63) & 1 && rule->config->class == v.class &&
		    rule->config->weight > best_weight) {
			best_weight = rule->config->weight;
			v.rule = rule->number;
		}
	}
	return v;
}

/* Evaluates the candidates of a level; the bits of those that do not match are cleared. */
static bool try_level(struct qos_rules *s, const struct level *level, const struct qos_record *r, struct qos_verdict *v)
{
	struct tally t = { 0 };
	int bit;

	for (int w = level->first >> 6; w <= (level->end - 1) >> 6; w++)
		qos_bits_each (bit, s->now[w] & members(level, w)) {
			if (matches(&s->rule[w * 64 + bit], r))
				add_match(s, &t, w * 64 + bit);
			else
				s->now[w] &= ~(1ull << bit);
		}
	if (t.n)
		*v = decide(s, &t, s->now, level);
	return t.n > 0;
}

struct qos_verdict qos_rules_match(struct qos_rules *s, const struct qos_record *r)
{
	struct qos_verdict v = { -1, s->config->default_class, 0 };
	uint64_t searched = 0, needed;
	int level;

	memcpy(s->now, s->always, (size_t)s->words * sizeof(*s->now));
	memcpy(s->pending, s->waiting + s->n_searches * s->words, (size_t)s->words * sizeof(*s->pending));
	look_up(s, r);
	while ((level = next_level(s)) >= 0) {
		while ((needed = searches_of(s, &s->level[level],
					     searched))) /* a hit may bring a rule that reads more */
			make_searches(s, needed, &searched, r);
		if (try_level(s, &s->level[level], r, &v))
			break;
	}
	return v;
}

struct qos_verdict qos_rules_match_plainly(struct qos_rules *s, const struct qos_record *r)
{
	struct qos_verdict v = { -1, s->config->default_class, 0 };

	for (int k = 0; k < s->n; k++) /* each searches for itself */
		for (int i = 0; i < s->rule[k].expr->n_regexes; i++)
			s->rule[k].expr->regex[i].hit = NULL;
	for (int level = 0; level < s->n_levels && v.rule < 0; level++) {
		struct tally t = { 0 };

		memset(s->now, 0, (size_t)s->words * sizeof(*s->now));
		for (int k = s->level[level].first; k < s->level[level].end; k++)
			if (qos_expr_true(s->rule[k].expr, r)) {
				add_match(s, &t, k);
				set_bit(s->now, k);
			}
		if (t.n)
			v = decide(s, &t, s->now, &s->level[level]);
	}
	bind(s);
	return v;
}
