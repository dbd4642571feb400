/*
 * Rules to questions.
 *
 * Each rule's access set (access.h) is put under the fields that it names: values of one field and kind share one
 * look-up, patterns of one field one matcher.  Patterns are kept apart where a look-up may decide in between: those of
 * the rules on top are searched for in every record, those of the rules at the bottom only in what nobody has claimed
 * before.
 *
 * Cost   at set-up: linear in the rules' size.
 */
#include "classify/ruleset.h"

#include <stdlib.h>

/* --- rules --- */

/* A rule that is switched off has to be right all the same, but wants no field. */
static int check_disabled(const struct qos_rule_config *rule, struct qos_err *err)
{
	struct qos_fields *nobody;
	struct qos_expr *e;
	int rc = qos_fields_new(&nobody, err);

	if (rc)
		return rc;
	rc = qos_expr_compile(&e, rule->when, rule->when_at, nobody, NULL, err);
	if (!rc)
		rc = qos_expr_need_truth(e, err);
	qos_expr_free(e);
	qos_fields_free(nobody);
	return rc;
}

static int compile_rule(struct qos_rules *s, int number, struct qos_fields *fields, struct qos_err *err)
{
	const struct qos_rule_config *config = &s->config->rules[number];
	struct qos_rule *r = &s->rule[s->n];
	int rc;

	if (!config->enabled)
		return check_disabled(config, err);
	rc = qos_expr_compile_in(&r->expr, config->when, config->when_at, fields, &s->slots, err);
	if (rc)
		return rc;
	r->config = config;
	r->number = number;
	s->n++;
	return qos_expr_need_truth(r->expr, err);
}

static int by_level(const void *a, const void *b)
{
	const struct qos_rule *x = a, *y = b;

	if (x->config->priority != y->config->priority)
		return x->config->priority < y->config->priority ? -1 : 1;
	return x->number - y->number;
}

/* Sorts the rules and finds where each level of priority ends. */
static int make_levels(struct qos_rules *s, struct qos_err *err)
{
	qsort(s->rule, (size_t)s->n, sizeof(*s->rule), by_level);
	s->level_end = qos_arena_get(&s->arena, ((size_t)s->n + 1) * sizeof(*s->level_end));
	if (!s->level_end)
		return qos_fail_memory(err, "rules");
	for (int k = 0; k < s->n; k++) {
		if (k == 0 || s->rule[k].config->priority != s->rule[k - 1].config->priority)
			s->n_levels++;
		s->rule[k].level = s->n_levels - 1;
		s->level_end[s->n_levels - 1] = k + 1;
	}
	return 0;
}

static int compile(struct qos_rules *s, struct qos_fields *fields, struct qos_err *err)
{
	s->rule = calloc((size_t)s->config->n_rules + 1, sizeof(*s->rule));
	if (!s->rule)
		return qos_fail_memory(err, "rules");
	for (int i = 0; i < s->config->n_rules; i++) {
		int rc = compile_rule(s, i, fields, err);

		if (rc)
			return rc;
	}
	return make_levels(s, err);
}

/* --- questions --- */

static struct qos_question *new_question(struct qos_rules *s, enum qos_question_kind kind, int slot, int rule)
{
	struct qos_question *q = realloc(s->question, ((size_t)s->n_questions + 1) * sizeof(*q));

	if (!q)
		return NULL;
	s->question = q;
	q += s->n_questions++;
	*q = (struct qos_question){ .kind = kind,
				    .slot = slot,
				    .field = s->slots.slot[slot].field,
				    .has_default = s->slots.slot[slot].has_default,
				    .first = rule,
				    .level = s->rule[rule].level };
	return q;
}

/* Rules come in their order, so who asks first is the first. */
static struct qos_question *question_for(struct qos_rules *s, enum qos_question_kind kind, int slot, int rule)
{
	for (int i = 0; i < s->n_questions; i++)
		if (s->question[i].kind == kind && s->question[i].slot == slot)
			return &s->question[i];
	return new_question(s, kind, slot, rule);
}

/* Does a look-up decide between two levels? */
static bool is_decided_between(const struct qos_rules *s, int above, int below)
{
	for (int k = above >= 0 ? s->level_end[above] : 0; k < s->n && s->rule[k].level < below; k++)
		if (s->rule[k].has_access && s->rule[k].access.first &&
		    s->rule[k].access.first->kind == QOS_CONDITION_EQUALS)
			return true;
	return false;
}

