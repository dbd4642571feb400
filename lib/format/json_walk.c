/*
 * The walk: RFC 8259's grammar over token offsets, without recursion and without looking inside strings that have no
 * escapes.
 */
#include "format/json_walk.h"

#include <stdio.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool fail(struct qos_json_walk *w, const char *p, const char *why)
{
	w->wrong = p;
	snprintf(w->why, sizeof(w->why), "%s", why);
	return false;
}

/* Where the token at w->at ends, trailing white space left out. */
static const char *token_end(const struct qos_json_walk *w)
{
	const char *p = w->at + 1 < w->end ? w->base + w->at[1] : w->line_end;

	while (is_space(p[-1]))
		p--;
	return p;
}

bool qos_json_is_number(const char *p, const char *end)
{
	p += p < end && *p == '-';
	if (p == end || !is_digit(*p))
		return false;
	if (*p == '0')
		p++;
	else
		while (p < end && is_digit(*p))
			p++;
	if (p < end && *p == '.') {
		if (++p == end || !is_digit(*p))
			return false;
		while (p < end && is_digit(*p))
			p++;
	}
	if (p < end && (*p | 32) == 'e') {
		p++;
		p += p < end && (*p == '-' || *p == '+');
		if (p == end || !is_digit(*p))
			return false;
		while (p < end && is_digit(*p))
			p++;
	}
	return p == end;
}

static int hex4(const char *p, const char *end)
{
	int x = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = (char)(p[i] | 32);

		if (is_digit(p[i]))
			x = x * 16 + p[i] - '0';
		else if (c >= 'a' && c <= 'f')
			x = x * 16 + c - 'a' + 10;
		else
			return -1;
	}
	return x;
}

/* Escapes between p and end: the eight letters, \uXXXX, surrogates in pairs. */
static bool check_escapes(struct qos_json_walk *w, const char *p, const char *end)
{
	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		int code;

		p++;
		if (p == end || !strchr("\"\\/bfnrtu", *p) || !*p)
			return fail(w, p - 1, "an escape that JSON does not have");
		if (*p++ != 'u')
			continue;
		code = hex4(p, end);
		if (code < 0)
			return fail(w, p - 2, "\\u needs four hexadecimal digits");
		p += 4;
		if (code >= 0xdc00 && code <= 0xdfff)
			return fail(w, p - 6, "a lone surrogate");
		if (code < 0xd800 || code > 0xdbff)
			continue;
		if (end - p < 6 || p[0] != '\\' || p[1] != 'u' || hex4(p + 2, end) < 0xdc00 ||
		    hex4(p + 2, end) > 0xdfff)
			return fail(w, p - 6, "a lone surrogate");
		p += 6;
	}
	return true;
}

/* The string at w->at: its cell without the quotes. */
static bool string(struct qos_json_walk *w, struct qos_cell *c)
{
	const char *open = w->base + *w->at, *close = token_end(w) - 1;
	bool escaped;

	if (close <= open || *close != '"')
		return fail(w, open, "text after the end of a string");
	escaped = w->escapes && memchr(open + 1, '\\', (size_t)(close - open - 1));
	*c = (struct qos_cell){ .off = (uint32_t)(open + 1 - w->line),
				.len = (uint32_t)(close - open - 1),
				.kind = escaped ? QOS_CELL_ESCAPED : QOS_CELL_QUOTED };
	return !escaped || check_escapes(w, open + 1, close);
}

/* A number, true, false or null at w->at. */
static bool scalar(struct qos_json_walk *w, struct qos_cell *c)
{
	const char *p = w->base + *w->at, *end = token_end(w);
	size_t n = (size_t)(end - p);

	*c = (struct qos_cell){ .off = (uint32_t)(p - w->line), .len = (uint32_t)n };
	if (qos_json_is_number(p, end))
		c->kind = QOS_CELL_NUMBER;
	else if (n == 4 && memcmp(p, "true", 4) == 0)
		c->kind = QOS_CELL_TRUE;
	else if (n == 5 && memcmp(p, "false", 5) == 0)
		c->kind = QOS_CELL_FALSE;
	else if (n == 4 && memcmp(p, "null", 4) == 0)
		c->kind = QOS_CELL_NULL;
	else
		return fail(w, p, "neither a number nor true, false or null; text needs quotes");
	return true;
}

