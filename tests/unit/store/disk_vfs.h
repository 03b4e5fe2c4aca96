/* tests/unit/store/disk_vfs.h - SQLite's own file layer, with a disk that can be made to fail. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All files opened from now on go through it. */
void disk_vfs_install(void);
void disk_vfs_remove(void);

/* The nth following write, growth or sync fails (1 = the next), and all after it when it is a
 * lasting one; as a full disk, or as a broken one. 0: none. */
void disk_fail_at(uint64_t nth, bool is_lasting, bool is_full);

/* How many such calls there have been since disk_fail_at. */
uint64_t disk_calls(void);
