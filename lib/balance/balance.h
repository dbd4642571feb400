/* The strategies there are: a new one is one file and one word here. */
#ifndef QOS_BALANCE_BALANCE_H
#define QOS_BALANCE_BALANCE_H

#include "base/str.h"
#include "pool/balance.h"

#define QOS_BALANCES(X) \
	X(round_robin)  \
	X(direct) X(weighted) X(least_loaded) X(p2c) X(maglev) X(rendezvous) X(service) X(broadcast) X(geo)

#define QOS_BALANCE_EXTERN(name) extern const struct qos_balance qos_balance_##name;
QOS_BALANCES(QOS_BALANCE_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_balance *const qos_balances[];

/* By name, or NULL. */
const struct qos_balance *qos_balance_find(struct qos_str name);

#endif
