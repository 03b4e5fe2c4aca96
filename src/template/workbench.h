/* template/workbench.h - data models of NoSQL Workbench. */
#pragma once

#include "template/stack.h"

bool workbench_is(const struct node *root);
MUST_USE struct error *workbench_tables(struct reading *reading, struct span file,
                                        const struct node *root);
