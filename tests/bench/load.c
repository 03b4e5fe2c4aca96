/* tests/bench/load.c - a load generator: one operation over many connections, measured. */
#include "connections.h"
#include "requests.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_BYTES_MAX = 1 << 30,
    TABLE_WAIT_MS_MAX = 30000,
    TABLE_WAIT_STEP_MS = 50,
    ITEMS = 1000,
    ITEM_BYTES = 200,
    CONNECTIONS = 64,
    SECONDS = 5,
};

struct options {
    bool prepares;                  /* makes the table and puts every item, measures nothing */
    enum bench_operation operation; /* otherwise: BENCH_PUT_ITEM or BENCH_GET_ITEM */
    unsigned connections;
    unsigned seconds;
    unsigned items;
    unsigned item_bytes;
    long pid;
    int port;
};

static const char usage[] =
    "load --port PORT --prepare                   make the table and put all items\n"
    "load --port PORT [OPTION...] get|put         measure GetItem or PutItem; one line of JSON\n"
    "\n"
    "  --connections N  requests under way at a time (64)\n"
    "  --seconds N      how long (5)\n"
    "  --items N        different keys (1000)\n"
    "  --bytes N        size of an item as the service counts it (200)\n"
    "  --pid PID        also report this process's CPU time for each request\n";

static unsigned number_of(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    if (*text == '\0' || *end != '\0' || number == 0 || number > 1000000000) {
        fprintf(stderr, "load: not a number above 0: %s\n", text);
        exit(2);
    }
    return (unsigned)number;
}

static void read_option(struct options *options, int letter)
{
    switch (letter) {
    case 'r': options->prepares = true; break;
    case 'c': options->connections = number_of(optarg); break;
    case 's': options->seconds = number_of(optarg); break;
    case 'i': options->items = number_of(optarg); break;
    case 'b': options->item_bytes = number_of(optarg); break;
    case 'q': options->pid = number_of(optarg); break;
    case 'p': options->port = (int)number_of(optarg); break;
    default: fputs(usage, stderr); exit(letter == 'h' ? 0 : 2);
    }
}

static struct options read_options(int argc, char **argv)
{
    static const struct option known[] = {
        { "prepare", no_argument, NULL, 'r' },
        { "connections", required_argument, NULL, 'c' },
        { "seconds", required_argument, NULL, 's' },
        { "items", required_argument, NULL, 'i' },
        { "bytes", required_argument, NULL, 'b' },
        { "pid", required_argument, NULL, 'q' },
        { "port", required_argument, NULL, 'p' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct options options = {
        .connections = CONNECTIONS, .seconds = SECONDS, .items = ITEMS, .item_bytes = ITEM_BYTES
    };
    int letter;

    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1)
        read_option(&options, letter);
    if (optind < argc && strcmp(argv[optind], "put") == 0)
        options.operation = BENCH_PUT_ITEM;
    else if (optind < argc && strcmp(argv[optind], "get") == 0)
        options.operation = BENCH_GET_ITEM;
    if (options.port == 0 || (!options.prepares && options.operation == BENCH_CREATE_TABLE)) {
        fputs(usage, stderr);
        exit(2);
    }
    return options;
}

/* The CPU time that a process has used, from /proc; 0 when it cannot be read. */
static uint64_t cpu_us_of(long pid)
{
    char path[64];
    char text[1024];
    FILE *file;
    size_t size;
    char *field;
    unsigned long long ticks = 0;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    file = pid > 0 ? fopen(path, "r") : NULL;
    if (!file)
        return 0;
    size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    /* utime and stime are the 12th and 13th fields behind the name, which ends with ')'. */
    field = strrchr(text, ')');
    for (int i = 1; field && i <= 13; i++) {
        field = strchr(field + 1, ' ');
        if (field && i >= 12)
            ticks += strtoull(field, NULL, 10);
    }
    return ticks * 1000000 / (unsigned long long)sysconf(_SC_CLK_TCK);
}

static uint64_t percentile_us(const struct bench_result *result, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)result->answers);
    uint64_t seen = 0;

    for (uint64_t us = 0; us <= LATENCY_US_MAX; us++) {
        seen += result->latency_us[us];
        if (seen > wanted)
            return us;
    }
    return LATENCY_US_MAX;
}

static bool send_all(const struct options *options, struct span *requests, size_t count,
                     struct bench_result *result)
{
    struct bench_load load = { .address = "127.0.0.1",
                               .port = options->port,
                               .connections = count < 16 ? 1 : 16,
                               .requests = requests,
                               .request_count = count };

    result->answers = result->refusals = 0;
    return bench_run(&load, result) && result->refusals == 0;
}

/* A server may take its time to make a table: writes begin once one of them is taken. */
static int prepare(const struct options *options, struct arena *arena,
                   const struct bench_target *target, struct bench_result *result)
{
    struct span create = bench_request(arena, target, BENCH_CREATE_TABLE, 0, 0);
    struct span *puts =
        bench_requests(arena, target, BENCH_PUT_ITEM, options->items, options->item_bytes);
    int64_t end_ms = clock_machine_ms() + TABLE_WAIT_MS_MAX;

    if (!send_all(options, &create, 1, result))
        return 1;
    while (!send_all(options, puts, 1, result)) {
        if (clock_machine_ms() > end_ms)
            return 1;
        clock_sleep_ms(TABLE_WAIT_STEP_MS);
    }
    return send_all(options, puts, options->items, result) ? 0 : 1;
}

static int measure(const struct options *options, struct arena *arena,
                   const struct bench_target *target, struct bench_result *result)
{
    struct bench_load load = { .address = "127.0.0.1",
                               .port = options->port,
                               .connections = options->connections,
                               .duration_us = options->seconds * 1000000ull,
                               .request_count = options->items };
    uint64_t cpu_us;

    load.requests =
        bench_requests(arena, target, options->operation, options->items, options->item_bytes);
    cpu_us = cpu_us_of(options->pid);
    if (!bench_run(&load, result))
        return 1;
    cpu_us = cpu_us_of(options->pid) - cpu_us;
    printf("{\"operation\":\"%s\",\"connections\":%u,\"answers\":%llu,\"refusals\":%llu,"
           "\"per_second\":%.0f,\"p50_us\":%llu,\"p99_us\":%llu,\"cpu_us_per_request\":%.2f}\n",
           options->operation == BENCH_PUT_ITEM ? "PutItem" : "GetItem", options->connections,
           (unsigned long long)result->answers, (unsigned long long)result->refusals,
           (double)result->answers * 1e6 / (double)result->duration_us,
           (unsigned long long)percentile_us(result, 0.5),
           (unsigned long long)percentile_us(result, 0.99),
           result->answers ? (double)cpu_us / (double)result->answers : 0.0);
    return result->refusals == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    struct bench_target target = { arena_print(arena, "127.0.0.1:%d", options.port),
                                   span_from("bench") };
    struct bench_result result = { 0 };
    int status;

    result.latency_us = memory_new((LATENCY_US_MAX + 1) * sizeof(*result.latency_us));
    status = options.prepares ? prepare(&options, arena, &target, &result)
                              : measure(&options, arena, &target, &result);
    memory_free(result.latency_us);
    arena_close(arena);
    return status;
}
