/* engine/hold.c - a list of held transactions: few, and none unless a test asks for them. */
#include "engine/hold.h"

#include "base/memory.h"
#include "plan/plan.h"

#include <assert.h>
#include <string.h>

struct held_key {
    uint32_t space;
    struct span key; /* in the block's bytes */
};

/* One block: the struct, its keys, then the bytes of the keys and of the token. */
struct held {
    struct held *next;
    struct token token;
    size_t count;
    struct held_key keys[];
};

void holds_init(struct holds *holds)
{
    *holds = (struct holds){ 0 };
    pthread_mutex_init(&holds->lock, NULL);
}

void holds_fini(struct holds *holds)
{
    assert(holds->first == NULL);
    pthread_mutex_destroy(&holds->lock);
}

static struct span copy_to(char **at, struct span bytes)
{
    struct span copy = { bytes.data ? *at : NULL, bytes.size };

    if (bytes.size > 0)
        memcpy(*at, bytes.data, bytes.size);
    *at += bytes.size;
    return copy;
}

static struct held *held_new(const struct transact_write_plan *plan, const struct token *token)
{
    size_t bytes = sizeof(struct held) + plan->count * sizeof(struct held_key) + token->key.size;
    struct held *held;
    char *at;

    for (size_t i = 0; i < plan->count; i++)
        bytes += plan->members[i].plan.key.size;
    held = memory_new(bytes);
    at = (char *)&held->keys[plan->count];
    held->token = *token;
    held->token.key = copy_to(&at, token->key);
    held->count = plan->count;
    for (size_t i = 0; i < plan->count; i++)
        held->keys[i] = (struct held_key){ plan->members[i].plan.table->space,
                                           copy_to(&at, plan->members[i].plan.key) };
    return held;
}

struct held *holds_add(struct holds *holds, const struct transact_write_plan *plan,
                       const struct token *token)
{
    struct held *held = held_new(plan, token);

    pthread_mutex_lock(&holds->lock);
    held->next = holds->first;
    holds->first = held;
    holds->count++;
    pthread_mutex_unlock(&holds->lock);
    return held;
}

void holds_drop(struct holds *holds, struct held *held)
{
    struct held **at = &holds->first;

    pthread_mutex_lock(&holds->lock);
    while (*at != held)
        at = &(*at)->next;
    *at = held->next;
    holds->count--;
    pthread_mutex_unlock(&holds->lock);
    memory_free(held);
}

static bool has_key(const struct held *held, uint32_t space, struct span key)
{
    for (size_t i = 0; i < held->count; i++)
        if (held->keys[i].space == space && span_equal(held->keys[i].key, key))
            return true;
    return false;
}

bool holds_have_key(struct holds *holds, uint32_t space, struct span key, const struct held *own)
{
    const struct held *held;

    if (holds->count == 0)
        return false;
    pthread_mutex_lock(&holds->lock);
    for (held = holds->first; held; held = held->next)
        if (held != own && has_key(held, space, key))
            break;
    pthread_mutex_unlock(&holds->lock);
    return held != NULL;
}

bool holds_have_token(struct holds *holds, const struct token *token, const struct held *own,
                      bool *is_same)
{
    const struct held *held;

    if (token->key.data == NULL || holds->count == 0)
        return false;
    pthread_mutex_lock(&holds->lock);
    for (held = holds->first; held; held = held->next)
        if (held != own && held->token.key.data && span_equal(held->token.key, token->key))
            break;
    *is_same = held && memcmp(held->token.digest, token->digest, DIGEST_BYTES) == 0;
    pthread_mutex_unlock(&holds->lock);
    return held != NULL;
}
