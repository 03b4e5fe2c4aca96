/* template/assembly.h - the folder that "cdk synth" writes: a manifest of stacks and of stages. */
#pragma once

#include "template/stack.h"

bool assembly_is(const struct node *root);

/* Opens the stacks of the manifest and of the assemblies inside it. */
MUST_USE struct error *assembly_open(struct reading *reading, struct span file,
                                     const struct node *manifest);
