/*
 * Required literals of a regular expression.
 *
 * From the pattern's parts up: a part either has few exact texts, or is known to contain one of some texts, or nothing
 * is known of it.  Parts in a row that are exact multiply; where one is not, the better of what stands before, in and
 * behind it is kept: the longer the shortest of its texts, the better.  Alternatives add up.
 *
 * Only syntax that is understood for certain is used; anything else (look-around, inline flags, references) ends the
 * search with "nothing known", which is always right.
 *
 * Cost   at set-up only.   After  Cox, "Regular Expression Matching with a Trigram Index", 2012; exact sets instead of
 *	  trigrams.
 */
#include "expr/literal.h"

#include "expr/lex.h"
#include "expr/pcre.h"

#define EXACT_MOST   16 /* texts of an exact part */
#define BYTES_MOST   48 /* of one text; longer ones are cut into a row of parts */
#define NESTING_MOST 32

struct set {
	struct qos_str text[QOS_LITERALS_MOST];
	int n;
};

struct part {
	bool exact;     /* its texts are exactly those of `set` */
	struct set set; /* not exact: one of them is contained; n == 0: nothing known */
};

struct reader {
	const char *p, *end;
	unsigned flags;
	struct qos_arena *arena;
	bool unknown;    /* met something that is not understood, or memory ran out */
	bool asserts;    /* there are conditions beside the texts: ^ $ \b */
	bool possessive; /* what looks exact may fail all the same */
	int depth;
};

static struct part *alternatives(struct reader *r);

static struct part *new_part(struct reader *r, bool exact)
{
	struct part *p = qos_arena_get(r->arena, sizeof(*p));

	if (p)
		p->exact = exact;
	else
		r->unknown = true;
	return p;
}

static bool add_text(struct set *s, struct qos_str text, int most)
{
	for (int i = 0; i < s->n; i++)
		if (qos_str_equal(s->text[i], text))
			return true;
	if (s->n == most)
		return false;
	s->text[s->n++] = text;
	return true;
}

/* The part of one text. */
static struct part *text_part(struct reader *r, struct qos_str text)
{
	struct part *p = new_part(r, true);

	if (p)
		add_text(&p->set, text, EXACT_MOST);
	return p;
}

/* A byte, in small letters if the case does not count. */
static struct qos_str byte_text(struct reader *r, char c)
{
	char *p = qos_arena_get(r->arena, 1);

	if (!p) {
		r->unknown = true;
		return (struct qos_str){ "", 0 };
	}
	*p = r->flags & QOS_REGEX_I && c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
	return (struct qos_str){ p, 1 };
}

/* How good a set is to look for: the length of its shortest text, then how few there are. */
static int worth(const struct set *s)
{
	size_t shortest = 8; /* beyond that longer is not better */

	if (s->n == 0)
		return -1;
	for (int i = 0; i < s->n; i++)
		if (s->text[i].n < shortest)
			shortest = s->text[i].n;
	return shortest == 0 ? -1 : (int)shortest * (QOS_LITERALS_MOST + 1) + QOS_LITERALS_MOST - s->n;
}

static void keep_better(struct set *best, const struct set *s)
{
	if (worth(s) > worth(best))
		*best = *s;
}

/* a x b into a.   Returns  false, and leaves a, when that is too much. */
static bool multiply(struct reader *r, struct set *a, const struct set *b)
{
	struct set product = { .n = 0 };

	if (a->n * b->n > EXACT_MOST)
		return false;
	for (int i = 0; i < a->n; i++)
		for (int k = 0; k < b->n; k++) {
			size_t n = a->text[i].n + b->text[k].n;
			char *p = n > BYTES_MOST ? NULL : qos_arena_get(r->arena, n + 1);

			if (!p)
				return false;
			if (a->text[i].n)
				memcpy(p, a->text[i].p, a->text[i].n);
			if (b->text[k].n)
				memcpy(p + a->text[i].n, b->text[k].p, b->text[k].n);
			add_text(&product, (struct qos_str){ p, n }, EXACT_MOST);
		}
	*a = product;
	return true;
}

