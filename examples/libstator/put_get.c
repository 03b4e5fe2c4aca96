/* examples/libstator/put_get.c - a table, an item in, the item out: DynamoDB inside a program. */
#include <stator.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void call(struct stator *db, const char *operation, const char *json)
{
    struct stator_answer answer = stator_call(db, operation, json, strlen(json));

    printf("%s: %d %.*s\n", operation, answer.status, (int)answer.length, answer.json);
    if (answer.status != 200)
        exit(1);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : ":memory:";
    char problem[200];
    struct stator *db = stator_open(path, NULL, problem, sizeof(problem));

    if (!db) {
        fprintf(stderr, "put_get: %s: %s\n", path, problem);
        return 1;
    }
    call(db, "CreateTable",
         "{\"TableName\": \"Music\", \"BillingMode\": \"PAY_PER_REQUEST\","
         " \"AttributeDefinitions\": [{\"AttributeName\": \"Artist\", \"AttributeType\": \"S\"}],"
         " \"KeySchema\": [{\"AttributeName\": \"Artist\", \"KeyType\": \"HASH\"}]}");
    call(db, "PutItem",
         "{\"TableName\": \"Music\","
         " \"Item\": {\"Artist\": {\"S\": \"No One You Know\"}, \"Year\": {\"N\": \"1997\"}}}");
    call(db, "GetItem",
         "{\"TableName\": \"Music\", \"Key\": {\"Artist\": {\"S\": \"No One You Know\"}}}");
    stator_close(db);
    return 0;
}
