/* engine/remember.h - what a write replaces is remembered for reads that lag behind it. Only
 * engine/ includes this. */
#pragma once

struct writing;

/* Of a prepared write, before it is applied. Nothing happens while no lag is set. */
void remember_write(const struct writing *w);
