/* ops/tag_input.c - what may stand in a tag, and which table an ARN means. */
#include "ops/tag_input.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "ops/invalid.h"

#include <stdint.h>
#include <string.h>

struct code_range {
    uint32_t first;
    uint32_t last;
};

/* Beyond ASCII: what is neither letter, digit, mark nor space, block by block. */
static const struct code_range refused[] = {
    { 0x80, 0x9f },       /* controls */
    { 0xa1, 0xa9 },       /* Latin-1 punctuation and symbols */
    { 0xab, 0xb1 },       /* likewise */
    { 0xb4, 0xb4 },       /* likewise */
    { 0xb6, 0xb8 },       /* likewise */
    { 0xbb, 0xbb },       /* likewise */
    { 0xbf, 0xbf },       /* likewise */
    { 0xd7, 0xd7 },       /* multiplication sign */
    { 0xf7, 0xf7 },       /* division sign */
    { 0x200b, 0x2027 },   /* general punctuation, between its spaces */
    { 0x202a, 0x202e },   /* likewise */
    { 0x2030, 0x205e },   /* likewise */
    { 0x2060, 0x206f },   /* likewise */
    { 0x20a0, 0x20cf },   /* currency */
    { 0x2190, 0x245f },   /* arrows, operators, technical signs */
    { 0x2500, 0x2bff },   /* boxes, shapes, dingbats, arrows */
    { 0x3001, 0x3004 },   /* CJK punctuation */
    { 0x3008, 0x3020 },   /* likewise */
    { 0x3030, 0x3030 },   /* likewise */
    { 0xd800, 0xf8ff },   /* surrogates, private use */
    { 0xfe00, 0xfe1f },   /* variation selectors, vertical forms */
    { 0xfe30, 0xfe6f },   /* compatibility and small forms */
    { 0xff01, 0xff0f },   /* full-width punctuation */
    { 0xffe0, 0xffff },   /* full-width signs, specials */
    { 0x1f000, 0x1faff }, /* emoji and pictographs */
    { 0xe0000, 0x10ffff } /* tags, variation selectors, private use */
};

static bool is_ascii_legal(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           (c >= '\t' && c <= '\r') || (c != '\0' && strchr("+-=._:/@", c));
}

static bool is_legal(uint32_t code)
{
    if (code < 0x80)
        return is_ascii_legal((unsigned char)code);
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (code >= refused[i].first && code <= refused[i].last)
            return false;
    }
    return true;
}

/* Of valid UTF-8. Lengths are in UTF-16 units. */
static bool is_legal_text(struct span text, size_t units_max)
{
    size_t units = 0;

    for (size_t at = 0; at < text.size;) {
        unsigned char lead = (unsigned char)text.data[at];
        size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        uint32_t code = length == 1 ? lead : lead & (0x7fU >> length);

        for (size_t i = 1; i < length; i++)
            code = code << 6 | ((unsigned char)text.data[at + i] & 0x3fU);
        if (!is_legal(code))
            return false;
        at += length;
        units += length == 4 ? 2 : 1;
    }
    return units <= units_max;
}

static struct span or_null(struct span text)
{
    return text.data ? text : SPAN("null");
}

static struct error *check_key(struct arena *arena, struct span key)
{
    if (key.size == 0 || !is_legal_text(key, TAG_KEY_UNITS_MAX))
        return fail(arena, ERR_VALIDATION, "The Tag Key provided is invalid, Key: %.*s",
                    SPAN_PRINT(or_null(key)));
    if (span_starts_with(key, SPAN("aws:")))
        return fail(arena, ERR_VALIDATION, "Tag Key cannot be prefixed with aws:, Key: %.*s",
                    SPAN_PRINT(key));
    return NULL;
}

static struct error *too_many(struct arena *arena)
{
    return fail(arena, ERR_VALIDATION,
                "Number of Tags exceed the current limit for the provided ResourceArn");
}

