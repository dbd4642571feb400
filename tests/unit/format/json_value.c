/* JSON's numbers and escapes. */
#include "format/json_value.h"

#include "tests/unit/test.h"

static bool is_number(const char *text)
{
	return qos_json_is_number(text, text + strlen(text));
}

static void tells_numbers(void)
{
	const char *const good[] = { "0",
				     "-0",
				     "1",
				     "10",
				     "1.5",
				     "0.25",
				     "1e5",
				     "1E+5",
				     "1.5e-10",
				     "12345678",
				     "123456789012345678",
				     "1700000000.000134",
				     "-9.99999999e9" };
	const char *const bad[] = {
		"",     "-",   "+1", "01", "-01", "1.",  ".5",    "1e",    "1e+",       "1.e5",
		"0x10", "NaN", "1 ", " 1", "1,5", "--1", "1.5.5", "1e5.5", "12345678x", "Infinity"
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!is_number(good[i]))
			CHECK_TEXT("refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (is_number(bad[i]))
			CHECK_TEXT("taken", bad[i]);
}

static void ends_at_the_length(void)
{
	const char text[] = "1234567890123456";

	CHECK(qos_json_is_number(text, text + 1));
	CHECK(qos_json_is_number(text, text + 15));
	CHECK(!qos_json_is_number(text, text));
}

static void finds_the_end(void)
{
	static const char text[128] = "123456789.25,";

	CHECK_INT(qos_json_number_end(text) - text, 12);
	CHECK_INT(qos_json_number_end(text + 9) == NULL, 1); /* ".25" */
	CHECK_INT(qos_json_number_end(text + 10) - text, 12);
}

/* Column of what is wrong, -1: nothing. */
static int wrong_at(const char *text, const char **why)
{
	const char *wrong;

	*why = qos_json_check_escapes(text, text + strlen(text), &wrong);
	return *why ? (int)(wrong - text) : -1;
}

static void checks_escapes(void)
{
	const char *why;

	CHECK_INT(wrong_at("plain", &why), -1);
	CHECK_INT(wrong_at("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9", &why), -1);
	CHECK_INT(wrong_at("\\ud83d\\ude00", &why), -1);
	CHECK_INT(wrong_at("\\uD83D\\uDE00x", &why), -1);
	CHECK_INT(wrong_at("ab\\x41", &why), 2);
	CHECK_TEXT(why, "an escape that JSON does not have");
	CHECK_INT(wrong_at("a\\u12g4", &why), 1);
	CHECK_TEXT(why, "\\u needs four hexadecimal digits");
	CHECK_INT(wrong_at("\\u123", &why), 0);
	CHECK_INT(wrong_at("x\\ud83d", &why), 1);
	CHECK_TEXT(why, "a lone surrogate");
	CHECK_INT(wrong_at("\\ude00", &why), 0);
	CHECK_INT(wrong_at("\\ud83d\\u0041", &why), 0);
	CHECK_INT(wrong_at("\\ud83dx", &why), 0);
}

int main(void)
{
	RUN("a number is what RFC 8259 says", tells_numbers);
	RUN("a number does not go on behind its text", ends_at_the_length);
	RUN("the longest number at a place is found", finds_the_end);
	RUN("escapes are the eight letters and \\u in pairs", checks_escapes);
	return DONE();
}
