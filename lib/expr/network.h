/* Networks in the notation of RFC 4632 and RFC 4291: "10.0.0.0/8", "2001:db8::/32", or an address alone. */
#ifndef QOS_EXPR_NETWORK_H
#define QOS_EXPR_NETWORK_H

#include "base/str.h"

struct qos_network {
	unsigned char address[16];
	int address_bytes; /* 4, 16; 0: it holds nothing */
	int bits;          /* of the prefix */
};

/* Reads one.   Returns  false (and a network that holds nothing) when the text is none. */
bool qos_network_read(struct qos_network *n, struct qos_str text);
static inline bool qos_network_valid(struct qos_str text)
{
	struct qos_network n;

	return qos_network_read(&n, text);
}
/* Is the address in it?  IPv4 that is written as IPv6 (::ffff:10.1.2.3) counts as IPv4.  false for what is none. */
bool qos_network_holds(const struct qos_network *n, struct qos_str address);

#endif
