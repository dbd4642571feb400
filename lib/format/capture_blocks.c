/*
 * Blocks of a pcapng section; see capture_blocks.h.
 *
 * After  draft-ietf-opsawg-pcapng, sections 3.5, 4.1, 4.2.
 */
#include "format/capture_blocks.h"

#define BLOCKS_MOST (16 << 20)

#define OPTION_END         0
#define OPTION_RESOLUTION  9
#define OPTION_TIME_OFFSET 14
#define OPTION_KEEP_TEXT   19372 /* custom ones that are not to be copied */
#define OPTION_KEEP_BYTES  19373

static void add32(struct qos_capture_blocks *b, uint32_t x)
{
	x = qos_order32(x, b->swap);
	qos_buf_add(&b->bytes, (const char *)&x, sizeof(x));
}

static void add16(struct qos_capture_blocks *b, uint16_t x)
{
	x = qos_order16(x, b->swap);
	qos_buf_add(&b->bytes, (const char *)&x, sizeof(x));
}

bool qos_option_take(struct qos_str *options, bool swap, struct qos_option *option)
{
	uint16_t code, n;
	size_t whole;

	if (options->n < 4)
		return false;
	memcpy(&code, options->p, 2);
	memcpy(&n, options->p + 2, 2);
	code = qos_order16(code, swap);
	n = qos_order16(n, swap);
	whole = 4 + ((size_t)n + 3) / 4 * 4;
	if (code == OPTION_END || whole > options->n)
		return false;
	*option = (struct qos_option){ code, { options->p + 4, n }, { options->p, whole } };
	options->p += whole;
	options->n -= whole;
	return true;
}

/* Adds options but those that a copy must not or need not have. */
static void add_options(struct qos_capture_blocks *b, struct qos_str options)
{
	struct qos_option o;

	while (qos_option_take(&options, b->swap, &o))
		if (o.code != OPTION_RESOLUTION && o.code != OPTION_TIME_OFFSET && o.code != OPTION_KEEP_TEXT &&
		    o.code != OPTION_KEEP_BYTES)
			qos_buf_add(&b->bytes, o.whole.p, o.whole.n);
}

/* Writes the length of the block that began at `from` at both its ends. */
static void end_block(struct qos_capture_blocks *b, size_t from)
{
	uint32_t n = (uint32_t)(b->bytes.n - from + 4);

	add32(b, n);
	n = qos_order32(n, b->swap);
	if (!b->bytes.failed)
		memcpy(b->bytes.p + from + 4, &n, sizeof(n));
}

void qos_capture_blocks_begin(struct qos_capture_blocks *b, bool swap, struct qos_str options)
{
	static const uint64_t unknown_length = UINT64_MAX;
	size_t from = b->bytes.n;

	if (b->begun)
		return;
	b->begun = true;
	b->swap = swap;
	add32(b, QOS_PCAPNG_SECTION);
	add32(b, 0);
	add32(b, 0x1a2b3c4d);
	add16(b, 1);
	add16(b, 0);
	qos_buf_add(&b->bytes, (const char *)&unknown_length, sizeof(unknown_length));
	if (options.n) {
		add_options(b, options);
		add32(b, 0);
	}
	end_block(b, from);
}

uint32_t qos_capture_blocks_interface(struct qos_capture_blocks *b, int32_t link, uint32_t most_bytes,
				      struct qos_str options)
{
	size_t from = b->bytes.n;

	if (b->n_interfaces == 0)
		b->link = link;
	add32(b, QOS_PCAPNG_INTERFACE);
	add32(b, 0);
	add16(b, (uint16_t)link);
	add16(b, 0);
	add32(b, most_bytes);
	add_options(b, options);
	add16(b, OPTION_RESOLUTION);
	add16(b, 1);
	qos_buf_add(&b->bytes, "\x09\0\0\0", 4); /* nanoseconds */
	add32(b, 0);
	end_block(b, from);
	return b->n_interfaces++;
}

void qos_capture_blocks_add(struct qos_capture_blocks *b, struct qos_str block)
{
	if (b->bytes.n + block.n <= BLOCKS_MOST)
		qos_buf_add(&b->bytes, block.p, block.n);
}
