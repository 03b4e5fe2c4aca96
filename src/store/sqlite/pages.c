/* store/sqlite/pages.c - versions of pages, and when old ones may be used again. */
#include "store/sqlite/pages.h"

#include "base/memory.h"
#include "store/sqlite/sqlite.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

enum {
    LEAF_PAGES = 4096,        /* 16 MB */
    LEAVES_MAX = 1 << 16,     /* 1 TB */
    SLAB_PAGES_MIN = 16,      /* a small database stays small */
    SLAB_PAGES_MAX = 1024,    /* a large one is got in large pieces */
    SLAB_OVERREAD_BYTES = 256 /* SQLite may look a little past a damaged page's end */
};

struct page {
    uint64_t version;   /* the one it was written for */
    struct page *older; /* what it stands for in earlier versions */
    struct page *next;  /* in view.written, pages.retired or pages.unused */
    uint64_t number;
    uint64_t unseen_from; /* retired: no view of this version or a later one wants it */
    unsigned char bytes[PAGE_BYTES];
};

struct slab {
    struct slab *next;
    struct page pages[];
};

struct leaf {
    _Atomic(struct page *) newest[LEAF_PAGES];
};

struct pages {
    pthread_mutex_t lock; /* of all but the leaves */
    uint64_t version;     /* published */
    uint64_t page_count;
    struct view *open_views;
    struct view *reserved;
    struct page *unused;
    struct page *retired; /* first in, first out */
    struct page **retired_end;
    struct slab *slabs;
    size_t slab_pages;              /* how many the next one has */
    _Atomic(struct leaf *) *leaves; /* LEAVES_MAX of them */
    size_t leaf_end;                /* the writer's */
};

struct pages *pages_open(void)
{
    struct pages *pages = memory_new(sizeof(*pages));

    pthread_mutex_init(&pages->lock, NULL);
    pages->retired_end = &pages->retired;
    pages->slab_pages = SLAB_PAGES_MIN;
    pages->leaves = memory_new(LEAVES_MAX * sizeof(*pages->leaves));
    return pages;
}

void pages_close(struct pages *pages)
{
    assert(pages->open_views == NULL);
    for (size_t i = 0; i < pages->leaf_end; i++)
        memory_free(pages->leaves[i]);
    while (pages->slabs) {
        struct slab *slab = pages->slabs;

        pages->slabs = slab->next;
        memory_free(slab);
    }
    memory_free(pages->leaves);
    pthread_mutex_destroy(&pages->lock);
    memory_free(pages);
}

void view_open(struct view *view)
{
    struct pages *pages = view->pages;

    assert(!view->is_open);
    pthread_mutex_lock(&pages->lock);
    view->seen = pages->version;
    view->page_count = pages->page_count;
    view->next_open = pages->open_views;
    view->previous_link = &pages->open_views;
    if (pages->open_views)
        pages->open_views->previous_link = &view->next_open;
    pages->open_views = view;
    view->is_open = true;
    pthread_mutex_unlock(&pages->lock);
}

void view_close(struct view *view)
{
    assert(view->is_open && !view->is_reserved);
    pthread_mutex_lock(&view->pages->lock);
    *view->previous_link = view->next_open;
    if (view->next_open)
        view->next_open->previous_link = view->previous_link;
    view->is_open = false;
    pthread_mutex_unlock(&view->pages->lock);
}

uint64_t view_page_count(const struct view *view)
{
    uint64_t page_count = view->page_count;

    if (!view->is_open) {
        pthread_mutex_lock(&view->pages->lock);
        page_count = view->pages->page_count;
        pthread_mutex_unlock(&view->pages->lock);
    }
    return page_count;
}

bool view_reserve(struct view *view)
{
    struct pages *pages = view->pages;

    assert(view->is_open && !view->is_reserved);
    pthread_mutex_lock(&pages->lock);
    if (pages->reserved == NULL && view->seen == pages->version) {
        pages->reserved = view;
        view->is_reserved = true;
        view->seen++; /* the version it is going to write */
    }
    pthread_mutex_unlock(&pages->lock);
    return view->is_reserved;
}

bool pages_are_reserved(struct pages *pages)
{
    bool are_reserved;

    pthread_mutex_lock(&pages->lock);
    are_reserved = pages->reserved != NULL;
    pthread_mutex_unlock(&pages->lock);
    return are_reserved;
}

static _Atomic(struct page *) *find_slot(const struct pages *pages, uint64_t number)
{
    struct leaf *leaf = NULL;

    if (number / LEAF_PAGES < LEAVES_MAX)
        leaf = atomic_load_explicit(&pages->leaves[number / LEAF_PAGES], memory_order_acquire);
    return leaf ? &leaf->newest[number % LEAF_PAGES] : NULL;
}

