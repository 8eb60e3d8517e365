/* tz_load.c - check a zone's name, then ask libc for its offsets. */

#include "settings/tz_load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/rfc3339.h"
#include "base/when.h"
#include "base/xalloc.h"

#define SEEN_S (420 * DAY_S)
#define SAMPLE_S (3 * DAY_S) /* since 1970 no zone has changed twice within 6.9 days */
#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-"

_Static_assert(sizeof(time_t) == 8, "instants beyond 2038 need a 64-bit time_t");

/*
 * The characters keep out "..", POSIX rules and blanks; right/ is 27 s off, the others are no
 * zones.
 */
static bool
is_name(const char *name)
{
	size_t n = strlen(name);

	return n >= 1 && n <= TZ_NAME_MAX && strspn(name, NAME_BYTES) == n && name[0] != '/' &&
	       strncmp(name, "right/", 6) != 0 && strncmp(name, "posix/", 6) != 0 &&
	       strcmp(name, "localtime") != 0 && strcmp(name, "posixrules") != 0 &&
	       strcmp(name, "Factory") != 0;
}

/* Did this machine fail, whatever the zone's name is worth? */
static bool
is_shortage(int number)
{
	return number == EMFILE || number == ENFILE || number == ENOMEM || number == EIO;
}

/* *why: errno where nobody can say. */
static bool
is_zone_file(const char *path, int *why)
{
	struct stat st;
	char        magic[4];
	ssize_t     got = -1;
	int         fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && is_shortage(errno))
		*why = errno;
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 ||
	        (S_ISREG(st.st_mode) && (got = read(fd, magic, sizeof(magic))) < 0))
		*why = errno;
	close(fd);
	return got == sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;
}

/* Where zone data lies, the first that counts at 0; NULL behind the last. */
static const char *
directory(size_t i)
{
	static const char *const usual[] = { "/usr/share/zoneinfo", "/usr/lib/zoneinfo",
		"/share/zoneinfo", "/etc/zoneinfo", "/var/db/timezone/zoneinfo" };
	const char              *own = getenv("TZDIR");

	if (own != NULL && own[0] == '/' && i-- == 0)
		return own;
	return i < sizeof(usual) / sizeof(usual[0]) ? usual[i] : NULL;
}

/* Find the zone's file and write ":/its/path", which every libc reads as just that file. */
static bool
find(const char *name, char out[PATH_MAX], int *why)
{
	size_t i;

	for (i = 0; directory(i) != NULL; i++)
		if (snprintf(out, PATH_MAX, ":%s/%s", directory(i), name) < PATH_MAX &&
		        is_zone_file(out + 1, why))
			return true;
	return false;
}

/* Give n bytes of a name the case that an entry of the directory at path has. */
static bool
match_entry(const char *path, char *name, size_t n)
{
	DIR                 *dir = opendir(path);
	const struct dirent *entry;
	bool                 found = false;

	while (dir != NULL && !found && (entry = readdir(dir)) != NULL)
		if (strlen(entry->d_name) == n && ascii_same(entry->d_name, name, n)) {
			memcpy(name, entry->d_name, n);
			found = true;
		}
	if (dir != NULL)
		closedir(dir);
	return found;
}

/*
 * The true name of a zone written in another case, "europe/london"; false when there is none of
 * these letters.
 */
static bool
true_name(const char *name, char out[TZ_NAME_MAX + 1])
{
	char   path[PATH_MAX];
	size_t i, at, part;

	for (i = 0; directory(i) != NULL; i++) {
		snprintf(out, TZ_NAME_MAX + 1, "%s", name);
		for (at = 0; out[at] != '\0'; at += part + (out[at + part] == '/')) {
			part = strcspn(out + at, "/");
			if (snprintf(path, sizeof(path), "%s/%.*s", directory(i), (int)at, out) >=
			                PATH_MAX ||
			        !match_entry(path, out + at, part))
				break;
		}
		if (out[at] == '\0' && is_name(out))
			return true;
	}
	return false;
}

/*
 * Does this text of the tz database have "L target name", in any case: that the name is an old one
 * of the target?
 */
