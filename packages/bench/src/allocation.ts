import type { Batch } from "./measure.ts";

const CALLS = 1e5;

/**
 * Bytes of heap growth a call, over 1e5 calls after as many for warming up. Meaningful only in a
 * process whose young generation holds all that the calls allocate, so that no collection happens in
 * between: run.ts starts it so.
 */
export function bytesPerCall(batch: Batch): number {
  for (let i = 0; i < 20; i++) batch(CALLS / 20);
  const collect = globalThis.gc;
  if (!collect) throw new Error("run with --expose-gc");
  // The least of three, less what measuring itself takes: what the engine allocates for its own
  // needs comes and goes.
  const least = (action: () => void) => Math.min(...[1, 2, 3].map(() => growth(action, collect)));
  const own = least(() => {});
  return Math.max(0, least(() => batch(CALLS)) - own) / CALLS;
}

function growth(action: () => void, collect: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  action();
  return process.memoryUsage().heapUsed - before;
}