struct level {
	bool object;
	uint32_t off; /* its first byte in the line */
};

static void tell(struct qos_json_walk *w, int depth, struct qos_cell c)
{
	if (depth == 1 || (w->deep && w->n_arrays == 0))
		w->member(w->self, depth, c);
}

/* A key and its colon, at w->at, into the path. */
static bool key_of(struct qos_json_walk *w, int depth)
{
	struct qos_cell c;

	if (w->at == w->end || w->base[*w->at] != '"')
		return fail(w, w->at == w->end ? w->line_end : w->base + *w->at, "a key in quotes is missing here");
	if (!string(w, &c))
		return false;
	w->path[depth - 1] = (struct qos_str){ w->line + c.off, c.len };
	if (++w->at == w->end || w->base[*w->at] != ':')
		return fail(w, w->at == w->end ? w->line_end : w->base + *w->at, "a colon is missing here");
	w->at++;
	return true;
}

/* The cell of an object or array that ends at its closing bracket. */
static struct qos_cell tree_cell(const struct qos_json_walk *w, uint32_t off)
{
	return (struct qos_cell){ .off = off,
				  .len = (uint32_t)(w->base + *w->at - w->line) - off + 1,
				  .kind = QOS_CELL_TREE };
}

/*
 * One value at w->at: a leaf of an object is told, a container opens a level.
 *
 * Returns  false on an error; *opened when a level was opened.
 */
static bool value(struct qos_json_walk *w, struct level *stack, int *depth, bool *opened)
{
	struct qos_cell c;
	char first;

	*opened = false;
	if (w->at == w->end)
		return fail(w, w->line_end, "the line ends where a value is missing");
	first = w->base[*w->at];
	if (first == '{' || first == '[') {
		if (*depth == QOS_JSON_NESTING)
			return fail(w, w->base + *w->at, "nested deeper than 128");
		stack[(*depth)++] = (struct level){ first == '{', (uint32_t)(w->base + *w->at - w->line) };
		w->n_arrays += first == '[';
		*opened = true;
		w->at++;
		return true;
	}
	if (first == '"' ? !string(w, &c) : !scalar(w, &c))
		return false;
	w->at++;
	if (stack[*depth - 1].object)
		tell(w, *depth, c);
	return true;
}

/* Closing brackets at w->at; stops behind a comma, or at the end of the object itself (depth 0). */
static bool close_levels(struct qos_json_walk *w, struct level *stack, int *depth)
{
	for (;;) {
		const struct level *top = &stack[*depth - 1];
		char c;

		if (w->at == w->end)
			return fail(w, w->line_end, top->object ? "a } is missing" : "a ] is missing");
		c = w->base[*w->at];
		if (c == ',') {
			w->at++;
			return true;
		}
		if (c != (top->object ? '}' : ']'))
			return fail(w, w->base + *w->at, "a comma or a closing bracket is missing here");
		--*depth;
		w->n_arrays -= !top->object;
		if (*depth && stack[*depth - 1].object)
			tell(w, *depth, tree_cell(w, top->off));
		w->at++;
		if (*depth == 0)
			return w->at == w->end || fail(w, w->base + *w->at, "text after the end of the object");
	}
}

bool qos_json_walk(struct qos_json_walk *w)
{
	struct level stack[QOS_JSON_NESTING];
	int depth = 1;
	bool opened = true;

	if (w->at == w->end || w->base[*w->at] != '{')
		return fail(w, w->at == w->end ? w->line : w->base + *w->at,
			    "is no JSON object; every line is one {...}");
	stack[0] = (struct level){ .object = true };
	w->n_arrays = 0;
	w->wrong = NULL;
	w->at++;
	while (depth) {
		bool empty = opened && w->at < w->end && w->base[*w->at] == (stack[depth - 1].object ? '}' : ']');

		if (!empty) {
			if (stack[depth - 1].object && !key_of(w, depth))
				return false;
			if (!value(w, stack, &depth, &opened))
				return false;
			if (opened)
				continue;
		}
		if (!close_levels(w, stack, &depth))
			return false;
		opened = false;
	}
	return true;
}
