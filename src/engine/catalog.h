/* engine/catalog.h - the tables by name, kept in memory and in the store's catalog space.
 *
 * Names are case-sensitive. An ARN is accepted wherever the service accepts one.
 * Found tables stay valid until the end of the request. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

/* Data plane: "Requested resource not found"; a table that isn't there yet or any more (CREATING,
 * DELETING) too. name may be an ARN. */
MUST_USE struct error *catalog_find(struct request *req, struct span name,
                                    const struct table **table);

/* Control plane: "Requested resource not found: Table: T not found". */
MUST_USE struct error *catalog_find_control(struct request *req, struct span name,
                                            const struct table **table);

/* NULL when there is none; no error. */
const struct table *catalog_peek(struct request *req, struct span name);

/* The same in an account, for name alone: no ARN. */
const struct table *catalog_peek_of(struct request *req, struct span account, struct span name);

/* "The table does not have the specified index: name"; absent name gives NULL. */
MUST_USE struct error *catalog_find_index(struct request *req, const struct table *table,
                                          struct span name, const struct index **index);

/* The name in a TableName, which may be an ARN: of the right partition, Region and account, of a
 * table ("Invalid AWS region in 'arn:...'", ...). */
MUST_USE struct error *catalog_table_name(struct request *req, struct span text, struct span *name);

/* Up to limit names after start (exclusive; absent: from the first), in name order. *is_more when
 * there are others behind. */
MUST_USE struct error *catalog_names(struct request *req, struct span start, size_t limit,
                                     struct string_list *names, bool *is_more);

/* What a TableName or ResourceArn names. */
struct table_arn {
    struct span region;
    struct span account;
    struct span table;
    struct span rest; /* "/index/i", "/stream/label"; empty for the table itself */
};

/* The partition that a Region is in: "aws", "aws-cn", "aws-us-gov". */
const char *table_arn_partition(struct span region);

/* arn:aws:dynamodb:REGION:ACCOUNT:table/NAME... ; false when text isn't of that form. */
bool table_arn_split(struct span text, struct table_arn *arn);

/* The ARN's account is not the caller's: AccessDeniedException as for a resource without a policy.
 */
MUST_USE struct error *table_arn_check_account(struct request *req, struct span text,
                                               const struct table_arn *arn);
