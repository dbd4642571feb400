/*
 * What does a field say, as text and as number?
 *
 * A slot remembers the record that it was read for by a stamp, so that a new record costs one addition, whatever the
 * number of slots.  A number is read from a text only when somebody asks for it.
 *
 * Cost   a few ns for a text; for a number what its parser costs; allocates only when a quoted text is longer than any
 *	  before.
 */
#include "expr/slot.h"

#include <stdlib.h>

#include "expr/lex.h"
#include "unit/timestamp.h"

enum qos_reading_as qos_slot_reading(int field, struct qos_str name)
{
	static const char *const numbers[] = { "dscp", "sport", "dport" }; /* of captures */

	switch (field) {
	case QOS_F_TS:
	case QOS_F_DEPART: return QOS_AS_TIME;
	case QOS_F_SIZE: return QOS_AS_BYTES;
	case QOS_F_SERVICE_TIME:
	case QOS_F_MAX_LATENCY:
	case QOS_F_QUEUE_WAIT:
	case QOS_F_SHAPE_WAIT: return QOS_AS_SECONDS;
	case QOS_F_RELIABILITY:
	case QOS_F_CONFIDENCE: return QOS_AS_NUMBER;
	case QOS_F_RATE: return QOS_AS_BPS;
	default: break;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (qos_str_is(name, numbers[i]))
			return QOS_AS_NUMBER;
	return field < QOS_N_KNOWN ? QOS_AS_TEXT : QOS_AS_ANY;
}

int qos_slots_add(struct qos_slots *s, int field, enum qos_reading_as as)
{
	for (int i = 0; i < s->n; i++)
		if (s->slot[i].field == field)
			return i;
	if (s->n == s->room) {
		int room = s->room ? 2 * s->room : 8;
		struct qos_slot *slot = realloc(s->slot, (size_t)room * sizeof(*slot));

		if (!slot)
			return -1;
		s->slot = slot;
		s->room = room;
	}
	s->slot[s->n] = (struct qos_slot){ .field = field, .as = as, .stamp = s->stamp - 1 };
	s->slot[s->n].has_default = field == QOS_F_PRIORITY || field == QOS_F_TENANT || field == QOS_F_SIZE ||
				    field == QOS_F_RELIABILITY || field == QOS_F_DEPART;
	return s->n++;
}

void qos_slots_free(struct qos_slots *s)
{
	for (int i = 0; i < s->n; i++)
		qos_scratch_free(&s->slot[i].scratch);
	free(s->slot);
	*s = (struct qos_slots){ 0 };
}

static void set_text(struct qos_slot *slot, enum qos_expr_type type, struct qos_str text)
{
	slot->value.type = type;
	slot->value.text = text;
	slot->number_known = false;
}

static void set_number(struct qos_slot *slot, enum qos_expr_type type, double x, struct qos_str text)
{
	set_text(slot, type, text);
	slot->value.number = x;
	slot->number_known = slot->is_number = true;
}

static void set_absent(struct qos_slot *slot)
{
	set_text(slot, QOS_EXPR_ANY, (struct qos_str){ NULL, 0 });
	slot->number_known = true;
	slot->is_number = false;
}

/* Where memory ran out it is as if it were absent: a rule that cannot read does not match. */
static struct qos_str text_of(struct qos_slot *slot, const struct qos_record *r, struct qos_cell c)
{
	if (c.kind != QOS_CELL_CSV && c.kind != QOS_CELL_ESCAPED)
		return (struct qos_str){ r->bytes + c.off, c.len };
	return qos_scratch_text(&slot->scratch, r, c);
}

/* A moment; what stands in ts may be of a form that the user described, all else is of a known one. */
static bool read_time(const struct qos_fields *described, struct qos_slot *slot, struct qos_str text, double *x)
{
	enum qos_time_form form;
	int64_t n;

	if (described ? qos_fields_ts(described, text, &n, slot->stamp_cache)
		      : qos_timestamp_parse(text, &n, &form, slot->stamp_cache, NULL))
		return false;
	*x = qos_seconds(n);
	return true;
}

/* What a known number is when it is written in its own way: seconds, bytes, a moment. */
static bool read_as(struct qos_slots *s, struct qos_slot *slot, struct qos_str text, double *x)
{
	int64_t n;

	switch (slot->as) {
	case QOS_AS_SECONDS:
		if (qos_unit_seconds(text, &n))
			return false;
		*x = qos_seconds(n);
		return true;
	case QOS_AS_TIME: return read_time(slot->field == QOS_F_TS ? s->fields : NULL, slot, text, x);
	case QOS_AS_BYTES:
		if (qos_unit_bytes(text, &n))
			return false;
		*x = (double)n;
		return true;
	case QOS_AS_BPS:
		if (qos_unit_bitrate(text, &n, NULL))
			return false;
		*x = (double)n;
		return true;
	default: return qos_unit_number(text, x) == 0;
	}
}

/* What a field that is absent or empty is taken for. */
static void read_default(struct qos_slots *s, struct qos_slot *slot, const struct qos_record *r)
{
	struct qos_cell ts = { 0 };
	double x;

	switch (slot->field) {
	case QOS_F_PRIORITY: set_text(slot, QOS_EXPR_TEXT, QOS_STR("normal")); return;
	case QOS_F_TENANT: set_text(slot, QOS_EXPR_TEXT, QOS_STR("default")); return;
	case QOS_F_SIZE: set_number(slot, QOS_EXPR_NUMBER, (double)r->n_bytes, (struct qos_str){ NULL, 0 }); return;
	case QOS_F_RELIABILITY: set_number(slot, QOS_EXPR_NUMBER, 0, QOS_STR("0")); return;
	case QOS_F_DEPART: ts = r->cell[QOS_F_TS]; break;
	default: break;
	}
	if (ts.len && read_time(s->fields, slot, text_of(slot, r, ts), &x))
		set_number(slot, QOS_EXPR_NUMBER, x, (struct qos_str){ r->bytes + ts.off, ts.len });
	else
		set_absent(slot);
}

void qos_slot_read(struct qos_slots *s, struct qos_slot *slot, const struct qos_record *r)
{
	struct qos_cell c = r->cell[slot->field];
	struct qos_str text;
	double x;

	slot->stamp = s->stamp;
	if (c.kind == QOS_CELL_ABSENT || c.kind == QOS_CELL_NULL ||
	    (c.len == 0 && slot->has_default && c.kind <= QOS_CELL_CSV)) {
		read_default(s, slot, r);
		return;
	}
	text = text_of(slot, r, c);
	if (slot->as != QOS_AS_TEXT && slot->as != QOS_AS_ANY) {
		if (text.p && text.n && read_as(s, slot, text, &x))
			set_number(slot, QOS_EXPR_NUMBER, x, text);
		else
			set_absent(slot);
	} else if (c.kind == QOS_CELL_TRUE || c.kind == QOS_CELL_FALSE) {
		set_number(slot, QOS_EXPR_BOOL, c.kind == QOS_CELL_TRUE,
			   c.kind == QOS_CELL_TRUE ? QOS_STR("true") : QOS_STR("false"));
	} else {
		set_text(slot, slot->as == QOS_AS_TEXT ? QOS_EXPR_TEXT : QOS_EXPR_ANY, text);
	}
}

void qos_slot_read_number(struct qos_slot *slot)
{
	struct qos_expr_value *v = &slot->value;

	slot->number_known = true;
	slot->is_number = v->text.p && v->text.n && qos_unit_number(v->text, &v->number) == 0;
}
