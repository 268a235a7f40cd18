import { isArray, isView } from "./captured.ts";
import { dataValue, isRecord } from "./tree.ts";
import { behind } from "./typed-array.ts";

/**
 * What the transforms that take several passes ask of arguments: what is in those that get no copies, so that each pass finds
 * it as it was, and whether a pass may do something by asking for a field. Private fields are not seen, nor what functions
 * capture.
 */

const isWhole = (x: object): boolean => isRecord(x) && behind.isWhole?.(x) === true;

function partsOf(x: object): unknown[] {
  if (isArray(x)) return x;
  if (x instanceof Map || x instanceof Set) return [...x.keys(), ...x.values()];
  return isRecord(x) ? Reflect.ownKeys(x).map((key) => dataValue(x, key)) : [];
}

function reachedFrom(roots: readonly object[], isEnd: (x: object) => boolean): Set<object> {
  const found = new Set(roots);
  // The set grows while it is gone through.
  for (const x of found)
    if (!isEnd(x))
      [].forEach.call(partsOf(x), (part: unknown) => {
        if (typeof part === "object" && part !== null) found.add(part);
      });
  return found;
}

/** What makes an object again what it is now. */
function restoring(x: object): () => void {
  if (isView(x)) {
    const before = (x as Float64Array).slice?.();
    return () => before && (x as Float64Array).set(before);
  }
  if (x instanceof Map || x instanceof Set) {
    const before = [...x.entries()];
    return () => {
      x.clear();
      for (const [k, v] of before) x instanceof Map ? x.set(k, v) : x.add(v);
    };
  }
  if (isArray(x)) {
    const before: unknown[] = [].slice.call(x);
    return () => {
      if (x.length !== before.length) x.length = before.length;
      before.forEach((v, i) => {
        if (!Object.is(x[i], v)) x[i] = v;
      });
    };
  }
  const before = Object.getOwnPropertyDescriptors(x) as Record<PropertyKey, PropertyDescriptor>;
  return () => {
    for (const key of Reflect.ownKeys(x))
      if (!Object.hasOwn(before, key)) Reflect.deleteProperty(x, key);
    for (const key of Reflect.ownKeys(before)) {
      const field = before[key] as PropertyDescriptor;
      if ("value" in field && !Object.is(dataValue(x, key), field.value))
        Object.defineProperty(x, key, field);
    }
  };
}

function remembered(args: readonly unknown[]): (() => void) | undefined {
  const whole = [...reachedFrom([args], isWhole)].filter(isWhole);
  if (whole.length === 0) return undefined;
  const restores = [...reachedFrom(whole, () => false)].map(restoring);
  return () => {
    for (const restore of restores) restore();
  };
}

/** Whether an argument has accessors by itself, or something in it: each pass would ask them, and they may count. */
function haveAccessors(args: readonly unknown[]): boolean {
  // Long lists begin with what they are lists of.
  const isOfNumbers = (x: object) =>
    isView(x) || (isArray(x) && typeof x[0] === "number" && x !== args);
  return [...reachedFrom([args], isOfNumbers)].some(
    (x) => isRecord(x) && Object.values(Object.getOwnPropertyDescriptors(x)).some(({ get }) => get),
  );
}

/** Lets the transforms that take several passes ask for this. */
export const rememberStates = (): void => {
  Object.assign(behind, { remembered, haveAccessors });
};
