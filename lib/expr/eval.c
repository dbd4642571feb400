/*
 * What is it for this record?
 *
 * One loop over the code; no recursion, no allocation but for texts that have to be made and are longer than any
 * before. A comparison with something that is absent, or that is no number where numbers are compared, is false, and so
 * is its opposite.
 *
 * Cost   a few ns an instruction; most conditions are one to three of them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "expr/code.h"

static const struct qos_expr_value absent = { .type = QOS_EXPR_ANY };

static struct qos_expr_value truth(bool b)
{
	return (struct qos_expr_value){ QOS_EXPR_BOOL, b, b ? QOS_STR("true") : QOS_STR("false") };
}

static struct qos_expr_value number(double x)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = x };
}

static struct qos_expr_value text(struct qos_str s)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_TEXT, .text = s };
}

/* --- comparing --- */

static bool is_number(const struct qos_expr_value *v)
{
	return v->type == QOS_EXPR_NUMBER;
}

static bool to_number(const struct qos_expr_value *v, double *x)
{
	if (v->type == QOS_EXPR_NUMBER || v->type == QOS_EXPR_BOOL) {
		*x = v->number;
		return true;
	}
	return v->text.p && v->text.n && qos_unit_number(v->text, x) == 0;
}

static bool compare_numbers(enum qos_op op, double x, double y)
{
	switch (op) {
	case QOS_OP_EQ: return x == y;
	case QOS_OP_NE: return x < y || x > y;
	case QOS_OP_LT: return x < y;
	case QOS_OP_LE: return x <= y;
	case QOS_OP_GT: return x > y;
	default: return x >= y;
	}
}

/* low < normal < high < critical; -1 for anything else */
static int urgency(struct qos_str s)
{
	static const char *const names[] = { "low", "normal", "high", "critical" };

	for (int i = 0; i < 4; i++)
		if (qos_str_is(s, names[i]))
			return i;
	return -1;
}

static bool compare_texts(enum qos_op op, struct qos_str a, struct qos_str b, bool urgencies)
{
	int order, u, v;

	if (op == QOS_OP_EQ || op == QOS_OP_NE)
		return qos_str_equal(a, b) == (op == QOS_OP_EQ);
	if (!urgencies) {
		order = qos_str_compare(a, b);
		return compare_numbers(op, order, 0);
	}
	u = urgency(a);
	v = urgency(b);
	return u >= 0 && v >= 0 && compare_numbers(op, u, v);
}

bool qos_expr_compare(enum qos_op op, const struct qos_expr_value *a, const struct qos_expr_value *b, bool urgencies)
{
	double x, y;

	if (is_number(a) || is_number(b))
		return to_number(a, &x) && to_number(b, &y) && compare_numbers(op, x, y);
	if (!a->text.p || !b->text.p)
		return false;
	if (a->type == QOS_EXPR_ANY && b->type == QOS_EXPR_ANY && to_number(a, &x) && to_number(b, &y))
		return compare_numbers(op, x, y);
	return compare_texts(op, a->text, b->text, urgencies);
}

/* --- values --- */

static struct qos_expr_value count(enum qos_op op, const struct qos_expr_value *a, const struct qos_expr_value *b)
{
	double x, y;

	if (!to_number(a, &x) || !to_number(b, &y))
		return absent;
	switch (op) {
	case QOS_OP_ADD: return number(x + y);
	case QOS_OP_SUB: return number(x - y);
	case QOS_OP_MUL: return number(x * y);
	case QOS_OP_DIV: return y == 0 ? absent : number(x / y);
	default: return y == 0 ? absent : number(fmod(x, y));
	}
}

static char *room_for(struct qos_expr_room *room, size_t bytes)
{
	if (bytes > room->bytes || !room->p) {
		char *p = realloc(room->p, 2 * bytes + 1);

		if (!p)
			return NULL;
		room->p = p;
		room->bytes = 2 * bytes;
	}
	return room->p;
}

static struct qos_expr_value changed_case(struct qos_expr_room *room, struct qos_str s, char from, char to)
{
	char *p = room_for(room, s.n);

	if (!p)
		return absent;
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= from && s.p[i] < from + 26 ? (char)(s.p[i] + to - from) : s.p[i];
	return text((struct qos_str){ p, s.n });
}

static struct qos_expr_value as_text(struct qos_expr_room *room, const struct qos_expr_value *v)
{
	char *p;

	if (v->text.p)
		return text(v->text);
	p = is_number(v) ? room_for(room, 32) : NULL;
	return p ? text((struct qos_str){ p, (size_t)snprintf(p, 32, "%.15g", v->number) }) : absent;
}

