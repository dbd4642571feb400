/*
 * The walk: RFC 8259's grammar over token offsets, without recursion.
 *
 * A token is the first byte of anything: bracket, comma, colon, opening quote, scalar.  What stands between a value and
 * the next token must be white space, so a string ends at the last other byte before it and is not looked into, unless
 * it has a backslash.  A key that stands where it stood in the record before, with the same bytes around it, needs one
 * comparison for all of it: blanks, quotes, text, colon.
 *
 * Lines have no tokens of their own.  Wherever white space is passed over it is done byte by byte up to a newline, so
 * that no object goes on in the next line.
 *
 * Cost   about 5 ns a member where it is expected; 25 ns elsewhere.
 */
#include "format/json_walk.h"

#include "format/json_value.h"

static const char *fail(struct qos_json_walk *w, const char *wrong, const char *why)
{
	w->wrong = wrong;
	w->why = *wrong == '\n' ? "the line ends before its object does" : why;
	return NULL;
}

/* White space inside of a line. */
static inline const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* From the end of what was taken to token t, which must be in the same line.   Returns  NULL when it is not. */
static inline const char *next_token(struct qos_json_walk *w, const uint32_t *t, const char *p, const char *why)
{
	const char *token = w->base + *t;

	if (__builtin_expect(p == token, 1))
		return p;
	p = skip_blanks(p);
	return p == token ? p : fail(w, p, why);
}

/* The closing quote of the string that is token t. */
static inline const char *closing_quote(const struct qos_json_walk *w, const uint32_t *t)
{
	const char *p = w->base + t[1] - 1;

	while (__builtin_expect(*p != '"', 0)) /* white space: the block is clean */
		p--;
	return p;
}

/* Is there a backslash between the two quotes? */
static inline bool has_escape(struct qos_json_walk *w, const char *open, const char *close)
{
	const char *slash;

	if (__builtin_expect(w->slash >= close, 1))
		return false;
	if (w->slash < open) {
		slash = memchr(open, '\\', (size_t)(w->limit - open));
		w->slash = slash ? slash : w->limit;
	}
	return w->slash < close;
}

static const char *check_string(struct qos_json_walk *w, const char *open, const char *close)
{
	const char *wrong, *why = qos_json_check_escapes(open + 1, close, &wrong);

	return why ? fail(w, wrong, why) : close + 1;
}

/* Sets the cell of a field. */
static inline void give(struct qos_json_walk *w, int id, struct qos_cell cell)
{
	struct qos_cell *to;

	if (id < 0)
		return;
	to = &w->keys->g->cell[id];
	if (to->kind == QOS_CELL_ABSENT)
		w->given[w->n_given++] = (uint16_t)id;
	*to = cell;
}

static inline struct qos_cell cell_of(const char *line, const char *from, const char *to, enum qos_cell_kind kind)
{
	return (struct qos_cell){ (uint32_t)(from - line), (uint32_t)(to - from), kind };
}

/* The key that is token t, behind `from`, where another one was expected.   Returns  NULL on an error. */
static struct qos_json_key *other_key(struct qos_json_walk *w, const uint32_t *t, int depth, const char *from)
{
	const char *open = next_token(w, t, from, "a key in quotes is missing here"), *close, *colon, *value;
	struct qos_json_key *key;
	struct qos_str text;

	if (open && *open != '"')
		open = fail(w, open, "a key in quotes is missing here");
	if (!open)
		return NULL;
	close = closing_quote(w, t);
	if (has_escape(w, open, close) && !check_string(w, open, close))
		return NULL;
	colon = next_token(w, t + 1, close + 1, "a colon is missing here");
	if (colon && *colon != ':')
		colon = fail(w, colon, "a colon is missing here");
	value = colon ? next_token(w, t + 2, colon + 1, "a value is missing here") : NULL;
	if (!value)
		return NULL;
	text = (struct qos_str){ open + 1, (size_t)(close - open - 1) };
	key = qos_json_key_find(w->keys, w->level, depth, text, from, (size_t)(value - from));
	if (!key)
		fail(w, open, "a field too many: there are 4096 in all inputs, or memory ran out");
	return key;
}

/* The key that is token t, behind p; its value is token t + 2.   Returns  NULL on an error. */
static inline struct qos_json_key *take_key(struct qos_json_walk *w, const uint32_t *t, int depth, const char *p,
					    struct qos_json_key *before)
{
	struct qos_json_key *key = before->next;

	if (__builtin_expect(++w->n_fields > QOS_JSON_FIELDS, 0)) {
		fail(w, p, "more than 4096 fields");
		return NULL;
	}
	if (key && key->parent == w->level[depth].parent && qos_json_key_matches(key, p) &&
	    w->base + t[2] == p + key->n_bytes)
		return key;
	key = other_key(w, t, depth, p);
	before->next = key == &w->keys->stray ? NULL : key;
	return key;
}

static inline const char *take_word(struct qos_json_walk *w, const char *p, const char *word, size_t n)
{
	return memcmp(p, word, n) == 0 ? p + n
				       : fail(w, p, "neither a number nor true, false or null; text needs quotes");
}

/* A number, true, false or null at p.   Returns  its end, or NULL; *kind. */
static inline const char *take_scalar(struct qos_json_walk *w, const char *p, enum qos_cell_kind *kind)
{
	const char *end;

	switch (*p) {
	case 't': *kind = QOS_CELL_TRUE; return take_word(w, p, "true", 4);
	case 'f': *kind = QOS_CELL_FALSE; return take_word(w, p, "false", 5);
	case 'n': *kind = QOS_CELL_NULL; return take_word(w, p, "null", 4);
	case '}':
	case ']':
	case ',':
	case ':': return fail(w, p, "a value is missing here");
	}
	*kind = QOS_CELL_NUMBER;
	end = qos_json_number_end(p);
	return end ? end : fail(w, p, "neither a number nor true, false or null; text needs quotes");
}

