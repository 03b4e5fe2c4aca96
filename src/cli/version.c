/* cli/version.c - stator version. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

int version_command(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts("stator version                       # stator " STATOR_VERSION "\n"
             "\n"
             "Usage: stator version\n"
             "Prints the version of this program, as stator --version does.");
        return 0;
    }
    if (argc > 1) {
        fprintf(stderr, "stator: version takes no '%s': see stator version --help\n", argv[1]);
        return 2;
    }
    puts("stator " STATOR_VERSION);
    return 0;
}
