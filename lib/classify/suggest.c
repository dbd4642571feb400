/*
 * Rules from labelled records, by sequential covering.
 *
 * A condition is a value of a field of few values, or a word of the payload.  The condition that tells a class apart
 * best among the records that no rule covers yet becomes the next rule, at the next priority, until none is left that
 * is right often enough for enough records.  Best: most records right, a wrong one counting ten times.
 *
 * Cost   bounded: 50000 records of at most 40 conditions each.
 */
#include "classify/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { RECORDS = 50000, CONDITIONS = 40, RULES = 16, VALUE = 64, TEXT = 1024 };

static const int fields_read[] = { QOS_F_TYPE,   QOS_F_PRIORITY, QOS_F_SERVICE, QOS_F_DST,
				   QOS_F_REGION, QOS_F_TENANT,   QOS_F_STREAM };

struct example {
	uint32_t first; /* of its conditions */
	uint8_t n;
	int8_t class;
	bool covered;
};

struct qos_suggest {
	const struct qos_config *config;
	struct qos_names conditions; /* texts in the expression language */
	uint32_t *met;               /* [RECORDS * CONDITIONS] */
	uint32_t n_met;
	struct example *example;
	uint32_t n_examples;
	uint64_t n_unknown;
	bool failed;
};

static void meet(struct qos_suggest *s, struct example *e, const char *text, int n)
{
	int id = qos_names_add(&s->conditions, (struct qos_str){ text, (size_t)n });

	s->failed |= id < 0;
	for (uint32_t i = e->first; i < e->first + e->n; i++)
		if (s->met[i] == (uint32_t)id)
			return;
	if (id < 0 || e->n == CONDITIONS)
		return;
	s->met[s->n_met++] = (uint32_t)id;
	e->n++;
}

static bool is_plain(struct qos_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.p[i] < ' ' || strchr("\"'\\", v.p[i]))
			return false;
	return v.n && v.n <= VALUE;
}

static void meet_words(struct qos_suggest *s, struct example *e, struct qos_str text)
{
	char condition[VALUE + 32], word[VALUE] = "";
	size_t n = 0;

	for (size_t i = 0; i <= text.n; i++) {
		unsigned char c = i < text.n ? (unsigned char)text.p[i] : ' ';

		if (isalnum(c) || c == '_' || c >= 0x80) {
			if (n < VALUE)
				word[n] = (char)(isalpha(c) && c < 0x80 ? tolower(c) : isdigit(c) ? '0' : c);
			n++;
			continue;
		}
		if (n >= 3 && n < 24 && !memchr(word, '0', n))
			meet(s, e, condition,
			     snprintf(condition, sizeof(condition), "payload ~ /\\b%.*s\\b/i", (int)n, word));
		n = 0;
	}
}

static struct qos_str text_of(const struct qos_record *r, int field, char *scratch)
{
	struct qos_cell cell = r->cell[field];

	return cell.kind == QOS_CELL_ABSENT || cell.len > TEXT ? QOS_STR("") : qos_cell_text(r, cell, scratch);
}

static void suggest_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	char scratch[TEXT], condition[VALUE + 64];
	struct qos_suggest *s = self;
	int class = qos_names_find(&s->config->class_names, text_of(r, QOS_F_LABEL, scratch));
	struct example *e = &s->example[s->n_examples];

	s->n_unknown += class < 0;
	if (class < 0 || s->n_examples == RECORDS)
		return;
	*e = (struct example){ .first = s->n_met, .class = (int8_t) class };
	s->n_examples++;
	for (size_t i = 0; i < sizeof(fields_read) / sizeof(*fields_read); i++) {
		struct qos_str v = text_of(r, fields_read[i], scratch);

		if (is_plain(v))
			meet(s, e, condition,
			     snprintf(condition, sizeof(condition), "%s == \"%.*s\"", qos_field_name[fields_read[i]],
				      QOS_STR_ARG(v)));
	}
	meet_words(s, e, text_of(r, QOS_F_PAYLOAD, scratch));
}

static int64_t suggest_due(const void *self)
{
	return QOS_NEVER;
}

struct qos_stage qos_suggest_stage(struct qos_suggest *s)
{
	return (struct qos_stage){ .push = suggest_push, .due = suggest_due, .self = s };
}

