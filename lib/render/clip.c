/* Names cut to columns. */
#include "render/clip.h"

#include <string.h>

#include "base/utf8.h"

#define LONGEST 8 /* bytes that one more character and the mark may take */

int qos_clip(char *to, struct qos_str name, int most_columns, bool utf8)
{
	const char *p = name.p, *end = p + name.n, *mark = utf8 ? "\xe2\x80\xa6" : "~";
	size_t n = 0, n_fits = 0;
	int width = 0, width_fits = 0;

	while (p < end) {
		size_t step = qos_utf8_length(p, end);
		bool control = step == 0 || qos_utf8_is_control(p, step);
		int columns = control ? 1 : qos_utf8_columns(p, step);

		if (width + columns > most_columns || n + LONGEST > QOS_CLIP_BYTES - LONGEST) {
			strcpy(to + n_fits, mark);
			return width_fits + 1;
		}
		if (width + columns < most_columns) {
			n_fits = n + (control ? 1 : step);
			width_fits = width + columns;
		}
		memcpy(to + n, control ? "?" : p, control ? 1 : step);
		n += control ? 1 : step;
		width += columns;
		p += step ? step : 1;
	}
	to[n] = 0;
	return width;
}
