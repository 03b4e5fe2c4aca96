/* template/table.h - the resources of a template that are tables. */
#pragma once

#include "template/evaluate.h"

/* What the resource's Ref gives: its TableName, otherwise its id. */
MUST_USE struct error *table_name(struct stack *stack, const struct trail *trail, struct span id,
                                  const struct node *resource, const struct node **name);

/* Adds the definition of an AWS::DynamoDB::Table, GlobalTable or AWS::Serverless::SimpleTable. */
MUST_USE struct error *table_define(struct stack *stack, struct span id,
                                    const struct node *resource);
