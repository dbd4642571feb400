/*
 * Payloads: templates with blanks, taken apart once, so that a text is a few copies of fixed length.
 *
 *   %d number to 9999   %p 0..99   %x eight hex digits   %h host   %i IPv4 address   %v version   %w service   %u user
 */
#include "gen/payload.h"

#include <stdlib.h>
#include <string.h>

#include "unit/digits.h"

#define PIECE_BYTES    48
#define PIECES_MOST    640
#define TEMPLATES_MOST 12

struct templates {
	const char *type; /* NULL: for all others */
	const char *text[TEMPLATES_MOST];
};

static const struct templates sets[] = {
	{ "health_check",
	  { "GET /healthz on %h: 200 in %p ms", "heartbeat of %w on %h: ok seq %d",
	    "liveness probe %w: ready after %p ms", "health check of %i failed: connection refused",
	    "readiness probe %w on %h: timed out after %d ms" } },
	{ "alert",
	  { "ALERT %w on %h: error rate %p% over threshold", "disk /dev/sd%p on %h full: %d MB left",
	    "kernel: oom-killer stopped %w pid %d on %h", "kernel: %w[%d]: segfault at %x ip %x",
	    "panic: %w on %h: deadlock detected", "certificate expired on %h for %w",
	    "node %h down: no heartbeat for %p s", "%w unreachable from %i: retry %p of 99" } },
	{ "config",
	  { "set %w.max_connections=%d by user%u", "reload %w on %h: %p keys changed",
	    "user %u locked after %p attempts", "rollback of %w to v%v", "upgrade to v%v of %w on %h",
	    "quota exceeded for user %u: %d MB", "permission denied: %u may not change %w" } },
	{ "event",
	  { "session %x of user %u opened from %i", "node %h up: kernel %v", "failover of %w from %h finished in %d ms",
	    "leader election of %w: term %d won by %h" } },
	{ "job",
	  { "job %d of pipeline %x started on %h", "build %w v%v: step %p of 99", "job %d finished: exit 0 in %d s",
	    "test suite %w: %d passed 0 failed", "job %d failed: exit 1 in %d s",
	    "checksum mismatch in cache of %w: %x", "deploy %w v%v to %h" } },
	{ "request",
	  { "POST /api/v1/%w/%d from %i", "GET /api/v1/%w?page=%p from %i", "rpc %w.Get id %x deadline %d ms",
	    "PUT /api/v1/users/%u from %i" } },
	{ "response",
	  { "200 /api/v1/%w/%d in %d ms", "204 /api/v1/users/%u in %p ms", "503 %w: throttled for %d ms",
	    "rpc %w.Get id %x: ok in %p ms", "404 /api/v1/%w/%d: no such file" } },
	{ "file_transfer",
	  { "upload %w-%x.bin to %h: part %p", "rsync %w to %h: %d files", "backup started: %w on %h volume %p",
	    "backup done: %w on %h in %d s", "scp %x.tar.gz from %i: %p%" } },
	{ "artifact",
	  { "push image registry/%w:%v layer %x", "pull image registry/%w:%v to %h", "artifact %w-%v.tar.gz sha %x",
	    "publish package %w %v" } },
	{ "log",
	  { "INFO %w: request %x served in %d ms", "DEBUG %w: cache hit %x",
	    "INFO %w: connection from %i port %d closed", "WARN %w: slow query took %d ms",
	    "INFO cron[%d]: session opened for user %u", "DEBUG gc on %h: freed %d MB in %p ms" } },
	{ "metric",
	  { "cpu.load host=%h value=%p", "mem.free host=%h value=%d", "http.requests service=%w count=%d",
	    "net.rx host=%h bytes=%d%d", "queue.depth service=%w value=%d" } },
	{ NULL, { "message %x for %w", "%w: id %d from %h" } },
};
#define N_SETS ((int)(sizeof(sets) / sizeof(*sets)))

static const char *const hosts[] = { "web-", "db-", "node-", "cache-", "edge-", "build-", "store-", "gw-" };
static const char *const services[] = { "billing", "auth",      "search",  "catalog", "orders", "mailer",
					"gateway", "profile",   "payment", "report",  "images", "session",
					"stock",   "scheduler", "tracing", "archive" };
static const char *const users[] = { "anna", "boris", "chen", "dina", "emil",  "fatima", "goran", "hana",
				     "ivan", "julia", "kofi", "lena", "mario", "noor",   "otto",  "priya" };

