/*
 * Fields of a record as typed values, each read once per record, however many rules ask for it.
 */
#ifndef QOS_EXPR_SLOT_H
#define QOS_EXPR_SLOT_H

#include "expr/expr.h"
#include "unit/unit.h"

/* How a field's text is read. */
enum qos_reading_as { QOS_AS_TEXT, QOS_AS_NUMBER, QOS_AS_SECONDS, QOS_AS_BYTES, QOS_AS_TIME, QOS_AS_BPS, QOS_AS_ANY };

struct qos_slot {
	uint64_t stamp; /* of the record that the value is of */
	int field;      /* id */
	enum qos_reading_as as;
	bool has_default;  /* an absent field has a value all the same */
	bool number_known; /* `number` was tried to be read from the text */
	bool is_number;    /* and is one */
	struct qos_expr_value value;
	struct qos_scratch scratch;
	int64_t stamp_cache[2]; /* of the time stamp parser */
};

struct qos_slots {
	uint64_t stamp;
	struct qos_slot *slot; /* [n] */
	int n, room;
	const struct qos_fields *fields; /* how the input writes ts; NULL: as it is known */
};

/* How a field is read: known ones as what they are, all others as what they look like. */
enum qos_reading_as qos_slot_reading(int field, struct qos_str name);
/* The slot of a field, made if it is new.   Returns  -1 when memory ran out. */
int qos_slots_add(struct qos_slots *s, int field, enum qos_reading_as as);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_slots_free(struct qos_slots *s);
/* The next record: nothing is known of it yet. */
static inline void qos_slots_next(struct qos_slots *s)
{
	s->stamp++;
}

/* Reads the field anew; the others below call it. */
void qos_slot_read(struct qos_slots *s, struct qos_slot *slot, const struct qos_record *r);
/* As a number, if the text is one; the others below call it. */
void qos_slot_read_number(struct qos_slot *slot);

/*
 * The value of a field: text.p is NULL when it is absent (and has no default) or cannot be read as what it is.
 *
 * Text lives as long as the record and the slot.  JSON's true and false are BOOL and have their text as well.
 */
static inline const struct qos_expr_value *qos_slot_value(struct qos_slots *s, int i, const struct qos_record *r)
{
	struct qos_slot *slot = &s->slot[i];

	if (slot->stamp != s->stamp)
		qos_slot_read(s, slot, r);
	return &slot->value;
}

/* The same as a number.   Returns  false when it is none. */
static inline bool qos_slot_number(struct qos_slots *s, int i, const struct qos_record *r, double *x)
{
	struct qos_slot *slot = &s->slot[i];

	if (slot->stamp != s->stamp)
		qos_slot_read(s, slot, r);
	if (!slot->number_known)
		qos_slot_read_number(slot);
	*x = slot->value.number;
	return slot->is_number;
}

/* Is the field there, and not empty? */
static inline bool qos_slot_has(const struct qos_slots *s, int i, const struct qos_record *r)
{
	struct qos_cell c = r->cell[s->slot[i].field];

	return c.kind != QOS_CELL_ABSENT && c.kind != QOS_CELL_NULL && (c.len > 0 || c.kind >= QOS_CELL_TRUE);
}

#endif
