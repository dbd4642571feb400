/* --remark: which DSCP do the packets of a class get? */
#ifndef CMD_CLI_REMARK_H
#define CMD_CLI_REMARK_H

#include "config/config.h"

/*
 * text	   "critical:EF,logs_metrics:LE" changes the default of those classes; may be empty
 * dscp	   [classes], set: by their order of priority EF, AF41, AF31, AF11, CS1; -1, left as it is, for further ones
 */
int cli_remark_read(const struct qos_config *config, const char *text, int16_t *dscp, struct qos_err *err);

#endif
