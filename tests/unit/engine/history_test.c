/* tests/unit/engine/history_test.c - thousands of random operations through the dispatcher, beside
 * a model so small that it is plainly right: items, index contents, orders, pages and counts.
 *
 * STATOR_HISTORY_SEED and STATOR_HISTORY_STEPS make another or a longer history. */
#include "../store/drivers.h"
#include "history.h"
#include "sound.h"

#include "base/buffer.h"
#include "base/random.h"
#include "engine/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 6000, TURN_MAX = 4, ARENA_BYTES_MAX = 64 << 20 };

static int maybe(struct history *history, int bound)
{
    return history_below(history, 4) == 0 ? -1 : history_below(history, bound);
}

/* --- JSON --- */

static const char *text(struct buffer *buffer, struct arena *arena)
{
    const char *made = arena_copy(arena, buffer_span(buffer)).data;

    buffer_fini(buffer);
    return made;
}

static const char *item_json(struct history *history, int p, int n, const struct thing *thing)
{
    struct arena *arena = history->arena;
    const char *g = "", *h = "", *l = "";

    if (thing->g >= 0)
        g = arena_print(arena, ",'g':{'S':'g%d'}", thing->g).data;
    if (thing->h >= 0)
        h = arena_print(arena, ",'h':{'N':'%s'}", sent_numbers[thing->h]).data;
    if (thing->l >= 0)
        l = arena_print(arena, ",'l':{'S':'l%d'}", thing->l).data;
    return arena_print(arena,
                       "{'pk':{'S':'p%d'},'sk':{'N':'%s'}%s%s%s,'c':{'N':'%d'},'f':{'S':'%0*d'}}",
                       p, sent_numbers[n], g, h, l, thing->count, thing->filler, 0)
        .data;
}

static struct thing random_thing(struct history *history)
{
    return (struct thing){
        .is_present = true,
        .g = maybe(history, LETTERS),
        .h = maybe(history, NUMBERS),
        .l = maybe(history, LETTERS),
        .count = history_below(history, 10),
        .filler = 1 + history_below(history, history_below(history, 20) == 0 ? 5000 : 100)
    };
}

/* --- writing --- */

static void put(struct history *history)
{
    int p = history_below(history, PARTITIONS), n = history_below(history, NUMBERS);
    struct thing *old = &history->things[p][n];
    struct thing new = random_thing(history);
    bool wants_new = history_below(history, 3) == 0;
    const char *json =
        arena_print(history->arena, "{'TableName':'Tab','ReturnValues':'ALL_OLD','Item':%s%s}",
                    item_json(history, p, n, &new),
                    wants_new ? ",'ConditionExpression':'attribute_not_exists(pk)'" : "")
            .data;
    yyjson_val *before;

    if (wants_new && old->is_present) {
        struct span refusal = caller_send_uncommitted(history->caller, "PutItem", json);

        EXPECT(strstr(refusal.data, "ConditionalCheckFailed"), "step %d: %s", history->step,
               refusal.data);
        return;
    }
    before = yyjson_obj_get(history_call(history, "PutItem", json), "Attributes");
    EXPECT((before != NULL) == old->is_present, "step %d: the old item", history->step);
    if (before)
        history_expect_whole(history, before, old);
    *old = new;
}

/* SET or REMOVE of an index key, and a count. */
static void update(struct history *history)
{
    static const char *const absent = "{'TableName':'Tab','Key':%s,'UpdateExpression':"
                                      "'REMOVE g SET f=if_not_exists(f,:f) ADD c :one',"
                                      "'ReturnValues':'ALL_NEW','ExpressionAttributeValues':"
                                      "{':f':{'S':'0'},':one':{'N':'1'}}}";
    static const char *const given = "{'TableName':'Tab','Key':%s,'UpdateExpression':"
                                     "'SET g=:g, h=:h, f=if_not_exists(f,:f) ADD c :one',"
                                     "'ReturnValues':'ALL_NEW','ExpressionAttributeValues':{':g':"
                                     "{'S':'g%d'},':h':{'N':'%s'},':f':{'S':'0'},"
                                     "':one':{'N':'1'}}}";
    int p = history_below(history, PARTITIONS), n = history_below(history, NUMBERS);
    int g = maybe(history, LETTERS), h = history_below(history, NUMBERS);
    struct thing *thing = &history->things[p][n];
    const char *key = history_key_json(history, p, n);
    struct span json = g < 0 ? arena_print(history->arena, absent, key)
                             : arena_print(history->arena, given, key, g, sent_numbers[h]);

    if (!thing->is_present)
        *thing = (struct thing){ true, -1, -1, -1, 0, 1 };
    thing->count++;
    thing->g = g;
    if (g >= 0)
        thing->h = h;
    history_expect_whole(
        history, yyjson_obj_get(history_call(history, "UpdateItem", json.data), "Attributes"),
        thing);
}

