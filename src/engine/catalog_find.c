/* engine/catalog_find.c - tables by name or ARN, in the words of the data and the control plane. */
#include "engine/catalog.h"

#include "base/arena.h"
#include "engine/catalog_edit.h"
#include "engine/catalog_internal.h"
#include "engine/session.h"

#include <string.h>

static const struct span arn_start = { "arn:", 4 };

/* Accounts share nothing, once a credentials file tells callers apart. The account that all have
 * without one keeps the names that it has always had. */
static bool is_other_account(const struct request *req, struct span account)
{
    return req->caller && !span_is(account, "123456789012");
}

static struct catalog_namespace namespace_for(const struct request *req, struct span account)
{
    struct catalog_namespace whose = { 0 };
    bool is_other = is_other_account(req, account);

    switch (engine_options(req->session->engine)->namespace_by) {
    case NAMESPACE_NONE:
        if (is_other)
            whose.region = account;
        break;
    case NAMESPACE_REGION:
        whose.has_access_key = is_other;
        if (is_other)
            whose.access_key = account;
        whose.region = req->region;
        break;
    case NAMESPACE_ACCESS_KEY:
        whose.has_access_key = true;
        whose.access_key = req->access_key;
        whose.region = req->region;
        break;
    }
    return whose;
}

struct span catalog_namespace(struct request *req)
{
    const struct catalog_namespace namespace = namespace_for(req, req->account);

    return arena_print(req->arena, "%.*s%s%.*s", SPAN_PRINT(namespace.access_key),
                       namespace.has_access_key ? "/" : "", SPAN_PRINT(namespace.region));
}

/* Makes sure that the session's catalog shows what is stored. */
static struct error *make_current(struct request *req)
{
    return catalog_is_current(req->session->catalog) ? NULL : session_read(req->session);
}

/* Takes what stands before the next colon off text. */
static struct span cut(struct span *text)
{
    const char *colon = text->size ? memchr(text->data, ':', text->size) : NULL;
    struct span part = *text;

    if (colon == NULL) {
        *text = (struct span){ text->data + text->size, 0 };
        return part;
    }
    part.size = (size_t)(colon - text->data);
    *text = (struct span){ colon + 1, text->size - part.size - 1 };
    return part;
}

struct arn_parts {
    struct span partition;
    struct span service;
    struct span region;
    struct span account;
    struct span resource;
};

static struct arn_parts split_arn(struct span text)
{
    struct arn_parts parts;

    cut(&text); /* "arn" */
    parts.partition = cut(&text);
    parts.service = cut(&text);
    parts.region = cut(&text);
    parts.account = cut(&text);
    parts.resource = text;
    return parts;
}

/* "table/NAME/index/I" to NAME and "/index/I". */
static bool split_resource(struct span resource, struct span *table, struct span *rest)
{
    const struct span start = SPAN("table/");
    const char *slash;

    if (!span_starts_with(resource, start) || resource.size == start.size)
        return false;
    *table = (struct span){ resource.data + start.size, resource.size - start.size };
    *rest = (struct span){ table->data + table->size, 0 };
    slash = memchr(table->data, '/', table->size);
    if (slash) {
        *rest = (struct span){ slash, table->size - (size_t)(slash - table->data) };
        table->size = (size_t)(slash - table->data);
    }
    return table->size > 0;
}

const char *table_arn_partition(struct span region)
{
    if (span_starts_with(region, SPAN("cn-")))
        return "aws-cn";
    return span_starts_with(region, SPAN("us-gov-")) ? "aws-us-gov" : "aws";
}

bool table_arn_split(struct span text, struct table_arn *arn)
{
    struct arn_parts parts;

    if (!span_starts_with(text, arn_start))
        return false;
    parts = split_arn(text);
    arn->region = parts.region;
    arn->account = parts.account;
    return span_is(parts.partition, table_arn_partition(parts.region)) &&
           span_is(parts.service, "dynamodb") && parts.region.size > 0 && parts.account.size > 0 &&
           split_resource(parts.resource, &arn->table, &arn->rest);
}

