/* cli/serve_options.h - the command line of stator serve, and DynamoDB Local's. */
#pragma once

#include "engine/engine.h"
#include "server/server.h"

struct serve_options {
    struct engine_options engine;
    struct server_options server;
    const char *credentials; /* files; NULL when not given */
    const char *control_token;
    const char *config;
    const char *ready_file;
    bool has_seed;
};

/* Returns -1 to go on, otherwise the exit status: the help was printed, or the usage is wrong. The
 * texts in options are argv's or live in the arena. */
int serve_options_read(struct arena *arena, int argc, char **argv, struct serve_options *options);
