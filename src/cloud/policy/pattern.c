/* cloud/policy/pattern.c - parsing, expanding and matching. */
#include "cloud/policy/pattern.h"

#include "base/arena.h"
#include "cloud/policy/context.h"
#include "cloud/policy/text.h"

#include <string.h>

struct parsing {
    struct arena *arena;
    struct span rest;
    struct pattern *pattern;
};

static struct pattern_part *add(struct parsing *parsing, enum pattern_part_kind kind)
{
    struct pattern_part *part = &parsing->pattern->parts[parsing->pattern->count++];

    *part = (struct pattern_part){ .kind = kind };
    return part;
}

static void skip(struct span *text, size_t count)
{
    text->data += count;
    text->size -= count;
}

static void skip_spaces(struct span *text)
{
    while (text->size > 0 && text->data[0] == ' ')
        skip(text, 1);
}

/* 'text', in which two quotes are one. */
static bool parse_default(struct arena *arena, struct span *text, struct span *value)
{
    char *copy = arena_alloc_raw(arena, text->size + 1);
    size_t size = 0;

    skip_spaces(text);
    if (text->size == 0 || text->data[0] != '\'')
        return false;
    skip(text, 1);
    while (text->size > 0) {
        if (text->data[0] == '\'') {
            skip(text, 1);
            if (text->size == 0 || text->data[0] != '\'') {
                *value = (struct span){ copy, size };
                return true;
            }
        }
        copy[size++] = text->data[0];
        skip(text, 1);
    }
    return false;
}

/* Behind "${". */
static const char *parse_variable(struct parsing *parsing)
{
    struct span *rest = &parsing->rest;
    struct pattern_part *part;
    struct span key;

    if (rest->size >= 2 && rest->data[1] == '}' && strchr("*?$", rest->data[0])) {
        part = add(parsing, PART_TEXT);
        part->text = (struct span){ rest->data, 1 };
        skip(rest, 2);
        return NULL;
    }
    skip_spaces(rest);
    key = (struct span){ rest->data, 0 };
    while (key.size < rest->size && !strchr(",} ", rest->data[key.size]))
        key.size++;
    if (key.size == 0 || memchr(key.data, ':', key.size) == NULL)
        return "a variable is written ${key} or ${key, 'default'}";
    skip(rest, key.size);
    part = add(parsing, PART_VARIABLE);
    part->text = key;
    skip_spaces(rest);
    if (rest->size > 0 && rest->data[0] == ',') {
        skip(rest, 1);
        if (!parse_default(parsing->arena, rest, &part->fallback))
            return "the default of a variable is written ${key, 'default'}";
        skip_spaces(rest);
    }
    if (rest->size == 0 || rest->data[0] != '}')
        return "a variable ends with }";
    skip(rest, 1);
    return NULL;
}

static void parse_wildcard(struct parsing *parsing, unsigned flags)
{
    bool is_any = parsing->rest.data[0] == '*';
    bool is_last;

    skip(&parsing->rest, 1);
    is_last = parsing->rest.size == 0 || parsing->rest.data[0] == ':';
    if (!is_any)
        add(parsing, PART_ONE);
    else
        add(parsing, (flags & PATTERN_ARN) && !is_last ? PART_ANY_BUT_COLON : PART_ANY);
}

const char *pattern_parse(struct arena *arena, struct span text, unsigned flags,
                          struct pattern *pattern)
{
    struct parsing parsing = { arena, text, pattern };
    struct pattern_part *plain = NULL;

    *pattern = (struct pattern){ .text = text };
    pattern->parts = NEW(arena, struct pattern_part, text.size);
    while (parsing.rest.size > 0) {
        struct span rest = parsing.rest;

        if ((flags & PATTERN_VARIABLES) && rest.size > 1 && rest.data[0] == '$' &&
            rest.data[1] == '{') {
            const char *problem;

            skip(&parsing.rest, 2);
            problem = parse_variable(&parsing);
            if (problem)
                return problem;
            plain = NULL;
        } else if ((flags & PATTERN_WILDCARDS) && (rest.data[0] == '*' || rest.data[0] == '?')) {
            parse_wildcard(&parsing, flags);
            plain = NULL;
        } else {
            if (plain == NULL) {
                plain = add(&parsing, PART_TEXT);
                plain->text.data = rest.data;
            }
            plain->text.size++;
            skip(&parsing.rest, 1);
        }
    }
    return NULL;
}

