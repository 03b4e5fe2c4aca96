/* tests/unit/engine/lag_history_test.c - random histories of writes and reads from several
 * sessions, each answer held against a definition of "legal" that knows nothing of how lag works:
 * all versions of all items with their times, and nothing else. */
#include "../ops/caller.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEPS = 5000,
    SESSIONS = 3,
    PARTITIONS = 3,
    ITEMS = 4, /* of a partition */
    LETTERS = 3,
    VERSIONS_MAX = STEPS * 2,
    PAGES_MAX = 50,
    TABLE_LAG_MS = 500,
    INDEX_LAG_MS = 1200,
    ARENA_BYTES_MAX = 64 << 20
};

struct version {
    int64_t at_ms;
    bool is_present;
    int g; /* letter of the global index, or -1 */
    int l; /* of the local one */
    int count;
    int filler;
    double units; /* of a strong read; 0: not known */
};

struct thing {
    int first; /* not older than any read may show: versions before it are forgotten */
    int last;
    struct version versions[VERSIONS_MAX];
};

struct past {
    struct test *t;
    struct random random;
    struct caller callers[SESSIONS];
    const struct caller *caller;
    struct arena *arena;
    struct clock *clock;
    bool is_worst;
    int step;
    int count; /* of writes: names a version */
    uint64_t stale_answers;
    struct thing things[PARTITIONS][ITEMS];
};

static const char table_json[] =
    "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'pk',"
    "'KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':["
    "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'S'},"
    "{'AttributeName':'g','AttributeType':'S'},{'AttributeName':'l','AttributeType':'S'}],"
    "'GlobalSecondaryIndexes':[{'IndexName':'global','KeySchema':[{'AttributeName':'g','KeyType':"
    "'HASH'}],'Projection':{'ProjectionType':'ALL'}}],'LocalSecondaryIndexes':[{'IndexName':"
    "'local','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},{'AttributeName':'l','KeyType':"
    "'RANGE'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}]}";

static int below(struct past *past, int bound)
{
    return (int)random_below(&past->random, (uint64_t)bound);
}

static yyjson_val *call(struct past *past, const char *operation, const char *json)
{
    struct span answer = caller_send_uncommitted(past->caller, operation, json);
    yyjson_val *parsed = json_parse(past->arena, answer, NULL);

    EXPECT(parsed && yyjson_obj_get(parsed, "__type") == NULL, "step %d: %s %s: %.*s", past->step,
           operation, json, SPAN_PRINT(answer));
    return parsed;
}

/* --- what is legal --- */

/* A version may be shown as long as the one that replaced it is younger than the lag. */
static bool is_legal(const struct past *past, const struct thing *thing, int at, int64_t lag_ms)
{
    return at == thing->last || thing->versions[at + 1].at_ms > clock_now_ms(past->clock) - lag_ms;
}

static int oldest_legal(const struct past *past, const struct thing *thing, int64_t lag_ms)
{
    int at = thing->first;

    while (!is_legal(past, thing, at, lag_ms))
        at++;
    return at;
}

/* --- writing --- */

static const char *attributes_json(struct past *past, const struct version *version)
{
    const char *g = "", *l = "";

    if (version->g >= 0)
        g = arena_print(past->arena, ",'g':{'S':'%d'}", version->g).data;
    if (version->l >= 0)
        l = arena_print(past->arena, ",'l':{'S':'%d'}", version->l).data;
    return arena_print(past->arena, "'c':{'N':'%d'},'f':{'S':'%0*d'}%s%s", version->count,
                       version->filler, 0, g, l)
        .data;
}

static const char *put_json(struct past *past, int p, int i, const struct version *version)
{
    return arena_print(past->arena,
                       "{'TableName':'Tab','Item':{'pk':{'S':'%d'},'sk':{'S':'%d'},%s}}", p, i,
                       attributes_json(past, version))
        .data;
}

static const char *key_json(struct past *past, int p, int i)
{
    return arena_print(past->arena, "'TableName':'Tab','Key':{'pk':{'S':'%d'},'sk':{'S':'%d'}}", p,
                       i)
        .data;
}

