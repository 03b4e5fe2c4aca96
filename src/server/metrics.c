/* server/metrics.c - counting requests by operation, and printing all counters. */
#include "server/metrics.h"

#include "base/buffer.h"
#include "base/compiler.h"

#include <stddef.h>
#include <string.h>

static const char *const status_names[METRICS_STATUSES] = { "200", "400", "500", "other" };

static size_t status_column(int status)
{
    switch (status) {
    case 200: return 0;
    case 400: return 1;
    case 500: return 2;
    default: return 3;
    }
}

static struct metrics_row *row_of(struct metrics *metrics, struct span name)
{
    size_t count = atomic_load_explicit(&metrics->row_count, memory_order_relaxed);
    struct metrics_row *row;

    for (size_t i = 0; i < count; i++)
        if (metrics->rows[i].name_size == name.size &&
            memcmp(metrics->rows[i].name, name.data, name.size) == 0)
            return &metrics->rows[i];
    if (count == METRICS_ROWS_MAX || name.size > METRICS_NAME_BYTES_MAX)
        return NULL;
    row = &metrics->rows[count];
    memcpy(row->name, name.data, name.size);
    row->name_size = name.size;
    atomic_store_explicit(&metrics->row_count, count + 1, memory_order_release);
    return row;
}

void metrics_count_request(struct metrics *metrics, struct span operation, int status)
{
    struct metrics_row *row = row_of(metrics, operation.data ? operation : SPAN("none"));

    if (row)
        metrics_add(&row->by_status[status_column(status)], 1);
}

static void write_requests(const struct metrics *worker, size_t worker_index, struct buffer *out)
{
    size_t count = atomic_load_explicit(&worker->row_count, memory_order_acquire);

    for (size_t i = 0; i < count; i++) {
        const struct metrics_row *row = &worker->rows[i];

        for (size_t j = 0; j < METRICS_STATUSES; j++) {
            uint64_t value = atomic_load_explicit(&row->by_status[j], memory_order_relaxed);

            if (value == 0)
                continue;
            buffer_append_literal(out, "stator_requests_total{operation=\"");
            buffer_append(out, row->name, row->name_size);
            buffer_append_literal(out, "\",status=\"");
            buffer_append_span(out, span_from(status_names[j]));
            buffer_append_literal(out, "\",worker=\"");
            buffer_append_integer(out, (int64_t)worker_index);
            buffer_append_literal(out, "\"} ");
            buffer_append_integer(out, (int64_t)value);
            buffer_append_char(out, '\n');
        }
    }
}

static const struct {
    const char *name;
    const char *type;
    const char *help;
    size_t offset;
} counters[] = {
    { "stator_connections", "gauge", "Connections that are open.",
      offsetof(struct metrics, connections_open) },
    { "stator_connections_total", "counter", "Connections accepted.",
      offsetof(struct metrics, connections_total) },
    { "stator_connections_timed_out_total", "counter", "Connections closed for being idle or slow.",
      offsetof(struct metrics, connections_timed_out) },
    { "stator_requests_malformed_total", "counter", "Requests that were no HTTP or over a limit.",
      offsetof(struct metrics, requests_malformed) },
    { "stator_commits_total", "counter", "Turns of the loop that ended in a commit.",
      offsetof(struct metrics, commits) },
    { "stator_commits_failed_total", "counter", "Turns that could not be committed.",
      offsetof(struct metrics, commits_failed) },
    { "stator_received_bytes_total", "counter", "Bytes received.",
      offsetof(struct metrics, bytes_received) },
    { "stator_sent_bytes_total", "counter", "Bytes sent.", offsetof(struct metrics, bytes_sent) },
};

static void write_header(const char *name, const char *type, const char *help, struct buffer *out)
{
    buffer_append_literal(out, "# HELP ");
    buffer_append_span(out, span_from(name));
    buffer_append_char(out, ' ');
    buffer_append_span(out, span_from(help));
    buffer_append_literal(out, "\n# TYPE ");
    buffer_append_span(out, span_from(name));
    buffer_append_char(out, ' ');
    buffer_append_span(out, span_from(type));
    buffer_append_char(out, '\n');
}

void metrics_write(const struct metrics *const *workers, size_t count, struct buffer *out)
{
    write_header("stator_requests_total", "counter", "Requests by operation and HTTP status.", out);
    for (size_t i = 0; i < count; i++)
        write_requests(workers[i], i, out);
    for (size_t i = 0; i < COUNT(counters); i++) {
        uint64_t sum = 0;

        for (size_t j = 0; j < count; j++)
            sum += atomic_load_explicit(
                (const _Atomic uint64_t *)(const void *)((const char *)workers[j] +
                                                         counters[i].offset),
                memory_order_relaxed);
        write_header(counters[i].name, counters[i].type, counters[i].help, out);
        buffer_append_span(out, span_from(counters[i].name));
        buffer_append_char(out, ' ');
        buffer_append_integer(out, (int64_t)sum);
        buffer_append_char(out, '\n');
    }
}
