/* Names of DSCP values. */
#include "unit/dscp.h"

#include "tests/unit/test.h"

static void names(void)
{
	static const struct {
		const char *name;
		int dscp;
	} known[] = { { "EF", 46 },   { "ef", 46 },   { "VA", 44 },   { "LE", 1 },    { "DF", 0 },    { "CS0", 0 },
		      { "CS1", 8 },   { "cs7", 56 },  { "AF11", 10 }, { "AF12", 12 }, { "AF23", 22 }, { "AF31", 26 },
		      { "af41", 34 }, { "AF43", 38 }, { "0", 0 },     { "63", 63 },   { "07", 7 } };
	static const char *const wrong[] = { "", "CS8", "AF44", "AF01", "AF51", "64", "-1", "4x", "100", "EFF", "E" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		CHECK_INT(qos_dscp_parse(qos_str(known[i].name)), known[i].dscp);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_INT(qos_dscp_parse(qos_str(wrong[i])), -1);
}

int main(void)
{
	RUN("names and numbers are values, others are none", names);
	return DONE();
}