static void delete (struct history *history)
{
    int p = history_below(history, PARTITIONS), n = history_below(history, NUMBERS);
    struct thing *thing = &history->things[p][n];
    struct span json =
        arena_print(history->arena, "{'TableName':'Tab','Key':%s,'ReturnValues':'ALL_OLD'}",
                    history_key_json(history, p, n));
    yyjson_val *old = yyjson_obj_get(history_call(history, "DeleteItem", json.data), "Attributes");

    EXPECT((old != NULL) == thing->is_present, "step %d: the deleted item", history->step);
    if (old)
        history_expect_whole(history, old, thing);
    *thing = (struct thing){ 0 };
}

/* One partition, some put and some deleted. */
static void batch_write(struct history *history)
{
    int p = history_below(history, PARTITIONS);
    struct buffer json;

    buffer_init(&json);
    buffer_append_literal(&json, "{'RequestItems':{'Tab':[");
    for (int n = 0; n < NUMBERS; n++) {
        struct thing *thing = &history->things[p][n];
        bool is_put = history_below(history, 2) == 0;

        if (n > 0 && history_below(history, 2) == 0)
            continue;
        *thing = is_put ? random_thing(history) : (struct thing){ 0 };
        buffer_append_span(&json,
                           is_put ? arena_print(history->arena, "%s{'PutRequest':{'Item':%s}}",
                                                n > 0 ? "," : "", item_json(history, p, n, thing))
                                  : arena_print(history->arena, "%s{'DeleteRequest':{'Key':%s}}",
                                                n > 0 ? "," : "", history_key_json(history, p, n)));
    }
    buffer_append_literal(&json, "]}}");
    history_call(history, "BatchWriteItem", text(&json, history->arena));
}

/* --- tables --- */

static void describe(struct history *history)
{
    yyjson_val *answer = history_call(history, "DescribeTable", "{'TableName':'Tab'}");
    int count = 0;

    for (int p = 0; p < PARTITIONS; p++)
        for (int n = 0; n < NUMBERS; n++)
            count += history->things[p][n].is_present;
    EXPECT_AT(history->arena, answer, "/Table/ItemCount",
              arena_print(history->arena, "%d", count).data);
}

static void change_extra_index(struct history *history)
{
    history_call(
        history, "UpdateTable",
        history->has_extra_index
            ? "{'TableName':'Tab','GlobalSecondaryIndexUpdates':[{'Delete':"
              "{'IndexName':'extra'}}]}"
            : "{'TableName':'Tab','AttributeDefinitions':[{'AttributeName':'l','AttributeType':"
              "'S'}],'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'extra','KeySchema':"
              "[{'AttributeName':'l','KeyType':'HASH'}],'Projection':{'ProjectionType':"
              "'KEYS_ONLY'}}}]}");
    history->has_extra_index = !history->has_extra_index;
}

static void change_other_table(struct history *history)
{
    history_call(history, history->has_other_table ? "DeleteTable" : "CreateTable",
                 history->has_other_table
                     ? "{'TableName':'Other'}"
                     : "{'TableName':'Other','BillingMode':'PAY_PER_REQUEST','KeySchema':"
                       "[{'AttributeName':'pk','KeyType':'HASH'}],'AttributeDefinitions':"
                       "[{'AttributeName':'pk','AttributeType':'S'}]}");
    history->has_other_table = !history->has_other_table;
}

static void create_table(struct history *history)
{
    history_call(
        history, "CreateTable",
        "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'pk',"
        "'KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':["
        "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'N'},"
        "{'AttributeName':'g','AttributeType':'S'},{'AttributeName':'h','AttributeType':'N'},"
        "{'AttributeName':'l','AttributeType':'S'}],'GlobalSecondaryIndexes':[{'IndexName':"
        "'global','KeySchema':[{'AttributeName':'g','KeyType':'HASH'},{'AttributeName':'h',"
        "'KeyType':'RANGE'}],'Projection':{'ProjectionType':'ALL'}}],'LocalSecondaryIndexes':["
        "{'IndexName':'local','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
        "{'AttributeName':'l','KeyType':'RANGE'}],'Projection':{'ProjectionType':"
        "'INCLUDE','NonKeyAttributes':['c']}}]}");
    memset(history->things, 0, sizeof(history->things));
    history->has_extra_index = false;
}

