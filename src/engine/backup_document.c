/* engine/backup_document.c - descriptions of backups to JSON and back. */
#include "engine/backup.h"

#include "base/arena.h"
#include "base/json.h"
#include "engine/catalog_document.h"

static void put_text(yyjson_mut_doc *doc, yyjson_mut_val *root, const char *name, struct span text)
{
    yyjson_mut_obj_add_strn(doc, root, name, text.data, text.size);
}

struct span backup_document_write(struct arena *arena, const struct backup *backup)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);

    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_sint(doc, root, "version", BACKUP_DOCUMENT_VERSION);
    put_text(doc, root, "name", backup->name);
    put_text(doc, root, "arn", backup->arn);
    put_text(doc, root, "type", backup_type_texts[backup->type]);
    yyjson_mut_obj_add_sint(doc, root, "created_ms", backup->created_ms);
    if (backup->expires_ms != 0)
        yyjson_mut_obj_add_sint(doc, root, "expires_ms", backup->expires_ms);
    yyjson_mut_obj_add_sint(doc, root, "items", backup->item_count);
    yyjson_mut_obj_add_sint(doc, root, "bytes", backup->bytes);
    /* a text, so that it stays the document that engine/catalog_document.h defines */
    put_text(doc, root, "table", catalog_document_write(arena, &backup->table));
    return json_print(arena, doc, false);
}

static enum backup_type find_type(struct span text)
{
    static const enum backup_type types[] = { BACKUP_TYPE_USER, BACKUP_TYPE_SYSTEM,
                                              BACKUP_TYPE_AWS_BACKUP };

    for (size_t i = 0; i < COUNT(types); i++) {
        if (span_equal(text, backup_type_texts[types[i]]))
            return types[i];
    }
    return BACKUP_TYPE_ABSENT;
}

bool backup_document_read(struct arena *arena, struct span text, struct backup *backup)
{
    yyjson_val *root = json_parse(arena, text, NULL);
    struct span table = json_text(yyjson_obj_get(root, "table"));

    *backup = (struct backup){ 0 };
    if (yyjson_get_sint(yyjson_obj_get(root, "version")) != BACKUP_DOCUMENT_VERSION ||
        table.data == NULL || !catalog_document_read(arena, table, &backup->table))
        return false;
    backup->name = json_text(yyjson_obj_get(root, "name"));
    backup->arn = json_text(yyjson_obj_get(root, "arn"));
    backup->type = find_type(json_text(yyjson_obj_get(root, "type")));
    backup->created_ms = yyjson_get_sint(yyjson_obj_get(root, "created_ms"));
    backup->expires_ms = yyjson_get_sint(yyjson_obj_get(root, "expires_ms"));
    backup->item_count = yyjson_get_sint(yyjson_obj_get(root, "items"));
    backup->bytes = yyjson_get_sint(yyjson_obj_get(root, "bytes"));
    return backup->name.data && backup->arn.data && backup->type != BACKUP_TYPE_ABSENT;
}
