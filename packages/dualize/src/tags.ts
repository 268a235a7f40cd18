/** Which derivatives are in progress. A tag names one of them; newer tags are greater. */

import { includes } from "./captured.ts";

let newest = 0;
export const live: number[] = [];

export const freshTag = (): number => ++newest;
export const isLive = (tag: number): boolean => includes.call(live, tag);

/** Whether any derivative is being taken by the dual form: accessors and constructors choose their form by it. */
export const running = (): boolean => live.length > 0;

/** What is to be done when a derivative has ended: outliving.ts fills it, and a program that leaves nothing behind does not carry it. */
export const endings: {
  settle?: ((tag: number) => void) | undefined;
  over?: (tag: number) => void;
} = {};

/** Whether a derivative in progress may have left active values where plain code reads: only dual forms understand them. */
export const leavesActive = (): boolean => endings.settle !== undefined;

function end(tag: number): void {
  // By hand, as a program may have replaced the methods of arrays; `tag` is the last one but for what is pending.
  let i = live.length;
  while (live[--i] !== tag);
  while (++i < live.length) live[i - 1] = live[i] as number;
  live.length--;
  endings.settle?.(tag);
  endings.over?.(tag);
}

/** Runs `body` with `tag` counted among the derivatives in progress. */
export function whileLive<R>(tag: number, body: () => R): R {
  live.push(tag);
  try {
    return body();
  } finally {
    end(tag);
  }
}

/** Counts `tag` among the derivatives in progress until a promise is settled. */
export function whilePending(tag: number, promise: Promise<unknown>): void {
  live.push(tag);
  const over = () => end(tag);
  promise.then(over, over);
}

/**
 * Calls of dual forms by tangent code. What they leave outside keeps its tangents until that ends, so that tangent
 * code that reads it finds an active value, which throws, and not a constant.
 */
export const crossings = { tags: new Set<number>(), depth: 0, settle: () => {} };
