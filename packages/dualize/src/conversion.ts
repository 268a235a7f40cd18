import { Dual, type Num, plain } from "./dual-number.ts";
import { twinOf } from "./twins.ts";

/** How the language makes numbers and text of other values, where one of them may be active. */

export const isObject = (x: unknown): x is object =>
  typeof x === "function" || (typeof x === "object" && x !== null && !(x instanceof Dual));

/** What operators make of an object before they compute: its methods may be marked, and may give an active value. */
export function primitive(x: unknown, hint: "default" | "number" = "default"): unknown {
  if (!isObject(x)) return x;
  const ask = (key: PropertyKey, ...args: unknown[]): unknown => {
    const f = (x as Record<PropertyKey, unknown>)[key];
    return typeof f === "function" ? (twinOf(f)?.dual ?? f).apply(x, args) : x;
  };
  if ((x as { [Symbol.toPrimitive]?: unknown })[Symbol.toPrimitive])
    return ask(Symbol.toPrimitive, hint);
  let value = ask("valueOf");
  if (isObject(value)) value = ask("toString");
  if (isObject(value)) throw new TypeError("Cannot convert object to primitive value");
  return value;
}

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
