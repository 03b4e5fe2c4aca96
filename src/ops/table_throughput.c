/* ops/table_throughput.c - capacity arithmetic of the control plane. */
#include "ops/table_throughput.h"

#include "base/arena.h"
#include "ops/invalid.h"

#include <inttypes.h>

#define CAPACITY_UNITS_MAX 1000000000000 /* spec: the largest value the API accepts */
#define DAY_MS (24 * 3600 * 1000LL)
#define INITIAL_THROUGHPUT_PAGE                                         \
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/" \
    "on-demand-capacity-mode.html#on-demand-capacity-mode-initial"

/* "table" or "index i" */
static struct span subject(struct arena *arena, struct span index_name, const char *between)
{
    if (index_name.data == NULL)
        return SPAN("table");
    return arena_print(arena, "index%s%.*s", between, SPAN_PRINT(index_name));
}

static struct error *check_bound(struct arena *arena, struct span index_name, const char *member,
                                 int64_t units)
{
    if (units <= CAPACITY_UNITS_MAX)
        return NULL;
    return fail(arena, ERR_VALIDATION, "Given value %" PRId64 " for %s is out of bounds%s%.*s",
                units, member, index_name.data ? " for index " : "", SPAN_PRINT(index_name));
}

struct error *throughput_check_bounds(struct arena *arena, struct span index_name,
                                      const struct provisioned_throughput *in)
{
    if (in == NULL)
        return NULL;
    TRY(check_bound(arena, index_name, "ReadCapacityUnits", in->read_capacity_units));
    return check_bound(arena, index_name, "WriteCapacityUnits", in->write_capacity_units);
}

/* min: 1 at creation, where -1 has nothing to take away. */
static struct error *check_maximum(struct arena *arena, struct span index_name,
                                   enum billing_mode mode, const char *member, int64_t units,
                                   bool is_update)
{
    if (mode == BILLING_MODE_PROVISIONED) {
        struct span whose = index_name.data
                                ? arena_print(arena, " for index : %.*s", SPAN_PRINT(index_name))
                                : SPAN("");

        return invalid(arena,
                       "%s for OnDemandThroughput%.*s cannot be specified when the table "
                       "BillingMode is PROVISIONED",
                       member, SPAN_PRINT(whose));
    }
    if (units >= 1 || (is_update && units == -1))
        return NULL;
    return invalid(arena, "Requested %s for OnDemandThroughput for %.*s is outside of valid range",
                   member, SPAN_PRINT(subject(arena, index_name, " : ")));
}

static struct error *check_maxima(struct arena *arena, struct span index_name,
                                  enum billing_mode mode, const struct on_demand_throughput *in,
                                  bool is_update)
{
    if (in && in->has_max_read_request_units)
        TRY(check_maximum(arena, index_name, mode, "MaxReadRequestUnits",
                          in->max_read_request_units, is_update));
    if (in && in->has_max_write_request_units)
        TRY(check_maximum(arena, index_name, mode, "MaxWriteRequestUnits",
                          in->max_write_request_units, is_update));
    return NULL;
}

static struct error *check_warm_of_new(struct arena *arena, struct span index_name,
                                       enum billing_mode mode, bool is_read, int64_t asked,
                                       int64_t least)
{
    const char *member = is_read ? "ReadUnitsPerSecond" : "WriteUnitsPerSecond";
    struct span whose = subject(arena, index_name, " ");

    if (asked >= least)
        return NULL;
    if (mode == BILLING_MODE_PROVISIONED)
        return invalid(arena,
                       "Requested %s for WarmThroughput for %.*s is lower than %s of "
                       "ProvisionedThroughput",
                       member, SPAN_PRINT(whose),
                       is_read ? "ReadCapacityUnits" : "WriteCapacityUnits");
    return invalid(arena,
                   "Requested %s for WarmThroughput for %.*s is lower than initial throughput "
                   "for OnDemand. See: " INITIAL_THROUGHPUT_PAGE,
                   member, SPAN_PRINT(whose));
}

/* throughput holds the least values already. */
static struct error *warm_new(struct arena *arena, struct span index_name, enum billing_mode mode,
                              const struct warm_throughput *in, struct throughput *throughput)
{
    if (in && in->has_read_units_per_second) {
        TRY(check_warm_of_new(arena, index_name, mode, true, in->read_units_per_second,
                              throughput->warm_read_units));
        throughput->warm_read_units = in->read_units_per_second;
    }
    if (in && in->has_write_units_per_second) {
        TRY(check_warm_of_new(arena, index_name, mode, false, in->write_units_per_second,
                              throughput->warm_write_units));
        throughput->warm_write_units = in->write_units_per_second;
    }
    return NULL;
}

struct error *throughput_create(struct arena *arena, struct span index_name, enum billing_mode mode,
                                const struct throughput_input *in, struct throughput *throughput)
{
    *throughput = (struct throughput){ .warm_read_units = INITIAL_READ_UNITS,
                                       .warm_write_units = INITIAL_WRITE_UNITS };
    if (mode == BILLING_MODE_PROVISIONED) {
        throughput->read_units = in->provisioned->read_capacity_units;
        throughput->write_units = in->provisioned->write_capacity_units;
        throughput->warm_read_units = throughput->read_units;
        throughput->warm_write_units = throughput->write_units;
    }
    TRY(check_maxima(arena, index_name, mode, in->maximum, false));
    if (in->maximum) {
        throughput->max_read_units = in->maximum->max_read_request_units;
        throughput->max_write_units = in->maximum->max_write_request_units;
    }
    return warm_new(arena, index_name, mode, in->warm, throughput);
}

