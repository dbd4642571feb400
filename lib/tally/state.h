/*
 * What a tally has counted, as bytes that another one takes over: parts of a trace are counted where they are, and the
 * report is made of all of them.
 *
 * A container (io/container.h): numbers are little-endian or LEB128, every section has a checksum.  All that is counted
 * is a sum, a minimum or a maximum of whole numbers, in groups that have names; so a merged tally gives the report of
 * the whole, to the last digit and in whatever order the parts come.  Not so beyond the limits of names, groups and
 * streams (who comes first has a place of its own), and for the backlog of groups beyond QOS_TALLY_FOLLOWED.
 */
#ifndef QOS_TALLY_STATE_H
#define QOS_TALLY_STATE_H

#include "base/buf.h"
#include "io/container.h"
#include "tally/tally.h"

#define QOS_TALLY_MAGIC   "QOSSTATS"
#define QOS_TALLY_VERSION 1

/*
 * Appends the state to b; n_rejected is the reader's.
 *
 * Fails  when memory ran out, now or while it counted.
 */
int qos_tally_save(const struct qos_tally *t, uint64_t n_rejected, struct qos_buf *b, struct qos_err *err);

/*
 * Adds a state.  It has to be of the same classes with the same targets and grouped by the same fields; the objectives
 * of the tally have to be among its own.
 *
 * n_rejected	what the state says of it is added
 *
 * Fails	QOS_EUSAGE when it is another, QOS_EDAMAGE when it makes no sense; the tally is then of no use.
 */
int qos_tally_merge(struct qos_tally *t, const struct qos_container *c, uint64_t *n_rejected, struct qos_err *err);
/* Appends the names of the fields that a state is grouped by, with commas between them; none: it is by class. */
int qos_tally_state_by(const struct qos_container *c, struct qos_buf *by, struct qos_err *err);

#endif
