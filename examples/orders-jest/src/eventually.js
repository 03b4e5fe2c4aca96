// Repeats a read until it shows what is expected, with growing pauses: how reads that may be stale
// are tested.
const FIRST_PAUSE_MS = 20;
const PAUSE_MS_MAX = 1000;

async function eventually(read, holds, withinMs = 10000) {
  const until = Date.now() + withinMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    const value = await read();
    if (holds(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
  }
}

module.exports = { eventually };
