/*
 * Files of state: a magic, a version, and named sections, each with its length and checksum; little-endian everywhere.
 *
 *   magic[8] version:u32 sections:u32 { name[4] zero:u32 length:u64 checksum:u64 bytes[length] } ...
 *
 * The checksum is XXH3 of the section's name and bytes.  A file is written whole or not at all (replace.h), and is
 * refused as a whole when anything in it is wrong.
 */
#ifndef QOS_IO_CONTAINER_H
#define QOS_IO_CONTAINER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* --- writing: begin, { section, values } ..., save --- */

struct qos_container_out {
	struct qos_buf b;
	size_t section; /* where the open section begins; 0: none */
	uint32_t n_sections;
};

/* magic	8 bytes */
void qos_container_begin(struct qos_container_out *o, const char *magic, uint32_t version);
/* name	4 bytes; ends the section before. */
void qos_container_section(struct qos_container_out *o, const char *name);
void qos_container_u32(struct qos_container_out *o, uint32_t x);
void qos_container_u64(struct qos_container_out *o, uint64_t x);
void qos_container_f64(struct qos_container_out *o, double x);
void qos_container_f32s(struct qos_container_out *o, const float *x, size_t n);
void qos_container_text(struct qos_container_out *o, struct qos_str s);
/* In as few bytes as it needs (LEB128): 1 below 128, 10 at the most. */
void qos_container_number(struct qos_container_out *o, uint64_t x);
/* Ends it: o->b has all of it then, and o is to be freed by qos_buf_free(&o->b). */
void qos_container_end(struct qos_container_out *o);
/* Writes the file.   Fails  QOS_EIO.   Owns  nothing any more: o is empty then, also after a failure. */
int qos_container_save(struct qos_container_out *o, const char *file, struct qos_err *err);

/* --- reading: open, { find, values } ..., close --- */

struct qos_container {
	const char *bytes;
	size_t n_bytes;
	char *owned; /* the whole file; NULL: bytes are somebody else's */
	uint32_t version;
	const char *file; /* borrowed, for messages */
};

/* A section while it is read. */
struct qos_section {
	const char *p, *end;
	bool short_of; /* more was asked for than there is; what was read from then on is zero */
};

/*
 * Reads and checks a whole file.
 *
 * version	the newest that the caller understands
 *
 * Fails  QOS_EIO when it cannot be read; QOS_EDAMAGE when it is no such file, newer, truncated or damaged, saying
 * which.
 */
int qos_container_open(struct qos_container *c, const char *file, const char *magic, uint32_t version,
		       struct qos_err *err);
/*
 * Checks bytes that were read already, which are borrowed until it is closed.  Others may follow it.
 *
 * used	written: how many bytes it has
 */
int qos_container_view(struct qos_container *c, struct qos_str bytes, size_t *used, const char *file, const char *magic,
		       uint32_t version, struct qos_err *err);
void qos_container_close(struct qos_container *c);
/* Returns  false when there is no such section. */
bool qos_container_find(const struct qos_container *c, const char *name, struct qos_section *s);
uint32_t qos_section_u32(struct qos_section *s);
uint64_t qos_section_u64(struct qos_section *s);
double qos_section_f64(struct qos_section *s);
void qos_section_f32s(struct qos_section *s, float *x, size_t n);
/* As qos_container_number() wrote it. */
uint64_t qos_section_number(struct qos_section *s);
/* A slice of the file, valid until it is closed. */
struct qos_str qos_section_text(struct qos_section *s);
/* Are there n things of so many bytes left?  To be asked before memory is made for them; false marks it short. */
bool qos_section_has(struct qos_section *s, uint64_t n, size_t bytes_each);

#endif
