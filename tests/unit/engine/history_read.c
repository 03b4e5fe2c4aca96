/* tests/unit/engine/history_read.c - reads of a random history, and what they must bring. */
#include "history.h"

#include "engine/session.h"

#include <stdlib.h>

enum { PAGES_MAX = 100 };

/* Sort keys in the order of their values, as they are sent and as they come back. */
const char *const sent_numbers[NUMBERS] = { "-1.5E3", "-100", "-99.50", "-0.001", "0",
                                            "1E-3",   "2",    "1.0e1",  "100" };
static const char *const numbers[NUMBERS] = { "-1500", "-100", "-99.5", "-0.001", "0",
                                              "0.001", "2",    "10",    "100" };

int history_below(struct history *history, int bound)
{
    return (int)random_below(&history->random, (uint64_t)bound);
}

const char *history_key_json(struct history *history, int p, int n)
{
    return arena_print(history->arena, "{'pk':{'S':'p%d'},'sk':{'N':'%s'}}", p, sent_numbers[n])
        .data;
}

yyjson_val *history_call(struct history *history, const char *operation, const char *json)
{
    struct span answer = caller_send_uncommitted(history->caller, operation, json);
    yyjson_val *parsed = json_parse(history->arena, answer, NULL);

    EXPECT(parsed, "step %d: %s %s: %.*s", history->step, operation, json, SPAN_PRINT(answer));
    EXPECT(yyjson_obj_get(parsed, "__type") == NULL, "step %d: %s %s: %.*s", history->step,
           operation, json, SPAN_PRINT(answer));
    return parsed;
}

/* --- items in answers --- */

static struct span member(yyjson_val *item, const char *name, const char *type)
{
    return json_text(yyjson_obj_get(yyjson_obj_get(item, name), type));
}

static int number_at(struct span found)
{
    for (int i = 0; i < NUMBERS; i++)
        if (span_is(found, numbers[i]))
            return i;
    return -1;
}

static int letter_at(struct span found)
{
    return found.size == 2 ? found.data[1] - '0' : -1;
}

static int value_of(struct span digits)
{
    return digits.size > 0 && digits.size < 10 ? (int)strtol(digits.data, NULL, 10) : -1;
}

/* The thing that an item's key names. */
static struct thing *thing_of(struct history *history, yyjson_val *item, int *p, int *n)
{
    *p = letter_at(member(item, "pk", "S"));
    *n = number_at(member(item, "sk", "N"));
    EXPECT(*p >= 0 && *p < PARTITIONS && *n >= 0, "step %d: no such key", history->step);
    history->found++;
    return &history->things[*p][*n];
}

void history_expect_whole(struct history *history, yyjson_val *item, const struct thing *thing)
{
    size_t members = (size_t)4 + (thing->g >= 0) + (thing->h >= 0) + (thing->l >= 0);

    EXPECT(thing->is_present, "step %d: an item that is deleted", history->step);
    EXPECT(yyjson_obj_size(item) == members, "step %d: %d attributes", history->step,
           (int)yyjson_obj_size(item));
    EXPECT(letter_at(member(item, "g", "S")) == thing->g, "step %d: g", history->step);
    EXPECT(number_at(member(item, "h", "N")) == thing->h, "step %d: h", history->step);
    EXPECT(letter_at(member(item, "l", "S")) == thing->l, "step %d: l", history->step);
    EXPECT(value_of(member(item, "c", "N")) == thing->count, "step %d: c", history->step);
    EXPECT((int)member(item, "f", "S").size == thing->filler, "step %d: f", history->step);
}

/* --- reading --- */

void history_get(struct history *history)
{
    int p = history_below(history, PARTITIONS), n = history_below(history, NUMBERS);
    const struct thing *thing = &history->things[p][n];
    struct span json = arena_print(history->arena, "{'TableName':'Tab','Key':%s}",
                                   history_key_json(history, p, n));
    yyjson_val *item = yyjson_obj_get(history_call(history, "GetItem", json.data), "Item");

    EXPECT((item != NULL) == thing->is_present, "step %d: the item", history->step);
    if (item)
        history_expect_whole(history, item, thing);
}

/* What a query or scan asks for, and what its pages brought. */
struct asked {
    const char *operation;
    const char *json;  /* without its last brace */
    const char *order; /* the attribute by which its items stand; NULL: none */
    bool is_number;
    bool is_backward;
    bool is_whole; /* whole items come back */
    int limit;     /* 0: none */
    bool is_seen[PARTITIONS][NUMBERS];
    int seen_count;
    int last; /* place in the order; -1: nothing yet */
};

static void see(struct history *history, struct asked *asked, yyjson_val *item)
{
    int p, n;
    const struct thing *thing = thing_of(history, item, &p, &n);

    EXPECT(!asked->is_seen[p][n], "step %d: p%d %s comes twice", history->step, p, numbers[n]);
    asked->is_seen[p][n] = true;
    asked->seen_count++;
    if (asked->is_whole)
        history_expect_whole(history, item, thing);
    if (asked->order) {
        int place = asked->is_number ? number_at(member(item, asked->order, "N"))
                                     : letter_at(member(item, asked->order, "S"));

        EXPECT(place >= 0, "step %d: no %s", history->step, asked->order);
        EXPECT(asked->last < 0 ||
                   (asked->is_backward ? place <= asked->last : place >= asked->last),
               "step %d: out of order", history->step);
        asked->last = place;
    }
}

