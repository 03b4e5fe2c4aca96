/* template/members.c - tables of members. */
#include "template/members.h"

const struct member attribute_members[] = {
    { "AttributeName", NULL, MEMBER_TEXT, NULL, NULL },
    { "AttributeType", NULL, MEMBER_TEXT, NULL, NULL },
    { 0 },
};

const struct member key_members[] = {
    { "AttributeName", NULL, MEMBER_TEXT, NULL, NULL },
    { "KeyType", NULL, MEMBER_TEXT, NULL, NULL },
    { 0 },
};

const struct member throughput_members[] = {
    { "ReadCapacityUnits", NULL, MEMBER_NUMBER, NULL, NULL },
    { "WriteCapacityUnits", NULL, MEMBER_NUMBER, NULL, NULL },
    { 0 },
};

const struct member on_demand_members[] = {
    { "MaxReadRequestUnits", NULL, MEMBER_NUMBER, NULL, NULL },
    { "MaxWriteRequestUnits", NULL, MEMBER_NUMBER, NULL, NULL },
    { 0 },
};

const struct member warm_members[] = {
    { "ReadUnitsPerSecond", NULL, MEMBER_NUMBER, NULL, NULL },
    { "WriteUnitsPerSecond", NULL, MEMBER_NUMBER, NULL, NULL },
    { 0 },
};

const struct member projection_members[] = {
    { "ProjectionType", NULL, MEMBER_TEXT, NULL, NULL },
    { "NonKeyAttributes", NULL, MEMBER_TEXTS, NULL, NULL },
    { 0 },
};

const struct member index_members[] = {
    { "IndexName", NULL, MEMBER_TEXT, NULL, NULL },
    { "KeySchema", NULL, MEMBER_LIST, key_members, NULL },
    { "Projection", NULL, MEMBER_OBJECT, projection_members, NULL },
    { "ProvisionedThroughput", NULL, MEMBER_OBJECT, throughput_members, NULL },
    { "OnDemandThroughput", NULL, MEMBER_OBJECT, on_demand_members, NULL },
    { "WarmThroughput", NULL, MEMBER_OBJECT, warm_members, NULL },
    { "ContributorInsightsSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_INSIGHTS },
    { 0 },
};

static const struct member vector_attribute_members[] = {
    { "AttributeName", NULL, MEMBER_TEXT, NULL, NULL },
    { 0 },
};

static const struct member search_members[] = {
    { "AttributeName", NULL, MEMBER_TEXT, NULL, NULL },
    { "SearchSchemaElementType", NULL, MEMBER_TEXT, NULL, NULL },
    { 0 },
};

const struct member vector_members[] = {
    { "IndexName", NULL, MEMBER_TEXT, NULL, NULL },
    { "VectorAttribute", NULL, MEMBER_OBJECT, vector_attribute_members, NULL },
    { "Dimensions", NULL, MEMBER_NUMBER, NULL, NULL },
    { "DistanceFunction", NULL, MEMBER_TEXT, NULL, NULL },
    { "Projection", NULL, MEMBER_OBJECT, projection_members, NULL },
    { "SearchSchema", NULL, MEMBER_LIST, search_members, NULL },
    { 0 },
};

const struct member stream_members[] = {
    { "StreamViewType", NULL, MEMBER_TEXT, NULL, NULL },
    { "ResourcePolicy", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_POLICY },
    { 0 },
};

const struct member tag_members[] = {
    { "Key", NULL, MEMBER_TEXT, NULL, NULL },
    { "Value", NULL, MEMBER_TEXT, NULL, NULL },
    { 0 },
};
