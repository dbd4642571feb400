/*
 * An expression as nodes in one array, children before parents.
 */
#ifndef QOS_EXPR_TREE_H
#define QOS_EXPR_TREE_H

#include "expr/expr.h"
#include "expr/lex.h"

enum qos_node_kind {
	QOS_NODE_LITERAL, /* value */
	QOS_NODE_FIELD,   /* field (an id, or a slot of the scope), value.type its static type */
	QOS_NODE_UNARY,   /* op: NOT, SUB; a */
	QOS_NODE_BINARY,  /* op: comparison, arithmetic, AND, OR; a, b */
	QOS_NODE_IN,      /* a; items b .. b + n - 1 of the list, all literals */
	QOS_NODE_MATCH,   /* a ~ regex number b; op MATCH or NOT_MATCH */
	QOS_NODE_CALL,    /* function b of the table, arguments a .. through `args` */
};

/* How a known field's text becomes a number. */
enum qos_reading_as { QOS_AS_TEXT, QOS_AS_NUMBER, QOS_AS_SECONDS, QOS_AS_BYTES, QOS_AS_TIME, QOS_AS_BPS, QOS_AS_ANY };

struct qos_expr_node {
	enum qos_node_kind kind;
	enum qos_op op;
	int a, b, n;
	int args[3];
	int field;
	enum qos_reading_as as;
	struct qos_expr_value value; /* of a literal; .type: static type of any node */
	struct qos_at at;
	char *scratch; /* of a field or call: its text with quoting undone or case changed; owned */
	size_t scratch_bytes;
};

struct qos_regex {
	int field; /* id of the field it is searched in; -1: a computed text */
	struct qos_str pattern;
	unsigned flags;        /* QOS_REGEX_... */
	struct qos_pcre *pcre; /* compiled; owned */
	const bool *hit;       /* bound: somebody else has searched; NULL: search here */
};

struct qos_expr {
	struct qos_arena arena;
	struct qos_expr_node *node; /* [n_nodes]; the last one is the root */
	int n_nodes, room;
	struct qos_regex *regex; /* [n_regexes] */
	int n_regexes, regex_room;
	const struct qos_expr_scope *scope;
	struct qos_fields *fields;
};

/* The functions there are: name, number of arguments, their types, the result's type. */
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

/* Text -> nodes.   Fails  QOS_EUSAGE with the place. */
int qos_expr_parse(struct qos_expr *e, struct qos_str text, struct qos_at at, struct qos_err *err);
/* Resolves names, gives every node its static type, refuses what cannot be right. */
int qos_expr_check(struct qos_expr *e, struct qos_err *err);
/* Value of a field of a record, as this node reads it; also what the rule index looks up.  Text as long as node and
 * record. */
struct qos_expr_value qos_expr_field(struct qos_expr_node *node, const struct qos_record *r);

#endif