static struct version new_version(struct past *past)
{
    return (struct version){ .at_ms = clock_now_ms(past->clock),
                             .is_present = true,
                             .g = below(past, LETTERS + 1) - 1,
                             .l = below(past, LETTERS + 1) - 1,
                             .count = ++past->count,
                             .filler = 1 + below(past, 9000) };
}

/* In the turn that is open, which is not committed here; old is what it comes upon. */
static struct version write_one(struct past *past, int p, int i, const struct version *old)
{
    struct version version = new_version(past);

    switch (below(past, 5)) {
    case 0:
        version.is_present = false;
        call(past, "DeleteItem", arena_print(past->arena, "{%s}", key_json(past, p, i)).data);
        break;
    case 1:
        version.g = old->is_present ? old->g : -1;
        version.l = old->is_present ? old->l : -1;
        version.filler = old->is_present ? old->filler : 0;
        call(past, "UpdateItem",
             arena_print(past->arena,
                         "{%s,'UpdateExpression':'SET c=:c','ExpressionAttributeValues':{':c':"
                         "{'N':'%d'}}}",
                         key_json(past, p, i), version.count)
                 .data);
        break;
    default: call(past, "PutItem", put_json(past, p, i, &version)); break;
    }
    return version;
}

static double units_of(yyjson_val *answer)
{
    return yyjson_get_num(
        yyjson_obj_get(yyjson_obj_get(answer, "ConsumedCapacity"), "CapacityUnits"));
}

static yyjson_val *get(struct past *past, int p, int i, bool is_strong)
{
    return call(past, "GetItem",
                arena_print(past->arena,
                            "{%s,'ReturnConsumedCapacity':'TOTAL','ConsistentRead':%s}",
                            key_json(past, p, i), is_strong ? "true" : "false")
                    .data);
}

static void add_version(struct past *past, int p, int i, struct version version)
{
    struct thing *thing = &past->things[p][i];

    version.units = units_of(get(past, p, i, true));
    EXPECT(thing->last + 1 < VERSIONS_MAX, "too many versions");
    thing->versions[++thing->last] = version;
}

/* --- what an answer shows --- */

static struct span member(yyjson_val *item, const char *name, const char *type)
{
    return json_text(yyjson_obj_get(yyjson_obj_get(item, name), type));
}

static int number(struct span digits)
{
    return digits.size > 0 ? (int)strtol(digits.data, NULL, 10) : -1;
}

/* The version that an item is, whole. */
static int version_of(struct past *past, const struct thing *thing, yyjson_val *item)
{
    int count = number(member(item, "c", "N"));
    int at = thing->last;
    const struct version *version;

    while (at > thing->first && thing->versions[at].count != count)
        at--;
    version = &thing->versions[at];
    EXPECT(version->count == count && version->is_present, "step %d: no version %d", past->step,
           count);
    EXPECT(number(member(item, "g", "S")) == version->g &&
               number(member(item, "l", "S")) == version->l &&
               (int)member(item, "f", "S").size == version->filler,
           "step %d: a mix of versions", past->step);
    return at;
}

static void expect_shown(struct past *past, const struct thing *thing, int at, int64_t lag_ms,
                         bool is_strong)
{
    if (is_strong)
        EXPECT(at == thing->last, "step %d: a strong read is stale", past->step);
    else if (past->is_worst)
        EXPECT(at == oldest_legal(past, thing, lag_ms), "step %d: not the oldest: %d of %d..%d",
               past->step, at, oldest_legal(past, thing, lag_ms), thing->last);
    else
        EXPECT(is_legal(past, thing, at, lag_ms), "step %d: too old", past->step);
    past->stale_answers += at != thing->last;
}

typedef bool belongs(const struct version *version, int which);

/* Nothing is shown of the item: some legal version is none of the range's. */
static void expect_hidden(struct past *past, const struct thing *thing, belongs *does, int which,
                          int64_t lag_ms, bool is_strong)
{
    int at = is_strong ? thing->last : oldest_legal(past, thing, lag_ms);
    bool is_fixed = is_strong || past->is_worst;

    while (!is_fixed && at < thing->last && thing->versions[at].is_present &&
           does(&thing->versions[at], which))
        at++;
    EXPECT(!thing->versions[at].is_present || !does(&thing->versions[at], which),
           "step %d: an item is missing", past->step);
    past->stale_answers +=
        thing->versions[thing->last].is_present && does(&thing->versions[thing->last], which);
}

