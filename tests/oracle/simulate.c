/*
 * An exact simulation of one server, written without the library: simulate POLICY <csv.
 *
 * Reads the columns id, ts, class (or label), service_time (and max_latency if there) of a CSV without quotes, sorted
 * by ts, and prints "id,depart_ns" in the order of the input.  POLICY: fifo, strict, edf.  All that has arrived by a
 * moment competes; ties by class, then by the order of the input.  It searches the whole backlog for each record, so
 * that it is plain to see that it is right.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	char id[32];
	int64_t arrival, service, deadline, depart;
	int class;
};

static const char *const classes[] = { "critical", "system", "job_execution", "data_transfer", "logs_metrics" };
static const int64_t targets[] = { 10000000, 50000000, 100000000, 1000000000, 5000000000 };

/* Seconds with decimals to ns, exactly. */
static int64_t to_ns(const char *s)
{
	int64_t ns = 0, unit = 1000000000;

	for (; *s >= '0' && *s <= '9'; s++)
		ns = ns * 10 + (*s - '0') * (int64_t)1000000000;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			ns += (*s - '0') * (unit /= 10);
	return ns;
}

static int column(char *header, const char *name)
{
	char copy[4096], *at = copy, *field;

	snprintf(copy, sizeof(copy), "%s", header);
	for (int i = 0; (field = strsep(&at, ",\n")); i++)
		if (strcmp(field, name) == 0)
			return i;
	return -1;
}

static int better(const char *policy, const struct job *a, const struct job *b)
{
	if (policy[0] == 's' && a->class != b->class)
		return a->class < b->class;
	if (policy[0] == 'e' && a->deadline != b->deadline)
		return a->deadline < b->deadline;
	if (policy[0] == 'e' && a->class != b->class)
		return a->class < b->class;
	return a < b;
}

int main(int argc, char **argv)
{
	char line[4096], *field;
	struct job *jobs = NULL;
	size_t n = 0, room = 0, arrived = 0, n_ready = 0;
	struct job **ready;
	int64_t now = 0;
	int c_id, c_ts, c_class, c_service, c_latency;

	if (argc != 2 || !fgets(line, sizeof(line), stdin))
		return 2;
	c_id = column(line, "id");
	c_ts = column(line, "ts");
	c_class = column(line, "class") >= 0 ? column(line, "class") : column(line, "label");
	c_service = column(line, "service_time");
	c_latency = column(line, "max_latency");
	if (c_id < 0 || c_ts < 0 || c_class < 0 || c_service < 0)
		return 2;
	while (fgets(line, sizeof(line), stdin)) {
		struct job j = { .deadline = -1 };
		char *at = line;

		for (int i = 0; (field = strsep(&at, ",\n")); i++) {
			if (i == c_id)
				snprintf(j.id, sizeof(j.id), "%s", field);
			else if (i == c_ts)
				j.arrival = to_ns(field);
			else if (i == c_service)
				j.service = to_ns(field);
			else if (i == c_latency && *field)
				j.deadline = to_ns(field);
			else if (i == c_class)
				while (j.class < 4 && strcmp(field, classes[j.class]) != 0)
					j.class ++;
		}
		j.deadline = j.arrival + (j.deadline < 0 ? targets[j.class] : j.deadline);
		if (n == room)
			jobs = realloc(jobs, (room = room ? 2 * room : 1024) * sizeof(*jobs));
		jobs[n++] = j;
	}
	ready = malloc((n + 1) * sizeof(*ready));
	while (arrived < n || n_ready) {
		size_t best = 0;

		if (n_ready == 0 && jobs[arrived].arrival > now)
			now = jobs[arrived].arrival;
		while (arrived < n && jobs[arrived].arrival <= now)
			ready[n_ready++] = &jobs[arrived++];
		for (size_t i = 1; i < n_ready; i++)
			if (better(argv[1], ready[i], ready[best]))
				best = i;
		now += ready[best]->service;
		ready[best]->depart = now;
		ready[best] = ready[--n_ready];
	}
	for (size_t i = 0; i < n; i++)
		printf("%s,%lld\n", jobs[i].id, (long long)jobs[i].depart);
	free(ready);
	free(jobs);
	return 0;
}
