/* simdjson's first stage behind a C interface; the implementation for this processor is chosen at run time. */
#include "format/json_scan.h"

#include <simdjson.h>

#include <memory>
#include <new>

struct qos_json_scan {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
	size_t n_tokens = 0;
};

extern "C" struct qos_json_scan *qos_json_scan_new(size_t most_bytes)
{
	qos_json_scan *s = new (std::nothrow) qos_json_scan;

	if (s && simdjson::get_active_implementation()->create_dom_parser_implementation(most_bytes, 1, s->parser)) {
		delete s;
		s = nullptr;
	}
	return s;
}

extern "C" void qos_json_scan_free(struct qos_json_scan *s)
{
	delete s;
}

extern "C" enum qos_json_fault qos_json_scan_block(struct qos_json_scan *s, const char *p, size_t n)
{
	simdjson::error_code e =
		s->parser->stage1(reinterpret_cast<const uint8_t *>(p), n, simdjson::stage1_mode::regular);

	s->n_tokens = 0;
	switch (e) {
	case simdjson::SUCCESS: s->n_tokens = s->parser->n_structural_indexes; break;
	case simdjson::EMPTY: break;
	case simdjson::UTF8_ERROR: return QOS_JSON_NOT_UTF8;
	case simdjson::UNESCAPED_CHARS: return QOS_JSON_CONTROL;
	case simdjson::UNCLOSED_STRING: return QOS_JSON_UNCLOSED;
	default: return QOS_JSON_TOO_LONG;
	}
	for (size_t i = 0; i < 2; i++)
		s->parser->structural_indexes[s->n_tokens + i] = static_cast<uint32_t>(n);
	return QOS_JSON_CLEAN;
}

extern "C" const uint32_t *qos_json_scan_tokens(const struct qos_json_scan *s, size_t *n)
{
	*n = s->n_tokens;
	return s->parser->structural_indexes.get();
}
