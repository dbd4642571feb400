/*
 * Expressions over fields: `type == "health_check"`, `size > 1MiB && priority in ("low", "normal")`,
 * `payload ~ /panic|timed? out/i`, `has(meta.env)`, `startswith(service, "build-")`, `&& || !`, arithmetic,
 * parentheses.
 *
 * text -> lex -> parse (tree) -> type (every name resolved, every error found, units become numbers) -> eval
 */
#ifndef QOS_EXPR_EXPR_H
#define QOS_EXPR_EXPR_H

#include "base/err.h"
#include "record/record.h"

enum qos_expr_type { QOS_EXPR_BOOL, QOS_EXPR_NUMBER, QOS_EXPR_TEXT, QOS_EXPR_ANY /* told from the value at hand */ };

struct qos_expr_value {
	enum qos_expr_type type; /* of this value; ANY: absent */
	double number;           /* BOOL: 0 or 1; NUMBER: in base units (seconds, bytes, bit/s) */
	struct qos_str text;
};

/*
 * What names mean where they are not record fields (the gates of qos-stats).
 *
 * resolve	slot >= 0 of a name ("critical.p99") and its type, or -1: unknown
 * get		the value in a slot
 */
struct qos_expr_scope {
	int (*resolve)(void *self, struct qos_str name, enum qos_expr_type *type);
	struct qos_expr_value (*get)(const void *self, int slot);
	void *self;
};

struct qos_expr;

/*
 * Compiles an expression over record fields (which become wanted) or over a scope.
 *
 * at		place of the text's first byte; errors point into it
 * fields	for records; NULL with a scope
 * scope	NULL for records; borrowed for the life of the expression
 */
int qos_expr_compile(struct qos_expr **e, struct qos_str text, struct qos_at at, struct qos_fields *fields,
		     const struct qos_expr_scope *scope, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_expr_free(struct qos_expr *e);
/* Is it a condition?   Fails  QOS_EUSAGE when it is a number or a text, saying what it would have to be. */
int qos_expr_need_truth(const struct qos_expr *e, struct qos_err *err);
/* Is it true for this record (NULL with a scope)?  An absent field compares false with everything, != too. */
bool qos_expr_true(struct qos_expr *e, const struct qos_record *r);
/* Its value; text borrowed until the next call. */
struct qos_expr_value qos_expr_value(struct qos_expr *e, const struct qos_record *r);

#endif
