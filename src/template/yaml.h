/* template/yaml.h - YAML as a tree. The only home of libyaml.
 *
 * One document; an alias shows what its anchor holds, "<<" merges what a map lacks, and a tag such
 * as !Sub stays with its node. */
#pragma once

#include "template/node.h"

MUST_USE struct error *yaml_parse(struct arena *arena, struct span path, struct span text,
                                  struct node *root);
