/* The section of a pcapng output. */
#include "format/capture_blocks.h"

#include "tests/unit/test.h"

static uint32_t at(const struct qos_capture_blocks *b, size_t offset)
{
	uint32_t x;

	memcpy(&x, b->bytes.p + offset, sizeof(x));
	return qos_order32(x, b->swap);
}

/* In both byte orders. */
static void makes_one_section(void)
{
	for (int swap = 0; swap < 2; swap++) {
		struct qos_capture_blocks b = { .n_interfaces = 0 };
		uint16_t name[] = { qos_order16(2, swap), qos_order16(3, swap), 0x6161, 0x61 };
		uint16_t resolution[] = { qos_order16(9, swap), qos_order16(1, swap), 6, 0 };
		char options[16];

		memcpy(options, resolution, 8);
		memcpy(options + 8, name, 8);
		qos_capture_blocks_begin(&b, swap, QOS_STR(""));
		qos_capture_blocks_begin(&b, !swap, QOS_STR("")); /* the second one is the first one */
		CHECK_INT(b.bytes.n, 28);
		CHECK_INT(at(&b, 0), QOS_PCAPNG_SECTION);
		CHECK_INT(at(&b, 4), 28);
		CHECK_INT(at(&b, 8), 0x1a2b3c4d);
		CHECK_INT(at(&b, 24), 28);
		CHECK_INT(qos_capture_blocks_interface(&b, 101, 96, (struct qos_str){ options, 16 }), 0);
		CHECK_INT(qos_capture_blocks_interface(&b, 1, 0, QOS_STR("")), 1);
		CHECK_INT(b.link, 101);
		CHECK_INT(at(&b, 28), QOS_PCAPNG_INTERFACE);
		CHECK_INT(at(&b, 32), 40); /* the name stays, the resolution is ours, the end */
		CHECK_INT(at(&b, 40), 96);
		CHECK(memcmp(b.bytes.p + 44, name, 8) == 0);
		CHECK_INT(b.bytes.p[56], 9);
		CHECK_INT(at(&b, 64), 40);
		qos_capture_blocks_add(&b, QOS_STR("whole"));
		CHECK(memcmp(b.bytes.p + b.bytes.n - 5, "whole", 5) == 0);
		qos_buf_free(&b.bytes);
	}
}

static void takes_options(void)
{
	static const uint16_t some[] = { 1, 2, 0x6261, 0, 7, 0, 0, 0, 1, 0 }, lying[] = { 1, 5, 0, 0 };
	struct qos_str options = { (const char *)some, sizeof(some) };
	struct qos_option o;

	CHECK(qos_option_take(&options, false, &o));
	CHECK_INT(o.code, 1);
	CHECK(qos_str_is(o.value, "ab"));
	CHECK_INT(o.whole.n, 8);
	CHECK(qos_option_take(&options, false, &o));
	CHECK_INT(o.code, 7);
	CHECK(!qos_option_take(&options, false, &o)); /* the end, whatever stands behind it */
	options = (struct qos_str){ (const char *)lying, sizeof(lying) };
	CHECK(!qos_option_take(&options, false, &o));
}

static void has_a_limit(void)
{
	struct qos_capture_blocks b = { .n_interfaces = 0 };
	static char block[1 << 20];

	for (int i = 0; i < 100; i++)
		qos_capture_blocks_add(&b, (struct qos_str){ block, sizeof(block) });
	CHECK_INT(b.bytes.n, 16 << 20);
	qos_buf_free(&b.bytes);
}

int main(void)
{
	RUN("a section and its interfaces are written in its byte order", makes_one_section);
	RUN("options are taken until their end, or where they lie", takes_options);
	RUN("what is kept has a limit", has_a_limit);
	return DONE();
}