/* The search that takes a rule's patterns for a field; NULL when there are too many already, or memory ran out. */
static struct qos_question *search_for(struct qos_rules *s, int slot, int rule)
{
	struct qos_question *q, *last = NULL;
	int level = s->rule[rule].level;

	for (int i = 0; i < s->n_questions; i++)
		if (s->question[i].kind == QOS_ASK_SEARCH && s->question[i].slot == slot)
			last = &s->question[i];
	if (last && (s->n_searches == QOS_SEARCHES_MOST || !is_decided_between(s, last->last_level, level)))
		q = last;
	else if (s->n_searches == QOS_SEARCHES_MOST)
		return NULL;
	else if ((q = new_question(s, QOS_ASK_SEARCH, slot, rule))) {
		s->n_searches++;
		q->first = s->n; /* until one of its patterns makes a candidate */
		q->level = s->n_levels;
	}
	if (q)
		q->last_level = level;
	return q;
}

/* Room for one more pattern. */
static bool grow_patterns(struct qos_question *q)
{
	size_t room = (size_t)q->n_patterns + 1;
	struct qos_pattern *pattern = realloc(q->pattern, room * sizeof(*pattern));
	struct qos_pattern_reader *reader;
	int *owner;

	if (!pattern)
		return false;
	q->pattern = pattern;
	owner = realloc(q->owner, room * sizeof(*owner));
	if (!owner)
		return false;
	q->owner = owner;
	reader = realloc(q->reader, room * sizeof(*reader));
	if (!reader)
		return false;
	q->reader = reader;
	return true;
}

static bool add_pattern(struct qos_question *q, struct qos_regex *regex, int rule, bool makes_candidate)
{
	int i = q->n_patterns;

	if (!grow_patterns(q))
		return false;
	q->pattern[i] = (struct qos_pattern){ .text = regex->pattern, .flags = regex->flags, .pcre = regex->pcre };
	q->owner[i] = makes_candidate ? rule : -1;
	q->reader[i] = (struct qos_pattern_reader){ regex, rule };
	q->n_patterns++;
	return true;
}

static bool is_access_regex(const struct qos_rule *r, const struct qos_regex *regex)
{
	for (const struct qos_condition *c = r->has_access ? r->access.first : NULL; c; c = c->next)
		if (c->kind == QOS_CONDITION_FOUND && c->regex == regex)
			return true;
	return false;
}

/*
 * All patterns that a rule searches plain fields for join the searches of these fields.
 *
 * Fails  when memory ran out.  A rule that no search has room for loses its access set: it searches by itself.
 */
static bool add_patterns(struct qos_rules *s, int k)
{
	struct qos_rule *r = &s->rule[k];

	for (int i = 0; i < r->expr->n_regexes; i++) {
		struct qos_regex *regex = &r->expr->regex[i];
		bool is_access = is_access_regex(r, regex);
		struct qos_question *q = regex->slot >= 0 ? search_for(s, regex->slot, k) : NULL;

		if (q && !add_pattern(q, regex, k, is_access))
			return false;
		if (q && is_access && q->first == s->n) {
			q->first = k;
			q->level = r->level;
		}
		if (!q && is_access)
			r->has_access = false;
	}
	return true;
}

static bool add_pair(struct qos_question *q, struct qos_str key, int rule)
{
	struct qos_lookup_pair *pair =
		q->n_pairs & (q->n_pairs - 1)
			? /* doubled at each power of two */
			q->pair
			: realloc(q->pair, (q->n_pairs ? 2 * (size_t)q->n_pairs : 1) * sizeof(*pair));

	if (!pair)
		return false;
	q->pair = pair;
	pair[q->n_pairs++] = (struct qos_lookup_pair){ key, rule };
	return true;
}

static bool add_condition(struct qos_rules *s, const struct qos_condition *c, int rule)
{
	struct qos_str key = { "", 0 };
	enum qos_question_kind kind = QOS_ASK_PRESENT;
	struct qos_question *q;
	double *x;

	if (c->kind == QOS_CONDITION_FOUND)
		return true; /* add_patterns() */
	if (c->kind == QOS_CONDITION_EQUALS && c->value->type == QOS_EXPR_NUMBER) {
		kind = QOS_ASK_NUMBER;
		if (!(x = qos_arena_get(&s->arena, sizeof(*x))))
			return false;
		*x = c->value->number;
		key = qos_lookup_number(x);
	} else if (c->kind == QOS_CONDITION_EQUALS) {
		kind = QOS_ASK_TEXT;
		key = c->value->text;
	}
	q = question_for(s, kind, c->slot, rule);
	return q && add_pair(q, key, rule);
}

