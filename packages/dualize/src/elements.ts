import { isView } from "./captured.ts";
import { isObject, operand, primitive, seen } from "./conversion.ts";
import { Dual, plain } from "./dual-number.ts";
import { plainTypedArray, type Site, unsupportedValue } from "./errors.ts";
import { DualArray, floatModel } from "./typed-array.ts";
import { indexOf, isIndex } from "./typed-array-methods.ts";

// As they are when the library is loaded: a program may replace what the language has.
const { isArray } = Array;
const { set: write } = Reflect;
const toObject = Object;

/** What is reached by a key, which may be an active number, of what may be a float array of a dual form. */

/** `object[key]`. */
export function get(object: unknown, key: unknown): unknown {
  if (typeof key === "number") {
    if (isArray(object)) return object[key];
    if (typeof object === "object" && object !== null) return DualArray.at(object, key);
    return (object as Record<number, unknown>)[key];
  }
  return getAny(object, key);
}

function getAny(object: unknown, key: unknown): unknown {
  if (DualArray.is(object)) {
    const k = plain(key);
    const index = typeof k === "string" ? canonicalIndex(k) : k;
    return typeof index === "number" ? object.get(index) : Reflect.get(object, k as PropertyKey);
  }
  // A number has the properties of numbers, however it is represented.
  const owner = object instanceof Dual ? Number.prototype : object;
  return (owner as Record<PropertyKey, unknown>)[plain(key) as PropertyKey];
}

const canonicalIndex = (key: string): number | string => (isIndex(key) ? indexOf(key) : key);

/** `object[key] = value`; gives the value. */
export function set<T>(site: Site, object: unknown, key: unknown, value: T): T {
  if (typeof key === "number" && isArray(object)) {
    object[key] = value;
    return value;
  }
  return setAny(site, object, key, value);
}

/** The same in sloppy code, where a write that fails does so without a word. */
export function setLoosely<T>(site: Site, object: unknown, key: unknown, value: T): T {
  const isNothing = object === null || object === undefined;
  if (isNothing || DualArray.is(object) || isView(object)) return set(site, object, key, value);
  const k = plain(key) as PropertyKey;
  refusePrototype(site, object, k, value);
  const stored = isArray(object) && k === "length" ? seen(value) : value;
  write(toObject(plain(object)), k, stored, object);
  return value;
}

function setAny<T>(site: Site, object: unknown, key: unknown, value: T): T {
  const k = plain(key) as PropertyKey;
  if (isArray(object)) {
    (object as unknown as Record<PropertyKey, unknown>)[k] = k === "length" ? seen(value) : value;
  } else if (DualArray.is(object)) {
    const index = typeof k === "string" ? canonicalIndex(k) : k;
    if (typeof index === "number") object.put(index, operand(value));
    else write(object, k, value);
  } else if (isView(object) && (typeof k === "number" || isIndex(k))) {
    const element = primitive(value, "number");
    if (element instanceof Dual && floatModel(object)) throw plainTypedArray(site);
    (object as unknown as Record<PropertyKey, unknown>)[k] = plain(element);
  } else {
    refusePrototype(site, object, k, value);
    (object as Record<PropertyKey, unknown>)[k] = value;
  }
  return value;
}

/** The language asks the prototype of a function whether it is an object, and takes a dual number for one. */
function refusePrototype(site: Site, object: unknown, key: PropertyKey, value: unknown): void {
  if (key === "prototype" && value instanceof Dual && typeof object === "function")
    throw unsupportedValue(
      "an active value became the prototype of a function",
      "Use primalOf(value) if its derivative does not matter there.",
      site,
    );
}

/** `key in object`. */
export function has(key: unknown, object: unknown): boolean {
  if (DualArray.is(object)) {
    const index = typeof key === "string" ? canonicalIndex(key) : key;
    if (typeof index === "number") return object.get(index) !== undefined;
  }
  return (key as PropertyKey) in (object as object);
}

/** `delete object[key]`; in sloppy code what cannot be deleted stays without a word. */
export function remove(object: unknown, key: unknown, isSloppy?: boolean): boolean {
  const k = plain(key) as PropertyKey;
  if (DualArray.is(object)) {
    const index = typeof k === "string" ? canonicalIndex(k) : k;
    if (typeof index === "number") {
      if (object.get(index) === undefined) return true;
      if (isSloppy) return false;
      throw new TypeError(`Cannot delete property '${index}' of [object Array]`);
    }
  }
  if (isSloppy && isObject(object)) return Reflect.deleteProperty(object, k);
  return delete (object as Record<PropertyKey, unknown>)[k];
}

/** A place to write to from a destructuring pattern: `[place(a, i).value] = …`. */
export const place = (
  site: Site,
  object: unknown,
  key: unknown,
  isSloppy?: boolean,
): { value: unknown } => ({
  get value() {
    return get(object, key);
  },
  set value(v) {
    (isSloppy ? setLoosely : set)(site, object, key, v);
  },
});

/**
 * What `for (key in x)`, `{ ...x }` and `const { 0: a, ...rest } = x` see: the elements of a typed array
 * of a dual form as keys of their own, nothing of a number.
 */
export function own(x: unknown): unknown {
  if (DualArray.is(x)) {
    const { length } = x;
    return Object.assign(Object.create(x, { length: { value: length } }), x.toArray());
  }
  return plain(x);
}