struct choice {
	uint32_t condition;
	int class;
	uint32_t n_right, n_met;
};

/* Right nine times of ten, for at least 5 records and one in 200. */
static bool is_enough(const struct qos_suggest *s, const struct choice *c)
{
	return c->n_right >= 5 && c->n_right >= s->n_examples / 200 && c->n_right * 10 >= c->n_met * 9;
}

/* The best condition for the records that are not covered.   Returns  false when none is good enough. */
static bool choose(const struct qos_suggest *s, uint32_t *count, struct choice *best)
{
	uint32_t n = s->conditions.n, n_classes = (uint32_t)s->config->n_classes;
	double most = 0;

	memset(count, 0, (size_t)n * n_classes * sizeof(*count));
	for (uint32_t i = 0; i < s->n_examples; i++)
		for (uint32_t k = 0; !s->example[i].covered && k < s->example[i].n; k++)
			count[s->met[s->example[i].first + k] * n_classes + (uint32_t)s->example[i].class]++;
	for (uint32_t i = 0; i < n; i++) {
		struct choice c = { .condition = i };
		double worth;

		for (uint32_t k = 0; k < n_classes; k++) {
			c.n_met += count[i * n_classes + k];
			if (count[i * n_classes + k] > c.n_right) {
				c.n_right = count[i * n_classes + k];
				c.class = (int)k;
			}
		}
		worth = (double)c.n_right - 10.0 * (double)(c.n_met - c.n_right);
		if (worth > most && is_enough(s, &c)) {
			most = worth;
			*best = c;
		}
	}
	return most > 0;
}

static void cover(struct qos_suggest *s, uint32_t condition)
{
	for (uint32_t i = 0; i < s->n_examples; i++)
		for (uint32_t k = 0; k < s->example[i].n; k++)
			s->example[i].covered |= s->met[s->example[i].first + k] == condition;
}

void qos_suggest_write(struct qos_suggest *s, struct qos_buf *b)
{
	uint32_t *count = calloc((size_t)s->conditions.n * (size_t)s->config->n_classes + 1, sizeof(*count));
	uint64_t n_right = 0, n_met = 0;
	struct choice c;

	b->failed |= s->failed || !count;
	for (uint32_t i = 0; i < s->n_examples; i++)
		s->example[i].covered = false;
	qos_buf_puts(b, "rules:\n");
	for (int i = 1; count && i <= RULES && choose(s, count, &c); i++) {
		qos_buf_printf(b, "  - {name: suggested-%d, when: '%.*s', class: ", i,
			       QOS_STR_ARG(s->conditions.name[c.condition]));
		qos_buf_json(b, s->config->classes[c.class].name);
		qos_buf_printf(b, ", priority: %d}  # support %u, precision %.4f\n", i, c.n_met,
			       (double)c.n_right / (double)c.n_met);
		cover(s, c.condition);
		n_right += c.n_right;
		n_met += c.n_met;
	}
	qos_buf_printf(
		b,
		"# %u labelled records; the rules cover %llu of them, %llu as labelled; %llu had no label of a class\n",
		s->n_examples, (unsigned long long)n_met, (unsigned long long)n_right,
		(unsigned long long)s->n_unknown);
	free(count);
}

int qos_suggest_new(struct qos_suggest **out, const struct qos_config *config, struct qos_fields *fields,
		    struct qos_err *err)
{
	struct qos_suggest *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (!s)
		return qos_fail_memory(err, "suggestions");
	s->config = config;
	s->met = malloc((size_t)RECORDS * CONDITIONS * sizeof(*s->met));
	s->example = malloc((RECORDS + 1) * sizeof(*s->example));
	if (!s->met || !s->example) {
		qos_suggest_free(s);
		return qos_fail_memory(err, "suggestions");
	}
	for (size_t i = 0; i < sizeof(fields_read) / sizeof(*fields_read); i++)
		qos_fields_want(fields, fields_read[i]);
	qos_fields_want(fields, QOS_F_PAYLOAD);
	qos_fields_want(fields, QOS_F_LABEL);
	*out = s;
	return 0;
}

void qos_suggest_free(struct qos_suggest *s)
{
	if (!s)
		return;
	qos_names_free(&s->conditions);
	free(s->met);
	free(s->example);
	free(s);
}