static void create_anew(struct history *history)
{
    history_call(history, "DeleteTable", "{'TableName':'Tab'}");
    create_table(history);
}

/* --- the history --- */

static const struct {
    void (*run)(struct history *history);
    int weight;
} kinds[] = {
    { put, 200 },
    { update, 200 },
    { delete, 60 },
    { batch_write, 40 },
    { history_get, 80 },
    { history_query_table, 60 },
    { history_query_local, 60 },
    { history_query_global, 60 },
    { history_query_extra, 40 },
    { history_scan, 20 },
    { describe, 20 },
    { change_extra_index, 8 },
    { create_anew, 2 },
    { change_other_table, 6 },
};

static void run_one(struct history *history)
{
    int total = 0;
    int chosen;

    for (size_t i = 0; i < COUNT(kinds); i++)
        total += kinds[i].weight;
    chosen = history_below(history, total);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (chosen < kinds[i].weight) {
            kinds[i].run(history);
            return;
        }
        chosen -= kinds[i].weight;
    }
}

static void end_turn(struct history *history)
{
    EXPECT_OK(session_commit(history->caller->session));
    if (history_below(history, 10) == 0)
        session_sweep(history->caller->session);
    if (history_below(history, 200) == 0)
        expect_sound(history->t, history->caller);
}

/* A turn that is not kept: the model forgets it too. */
static void run_undone(struct history *history)
{
    struct history before = *history;

    for (int i = history_below(history, TURN_MAX); i >= 0; i--)
        run_one(history);
    session_rollback(history->caller->session);
    before.random = history->random;
    before.found = history->found;
    *history = before;
}

static int setting(const char *name, int otherwise)
{
    const char *given = getenv(name);

    return given ? (int)strtol(given, NULL, 10) : otherwise;
}

static void live(struct test *t, struct store *store, size_t session_count, int seed_shift)
{
    const struct engine_options options = { .seed = 1 };
    int seed = setting("STATOR_HISTORY_SEED", 20261123) + seed_shift;
    int steps = setting("STATOR_HISTORY_STEPS", STEPS);
    struct history history = { .t = t, .session_count = session_count };

    random_init(&history.random, (uint64_t)seed);
    history.arena = arena_open(ARENA_BYTES_MAX);
    history.callers[0] = caller_open_over(t, store, &options);
    history.callers[0].arena = history.arena;
    for (size_t i = 1; i < session_count; i++)
        history.callers[i] = caller_open_beside(&history.callers[0]);
    history.caller = &history.callers[0];
    printf("history: STATOR_HISTORY_SEED=%d\n", seed - seed_shift);
    create_table(&history);
    end_turn(&history);
    while (history.step < steps) {
        arena_reset(history.arena);
        history.caller = &history.callers[history_below(&history, (int)session_count)];
        if (history_below(&history, 20) == 0) {
            run_undone(&history);
            continue;
        }
        for (int i = history_below(&history, TURN_MAX); i >= 0; i--, history.step++)
            run_one(&history);
        end_turn(&history);
    }
    EXPECT(history.found > (uint64_t)steps, "only %d items were read", (int)history.found);
    for (size_t i = 1; i < session_count; i++)
        caller_close_beside(&history.callers[i]);
    expect_sound(t, &history.callers[0]);
    caller_close(&history.callers[0]);
    arena_close(history.arena);
}

TEST(a_random_history_goes_as_the_model_says_in_memory)
{
    live(t, open_store(t, NULL), 1, 0);
}

TEST(a_random_history_goes_as_the_model_says_on_the_oracle)
{
    struct store *store = NULL;

    EXPECT(store_open_memory_map(&store), "no map");
    live(t, store, 1, 1);
}

TEST(two_sessions_live_through_one_random_history_in_memory)
{
    live(t, open_store(t, NULL), 2, 2);
}

TEST(two_sessions_live_through_one_random_history_in_a_file)
{
    live(t, open_store(t, new_path(t, "history.db")), 2, 3);
}
