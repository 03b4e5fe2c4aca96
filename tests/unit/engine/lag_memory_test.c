/* tests/unit/engine/lag_memory_test.c - what is kept for reads that lag is bounded, and let go. */
#include "../ops/caller.h"

#include "engine/session.h"

enum { LAG_MS = 500, ARENA_BYTES_MAX = 64 << 20 };

static const char small_table[] =
    "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'pk',"
    "'KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':["
    "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'S'}]}";

TEST(what_lag_remembers_is_bounded_and_forgotten_after_the_lag)
{
    enum { WRITES = 400, FILLER_BYTES = 300000 };
    const struct engine_options options = {
        .lag = { .settings = { { LAG_WORST, LAG_MS }, { LAG_NONE, 0 } } },
    };
    struct caller caller = caller_open(t, &options);
    struct lag *lag = engine_lag(caller.engine);
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    size_t most = 0;

    clock_freeze(engine_clock(caller.engine));
    caller_do(&caller, "CreateTable", small_table);
    caller.arena = arena;
    for (int i = 0; i < WRITES; i++) {
        caller_do(&caller, "PutItem",
                  arena_print(arena,
                              "{'TableName':'Tab','Item':{'pk':{'S':'p'},'sk':{'S':'%d'},'f':{'S':"
                              "'%0*d'}}}",
                              i % 2, FILLER_BYTES, i)
                      .data);
        most = lag_bytes(lag) > most ? lag_bytes(lag) : most;
        EXPECT(lag_bytes(lag) <= LAG_BYTES_MAX, "%zu bytes", lag_bytes(lag));
        arena_reset(arena);
    }
    EXPECT(most > LAG_BYTES_MAX / 2, "the bound is not reached: %zu", most);
    EXPECT(session_remembers(caller.session), "forgotten too early");
    clock_advance_ms(engine_clock(caller.engine), LAG_MS);
    EXPECT(!session_remembers(caller.session), "still remembered");
    EXPECT(lag_bytes(lag) == 0, "%zu bytes", lag_bytes(lag));
    caller_close(&caller);
    arena_close(arena);
}