/* A string or scalar that is token t, for field id.   Returns  its end, or NULL. */
static inline const char *take_leaf(struct qos_json_walk *w, const uint32_t *t, const char *line, int id)
{
	const char *p = w->base + *t, *end;
	enum qos_cell_kind kind;

	if (*p == '"') {
		end = closing_quote(w, t);
		kind = has_escape(w, p, end) ? QOS_CELL_ESCAPED : QOS_CELL_QUOTED;
		give(w, id, cell_of(line, p + 1, end, kind));
		end = kind == QOS_CELL_ESCAPED ? check_string(w, p, end) : end + 1;
	} else if ((end = take_scalar(w, p, &kind))) {
		give(w, id, cell_of(line, p, end, kind));
	}
	return end;
}

/* Opens the object or array at p, the value of `key` (NULL: an element).   Returns  NULL when that is one too many. */
static const char *open_level(struct qos_json_walk *w, int depth, const char *p, struct qos_json_key *key)
{
	struct qos_json_level *level = &w->level[depth];

	if (depth == QOS_JSON_NESTING)
		return fail(w, p, "nested deeper than 128");
	level->start = p;
	level->object = *p == '{';
	level->id = key ? key->id : -1;
	level->told = level->object && key && level[-1].told && w->keys->deep;
	level->text = key ? key->text : (struct qos_str){ NULL, 0 };
	level->parent = !level->told ? &w->keys->nowhere : key == &w->keys->stray ? NULL : key;
	return p + 1;
}

/*
 * Behind a value that ends at p: closes what is closed there.
 *
 * Returns  where it ended: behind a comma, or behind the outermost bracket (*depth is -1); NULL on an error.
 */
static inline const char *take_ends(struct qos_json_walk *w, const uint32_t **t, const char *line, const char *p,
				    int *depth)
{
	for (;;) {
		const struct qos_json_level *level = &w->level[*depth];

		p = next_token(w, *t, p, "a comma or a closing bracket is missing here");
		if (!p)
			return NULL;
		if (*p == ',') {
			++*t;
			return p + 1;
		}
		if (*p != (level->object ? '}' : ']'))
			return fail(w, p, "a comma or a closing bracket is missing here");
		++*t;
		p++;
		give(w, level->id, cell_of(line, level->start, p, QOS_CELL_TREE));
		if (--*depth < 0)
			return p;
	}
}

static void start(struct qos_json_walk *w, const char *p)
{
	for (int i = 0; i < w->n_given; i++)
		w->keys->g->cell[w->given[i]].kind = QOS_CELL_ABSENT;
	w->n_given = 0;
	w->n_fields = 0;
	w->level[0] =
		(struct qos_json_level){ .start = p, .parent = &w->keys->root, .id = -1, .object = true, .told = true };
}

/* Is the level that was just opened closed at once, by token t?  p stands behind its bracket. */
static inline bool is_empty(const struct qos_json_walk *w, const uint32_t *t, const char *p, int depth)
{
	p = skip_blanks(p);
	return p == w->base + *t && *p == (w->level[depth].object ? '}' : ']');
}

/*
 * One member or element behind p, from token *t on.
 *
 * Returns  behind its value, or behind the bracket of a level that it opened; NULL on an error.
 */
static inline const char *take_member(struct qos_json_walk *w, const uint32_t **t, const char *line, const char *p,
				      int *depth, struct qos_json_key **before)
{
	struct qos_json_key *key = NULL;
	const uint32_t *token = *t;
	char first;

	if (w->level[*depth].object) {
		key = take_key(w, token, *depth, p, *before);
		if (!key)
			return NULL;
		*before = key;
		token += 2;
	} else if (!next_token(w, token, p, "a value is missing here")) {
		return NULL;
	}
	*t = token + 1;
	first = w->base[*token];
	if (first == '{' || first == '[')
		return open_level(w, ++*depth, w->base + *token, key);
	return take_leaf(w, token, line, key ? key->id : -1);
}

const char *qos_json_walk(struct qos_json_walk *w, const char *line)
{
	const uint32_t *t = w->at;
	const char *p = w->base + *t++;
	struct qos_json_key *before = &w->keys->root;
	int depth = 0, outer = -1; /* outer < depth: the level is new */

	start(w, p);
	p = *p == '{' ? p + 1 : fail(w, p, "is no JSON object; every line is one {...}");
	while (p && depth >= 0) {
		bool opened = outer < depth && !is_empty(w, t, p, depth);

		if (outer == depth || opened) {
			outer = depth;
			p = take_member(w, &t, line, p, &depth, &before);
			if (!p || outer < depth)
				continue;
		}
		p = take_ends(w, &t, line, p, &depth);
		outer = depth;
	}
	w->at = t;
	return p;
}

void qos_json_walk_block(struct qos_json_walk *w, const char *base, const char *limit, const uint32_t *tokens)
{
	w->base = base;
	w->limit = limit;
	w->at = tokens;
	w->slash = memchr(base, '\\', (size_t)(limit - base));
	if (!w->slash)
		w->slash = limit;
}

void qos_json_walk_skip(struct qos_json_walk *w, const char *p)
{
	while (w->base + *w->at < p)
		w->at++;
}