struct piece {
	char text[PIECE_BYTES]; /* what stands before the blank */
	uint8_t n;
	char blank; /* letter behind the %, 0 for none */
	bool last;
};

struct qos_payload {
	int n_pieces;
	int n_templates[N_SETS];
	int start[N_SETS][TEMPLATES_MOST]; /* first piece of each template */
	struct piece piece[PIECES_MOST];
	char name[3][16][16]; /* hosts, services, users with room behind them */
	uint8_t name_bytes[3][16];
};

/* Takes a template apart.  A literal that is too long goes on in the next piece. */
static void compile(struct qos_payload *p, const char *text)
{
	struct piece *piece;

	do {
		size_t n = strcspn(text, "%");
		bool whole = n <= PIECE_BYTES;

		piece = &p->piece[p->n_pieces++];
		piece->n = (uint8_t)(whole ? n : PIECE_BYTES);
		memcpy(piece->text, text, piece->n);
		text += piece->n;
		if (whole && text[0] == '%' && text[1] && strchr("dpxhivwu", text[1])) {
			piece->blank = text[1];
			text += 2;
		} else if (whole && text[0] == '%') {
			piece->blank = '%';
			text++;
		}
	} while (*text);
	piece->last = true;
}

static void fill_names(struct qos_payload *p)
{
	for (int i = 0; i < 16; i++) {
		const char *name[3] = { hosts[i % 8], services[i], users[i] };

		for (int k = 0; k < 3; k++) {
			p->name_bytes[k][i] = (uint8_t)strlen(name[k]);
			memcpy(p->name[k][i], name[k], p->name_bytes[k][i]);
		}
	}
}

int qos_payload_new(struct qos_payload **p, struct qos_err *err)
{
	*p = calloc(1, sizeof(**p));
	if (!*p)
		return qos_fail_memory(err, "payload templates");
	fill_names(*p);
	for (int s = 0; s < N_SETS; s++)
		for (int t = 0; t < TEMPLATES_MOST && sets[s].text[t]; t++) {
			(*p)->start[s][t] = (*p)->n_pieces;
			(*p)->n_templates[s]++;
			compile(*p, sets[s].text[t]);
		}
	return 0;
}

void qos_payload_free(struct qos_payload *p)
{
	free(p);
}

int qos_payload_set(struct qos_str type)
{
	int s = 0;

	while (sets[s].type && !qos_str_is(type, sets[s].type))
		s++;
	return s;
}

static char *put_name(const struct qos_payload *p, int kind, unsigned i, char *to)
{
	memcpy(to, p->name[kind][i], 16);
	return to + p->name_bytes[kind][i];
}

static char *put_hex(char *to, uint32_t x)
{
	for (int i = 0; i < 8; i++, x <<= 4)
		to[i] = "0123456789abcdef"[x >> 28];
	return to + 8;
}

static char *put_dotted(char *to, uint32_t x, int n, unsigned most)
{
	for (int i = 0; i < n; i++, x >>= 8) {
		to = qos_digits_write_short(to, (x & 255) % most);
		*to++ = '.';
	}
	return to - 1;
}

static char *fill(const struct qos_payload *p, char blank, uint64_t bits, char *to)
{
	uint32_t high = (uint32_t)(bits >> 32);

	switch (blank) {
	case 'd': return qos_digits_write_short(to, (uint32_t)((uint64_t)high * 9999 >> 32) + 1);
	case 'p': return qos_digits_write_short(to, (uint32_t)((uint64_t)high * 100 >> 32));
	case 'x': return put_hex(to, high);
	case 'h': return qos_digits_write_short(put_name(p, 0, high & 15, to), (high >> 4) % 64);
	case 'i': return put_dotted(to, high | 10, 4, 254);
	case 'v': return put_dotted(to, high, 3, 20);
	case 'w': return put_name(p, 1, high & 15, to);
	case 'u': return put_name(p, 2, high & 15, to);
	case '%': *to = '%'; return to + 1;
	}
	return to;
}

char *qos_payload_write(const struct qos_payload *p, int set, struct qos_rng *r, char *to)
{
	const struct piece *piece = &p->piece[p->start[set][qos_rng_next(r) % (unsigned)p->n_templates[set]]];

	for (;; piece++) {
		memcpy(to, piece->text, PIECE_BYTES);
		to += piece->n;
		if (piece->blank)
			to = fill(p, piece->blank, qos_rng_next(r), to);
		if (piece->last)
			return to;
	}
}
