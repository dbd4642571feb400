/*
 * Renderers: how does a report look?
 *
 * A renderer turns a report into text and knows nothing else.  A new one is one file and one word below.
 */
#ifndef QOS_RENDER_RENDER_H
#define QOS_RENDER_RENDER_H

#include "base/buf.h"
#include "stats/report.h"

/* Where it will be looked at, and what a report itself does not know. */
struct qos_look {
	bool color;             /* escape sequences may be used */
	bool utf8;              /* beyond ASCII may be used where it only adorns */
	int columns;            /* of the terminal; 0: any number */
	bool again;             /* one of several was put before */
	struct qos_str command; /* the command line that made it */
	struct qos_str config;  /* its configuration, as YAML */
};

struct qos_render {
	const char *name;
	const char *summary; /* one line for --format help */
	bool intervals;      /* it can show one after another */
	/* Appends the report to b (b->failed tells that memory ran out). */
	void (*put)(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b);
};

#define QOS_RENDERS(X) X(table) X(json) X(csv) X(prom) X(html)

#define QOS_RENDER_EXTERN(name) extern const struct qos_render qos_render_##name;
QOS_RENDERS(QOS_RENDER_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_render *const qos_renders[];

/* By name, or NULL. */
const struct qos_render *qos_render_find(struct qos_str name);

#endif
