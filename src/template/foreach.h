/* template/foreach.h - Fn::ForEach, by which a template has one resource written many times. */
#pragma once

#include "template/stack.h"

/* *map with each "Fn::ForEach::Name" replaced by what it makes; unchanged where there is none. */
MUST_USE struct error *foreach_expand(struct stack *stack, const struct node **map);
