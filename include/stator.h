/* stator.h - a DynamoDB-compatible database inside your program.
 *
 *     char problem[200];
 *     struct stator *db = stator_open("app.db", NULL, problem, sizeof(problem));
 *     struct stator_answer answer = stator_call(db, "ListTables", "{}", 2);
 *     printf("%d %.*s\n", answer.status, (int)answer.length, answer.json);
 *     stator_close(db);
 *
 * Operations, their JSON and their errors are those of the DynamoDB API (2012-08-10) and of the
 * DynamoDB Streams API; there is no signature and no HTTP. The server `stator serve` answers the
 * same.
 *
 * Ownership: a handle belongs to the caller until stator_close. What an answer points to belongs to
 * the handle and lives until the next call with that handle. Nothing that is passed in is kept.
 * Threads: a handle is used by one thread at a time; different handles know nothing of each other.
 * A database file is opened by one handle, or one server, at a time.
 * Errors: of a request, in the answer, as the service words them; of stator_open, in problem. A
 * machine without memory ends the process. An answered write is in the file: it survives the end of
 * the process, with sync_full also a power cut. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct stator;

/* Zero and NULL are the defaults. */
struct stator_options {
    int sync_full;         /* not 0: wait for the disk at every write */
    int classic_validator; /* not 0: word errors as AWS did before June 2026 */
    uint64_t seed;         /* of random names; 0: a different one each time */
    const char *region;    /* in ARNs; us-east-1 */
    const char *account;   /* in ARNs, twelve digits; 000000000000 */
};

/* What the service would send. json is not ended by a NUL; it is empty where the service sends no
 * body (TagResource, UntagResource). */
struct stator_answer {
    int status; /* 200, 400 or 500, as in HTTP */
    const char *json;
    size_t length;
};

/* Opens the file, which is made when there is none, or a database in memory for ":memory:". options
 * may be NULL. On failure gives NULL and says why in problem, which is always ended by a NUL;
 * problem may be NULL when problem_bytes is 0. */
struct stator *stator_open(const char *path, const struct stator_options *options, char *problem,
                           size_t problem_bytes);

/* Carries out one request: operation is a name such as "PutItem", json its parameters. */
struct stator_answer stator_call(struct stator *handle, const char *operation, const char *json,
                                 size_t length);

/* Closes the database; NULL is fine. */
void stator_close(struct stator *handle);

#ifdef __cplusplus
}
#endif
