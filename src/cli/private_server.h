/* cli/private_server.h - a server of this run's own: this same program, in memory, on a free port.
 *
 * It has a session of its own, so that Ctrl-C does not end it before the tests are done. It
 * ends with private_server_stop, or with this process however that ends. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <sys/types.h>

struct arena;

struct private_server {
    pid_t process; /* 0: none */
    int ready;     /* its standard output, until its ready line came; -1 afterwards */
    struct span url;
};

struct private_server_options {
    struct span seed; /* absent: its own choice */
    bool is_kept;     /* goes on when this process ends */
};

/* Returns while the server is still on its way, so that other things can be made ready meanwhile.
 */
MUST_USE struct error *private_server_start(struct arena *arena,
                                            const struct private_server_options *options,
                                            struct private_server *server);

/* Waits until it takes connections; its url is known then. */
MUST_USE struct error *private_server_await(struct arena *arena, struct private_server *server);

/* Does nothing when there is none. */
void private_server_stop(struct private_server *server);
