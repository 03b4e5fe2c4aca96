/* cloud/lag.c - who may see which record of the past, and for how long it is kept. */
#include "cloud/lag.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "cloud/lag_log.h"
#include "cloud/lag_setting.h"

#include <assert.h>
#include <pthread.h>

struct lag {
    pthread_rwlock_t lock;
    _Atomic bool is_on; /* changed under the lock */
    struct lag_setting settings[LAG_OF_COUNT];
    struct lag_rule *rules; /* their names stand behind them */
    size_t rule_count;
    int64_t longest_ms; /* of all that is set */

    struct lag_log log;
    uint64_t committed;       /* records up to that number are everybody's */
    const void *writer;       /* whose the others are; NULL: there are none */
    const void *group_writer; /* whose index entries may follow; NULL: nobody's */
    uint64_t group;
    int64_t last_ms; /* times never go back */
};

/* --- settings --- */

static void note_longest(struct lag *lag, const struct lag_setting *setting)
{
    if (setting->kind != LAG_NONE && setting->ms > lag->longest_ms)
        lag->longest_ms = setting->ms;
}

static void copy_rules(struct lag *lag, const struct lag_config *config)
{
    size_t bytes = config->rule_count * sizeof(*lag->rules);
    char *name;

    assert(config->rule_count <= LAG_RULES_MAX);
    for (size_t i = 0; i < config->rule_count; i++)
        bytes += config->rules[i].table.size;
    memory_free(lag->rules);
    lag->rules = memory_new(bytes);
    lag->rule_count = config->rule_count;
    name = (char *)&lag->rules[lag->rule_count];
    for (size_t i = 0; i < lag->rule_count; i++) {
        struct lag_rule *rule = &lag->rules[i];

        *rule = config->rules[i];
        if (rule->table.size > 0)
            memcpy(name, rule->table.data, rule->table.size);
        rule->table.data = name;
        name += rule->table.size;
    }
}

static void forget_all(struct lag *lag)
{
    while (lag->log.oldest)
        lag_log_drop_oldest(&lag->log);
    lag->writer = lag->group_writer = NULL;
    lag->committed = lag->log.last_number;
}

void lag_set(struct lag *lag, const struct lag_config *config)
{
    pthread_rwlock_wrlock(&lag->lock);
    copy_rules(lag, config);
    lag->longest_ms = 0;
    for (int of = 0; of < LAG_OF_COUNT; of++) {
        lag->settings[of] = config->settings[of];
        note_longest(lag, &lag->settings[of]);
        for (size_t i = 0; i < lag->rule_count; i++)
            if (lag->rules[i].is_set[of])
                note_longest(lag, &lag->rules[i].settings[of]);
    }
    lag->is_on = lag->longest_ms > 0;
    if (!lag->is_on)
        forget_all(lag);
    pthread_rwlock_unlock(&lag->lock);
}

struct lag *lag_open(const struct lag_config *config)
{
    struct lag *lag = memory_new(sizeof(*lag));

    pthread_rwlock_init(&lag->lock, NULL);
    lag_set(lag, config);
    return lag;
}

void lag_close(struct lag *lag)
{
    forget_all(lag);
    pthread_rwlock_destroy(&lag->lock);
    memory_free(lag->rules);
    memory_free(lag);
}

bool lag_is_on(const struct lag *lag)
{
    return lag->is_on;
}

void lag_get(struct lag *lag, struct arena *arena, struct lag_config *config)
{
    struct lag_rule *rules;

    pthread_rwlock_rdlock(&lag->lock);
    rules = NEW(arena, struct lag_rule, lag->rule_count);
    for (size_t i = 0; i < lag->rule_count; i++) {
        rules[i] = lag->rules[i];
        rules[i].table = arena_copy(arena, rules[i].table);
    }
    *config = (struct lag_config){ .rule_count = lag->rule_count, .rules = rules };
    for (int of = 0; of < LAG_OF_COUNT; of++)
        config->settings[of] = lag->settings[of];
    pthread_rwlock_unlock(&lag->lock);
}

