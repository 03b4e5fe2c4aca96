/* api/schema.h - what the API models say of each shape, as tables that decode, validate and encode
 * walk. The tables themselves are generated (api_tables.h).
 *
 * All of it is constant. Offsets and sizes are those of the structures in shapes.h. */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shape_kind {
    SHAPE_STRING,
    SHAPE_ENUM,
    SHAPE_INTEGER, /* of 32 bits on the wire */
    SHAPE_LONG,
    SHAPE_DOUBLE,
    SHAPE_TIMESTAMP,
    SHAPE_BOOLEAN,
    SHAPE_STRUCTURE,
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_ITEM, /* a map of attribute values */
    SHAPE_VALUE /* an attribute value */
};

/* Texts are measured in UTF-16 units, as the service does, lists and maps in members. */
struct limits {
    int64_t min; /* INT64_MIN: none */
    int64_t max; /* INT64_MAX: none */
    bool (*matches)(struct span text);
    const char *pattern;  /* as an error shows it */
    bool is_length_first; /* a text too short or long is told before its pattern */
    bool is_first_only;   /* of several broken constraints only the first is told */
    bool takes_arn; /* an ARN of up to ARN_UNITS_MAX may stand in place of what limits a name */
};

enum { ARN_UNITS_MAX = 1024, ENUM_BYTES_MAX = 64 };

struct field {
    struct span name;      /* TableName */
    struct span json_name; /* "TableName": with its colon */
    const struct shape *shape;
    const struct limits *limits; /* NULL: none; mostly the shape's own */
    uint16_t offset;
    uint16_t flag_offset; /* of has_...; 0: there is none */
    bool is_pointer;
    bool is_required;
};

/* Found by a perfect hash over four characters: slots[hash & mask], SLOT_EMPTY for none. */
struct fields {
    size_t count;
    const struct field *fields; /* in the model's order, in which answers are written */
    const uint8_t *order;       /* the same in the order in which the service checks them */
    uint64_t required;          /* one bit a field */
    const uint8_t *slots;
    uint8_t mask;
    uint8_t factors[4]; /* for the second character, and those at 1/4, 1/2 and 3/4 */
};

enum { SLOT_EMPTY = 255, FIELDS_MAX = 64, FIELD_BYTES_MAX = 128 };

struct shape {
    enum shape_kind kind;
    uint32_t size;                   /* of the C type in place */
    const char *name;                /* KeySchemaElement: how a dump names a structure */
    const char *java;                /* what "Unrecognized collection type" names */
    const struct limits *limits;     /* NULL: none */
    const struct fields *fields;     /* SHAPE_STRUCTURE */
    const struct span *texts;        /* SHAPE_ENUM: [0] is absent */
    size_t text_count;               /* with [0] */
    const char *choices;             /* "INDEXES, TOTAL, NONE": in the service's order */
    const struct shape *member;      /* SHAPE_LIST, SHAPE_MAP: of the members or values */
    const struct limits *key_limits; /* SHAPE_MAP, SHAPE_ITEM */
    uint32_t entry_size;             /* SHAPE_MAP: key and value */
    uint32_t value_offset;           /* SHAPE_MAP: of the value in an entry */
};

/* How lists and maps of any kind lie in memory. */
struct sequence {
    size_t count;
    char *items;
};

enum constraint {
    CONSTRAINT_REQUIRED,
    CONSTRAINT_MIN,
    CONSTRAINT_MAX,
    CONSTRAINT_PATTERN,
    CONSTRAINT_ENUM,
    CONSTRAINT_KEYS,   /* of a map */
    CONSTRAINT_MEMBERS /* of a list of texts, or values of a map */
};

/* Where an operation words a violation in its own way (model/validation.json). */
struct rule {
    const char *path; /* "RequestItems.*.Keys" */
    enum constraint constraint;
    bool in_current;
    bool in_classic;
    bool is_newer;       /* the newer validator's form; it stops there */
    bool shows_json;     /* the value is shown as JSON */
    const char *message; /* the whole text; NULL: a form as above */
};

/* An operation as the models describe it. */
struct signature {
    struct span name;
    const struct shape *input;
    const struct shape *output; /* NULL: the answer's body is empty */
    const struct rule *rules;
    size_t rule_count;
    bool is_stream; /* belongs to the streams API */
};

/* NULL when there is no such field. */
static inline const struct field *fields_find(const struct fields *fields, const char *name,
                                              size_t size)
{
    const unsigned char *text = (const unsigned char *)name;
    const uint8_t *factors = fields->factors;
    uint8_t slot;

    if (size == 0 || size > FIELD_BYTES_MAX || fields->count == 0)
        return NULL;
    slot = fields->slots[(size + text[size > 1] * factors[0] + text[size / 4] * factors[1] +
                          text[size / 2] * factors[2] + text[size * 3 / 4] * factors[3]) &
                         fields->mask];
    if (slot == SLOT_EMPTY || fields->fields[slot].name.size != size ||
        __builtin_memcmp(fields->fields[slot].name.data, name, size) != 0)
        return NULL;
    return &fields->fields[slot];
}