static const char *page_json(struct history *history, const struct asked *asked,
                             yyjson_val *last_key)
{
    struct arena *arena = history->arena;
    const char *limit = "", *start = "";

    if (asked->limit > 0)
        limit = arena_print(arena, ",'Limit':%d", asked->limit).data;
    if (last_key)
        start =
            arena_print(arena, ",'ExclusiveStartKey':%s", json_at(arena, last_key, "").data).data;
    return arena_print(arena, "%s%s%s%s}", asked->json,
                       asked->is_backward ? ",'ScanIndexForward':false" : "", limit, start)
        .data;
}

/* All pages, each from where the one before ended. */
static void read_all(struct history *history, struct asked *asked)
{
    yyjson_val *last_key = NULL;

    asked->last = -1;
    for (int page = 0; page == 0 || last_key; page++) {
        yyjson_val *answer =
            history_call(history, asked->operation, page_json(history, asked, last_key));
        yyjson_val *items = yyjson_obj_get(answer, "Items");
        yyjson_val *item;
        size_t i, count;

        EXPECT(page < PAGES_MAX, "step %d: pages without end", history->step);
        EXPECT(asked->limit == 0 || (int)yyjson_arr_size(items) <= asked->limit,
               "step %d: more than the limit", history->step);
        yyjson_arr_foreach(items, i, count, item) see(history, asked, item);
        last_key = yyjson_obj_get(answer, "LastEvaluatedKey");
    }
}

static void expect_seen(struct history *history, const struct asked *asked, const char *what,
                        bool (*belongs)(const struct thing *thing, int p, int which), int which)
{
    for (int p = 0; p < PARTITIONS; p++)
        for (int n = 0; n < NUMBERS; n++) {
            const struct thing *thing = &history->things[p][n];
            bool is_wanted = thing->is_present && belongs(thing, p, which);

            EXPECT(asked->is_seen[p][n] == is_wanted, "step %d: %s: p%d %s %s", history->step, what,
                   p, numbers[n], is_wanted ? "is missing" : "should not be there");
        }
}

static bool is_in_partition(const struct thing *thing, int p, int which)
{
    (void)thing;
    return p == which;
}

static bool is_in_local(const struct thing *thing, int p, int which)
{
    return p == which && thing->l >= 0;
}

static bool is_in_global(const struct thing *thing, int p, int which)
{
    (void)p;
    return thing->g == which && thing->h >= 0;
}

static bool is_in_extra(const struct thing *thing, int p, int which)
{
    (void)p;
    return thing->l == which;
}

static bool is_any(const struct thing *thing, int p, int which)
{
    (void)thing;
    (void)p;
    (void)which;
    return true;
}

void history_query_table(struct history *history)
{
    int p = history_below(history, PARTITIONS);
    struct asked asked = { .operation = "Query",
                           .order = "sk",
                           .is_number = true,
                           .is_whole = true,
                           .is_backward = history_below(history, 2),
                           .limit = history_below(history, 5) };

    asked.json = arena_print(history->arena,
                             "{'TableName':'Tab','KeyConditionExpression':'pk=:p',"
                             "'ExpressionAttributeValues':{':p':{'S':'p%d'}}",
                             p)
                     .data;
    read_all(history, &asked);
    expect_seen(history, &asked, "the table", is_in_partition, p);
}

void history_query_local(struct history *history)
{
    int p = history_below(history, PARTITIONS);
    bool is_whole = history_below(history, 2);
    struct asked asked = { .operation = "Query",
                           .order = "l",
                           .is_whole = is_whole,
                           .is_backward = history_below(history, 2),
                           .limit = history_below(history, 5) };

    asked.json = arena_print(history->arena,
                             "{'TableName':'Tab','IndexName':'local','KeyConditionExpression':"
                             "'pk=:p','ExpressionAttributeValues':{':p':{'S':'p%d'}}%s",
                             p, is_whole ? ",'Select':'ALL_ATTRIBUTES'" : "")
                     .data;
    read_all(history, &asked);
    expect_seen(history, &asked, "the local index", is_in_local, p);
}

void history_query_global(struct history *history)
{
    int g = history_below(history, LETTERS);
    struct asked asked = { .operation = "Query",
                           .order = "h",
                           .is_number = true,
                           .is_whole = true,
                           .is_backward = history_below(history, 2),
                           .limit = history_below(history, 5) };

    asked.json = arena_print(history->arena,
                             "{'TableName':'Tab','IndexName':'global','KeyConditionExpression':"
                             "'g=:g','ExpressionAttributeValues':{':g':{'S':'g%d'}}",
                             g)
                     .data;
    read_all(history, &asked);
    expect_seen(history, &asked, "the global index", is_in_global, g);
}

void history_query_extra(struct history *history)
{
    int l = history_below(history, LETTERS);
    struct asked asked = { .operation = "Query", .limit = history_below(history, 5) };

    asked.json = arena_print(history->arena,
                             "{'TableName':'Tab','IndexName':'extra','KeyConditionExpression':"
                             "'l=:l','ExpressionAttributeValues':{':l':{'S':'l%d'}}",
                             l)
                     .data;
    if (!history->has_extra_index)
        return;
    read_all(history, &asked);
    expect_seen(history, &asked, "the extra index", is_in_extra, l);
}

/* In one go or in segments. */
void history_scan(struct history *history)
{
    int segments = 1 + history_below(history, 4);
    struct asked asked = { .operation = "Scan",
                           .is_whole = true,
                           .limit = history_below(history, 8) };

    for (int i = 0; i < segments; i++) {
        asked.json = arena_print(history->arena,
                                 "{'TableName':'Tab','Segment':%d,'TotalSegments':%d", i, segments)
                         .data;
        read_all(history, &asked);
    }
    expect_seen(history, &asked, "the table", is_any, 0);
}
