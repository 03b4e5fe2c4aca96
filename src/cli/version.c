/* cli/version.c - stator version. */
#include "cli/command.h"

#include <stdio.h>

int version_command(int argc, char **argv)
{
    if (argc > 1) {
        fprintf(stderr, "stator: version takes no '%s'\n", argv[1]);
        return 2;
    }
    puts("stator " STATOR_VERSION);
    return 0;
}
