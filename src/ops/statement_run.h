/* ops/statement_run.h - carrying out one PartiQL statement, by itself or as a member of a batch. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "ops/usage.h"
#include "partiql/statement.h"

struct statement_call {
    struct span text;
    const struct value_list *parameters; /* NULL when there are none */
    bool is_consistent;
    bool returns_old_on_failure;
    bool is_member;         /* of a batch: a SELECT has to name one item */
    uint64_t limit;         /* 0: none */
    struct span next_token; /* absent: the beginning */
};

struct statement_answer {
    struct item_list items;
    const struct item *last_key; /* NULL: none */
    struct span next_token;      /* absent: that was all */
    struct usage usage;
};

/* statement has been parsed of call->text. Errors are bare. */
MUST_USE struct error *statement_run(struct request *req, const struct statement *statement,
                                     const struct statement_call *call,
                                     struct statement_answer *answer);
