/* cli/serve_options.c - options in GNU form, and with one dash those of DynamoDB Local. */
#include "cli/serve_options.h"

#include "base/arena.h"
#include "base/log.h"
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GO_ON = -1, WRONG_USAGE = 2 };

static const char help[] =
    "  stator serve                                http://127.0.0.1:8000, data in ./stator.db\n"
    "  stator serve --memory --port 0              a free port, nothing kept\n"
    "  stator serve --host 0.0.0.0 --db /data/x.db\n"
    "  aws dynamodb list-tables --endpoint-url http://127.0.0.1:8000\n"
    "\n"
    "Usage: stator serve [OPTION]...\n"
    "\n"
    "  --host ADDRESS           127.0.0.1\n"
    "  --port N                 8000; 0 takes a free one\n"
    "  --db FILE                stator.db\n"
    "  --memory                 no file\n"
    "  --sync normal|full       answered writes survive the process | a loss of power too\n"
    "  --threads N              1\n"
    "  --credentials FILE       accept these keys alone and check signatures: a JSON list of\n"
    "                           {\"AccessKeyId\": \"...\", \"SecretAccessKey\": \"...\"}\n"
    "  --namespace-by WHAT      none: one database for all; access-key; region\n"
    "  --validator WHAT         current: errors as most Regions word them now; classic: as before\n"
    "  --like local             everything at once, every read current\n"
    "  --lag WHAT               how old an eventually consistent read may be: none, random[:MS]\n"
    "                           up to 1000 ms, worst[:MS] always as old as is legal\n"
    "  --index-lag WHAT         the same of global secondary indexes; random is up to 2000 ms\n"
    "  --seed N                 of random draws\n"
    "  --cors ORIGIN[,ORIGIN]   web pages that may read answers; all unless given\n"
    "  --control-token FILE     open /_stator/ to other machines, with this token\n"
    "  --max-connections N      4096\n"
    "  --idle-timeout S         180 seconds without a request\n"
    "  --request-timeout S      60 seconds for one request to arrive, or an answer to move\n"
    "  --config FILE            a stator.yaml; its keys concern the other commands\n"
    "  --ready-file FILE        the URL is written here once connections are accepted\n"
    "  --die-with-parent        stop when the process that started this one is gone\n"
    "  --log-level LEVEL        error, warning, info or debug\n"
    "\n"
    "DynamoDB Local's flags: -port N, -inMemory, -sharedDb, -dbPath DIR, -cors LIST,\n"
    "-delayTransientStatuses, -optimizeDbBeforeStartup, -disableTelemetry, -help, -version.\n"
    "With any of these and without -sharedDb, each access key and region has its own tables.\n";

enum option {
    OPTION_CONFIG,
    OPTION_CONTROL_TOKEN,
    OPTION_CORS,
    OPTION_CREDENTIALS,
    OPTION_DB,
    OPTION_DB_PATH,
    OPTION_DIE_WITH_PARENT,
    OPTION_HELP,
    OPTION_HOST,
    OPTION_IDLE_TIMEOUT,
    OPTION_INDEX_LAG,
    OPTION_LAG,
    OPTION_LIKE,
    OPTION_LOG_LEVEL,
    OPTION_MAX_CONNECTIONS,
    OPTION_MEMORY,
    OPTION_NAMESPACE_BY,
    OPTION_NOTHING,
    OPTION_PORT,
    OPTION_READY_FILE,
    OPTION_REQUEST_TIMEOUT,
    OPTION_SEED,
    OPTION_SHARED_DB,
    OPTION_SYNC,
    OPTION_THREADS,
    OPTION_VALIDATOR,
    OPTION_VERSION
};

struct known_option {
    const char *name;
    bool has_value;
    enum option option;
};

static const struct known_option known_options[] = {
    { "--config", true, OPTION_CONFIG },
    { "--control-token", true, OPTION_CONTROL_TOKEN },
    { "--cors", true, OPTION_CORS },
    { "--credentials", true, OPTION_CREDENTIALS },
    { "--db", true, OPTION_DB },
    { "--die-with-parent", false, OPTION_DIE_WITH_PARENT },
    { "--help", false, OPTION_HELP },
    { "-h", false, OPTION_HELP },
    { "--host", true, OPTION_HOST },
    { "--idle-timeout", true, OPTION_IDLE_TIMEOUT },
    { "--index-lag", true, OPTION_INDEX_LAG },
    { "--lag", true, OPTION_LAG },
    { "--like", true, OPTION_LIKE },
    { "--log-level", true, OPTION_LOG_LEVEL },
    { "--max-connections", true, OPTION_MAX_CONNECTIONS },
    { "--memory", false, OPTION_MEMORY },
    { "--namespace-by", true, OPTION_NAMESPACE_BY },
    { "--port", true, OPTION_PORT },
    { "--ready-file", true, OPTION_READY_FILE },
    { "--request-timeout", true, OPTION_REQUEST_TIMEOUT },
    { "--seed", true, OPTION_SEED },
    { "--sync", true, OPTION_SYNC },
    { "--threads", true, OPTION_THREADS },
    { "--validator", true, OPTION_VALIDATOR },
};

