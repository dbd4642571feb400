/*
 * Records: from borrowed to kept, and from cells to text.
 *
 * A kept record is one piece of slab memory: the struct, the cells that the writer needs, the bytes.
 *
 * Cost   qos_record_keep() one copy and one slab allocation; qos_cell_text() nothing unless quoting must be undone.
 */
#include "record/record.h"

#include <assert.h>
#include <stdlib.h>

const char *const qos_drop_name[QOS_N_DROP] = {
	[QOS_DROP_NONE] = "",           [QOS_DROP_TAIL] = "tail",
	[QOS_DROP_STREAMS] = "streams", [QOS_DROP_OVERSIZE] = "oversize",
	[QOS_DROP_MEMORY] = "memory",   [QOS_DROP_EXPIRED] = "expired",
	[QOS_DROP_AQM] = "aqm",         [QOS_DROP_OVERFLOW] = "overflow",
	[QOS_DROP_SHED] = "shed",       [QOS_DROP_RATE] = "rate",
	[QOS_DROP_ROUTE] = "route",     [QOS_DROP_POLICE] = "police",
	[QOS_DROP_ERROR] = "error",     [QOS_DROP_UPSTREAM] = "upstream",
};

static size_t kept_bytes(size_t n_cells, size_t n_bytes)
{
	return sizeof(struct qos_record) + n_cells * sizeof(struct qos_cell) + n_bytes;
}

struct qos_record *qos_record_keep(const struct qos_record *r, const struct qos_fields *f, struct qos_slab *slab)
{
	size_t n_cells = r->kept ? r->n_cells : (size_t)f->n_keep;
	struct qos_record *k = qos_slab_get(slab, kept_bytes(n_cells, r->n_bytes));
	struct qos_cell *cell;
	char *bytes;

	if (!k)
		return NULL;
	*k = *r;
	cell = (struct qos_cell *)(k + 1);
	bytes = (char *)(cell + n_cells);
	for (size_t i = 0; i < n_cells; i++)
		cell[i] = r->kept ? r->cell[i] : r->cell[f->keep[i]];
	if (r->n_bytes)
		memcpy(bytes, r->bytes, r->n_bytes);
	k->cell = cell;
	k->n_cells = (uint16_t)n_cells;
	k->bytes = bytes;
	k->kept = true;
	return k;
}

void qos_record_drop(struct qos_record *r, const struct qos_fields *f, struct qos_slab *slab)
{
	if (r->kept)
		qos_slab_put(slab, r, kept_bytes(r->n_cells, r->n_bytes));
}

/* What stands between csv quotes, doubled quotes made single; a lone one stays, as libcsv reads it. */
static size_t undo_csv(const char *p, size_t n, char *to)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		to[k++] = p[i];
		i += p[i] == '"' && i + 1 < n && p[i + 1] == '"';
	}
	return k;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *p, const char *end)
{
	int32_t x = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		x = x * 16 + digit;
	}
	return x;
}

static char *put_utf8(char *to, int32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 63));
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	}
	return to;
}

/*
 * Undoes \uXXXX; *p stands behind the u.  Half of a pair alone becomes U+FFFD.  Six bytes in give three at most, twelve
 * give four, so the text never grows.
 */
static char *undo_unicode(const char **p, const char *end, char *to)
{
	int32_t c = hex4(*p, end), low;

	if (c < 0) {
		*to++ = 'u';
		return to;
	}
	*p += 4;
	if (c < 0xd800 || c > 0xdfff)
		return put_utf8(to, c);
	if (c > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return put_utf8(to, 0xfffd);
	low = hex4(*p + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return put_utf8(to, 0xfffd);
	*p += 6;
	return put_utf8(to, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
}

static size_t undo_json(const char *p, size_t n, char *to)
{
	static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *end = p + n, *start = to;

	while (p < end) {
		const char *known;

		if (*p != '\\' || p + 1 == end) {
			*to++ = *p++;
			continue;
		}
		p += 2;
		if (p[-1] == 'u')
			to = undo_unicode(&p, end, to);
		else if (p[-1] && (known = strchr(plain, p[-1])))
			*to++ = meant[known - plain];
		else
			*to++ = p[-1];
	}
	return (size_t)(to - start);
}

struct qos_str qos_cell_text(const struct qos_record *r, struct qos_cell c, char *scratch)
{
	const char *p = r->bytes + c.off;

	switch ((enum qos_cell_kind)c.kind) {
	case QOS_CELL_ABSENT:
	case QOS_CELL_NULL: return (struct qos_str){ "", 0 };
	case QOS_CELL_ZERO: return QOS_STR("0");
	case QOS_CELL_CSV: return (struct qos_str){ scratch, undo_csv(p, c.len, scratch) };
	case QOS_CELL_ESCAPED: return (struct qos_str){ scratch, undo_json(p, c.len, scratch) };
	default: return (struct qos_str){ p, c.len };
	}
}

struct qos_str qos_scratch_text(struct qos_scratch *s, const struct qos_record *r, struct qos_cell c)
{
	bool undone = c.kind == QOS_CELL_CSV || c.kind == QOS_CELL_ESCAPED;

	if (undone && c.len > s->room) {
		char *p = realloc(s->p, 2 * (size_t)c.len);

		if (!p)
			return (struct qos_str){ NULL, 0 };
		s->p = p;
		s->room = 2 * (size_t)c.len;
	}
	return qos_cell_text(r, c, s->p);
}

void qos_scratch_free(struct qos_scratch *s)
{
	free(s->p);
	*s = (struct qos_scratch){ 0 };
}

struct qos_str qos_cell_raw(const struct qos_record *r, struct qos_cell c)
{
	switch ((enum qos_cell_kind)c.kind) {
	case QOS_CELL_ABSENT: return (struct qos_str){ "", 0 };
	case QOS_CELL_QUOTED:
	case QOS_CELL_CSV:
	case QOS_CELL_ESCAPED: assert(c.off > 0); return (struct qos_str){ r->bytes + c.off - 1, (size_t)c.len + 2 };
	default: return (struct qos_str){ r->bytes + c.off, c.len };
	}
}
