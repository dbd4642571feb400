/* Pieces of a page: text that may come from hostile input, cells, quantities. */
#ifndef QOS_RENDER_HTML_TEXT_H
#define QOS_RENDER_HTML_TEXT_H

#include <stdint.h>

#include "base/buf.h"

/* Text: what HTML would read is escaped; controls and what is not UTF-8 become U+FFFD. */
void qos_html_text(struct qos_buf *b, struct qos_str s);
/* JSON inside a script element: `<` is written as an escape, so that nothing in it ends the element. */
void qos_html_json(struct qos_buf *b, struct qos_str json);
/* A cell of a table, <td>; bad: marked, with an exclamation mark behind its text. */
void qos_html_cell(struct qos_buf *b, const char *text, bool bad);
void qos_html_count(struct qos_buf *b, uint64_t n, bool bad);
/* The first cell of a row: a name. */
void qos_html_name(struct qos_buf *b, struct qos_str name);
/* 0..1 as a percentage, rounded down so that 100% means all; "-" for NAN. */
void qos_html_share(struct qos_buf *b, double x, bool bad);
void qos_html_seconds(struct qos_buf *b, double x, bool bad);
/* <h2>, <table> and its head: titles separated by '|'. */
void qos_html_table(struct qos_buf *b, const char *heading, const char *titles);
void qos_html_table_end(struct qos_buf *b);

#endif
