/*
 * A compiled expression from inside: nodes as they were parsed, for those who reason about it, and the code that runs.
 *
 * Nodes stand in one array, children before their parents, so that one pass over the array visits a node after
 * everything that it is made of.
 */
#ifndef QOS_EXPR_TREE_H
#define QOS_EXPR_TREE_H

#include "expr/expr.h"
#include "expr/lex.h"
#include "expr/pcre.h"
#include "expr/slot.h"

enum qos_node_kind {
	QOS_NODE_LITERAL, /* value */
	QOS_NODE_FIELD,   /* name; slot (of a scope: its slot), value.type: static type */
	QOS_NODE_UNARY,   /* op: NOT, SUB; a */
	QOS_NODE_BINARY,  /* op: comparison, arithmetic; a, b */
	QOS_NODE_CHAIN,   /* op: AND, OR; operands from the last one, b, back through `before` */
	QOS_NODE_IN,      /* a; items b .. b + n - 1, all literals */
	QOS_NODE_MATCH,   /* a ~ regex number b; op MATCH or NOT_MATCH */
	QOS_NODE_CALL,    /* function b of the table, arguments args[0 .. n - 1] */
};

struct qos_expr_node {
	enum qos_node_kind kind;
	enum qos_op op;
	int a, b, n;
	int before; /* the operand before this one in a chain; -1: the first */
	int args[2];
	int height; /* of the tree below, chains flat */
	int slot;   /* of a field */
	enum qos_dimension dimension;
	bool has_unit;               /* a number that was written with one, as `name` says */
	bool negative;               /* it had a minus */
	struct qos_str name;         /* of a field; of a number with a unit: as it was written */
	struct qos_expr_value value; /* of a literal; .type: static type of any node */
	struct qos_at at;
};

struct qos_regex {
	int slot; /* of the field that it is searched in; -1: a computed text */
	struct qos_str pattern;
	unsigned flags;        /* QOS_REGEX_... */
	struct qos_pcre *pcre; /* compiled; owned */
	const bool *hit;       /* bound: somebody else has searched the field; NULL: search here */
};

/* A text that had to be made: a number as text, letters in another case. */
struct qos_expr_room {
	char *p;
	size_t bytes;
};

struct qos_expr {
	/* what runs */
	struct qos_instruction *code; /* [n_code] */
	int n_code, code_room;
	int start;                  /* the first instruction, to learn whether it is true */
	int value_start;            /* the same, to learn its value */
	struct qos_expr_value *reg; /* [n_regs] */
	int n_regs;
	struct qos_expr_room *rooms; /* [n_rooms] */
	int n_rooms;
	struct qos_slots *slots; /* the fields that it reads: its own, or those of a set */
	bool own_slots;
	const struct qos_expr_scope *scope;
	/* what it was made from */
	struct qos_arena arena;
	struct qos_expr_node *node; /* [n_nodes]; the last one is the root */
	int n_nodes, node_room;
	struct qos_regex *regex; /* [n_regexes] */
	int n_regexes, regex_room;
	struct qos_fields *fields;
};

/* The functions there are. */
enum qos_function {
	QOS_FN_HAS,
	QOS_FN_STARTSWITH,
	QOS_FN_ENDSWITH,
	QOS_FN_CONTAINS,
	QOS_FN_LOWER,
	QOS_FN_UPPER,
	QOS_FN_LENGTH,
	QOS_FN_NUMBER,
	QOS_FN_TEXT,
	QOS_FN_CIDR,
	QOS_FN_MIN,
	QOS_FN_MAX,
	QOS_FN_ABS,
	QOS_N_FN
};
struct qos_function_info {
	const char *name;
	int n_args;
	enum qos_expr_type arg, result;
};
extern const struct qos_function_info qos_functions[QOS_N_FN];

#define QOS_EXPR_NESTING_MOST 128
#define QOS_EXPR_HEIGHT_MOST  1000 /* of a + b + c + ...; chains of && and || may have any length */
#define QOS_EXPR_BYTES_MOST   (1 << 18)

/* Text -> nodes.   Fails  QOS_EUSAGE with the place. */
int qos_expr_parse(struct qos_expr *e, struct qos_str text, struct qos_at at, struct qos_err *err);
/* Resolves names, gives every node its static type, refuses what cannot be right. */
int qos_expr_check(struct qos_expr *e, struct qos_err *err);
/* Nodes -> code. */
int qos_expr_generate(struct qos_expr *e, struct qos_err *err);

/*
 * Compiles an expression whose fields are read through the slots of a set: once per record for all of its expressions.
 *
 * slots	borrowed for the life of the expression; the set calls qos_slots_next() at each record
 */
int qos_expr_compile_in(struct qos_expr **e, struct qos_str text, struct qos_at at, struct qos_fields *fields,
			struct qos_slots *slots, struct qos_err *err);
/* Is it true for the record that the slots are at? */
bool qos_expr_holds(struct qos_expr *e, const struct qos_record *r);

/* 1: always true, 0: always false, -1: it depends. */
int qos_expr_constant(const struct qos_expr *e);

/* How two values compare, as `op` asks; urgencies: low < normal < high < critical. */
bool qos_expr_compare(enum qos_op op, const struct qos_expr_value *a, const struct qos_expr_value *b, bool urgencies);

#endif
