/* template/terraform.h - what "terraform show -json" prints of a plan or a state; OpenTofu's too.
 */
#pragma once

#include "template/stack.h"

bool terraform_is(const struct node *root);

/* Adds each aws_dynamodb_table of all modules. */
MUST_USE struct error *terraform_tables(struct reading *reading, struct span file,
                                        const struct node *root);
