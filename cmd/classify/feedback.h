/*
 * --feedback FILE: labels by id, from another place and after the fact.
 *
 * A file is read when the filter begins, in any format that has fields; a FIFO (or whatever else is no file) four times
 * a second while records flow, by lines.
 */
#ifndef CMD_CLASSIFY_FEEDBACK_H
#define CMD_CLASSIFY_FEEDBACK_H

#include "classify/learner.h"
#include "cli/cli.h"

struct classify_feedback {
	const char *file; /* as given; NULL: none */
	/* state */
	struct cli *cli;
	struct qos_learner *learner;
	int fd;                          /* of what is no file; -1 */
	struct qos_buf text;             /* read, not a whole line yet */
	struct qos_buf header;           /* the first line, where it names the columns */
	const struct qos_format *format; /* once it is known */
	uint64_t n_lines, n_bad;
	int rc;
};

/* Reads the file, or opens what is none.   Fails  QOS_EIO, QOS_EINPUT. */
int classify_feedback_open(struct classify_feedback *f, struct cli *cli, struct qos_learner *learner);
/* Reads what is there by the end, and ends it.   Fails  QOS_EINPUT when lines were bad, with their number. */
int classify_feedback_close(struct classify_feedback *f);

#endif
