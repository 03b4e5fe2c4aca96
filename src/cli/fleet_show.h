/* cli/fleet_show.h - the tables of a command for people: what they are and where they differ. */
#pragma once

struct fleet;
struct fleet_table;

/* One line for each difference, on stderr as say does. */
void say_differences(const struct fleet_table *table);

/* The same on stdout, indented. */
void show_differences(const struct fleet_table *table);

/* "key tenant HASH, id RANGE; indexes by_day (day HASH)" on stdout, without a line's end. */
void show_definition(const struct fleet_table *table);
