/* template/stack.h - one CloudFormation template as it will be deployed: its sections, the stack
 * that it is nested in, and the values that were given for what it can't know itself.
 *
 * Ownership: everything lives in the reading's arena. */
#pragma once

#include "template/definition.h"
#include "template/node.h"

struct document {
    struct document *next;
    struct span path;
    struct node root;
};

/* One call of definition_read: the files it went through and the stacks that it found. */
struct reading {
    struct arena *arena;
    const struct definition_settings *settings;
    struct definition_list *list;
    struct document *documents;
    struct stack *stacks; /* not the nested ones */
    size_t steps;         /* of evaluation, so that a template can't be a bomb */
};

struct nested_stack {
    struct nested_stack *next;
    struct span id;
    struct stack *stack;
};

struct stack {
    struct reading *reading;
    struct stack *next;
    struct stack *parent;     /* of a nested one */
    const struct node *given; /* Parameters of a nested one, to be evaluated in parent */
    size_t depth;
    struct span file;
    struct span name;   /* AWS::StackName; absent: unknown */
    struct span region; /* as the assembly has them; absent: unknown */
    struct span account;
    const struct node *root;
    const struct node *parameters;
    const struct node *mappings;
    const struct node *conditions;
    const struct node *resources;
    const struct node *outputs;
    bool is_serverless; /* ${self:...} and its like stand for values */
    struct nested_stack *nested;
};

enum { STACK_DEPTH_MAX = 16 };

/* A stack for a template that was read; it is added to reading->stacks unless parent. */
MUST_USE struct error *stack_open(struct reading *reading, struct span file,
                                  const struct node *root, struct stack **stack);

/* The nested stack of the resource that is called id. */
MUST_USE struct error *stack_nested(struct stack *stack, struct span id,
                                    const struct node *resource, struct stack **nested);

/* Adds the tables of all stacks of the reading to its list. */
MUST_USE struct error *stack_tables(struct reading *reading);

/* Whether resources of this type are tables. */
bool stack_is_table(const struct node *resource);

/* The file's tree, read once. */
MUST_USE struct error *reading_document(struct reading *reading, struct span path,
                                        const struct node **root);

/* What was given under this key on the command line or in stator.yaml; NULL: nothing. */
const struct given *reading_given(const struct reading *reading, struct span key);

/* "PLACE: WHY: give it with --parameter 'KEY=VALUE' ..." */
MUST_USE struct error *reading_ask(const struct reading *reading, struct place place,
                                   struct span why, struct span key);

/* "LogicalId.Property", under which a value that can't be found out can be given. */
struct span stack_key(const struct stack *stack, struct span id, struct span property);
