/* item/wording.h - which of the service's two request validators words an error.
 *
 * Since June 2026 AWS replaces the older validator Region by Region and operation by operation;
 * an operation tells the checks below it which one speaks. */
#pragma once

enum wording {
    WORDING_OLDER, /* Input collection [a, a] contains duplicates. */
    WORDING_NEWER  /* Input collection ["a", "a"] contains duplicates. */
};
