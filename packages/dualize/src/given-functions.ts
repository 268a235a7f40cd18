import { decline } from "./bridge.ts";
import { isView } from "./captured.ts";
import type { Site } from "./errors.ts";
import { nativeTwin } from "./natives.ts";
import { changesNothing } from "./replay.ts";
import { twinOf } from "./twins.ts";

/**
 * Whether a value is a function that may change something when it is called, or holds one, by itself or by
 * its class.
 */
export function mayChange(x: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof x === "function") {
    const twin = twinOf(x);
    return twin ? !changesNothing(twin) : nativeTwin(x) === undefined;
  }
  if (typeof x !== "object" || x === null || isView(x) || seen.has(x)) return false;
  seen.add(x);
  const isFound = (part: unknown) => typeof part !== "number" && mayChange(part, seen);
  return (Array.isArray(x) ? x : Object.values(x)).some(isFound) || methodsMayChange(x);
}

/**
 * A function of another file that a callback calls where tangent code runs it as it is: what active values mean to one
 * that keeps them, counts or has no mark is for the dual form to tell.
 */
export function harmless(find: () => unknown, site: Site): void {
  let f: unknown;
  try {
    f = find();
  } catch {
    // Its module has not got there: that is told where the call is.
    return;
  }
  if (typeof f === "function" && (mayChange(f) || twinOf(f)?.asks))
    throw decline(
      "a callback calls a function of another module that changes something or has no derivative code",
      "Take the derivative of what does not change anything else.",
      site,
    );
}

function methodsMayChange(x: object): boolean {
  const above: object | null = Object.getPrototypeOf(x);
  if (above === null || ofLanguage.has(above)) return false;
  const own = Object.entries(Object.getOwnPropertyDescriptors(above));
  return (
    own.some(([key, { value }]) => key !== "constructor" && mayChange(value)) ||
    methodsMayChange(above)
  );
}

const ofLanguage = new Set<unknown>(
  [Object, Array, Map, Set, Date, RegExp, Promise].map((of) => of.prototype),
);
