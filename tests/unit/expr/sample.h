/* Records made of names and values, for tests of what reads fields. */
#ifndef TESTS_UNIT_EXPR_SAMPLE_H
#define TESTS_UNIT_EXPR_SAMPLE_H

#include "expr/expr.h"
#include "tests/unit/test.h"

struct sample {
	struct qos_fields *fields;
	struct qos_cell cell[256]; /* by field id */
	char bytes[8192];
	struct qos_record r;
	struct qos_err err;
};

static inline void sample_new(struct sample *s)
{
	memset(s, 0, sizeof(*s));
	qos_fields_new(&s->fields, &s->err);
	s->r.bytes = s->bytes;
	s->r.cell = s->cell;
}

static inline void sample_free(struct sample *s)
{
	qos_fields_free(s->fields);
}

/* An empty record. */
static inline void sample_clear(struct sample *s)
{
	memset(s->cell, 0, sizeof(s->cell));
	s->r.n_bytes = 0;
}

/* Adds a field; its bytes are the text, quotes stand around it where the kind has some. */
static inline void sample_set_bytes(struct sample *s, const char *name, enum qos_cell_kind kind, struct qos_str text)
{
	int id = qos_fields_id(s->fields, qos_str(name));
	bool quotes = kind == QOS_CELL_QUOTED || kind == QOS_CELL_CSV || kind == QOS_CELL_ESCAPED;

	if (quotes)
		s->bytes[s->r.n_bytes++] = '"';
	s->cell[id] = (struct qos_cell){ .off = s->r.n_bytes, .len = (uint32_t)text.n & 0xfffffff, .kind = kind & 15 };
	memcpy(s->bytes + s->r.n_bytes, text.p, text.n);
	s->r.n_bytes += (uint32_t)text.n;
	if (quotes)
		s->bytes[s->r.n_bytes++] = '"';
	s->bytes[s->r.n_bytes++] = ',';
}

static inline void sample_set(struct sample *s, const char *name, const char *text)
{
	sample_set_bytes(s, name, QOS_CELL_TEXT, qos_str(text));
}

#endif