static const struct known_option local_options[] = {
    { "-cors", true, OPTION_CORS },
    { "-dbPath", true, OPTION_DB_PATH },
    { "-delayTransientStatuses", false, OPTION_NOTHING }, /* tables are ready at once here */
    { "-disableTelemetry", false, OPTION_NOTHING },       /* there is none */
    { "-help", false, OPTION_HELP },
    { "-inMemory", false, OPTION_MEMORY },
    { "-optimizeDbBeforeStartup", false, OPTION_NOTHING }, /* the file needs none */
    { "-port", true, OPTION_PORT },
    { "-sharedDb", false, OPTION_SHARED_DB },
    { "-version", false, OPTION_VERSION },
};

/* What the options say together. */
struct reading {
    struct arena *arena;
    struct serve_options *options;
    const char *name; /* of the option being read */
    bool has_local;
    bool is_shared;
    bool is_memory;
    bool has_file;
    bool has_namespace;
};

static int wrong(const struct reading *reading, const char *value, const char *wanted)
{
    fprintf(stderr, "stator: %s does not take '%s': give %s\n", reading->name, value, wanted);
    return WRONG_USAGE;
}

static bool read_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end = NULL;

    errno = 0;
    if (*text < '0' || *text > '9')
        return false;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number >= least && *number <= most;
}

static int set_number(const struct reading *reading, const char *value, uint32_t least,
                      uint32_t most, uint32_t *into)
{
    uint64_t number = 0;

    if (!read_number(value, least, most, &number)) {
        fprintf(stderr, "stator: %s does not take '%s': give a number from %u to %u\n",
                reading->name, value, least, most);
        return WRONG_USAGE;
    }
    *into = (uint32_t)number;
    return GO_ON;
}

/* One of several words; its place is what counts. */
static int set_word(const struct reading *reading, const char *value, const char *const *words,
                    size_t count, int *into)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *into = (int)i;
            return GO_ON;
        }
    }
    fprintf(stderr, "stator: %s does not take '%s': give", reading->name, value);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s %s", i == 0 ? "" : i + 1 == count ? " or" : ",", words[i]);
    fputc('\n', stderr);
    return WRONG_USAGE;
}

static int set_seed(const struct reading *reading, const char *value)
{
    if (!read_number(value, 0, UINT64_MAX, &reading->options->engine.seed))
        return wrong(reading, value, "a number");
    reading->options->has_seed = true;
    return GO_ON;
}

static int set_port(const struct reading *reading, const char *value)
{
    uint32_t port = 0;
    int status = set_number(reading, value, 0, UINT16_MAX, &port);

    reading->options->server.port = (uint16_t)port;
    return status;
}

static int set_seconds(const struct reading *reading, const char *value, uint32_t *ms)
{
    enum { SECONDS_MAX = 24 * 60 * 60, MS = 1000 };
    int status = set_number(reading, value, 1, SECONDS_MAX, ms);

    *ms *= MS;
    return status;
}

static int set_lag(const struct reading *reading, const char *value, enum lag_of of)
{
    if (lag_parse(span_from(value), of, &reading->options->engine.lag.settings[of]))
        return GO_ON;
    return wrong(reading, value,
                 "none, random, random:MS, worst or worst:MS, MS from 1 to 3600000");
}

static int set_like(const struct reading *reading, const char *value)
{
    if (strcmp(value, "local") == 0)
        return GO_ON;
    if (strcmp(value, "aws") != 0)
        return wrong(reading, value, "local");
    fputs("stator: --like aws isn't there yet: leave it out, or give --like local\n", stderr);
    return WRONG_USAGE;
}

/* Options whose value is one of a few words. */
static int take_word(struct reading *reading, enum option option, const char *value)
{
    static const char *const levels[] = { "error", "warning", "info", "debug" };
    static const char *const syncs[] = { "normal", "full" };
    static const char *const validators[] = { "current", "classic" };
    static const char *const namespaces[] = { "none", "access-key", "region" };
    struct engine_options *engine = &reading->options->engine;
    int word = 0;
    int status = GO_ON;

    if (option == OPTION_LOG_LEVEL) {
        status = set_word(reading, value, levels, COUNT(levels), &word);
        log_set_level((enum log_level)word);
    } else if (option == OPTION_SYNC) {
        status = set_word(reading, value, syncs, COUNT(syncs), &word);
        engine->store.sync = (enum store_sync)word;
    } else if (option == OPTION_VALIDATOR) {
        status = set_word(reading, value, validators, COUNT(validators), &word);
        engine->validator = (enum validator)word;
    } else {
        status = set_word(reading, value, namespaces, COUNT(namespaces), &word);
        engine->namespace_by = (enum namespace_by)word;
        reading->has_namespace = true;
    }
    return status;
}

