/* What is a value by its looks. */
#include "classify/mask.h"

#include "tests/unit/test.h"

static void check(const char *text, const char *expected)
{
	char out[QOS_MASK_ROOM];
	size_t n = qos_mask(qos_str(text), out);

	if (n != strlen(expected) || memcmp(out, expected, n))
		printf("# %s: %.*s\n", text, (int)n, out);
	CHECK(n == strlen(expected) && !memcmp(out, expected, n));
}

static void values(void)
{
	check("Invalid user bob from 10.0.0.1 port 22", "Invalid user bob from * port *");
	check("src: /10.250.19.102:54106 dest: /10.250.19.102:50010", "src: * dest: *");
	check("uid=0 tty=ssh rhost=ns.example.com", "uid=* tty=ssh rhost=*");
	check("org.apache.hadoop started, deadbeef faced", "org.apache.hadoop started, * faced");
	check("at Mon Jul 17 15:09:05 2005", "at *");
	check("PacketResponder 1 for block blk_-38 terminating", "PacketResponder * for block * terminating");
}

static void what_comes_and_goes(void)
{
	check("lifetime 00:01", "lifetime *");
	check("lifetime <1 sec", "lifetime <*");
	check("from 10.0.0.1 () at", "from * at");
	check("from 10.0.0.1 (ns.example.com) at", "from * at");
	check("sent 10 bytes (1.2 KB) ok", "sent * bytes (* KB) ok");
	check("blocks 1, 2, 3 4 gone", "blocks *, gone");
	check(" \t two  words \r\n", "two words");
	check("", "");
	check("\xff\xfe ok", "\xff\xfe ok");
}

/* Never more than its room, whatever comes. */
static void room(void)
{
	static char text[5000];
	char out[QOS_MASK_ROOM + 1];

	for (int step = 1; step < 12; step++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = i % (size_t)step ? 'x' : " (=,"[i / 7 % 4];
		out[QOS_MASK_ROOM] = '!';
		CHECK(qos_mask((struct qos_str){ text, sizeof(text) }, out) <= QOS_MASK_ROOM);
		CHECK(out[QOS_MASK_ROOM] == '!');
	}
}

int main(void)
{
	RUN("what looks like a value is one", values);
	RUN("what comes and goes is left out", what_comes_and_goes);
	RUN("no message is longer than its room", room);
	return DONE();
}
