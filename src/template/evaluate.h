/* template/evaluate.h - the values of a template: intrinsic functions, parameters, conditions.
 *
 * Evaluation is lazy: a value that no table needs is never asked for.
 * Errors: "FILE:LINE:COLUMN: what can't be found out: how to give it". */
#pragma once

#include "template/stack.h"

/* What is being evaluated, innermost first: a value that needs itself is an error. */
struct trail {
    const struct trail *up;
    const struct stack *stack;
    const struct node *node;
    size_t depth;
};

/* A text, or a list or map whose members are still to be evaluated in the same stack. *value is
 * NULL for AWS::NoValue and for nothing at all. trail may be NULL. */
MUST_USE struct error *evaluate(struct stack *stack, const struct trail *trail,
                                const struct node *node, const struct node **value);

/* With all that is in it. */
MUST_USE struct error *evaluate_whole(struct stack *stack, const struct trail *trail,
                                      const struct node *node, const struct node **value);

/* A text that must be there. */
MUST_USE struct error *evaluate_text(struct stack *stack, const struct trail *trail,
                                     const struct node *node, const struct node **value);

MUST_USE struct error *evaluate_condition(struct stack *stack, const struct trail *trail,
                                          const struct node *name, bool *holds);

/* One function at work. */
struct call {
    struct stack *stack;
    struct trail trail;
    const struct node *node;     /* where it stands */
    const struct node *argument; /* not evaluated */
    struct span name;            /* "Fn::Join" */
};

/* What the functions do, in functions.c and references.c. */
MUST_USE struct error *function_and(const struct call *call, const struct node **value);
MUST_USE struct error *function_base64(const struct call *call, const struct node **value);
MUST_USE struct error *function_condition(const struct call *call, const struct node **value);
MUST_USE struct error *function_equals(const struct call *call, const struct node **value);
MUST_USE struct error *function_find_in_map(const struct call *call, const struct node **value);
MUST_USE struct error *function_get_att(const struct call *call, const struct node **value);
MUST_USE struct error *function_if(const struct call *call, const struct node **value);
MUST_USE struct error *function_import_value(const struct call *call, const struct node **value);
MUST_USE struct error *function_join(const struct call *call, const struct node **value);
MUST_USE struct error *function_length(const struct call *call, const struct node **value);
MUST_USE struct error *function_not(const struct call *call, const struct node **value);
MUST_USE struct error *function_or(const struct call *call, const struct node **value);
MUST_USE struct error *function_ref(const struct call *call, const struct node **value);
MUST_USE struct error *function_select(const struct call *call, const struct node **value);
MUST_USE struct error *function_split(const struct call *call, const struct node **value);
MUST_USE struct error *function_sub(const struct call *call, const struct node **value);

/* Ref and GetAtt by name, as Sub has them too. */
MUST_USE struct error *reference_find(const struct call *call, struct span name,
                                      const struct node **value);
MUST_USE struct error *attribute_find(const struct call *call, struct span id,
                                      struct span attribute, const struct node **value);

/* A text that stands where the call stands. */
struct node *call_text(const struct call *call, struct span text, struct span via);

/* Counts a text that was made, so that texts out of texts don't grow without bound. */
MUST_USE struct error *evaluate_charge(struct stack *stack, const struct node *made);

/* "a, b" of two ways that values came in. */
struct span via_join(struct arena *arena, struct span a, struct span b);

MUST_USE PRINTF_LIKE(2, 3) struct error *call_refuse(const struct call *call, const char *format,
                                                     ...);

/* The Serverless Framework's "${source:address, fallback}": a text that is one variable becomes
 * what that stands for, others get their variables put in. */
bool variables_has(struct span text);
MUST_USE struct error *variables_expand(struct stack *stack, const struct trail *trail,
                                        const struct node *text, const struct node **value);

/* {{resolve:ssm:...}} inside a text. */
MUST_USE struct error *dynamic_expand(struct stack *stack, const struct node *text,
                                      const struct node **value);
