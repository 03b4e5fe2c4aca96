/* engine/authorize_request.c - the first look: what a request names, where model/iam.json says. */
#include "engine/authorize.h"

#include "base/arena.h"
#include "engine/authorize_ask.h"
#include "engine/catalog.h"

#include "policy_tables.h"

#include <string.h>

struct look {
    struct request *req;
    const struct policy_need *need;
    bool depends;
};

static struct span cut(struct span *text, const char *separators)
{
    struct span part = { text->data, 0 };

    while (part.size < text->size && !strchr(separators, text->data[part.size]))
        part.size++;
    text->data += part.size;
    text->size -= part.size;
    return part;
}

static bool take(struct span *text, const char *token)
{
    size_t size = strlen(token);

    if (!span_starts_with(*text, (struct span){ token, size }))
        return false;
    text->data += size;
    text->size -= size;
    return true;
}

static yyjson_val *member(yyjson_val *object, struct span name)
{
    return yyjson_obj_getn(object, name.data, name.size);
}

struct span authorize_table_arn(struct request *req, struct span name)
{
    if (span_starts_with(name, SPAN("arn:")))
        return name;
    return arena_print(req->arena, "arn:%s:dynamodb:%.*s:%.*s:table/%.*s",
                       table_arn_partition(req->region), SPAN_PRINT(req->region),
                       SPAN_PRINT(req->account), SPAN_PRINT(name));
}

/* The account that stands in an ARN; the caller's own where there is none. */
static struct span account_of(const struct request *req, struct span arn)
{
    for (int i = 0; i < 4 && arn.size > 0; i++) {
        cut(&arn, ":");
        take(&arn, ":");
    }
    arn = cut(&arn, ":");
    return arn.size > 0 ? arn : req->account;
}

/* The request's projection, whichever of the two it is written with. */
static bool has_projection(yyjson_val *part)
{
    return yyjson_obj_get(part, "ProjectionExpression") || yyjson_obj_get(part, "AttributesToGet");
}

/* part: the object that names the resource; NULL: none does. */
static struct error *ask(struct look *look, struct span arn, struct span index, yyjson_val *part)
{
    struct request *req = look->req;
    struct table_arn parts;
    struct subject subject = {
        .action = look->need->action,
        .resource = arn,
        .account = account_of(req, arn),
        .has_projection = has_projection(part),
        .has_index = index.data != NULL,
        .is_unread = part == NULL,
    };

    if (table_arn_split(arn, &parts))
        subject.table = catalog_peek_of(req, parts.account, parts.table);
    if (index.data)
        subject.resource =
            arena_print(req->arena, "%.*s/index/%.*s", SPAN_PRINT(arn), SPAN_PRINT(index));
    return authorize_ask(req, &subject, &look->depends);
}

/* Names that aren't ARNs where only an ARN will do are the operation's to refuse. */
static struct error *ask_named(struct look *look, struct span member_name, struct span name,
                               struct span index, yyjson_val *part)
{
    struct span end = { member_name.data + member_name.size - 3, 3 };

    if (span_is(member_name, "GlobalTableName"))
        return ask(look,
                   arena_print(look->req->arena, "arn:%s:dynamodb::%.*s:global-table/%.*s",
                               table_arn_partition(look->req->region),
                               SPAN_PRINT(look->req->account), SPAN_PRINT(name)),
                   index, part);
    if (member_name.size > 3 && span_is(end, "Arn") && !span_starts_with(name, SPAN("arn:"))) {
        look->depends = true;
        return NULL;
    }
    return ask(look, authorize_table_arn(look->req, name), index, part);
}

static struct error *walk(struct look *look, struct span path, yyjson_val *part);

static struct error *walk_list(struct look *look, struct span path, yyjson_val *list)
{
    take(&path, ".");
    for (size_t i = 0; i < yyjson_arr_size(list); i++)
        TRY(walk(look, path, yyjson_arr_get(list, i)));
    return NULL;
}

static struct error *walk_map(struct look *look, yyjson_val *map)
{
    yyjson_obj_iter iterator;

    if (!yyjson_is_obj(map))
        return NULL;
    iterator = yyjson_obj_iter_with(map);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iterator)) != NULL;)
        TRY(ask_named(look, SPAN("TableName"), json_text(key), (struct span){ 0 },
                      yyjson_obj_iter_get_val(key)));
    return NULL;
}

/* A.B[].C, A{} for the keys of a map, A+B for an index beside its table, A|B and A|* where A may be
 * missing. The paths are the model's own and few steps long. */
static struct error *walk(struct look *look, struct span path, yyjson_val *part)
{
    struct span name = cut(&path, ".[{+|");
    yyjson_val *value = member(part, name);
    struct span text;

    if (take(&path, "[]"))
        return walk_list(look, path, value);
    if (take(&path, "{}"))
        return walk_map(look, value);
    if (take(&path, "."))
        return value ? walk(look, path, value) : NULL;
    text = json_text(value);
    if (text.data == NULL && take(&path, "|"))
        return span_is(path, "*") ? ask(look, path, (struct span){ 0 }, part)
                                  : walk(look, path, part);
    if (text.data == NULL)
        return NULL;
    return ask_named(look, name, text,
                     take(&path, "+") ? json_text(member(part, path)) : (struct span){ 0 }, part);
}

static bool is_present(struct span path, yyjson_val *part)
{
    struct span name = cut(&path, "[");
    yyjson_val *value = member(part, name);

    if (!take(&path, "[]."))
        return value != NULL;
    for (size_t i = 0; i < yyjson_arr_size(value); i++) {
        if (member(yyjson_arr_get(value, i), path))
            return true;
    }
    return false;
}

static struct error *check(struct look *look, yyjson_val *input)
{
    struct span path = look->need->resource;

    if (look->need->only_if.data && !is_present(look->need->only_if, input))
        return NULL;
    if (span_is(path, "*"))
        return ask(look, path, (struct span){ 0 }, input);
    if (span_is(path, "by the operation")) {
        look->depends = true;
        return NULL;
    }
    if (span_is(path, "table/*")) /* as ListTables names what it is about */
        return ask(look, authorize_table_arn(look->req, SPAN("*")), (struct span){ 0 }, input);
    if (take(&path, "table/"))
        return ask(look, authorize_table_arn(look->req, json_text(member(input, path))),
                   (struct span){ 0 }, input);
    return walk(look, path, input);
}

struct error *authorize_request(struct request *req, yyjson_val *input)
{
    struct look look = { .req = req };

    req->input = input;
    if (req->caller == NULL)
        return NULL;
    for (size_t i = 0; i < POLICY_NEED_COUNT; i++) {
        look.need = &policy_needs[i];
        if (span_equal(look.need->operation, req->operation))
            TRY(check(&look, input));
    }
    req->is_authorized = !look.depends;
    return NULL;
}

struct error *authorize_resource(struct request *req, struct span action, struct span resource,
                                 struct span index)
{
    const struct policy_need need = { .action = action };
    struct look look = { .req = req, .need = &need };

    if (req->caller == NULL)
        return NULL;
    return ask(&look, authorize_table_arn(req, resource), index, NULL);
}
