/* ops/describe_limits.c - DescribeLimits: the capacity that a new account may provision. */
#include "operations.h"

/* spec: default quotas in units per second */
enum { ACCOUNT_UNITS_MAX = 80000, TABLE_UNITS_MAX = 40000 };

struct error *describe_limits(struct request *req, const struct describe_limits_input *in,
                              struct describe_limits_output *out)
{
    (void)req;
    (void)in;
    *out = (struct describe_limits_output){
        .has_account_max_read_capacity_units = true,
        .account_max_read_capacity_units = ACCOUNT_UNITS_MAX,
        .has_account_max_write_capacity_units = true,
        .account_max_write_capacity_units = ACCOUNT_UNITS_MAX,
        .has_table_max_read_capacity_units = true,
        .table_max_read_capacity_units = TABLE_UNITS_MAX,
        .has_table_max_write_capacity_units = true,
        .table_max_write_capacity_units = TABLE_UNITS_MAX,
    };
    return NULL;
}