static bool index_rule(struct qos_rules *s, int k)
{
	struct qos_rule *r = &s->rule[k];

	if (!add_patterns(s, k))
		return false;
	if (!r->has_access) {
		s->always[k >> 6] |= 1ull << (k & 63);
		s->first_always = k < s->first_always ? k : s->first_always;
		return true;
	}
	r->exact = r->access.exact;
	for (const struct qos_condition *c = r->access.first; c; c = c->next)
		if (!add_condition(s, c, k))
			return false;
	return true;
}

/*
 * By level, searches behind the look-ups of their level: these may show that nothing has to be searched.  Searches that
 * make no candidates come last: they are made when a candidate reads them.
 */
static int by_urgency(const void *a, const void *b)
{
	const struct qos_question *x = a, *y = b;

	if (x->level != y->level)
		return x->level - y->level;
	if ((x->kind == QOS_ASK_SEARCH) != (y->kind == QOS_ASK_SEARCH))
		return x->kind == QOS_ASK_SEARCH ? 1 : -1;
	return x->first != y->first ? x->first - y->first
	       : x->slot != y->slot ? x->slot - y->slot
				    : (int)x->kind - (int)y->kind;
}

static int finish_search(struct qos_rules *s, struct qos_question *q, int number, struct qos_err *err)
{
	q->search = number;
	s->search[number] = q;
	for (int i = 0; i < q->n_patterns; i++) {
		q->reader[i].regex->hit = &q->pattern[i].hit;
		s->rule[q->reader[i].rule].searches |= 1ull << number;
	}
	free(q->reader);
	q->reader = NULL;
	return qos_matcher_new(&q->matcher, q->pattern, q->n_patterns, err);
}

static int finish_questions(struct qos_rules *s, struct qos_err *err)
{
	int n_searches = 0, rc = 0;

	if (s->n_questions)
		qsort(s->question, (size_t)s->n_questions, sizeof(*s->question), by_urgency);
	for (int i = 0; !rc && i < s->n_questions; i++) {
		struct qos_question *q = &s->question[i];

		rc = q->kind == QOS_ASK_SEARCH ? finish_search(s, q, n_searches++, err)
					       : qos_lookup_new(&q->lookup, q->pair, q->n_pairs, err);
		free(q->pair);
		q->pair = NULL;
		s->n_asked += q->first < s->n; /* the others are the last ones */
	}
	return rc;
}

static int allocate(struct qos_rules *s, struct qos_err *err)
{
	s->words = s->n / 64 + 1;
	s->first_always = s->n;
	s->always = qos_arena_get(&s->arena, (size_t)s->words * sizeof(*s->always));
	s->now = qos_arena_get(&s->arena, (size_t)s->words * sizeof(*s->now));
	s->matched = qos_arena_get(&s->arena, ((size_t)s->n + 1) * sizeof(*s->matched));
	s->weight = qos_arena_get(&s->arena, (size_t)s->config->n_classes * sizeof(*s->weight));
	return s->always && s->now && s->matched && s->weight ? 0 : qos_fail_memory(err, "rules");
}

int qos_ruleset_build(struct qos_rules *s, struct qos_fields *fields, struct qos_err *err)
{
	int rc = compile(s, fields, err);

	if (rc || (rc = allocate(s, err)))
		return rc;
	for (int k = 0; k < s->n; k++)
		s->rule[k].has_access = qos_access_of(s->rule[k].expr, &s->arena, &s->rule[k].access);
	for (int k = 0; k < s->n; k++)
		if (!index_rule(s, k))
			return qos_fail_memory(err, "rules");
	return finish_questions(s, err);
}

void qos_ruleset_clear(struct qos_rules *s)
{
	for (int k = 0; k < s->n; k++)
		qos_expr_free(s->rule[k].expr);
	free(s->rule);
	for (int i = 0; i < s->n_questions; i++) {
		struct qos_question *q = &s->question[i];

		qos_lookup_free(q->lookup);
		qos_matcher_free(q->matcher);
		free(q->pattern);
		free(q->owner);
		free(q->reader);
		free(q->pair);
	}
	free(s->question);
	qos_slots_free(&s->slots);
	qos_arena_free(&s->arena);
}
