/* ops/list_tables.c - ListTables: the names of the caller's tables, a page at a time. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"

enum { NAMES_PER_PAGE = 100 };

struct error *list_tables(struct request *req, const struct list_tables_input *in,
                          struct list_tables_output *out)
{
    struct string_list *names = NEW(req->arena, struct string_list, 1);
    size_t limit = in->has_limit ? (size_t)in->limit : NAMES_PER_PAGE;
    bool is_more;

    TRY(catalog_names(req, in->exclusive_start_table_name, limit, names, &is_more));
    out->table_names = names;
    if (is_more)
        out->last_evaluated_table_name = names->items[names->count - 1];
    return NULL;
}
