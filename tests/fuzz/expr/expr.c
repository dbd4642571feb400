/* No text breaks the compiler of expressions, and what it compiles can be asked. */
#include "expr/expr.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char text[] = "12 alert a,b";
	struct qos_cell *cell;
	struct qos_record r = { .bytes = text, .n_bytes = sizeof(text) - 1 };
	struct qos_fields *fields;
	struct qos_expr *e = NULL;
	struct qos_err err;
	int n_cells;

	if (n > 2000 || qos_fields_new(&fields, NULL) != 0)
		return 0;
	if (qos_expr_compile(&e, (struct qos_str){ (const char *)bytes, n }, QOS_NOWHERE, fields, NULL, &err) == 0) {
		n_cells = qos_fields_count(fields);
		cell = calloc((size_t)n_cells, sizeof(*cell));
		for (int i = 0; i < n_cells; i += 2)
			cell[i] = (struct qos_cell){ i % 3 ? 3 : 0, i % 3 ? 5 : 2, QOS_CELL_TEXT };
		r.cell = cell;
		qos_expr_value(e, &r);
		if (qos_expr_need_truth(e, &err) == 0)
			qos_expr_true(e, &r);
		free(cell);
	}
	qos_expr_free(e);
	qos_fields_free(fields);
	return 0;
}
