/* engine/engine.c - opening and closing a database and what its sessions share. */
#include "engine/engine.h"

#include "base/arena.h"
#include "base/memory.h"
#include "cloud/stale_report.h"
#include "engine/session.h"

bool engine_open(struct arena *arena, const struct engine_options *options, struct engine **engine,
                 struct span *problem)
{
    struct store *store = NULL;

    if (!store_open(arena, &options->store, &store, problem))
        return false;
    *engine = engine_open_over(store, options);
    return true;
}

struct engine *engine_open_over(struct store *store, const struct engine_options *options)
{
    struct engine *engine = memory_new(sizeof(*engine));

    engine->options = *options;
    engine->store = store;
    clock_init(&engine->clock);
    holds_init(&engine->holds);
    engine->lag = lag_open(&options->lag);
    engine->stale_report = stale_report_open();
    return engine;
}

void engine_close(struct engine *engine)
{
    holds_fini(&engine->holds);
    lag_close(engine->lag);
    stale_report_close(engine->stale_report);
    store_close(engine->store);
    memory_free(engine);
}

struct clock *engine_clock(struct engine *engine)
{
    return &engine->clock;
}

struct lag *engine_lag(struct engine *engine)
{
    return engine->lag;
}

struct stale_report *engine_stale_report(struct engine *engine)
{
    return engine->stale_report;
}

struct store *engine_store(struct engine *engine)
{
    return engine->store;
}

const struct engine_options *engine_options(const struct engine *engine)
{
    return &engine->options;
}

void engine_hold_transactions(struct engine *engine, int64_t ms)
{
    engine->hold_ms = ms;
}

int64_t engine_transaction_hold_ms(const struct engine *engine)
{
    return engine->hold_ms;
}
