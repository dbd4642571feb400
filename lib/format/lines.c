/*
 * lines in: any text; the line is the payload.
 *
 * Nothing says that a text is this, so it is read only where it is asked for.
 *
 * Cost   one memchr() over the line.
 */
#include "format/line.h"

static int lines_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	if (g->keep_all)
		qos_fields_column_keep(g->fields, QOS_STR("payload")); /* a known field: there is always room for it */
	return 0;
}

static enum qos_next lines_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct qos_str line;
	uint8_t eol_bytes;
	enum qos_next what = qos_line_take(g, &line, &eol_bytes);
	int id = qos_fields_column(g->fields, QOS_STR("payload"));

	if (what != QOS_NEXT_RECORD)
		return what;
	if (id >= 0 && id < g->n_cells)
		g->cell[id] = (struct qos_cell){ 0, (uint32_t)line.n, QOS_CELL_QUOTED };
	return qos_line_give(g, r, line, eol_bytes);
}

const struct qos_format qos_format_lines = {
	.name = "lines",
	.summary = "any text: the line is the payload",
	.open = lines_open,
	.next = lines_next,
};
