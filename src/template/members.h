/* template/members.h - the members that CreateTable's input shares with CloudFormation's tables. */
#pragma once

#include "template/shape.h"

/* Why a test table doesn't have what the one in production has. */
#define WHY_NO_KEYS "a test table is encrypted with the service's own key"
#define WHY_NO_INSIGHTS "a test table has no contributor insights"
#define WHY_NO_KINESIS "the stream of production is no place for test data"
#define WHY_NO_POLICY "the policy of production names production's users"
#define WHY_NO_PROTECTION "a test table must be removable"
#define WHY_NO_IMPORT "nothing is imported: name items with data in stator.yaml"
#define WHY_NO_REPLICAS "a test table is in one Region"

extern const struct member attribute_members[];
extern const struct member key_members[];
extern const struct member throughput_members[];
extern const struct member on_demand_members[];
extern const struct member warm_members[];
extern const struct member projection_members[];
extern const struct member index_members[];
extern const struct member vector_members[];
extern const struct member stream_members[];
extern const struct member tag_members[];

/* The parts of a table that are written alike in both kinds; TTL and point-in-time recovery are
 * set once the table is there. */
MUST_USE struct error *table_time_to_live(const struct shaping *shaping,
                                          const struct node *properties);
MUST_USE struct error *table_recovery(const struct shaping *shaping, const struct node *properties);
void table_enable_stream(struct arena *arena, struct node *create);