static bool contains(struct qos_str s, struct qos_str part)
{
	return part.n == 0 || memmem(s.p, s.n, part.p, part.n) != NULL;
}

static struct qos_expr_value on_texts(enum qos_function f, struct qos_str a, struct qos_str b,
				      struct qos_expr_room *room)
{
	switch (f) {
	case QOS_FN_STARTSWITH: return truth(qos_str_starts(a, b));
	case QOS_FN_ENDSWITH: return truth(qos_str_ends(a, b));
	case QOS_FN_CONTAINS: return truth(contains(a, b));
	case QOS_FN_LOWER: return changed_case(room, a, 'A', 'a');
	case QOS_FN_UPPER: return changed_case(room, a, 'a', 'A');
	default: return number((double)a.n); /* length */
	}
}

static struct qos_expr_value on_numbers(enum qos_function f, double x, double y)
{
	switch (f) {
	case QOS_FN_MIN: return number(fmin(x, y));
	case QOS_FN_MAX: return number(fmax(x, y));
	case QOS_FN_ABS: return number(fabs(x));
	default: return number(x);
	}
}

/* A function of something absent is absent, or false. */
static struct qos_expr_value call(struct qos_expr *e, const struct qos_instruction *i, const struct qos_expr_value *v)
{
	struct qos_expr_room *room = &e->rooms[i->b];
	double x = 0, y = 0;

	if (i->op == QOS_FN_TEXT)
		return as_text(room, v);
	if (i->op == QOS_FN_NUMBER || i->op >= QOS_FN_MIN)
		return to_number(&v[0], &x) && (i->n < 2 || to_number(&v[1], &y)) ? on_numbers(i->op, x, y) : absent;
	if (!v[0].text.p || (i->n > 1 && !v[1].text.p))
		return qos_functions[i->op].result == QOS_EXPR_BOOL ? truth(false) : absent;
	return on_texts(i->op, v[0].text, i->n > 1 ? v[1].text : (struct qos_str){ NULL, 0 }, room);
}

/* --- tests --- */

static bool is_true(const struct qos_expr_value *v)
{
	if (v->type == QOS_EXPR_BOOL || v->type == QOS_EXPR_NUMBER)
		return v->number != 0;
	return qos_str_is(v->text, "true");
}

static bool in_list(const struct qos_expr_value *a, const struct qos_instruction *i)
{
	for (int k = 0; k < i->n; k++)
		if (qos_expr_compare(QOS_OP_EQ, a, &i->items[k].value, false))
			return true;
	return false;
}

static bool search(struct qos_regex *regex, enum qos_op op, struct qos_str s)
{
	bool hit;

	if (!s.p)
		return false; /* what is absent is neither found nor not found */
	hit = regex->hit ? *regex->hit : qos_pcre_found(regex->pcre, s);
	return hit == (op == QOS_OP_MATCH);
}

static bool test_number(struct qos_expr *e, const struct qos_instruction *i, const struct qos_record *r)
{
	double x;

	return qos_slot_number(e->slots, i->a, r, &x) && compare_numbers(i->op, x, i->number);
}

static bool test_text(struct qos_expr *e, const struct qos_instruction *i, const struct qos_record *r)
{
	const struct qos_expr_value *v = qos_slot_value(e->slots, i->a, r);

	return v->text.p && compare_texts(i->op, v->text, i->text, i->urgencies);
}

/* Does a test go on at `yes`? */
static bool test(struct qos_expr *e, const struct qos_instruction *i, const struct qos_record *r)
{
	switch ((enum qos_do)i->what) {
	case QOS_DO_NUMBER: return test_number(e, i, r);
	case QOS_DO_TEXT: return test_text(e, i, r);
	case QOS_DO_HAS: return qos_slot_has(e->slots, i->a, r);
	case QOS_DO_MATCH: return search(&e->regex[i->b], i->op, qos_slot_value(e->slots, i->a, r)->text);
	case QOS_DO_COMPARE: return qos_expr_compare(i->op, &e->reg[i->a], &e->reg[i->b], i->urgencies);
	case QOS_DO_IN: return in_list(&e->reg[i->a], i);
	case QOS_DO_SEARCH: return search(&e->regex[i->b], i->op, e->reg[i->a].text);
	case QOS_DO_PRESENT: return e->reg[i->a].type != QOS_EXPR_ANY || e->reg[i->a].text.p;
	default: return is_true(&e->reg[i->a]);
	}
}

