/* cloud/stale_report.c - stale reads as JSON texts in a ring. */
#include "cloud/stale_report.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <pthread.h>

enum { HEADER_BYTES_MAX = 256 };

struct stale_report {
    pthread_mutex_t lock;
    uint64_t count; /* ever */
    struct buffer texts[STALE_READS_MAX];
};

struct stale_report *stale_report_open(void)
{
    struct stale_report *report = memory_new(sizeof(*report));

    pthread_mutex_init(&report->lock, NULL);
    for (size_t i = 0; i < STALE_READS_MAX; i++)
        buffer_init(&report->texts[i]);
    return report;
}

void stale_report_close(struct stale_report *report)
{
    for (size_t i = 0; i < STALE_READS_MAX; i++)
        buffer_fini(&report->texts[i]);
    pthread_mutex_destroy(&report->lock);
    memory_free(report);
}

static void write_member(struct buffer *out, const char *name, struct span text)
{
    if (text.data == NULL)
        return;
    buffer_append_char(out, ',');
    buffer_append_json_string(out, span_from(name));
    buffer_append_char(out, ':');
    buffer_append_json_string(out, text);
}

/* A header's bytes can be anything; JSON's text can't. */
static void write_header(struct buffer *out, const char *name, struct span text)
{
    char plain[HEADER_BYTES_MAX];
    size_t size = text.size < sizeof(plain) ? text.size : sizeof(plain);

    for (size_t i = 0; i < size; i++)
        plain[i] = (char)(text.data[i] < ' ' || text.data[i] > '~' ? '?' : text.data[i]);
    write_member(out, name, (struct span){ text.data ? plain : NULL, size });
}

static void write_read(struct buffer *out, const struct stale_read *read)
{
    buffer_append_literal(out, "{\"at\":");
    buffer_append_integer(out, read->at_ms);
    write_member(out, "operation", read->operation);
    write_member(out, "table", read->table);
    write_member(out, "index", read->index);
    buffer_append_literal(out, ",\"key\":");
    buffer_append_span(out, read->key);
    buffer_append_literal(out, ",\"missed\":{\"age_ms\":");
    buffer_append_integer(out, read->age_ms);
    write_member(out, "operation", read->missed);
    write_member(out, "change", span_from(read->change));
    buffer_append_char(out, '}');
    write_header(out, "user_agent", read->user_agent);
    write_header(out, "test", read->test);
    write_member(out, "mend",
                 read->is_global ? SPAN("an index: strong reads are not possible")
                                 : SPAN("ConsistentRead"));
    buffer_append_char(out, '}');
}

void stale_report_add(struct stale_report *report, const struct stale_read *read)
{
    struct buffer *text;

    pthread_mutex_lock(&report->lock);
    text = &report->texts[report->count++ % STALE_READS_MAX];
    buffer_empty(text);
    write_read(text, read);
    pthread_mutex_unlock(&report->lock);
}

void stale_report_write(struct stale_report *report, struct buffer *out)
{
    uint64_t first;

    pthread_mutex_lock(&report->lock);
    first = report->count > STALE_READS_MAX ? report->count - STALE_READS_MAX : 0;
    buffer_append_literal(out, "\"stale_read_count\":");
    buffer_append_integer(out, (int64_t)report->count);
    buffer_append_literal(out, ",\"stale_reads\":[");
    for (uint64_t i = first; i < report->count; i++) {
        buffer_append_span(out, i > first ? SPAN(",") : SPAN(""));
        buffer_append_span(out, buffer_span(&report->texts[i % STALE_READS_MAX]));
    }
    buffer_append_char(out, ']');
    pthread_mutex_unlock(&report->lock);
}