/* --- parts --- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The byte that an escape stands for, r->p behind its backslash; -1: it is none (a class, an assertion, unknown). */
static int escaped_byte(struct reader *r)
{
	static const char letters[] = "ntrfea", meant[] = "\n\t\r\f\x1b\a";
	char c = *r->p;
	const char *known = c ? strchr(letters, c) : NULL;

	if (known) {
		r->p++;
		return (unsigned char)meant[known - letters];
	}
	if (c == 'x' && r->end - r->p >= 3 && hex_digit(r->p[1]) >= 0 && hex_digit(r->p[2]) >= 0) {
		r->p += 3;
		return hex_digit(r->p[-2]) * 16 + hex_digit(r->p[-1]);
	}
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c >= 0x80 || c == 0)
		return -1;
	r->p++;
	return (unsigned char)c;
}

static struct part *escape(struct reader *r)
{
	int byte;

	if (++r->p == r->end) {
		r->unknown = true;
		return NULL;
	}
	byte = escaped_byte(r);
	if (byte >= 0x80) /* in a UTF-8 pattern it would be a character */
		r->unknown = true;
	else if (byte >= 0)
		return text_part(r, byte_text(r, (char)byte));
	else if (strchr("dDwWsShHvVN", *r->p))
		return r->p++, new_part(r, false);
	else if (strchr("bBAzZG", *r->p))
		return r->p++, r->asserts = true, text_part(r, QOS_STR(""));
	r->unknown = true;
	return NULL;
}

/* [...]: up to four bytes are alternatives, more are unknown texts. */
static struct part *byte_set(struct reader *r)
{
	struct part *p = new_part(r, true);
	bool few = p && r->p + 1 < r->end && r->p[1] != '^', first = true;

	r->p += r->p + 1 < r->end && r->p[1] == '^' ? 2 : 1;
	for (; r->p < r->end && (*r->p != ']' || first); first = false) {
		int c = (unsigned char)*r->p;

		if (c == '[' && r->p + 1 < r->end && strchr(":.=", r->p[1])) {
			r->unknown = true; /* [[:alpha:]] */
			return p;
		}
		r->p++;
		if (c == '\\') {
			r->unknown |= r->p < r->end && *r->p == 'Q'; /* \Q]\E: the set ends elsewhere */
			c = r->p < r->end ? escaped_byte(r) : -1;
			if (c < 0 && r->p < r->end)
				r->p++, few = false;
		}
		if (r->end - r->p > 1 && *r->p == '-' && r->p[1] != ']')
			few = false; /* a range; its other end is read as a byte of its own */
		if (c < 0 || c >= 0x80 || (few && !add_text(&p->set, byte_text(r, (char)c), 4)))
			few = false;
	}
	if (r->p == r->end)
		r->unknown = true;
	r->p++;
	if (p && !few)
		*p = (struct part){ .exact = false };
	return p;
}

/* r->p behind "(": what kind of group is it?   Returns  false when it is not understood. */
static bool skip_group_kind(struct reader *r)
{
	if (r->p == r->end || *r->p == '*')
		return false;
	if (*r->p != '?')
		return true;
	r->p++;
	if (r->p < r->end && *r->p == ':') {
		r->p++;
		return true;
	}
	if (r->p < r->end && *r->p == 'P')
		r->p++;
	if (r->end - r->p < 2 || *r->p != '<' || r->p[1] == '=' || r->p[1] == '!')
		return false;
	while (r->p < r->end && *r->p != '>')
		r->p++;
	return r->p++ < r->end;
}

static struct part *group(struct reader *r)
{
	struct part *p;

	r->p++;
	if (++r->depth > NESTING_MOST || !skip_group_kind(r)) {
		r->unknown = true;
		return NULL;
	}
	p = alternatives(r);
	r->depth--;
	if (r->p == r->end || *r->p != ')')
		r->unknown = true;
	r->p++;
	return p;
}

/* A character beyond ASCII: all of its bytes are one. */
static struct part *character(struct reader *r)
{
	const char *from = r->p++;

	while (r->p < r->end && ((unsigned char)*r->p & 0xc0) == 0x80)
		r->p++;
	return text_part(r, (struct qos_str){ from, (size_t)(r->p - from) });
}

static struct part *atom(struct reader *r)
{
	switch (*r->p) {
	case '\\': return escape(r);
	case '[': return byte_set(r);
	case '(': return group(r);
	case '.': return r->p++, new_part(r, false);
	case '^':
	case '$': return r->p++, r->asserts = true, text_part(r, QOS_STR(""));
	case '*':
	case '+':
	case '?': r->unknown = true; return NULL;
	default: return (unsigned char)*r->p >= 0x80 ? character(r) : text_part(r, byte_text(r, *r->p++));
	}
}