static struct error *check_unique(struct arena *arena, const struct tag_list *in, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (span_equal(in->items[i].key, in->items[at].key))
            return fail(arena, ERR_VALIDATION,
                        "Duplicate Tag Keys provided as input: Duplicate Tag Key found %.*s",
                        SPAN_PRINT(in->items[at].key));
    }
    return NULL;
}

struct error *tag_input_check(struct arena *arena, const struct tag_list *in)
{
    if (in->count > TAGS_MAX)
        return too_many(arena);
    for (size_t i = 0; i < in->count; i++) {
        struct span value = in->items[i].value;

        TRY(check_key(arena, in->items[i].key));
        if (value.data == NULL || !is_legal_text(value, TAG_VALUE_UNITS_MAX))
            return fail(arena, ERR_VALIDATION, "The Tag Value provided is invalid, Value: %.*s",
                        SPAN_PRINT(or_null(value)));
        TRY(check_unique(arena, in, i));
    }
    return NULL;
}

struct error *tag_input_check_keys(struct arena *arena, const struct string_list *keys)
{
    if (keys->count > TAGS_MAX)
        return too_many(arena);
    for (size_t i = 0; i < keys->count; i++)
        TRY(check_key(arena, keys->items[i]));
    return NULL;
}

static struct tag_pair *find_tag(const struct table *table, struct span key)
{
    for (size_t i = 0; i < table->tag_count; i++) {
        if (span_equal(table->tags[i].key, key))
            return &table->tags[i];
    }
    return NULL;
}

struct error *tag_input_merge(struct arena *arena, const struct tag_list *in, struct table *table)
{
    struct tag_pair *tags = NEW(arena, struct tag_pair, table->tag_count + in->count);

    if (table->tag_count > 0)
        memcpy(tags, table->tags, table->tag_count * sizeof(*tags));
    table->tags = tags;
    for (size_t i = 0; i < in->count; i++) {
        struct tag_pair *known = find_tag(table, in->items[i].key);

        if (known)
            known->value = in->items[i].value;
        else
            tags[table->tag_count++] = (struct tag_pair){ in->items[i].key, in->items[i].value };
    }
    return table->tag_count > TAGS_MAX ? too_many(arena) : NULL;
}

/* What stands between the second and third colon: arn:aws:SERVICE:... */
static bool is_dynamodb_arn(struct span text)
{
    const char *end = text.data + text.size;
    const char *at = text.data;

    for (int colons = 0; at < end && colons < 2; at++)
        colons += *at == ':';
    return span_starts_with((struct span){ at, (size_t)(end - at) }, SPAN("dynamodb:"));
}

static struct error *not_found(struct request *req, struct span resource_arn)
{
    return fail(req->arena, ERR_RESOURCE_NOT_FOUND,
                "Requested resource not found: ResourcArn: %.*s not found",
                SPAN_PRINT(resource_arn));
}

struct error *tag_input_find(struct request *req, struct span resource_arn,
                             const struct table **table)
{
    struct table_arn arn;

    if (!span_starts_with(resource_arn, SPAN("arn:")))
        return invalid(req->arena, "ARNs must start with 'arn:': %.*s", SPAN_PRINT(resource_arn));
    if (!is_dynamodb_arn(resource_arn))
        return invalid(req->arena, "Provided Arn is not a DynamoDB resource arn: %.*s",
                       SPAN_PRINT(resource_arn));
    if (!table_arn_split(resource_arn, &arn) || !span_equal(arn.region, req->region))
        return fail(req->arena, ERR_VALIDATION,
                    "Invalid TableArn: Invalid ResourceArn provided as input %.*s",
                    SPAN_PRINT(resource_arn));
    if (arn.rest.size > 0 && !span_starts_with(arn.rest, SPAN("/stream/")))
        return invalid(req->arena,
                       "Invalid resource arn provided, only table or stream is accepted. "
                       "Provided resource arn: %.*s",
                       SPAN_PRINT(resource_arn));
    TRY(table_arn_check_account(req, resource_arn, &arn));
    *table = arn.rest.size > 0 ? NULL : catalog_peek_of(req, arn.account, arn.table);
    return *table ? NULL : not_found(req, resource_arn);
}