static void write_rule(const struct lag_rule *rule, struct buffer *out)
{
    buffer_append_json_string(out, rule->table);
    buffer_append_literal(out, ":{");
    if (rule->is_set[LAG_OF_TABLE]) {
        buffer_append_literal(out, "\"lag\":");
        lag_setting_write(&rule->settings[LAG_OF_TABLE], out);
    }
    if (rule->is_set[LAG_OF_INDEX]) {
        buffer_append_span(out, rule->is_set[LAG_OF_TABLE] ? SPAN(",") : SPAN(""));
        buffer_append_literal(out, "\"index_lag\":");
        lag_setting_write(&rule->settings[LAG_OF_INDEX], out);
    }
    buffer_append_char(out, '}');
}

void lag_write(struct lag *lag, struct buffer *out)
{
    pthread_rwlock_rdlock(&lag->lock);
    buffer_append_literal(out, "\"lag\":");
    lag_setting_write(&lag->settings[LAG_OF_TABLE], out);
    buffer_append_literal(out, ",\"index_lag\":");
    lag_setting_write(&lag->settings[LAG_OF_INDEX], out);
    buffer_append_literal(out, ",\"tables\":{");
    for (size_t i = 0; i < lag->rule_count; i++) {
        buffer_append_span(out, i > 0 ? SPAN(",") : SPAN(""));
        write_rule(&lag->rules[i], out);
    }
    buffer_append_char(out, '}');
    pthread_rwlock_unlock(&lag->lock);
}

static const struct lag_setting *setting_of(const struct lag *lag, struct span table,
                                            enum lag_of of)
{
    for (size_t i = 0; i < lag->rule_count; i++)
        if (lag->rules[i].is_set[of] && span_equal(lag->rules[i].table, table))
            return &lag->rules[i].settings[of];
    return &lag->settings[of];
}

/* --- writing --- */

/* A write is forgotten whole: half of it would be a mix of two states. */
static void forget_oldest(struct lag *lag)
{
    uint64_t group = lag->log.oldest->group;

    if (group == lag->group)
        lag->group_writer = NULL;
    while (lag->log.oldest && lag->log.oldest->group == group)
        lag_log_drop_oldest(&lag->log);
}

static void add(struct lag *lag, struct lag_change change)
{
    if (change.is_first) {
        lag->writer = lag->group_writer = change.writer;
        lag->group++;
        if (change.now_ms > lag->last_ms)
            lag->last_ms = change.now_ms;
    } else if (lag->group_writer != change.writer) {
        return; /* its item's record is not kept: nor is this one */
    }
    change.now_ms = lag->last_ms;
    lag_log_add(&lag->log, &change)->group = lag->group;
    while (lag->log.bytes > LAG_BYTES_MAX)
        forget_oldest(lag);
}

void lag_record(struct lag *lag, const struct lag_change *change)
{
    pthread_rwlock_wrlock(&lag->lock);
    if (lag->is_on)
        add(lag, *change);
    pthread_rwlock_unlock(&lag->lock);
}

static void undo(struct lag *lag, const void *writer)
{
    if (lag->writer != writer)
        return;
    while (lag->log.newest && lag->log.newest->number > lag->committed)
        lag_log_drop_newest(&lag->log);
    lag->writer = lag->group_writer = NULL;
}

void lag_begin_commit(struct lag *lag)
{
    pthread_rwlock_wrlock(&lag->lock);
}

void lag_end_commit(struct lag *lag, const void *writer, bool is_kept)
{
    if (!is_kept)
        undo(lag, writer);
    if (lag->writer == writer) {
        lag->committed = lag->log.last_number;
        lag->writer = lag->group_writer = NULL;
    }
    pthread_rwlock_unlock(&lag->lock);
}

void lag_rollback(struct lag *lag, const void *writer)
{
    pthread_rwlock_wrlock(&lag->lock);
    undo(lag, writer);
    pthread_rwlock_unlock(&lag->lock);
}

