/* Checksummed sections: see container.h.  Numbers are put together byte by byte, so that any machine reads any file. */
#include "io/container.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "io/replace.h"

#define HEAD_BYTES    16 /* magic, version, sections */
#define SECTION_BYTES 24 /* name, zero, length, checksum */

static void put(char *p, uint64_t x, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (char)(x >> 8 * i);
}

static uint64_t get(const char *p, int bytes)
{
	uint64_t x = 0;

	for (int i = 0; i < bytes; i++)
		x |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return x;
}

/* of the section whose head is at p */
static uint64_t checksum(const char *p, size_t length)
{
	return XXH3_64bits_withSeed(p + SECTION_BYTES, length, get(p, 4));
}

static void end_section(struct qos_container_out *o)
{
	char *p = o->b.p + o->section;
	size_t length = o->b.n - o->section - SECTION_BYTES;

	if (!o->section || o->b.failed)
		return;
	put(p + 8, length, 8);
	put(p + 16, checksum(p, length), 8);
}

void qos_container_begin(struct qos_container_out *o, const char *magic, uint32_t version)
{
	*o = (struct qos_container_out){ 0 };
	qos_buf_add(&o->b, magic, 8);
	qos_container_u32(o, version);
	qos_container_u32(o, 0);
}

void qos_container_section(struct qos_container_out *o, const char *name)
{
	char head[SECTION_BYTES] = { 0 };

	end_section(o);
	o->section = o->b.n;
	o->n_sections++;
	memcpy(head, name, 4);
	qos_buf_add(&o->b, head, sizeof(head));
}

void qos_container_u32(struct qos_container_out *o, uint32_t x)
{
	char p[4];

	put(p, x, 4);
	qos_buf_add(&o->b, p, 4);
}

void qos_container_u64(struct qos_container_out *o, uint64_t x)
{
	char p[8];

	put(p, x, 8);
	qos_buf_add(&o->b, p, 8);
}

void qos_container_f64(struct qos_container_out *o, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	qos_container_u64(o, bits);
}

void qos_container_f32s(struct qos_container_out *o, const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;

		memcpy(&bits, &x[i], sizeof(bits));
		qos_container_u32(o, bits);
	}
}

void qos_container_text(struct qos_container_out *o, struct qos_str s)
{
	qos_container_u32(o, (uint32_t)s.n);
	qos_buf_add(&o->b, s.p, s.n);
}

void qos_container_number(struct qos_container_out *o, uint64_t x)
{
	char p[10];
	size_t n = 0;

	for (; x >= 0x80; x >>= 7)
		p[n++] = (char)(x | 0x80);
	p[n++] = (char)x;
	qos_buf_add(&o->b, p, n);
}

void qos_container_end(struct qos_container_out *o)
{
	end_section(o);
	if (!o->b.failed)
		put(o->b.p + 12, o->n_sections, 4);
}

int qos_container_save(struct qos_container_out *o, const char *file, struct qos_err *err)
{
	int rc;

	qos_container_end(o);
	if (o->b.failed)
		rc = qos_fail_memory(err, file);
	else
		rc = qos_replace(file, (struct qos_str){ o->b.p, o->b.n }, err);
	qos_buf_free(&o->b);
	return rc;
}

/* --- reading --- */

static int read_file(struct qos_container *c, struct qos_err *err)
{
	int fd = open(c->file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return qos_fail_errno(err, "cannot open %s", c->file);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return qos_fail(err, QOS_EDAMAGE, QOS_NOWHERE, "%s is no regular file", c->file);
	}
	c->bytes = c->owned = malloc((size_t)st.st_size + 1);
	while (c->owned && c->n_bytes < (size_t)st.st_size &&
	       (n = read(fd, c->owned + c->n_bytes, (size_t)st.st_size - c->n_bytes)) > 0)
		c->n_bytes += (size_t)n;
	if (!c->owned)
		qos_fail_memory(err, c->file);
	else if (n < 0)
		qos_fail_errno(err, "cannot read %s", c->file);
	close(fd);
	return !c->owned || n < 0 ? QOS_EIO : 0;
}

static int damaged(const struct qos_container *c, struct qos_err *err, const char *what)
{
	return qos_fail(err, QOS_EDAMAGE, QOS_NOWHERE, "%s %s", c->file, what);
}

