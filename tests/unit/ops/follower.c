/* tests/unit/ops/follower.c - reading streams as a client does. */
#include "follower.h"

#include "engine/engine.h"

enum { RECORDS_MAX = 20000 };

void stop_clock(const struct caller *caller)
{
    struct clock *clock = engine_clock(caller->engine);

    clock_freeze(clock);
    clock_advance_ms(clock, 1000 - clock_now_ms(clock) % 1000);
}

void pass_time(const struct caller *caller, int64_t ms)
{
    clock_advance_ms(engine_clock(caller->engine), ms);
}

void sweep_all(const struct caller *caller)
{
    while (session_sweep(caller->session))
        continue;
}

void create_streamed(const struct caller *caller, const char *name, const char *view)
{
    struct span stream = SPAN("");

    if (view)
        stream = arena_print(caller->arena,
                             ",'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'%s'}",
                             view);
    caller_do(caller, "CreateTable",
              arena_print(caller->arena,
                          "{'TableName':'%s','BillingMode':'PAY_PER_REQUEST','KeySchema':["
                          "{'AttributeName':'pk','KeyType':'HASH'},{'AttributeName':'sk','KeyType':"
                          "'RANGE'}],'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':"
                          "'S'},{'AttributeName':'sk','AttributeType':'S'}]%.*s}",
                          name, SPAN_PRINT(stream))
                  .data);
}

struct span stream_arn_of(const struct caller *caller, const char *table)
{
    struct span call = arena_print(caller->arena, "{'TableName':'%s'}", table);

    return json_at(caller->arena, caller_do(caller, "DescribeTable", call.data),
                   "/Table/LatestStreamArn");
}

yyjson_val *shards_of(const struct caller *caller, struct span arn)
{
    struct span call = arena_print(caller->arena, "{'StreamArn':'%.*s'}", SPAN_PRINT(arn));
    yyjson_val *answer = caller_do(caller, "DescribeStream", call.data);

    return yyjson_ptr_get(answer, "/StreamDescription/Shards");
}

struct span iterator_at(const struct caller *caller, struct span arn, struct span shard,
                        const char *type_and_number)
{
    struct span call =
        arena_print(caller->arena, "{'StreamArn':'%.*s','ShardId':'%.*s','ShardIteratorType':%s}",
                    SPAN_PRINT(arn), SPAN_PRINT(shard), type_and_number);

    return json_at(caller->arena, caller_do(caller, "GetShardIterator", call.data),
                   "/ShardIterator");
}

static void read_shard(const struct caller *caller, struct span iterator, struct followed *followed)
{
    size_t before;

    do {
        struct span call =
            arena_print(caller->arena, "{'ShardIterator':'%.*s'}", SPAN_PRINT(iterator));
        yyjson_val *answer = caller_do(caller, "GetRecords", call.data);
        yyjson_val *record;
        size_t i, count;

        before = followed->count;
        yyjson_arr_foreach(yyjson_obj_get(answer, "Records"), i, count, record)
        {
            EXPECT(followed->count < RECORDS_MAX, "too many records");
            followed->records[followed->count++] = record;
        }
        iterator = json_at(caller->arena, answer, "/NextShardIterator");
    } while (iterator.size > 0 && followed->count > before);
}

struct followed follow(const struct caller *caller, struct span arn)
{
    struct followed followed = { .records = NEW(caller->arena, yyjson_val *, RECORDS_MAX) };
    yyjson_val *shard;
    size_t i, count;

    yyjson_arr_foreach(shards_of(caller, arn), i, count, shard)
    {
        struct span id = json_text(yyjson_obj_get(shard, "ShardId"));

        read_shard(caller, iterator_at(caller, arn, id, "'TRIM_HORIZON'"), &followed);
    }
    return followed;
}
