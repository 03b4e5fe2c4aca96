/* template/assembly.c - cdk.out/manifest.json. */
#include "template/assembly.h"

#include "base/arena.h"
#include "template/file.h"

#include <string.h>

enum { ASSEMBLY_DEPTH_MAX = 8 };

bool assembly_is(const struct node *root)
{
    return node_is(node_get(root, "artifacts"), NODE_MAP) && node_get(root, "version");
}

/* "aws://123456789012/eu-west-1", or unknown-account and unknown-region. */
static void read_environment(struct stack *stack, struct span environment)
{
    const char *slash;

    if (!span_starts_with(environment, SPAN("aws://")))
        return;
    environment = (struct span){ environment.data + 6, environment.size - 6 };
    slash = memchr(environment.data, '/', environment.size);
    if (!slash)
        return;
    stack->account = (struct span){ environment.data, (size_t)(slash - environment.data) };
    stack->region = (struct span){ slash + 1, environment.size - stack->account.size - 1 };
    if (span_is(stack->account, "unknown-account"))
        stack->account = (struct span){ 0 };
    if (span_is(stack->region, "unknown-region"))
        stack->region = (struct span){ 0 };
}

static struct error *open_stack(struct reading *reading, struct span file, struct span id,
                                const struct node *artifact)
{
    const struct node *properties = node_get(artifact, "properties");
    struct span template = node_text_at(properties, "templateFile");
    struct span name = node_text_at(properties, "stackName");
    const struct node *root;
    struct stack *stack;

    if (template.size == 0)
        return NULL;
    template = file_beside(reading->arena, file, template);
    TRY(reading_document(reading, template, &root));
    TRY(stack_open(reading, template, root, &stack));
    stack->name = name.size > 0 ? name : id;
    read_environment(stack, node_text_at(artifact, "environment"));
    return NULL;
}

static struct error *open_manifest(struct reading *reading, struct span file,
                                   const struct node *manifest, size_t depth)
{
    const struct node *artifacts = node_get(manifest, "artifacts");

    if (depth > ASSEMBLY_DEPTH_MAX)
        return fail(reading->arena, ERR_VALIDATION,
                    "%.*s: assemblies inside assemblies too deep: does one hold itself?",
                    SPAN_PRINT(file));
    for (size_t i = 0; node_is(artifacts, NODE_MAP) && i < artifacts->count; i++) {
        const struct node *artifact = &artifacts->values[i];
        struct span type = node_text_at(artifact, "type");
        struct span folder = node_text_at(node_get(artifact, "properties"), "directoryName");

        if (span_is(type, "aws:cloudformation:stack"))
            TRY(open_stack(reading, file, artifacts->keys[i].text, artifact));
        if (span_is(type, "cdk:cloud-assembly") && folder.size > 0) {
            struct span path =
                file_beside(reading->arena, file,
                            arena_print(reading->arena, "%.*s/manifest.json", SPAN_PRINT(folder)));
            const struct node *inner;

            TRY(reading_document(reading, path, &inner));
            TRY(open_manifest(reading, path, inner, depth + 1));
        }
    }
    return NULL;
}

struct error *assembly_open(struct reading *reading, struct span file, const struct node *manifest)
{
    return open_manifest(reading, file, manifest, 0);
}
