#!/bin/sh
# A session with the AWS CLI, from create-table to query. Prints each command and what it answers.
#
#   stator test -- ./session.sh
#
# AWS_CLI chooses the program. Endpoint and region are handed over because versions of the CLI from
# before the middle of 2023 do not find them in the environment.
set -eu
table=${1:-music}

say() {
    printf '\n$ aws dynamodb'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./:=,-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
}

dynamodb() {
    say "$@"
    AWS_PAGER='' "${AWS_CLI:-aws}" --endpoint-url "$AWS_ENDPOINT_URL_DYNAMODB" \
        --region "$AWS_REGION" --output json dynamodb "$@" 2>&1 |
        sed '/^$/d; s/^aws: \[ERROR\]: //'
}

dynamodb create-table --table-name "$table" \
    --attribute-definitions AttributeName=artist,AttributeType=S \
    AttributeName=song,AttributeType=S AttributeName=year,AttributeType=N \
    --key-schema AttributeName=artist,KeyType=HASH AttributeName=song,KeyType=RANGE \
    --global-secondary-indexes \
    'IndexName=by_year,KeySchema=[{AttributeName=year,KeyType=HASH}],'\
'Projection={ProjectionType=ALL}' \
    --billing-mode PAY_PER_REQUEST --query TableDescription.KeySchema
dynamodb wait table-exists --table-name "$table"
dynamodb describe-table --table-name "$table" \
    --query 'Table.[TableName,TableStatus,GlobalSecondaryIndexes[0].IndexStatus]'

dynamodb put-item --table-name "$table" --item \
    '{"artist":{"S":"Nina Simone"},"song":{"S":"Feeling Good"},"year":{"N":"1965"}}'
dynamodb put-item --table-name "$table" --item \
    '{"artist":{"S":"Nina Simone"},"song":{"S":"Sinnerman"},"year":{"N":"1965"},'\
'"minutes":{"N":"10.50"}}'
dynamodb put-item --table-name "$table" --item \
    '{"artist":{"S":"Nina Simone"},"song":{"S":"Sinnerman"}}' \
    --condition-expression 'attribute_not_exists(song)' || true
dynamodb get-item --table-name "$table" \
    --key '{"artist":{"S":"Nina Simone"},"song":{"S":"Sinnerman"}}' --consistent-read
dynamodb update-item --table-name "$table" \
    --key '{"artist":{"S":"Nina Simone"},"song":{"S":"Feeling Good"}}' \
    --update-expression 'SET plays = if_not_exists(plays, :zero) + :one ADD tags :tags' \
    --expression-attribute-values '{":zero":{"N":"0"},":one":{"N":"1"},":tags":{"SS":["jazz"]}}' \
    --return-values UPDATED_NEW

dynamodb query --table-name "$table" \
    --key-condition-expression 'artist = :artist AND begins_with(song, :start)' \
    --expression-attribute-values '{":artist":{"S":"Nina Simone"},":start":{"S":"S"}}' \
    --return-consumed-capacity TOTAL \
    --query '[Items[].song.S,Count,ConsumedCapacity.CapacityUnits]'
dynamodb query --table-name "$table" --index-name by_year \
    --key-condition-expression '#year = :year' --expression-attribute-names '{"#year":"year"}' \
    --expression-attribute-values '{":year":{"N":"1965"}}' --query 'sort(Items[].song.S)'
dynamodb query --table-name "$table" --key-condition-expression 'song = :song' \
    --expression-attribute-values '{":song":{"S":"Sinnerman"}}' || true

dynamodb delete-item --table-name "$table" \
    --key '{"artist":{"S":"Nina Simone"},"song":{"S":"Sinnerman"}}' --return-values ALL_OLD \
    --query 'Attributes.minutes.N'
dynamodb scan --table-name "$table" --select COUNT --query Count
dynamodb delete-table --table-name "$table" --query TableDescription.TableStatus
dynamodb wait table-not-exists --table-name "$table"
dynamodb list-tables
