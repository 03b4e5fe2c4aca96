/* engine/authorize_facts.h - inside the gate: what a question is about, and its condition keys. */
#pragma once

#include "cloud/policy/evaluate.h"
#include "engine/request.h"
#include "plan/plan.h"

enum { PARTITION_KEYS_MAX = 4 };

/* What a plan, or several of one table, touch. */
struct touched {
    struct string_list attributes;                 /* each name once */
    struct string_list values[PARTITION_KEYS_MAX]; /* of the partition key attributes */
    bool is_full_scan;
};

void touched_add_read(struct arena *arena, struct touched *touched, const struct read_plan *plan);
void touched_add_write(struct arena *arena, struct touched *touched, const struct write_plan *plan);

struct subject {
    struct span action;        /* "GetItem" */
    struct span resource;      /* ARN or "*" */
    struct span account;       /* the resource's */
    const struct table *table; /* NULL: there is none, or none is meant */
    bool has_projection;       /* reads */
    bool has_index;            /* reads */
    struct span returned;      /* PartiQL writes: ReturnValues; absent: as the request says */
    bool is_unread;            /* a statement: Select and ReturnValues aren't known yet either */
    const struct touched *touched; /* NULL: not known yet */
};

/* All condition keys that the action has. */
void facts_collect(struct request *req, const struct subject *subject,
                   struct policy_context *context);
