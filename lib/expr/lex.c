/*
 * Where does each word of an expression begin and end, and what is it?
 *
 * Whether '/' divides or begins a regular expression is told by what stands before it: behind a value it divides.  The
 * same goes for '%', which makes a share of a number that it touches and divides otherwise.
 *
 * Cost   one pass over the text; texts with escapes are copied into the arena, all others point into it.
 */
#include "expr/lex.h"

#include "unit/unit.h"

static struct qos_at place(const struct qos_lexer *l, const char *p)
{
	return (struct qos_at){ l->at.file, l->at.line, l->at.column + (int)(p - l->start) };
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return is_name_start(c) || is_digit(c) || c == '.';
}

/* The byte that ends what begins at p, backslashes skipped over; NULL when there is none. */
static const char *closing(const struct qos_lexer *l, const char *p, bool escapes)
{
	const char quote = *p;
	bool in_set = false; /* [/] of a regular expression does not end it */

	for (p++; p < l->end; p++) {
		if (*p == '\\' && escapes && p + 1 < l->end)
			p++;
		else if (*p == quote && !in_set)
			return p;
		else if (quote == '/' && (*p == '[' || *p == ']'))
			in_set = *p == '[';
	}
	return NULL;
}

/* Room for the text between the quotes at l->p and *end, which becomes smaller only. */
static int open_quoted(struct qos_lexer *l, bool escapes, const char **end, char **to)
{
	*end = closing(l, l->p, escapes);
	if (!*end)
		return qos_fail(l->err, QOS_EUSAGE, place(l, l->p), "%c without its end", *l->p);
	*to = qos_arena_get(l->arena, (size_t)(*end - l->p));
	return *to ? 0 : qos_fail_memory(l->err, "expression");
}

/* A quoted text from the quote at l->p on; escapes \n \t \r \\ \" \' \/ are undone, others stay as they are. */
static int quoted(struct qos_lexer *l, struct qos_token *t)
{
	bool escapes = *l->p != '`';
	const char *end;
	char *to;
	int rc = open_quoted(l, escapes, &end, &to);

	if (rc)
		return rc;
	t->text.p = to;
	t->kind = escapes ? QOS_TOKEN_TEXT : QOS_TOKEN_NAME;
	t->quoted = true;
	for (l->p++; l->p < end; l->p++) {
		char c = *l->p;

		if (c == '\\' && escapes) {
			c = *++l->p;
			if (c == 'n' || c == 't' || c == 'r')
				c = c == 'n' ? '\n' : c == 't' ? '\t' : '\r';
			else if (c != '\\' && c != '"' && c != '\'' && c != '/')
				*to++ = '\\';
		}
		*to++ = c;
	}
	l->p = end + 1;
	t->text.n = (size_t)(to - t->text.p);
	return 0;
}

static int regex_flags(struct qos_lexer *l, struct qos_token *t)
{
	static const char letters[] = "ismx";

	for (; l->p < l->end && is_name(*l->p); l->p++) {
		const char *letter = strchr(letters, *l->p);

		if (!letter)
			return qos_fail(l->err, QOS_EUSAGE, place(l, l->p),
					"a regular expression has the flags i, s, m and x; this is none of them");
		t->flags |= 1u << (letter - letters);
	}
	return 0;
}

/* /pattern/flags; \/ is a slash, every other escape belongs to the pattern. */
static int regex(struct qos_lexer *l, struct qos_token *t)
{
	const char *end;
	char *to;
	int rc = open_quoted(l, true, &end, &to);

	if (rc)
		return rc;
	t->text.p = to;
	t->kind = QOS_TOKEN_REGEX;
	for (l->p++; l->p < end; l->p++) {
		if (*l->p == '\\' && *++l->p != '/')
			*to++ = '\\';
		*to++ = *l->p;
	}
	l->p = end + 1;
	t->text.n = (size_t)(to - t->text.p);
	return regex_flags(l, t);
}

/* The end of the digits, point and exponent at p. */
static const char *number_end(const struct qos_lexer *l, const char *p)
{
	const char *e;

	while (p < l->end && (is_digit(*p) || *p == '.'))
		p++;
	if (p == l->end || (*p | 32) != 'e')
		return p;
	e = p + 1;
	if (e < l->end && (*e == '-' || *e == '+'))
		e++;
	if (e == l->end || !is_digit(*e))
		return p;
	while (e < l->end && is_digit(*e))
		e++;
	return e;
}

/* 30%: a part of 1; `10 % 3` and `10%3` divide */
static bool is_percent(const struct qos_lexer *l, const char *p)
{
	return p < l->end && *p == '%' && (p + 1 == l->end || (!is_name(p[1]) && p[1] != '('));
}

/* The end of the unit at p: letters, and "/s" behind them. */
static const char *unit_end(const struct qos_lexer *l, const char *p)
{
	while (p < l->end && is_name(*p))
		p++;
	if (l->end - p >= 2 && p[0] == '/' && p[1] == 's' && (l->end - p == 2 || !is_name(p[2])))
		p += 2;
	return p;
}

bool qos_lex_unit(struct qos_str text, enum qos_dimension d, double *x)
{
	int64_t n;

	if (d == QOS_DIMENSION_SECONDS ? qos_unit_duration(text, 0, &n, NULL)
	    : d == QOS_DIMENSION_BYTES ? qos_unit_size(text, &n, NULL)
				       : qos_unit_bitrate(text, &n, NULL))
		return false;
	*x = d == QOS_DIMENSION_SECONDS ? qos_seconds(n) : (double)n;
	return true;
}

