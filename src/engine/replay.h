/* engine/replay.h - which transactions with a ClientRequestToken were carried out lately: what
 * makes a second request with the same token a replay.
 *
 * Kept in SPACE_TOKENS, beside the data and in the same transaction, so that a restart forgets
 * none. A record counts for ten minutes by the engine's clock and is swept later. Inside the
 * session's transaction. Only engine/ includes this. */
#pragma once

#include "base/error.h"
#include "engine/hold.h"
#include "engine/request.h"

struct arena;
struct session;
struct transact_write_plan;

/* The token of a request in its namespace; key absent when the request has none. */
struct token replay_token(struct request *req, const struct transact_write_plan *plan);

/* *bytes: of each member's larger image, when the transaction was carried out; otherwise NULL. The
 * same token with other content is an IdempotentParameterMismatchException. */
MUST_USE struct error *replay_find(struct request *req, const struct token *token, size_t count,
                                   const uint64_t **bytes);

MUST_USE struct error *replay_record(struct request *req, const struct token *token, size_t count,
                                     const uint64_t *bytes);

MUST_USE struct error *replay_mismatch(struct arena *arena);

/* Forgets up to some hundred records that no longer count; *is_more when there are others. */
MUST_USE struct error *replay_sweep(struct session *session, bool *is_more);