/* For the writer. */
static _Atomic(struct page *) *make_slot(struct pages *pages, uint64_t number)
{
    size_t at = number / LEAF_PAGES;

    atomic_store_explicit(&pages->leaves[at], memory_new(sizeof(struct leaf)),
                          memory_order_release);
    if (at >= pages->leaf_end)
        pages->leaf_end = at + 1;
    return find_slot(pages, number);
}

const unsigned char *view_read(const struct view *view, uint64_t number)
{
    _Atomic(struct page *) *slot = find_slot(view->pages, number);
    const struct page *page = slot ? atomic_load_explicit(slot, memory_order_acquire) : NULL;

    assert(view->is_open);
    while (page && page->version > view->seen)
        page = page->older;
    return page ? page->bytes : NULL;
}

static struct page *take_unused(struct pages *pages)
{
    struct page *page;

    pthread_mutex_lock(&pages->lock);
    if (pages->unused == NULL) {
        struct slab *slab = memory_new(sizeof(*slab) + pages->slab_pages * sizeof(struct page) +
                                       SLAB_OVERREAD_BYTES);

        slab->next = pages->slabs;
        pages->slabs = slab;
        for (size_t i = pages->slab_pages; i > 0; i--) {
            slab->pages[i - 1].next = pages->unused;
            pages->unused = &slab->pages[i - 1];
        }
        if (pages->slab_pages < SLAB_PAGES_MAX)
            pages->slab_pages *= 2;
    }
    page = pages->unused;
    pages->unused = page->next;
    pthread_mutex_unlock(&pages->lock);
    return page;
}

bool view_write(struct view *view, uint64_t number, const unsigned char *bytes)
{
    struct pages *pages = view->pages;
    _Atomic(struct page *) *slot;
    struct page *newest;
    struct page *page;

    assert(view->is_reserved);
    if (number / LEAF_PAGES >= LEAVES_MAX)
        return false;
    slot = find_slot(pages, number);
    if (slot == NULL)
        slot = make_slot(pages, number);
    newest = atomic_load_explicit(slot, memory_order_relaxed);
    if (number >= view->page_count)
        view->page_count = number + 1;
    if (newest && newest->version == view->seen) { /* ours, and nobody else sees it */
        memcpy(newest->bytes, bytes, PAGE_BYTES);
        return true;
    }
    page = take_unused(pages);
    page->version = view->seen;
    page->older = newest;
    page->number = number;
    memcpy(page->bytes, bytes, PAGE_BYTES);
    page->next = view->written;
    view->written = page;
    atomic_store_explicit(slot, page, memory_order_release);
    return true;
}

static void retire(struct pages *pages, struct page *page, uint64_t unseen_from)
{
    page->unseen_from = unseen_from;
    page->next = NULL;
    *pages->retired_end = page;
    pages->retired_end = &page->next;
}

/* Moves what no open view but the writer's can reach any more from retired to unused. */
static void reuse_retired(struct pages *pages)
{
    uint64_t oldest = UINT64_MAX;

    for (const struct view *view = pages->open_views; view; view = view->next_open)
        if (view != pages->reserved && view->seen < oldest)
            oldest = view->seen;
    while (pages->retired && pages->retired->unseen_from <= oldest) {
        struct page *page = pages->retired;

        pages->retired = page->next;
        page->next = pages->unused;
        pages->unused = page;
    }
    if (pages->retired == NULL)
        pages->retired_end = &pages->retired;
}

void view_publish(struct view *view)
{
    struct pages *pages = view->pages;

    assert(view->is_reserved);
    pthread_mutex_lock(&pages->lock);
    pages->version = view->seen;
    pages->page_count = view->page_count;
    for (struct page *page = view->written; page; page = page->next)
        if (page->older)
            retire(pages, page->older, page->version);
    view->written = NULL;
    reuse_retired(pages);
    view->seen++; /* until it is released it may go on writing */
    pthread_mutex_unlock(&pages->lock);
}

/* A reader may stand on a page that is taken out here, on its way to the older one: such a page,
 * too, must stay as it is until no reader of this time is left. */
void view_release(struct view *view)
{
    struct pages *pages = view->pages;
    struct page *page = view->written;

    assert(view->is_reserved);
    pthread_mutex_lock(&pages->lock);
    while (page) {
        struct page *next = page->next;

        atomic_store_explicit(find_slot(pages, page->number), page->older, memory_order_release);
        retire(pages, page, page->version);
        page = next;
    }
    view->written = NULL;
    reuse_retired(pages);
    view->is_reserved = false;
    view->seen = pages->version;
    view->page_count = pages->page_count;
    pages->reserved = NULL;
    pthread_mutex_unlock(&pages->lock);
}
