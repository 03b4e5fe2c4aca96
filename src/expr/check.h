/* expr/check.h - what can be known to be wrong with functions, operators and paths of an expression
 * before there is an item: problems are noted, in the order in which the text is read. */
#pragma once

#include "expr/syntax.h"

/* FUNCTION_UNKNOWN when there is none of that name; case matters. */
enum function function_find(struct span name);

/* Is it a condition by itself (true), or does it give a value (false)? */
bool function_is_test(enum function function);
bool function_is_for_update(enum function function);

void check_call(struct syntax *syntax, const struct node *call);
void check_compare(struct syntax *syntax, const struct node *comparison);
void check_between(struct syntax *syntax, const struct node *between);
void check_in(struct syntax *syntax, const struct node *in);
void check_sum(struct syntax *syntax, const struct node *sum);
void check_action(struct syntax *syntax, const struct action *action);

/* Two paths of a projection, or two that an update writes to, must not meet. earlier was written
 * before later. */
void check_paths(struct syntax *syntax, const struct path *earlier, const struct path *later);