struct error *table_arn_check_account(struct request *req, struct span text,
                                      const struct table_arn *arn)
{
    if (span_equal(arn->account, req->account) || req->caller) /* whom policies let through */
        return NULL;
    return fail(req->arena, ERR_ACCESS_DENIED,
                "User: arn:aws:iam::%.*s:user/%.*s is not authorized to perform: dynamodb:%.*s on "
                "resource: %.*s because no resource-based policy allows the dynamodb:%.*s action",
                SPAN_PRINT(req->account), SPAN_PRINT(req->access_key), SPAN_PRINT(req->operation),
                SPAN_PRINT(text), SPAN_PRINT(req->operation));
}

static struct error *bad_arn(struct request *req, const char *what, struct span text)
{
    return fail(req->arena, ERR_VALIDATION, "1 validation error detected: Invalid %s in '%.*s'",
                what, SPAN_PRINT(text));
}

struct error *catalog_table_name(struct request *req, struct span text, struct span *name)
{
    struct arn_parts parts;
    struct table_arn arn;
    struct span rest = { 0 };

    *name = text;
    if (!span_starts_with(text, arn_start))
        return NULL;
    parts = split_arn(text);
    if (!span_is(parts.partition, table_arn_partition(req->region)))
        return bad_arn(req, "AWS partition", text);
    if (!span_is(parts.service, "dynamodb"))
        return bad_arn(req, "AWS service", text);
    if (!span_equal(parts.region, req->region))
        return bad_arn(req, "AWS region", text);
    if (!split_resource(parts.resource, name, &rest) || rest.size > 0)
        return bad_arn(req, "resource type", text);
    arn = (struct table_arn){ parts.region, parts.account, *name, rest };
    return table_arn_check_account(req, text, &arn);
}

static struct error *look_up(struct request *req, struct span *name, const struct table **table)
{
    struct table_arn arn = { .account = req->account };
    struct catalog_namespace namespace;

    table_arn_split(*name, &arn);
    TRY(catalog_table_name(req, *name, name));
    TRY(make_current(req));
    namespace = namespace_for(req, arn.account);
    *table = catalog_map_find(&req->session->catalog->map, &namespace, *name);
    return NULL;
}

struct error *catalog_find(struct request *req, struct span name, const struct table **table)
{
    TRY(look_up(req, &name, table));
    if (*table == NULL || (*table)->status == TABLE_STATUS_CREATING ||
        (*table)->status == TABLE_STATUS_DELETING)
        return fail(req->arena, ERR_RESOURCE_NOT_FOUND, "Requested resource not found");
    return NULL;
}

struct error *catalog_find_control(struct request *req, struct span name,
                                   const struct table **table)
{
    TRY(look_up(req, &name, table));
    if (*table == NULL)
        return fail(req->arena, ERR_RESOURCE_NOT_FOUND,
                    "Requested resource not found: Table: %.*s not found", SPAN_PRINT(name));
    return NULL;
}

const struct table *catalog_peek(struct request *req, struct span name)
{
    const struct table *table = NULL;

    return look_up(req, &name, &table) ? NULL : table;
}

const struct table *catalog_peek_of(struct request *req, struct span account, struct span name)
{
    const struct catalog_namespace namespace = namespace_for(req, account);

    return make_current(req) ? NULL
                             : catalog_map_find(&req->session->catalog->map, &namespace, name);
}

struct error *catalog_find_index(struct request *req, const struct table *table, struct span name,
                                 const struct index **index)
{
    *index = NULL;
    if (name.data == NULL)
        return NULL;
    *index = table_find_index(table, name);
    if (*index == NULL)
        return fail(req->arena, ERR_VALIDATION, "The table does not have the specified index: %.*s",
                    SPAN_PRINT(name));
    return NULL;
}

struct error *catalog_names(struct request *req, struct span start, size_t limit,
                            struct string_list *names, bool *is_more)
{
    const struct catalog_map *map = &req->session->catalog->map;
    const struct span namespace = catalog_namespace(req);
    size_t at;

    TRY(make_current(req));
    at = catalog_map_position(map, namespace, start);
    if (at < map->count && start.data && span_equal(map->entries[at].table->name, start) &&
        span_equal(map->entries[at].table->namespace, namespace))
        at++;
    *is_more = false;
    names->count = 0;
    names->items = NEW(req->arena, struct span, limit < map->count ? limit : map->count);
    for (; at < map->count && span_equal(map->entries[at].table->namespace, namespace); at++) {
        if (names->count == limit) {
            *is_more = true;
            break;
        }
        names->items[names->count++] = map->entries[at].table->name;
    }
    return NULL;
}
