/* tests/unit/server/metrics_test.c - the Prometheus text over several workers. */
#include "server/metrics.h"

#include "../test.h"
#include "base/buffer.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

TEST(metrics_sum_over_workers_and_list_requests_by_each)
{
    struct metrics *workers[] = { memory_new(sizeof(struct metrics)),
                                  memory_new(sizeof(struct metrics)) };
    struct buffer out;
    char operation[] = "GetItem"; /* not kept by address */

    metrics_count_request(workers[0], span_from(operation), 200);
    metrics_count_request(workers[0], span_from(operation), 200);
    metrics_count_request(workers[0], span_from(operation), 400);
    memset(operation, 'x', sizeof(operation) - 1);
    metrics_count_request(workers[1], (struct span){ NULL, 0 }, 413);
    metrics_add(&workers[0]->commits, 2);
    metrics_add(&workers[1]->commits, 40);
    buffer_init(&out);
    metrics_write((const struct metrics *const *)workers, COUNT(workers), &out);
    buffer_append_char(&out, '\0');
    EXPECT(strstr(out.data, "{operation=\"GetItem\",status=\"200\",worker=\"0\"} 2\n"), "%s",
           out.data);
    EXPECT(strstr(out.data, "{operation=\"GetItem\",status=\"400\",worker=\"0\"} 1\n"), "%s",
           out.data);
    EXPECT(strstr(out.data, "{operation=\"none\",status=\"other\",worker=\"1\"} 1\n"), "%s",
           out.data);
    EXPECT(strstr(out.data, "\nstator_commits_total 42\n"), "%s", out.data);
    EXPECT(strstr(out.data, "xxx") == NULL, "a name is borrowed");
    buffer_fini(&out);
    memory_free(workers[0]);
    memory_free(workers[1]);
}

TEST(more_names_than_there_are_rows_do_no_harm)
{
    struct metrics *metrics = memory_new(sizeof(*metrics));
    char name[16];

    for (int i = 0; i < 2 * METRICS_ROWS_MAX; i++) {
        snprintf(name, sizeof(name), "Operation%d", i);
        metrics_count_request(metrics, span_from(name), 200);
    }
    EXPECT(metrics->row_count == METRICS_ROWS_MAX, "%zu rows", (size_t)metrics->row_count);
    memory_free(metrics);
}
