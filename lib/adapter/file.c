/*
 * file: appends to a file; {class} and {stream} in its name make one for each.
 *
 * The files of a pattern are kept open, the one that was not written for longest is closed for a further one.  A
 * regular file takes what it is given, so nothing here waits, and what was written has arrived.
 *
 * Cost   a write of a block; of a record where the name is a pattern.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/descriptor.h"

#define OPEN_MOST 64 /* files of a pattern */

struct opened {
	char *path;
	int fd;
	uint64_t used; /* when, in writes */
};

struct file {
	struct qos_descriptor d; /* of a plain name */
	char name[PATH_MAX];
	bool pattern, fresh;
	uint64_t n_writes;
	int n_open;
	struct opened open[OPEN_MOST];
};

static int file_init(void *state, struct qos_str target, struct qos_err *err)
{
	struct file *f = state;
	int rc = qos_target_copy(target, f->name, sizeof(f->name), "file:/var/log/{class}.csv", err);

	if (!rc)
		f->pattern = strstr(f->name, "{class}") || strstr(f->name, "{stream}");
	return rc;
}

static int append_to(const char *path, bool *fresh)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	struct stat st;

	*fresh = fd >= 0 && fstat(fd, &st) == 0 && st.st_size == 0;
	return fd;
}

static int file_open(void *state)
{
	struct file *f = state;

	return f->pattern ? 0 : qos_descriptor_take(&f->d, append_to(f->name, &f->fresh));
}

static bool file_fresh(const void *state)
{
	const struct file *f = state;

	return !f->pattern && f->fresh;
}

static bool file_single(const void *state)
{
	return ((const struct file *)state)->pattern;
}

/* Adds text of a record to a path: it names no other folder, and no hidden file. */
static void add_name(struct qos_str text, char *path, size_t *n)
{
	size_t start = *n;

	for (size_t i = 0; i < text.n && *n < PATH_MAX - 1; i++)
		path[(*n)++] = text.p[i] == '/' || (unsigned char)text.p[i] < ' ' ? '_' : text.p[i];
	if (*n == start || path[start] == '.')
		path[start] = '_';
	*n += *n == start;
}

static void expand(const struct file *f, const struct qos_adapter_names *names, char *path)
{
	size_t n = 0;

	for (const char *p = f->name; *p && n < PATH_MAX - 1;) {
		if (strncmp(p, "{class}", 7) == 0) {
			add_name(names->class, path, &n);
			p += 7;
		} else if (strncmp(p, "{stream}", 8) == 0) {
			add_name(names->stream, path, &n);
			p += 8;
		} else {
			path[n++] = *p++;
		}
	}
	path[n] = 0;
}

static void shut(struct file *f, int i)
{
	close(f->open[i].fd);
	free(f->open[i].path);
	f->open[i] = f->open[--f->n_open];
}

/* The open file of this path.   Returns  -errno. */
static int find(struct file *f, const char *path, struct qos_str header)
{
	struct opened *o;
	int oldest = 0, fd;
	bool fresh;

	for (int i = 0; i < f->n_open; i++) {
		if (strcmp(f->open[i].path, path) == 0) {
			f->open[i].used = f->n_writes;
			return f->open[i].fd;
		}
		if (f->open[i].used < f->open[oldest].used)
			oldest = i;
	}
	if (f->n_open == OPEN_MOST)
		shut(f, oldest);
	fd = append_to(path, &fresh);
	if (fd < 0)
		return -errno;
	o = &f->open[f->n_open];
	*o = (struct opened){ .path = strdup(path), .fd = fd, .used = f->n_writes };
	if (!o->path || (fresh && write(fd, header.p, header.n) != (ssize_t)header.n)) {
		int error = errno ? errno : ENOSPC;

		free(o->path);
		close(fd);
		return -error;
	}
	f->n_open++;
	return fd;
}

static ssize_t file_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names)
{
	struct file *f = state;
	char path[PATH_MAX];
	ssize_t n;
	int fd;

	if (!f->pattern)
		return qos_descriptor_write(state, bytes, names);
	f->n_writes++;
	expand(f, names, path);
	fd = find(f, path, names->header);
	if (fd < 0)
		return fd;
	n = write(fd, bytes.p, bytes.n);
	return n < 0 ? -errno : n;
}

static int file_finish(void *state)
{
	return 0;
}

static void file_close(void *state)
{
	struct file *f = state;

	qos_descriptor_close(&f->d);
	while (f->n_open)
		shut(f, f->n_open - 1);
}

extern const struct qos_adapter qos_adapter_file;
const struct qos_adapter qos_adapter_file = {
	.name = "file",
	.summary = "file:PATH appends; {class} and {stream} in the name make a file for each",
	.state_bytes = sizeof(struct file),
	.init = file_init,
	.open = file_open,
	.fresh = file_fresh,
	.single = file_single,
	.write = file_write,
	.finish = file_finish,
	.close = file_close,
	.rotates = true,
};
