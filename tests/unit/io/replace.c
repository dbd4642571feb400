/* Files that are replaced whole. */
#include "io/replace.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

static char folder[] = "/tmp/qos-replace-XXXXXX";

static void replaced(void)
{
	char path[80], text[16] = "";
	struct qos_err err;
	FILE *f;

	snprintf(path, sizeof(path), "%s/file", folder);
	CHECK_INT(qos_replace(path, QOS_STR("old and long"), &err), 0);
	CHECK_INT(qos_replace(path, QOS_STR("new"), &err), 0);
	f = fopen(path, "r");
	CHECK_INT(fread(text, 1, sizeof(text), f), 3);
	fclose(f);
	CHECK_TEXT(text, "new");
	unlink(path);
	CHECK_INT(rmdir(folder), 0); /* nothing is left beside it */
}

static void refused(void)
{
	struct qos_err err;

	CHECK_INT(qos_replace("/nowhere/at/all", QOS_STR("x"), &err), QOS_EIO);
	CHECK(strstr(err.text, "/nowhere/at/all") != NULL);
}

int main(void)
{
	CHECK(mkdtemp(folder) != NULL);
	RUN("the file has the new bytes, and nothing stays beside it", replaced);
	RUN("a folder that is not there is told by name", refused);
	return DONE();
}
