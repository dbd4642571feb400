/*
 * A class of generated messages: how often, when, how large, how long, and what they call themselves.
 *
 *   NAME[:KEY=VALUE,...]	share, rate, arrivals, size, service, type, priority
 */
#ifndef QOS_GEN_CLASS_H
#define QOS_GEN_CLASS_H

#include "gen/arrival.h"
#include "gen/mix.h"
#include "gen/size.h"

/* Messages or bits a time; at most one of the two. */
struct qos_gen_rate {
	int64_t num, den; /* num messages per den ns; num 0: not given */
	int64_t bps;      /* 0: not given */
};

struct qos_gen_class {
	struct qos_token name;
	double share;                /* of the rate of all; < 0: an equal part of what the others leave */
	struct qos_gen_rate rate;    /* of its own, instead of a share */
	bool own_arrivals, own_size; /* given, else the options for all go first */
	struct qos_arrival_law arrivals;
	struct qos_size size, service; /* service.n == 0: none given */
	struct qos_choice types, priorities;
};

#define QOS_GEN_DEFAULTS 5
/* The i-th of the five classes that make the mix when none is given: critical, system, ...; i < QOS_GEN_DEFAULTS. */
void qos_gen_class_default(int i, struct qos_gen_class *c);
/*
 * Reads a class.  One of the five names starts from that class's types, priorities and sizes; any other from requests
 * of normal priority, constant:1000.
 *
 * Returns  0, or -1 with why (size 200).
 */
int qos_gen_class_parse(struct qos_str text, struct qos_gen_class *c, char *why);
/* `5k/s` or a bit rate; why has size 200. */
int qos_gen_rate_parse(struct qos_str text, struct qos_gen_rate *rate, char *why);

#endif
