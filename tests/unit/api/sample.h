/* tests/unit/api/sample.h - requests made from the tables: every member present and legal, but for
 * one that is bent. */
#pragma once

#include "../test.h"
#include "api/schema.h"
#include "base/buffer.h"

enum bend {
    BEND_NOT, /* all is legal */
    BEND_MISSING,
    BEND_BELOW, /* one less than the least */
    BEND_ABOVE, /* one more than the most */
    BEND_PATTERN,
    BEND_ENUM,
    BEND_TO_STRING,
    BEND_TO_INTEGER,
    BEND_TO_DECIMAL,
    BEND_TO_TRUE,
    BEND_TO_FALSE,
    BEND_TO_LIST,
    BEND_TO_STRUCTURE,
    BEND_COUNT
};

/* The place-th member met on a walk through all structures of the input is bent. */
struct sample {
    size_t place;
    enum bend bend;

    /* What the walk found. */
    size_t met;                /* members in all */
    bool is_bent;              /* the member was met and could be bent so */
    const struct field *field; /* the one bent */
    char path[400];            /* "requestItems.Tab.member.keys" */
    char rule_path[400];       /* "RequestItems.*.Keys" */
    struct span bent_text;     /* the text in its place, for strings */
    struct buffer json;
};

void sample_write(struct test *t, struct sample *sample, const struct shape *input);
