/* Writing captures, and what the reader of captures hands to it; see capture_write.c. */
#ifndef QOS_FORMAT_CAPTURE_WRITE_H
#define QOS_FORMAT_CAPTURE_WRITE_H

#include "format/format.h"

/* Stands behind the bytes of the packet, at the very end of its record's. */
struct qos_capture_packet {
	int64_t s; /* its time, as it was captured */
	uint32_t ns;
	uint32_t held_bytes; /* in the capture; they stand before this */
	uint32_t wire_bytes;
	int32_t link; /* LINKTYPE_... */
};

/* Will records be written as packets?  Their reader carries the packets along then. */
bool qos_capture_is_written(const struct qos_format *output);

#define QOS_CAPTURE_LINKS 64 /* link types of one pcapng output */

struct qos_capture_writer {
	int32_t link[QOS_CAPTURE_LINKS]; /* [n_links], an interface each */
	int n_links;
};

/* The writing verbs of format.h. */
int qos_capture_begin(void *state, struct qos_writing *w, const struct qos_record *first);
void qos_pcap_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_pcap_pass(void *state, struct qos_writing *w, const struct qos_record *r);
void qos_pcapng_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_pcapng_pass(void *state, struct qos_writing *w, const struct qos_record *r);

#endif
