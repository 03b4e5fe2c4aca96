/* ops/java_set.c - Java's String.hashCode, and the walk through a hash table of it. */
#include "ops/java_set.h"

#include "base/arena.h"

#include <stdint.h>

/* One code point of valid UTF-8; *at moves behind it. */
static uint32_t next_code_point(struct span text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data + *at;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    uint32_t code = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);

    for (size_t i = 1; i < length; i++)
        code = code << 6 | (bytes[i] & 0x3fU);
    *at += length;
    return code;
}

static uint32_t java_hash(struct span text)
{
    uint32_t hash = 0;

    for (size_t at = 0; at < text.size;) {
        uint32_t code = next_code_point(text, &at);

        if (code >= 0x10000) {
            hash = hash * 31 + (0xd7c0 + (code >> 10));
            code = 0xdc00 + (code & 0x3ff);
        }
        hash = hash * 31 + code;
    }
    return hash ^ hash >> 16;
}

static struct string_list without_repeats(struct arena *arena, const struct string_list *names)
{
    struct string_list once = { 0, NEW(arena, struct span, names->count) };

    for (size_t i = 0; i < names->count; i++) {
        bool is_known = false;

        for (size_t j = 0; j < once.count; j++)
            is_known |= span_equal(once.items[j], names->items[i]);
        if (!is_known)
            once.items[once.count++] = names->items[i];
    }
    return once;
}

struct span java_set_print(struct arena *arena, const struct string_list *names, size_t places)
{
    const struct string_list once = without_repeats(arena, names);
    struct span text = SPAN("");

    while (once.count * 4 > places * 3)
        places *= 2;
    for (size_t place = 0; place < places; place++) {
        for (size_t i = 0; i < once.count; i++) {
            if ((java_hash(once.items[i]) & (places - 1)) == place)
                text = arena_print(arena, "%.*s%s%.*s", SPAN_PRINT(text), text.size ? ", " : "",
                                   SPAN_PRINT(once.items[i]));
        }
    }
    return arena_print(arena, "[%.*s]", SPAN_PRINT(text));
}
