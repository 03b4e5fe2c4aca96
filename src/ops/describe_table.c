/* ops/describe_table.c - DescribeTable: all there is to know of one table. */
#include "operations.h"

#include "engine/catalog.h"
#include "ops/table_description.h"

struct error *describe_table(struct request *req, const struct describe_table_input *in,
                             struct describe_table_output *out)
{
    const struct table_view view = { 0 };
    const struct table *table;

    TRY(catalog_find_control(req, in->table_name, &table));
    return table_description_make(req, table, &view, &out->table);
}
