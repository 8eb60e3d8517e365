/*
 * replay.c - a driver of tests/fuzz without libFuzzer: each file of a corpus once.
 *
 * usage: fuzz_rec FILE|DIRECTORY...
 * A property that does not hold ends it by SIGABRT; the file is named then.
 */

#include <dirent.h>

#include "fuzz.h"

static size_t inputs;

static void
replay(const char *path)
{
	static uint8_t bytes[1 << 20];
	FILE          *f = fopen(path, "rb");
	size_t         n;

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	/* What an abort leaves behind: the last name is the guilty one. */
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(bytes, n);
	inputs++;
}

int
main(int argc, char **argv)
{
	char path[4096];
	int  i;

	for (i = 1; i < argc; i++) {
		DIR           *dir = opendir(argv[i]);
		struct dirent *e;

		if (dir == NULL) {
			replay(argv[i]);
			continue;
		}
		while ((e = readdir(dir)) != NULL) {
			snprintf(path, sizeof(path), "%s/%s", argv[i], e->d_name);
			if (e->d_name[0] != '.')
				replay(path);
		}
		closedir(dir);
	}
	printf("%zu inputs\n", inputs);
	return inputs == 0;
}