/* What a part stands for in this request. */
static enum expansion find_text(const struct pattern_part *part,
                                const struct policy_context *context, struct span *text)
{
    const struct policy_fact *fact;

    *text = part->text;
    if (part->kind != PART_VARIABLE)
        return EXPANSION_DONE;
    fact = context ? context_find(context, part->text) : NULL;
    if (fact && fact->is_unknown)
        return EXPANSION_UNKNOWN;
    if (fact && fact->values.count == 1) {
        *text = fact->values.items[0];
        return EXPANSION_DONE;
    }
    *text = part->fallback;
    return part->fallback.data ? EXPANSION_DONE : EXPANSION_MISSING;
}

static void append(struct glob *glob, struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        glob->units[glob->count++] = (unsigned char)text.data[i];
}

enum expansion pattern_expand(struct arena *arena, const struct pattern *pattern,
                              const struct policy_context *context, struct glob *glob)
{
    struct span *texts = NEW(arena, struct span, pattern->count);
    size_t size = 0;

    for (size_t i = 0; i < pattern->count; i++) {
        enum expansion expansion = find_text(&pattern->parts[i], context, &texts[i]);

        if (expansion != EXPANSION_DONE)
            return expansion;
        size += texts[i].size + 1;
    }
    *glob = (struct glob){ 0, NEW(arena, uint16_t, size) };
    for (size_t i = 0; i < pattern->count; i++) {
        switch (pattern->parts[i].kind) {
        case PART_TEXT:
        case PART_VARIABLE: append(glob, texts[i]); break;
        case PART_ANY: glob->units[glob->count++] = GLOB_ANY; break;
        case PART_ANY_BUT_COLON: glob->units[glob->count++] = GLOB_ANY_BUT_COLON; break;
        case PART_ONE: glob->units[glob->count++] = GLOB_ONE; break;
        }
    }
    return EXPANSION_DONE;
}

/* Bytes of the character that begins at data, as far as the text goes. */
static size_t character_bytes(const char *data, size_t size)
{
    size_t bytes = 1;

    while (bytes < size && ((unsigned char)data[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

static bool same_byte(uint16_t unit, char c, bool ignores_case)
{
    return ignores_case ? text_lower((char)unit) == text_lower(c) : unit == (unsigned char)c;
}

/* Where to go on when what follows a star turns out not to fit: one character later. */
struct retreat {
    bool is_set;
    bool stops_at_colon;
    size_t unit;
    size_t at;
};

/* Backtracks to the last star alone, which is enough where stars match anything. A star that stops
 * at a colon may leave the star before it the better choice, so that one is kept as well. */
bool glob_matches(const struct glob *glob, struct span text, bool ignores_case)
{
    struct retreat wide = { 0 };   /* the last star that crosses colons */
    struct retreat narrow = { 0 }; /* the last one behind it that doesn't */
    size_t unit = 0;
    size_t at = 0;

    for (;;) {
        uint16_t now = unit < glob->count ? glob->units[unit] : 0;

        if (unit == glob->count && at == text.size)
            return true;
        if (unit < glob->count && (now == GLOB_ANY || now == GLOB_ANY_BUT_COLON)) {
            unit++;
            if (now == GLOB_ANY) {
                wide = (struct retreat){ true, false, unit, at };
                narrow = (struct retreat){ 0 };
            } else {
                narrow = (struct retreat){ true, true, unit, at };
            }
            continue;
        }
        if (unit < glob->count && at < text.size) {
            if (now == GLOB_ONE) {
                at += character_bytes(text.data + at, text.size - at);
                unit++;
                continue;
            }
            if (same_byte(now, text.data[at], ignores_case)) {
                at++;
                unit++;
                continue;
            }
        }
        if (narrow.is_set && narrow.at < text.size && text.data[narrow.at] != ':') {
            unit = narrow.unit;
            at = ++narrow.at;
        } else if (wide.is_set && wide.at < text.size) {
            narrow = (struct retreat){ 0 };
            unit = wide.unit;
            at = ++wide.at;
        } else {
            return false;
        }
    }
}

struct span glob_text(struct arena *arena, const struct glob *glob)
{
    char *text = arena_alloc_raw(arena, glob->count + 1);

    for (size_t i = 0; i < glob->count; i++)
        text[i] = (char)glob->units[i];
    text[glob->count] = '\0';
    return (struct span){ text, glob->count };
}