static bool
has_link(FILE *zi, const char *name, char target[TZ_NAME_MAX + 1])
{
	char   line[256], from[TZ_NAME_MAX + 1];
	size_t n = strlen(name);

	_Static_assert(TZ_NAME_MAX == 64, "the widths below");
	while (fgets(line, sizeof(line), zi) != NULL)
		if (sscanf(line, "L %64s %64s", target, from) == 2 && strlen(from) == n &&
		        ascii_same(from, name, n))
			return true;
	return false;
}

/* Debian 13 has the files of old names in a package of their own, but every link in tzdata.zi. */
static bool
find_link(const char *name, char target[TZ_NAME_MAX + 1])
{
	char   path[PATH_MAX];
	size_t i;
	bool   found = false;

	for (i = 0; !found && directory(i) != NULL; i++) {
		int   n = snprintf(path, sizeof(path), "%s/tzdata.zi", directory(i));
		FILE *zi = n < PATH_MAX ? fopen(path, "re") : NULL;

		if (zi != NULL) {
			found = has_link(zi, name, target);
			fclose(zi);
		}
	}
	return found;
}

static bool
offset_at(int64_t at_s, int64_t *offset_s)
{
	struct tm tm;
	time_t    t = (time_t)at_s;

	if (localtime_r(&t, &tm) == NULL)
		return false;
	*offset_s = days_from_civil(tm.tm_year + INT64_C(1900), tm.tm_mon + 1, tm.tm_mday) * DAY_S +
	            tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec - at_s;
	return true;
}

/* Sample the zone that TZ names; each change is narrowed down to its second. */
static bool
sample(struct tz *tz, const char *name, int64_t around_s)
{
	int64_t at, before, after, low, high, mid, off;

	if (!offset_at(around_s - SEEN_S, &before))
		return false;
	tz_fixed(tz, name, before);
	for (at = around_s - SEEN_S; at < around_s + SEEN_S; at += SAMPLE_S, before = after) {
		if (!offset_at(at + SAMPLE_S, &after))
			return false;
		if (after == before)
			continue;
		low = at;
		high = at + SAMPLE_S;
		while (high - low > 1) {
			mid = low + (high - low) / 2;
			if (!offset_at(mid, &off))
				return false;
			if (off == before)
				low = mid;
			else
				high = mid;
		}
		if (tz_add(tz, high, after) != 0)
			return false;
	}
	return true;
}

/* Say why the name will not do; why: what find said of it. */
static int
refuse(const char *name, int why, struct err *err)
{
	char path[PATH_MAX], target[TZ_NAME_MAX + 1];

	/* An unknown zone makes a verdict: it must not come from a shortage of descriptors. */
	if (why != 0)
		return err_set(err, CWS_FAIL, "cannot read the data of time zone '%s': %s", name,
		        strerror(why));
	if (is_name(name) && !find("Europe/London", path, &why))
		return err_set(err, CWS_USAGE,
		        "time zone data (tzdata) not found: install it, or use UTC");
	if (is_name(name) && find_link(name, target))
		return err_set(err, CWS_USAGE,
		        "time zone '%s' is an old name, whose data are in the package "
		        "tzdata-legacy: "
		        "install it, or write %s",
		        name, target);
	return err_set(err, CWS_USAGE,
	        "unknown time zone '%s': write an IANA name such as Europe/Berlin", name);
}

int
tz_load(struct tz *tz, const char *name, int64_t around_us, struct err *err)
{
	char        path[PATH_MAX], right[TZ_NAME_MAX + 1];
	const char *old = getenv("TZ");
	char       *kept;
	int         why = 0;
	bool        ok;

	if (strlen(name) == 3 && ascii_same(name, "UTC", 3)) {
		tz_fixed(tz, "UTC", 0);
		return 0;
	}
	if (is_name(name) && !find(name, path, &why) && why == 0 && true_name(name, right))
		name = right;
	if (!is_name(name) || !find(name, path, &why))
		return refuse(name, why, err);
	kept = old != NULL ? xstrdup(old) : NULL;
	ok = setenv("TZ", path, 1) == 0;
	tzset();
	ok = ok && sample(tz, name, floor_s(around_us));
	if (kept != NULL)
		ok = setenv("TZ", kept, 1) == 0 && ok;
	else
		unsetenv("TZ");
	tzset();
	free(kept);
	if (!ok)
		return err_set(err, CWS_USAGE, "cannot use the data of time zone '%s'", name);
	return 0;
}
