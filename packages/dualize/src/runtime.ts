/**
 * The only module that emitted code imports. Every operator of the language on values that may be
 * duals, calls to functions known only at run time, and what twins are attached with.
 */
import * as dual from "./dual-number.ts";
import { Dual, type Num, plain } from "./dual-number.ts";
import { type Site, plainTypedArray } from "./errors.ts";
import { pow as dualPow } from "./math.ts";
import { DualArray, floatModel } from "./typed-array.ts";

export { call, callMethod, callOptional, construct, invoke } from "./calls.ts";
export { plain } from "./dual-number.ts";
export { math } from "./math.ts";
export { running } from "./tags.ts";
export { dualForm, twin, twinOf } from "./twins.ts";

type Native = number & string;

/** The other operand of an active value, converted as the language's own operators do. */
function operand(x: unknown): Num {
  if (typeof x === "number" || x instanceof Dual) return x;
  // Unary plus throws the language's own error on bigints and symbols.
  return typeof x === "bigint" ? +(x as unknown as number) : Number(x);
}

/** `a + b`, of numbers, text or anything else. */
export function add(a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a instanceof Dual || b instanceof Dual) {
    const p = a instanceof Dual ? a : primitive(a);
    const q = b instanceof Dual ? b : primitive(b);
    if (typeof p === "string" || typeof q === "string") return String(p) + String(q);
    return dual.add(operand(p), operand(q));
  }
  return (a as Native) + (b as Native);
}

// What `+` does to an object before it decides between text and numbers.
function primitive(x: unknown): unknown {
  if ((typeof x !== "object" && typeof x !== "function") || x === null) return x;
  const exotic = (x as { [Symbol.toPrimitive]?: (hint: string) => unknown })[Symbol.toPrimitive];
  if (exotic) return exotic.call(x, "default");
  const value = x.valueOf() as unknown;
  return typeof value === "object" ? String(x) : value;
}

/** `a - b`. */
export function sub(a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a instanceof Dual || b instanceof Dual) return dual.sub(operand(a), operand(b));
  return (a as Native) - (b as Native);
}

/** `a * b`. */
export function mul(a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a instanceof Dual || b instanceof Dual) return dual.mul(operand(a), operand(b));
  return (a as Native) * (b as Native);
}

/** `a / b`. */
export function div(a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a / b;
  if (a instanceof Dual || b instanceof Dual) return dual.div(operand(a), operand(b));
  return (a as Native) / (b as Native);
}

/** `a % b`. */
export function rem(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dual.rem(operand(a), operand(b));
  return (a as Native) % (b as Native);
}

/** `a ** b`. */
export function pow(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dualPow(operand(a), operand(b));
  return (a as Native) ** (b as Native);
}

/** `-a`. */
export function neg(a: unknown): unknown {
  return a instanceof Dual ? dual.neg(a) : -(a as Native);
}

/** `+a`. */
export function pos(a: unknown): unknown {
  return a instanceof Dual ? a : +(a as Native);
}

/** What `++` and `--` work on: a number, a bigint, or anything else as a number. */
export function numeric(a: unknown): unknown {
  return typeof a === "number" || a instanceof Dual || typeof a === "bigint" ? a : Number(a);
}

/** `a + 1` for `++`. */
export function increment(a: unknown): unknown {
  return typeof a === "bigint" ? a + 1n : dual.add(a as Num, 1);
}

/** `a - 1` for `--`. */
export function decrement(a: unknown): unknown {
  return typeof a === "bigint" ? a - 1n : dual.sub(a as Num, 1);
}

/** `object[key]`. */
export function get(object: unknown, key: unknown): unknown {
  if (DualArray.is(object)) {
    const k = plain(key);
    const index = typeof k === "string" ? canonicalIndex(k) : k;
    return typeof index === "number" ? object.get(index) : Reflect.get(object, k as PropertyKey);
  }
  return (object as Record<PropertyKey, unknown>)[plain(key) as PropertyKey];
}

const canonicalIndex = (key: string): number | string => (String(Number(key)) === key ? Number(key) : key);

/** `object[key] = value`; gives the value. */
export function set<T>(site: Site, object: unknown, key: unknown, value: T): T {
  const k = plain(key) as PropertyKey;
  if (Array.isArray(object)) (object as unknown as Record<PropertyKey, unknown>)[k] = value;
  else if (DualArray.is(object)) {
    const index = typeof k === "string" ? canonicalIndex(k) : k;
    if (typeof index === "number") object.put(index, value);
    else Reflect.set(object, k, value);
  } else if (value instanceof Dual && ArrayBuffer.isView(object)) {
    if (floatModel(object)) throw plainTypedArray(site);
    (object as unknown as Record<PropertyKey, unknown>)[k] = plain(value);
  } else (object as Record<PropertyKey, unknown>)[k] = value;
  return value;
}

/** A place to write to from a destructuring pattern: `[place(a, i).value] = …`. */
export const place = (site: Site, object: unknown, key: unknown): { value: unknown } => ({
  get value() {
    return get(object, key);
  },
  set value(v) {
    set(site, object, key, v);
  },
});

/** `a && b()` as a value, where there is no place for a temporary. */
export const and = (a: unknown, b: () => unknown): unknown => (plain(a) ? b() : a);
/** `a || b()` as a value, where there is no place for a temporary. */
export const or = (a: unknown, b: () => unknown): unknown => (plain(a) ? a : b());

/** What `for (key in x)` and `{ ...x }` see: the elements of a typed array of a dual form, nothing of a number. */
export function own(x: unknown): unknown {
  if (DualArray.is(x)) return { ...x.toArray() };
  return plain(x);
}