/* Puts a value into register a. */
static void make(struct qos_expr *e, const struct qos_instruction *i, const struct qos_record *r)
{
	struct qos_expr_value *v = &e->reg[i->a];
	double x;

	switch ((enum qos_do)i->what) {
	case QOS_DO_FIELD: *v = *qos_slot_value(e->slots, i->b, r); return;
	case QOS_DO_SCOPE: *v = e->scope->get(e->scope->self, i->b); return;
	case QOS_DO_CONSTANT: *v = *i->value; return;
	case QOS_DO_NEGATE: *v = to_number(v, &x) ? number(-x) : absent; return;
	case QOS_DO_COUNT: *v = count(i->op, v, v + 1); return;
	case QOS_DO_CALL: *v = call(e, i, v); return;
	default: *v = truth(v->text.p && qos_network_holds(i->network, v->text)); return;
	}
}

/* Runs from one instruction to a stop, whose number it gives. */
static int run(struct qos_expr *e, int at, const struct qos_record *r)
{
	const struct qos_instruction *i;

	while ((i = &e->code[at])->what != QOS_DO_STOP) {
		if (i->what < QOS_DO_FIELD) {
			at = test(e, i, r) ? i->yes : i->no;
		} else {
			make(e, i, r);
			at = i->yes;
		}
	}
	return at;
}

/* --- the public face --- */

bool qos_expr_holds(struct qos_expr *e, const struct qos_record *r)
{
	return run(e, e->start, r) == QOS_STOP_TRUE;
}

bool qos_expr_true(struct qos_expr *e, const struct qos_record *r)
{
	if (e->own_slots)
		qos_slots_next(e->slots);
	return qos_expr_holds(e, r);
}

struct qos_expr_value qos_expr_value(struct qos_expr *e, const struct qos_record *r)
{
	int stop;

	if (e->own_slots)
		qos_slots_next(e->slots);
	stop = run(e, e->value_start, r);
	return stop == QOS_STOP_VALUE ? e->reg[0] : truth(stop == QOS_STOP_TRUE);
}

static int build(struct qos_expr *e, struct qos_str source, struct qos_at at, struct qos_err *err)
{
	struct qos_str kept = { NULL, source.n };
	int rc;

	if (source.n > QOS_EXPR_BYTES_MOST)
		return qos_fail(err, QOS_EUSAGE, at, "an expression of more than %d bytes", QOS_EXPR_BYTES_MOST);
	if (!e->slots || !(kept.p = qos_arena_copy(&e->arena, source)))
		return qos_fail_memory(err, "expression");
	if ((rc = qos_expr_parse(e, kept, at, err)) || (rc = qos_expr_check(e, err)))
		return rc;
	return qos_expr_generate(e, err);
}

static int compile(struct qos_expr **out, struct qos_expr *e, struct qos_str source, struct qos_at at,
		   struct qos_err *err)
{
	int rc = e ? build(e, source, at, err) : qos_fail_memory(err, "expression");

	*out = rc ? NULL : e;
	if (rc)
		qos_expr_free(e);
	return rc;
}

int qos_expr_compile(struct qos_expr **out, struct qos_str source, struct qos_at at, struct qos_fields *fields,
		     const struct qos_expr_scope *scope, struct qos_err *err)
{
	struct qos_expr *e = calloc(1, sizeof(*e));

	if (e) {
		e->scope = scope;
		e->fields = fields;
		e->slots = calloc(1, sizeof(*e->slots));
		e->own_slots = true;
	}
	return compile(out, e, source, at, err);
}

int qos_expr_compile_in(struct qos_expr **out, struct qos_str source, struct qos_at at, struct qos_fields *fields,
			struct qos_slots *slots, struct qos_err *err)
{
	struct qos_expr *e = calloc(1, sizeof(*e));

	if (e) {
		e->fields = fields;
		e->slots = slots;
	}
	return compile(out, e, source, at, err);
}

void qos_expr_free(struct qos_expr *e)
{
	if (!e)
		return;
	if (e->own_slots && e->slots) {
		qos_slots_free(e->slots);
		free(e->slots);
	}
	for (int i = 0; i < e->n_regexes; i++)
		qos_pcre_free(e->regex[i].pcre);
	for (int i = 0; e->rooms && i < e->n_rooms; i++)
		free(e->rooms[i].p);
	free(e->rooms);
	free(e->regex);
	free(e->node);
	free(e->code);
	free(e->reg);
	qos_arena_free(&e->arena);
	free(e);
}
