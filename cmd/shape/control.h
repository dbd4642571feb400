/*
 * --control FILE: requests for bandwidth beside the stream of records, merged with it by their time.
 *
 * A request is a record with ts, op, class, stream, rate and tenant in any format that has fields; its answer goes to
 * --answers, in the same format.  At one moment requests are served before records.
 */
#ifndef CMD_SHAPE_CONTROL_H
#define CMD_SHAPE_CONTROL_H

#include "cli/cli.h"
#include "shape/shaper.h"

struct shape_control {
	const char *file, *answers; /* as given; NULL: none */
	/* state */
	struct cli *cli;
	struct qos_shaper *shaper;
	struct qos_stage inner; /* the shaper's */
	struct qos_fields *fields;
	struct qos_decode decode;
	struct qos_reader *reader;
	struct qos_source in;
	struct qos_writer *writer; /* NULL: answers are counted only */
	struct qos_out out;
	int fd; /* of the answers */
	struct qos_column column[3];
};

/* Opens both files.  *stage becomes one that serves requests, too.   Fails  QOS_EUSAGE, QOS_EIO. */
int shape_control_open(struct shape_control *c, struct cli *cli, struct qos_shaper *shaper, struct qos_stage *stage);
/* Writes what waits, says what was wrong with requests.   Returns  rc, or what went wrong here. */
int shape_control_close(struct shape_control *c, int rc);

#endif
