import { isObject } from "./conversion.ts";
import { plain } from "./dual-number.ts";
import { dataValue, hasDuals } from "./tree.ts";
import { DualArray } from "./typed-array.ts";

/** What is printed for a value: the same as in an ordinary call, with primals for active numbers. */
export function printed(x: unknown, made: Map<unknown, unknown> = new Map()): unknown {
  if (DualArray.is(x)) return new x.model(x.toArray().map(plain));
  if (!isObject(x) || !hasDuals(x)) return plain(x);
  const known = made.get(x);
  if (known !== undefined) return known;
  const of = (value: unknown) => printed(value, made);
  const isList = Array.isArray(x);
  if (x instanceof Map || x instanceof Set) {
    const copy = x instanceof Map ? new Map() : new Set();
    made.set(x, copy);
    for (const entry of x)
      if (copy instanceof Map)
        copy.set(...((entry as [unknown, unknown]).map(of) as [unknown, unknown]));
      else copy.add(of(entry));
    return copy;
  }
  const copy = isList ? [] : (Object.create(Object.getPrototypeOf(x)) as object);
  made.set(x, copy);
  const all = Object.getOwnPropertyDescriptors(x) as PropertyDescriptorMap;
  for (const key of Object.keys(all))
    if ("value" in (all[key] as object)) all[key] = { ...all[key], value: of(dataValue(x, key)) };
  return Object.defineProperties(copy, all);
}
