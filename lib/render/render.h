/*
 * Renderers: how does a report look?
 *
 * A renderer turns a report into text and knows nothing else.  A new one is one file and one word below.
 */
#ifndef QOS_RENDER_RENDER_H
#define QOS_RENDER_RENDER_H

#include "base/buf.h"
#include "stats/report.h"

struct qos_render {
	const char *name;
	const char *summary; /* one line for --format help */
	/* Appends the report to b (b->failed tells that memory ran out).  color: escape sequences may be used. */
	void (*put)(const struct qos_report *r, bool color, struct qos_buf *b);
};

#define QOS_RENDERS(X) X(table) X(json) X(csv) X(prom)

#define QOS_RENDER_EXTERN(name) extern const struct qos_render qos_render_##name;
QOS_RENDERS(QOS_RENDER_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_render *const qos_renders[];

/* By name, or NULL. */
const struct qos_render *qos_render_find(struct qos_str name);

#endif
