/* template/serverless.h - serverless.yml of the Serverless Framework: a template under "resources".
 */
#pragma once

#include "template/stack.h"

bool serverless_is(const struct node *root);

/* *template is then the CloudFormation template that "resources" describes. */
MUST_USE struct error *serverless_open(struct stack *stack, const struct node **template);