/* -dbPath DIR: the file in it has a name of its own, since its format is. */
static int take_file(struct reading *reading, enum option option, const char *value)
{
    reading->has_file = true;
    reading->options->engine.store.path =
        option == OPTION_DB ? value : arena_print(reading->arena, "%s/stator.db", value).data;
    return *value ? GO_ON : wrong(reading, value, "a path");
}

static int take(struct reading *reading, enum option option, const char *value)
{
    struct serve_options *options = reading->options;
    struct server_options *server = &options->server;

    switch (option) {
    case OPTION_CONFIG: options->config = value; return GO_ON;
    case OPTION_CONTROL_TOKEN: options->control_token = value; return GO_ON;
    case OPTION_CORS: server->cors = span_from(value); return GO_ON;
    case OPTION_CREDENTIALS: options->credentials = value; return GO_ON;
    case OPTION_DB:
    case OPTION_DB_PATH: return take_file(reading, option, value);
    case OPTION_DIE_WITH_PARENT: server->dies_with_parent = true; return GO_ON;
    case OPTION_HELP: fputs(help, stdout); return 0;
    case OPTION_HOST: server->host = value; return GO_ON;
    case OPTION_IDLE_TIMEOUT: return set_seconds(reading, value, &server->idle_ms);
    case OPTION_INDEX_LAG: return set_lag(reading, value, LAG_OF_INDEX);
    case OPTION_LAG: return set_lag(reading, value, LAG_OF_TABLE);
    case OPTION_LIKE: return set_like(reading, value);
    case OPTION_LOG_LEVEL:
    case OPTION_NAMESPACE_BY:
    case OPTION_SYNC:
    case OPTION_VALIDATOR: return take_word(reading, option, value);
    case OPTION_MAX_CONNECTIONS:
        return set_number(reading, value, 1, 1000000, &server->connections_max);
    case OPTION_MEMORY: reading->is_memory = true; return GO_ON;
    case OPTION_NOTHING: return GO_ON;
    case OPTION_PORT: return set_port(reading, value);
    case OPTION_READY_FILE: options->ready_file = value; return GO_ON;
    case OPTION_REQUEST_TIMEOUT: return set_seconds(reading, value, &server->request_ms);
    case OPTION_SEED: return set_seed(reading, value);
    case OPTION_SHARED_DB: reading->is_shared = true; return GO_ON;
    case OPTION_THREADS: return set_number(reading, value, 1, SERVER_THREADS_MAX, &server->threads);
    case OPTION_VERSION: return version_command(1, NULL);
    }
    return GO_ON;
}

/* The option of that name; *value is what stands behind its equal sign, or NULL. */
static const struct known_option *find(struct reading *reading, const char *word,
                                       const char **value)
{
    size_t size = strcspn(word, "=");

    *value = word[size] == '=' ? word + size + 1 : NULL;
    for (size_t i = 0; i < COUNT(known_options); i++)
        if (strlen(known_options[i].name) == size && memcmp(known_options[i].name, word, size) == 0)
            return &known_options[i];
    for (size_t i = 0; i < COUNT(local_options); i++) {
        if (strcmp(local_options[i].name, word) == 0) {
            reading->has_local = true;
            return &local_options[i];
        }
    }
    return NULL;
}

static int read_words(struct reading *reading, int argc, char **argv)
{
    int status = GO_ON;

    for (int i = 1; i < argc && status == GO_ON; i++) {
        const char *value = NULL;
        const struct known_option *known = find(reading, argv[i], &value);

        if (known == NULL) {
            fprintf(stderr, "stator: serve has no option '%s': see stator serve --help\n", argv[i]);
            return WRONG_USAGE;
        }
        reading->name = known->name;
        if (known->has_value && value == NULL)
            value = ++i < argc ? argv[i] : NULL;
        if (known->has_value != (value != NULL)) {
            fprintf(stderr, "stator: %s %s: see stator serve --help\n", known->name,
                    known->has_value ? "needs a value" : "takes no value");
            return WRONG_USAGE;
        }
        status = take(reading, known->option, value);
    }
    return status;
}

int serve_options_read(struct arena *arena, int argc, char **argv, struct serve_options *options)
{
    enum { DEFAULT_PORT = 8000 };
    struct reading reading = { .arena = arena, .options = options };
    int status;

    *options = (struct serve_options){ .server = { .port = DEFAULT_PORT },
                                       .engine = { .store = { .path = "stator.db" } } };
    status = read_words(&reading, argc, argv);
    if (status != GO_ON)
        return status;
    if (reading.is_memory && reading.has_file) {
        fputs("stator: a database file and a database in memory exclude each other: give one\n",
              stderr);
        return WRONG_USAGE;
    }
    if (reading.is_memory)
        options->engine.store.path = NULL;
    if (reading.has_local && !reading.is_shared && !reading.has_namespace)
        options->engine.namespace_by = NAMESPACE_ACCESS_KEY; /* and region */
    return GO_ON;
}