static bool is_any(const struct version *version, int which)
{
    (void)version;
    (void)which;
    return true;
}

static bool is_local(const struct version *version, int which)
{
    (void)which;
    return version->l >= 0;
}

static bool is_global(const struct version *version, int which)
{
    return version->g == which;
}

/* --- reading --- */

static void read_get(struct past *past)
{
    int p = below(past, PARTITIONS), i = below(past, ITEMS);
    const struct thing *thing = &past->things[p][i];
    bool is_strong = below(past, 4) == 0;
    yyjson_val *answer = get(past, p, i, is_strong);
    yyjson_val *item = yyjson_obj_get(answer, "Item");
    int at;

    if (item == NULL) {
        expect_hidden(past, thing, is_any, 0, TABLE_LAG_MS, is_strong);
        EXPECT(units_of(answer) == (is_strong ? 1 : 0.5), "step %d: units of nothing", past->step);
        return;
    }
    at = version_of(past, thing, item);
    expect_shown(past, thing, at, TABLE_LAG_MS, is_strong);
    EXPECT(thing->versions[at].units == 0 ||
               units_of(answer) * (is_strong ? 1 : 2) == thing->versions[at].units,
           "step %d: units", past->step);
}

static void read_batch(struct past *past)
{
    int p = below(past, PARTITIONS), i = below(past, ITEMS), j = (i + 1) % ITEMS;
    yyjson_val *answer =
        call(past, "BatchGetItem",
             arena_print(past->arena,
                         "{'RequestItems':{'Tab':{'Keys':[{'pk':{'S':'%d'},'sk':{'S':'%d'}},"
                         "{'pk':{'S':'%d'},'sk':{'S':'%d'}}]}}}",
                         p, i, p, j)
                 .data);
    yyjson_val *items = yyjson_obj_get(yyjson_obj_get(answer, "Responses"), "Tab");
    bool is_seen[ITEMS] = { false };
    yyjson_val *item;
    size_t at, count;

    yyjson_arr_foreach(items, at, count, item)
    {
        int found = number(member(item, "sk", "S"));
        const struct thing *thing = &past->things[p][found];

        is_seen[found] = true;
        expect_shown(past, thing, version_of(past, thing, item), TABLE_LAG_MS, false);
    }
    if (!is_seen[i])
        expect_hidden(past, &past->things[p][i], is_any, 0, TABLE_LAG_MS, false);
    if (!is_seen[j])
        expect_hidden(past, &past->things[p][j], is_any, 0, TABLE_LAG_MS, false);
}

/* A read of a range in one page or several. */
struct asked {
    const char *operation;
    const char *json; /* without its last brace */
    belongs *belongs;
    int which;
    int partition;     /* -1: all of them */
    const char *order; /* attribute; NULL: none */
    bool is_backward;
    bool is_strong;
    int limit;
    int64_t lag_ms;
    bool is_seen[PARTITIONS][ITEMS];
    int last; /* in order */
};

static void see(struct past *past, struct asked *asked, yyjson_val *item)
{
    int p = number(member(item, "pk", "S")), i = number(member(item, "sk", "S"));
    const struct thing *thing = &past->things[p][i];
    int at = version_of(past, thing, item);

    /* between two pages of random moments an item may move along the index */
    EXPECT(!asked->is_seen[p][i] || (!past->is_worst && asked->limit > 0), "step %d: twice",
           past->step);
    asked->is_seen[p][i] = true;
    EXPECT(asked->belongs(&thing->versions[at], asked->which), "step %d: out of range", past->step);
    expect_shown(past, thing, at, asked->lag_ms, asked->is_strong);
    if (asked->order) {
        int place = number(member(item, asked->order, "S"));

        EXPECT(asked->last < 0 ||
                   (asked->is_backward ? place <= asked->last : place >= asked->last),
               "step %d: out of order", past->step);
        asked->last = place;
    }
}

