/*
 * Is one regular expression found in a text?
 *
 * Compiled to machine code where the system lets us, else interpreted.  The machine code's stack is small; what does
 * not fit is tried again by the interpreter, whose memory and steps are limited.
 *
 * Cost   some 50 ns for a short text; at most MATCH_LIMIT steps.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/pcre.h"

#include <pcre2.h>
#include <stdlib.h>

#include "expr/lex.h"

#define MATCH_LIMIT  100000 /* steps: some milliseconds */
#define MEMORY_LIMIT 4096   /* KiB for the interpreter's backtracking */

struct qos_pcre {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	bool fast; /* there is machine code */
	bool utf;
	unsigned long n_gave_up;
};

bool qos_pcre_is_utf(struct qos_str pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if ((unsigned char)pattern.p[i] >= 0x80)
			return true;
	return false;
}

static uint32_t options_of(unsigned flags, bool utf)
{
	return (flags & QOS_REGEX_I ? PCRE2_CASELESS : 0) | (flags & QOS_REGEX_S ? PCRE2_DOTALL : 0) |
	       (flags & QOS_REGEX_M ? PCRE2_MULTILINE : 0) | (flags & QOS_REGEX_X ? PCRE2_EXTENDED : 0) |
	       PCRE2_NEVER_BACKSLASH_C | (utf ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF);
}

int qos_pcre_new(struct qos_pcre **out, struct qos_str pattern, unsigned flags, struct qos_at at, struct qos_err *err)
{
	struct qos_pcre *p = calloc(1, sizeof(*p));
	PCRE2_SIZE where;
	PCRE2_UCHAR said[160];
	int code;

	*out = NULL;
	if (!p)
		return qos_fail_memory(err, "regular expression");
	p->utf = qos_pcre_is_utf(pattern);
	p->code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options_of(flags, p->utf), &code,
				&where, NULL);
	if (!p->code) {
		pcre2_get_error_message(code, said, sizeof(said));
		at.column += (int)where + 1;
		qos_pcre_free(p);
		return qos_fail(err, QOS_EUSAGE, at, "in the regular expression: %s", (char *)said);
	}
	p->data = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->data || !p->limits) {
		qos_pcre_free(p);
		return qos_fail_memory(err, "regular expression");
	}
	p->fast = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	pcre2_set_heap_limit(p->limits, MEMORY_LIMIT);
	*out = p;
	return 0;
}

void qos_pcre_free(struct qos_pcre *p)
{
	if (!p)
		return;
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	free(p);
}

int qos_pcre_search(struct qos_pcre *p, struct qos_str text)
{
	PCRE2_SPTR s = (PCRE2_SPTR)(text.p ? text.p : "");
	int rc = PCRE2_ERROR_JIT_STACKLIMIT;

	if (p->fast && !p->utf)
		rc = pcre2_jit_match(p->code, s, text.n, 0, 0, p->data, p->limits);
	else if (p->fast) /* pcre2_jit_match() would take the text for valid UTF-8 */
		rc = pcre2_match(p->code, s, text.n, 0, 0, p->data, p->limits);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(p->code, s, text.n, 0, PCRE2_NO_JIT, p->data, p->limits);
	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
		p->n_gave_up++;
		return -1;
	}
	return rc >= 0;
}

bool qos_pcre_found(struct qos_pcre *p, struct qos_str text)
{
	return qos_pcre_search(p, text) > 0;
}

unsigned long qos_pcre_gave_up(const struct qos_pcre *p)
{
	return p->n_gave_up;
}
