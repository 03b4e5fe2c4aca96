/* tests/unit/ops/caller.h - operations called as a client calls them: JSON in, JSON out, on an
 * engine of the test's own.
 *
 * JSON may be written with ' in place of ". */
#pragma once

#include "../test.h"

#include "base/json.h"
#include "engine/engine.h"
#include "engine/request.h"

struct caller {
    struct arena *arena; /* the test's */
    struct engine *engine;
    struct session *session;
    struct span region;
    struct span access_key;
};

/* In memory; options may be NULL. */
struct caller caller_open(struct test *t, const struct engine_options *options);
/* Over a store that is open already. */
struct caller caller_open_over(struct test *t, struct store *store,
                               const struct engine_options *options);
/* Another client of the same engine, on a session of its own. */
struct caller caller_open_beside(const struct caller *first);
void caller_close(struct caller *caller);
void caller_close_beside(struct caller *caller);

/* The body of the answer, success or error; committed. */
struct span caller_send(const struct caller *caller, const char *operation, const char *json);

/* The same, and the turn goes on. */
struct span caller_send_uncommitted(const struct caller *caller, const char *operation,
                                    const char *json);

/* The call succeeds; its answer parsed. */
yyjson_val *caller_do(const struct caller *caller, const char *operation, const char *json);

/* The call fails; "ResourceNotFoundException: text". */
struct span caller_refusal(const struct caller *caller, const char *operation, const char *json);

/* A call that the engine holds between its check and its commit; then its end, as caller_send. */
struct held_call;
struct held_call *caller_start(const struct caller *caller, const char *operation,
                               const char *json);
struct span caller_finish(struct held_call *call);
void caller_drop(struct held_call *call);

/* What stands at a JSON pointer (/Table/TableStatus): a string's text, anything else as JSON, ""
 * when there is nothing. */
struct span json_at(struct arena *arena, yyjson_val *json, const char *pointer);

#define EXPECT_REFUSED(caller, operation, json, text)                         \
    do {                                                                      \
        struct span refusal_ = caller_refusal((caller), (operation), (json)); \
        EXPECT(span_is(refusal_, (text)), "%s %s: %.*s", (operation), (json), \
               SPAN_PRINT(refusal_));                                         \
    } while (0)

#define EXPECT_AT(arena, json, pointer, text)                                       \
    do {                                                                            \
        struct span found_ = json_at((arena), (json), (pointer));                   \
        EXPECT(span_is(found_, (text)), "%s: %.*s", (pointer), SPAN_PRINT(found_)); \
    } while (0)
