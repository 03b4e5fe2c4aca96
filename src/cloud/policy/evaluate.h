/* cloud/policy/evaluate.h - may a caller do that? All policies that have a say, in AWS's order.
 *
 * Pure; scratch memory from the context's arena. Where the context has unknown keys the answer may
 * be that it depends: neither allowed nor denied whatever their values are. */
#pragma once

#include "cloud/policy/context.h"
#include "cloud/policy/document.h"

enum caller_kind {
    CALLER_USER,      /* arn:aws:iam::ACCOUNT:user/NAME */
    CALLER_ROLE,      /* arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION */
    CALLER_FEDERATED, /* arn:aws:sts::ACCOUNT:federated-user/NAME */
    CALLER_ROOT       /* arn:aws:iam::ACCOUNT:root */
};

struct policy_list {
    bool is_given; /* also an empty list is: it allows nothing */
    size_t count;
    struct policy *items;
};

/* Who asks, and what is attached to them. Read-only once made. */
struct policy_caller {
    enum caller_kind kind;
    struct span arn;
    struct span account;
    struct span role_arn;  /* CALLER_ROLE: arn:aws:iam::ACCOUNT:role/ROLE */
    struct span user_name; /* CALLER_USER: without its path */
    struct span user_id;
    size_t tag_count;
    struct string_pair *tags;
    size_t fact_count; /* condition keys that the credentials file sets */
    struct policy_fact *facts;
    struct policy_list policies[POLICY_KINDS];
};

struct policy_question {
    struct span action;   /* "GetItem" */
    struct span resource; /* an ARN, or "*" */
    struct span resource_account;
    const struct policy *resource_policy; /* NULL: none */
    const struct policy_context *context;
};

enum policy_outcome { POLICY_DENIED, POLICY_DEPENDS, POLICY_ALLOWED };

struct policy_decision {
    enum policy_outcome outcome;
    enum policy_kind kind; /* POLICY_DENIED: what denies, or doesn't allow */
    bool is_explicit;      /* POLICY_DENIED: a Deny says so */
};

struct policy_decision policy_decide(const struct policy_caller *caller,
                                     const struct policy_question *question);

/* "User: ... is not authorized to perform: dynamodb:GetItem on resource: ... because no
 * identity-based policy allows the dynamodb:GetItem action" */
struct span policy_denial(struct arena *arena, const struct policy_caller *caller,
                          const struct policy_question *question,
                          const struct policy_decision *decision);
