/*
 * What an expression runs as: tests with two ways out, and steps that put a value into a register and go on.
 *
 * && || ! leave no trace: they only decide where the tests lead to.
 */
#ifndef QOS_EXPR_CODE_H
#define QOS_EXPR_CODE_H

#include "expr/network.h"
#include "expr/tree.h"

enum qos_do {
	QOS_DO_STOP, /* the end; the instruction's own number says which: see below */
	/* tests */
	QOS_DO_NUMBER,  /* slot a `op` number */
	QOS_DO_TEXT,    /* slot a `op` text */
	QOS_DO_HAS,     /* slot a is there and not empty */
	QOS_DO_MATCH,   /* regex b is found (or not: op) in slot a */
	QOS_DO_COMPARE, /* register a `op` register b */
	QOS_DO_IN,      /* register a equals one of items[0 .. n - 1] */
	QOS_DO_SEARCH,  /* regex b is found (or not: op) in register a */
	QOS_DO_TRUE,    /* register a is true */
	QOS_DO_PRESENT, /* register a has a value */
	/* values; they go on at `yes` */
	QOS_DO_FIELD,    /* register a = slot b */
	QOS_DO_SCOPE,    /* register a = slot b of the scope */
	QOS_DO_CONSTANT, /* register a = *value */
	QOS_DO_NEGATE,   /* register a = -register a */
	QOS_DO_COUNT,    /* register a = register a `op` register a + 1: arithmetic */
	QOS_DO_CALL,     /* register a = function op(register a, register a + 1); its text goes into room b */
	QOS_DO_CIDR,     /* register a = is it in *network */
};

/* code[0..2] */
enum { QOS_STOP_FALSE, QOS_STOP_TRUE, QOS_STOP_VALUE /* in register 0 */ };

struct qos_instruction {
	uint8_t what, op;
	bool urgencies; /* texts compare as priorities */
	uint16_t a;
	int b, n;
	int yes, no; /* where to go on */
	union {
		double number;
		struct qos_str text;
		const struct qos_expr_value *value;
		const struct qos_expr_node *items;
		const struct qos_network *network;
	};
};

#endif
