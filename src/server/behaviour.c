/* server/behaviour.c - the engine's behaviour from JSON and to JSON. */
#include "server/behaviour.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "engine/engine.h"

enum { HOLD_MS_MAX = 60 * 1000 };

struct behaviour {
    int64_t hold_ms;
    struct lag_config lag;
};

static const char not_known[] =
    "behaviour takes {\"transaction_hold_ms\":N,\"lag\":\"none|random[:MS]|worst[:MS]\","
    "\"index_lag\":...,\"tables\":{\"Name\":{\"lag\":...,\"index_lag\":...}}}, any of them";
static const char not_hold_ms[] = "transaction_hold_ms takes a number up to 60000";
static const char not_lag[] =
    "lag and index_lag take none, random, random:MS, worst or worst:MS, MS from 1 to 3600000";
static const char not_tables[] =
    "tables takes up to 1000 tables, each {\"lag\":...,\"index_lag\":...} or one of the two";

void behaviour_write(struct engine *engine, struct buffer *out)
{
    buffer_append_literal(out, "{\"transaction_hold_ms\":");
    buffer_append_integer(out, engine_transaction_hold_ms(engine));
    buffer_append_char(out, ',');
    lag_write(engine_lag(engine), out);
    buffer_append_char(out, '}');
}

/* LAG_OF_COUNT when the name is neither. */
static enum lag_of lag_of(struct span name)
{
    if (span_is(name, "lag"))
        return LAG_OF_TABLE;
    return span_is(name, "index_lag") ? LAG_OF_INDEX : LAG_OF_COUNT;
}

static bool read_lag(yyjson_val *value, enum lag_of of, struct lag_setting *setting)
{
    return yyjson_is_str(value) && lag_parse(json_text(value), of, setting);
}

static bool read_rule(yyjson_val *name, yyjson_val *members, struct lag_rule *rule)
{
    yyjson_val *key, *value;
    size_t i, count;

    rule->table = json_text(name);
    if (!yyjson_is_obj(members))
        return false;
    yyjson_obj_foreach(members, i, count, key, value)
    {
        enum lag_of of = lag_of(json_text(key));

        if (of == LAG_OF_COUNT || !read_lag(value, of, &rule->settings[of]))
            return false;
        rule->is_set[of] = true;
    }
    return true;
}

static bool read_rules(struct arena *arena, yyjson_val *tables, struct lag_config *config)
{
    struct lag_rule *rules = NEW(arena, struct lag_rule, yyjson_obj_size(tables));
    yyjson_val *key, *value;
    size_t i, count;

    if (!yyjson_is_obj(tables) || yyjson_obj_size(tables) > LAG_RULES_MAX)
        return false;
    yyjson_obj_foreach(tables, i, count, key, value)
    {
        if (!read_rule(key, value, &rules[i]))
            return false;
    }
    config->rules = rules;
    config->rule_count = yyjson_obj_size(tables);
    return true;
}

static const char *read_member(struct arena *arena, struct span name, yyjson_val *value,
                               struct behaviour *behaviour)
{
    enum lag_of of = lag_of(name);

    if (of != LAG_OF_COUNT)
        return read_lag(value, of, &behaviour->lag.settings[of]) ? NULL : not_lag;
    if (span_is(name, "tables"))
        return read_rules(arena, value, &behaviour->lag) ? NULL : not_tables;
    if (!span_is(name, "transaction_hold_ms"))
        return not_known;
    if (!yyjson_is_uint(value) || yyjson_get_uint(value) > (uint64_t)HOLD_MS_MAX)
        return not_hold_ms;
    behaviour->hold_ms = yyjson_get_sint(value);
    return NULL;
}

const char *behaviour_change(struct engine *engine, struct arena *arena, struct span body)
{
    struct behaviour behaviour = { .hold_ms = engine_transaction_hold_ms(engine) };
    yyjson_val *order = json_parse(arena, body, NULL);
    yyjson_val *key, *value;
    size_t i, count;

    lag_get(engine_lag(engine), arena, &behaviour.lag);
    if (!yyjson_is_obj(order) || yyjson_obj_size(order) == 0)
        return not_known;
    yyjson_obj_foreach(order, i, count, key, value)
    {
        const char *wrong = read_member(arena, json_text(key), value, &behaviour);

        if (wrong)
            return wrong;
    }
    engine_hold_transactions(engine, behaviour.hold_ms);
    lag_set(engine_lag(engine), &behaviour.lag);
    return NULL;
}
