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

/* A pipe stays what it is. */
static void written_into(void)
{
	char path[80], text[16] = "";
	int pipes[2];
	struct qos_err err;

	CHECK_INT(pipe(pipes), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pipes[1]);
	CHECK_INT(qos_replace(path, QOS_STR("bytes"), &err), 0);
	CHECK_INT(read(pipes[0], text, sizeof(text)), 5);
	CHECK_TEXT(text, "bytes");
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	CHECK(mkdtemp(folder) != NULL);
	RUN("the file has the new bytes, and nothing stays beside it", replaced);
	RUN("what is no regular file is written into", written_into);
	RUN("a folder that is not there is told by name", refused);
	return DONE();
}
