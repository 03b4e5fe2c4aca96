/* cli/test_options.h - the command line of stator test. */
#pragma once

#include "base/span.h"
#include "cli/selection.h"

#include <stdbool.h>

struct test_options {
    struct selection selection;
    bool is_kept;
    bool may_reuse;
    struct span seed;   /* absent: the server's own choice */
    struct span report; /* absent: none */
    char **command;     /* NULL: the config's */
};

/* Returns -1 to go on, otherwise the exit status: the help was printed, or the usage is wrong. */
int test_options_read(int argc, char **argv, struct test_options *options);