static yyjson_val *read_one_page(struct past *past, struct asked *asked, yyjson_val *start)
{
    const char *limit = "", *from = "";
    yyjson_val *answer, *items, *item;
    size_t i, count;

    if (asked->limit > 0)
        limit = arena_print(past->arena, ",'Limit':%d", asked->limit).data;
    if (start)
        from = arena_print(past->arena, ",'ExclusiveStartKey':%s",
                           json_at(past->arena, start, "").data)
                   .data;
    answer = call(past, asked->operation,
                  arena_print(past->arena, "%s%s%s%s%s}", asked->json,
                              asked->is_backward ? ",'ScanIndexForward':false" : "",
                              asked->is_strong ? ",'ConsistentRead':true" : "", limit, from)
                      .data);
    items = yyjson_obj_get(answer, "Items");
    yyjson_arr_foreach(items, i, count, item) see(past, asked, item);
    EXPECT(yyjson_get_uint(yyjson_obj_get(answer, "ScannedCount")) == yyjson_arr_size(items),
           "step %d: scanned count", past->step);
    return yyjson_obj_get(answer, "LastEvaluatedKey");
}

static void read_range(struct past *past, struct asked *asked)
{
    yyjson_val *last_key = NULL;

    asked->last = -1;
    asked->limit = below(past, 2) ? 1 + below(past, 3) : 0;
    for (int page = 0; page == 0 || last_key; page++) {
        EXPECT(page < PAGES_MAX, "step %d: pages without end", past->step);
        last_key = read_one_page(past, asked, last_key);
    }
    for (int p = 0; p < PARTITIONS; p++)
        for (int i = 0; i < ITEMS; i++) {
            if (asked->is_seen[p][i] || (asked->partition >= 0 && p != asked->partition) ||
                (asked->limit > 0 && !past->is_worst && !asked->is_strong))
                continue;
            expect_hidden(past, &past->things[p][i], asked->belongs, asked->which, asked->lag_ms,
                          asked->is_strong);
        }
}

static void read_partition(struct past *past, bool is_index)
{
    struct asked asked = { .operation = "Query",
                           .belongs = is_index ? is_local : is_any,
                           .partition = below(past, PARTITIONS),
                           .order = is_index ? "l" : "sk",
                           .is_backward = below(past, 2),
                           .is_strong = below(past, 4) == 0,
                           .lag_ms = TABLE_LAG_MS };

    asked.json = arena_print(past->arena,
                             "{'TableName':'Tab','KeyConditionExpression':'pk=:p',"
                             "'ExpressionAttributeValues':{':p':{'S':'%d'}}%s",
                             asked.partition,
                             is_index ? ",'IndexName':'local','Select':'ALL_ATTRIBUTES'" : "")
                     .data;
    read_range(past, &asked);
}

static void read_global(struct past *past)
{
    struct asked asked = { .operation = "Query",
                           .belongs = is_global,
                           .which = below(past, LETTERS),
                           .partition = -1,
                           .is_backward = below(past, 2),
                           .lag_ms = INDEX_LAG_MS };

    asked.json = arena_print(past->arena,
                             "{'TableName':'Tab','IndexName':'global','KeyConditionExpression':"
                             "'g=:g','ExpressionAttributeValues':{':g':{'S':'%d'}}",
                             asked.which)
                     .data;
    read_range(past, &asked);
}

static void read_scan(struct past *past)
{
    struct asked asked = { .operation = "Scan",
                           .json = "{'TableName':'Tab'",
                           .belongs = is_any,
                           .partition = -1,
                           .is_strong = below(past, 4) == 0,
                           .lag_ms = TABLE_LAG_MS };

    read_range(past, &asked);
}

static void read_transaction(struct past *past)
{
    int p = below(past, PARTITIONS), i = below(past, ITEMS);
    const struct thing *thing = &past->things[p][i];
    const char *json =
        arena_print(past->arena, "{'TransactItems':[{'Get':{%s}}]}", key_json(past, p, i)).data;
    yyjson_val *answer = call(past, "TransactGetItems", json);
    yyjson_val *item =
        yyjson_obj_get(yyjson_arr_get(yyjson_obj_get(answer, "Responses"), 0), "Item");

    if (item)
        expect_shown(past, thing, version_of(past, thing, item), 0, true);
    else
        expect_hidden(past, thing, is_any, 0, 0, true);
}

