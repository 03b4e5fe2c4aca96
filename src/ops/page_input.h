/* ops/page_input.h - what Query and Scan have in common: filter, projection, Select, index,
 * ExclusiveStartKey, and the page that comes back. */
#pragma once

#include "expr/expression.h"
#include "ops/voice.h"
#include "plan/plan.h"

#include "shapes.h"

struct page_input {
    struct span filter_expression;
    struct span projection_expression;
    struct span key_condition_expression; /* Query's; absent for Scan */
    const struct string_map *names;
    const struct item *values;
    const struct filter_condition_map *filter;   /* QueryFilter or ScanFilter */
    const struct key_conditions *key_conditions; /* Query's; NULL for Scan */
    enum conditional_operator joined_by;
    const struct string_list *attributes_to_get;
    enum select select;
    bool has_index;
    bool is_query; /* for the words of errors */
};

/* What is looked at before everything else: the values of older parameters, and AttributesToGet,
 * which becomes the plan's projection. Errors are bare. */
MUST_USE struct error *page_input_check_first(struct request *req, struct voice voice,
                                              const struct page_input *in, struct read_plan *plan);

/* Filter and projection into the plan, and Query's key condition into *key_condition, all in one
 * scope. Errors are bare. */
MUST_USE struct error *page_input_compile(struct request *req, struct voice voice,
                                          const struct page_input *in, struct read_plan *plan,
                                          struct key_condition **key_condition);

/* The combinations of Select with the rest that are wrong whatever the table is. */
MUST_USE struct error *page_input_check_select(struct request *req, const struct page_input *in);

/* With the table and index known: consistency, Select and projection against what the index holds,
 * filters against its keys. Fills is_count_only and fetches_items. */
MUST_USE struct error *page_input_bind(struct request *req, const struct page_input *in,
                                       struct read_plan *plan);

/* The keys of the index read (or of the table). */
const struct key_schema *page_keys(const struct read_plan *plan);

/* The values of an ExclusiveStartKey by themselves; numbers become canonical. */
MUST_USE struct error *page_start_check_values(struct request *req, struct voice voice,
                                               struct item *start);

/* Does an ExclusiveStartKey have exactly the attributes of the table's and the index's keys? */
bool page_start_has_all_names(const struct read_plan *plan, const struct item *start);

/* Its bytes as an entry key: errors of single attributes as key_from_key words them. */
MUST_USE struct error *page_start_key(struct request *req, const struct read_plan *plan,
                                      const struct item *start, struct span *bytes);
