/* template/global_table.h - AWS::DynamoDB::GlobalTable, which the CDK's TableV2 emits even for one
 * Region: the table as its own Region has it. */
#pragma once

#include "template/shape.h"

MUST_USE struct error *global_table_define(const struct shaping *shaping,
                                           const struct node *properties, struct node **create);
