import { isView } from "./captured.ts";
import { Dual, type Num, plain } from "./dual-number.ts";
import { type AnyFunction, twinOf } from "./twins.ts";

/** How the language makes numbers and text of other values, where one of them may be active. */

export const isObject = (x: unknown): x is object =>
  typeof x === "function" || (typeof x === "object" && x !== null && !(x instanceof Dual));

type Hint = "default" | "number" | "string";

const noPrimitive = (): TypeError => new TypeError("Cannot convert object to primitive value");

/** What operators make of an object before they compute: its methods may be marked, and may give an active value. */
export function primitive(x: unknown, hint: Hint = "default"): unknown {
  if (!isObject(x)) return x;
  const read = (key: PropertyKey) => (x as Record<PropertyKey, unknown>)[key];
  const ask = (f: unknown, ...args: unknown[]): unknown =>
    Reflect.apply((twinOf(f)?.dual ?? f) as AnyFunction, x, args);
  const convert = read(Symbol.toPrimitive);
  if (convert !== undefined && convert !== null) {
    const value = ask(convert, hint);
    if (isObject(value)) throw noPrimitive();
    return value;
  }
  const ways = ["valueOf", "toString"];
  for (const way of hint === "string" ? ways.reverse() : ways) {
    const f = read(way);
    const value = f === functionText ? textOf(x) : typeof f === "function" ? ask(f) : x;
    if (!isObject(value)) return value;
  }
  throw noPrimitive();
}

const functionText = Function.prototype.toString;

/** The text of a function. That of a dual form is not what the user wrote, so it is given as the language gives that of one without text. */
export function textOf(f: unknown): string {
  const text = functionText.call(f);
  const isOfDual = twinOf(f)?.dual === f && !/^class\b/.test(text);
  return isOfDual ? functionText.call(new Proxy(f as AnyFunction, {})) : text;
}

/**
 * What a function of the language is given that converts it by itself: the primal of an active value,
 * and for an object one whose conversions give primals. It converts when and as often as it always does.
 */
export function seen(x: unknown): unknown {
  return typeof x === "function" ? x : convertible(x);
}

/** The same for an operator, which converts functions too. */
export function convertible(x: unknown): unknown {
  const p = plain(x);
  if (!isObject(p) || isNativelyConverted(p)) return p;
  return new Proxy(Object.create(null) as object, {
    get: (_, key) =>
      key === Symbol.toPrimitive
        ? (hint: Hint) => plain(primitive(p, hint))
        : (p as Record<PropertyKey, unknown>)[key],
    has: (_, key) => key in p,
  });
}

const isNativelyConverted = (x: object): boolean =>
  Array.isArray(x) || x instanceof RegExp || x instanceof Date || isView(x);

/** A value as a number, active or not, converted as the language's own operators do. */
export function operand(x: unknown): Num {
  if (typeof x === "number" || x instanceof Dual) return x;
  const p = primitive(x, "number");
  // Unary plus throws the language's own error on bigints and symbols.
  return p instanceof Dual ? p : +(p as number);
}

/** What `<` and its like compare. */
export const comparable = (x: unknown): unknown =>
  typeof x === "number" ? x : x instanceof Dual ? plain(x) : plain(primitive(x, "number"));

/** What the language makes of a computed key. */
export const propertyKey = (key: unknown): string | symbol =>
  Reflect.ownKeys({ [key as PropertyKey]: 0 })[0] as string | symbol;