static void read_any(struct past *past)
{
    switch (below(past, 7)) {
    case 0: read_get(past); break;
    case 1: read_batch(past); break;
    case 2: read_partition(past, false); break;
    case 3: read_partition(past, true); break;
    case 4: read_global(past); break;
    case 5: read_scan(past); break;
    case 6: read_transaction(past); break;
    }
}

static void commit(struct past *past)
{
    EXPECT_OK(session_commit(past->caller->session));
}

/* Another session, to which nothing of the turn that is open has happened. */
static void read_beside(struct past *past)
{
    const struct caller *writer = past->caller;

    past->caller = &past->callers[(writer - past->callers + 1) % SESSIONS];
    read_any(past);
    commit(past);
    past->caller = writer;
}

/* Two writes share a turn, and time passes before it ends one way or the other. */
static void write_turn(struct past *past)
{
    int p = below(past, PARTITIONS), i = below(past, ITEMS), j = below(past, ITEMS);
    const struct thing *one = &past->things[p][i], *other = &past->things[p][j];
    const struct version first = write_one(past, p, i, &one->versions[one->last]);
    struct version second;

    if (below(past, 2))
        clock_advance_ms(past->clock, below(past, TABLE_LAG_MS));
    second = write_one(past, p, j, i == j ? &first : &other->versions[other->last]);
    if (below(past, 2))
        clock_advance_ms(past->clock, below(past, TABLE_LAG_MS));
    read_beside(past);
    if (below(past, 4) == 0) {
        session_rollback(past->caller->session);
        return;
    }
    commit(past);
    add_version(past, p, i, first);
    if (i == j)
        past->things[p][i].versions[past->things[p][i].last].units = 0; /* can't be read any more */
    add_version(past, p, j, second);
}

static void write_transaction(struct past *past)
{
    int p = below(past, PARTITIONS), i = below(past, ITEMS), q = (p + 1) % PARTITIONS;
    const struct version first = new_version(past), second = new_version(past);
    const char *json = arena_print(past->arena, "{'TransactItems':[{'Put':%s},{'Put':%s}]}",
                                   put_json(past, p, i, &first), put_json(past, q, i, &second))
                           .data;

    call(past, "TransactWriteItems", json);
    add_version(past, p, i, first);
    add_version(past, q, i, second);
}

static void take_step(struct past *past)
{
    int what = below(past, 10);

    past->caller = &past->callers[below(past, SESSIONS)];
    if (what == 0)
        write_turn(past);
    else if (what == 1)
        write_transaction(past);
    else if (what < 5)
        clock_advance_ms(past->clock, below(past, 200));
    else
        read_any(past);
    commit(past);
    arena_reset(past->arena);
}

static void live(struct test *t, enum lag_kind kind, uint64_t seed)
{
    const struct engine_options options = {
        .seed = seed,
        .lag = { .settings = { { kind, TABLE_LAG_MS }, { kind, INDEX_LAG_MS } } },
    };
    struct past *past = NEW(t->arena, struct past, 1);

    past->t = t;
    past->is_worst = kind == LAG_WORST;
    past->arena = arena_open(ARENA_BYTES_MAX);
    random_init(&past->random, seed);
    past->callers[0] = caller_open(t, &options);
    past->callers[0].arena = past->arena;
    for (int i = 1; i < SESSIONS; i++)
        past->callers[i] = caller_open_beside(&past->callers[0]);
    past->clock = engine_clock(past->callers[0].engine);
    clock_freeze(past->clock);
    caller_do(&past->callers[0], "CreateTable", table_json);
    for (past->step = 0; past->step < STEPS; past->step++)
        take_step(past);
    EXPECT(past->stale_answers > STEPS / 20, "hardly any read was stale: %d",
           (int)past->stale_answers);
    for (int i = 1; i < SESSIONS; i++)
        caller_close_beside(&past->callers[i]);
    caller_close(&past->callers[0]);
    arena_close(past->arena);
}

TEST(reads_that_lag_at_random_show_only_what_is_legal)
{
    for (uint64_t seed = 1; seed <= 3; seed++)
        live(t, LAG_RANDOM, seed);
}

TEST(reads_that_lag_at_worst_show_the_oldest_legal_state_each_time)
{
    for (uint64_t seed = 11; seed <= 13; seed++)
        live(t, LAG_WORST, seed);
}
