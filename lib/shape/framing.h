/* What a record costs on the link: its size, and the framing of each packet that it needs. */
#ifndef QOS_SHAPE_FRAMING_H
#define QOS_SHAPE_FRAMING_H

#include "base/bits.h"

struct qos_framing {
	int64_t overhead_bytes; /* of each packet */
	int64_t mtu_bytes;      /* a record goes in packets of so many bytes; 0: in one */
};

/* An empty record still needs a packet. */
static inline int64_t qos_framing_bytes(const struct qos_framing *f, int64_t size_bytes)
{
	int64_t n_packets = 1, framing;

	if (f->overhead_bytes == 0)
		return size_bytes;
	if (f->mtu_bytes && size_bytes > f->mtu_bytes)
		n_packets = size_bytes / f->mtu_bytes + (size_bytes % f->mtu_bytes != 0);
	return __builtin_mul_overflow(n_packets, f->overhead_bytes, &framing) ? INT64_MAX
									      : qos_add_clamped(size_bytes, framing);
}

#endif
