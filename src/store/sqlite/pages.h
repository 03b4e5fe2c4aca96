/* store/sqlite/pages.h - a database file in memory whose readers keep the state they began with.
 *
 * A page that is written is a new page beside the old one until the writer publishes; a reader
 * takes, of each page, the newest that is not younger than itself. Reading takes no lock. Old
 * pages are used again once no reader can want them; the memory is given back at pages_close.
 * Threads: a view belongs to one thread at a time. One view at most is reserved to write. */
#pragma once

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct page;
struct pages;

struct view {
    struct pages *pages;
    bool is_open;
    bool is_reserved;     /* may write */
    uint64_t seen;        /* the newest version that it sees */
    uint64_t page_count;  /* of that version */
    struct page *written; /* by this view and not published, the last first */
    struct view *next_open;
    struct view **previous_link;
};

struct pages *pages_open(void);
void pages_close(struct pages *pages); /* after the last view */

void view_open(struct view *view); /* sees what is published now */
void view_close(struct view *view);
uint64_t view_page_count(const struct view *view); /* as published when it isn't open */

/* false: another view is, or something has been published since this one was opened. */
MUST_USE bool view_reserve(struct view *view);
bool pages_are_reserved(struct pages *pages);

/* PAGE_BYTES bytes, valid until the view closes or publishes; NULL: never written. */
const unsigned char *view_read(const struct view *view, uint64_t number);

/* For a reserved view; false when the file can't grow so far. */
MUST_USE bool view_write(struct view *view, uint64_t number, const unsigned char *bytes);
void view_publish(struct view *view); /* goes on seeing what it wrote */
void view_release(struct view *view); /* forgets what it wrote and did not publish */