struct error *throughput_change_maxima(struct arena *arena, struct span index_name,
                                       enum billing_mode mode,
                                       const struct on_demand_throughput *in,
                                       struct throughput *throughput)
{
    TRY(check_maxima(arena, index_name, mode, in, true));
    if (in->has_max_read_request_units)
        throughput->max_read_units =
            in->max_read_request_units == -1 ? 0 : in->max_read_request_units;
    if (in->has_max_write_request_units)
        throughput->max_write_units =
            in->max_write_request_units == -1 ? 0 : in->max_write_request_units;
    return NULL;
}

static struct error *check_warm_change(struct arena *arena, struct span index_name,
                                       const char *member, int64_t asked, int64_t current)
{
    if (asked >= current)
        return NULL;
    return invalid(arena,
                   "Requested %s for WarmThroughput for %.*s is lower than current "
                   "WarmThroughput, decreasing WarmThroughput is not supported",
                   member, SPAN_PRINT(subject(arena, index_name, " ")));
}

struct error *throughput_change_warm(struct arena *arena, struct span index_name,
                                     const struct warm_throughput *in,
                                     struct throughput *throughput)
{
    if (in->has_read_units_per_second) {
        TRY(check_warm_change(arena, index_name, "ReadUnitsPerSecond", in->read_units_per_second,
                              throughput->warm_read_units));
        throughput->warm_read_units = in->read_units_per_second;
    }
    if (in->has_write_units_per_second) {
        TRY(check_warm_change(arena, index_name, "WriteUnitsPerSecond", in->write_units_per_second,
                              throughput->warm_write_units));
        throughput->warm_write_units = in->write_units_per_second;
    }
    return NULL;
}

static struct error *no_change(struct arena *arena, struct span index_name,
                               const struct throughput *now)
{
    struct span whose = index_name.data ? arena_print(arena, "index %.*s", SPAN_PRINT(index_name))
                                        : SPAN("the table");

    return fail(arena, ERR_VALIDATION,
                "The provisioned throughput for the %.*s%.*s will not change. The requested value "
                "equals the current value. Current ReadCapacityUnits provisioned for %.*s: "
                "%" PRId64 ". Requested ReadCapacityUnits: %" PRId64 ". Current "
                "WriteCapacityUnits provisioned for %.*s: %" PRId64 ". Requested "
                "WriteCapacityUnits: %" PRId64 ". Refer to the Amazon DynamoDB Developer Guide "
                "for current limits and how to request higher limits.",
                SPAN_PRINT(index_name.data ? SPAN("index ") : SPAN("table")),
                SPAN_PRINT(index_name), SPAN_PRINT(whose), now->read_units, now->read_units,
                SPAN_PRINT(whose), now->write_units, now->write_units);
}

int64_t throughput_decreases_today(const struct throughput *throughput, int64_t now_ms)
{
    return throughput->last_decrease_ms / DAY_MS == now_ms / DAY_MS ? throughput->decreases_today
                                                                    : 0;
}

static void keep_warm(struct throughput *throughput, int64_t read_units, int64_t write_units)
{
    if (throughput->warm_read_units < read_units)
        throughput->warm_read_units = read_units;
    if (throughput->warm_write_units < write_units)
        throughput->warm_write_units = write_units;
}

struct error *throughput_change_provisioned(struct arena *arena, struct span index_name,
                                            const struct provisioned_throughput *in, int64_t now_ms,
                                            struct throughput *throughput)
{
    int64_t read_units = in->read_capacity_units;
    int64_t write_units = in->write_capacity_units;

    if (read_units == throughput->read_units && write_units == throughput->write_units)
        return no_change(arena, index_name, throughput);
    if (read_units < throughput->read_units || write_units < throughput->write_units) {
        throughput->decreases_today = throughput_decreases_today(throughput, now_ms) + 1;
        throughput->last_decrease_ms = now_ms;
    }
    if (read_units > throughput->read_units || write_units > throughput->write_units)
        throughput->last_increase_ms = now_ms;
    throughput->read_units = read_units;
    throughput->write_units = write_units;
    keep_warm(throughput, read_units, write_units);
    return NULL;
}

void throughput_become_on_demand(struct throughput *throughput)
{
    throughput->read_units = 0;
    throughput->write_units = 0;
    keep_warm(throughput, INITIAL_READ_UNITS, INITIAL_WRITE_UNITS);
}

void throughput_become_provisioned(struct throughput *throughput,
                                   const struct provisioned_throughput *in)
{
    throughput->read_units = in->read_capacity_units;
    throughput->write_units = in->write_capacity_units;
    throughput->max_read_units = 0;
    throughput->max_write_units = 0;
    keep_warm(throughput, throughput->read_units, throughput->write_units);
}
