/* tests/unit/ops/transaction_threads_test.c - transactions of several threads: money moves about
 * and the sum of all accounts is the same at every moment. */
#include "caller.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ACCOUNTS = 4, BALANCE = 100, MOVES = 150, MOVERS = 2, ARENA_BYTES = 64 << 20 };

struct mover {
    struct caller caller; /* with an arena of its own */
    unsigned seed;
    int moved;
    int short_of_money;
    int others; /* other answers: there must be none */
};

static void *move_money(void *argument)
{
    struct mover *mover = argument;

    for (int i = 0; i < MOVES; i++) {
        int from = rand_r(&mover->seed) % ACCOUNTS;
        int to = (from + 1 + rand_r(&mover->seed) % (ACCOUNTS - 1)) % ACCOUNTS;
        const char *json =
            arena_print(
                mover->caller.arena,
                "{'TransactItems':[{'Update':{'TableName':'Accounts','Key':{'id':{'S':'%d'}},"
                "'UpdateExpression':'SET n = n - :v','ConditionExpression':'n >= :v',"
                "'ExpressionAttributeValues':{':v':{'N':'%d'}}}},"
                "{'Update':{'TableName':'Accounts','Key':{'id':{'S':'%d'}},"
                "'UpdateExpression':'ADD n :v','ExpressionAttributeValues':{':v':{'N':'%d'}}}}]}",
                from, 1 + i % 60, to, 1 + i % 60)
                .data;
        struct span text = caller_send(&mover->caller, "TransactWriteItems", json);

        if (span_is(text, "{}"))
            mover->moved++;
        else if (memmem(text.data, text.size, "[ConditionalCheckFailed, None]", 30))
            mover->short_of_money++;
        else
            mover->others++;
        arena_reset(mover->caller.arena); /* a thread needs little */
    }
    return NULL;
}

static long sum_of(const struct caller *caller)
{
    yyjson_val *answer =
        caller_do(caller, "TransactGetItems",
                  "{'TransactItems':[{'Get':{'TableName':'Accounts','Key':{'id':{'S':'0'}}}},"
                  "{'Get':{'TableName':'Accounts','Key':{'id':{'S':'1'}}}},"
                  "{'Get':{'TableName':'Accounts','Key':{'id':{'S':'2'}}}},"
                  "{'Get':{'TableName':'Accounts','Key':{'id':{'S':'3'}}}}]}");
    long sum = 0;

    for (int i = 0; i < ACCOUNTS; i++) {
        const char *pointer = arena_print(caller->arena, "/Responses/%d/Item/n/N", i).data;

        sum += strtol(json_at(caller->arena, answer, pointer).data, NULL, 10);
    }
    return sum;
}

static void fill(const struct caller *caller)
{
    caller_do(caller, "CreateTable",
              "{'TableName':'Accounts','BillingMode':'PAY_PER_REQUEST',"
              "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
              "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}");
    for (int i = 0; i < ACCOUNTS; i++)
        caller_do(caller, "PutItem",
                  arena_print(caller->arena,
                              "{'TableName':'Accounts','Item':{'id':{'S':'%d'},'n':{'N':'%d'}}}", i,
                              BALANCE)
                      .data);
}

TEST(the_sum_of_all_accounts_is_the_same_at_every_moment)
{
    struct caller caller = caller_open(t, NULL);
    struct mover movers[MOVERS] = { 0 };
    pthread_t threads[MOVERS];

    fill(&caller);
    for (int i = 0; i < MOVERS; i++) {
        movers[i].caller = caller_open_beside(&caller);
        movers[i].caller.arena = arena_open(ARENA_BYTES);
        movers[i].seed = (unsigned)i + 1;
        pthread_create(&threads[i], NULL, move_money, &movers[i]);
    }
    for (int i = 0; i < 100; i++) {
        long sum = sum_of(&caller);

        EXPECT(sum == (long)ACCOUNTS * BALANCE, "%ld after %d looks", sum, i);
    }
    for (int i = 0; i < MOVERS; i++) {
        pthread_join(threads[i], NULL);
        EXPECT(movers[i].others == 0, "%d other answers", movers[i].others);
        EXPECT(movers[i].moved > 0 && movers[i].moved + movers[i].short_of_money == MOVES, "%d, %d",
               movers[i].moved, movers[i].short_of_money);
        arena_close(movers[i].caller.arena);
        caller_close_beside(&movers[i].caller);
    }
    EXPECT(sum_of(&caller) == (long)ACCOUNTS * BALANCE, "at the end");
    caller_close(&caller);
}
