/* template/describe.c - from what DescribeTable answers to what CreateTable would be sent. */
#include "template/definition.h"

#include "base/arena.h"

#include <string.h>

static bool is_text(yyjson_val *value, const char *text)
{
    return yyjson_equals_str(value, text);
}

/* Members that both forms spell alike. */
static void copy(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from, const char *name)
{
    yyjson_val *value = yyjson_obj_get(from, name);

    if (value && !yyjson_is_null(value))
        yyjson_mut_obj_add_val(doc, to, name, yyjson_val_mut_copy(doc, value));
}

/* Units of 0 are how the service shows that a table is paid per request. */
static void copy_throughput(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from)
{
    yyjson_val *throughput = yyjson_obj_get(from, "ProvisionedThroughput");
    yyjson_mut_val *units;

    if (yyjson_get_sint(yyjson_obj_get(throughput, "ReadCapacityUnits")) <= 0)
        return;
    units = yyjson_mut_obj_add_obj(doc, to, "ProvisionedThroughput");
    copy(doc, units, throughput, "ReadCapacityUnits");
    copy(doc, units, throughput, "WriteCapacityUnits");
}

static void copy_indexes(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from,
                         const char *name)
{
    yyjson_val *indexes = yyjson_obj_get(from, name);
    yyjson_mut_val *list;
    size_t i;
    size_t count;
    yyjson_val *index;

    if (yyjson_arr_size(indexes) == 0)
        return;
    list = yyjson_mut_obj_add_arr(doc, to, name);
    yyjson_arr_foreach(indexes, i, count, index)
    {
        yyjson_mut_val *out = yyjson_mut_arr_add_obj(doc, list);

        copy(doc, out, index, "IndexName");
        copy(doc, out, index, "KeySchema");
        copy(doc, out, index, "Projection");
        copy(doc, out, index, "OnDemandThroughput");
        copy_throughput(doc, out, index);
    }
}

static void copy_billing(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from)
{
    yyjson_val *mode = yyjson_obj_get(yyjson_obj_get(from, "BillingModeSummary"), "BillingMode");

    yyjson_mut_obj_add_strcpy(doc, to, "BillingMode", mode ? yyjson_get_str(mode) : "PROVISIONED");
    copy_throughput(doc, to, from);
    copy(doc, to, from, "OnDemandThroughput");
}

/* Encryption with the service's own key is the default and not shown. */
static void copy_encryption(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from)
{
    yyjson_val *shown = yyjson_obj_get(from, "SSEDescription");
    yyjson_val *status = yyjson_obj_get(shown, "Status");
    yyjson_mut_val *out;

    if (!is_text(status, "ENABLED") && !is_text(status, "ENABLING") && !is_text(status, "UPDATING"))
        return;
    out = yyjson_mut_obj_add_obj(doc, to, "SSESpecification");
    yyjson_mut_obj_add_bool(doc, out, "Enabled", true);
    copy(doc, out, shown, "SSEType");
    if (yyjson_obj_get(shown, "KMSMasterKeyArn"))
        yyjson_mut_obj_add_val(doc, out, "KMSMasterKeyId",
                               yyjson_val_mut_copy(doc, yyjson_obj_get(shown, "KMSMasterKeyArn")));
}

void definition_from_description(struct arena *arena, yyjson_val *description,
                                 struct definition *definition)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *create = yyjson_mut_obj(doc);
    yyjson_val *class =
        yyjson_obj_get(yyjson_obj_get(description, "TableClassSummary"), "TableClass");

    copy(doc, create, description, "TableName");
    copy(doc, create, description, "AttributeDefinitions");
    copy(doc, create, description, "KeySchema");
    copy_indexes(doc, create, description, "LocalSecondaryIndexes");
    copy_indexes(doc, create, description, "GlobalSecondaryIndexes");
    copy_billing(doc, create, description);
    if (yyjson_is_true(
            yyjson_obj_get(yyjson_obj_get(description, "StreamSpecification"), "StreamEnabled")))
        copy(doc, create, description, "StreamSpecification");
    copy_encryption(doc, create, description);
    if (class)
        yyjson_mut_obj_add_val(doc, create, "TableClass", yyjson_val_mut_copy(doc, class));
    if (yyjson_is_true(yyjson_obj_get(description, "DeletionProtectionEnabled")))
        yyjson_mut_obj_add_bool(doc, create, "DeletionProtectionEnabled", true);
    definition->name = json_text(yyjson_obj_get(description, "TableName"));
    definition->create = create;
}
