/* cloud/policy/vocabulary.h - which names a policy may use.
 *
 * Each gives NULL, or what is wrong and what to do, in the arena. */
#pragma once

#include "base/span.h"

struct arena;
struct policy_patterns;

/* "dynamodb:GetItem", "dynamodb:*Item", "*"; other services' actions only by their form. */
const char *vocabulary_check_action(struct arena *arena, struct span action);

/* "*" or an ARN, of a kind that DynamoDB has if it is one of DynamoDB's. */
const char *vocabulary_check_resource(struct arena *arena, struct span resource);

/* DynamoDB's keys and the global ones, and those of the services whose actions are given. */
const char *vocabulary_check_condition_key(struct arena *arena, struct span key,
                                           const struct policy_patterns *actions);

/* The principal of a resource policy: "*", an account, the ARN of a user, role or session. */
const char *vocabulary_check_principal(struct arena *arena, struct span principal);
