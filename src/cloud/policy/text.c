/* cloud/policy/text.c - names as people write them. */
#include "cloud/policy/text.h"

#include "base/arena.h"

#include <string.h>

enum { GUESS_BYTES_MAX = 64 };

char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_same(struct span a, struct span b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++) {
        if (text_lower(a.data[i]) != text_lower(b.data[i]))
            return false;
    }
    return true;
}

struct span text_cut(struct span *text, char separator)
{
    const char *end = text->size ? memchr(text->data, separator, text->size) : NULL;
    struct span part = *text;

    if (end == NULL) {
        *text = (struct span){ text->data + text->size, 0 };
        return part;
    }
    part.size = (size_t)(end - text->data);
    *text = (struct span){ end + 1, text->size - part.size - 1 };
    return part;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, remove or replace; row by row of the usual table. */
static size_t distance(struct span a, struct span b)
{
    size_t row[GUESS_BYTES_MAX + 1];

    for (size_t k = 0; k <= b.size; k++)
        row[k] = k;
    for (size_t i = 0; i < a.size; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t k = 0; k < b.size; k++) {
            size_t replaced = diagonal + (text_lower(a.data[i]) != text_lower(b.data[k]));

            diagonal = row[k + 1];
            row[k + 1] = least(replaced, least(row[k], row[k + 1]) + 1);
        }
    }
    return row[b.size];
}

void text_guess(struct text_guess *guess, struct span candidate)
{
    size_t limit = guess->name.size / 3 + 1;
    size_t found;

    if (guess->name.size > GUESS_BYTES_MAX || candidate.size > GUESS_BYTES_MAX)
        return;
    found = distance(guess->name, candidate);
    if (found > limit || (guess->found.data && found >= guess->distance))
        return;
    guess->found = candidate;
    guess->distance = found;
}

struct span text_advice(struct arena *arena, const struct text_guess *guess, const char *otherwise)
{
    if (guess->found.data == NULL)
        return arena_print(arena, ": %s", otherwise);
    return arena_print(arena, ": did you mean %.*s?", SPAN_PRINT(guess->found));
}
