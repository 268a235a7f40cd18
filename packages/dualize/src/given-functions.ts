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
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x) || seen.has(x)) return false;
  seen.add(x);
  const isFound = (part: unknown) => typeof part !== "number" && mayChange(part, seen);
  return (Array.isArray(x) ? x : Object.values(x)).some(isFound) || methodsMayChange(x);
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
