/* simdjson's first stage behind a C interface; the implementation for this processor is chosen at run time. */
#include "format/json_scan.h"

#include <simdjson.h>

#include <new>

struct qos_json_scan {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
	size_t n = 0;
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

extern "C" const char *qos_json_scan_block(struct qos_json_scan *s, const char *p, size_t n)
{
	simdjson::error_code e =
		s->parser->stage1(reinterpret_cast<const uint8_t *>(p), n, simdjson::stage1_mode::regular);

	s->n = 0;
	switch (e) {
	case simdjson::SUCCESS: s->n = s->parser->n_structural_indexes; return nullptr;
	case simdjson::EMPTY: return nullptr;
	case simdjson::UTF8_ERROR: return "is not UTF-8";
	case simdjson::UNESCAPED_CHARS: return "has a raw control character in a string; write \\n, \\t or \\u00XX";
	case simdjson::UNCLOSED_STRING: return "has a string that does not end";
	default: return simdjson::error_message(e);
	}
}

extern "C" const uint32_t *qos_json_scan_offsets(const struct qos_json_scan *s, size_t *n)
{
	*n = s->n;
	return s->parser->structural_indexes.get();
}
