/* SIGHUP: the configuration is read again; a bad one is refused, and the old one kept. */
#ifndef CMD_CLI_REREAD_H
#define CMD_CLI_REREAD_H

struct cli;
struct cli_stage;

/* Reads it again, hands it to s->reread, and says what came of it. */
void cli_reread(struct cli *cli, const struct cli_stage *s);

#endif