/* used	written: where the last section ends */
static int check_sections(const struct qos_container *c, size_t *used, struct qos_err *err)
{
	uint64_t n = get(c->bytes + 12, 4);
	size_t at = HEAD_BYTES;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t left = c->n_bytes - at, length;

		if (left < SECTION_BYTES || (length = get(c->bytes + at + 8, 8)) > left - SECTION_BYTES)
			return damaged(c, err, "is truncated: a section ends behind the end of the file");
		if (get(c->bytes + at + 4, 4) || checksum(c->bytes + at, length) != get(c->bytes + at + 16, 8))
			return damaged(c, err, "is damaged: the checksum of a section is wrong");
		at += SECTION_BYTES + length;
	}
	*used = at;
	return 0;
}

static int check(struct qos_container *c, size_t *used, const char *magic, uint32_t version, struct qos_err *err)
{
	if (c->n_bytes < 8 || memcmp(c->bytes, magic, 8) != 0)
		return damaged(c, err, c->n_bytes ? "is no such file: it begins otherwise" : "is empty");
	if (c->n_bytes < HEAD_BYTES)
		return damaged(c, err, "is truncated in its head");
	if ((c->version = (uint32_t)get(c->bytes + 8, 4)) > version)
		return qos_fail(err, QOS_EDAMAGE, QOS_NOWHERE, "%s has version %u; this program reads up to %u",
				c->file, c->version, version);
	return check_sections(c, used, err);
}

int qos_container_view(struct qos_container *c, struct qos_str bytes, size_t *used, const char *file, const char *magic,
		       uint32_t version, struct qos_err *err)
{
	int rc;

	*c = (struct qos_container){ .file = file, .bytes = bytes.p, .n_bytes = bytes.n };
	if ((rc = check(c, used, magic, version, err)))
		qos_container_close(c);
	else
		c->n_bytes = *used;
	return rc;
}

int qos_container_open(struct qos_container *c, const char *file, const char *magic, uint32_t version,
		       struct qos_err *err)
{
	size_t used = 0;
	int rc;

	*c = (struct qos_container){ .file = file };
	if (!(rc = read_file(c, err)) && !(rc = check(c, &used, magic, version, err)) && used < c->n_bytes)
		rc = damaged(c, err, "is damaged: bytes follow its last section");
	if (rc)
		qos_container_close(c);
	return rc;
}

void qos_container_close(struct qos_container *c)
{
	free(c->owned);
	c->bytes = c->owned = NULL;
	c->n_bytes = 0;
}

bool qos_container_find(const struct qos_container *c, const char *name, struct qos_section *s)
{
	uint64_t n = get(c->bytes + 12, 4);
	const char *p = c->bytes + HEAD_BYTES;

	*s = (struct qos_section){ 0 };
	for (uint64_t i = 0; i < n; i++) {
		uint64_t length = get(p + 8, 8);

		if (memcmp(p, name, 4) == 0) {
			*s = (struct qos_section){ p + SECTION_BYTES, p + SECTION_BYTES + length, false };
			return true;
		}
		p += SECTION_BYTES + length;
	}
	return false;
}

bool qos_section_has(struct qos_section *s, uint64_t n, size_t bytes_each)
{
	if (n > (uint64_t)(s->end - s->p) / bytes_each)
		s->short_of = true;
	return !s->short_of;
}

static uint64_t take(struct qos_section *s, int bytes)
{
	if (!qos_section_has(s, 1, (size_t)bytes))
		return 0;
	s->p += bytes;
	return get(s->p - bytes, bytes);
}

uint32_t qos_section_u32(struct qos_section *s)
{
	return (uint32_t)take(s, 4);
}

uint64_t qos_section_u64(struct qos_section *s)
{
	return take(s, 8);
}

double qos_section_f64(struct qos_section *s)
{
	uint64_t bits = take(s, 8);
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

void qos_section_f32s(struct qos_section *s, float *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = (uint32_t)take(s, 4);

		memcpy(&x[i], &bits, sizeof(bits));
	}
}

uint64_t qos_section_number(struct qos_section *s)
{
	uint64_t x = 0, byte = 0x80;

	for (int shift = 0; byte & 0x80; shift += 7) {
		byte = take(s, 1);
		if (shift == 63 && byte > 1) /* more than 64 bits */
			s->short_of = true;
		if (s->short_of)
			return 0;
		x |= (byte & 0x7f) << shift;
	}
	return x;
}

struct qos_str qos_section_text(struct qos_section *s)
{
	uint32_t n = qos_section_u32(s);
	struct qos_str text = { s->p, n };

	if (n == 0 || !qos_section_has(s, n, 1))
		return (struct qos_str){ "", 0 };
	s->p += n;
	return text;
}
