/* cli/environment.h - the environment of the command under test: this process's own, with a few
 * variables set and nothing else changed. */
#pragma once

#include "base/span.h"

struct arena;

struct environment {
    struct arena *arena;
    size_t count;
    size_t capacity;
    char **entries; /* "NAME=value", NULL behind the last: what execve takes */
};

/* Starts with a copy of this process's environment. */
void environment_init(struct environment *environment, struct arena *arena);

/* Sets one variable, whether or not it was set before. */
void environment_set(struct environment *environment, struct span name, struct span value);

/* Absent when it isn't set. */
struct span environment_find(const struct environment *environment, struct span name);