/* A number with an optional unit; what 5m is, minutes or megabytes, is settled by what it is compared with. */
static int number(struct qos_lexer *l, struct qos_token *t)
{
	const char *from = l->p, *p = number_end(l, from);
	bool mega;

	t->kind = QOS_TOKEN_NUMBER;
	t->text = (struct qos_str){ from, (size_t)(p - from) };
	if (qos_unit_number(t->text, &t->number))
		return qos_fail(l->err, QOS_EUSAGE, place(l, from), "\"%.*s\" is no number", QOS_STR_ARG(t->text));
	l->p = p;
	if (is_percent(l, p)) {
		t->number /= 100;
		l->p++;
		return 0;
	}
	if (p == l->end || !is_name_start(*p))
		return 0;
	l->p = unit_end(l, p);
	t->text.n = (size_t)(l->p - from);
	t->has_unit = true;
	mega = l->p - p == 1 && *p == 'M'; /* nobody writes minutes that way */
	if ((!mega && qos_lex_unit(t->text, QOS_DIMENSION_SECONDS, &t->number)) ||
	    qos_lex_unit(t->text, QOS_DIMENSION_BYTES, &t->number) ||
	    qos_lex_unit(t->text, QOS_DIMENSION_BPS, &t->number))
		return 0;
	return qos_fail(l->err, QOS_EUSAGE, place(l, from),
			"\"%.*s\" has a unit that is not known; write for example 10ms, 1MiB or 10mbit",
			QOS_STR_ARG(t->text));
}

static const struct {
	const char *text;
	enum qos_op op;
} operators[] = {
	{ "==", QOS_OP_EQ },    { "!=", QOS_OP_NE },        { "<=", QOS_OP_LE },   { ">=", QOS_OP_GE },
	{ "=~", QOS_OP_MATCH }, { "!~", QOS_OP_NOT_MATCH }, { "&&", QOS_OP_AND },  { "||", QOS_OP_OR },
	{ "<", QOS_OP_LT },     { ">", QOS_OP_GT },         { "~", QOS_OP_MATCH }, { "!", QOS_OP_NOT },
	{ "+", QOS_OP_ADD },    { "-", QOS_OP_SUB },        { "*", QOS_OP_MUL },   { "/", QOS_OP_DIV },
	{ "%", QOS_OP_MOD },    { "(", QOS_OP_OPEN },       { ")", QOS_OP_CLOSE }, { ",", QOS_OP_COMMA },
};

static int operator(struct qos_lexer *l, struct qos_token *t)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		size_t n = strlen(operators[i].text);

		if ((size_t)(l->end - l->p) >= n && memcmp(l->p, operators[i].text, n) == 0) {
			t->kind = QOS_TOKEN_OP;
			t->op = operators[i].op;
			l->p += n;
			return 0;
		}
	}
	if (*l->p == '&' || *l->p == '|')
		return qos_fail(l->err, QOS_EUSAGE, place(l, l->p), "%c alone; write %s", *l->p,
				*l->p == '&' ? "&&" : "||");
	if (*l->p == '=')
		return qos_fail(l->err, QOS_EUSAGE, place(l, l->p), "= alone; write == to compare, =~ to match");
	if (*l->p < ' ' || *l->p > '~')
		return qos_fail(l->err, QOS_EUSAGE, place(l, l->p), "a byte 0x%02x does not belong here",
				(unsigned char)*l->p);
	return qos_fail(l->err, QOS_EUSAGE, place(l, l->p), "\"%c\" does not belong here", *l->p);
}

static void name(struct qos_lexer *l, struct qos_token *t)
{
	static const struct {
		const char *text;
		enum qos_op op;
	} words[] = { { "and", QOS_OP_AND }, { "or", QOS_OP_OR }, { "not", QOS_OP_NOT }, { "in", QOS_OP_IN } };
	const char *from = l->p;

	while (l->p < l->end && is_name(*l->p))
		l->p++;
	t->text = (struct qos_str){ from, (size_t)(l->p - from) };
	t->kind = QOS_TOKEN_NAME;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (qos_str_is(t->text, words[i].text)) {
			t->kind = QOS_TOKEN_OP;
			t->op = words[i].op;
		}
}

int qos_lex(struct qos_lexer *l, struct qos_token *t)
{
	int rc = 0;

	while (l->p < l->end && (*l->p == ' ' || *l->p == '\t' || *l->p == '\n' || *l->p == '\r'))
		l->p++;
	*t = (struct qos_token){ .at = place(l, l->p) };
	if (l->p == l->end)
		return 0;
	if (*l->p == '"' || *l->p == '\'' || *l->p == '`')
		rc = quoted(l, t);
	else if (is_digit(*l->p) || (*l->p == '.' && l->p + 1 < l->end && is_digit(l->p[1])))
		rc = number(l, t);
	else if (is_name_start(*l->p))
		name(l, t);
	else if (*l->p == '/' && !l->value_before)
		rc = regex(l, t);
	else
		rc = operator(l, t);
	l->value_before = t->kind == QOS_TOKEN_NAME || t->kind == QOS_TOKEN_NUMBER || t->kind == QOS_TOKEN_TEXT ||
			  t->op == QOS_OP_CLOSE;
	return rc;
}
