/* Writing captures; see capture_write.c. */
#ifndef QOS_FORMAT_CAPTURE_WRITE_H
#define QOS_FORMAT_CAPTURE_WRITE_H

#include "format/capture.h"

struct qos_capture_writer {
	size_t blocks_done;  /* bytes of reading->blocks that were written */
	int32_t link;        /* pcap: of all packets */
	bool begun;          /* pcap: the header is written */
	struct qos_out line; /* a comment as it grows, owned */
};

/* The writing verbs of format.h. */
int qos_capture_begin(void *state, struct qos_writing *w, const struct qos_record *first);
void qos_pcap_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_pcap_pass(void *state, struct qos_writing *w, const struct qos_record *r);
void qos_pcap_finish(void *state, struct qos_writing *w);
void qos_pcapng_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_pcapng_pass(void *state, struct qos_writing *w, const struct qos_record *r);
void qos_pcapng_finish(void *state, struct qos_writing *w);
void qos_capture_end(void *state, struct qos_writing *w);

#endif
