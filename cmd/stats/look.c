/* Where the report will be looked at. */
#include "stats/look.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8 = locale && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;

	if (locale)
		freelocale(locale);
	return utf8;
}

/* Of the terminal; 0 when there is none, or it does not tell. */
static int columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct qos_look stats_look(const struct cli *cli, bool ascii)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO);

	return (struct qos_look){ .color = terminal && !(no_color && *no_color),
				  .utf8 = !ascii && locale_is_utf8(),
				  .columns = terminal ? columns() : 0 };
}
