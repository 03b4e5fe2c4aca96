/* cli/names.h - the names of a run: tables with their suffix, and the variables that tell them. */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct arena;

enum { RUN_ID_CHARACTERS = 8 };

/* Eight random letters and digits, and a NUL. */
void names_run_id(char run_id[RUN_ID_CHARACTERS + 1]);

/* What stands behind each base name. choice is commit, run, none or a text that is taken as it is.
 * commit needs a git checkout around the working directory. */
MUST_USE struct error *names_suffix(struct arena *arena, struct span choice, const char *run_id,
                                    struct span *suffix);

/* "OrdersTable", "orders-table" and "orders.table" are ORDERS_TABLE. */
struct span names_variable(struct arena *arena, struct span base_name);
