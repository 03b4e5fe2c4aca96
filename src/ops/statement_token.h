/* ops/statement_token.h - NextToken of a PartiQL statement: where its next page begins, readable by
 * nobody but the statement that it was given to.
 *
 * The key in it is one that an entry had; it need not exist any more. */
#pragma once

#include "base/error.h"
#include "base/span.h"
#include "partiql/bind.h"

struct arena;

struct statement_position {
    size_t read;       /* which of the statement's reads goes on */
    struct span after; /* entry key behind which it goes on; absent: from its beginning */
};

/* What a statement is known by: its text and its parameters. */
unsigned long long statement_digest(struct span text, const struct value_list *parameters);

struct span statement_token_make(struct arena *arena, unsigned long long digest,
                                 const struct statement_position *position);

/* "NextToken does not match request" for a token of another statement, or for no token at all. An
 * absent token is the beginning. */
MUST_USE struct error *statement_token_read(struct arena *arena, unsigned long long digest,
                                            struct span token, const struct statement_reads *reads,
                                            struct statement_position *position);
