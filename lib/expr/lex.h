/* Words of an expression, one after another. */
#ifndef QOS_EXPR_LEX_H
#define QOS_EXPR_LEX_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum qos_token_kind {
	QOS_TOKEN_END,
	QOS_TOKEN_NAME,   /* text: a field or function, backquotes undone */
	QOS_TOKEN_NUMBER, /* number, in base units; with a unit, text: as it was written */
	QOS_TOKEN_TEXT,   /* text, escapes undone */
	QOS_TOKEN_REGEX,  /* text: the pattern; flags */
	QOS_TOKEN_OP,     /* op: one of the operators below */
};

enum qos_op {
	QOS_OP_NONE,
	QOS_OP_EQ,
	QOS_OP_NE,
	QOS_OP_LT,
	QOS_OP_LE,
	QOS_OP_GT,
	QOS_OP_GE,
	QOS_OP_MATCH,
	QOS_OP_NOT_MATCH,
	QOS_OP_AND,
	QOS_OP_OR,
	QOS_OP_NOT,
	QOS_OP_IN,
	QOS_OP_ADD,
	QOS_OP_SUB,
	QOS_OP_MUL,
	QOS_OP_DIV,
	QOS_OP_MOD,
	QOS_OP_OPEN,
	QOS_OP_CLOSE,
	QOS_OP_COMMA,
};

enum { QOS_REGEX_I = 1, QOS_REGEX_S = 2, QOS_REGEX_M = 4, QOS_REGEX_X = 8 };

/* What a number counts; NONE: nothing that we know. */
enum qos_dimension { QOS_DIMENSION_NONE, QOS_DIMENSION_SECONDS, QOS_DIMENSION_BYTES, QOS_DIMENSION_BPS };

struct qos_token {
	enum qos_token_kind kind;
	enum qos_op op;
	unsigned flags; /* of a regex: QOS_REGEX_... */
	bool has_unit;  /* of a number: 5m may be minutes or megabytes */
	bool quoted;    /* a name in backquotes is never a keyword */
	double number;
	struct qos_str text;
	struct qos_at at;
};

struct qos_lexer {
	const char *p, *start, *end;
	struct qos_at at;        /* of start */
	struct qos_arena *arena; /* for texts with escapes */
	struct qos_err *err;
	bool value_before; /* the token before was a value: '/' divides */
};

/* The next token.   Fails  QOS_EUSAGE with the place inside the expression. */
int qos_lex(struct qos_lexer *l, struct qos_token *t);

/* Nanoseconds as seconds: the nearest double, as if it had been written in decimals. */
static inline double qos_seconds(int64_t ns)
{
	return (double)(ns / 1000000000) + (double)(ns % 1000000000) / 1e9;
}

/*
 * "10ms" as seconds, "5m" as bytes, "10mbit" as bit/s: a number with a unit, read as one of these.
 *
 * Returns  false when it is none of that dimension.
 */
bool qos_lex_unit(struct qos_str text, enum qos_dimension d, double *x);

#endif
