/* Pairs of logfmt; see pair.h. */
#include "format/pair.h"

#include "format/json_text.h"
#include "format/json_value.h"

static bool is_key(char c)
{
	return (unsigned char)c > ' ' && c != '=' && c != '"' && c != 127;
}

/* A quoted text from its quote on.   Returns  behind it; NULL when it does not close. */
static const char *take_quoted(const char *start, const char *p, const char *end, struct qos_cell *value)
{
	const char *open = ++p, *wrong;
	bool escaped = false;

	for (; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end) {
			escaped = true;
			p++;
		}
	if (p >= end)
		return NULL;
	*value = (struct qos_cell){ (uint32_t)(open - start), (uint32_t)(p - open), QOS_CELL_QUOTED };
	if (escaped && !qos_json_check_escapes(open, p, &wrong))
		value->kind = QOS_CELL_ESCAPED;
	return p + 1;
}

int qos_pair_take(struct qos_str line, const char **at, struct qos_pair *pair, const char **why)
{
	const char *p = *at, *end = line.p + line.n, *from;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	*at = p;
	if (p == end)
		return 0;
	while (p < end && is_key(*p))
		p++;
	*why = "a key is missing here; write key=value";
	if (p == *at)
		return -1;
	pair->key = (struct qos_str){ *at, (size_t)(p - *at) };
	pair->value = (struct qos_cell){ (uint32_t)(p - line.p), 0, QOS_CELL_TEXT };
	pair->bare = p == end || *p != '=';
	if (!pair->bare) {
		from = ++p;
		*why = "a quote opens here and does not close";
		if (p < end && *p == '"' && !(p = take_quoted(line.p, p, end, &pair->value))) {
			*at = from;
			return -1;
		}
		if (p == from) {
			while (p < end && *p != ' ' && *p != '\t')
				p++;
			pair->value =
				(struct qos_cell){ (uint32_t)(from - line.p), (uint32_t)(p - from), QOS_CELL_TEXT };
		}
	}
	*why = "a blank is missing here";
	if (p < end && *p != ' ' && *p != '\t') {
		*at = p;
		return -1;
	}
	*at = p;
	return 1;
}

void qos_pair_add_text(struct qos_out *o, struct qos_str text)
{
	bool bare = text.n > 0;

	for (size_t i = 0; i < text.n && bare; i++)
		bare = (unsigned char)text.p[i] > ' ' && text.p[i] != '"' && text.p[i] != '=' && text.p[i] != '\\' &&
		       (unsigned char)text.p[i] < 127;
	if (bare)
		qos_out_add(o, text.p, text.n);
	else
		qos_json_add_text(o, text);
}

void qos_pair_add_key(struct qos_out *o, struct qos_str name, bool first)
{
	if (!first)
		qos_out_byte(o, ' ');
	for (size_t i = 0; i < name.n; i++)
		qos_out_byte(o, is_key(name.p[i]) ? name.p[i] : '_');
	qos_out_byte(o, '=');
}