bool lag_trim(struct lag *lag, int64_t now_ms)
{
    bool is_more;

    pthread_rwlock_wrlock(&lag->lock);
    while (lag->log.oldest && lag->log.oldest->number <= lag->committed &&
           lag->log.oldest->record.at_ms <= now_ms - lag->longest_ms)
        forget_oldest(lag);
    is_more = lag->log.oldest != NULL;
    pthread_rwlock_unlock(&lag->lock);
    return is_more;
}

size_t lag_bytes(struct lag *lag)
{
    size_t bytes;

    pthread_rwlock_rdlock(&lag->lock);
    bytes = lag->log.bytes;
    pthread_rwlock_unlock(&lag->lock);
    return bytes;
}

/* --- reading --- */

bool lag_view_open(struct lag_view *view, struct span table, enum lag_of of)
{
    const struct lag_setting *setting;

    pthread_rwlock_rdlock(&view->lag->lock);
    setting = setting_of(view->lag, table, of);
    view->kind = setting->kind;
    view->ms = setting->ms;
    if (view->kind == LAG_NONE)
        pthread_rwlock_unlock(&view->lag->lock);
    return view->kind != LAG_NONE;
}

void lag_view_close(struct lag_view *view)
{
    pthread_rwlock_unlock(&view->lag->lock);
}

/* The same for an item and all of its index entries, so that they fit together. */
static int64_t moment_of(const struct lag_view *view, const struct lag_key *key)
{
    uint64_t mixed = (view->draw ^ key->item_hash) * UINT64_C(0xBF58476D1CE4E5B9);

    if (view->kind == LAG_WORST)
        return view->now_ms - view->ms;
    mixed = (mixed ^ mixed >> 31) * UINT64_C(0x94D049BB133111EB);
    mixed ^= mixed >> 29;
    return view->now_ms - (int64_t)(mixed % (uint64_t)(view->ms + 1));
}

const struct lag_record *lag_view_pick(const struct lag_view *view, const struct lag_key *key)
{
    bool is_writer = view->lag->writer == view->reader;
    int64_t moment_ms = moment_of(view, key);

    for (const struct lag_entry *e = key->oldest; e; e = e->newer_of_key)
        if (e->record.at_ms > moment_ms)
            return e->number <= view->lag->committed || is_writer ? &e->record : NULL;
    return NULL;
}

const struct lag_record *lag_view_find(const struct lag_view *view, uint32_t space, struct span key)
{
    struct lag_key *before;
    const struct lag_key *found = lag_log_find(&view->lag->log, space, key, &before);

    if (found == NULL || found->space != space || !span_equal(found->bytes, key))
        return NULL;
    return lag_view_pick(view, found);
}

static const struct lag_key *within(const struct lag_key *key, uint32_t space,
                                    const struct span_range *range)
{
    if (key == NULL || key->space != space ||
        (range->low.data && span_compare(key->bytes, range->low) < 0) ||
        (range->high.data && span_compare(key->bytes, range->high) >= 0))
        return NULL;
    return key;
}

const struct lag_key *lag_view_seek(const struct lag_view *view, uint32_t space,
                                    const struct span_range *range, bool is_backward)
{
    const struct lag_log *log = &view->lag->log;
    const struct span least = { "", 0 };
    struct lag_key *before;
    const struct lag_key *first;

    if (!is_backward)
        first = lag_log_find(log, space, range->low.data ? range->low : least, &before);
    else if (range->high.data)
        lag_log_find(log, space, range->high, &before);
    else
        lag_log_find(log, space + 1, least, &before);
    return within(is_backward ? before : first, space, range);
}

const struct lag_key *lag_view_next(const struct lag_key *key, const struct span_range *range,
                                    bool is_backward)
{
    return within(is_backward ? key->back : key->next[0], key->space, range);
}

struct span lag_key_bytes(const struct lag_key *key)
{
    return key->bytes;
}
