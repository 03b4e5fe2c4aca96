/* cli/environment.c - the environment of the command under test. */
#include "cli/environment.h"

#include "base/arena.h"

#include <string.h>

extern char **environ;

void environment_init(struct environment *environment, struct arena *arena)
{
    size_t count = 0;

    while (environ[count])
        count++;
    *environment = (struct environment){ arena, count, count + 64, NULL };
    environment->entries = NEW(arena, char *, environment->capacity);
    memcpy(environment->entries, environ, count * sizeof(char *));
}

static size_t find(const struct environment *environment, struct span name)
{
    size_t i = 0;

    for (; i < environment->count; i++) {
        const char *entry = environment->entries[i];

        if (strncmp(entry, name.data, name.size) == 0 && entry[name.size] == '=')
            break;
    }
    return i;
}

void environment_set(struct environment *environment, struct span name, struct span value)
{
    size_t at = find(environment, name);
    struct span entry =
        arena_print(environment->arena, "%.*s=%.*s", SPAN_PRINT(name), SPAN_PRINT(value));

    if (at == environment->count) {
        if (environment->count + 1 == environment->capacity) {
            size_t bytes = environment->capacity * sizeof(char *);

            environment->entries =
                arena_grow(environment->arena, environment->entries, bytes, 2 * bytes);
            environment->capacity *= 2;
        }
        environment->count++;
        environment->entries[environment->count] = NULL;
    }
    environment->entries[at] = (char *)(size_t)entry.data;
}

struct span environment_find(const struct environment *environment, struct span name)
{
    size_t at = find(environment, name);

    if (at == environment->count)
        return (struct span){ 0 };
    return span_from(environment->entries[at] + name.size + 1);
}