/* {2}, {2,}, {2,5} at r->p: the smallest number of times, r->p behind it; -1 when it is none, and so a plain brace. */
static int least_times(struct reader *r)
{
	const char *p = r->p + 1;
	int n = 0;

	if (p == r->end || *p < '0' || *p > '9')
		return -1;
	for (; p < r->end && *p >= '0' && *p <= '9'; p++)
		n = n < 1000 ? n * 10 + *p - '0' : n;
	if (p < r->end && *p == ',')
		for (p++; p < r->end && *p >= '0' && *p <= '9'; p++)
			;
	if (p == r->end || *p != '}')
		return -1;
	r->p = p + 1;
	return n;
}

/* What is left of a part that stands `least` times or more. */
static void repeat(struct reader *r, struct part *p, int least, bool at_most_once)
{
	bool lazy = r->p < r->end && *r->p == '?', possessive = r->p < r->end && *r->p == '+';

	r->p += lazy || possessive;
	r->possessive |= possessive;
	if (least == 0 && at_most_once && p->exact && add_text(&p->set, QOS_STR(""), EXACT_MOST))
		return;
	p->exact = false;
	if (least == 0)
		p->set.n = 0;
}

static struct part *repeated(struct reader *r)
{
	struct part *p = atom(r);
	int least;

	while (p && !r->unknown && r->p < r->end && strchr("*+?{", *r->p)) {
		if (*r->p == '{') {
			if ((least = least_times(r)) < 0) {
				r->unknown = true; /* a brace alone means different things to different engines */
				break;
			}
			repeat(r, p, least, false);
			continue;
		}
		r->p++;
		repeat(r, p, r->p[-1] == '+', r->p[-1] == '?');
	}
	return p;
}

static struct part *sequence(struct reader *r)
{
	struct part *whole = text_part(r, QOS_STR("")), *p;
	struct set best = { .n = 0 };
	bool exact = true;

	while (whole && !r->unknown && r->p < r->end && *r->p != '|' && *r->p != ')') {
		p = repeated(r);
		if (!p || r->unknown)
			return NULL;
		if (p->exact && multiply(r, &whole->set, &p->set))
			continue;
		exact = false;
		keep_better(&best, &whole->set);
		if (p->exact) {
			whole->set = p->set;
		} else {
			keep_better(&best, &p->set);
			whole->set.n = 0;
			add_text(&whole->set, QOS_STR(""), EXACT_MOST);
		}
	}
	if (whole && !exact) {
		keep_better(&best, &whole->set);
		whole->exact = false;
		whole->set = best;
	}
	return whole;
}

static struct part *alternatives(struct reader *r)
{
	struct part *all = sequence(r), *p;

	while (all && !r->unknown && r->p < r->end && *r->p == '|') {
		bool known = all->exact || all->set.n;

		r->p++;
		p = sequence(r);
		if (!p)
			return NULL;
		known &= p->exact || p->set.n;
		all->exact &= p->exact;
		for (int i = 0; known && i < p->set.n; i++)
			known = add_text(&all->set, p->set.text[i], QOS_LITERALS_MOST);
		all->exact &= known && all->set.n <= EXACT_MOST;
		if (!known)
			all->set.n = 0;
	}
	return all;
}

void qos_literals_of(struct qos_literals *l, struct qos_str pattern, unsigned flags, struct qos_arena *arena)
{
	struct reader r = { .p = pattern.p, .end = pattern.p + pattern.n, .flags = flags, .arena = arena };
	bool utf = qos_pcre_is_utf(pattern);
	struct part *p;

	l->n = 0;
	l->decide = false;
	/* other letters than a and A may be the same: the sign for kelvin is a k */
	if (pattern.n == 0 || flags & QOS_REGEX_X || (utf && flags & QOS_REGEX_I) || memchr(pattern.p, 0, pattern.n))
		return;
	p = alternatives(&r);
	if (!p || r.unknown || r.p < r.end || worth(&p->set) < 0)
		return;
	memcpy(l->text, p->set.text, sizeof(l->text));
	l->n = p->set.n;
	l->decide = p->exact && !r.asserts && !r.possessive && !utf;
}
