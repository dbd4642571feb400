/*
 * Write aside, fsync, rename, fsync the folder.
 *
 * The file beside is in the same folder (a rename does not cross file systems) and has the process's number in its
 * name, so that two writers do not mix their bytes.
 */
#include "io/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, struct qos_str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return 0;
}

/* The rename itself lasts once the folder is on disk; a folder that cannot be opened is not worth a failure. */
static void sync_folder(const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[4096];
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
	if ((fd = open(folder, O_RDONLY | O_CLOEXEC)) < 0)
		return;
	fsync(fd);
	close(fd);
}

/* Into something that is no regular file, a device or a pipe: it cannot be replaced, and must not be. */
static int write_into(const char *file, struct qos_str bytes, struct qos_err *err)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && !write_all(fd, bytes);

	if (fd >= 0 && close(fd))
		ok = false;
	return ok ? 0 : qos_fail_errno(err, "cannot write %s", file);
}

int qos_replace(const char *file, struct qos_str bytes, struct qos_err *err)
{
	char aside[4096];
	struct stat st;
	int fd;
	bool ok;

	if (stat(file, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return write_into(file, bytes, err);
	if ((size_t)snprintf(aside, sizeof(aside), "%s.%ld.new", file, (long)getpid()) >= sizeof(aside)) {
		errno = ENAMETOOLONG;
		return qos_fail_errno(err, "cannot write %s", file);
	}
	if ((fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0)
		return qos_fail_errno(err, "cannot write beside %s", file);
	ok = !write_all(fd, bytes) && !fsync(fd);
	if (close(fd) || !ok || rename(aside, file)) {
		int why = errno;

		unlink(aside);
		errno = why;
		return qos_fail_errno(err, "cannot write %s", file);
	}
	sync_folder(file);
	return 0;
}
