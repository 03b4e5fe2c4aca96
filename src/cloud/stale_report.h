/* cloud/stale_report.h - the last reads whose stale answer differed from the current one.
 *
 * At most STALE_READS_MAX are kept, the oldest go first. Any thread. */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct buffer;
struct stale_report;

enum { STALE_READS_MAX = 1000 };

struct stale_read {
    int64_t at_ms;
    struct span operation;
    struct span table;
    struct span index; /* absent: the table itself */
    bool is_global;
    struct span key;    /* as JSON */
    struct span missed; /* the operation that wrote */
    const char *change; /* "insert", "change", "removal" */
    int64_t age_ms;
    struct span user_agent; /* absent: not sent */
    struct span test;
};

struct stale_report *stale_report_open(void);
void stale_report_close(struct stale_report *report);
void stale_report_add(struct stale_report *report, const struct stale_read *read);

/* As JSON members: "stale_read_count":N,"stale_reads":[...], the oldest first. */
void stale_report_write(struct stale_report *report, struct buffer *out);
