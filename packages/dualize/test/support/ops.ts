import * as runtime from "../../src/runtime.ts";
import { dualForm } from "../../src/twins.ts";

/**
 * Functions for tests, written by hand as the plugin would emit them: typed for the plain values that
 * users work with, computing by the runtime's operators.
 */

type Binary = (a: number, b: number) => number;
export const add = runtime.add as Binary;
export const sub = runtime.sub as Binary;
export const mul = runtime.mul as Binary;
export const div = runtime.div as Binary;
export const pow = runtime.pow as Binary;
export const neg = runtime.neg as (a: number) => number;

type MathName = "sin" | "cos" | "exp" | "sqrt" | "log" | "abs";
const ofMath = (name: MathName) => runtime.math[name] as unknown as (x: number) => number;
export const sin = ofMath("sin");
export const cos = ofMath("cos");
export const exp = ofMath("exp");
export const sqrt = ofMath("sqrt");

export const get = <T>(list: ArrayLike<T>, i: number): T => runtime.get(list, i) as T;
export const set = <T>(list: ArrayLike<T>, i: number, value: T): T =>
  runtime.set("test.ts:1:1", list, i, value);

/** `f(...args)` as emitted code calls what it knows only at run time. */
export const call = <A extends unknown[], R>(f: (...args: A) => R, ...args: A): R =>
  runtime.call("test.ts:1:1", f, ...args) as R;
/** `object[key](...args)` as emitted code calls it: function literals (which have no name) are marked. */
export const method = (object: unknown, key: PropertyKey, ...args: unknown[]): unknown =>
  runtime.callMethod(
    "test.ts:1:1",
    object,
    key,
    ...args.map((a) => {
      const isLiteral = typeof a === "function" && a.name === "" && !runtime.twinOf(a);
      return isLiteral ? dualForm(a as never) : a;
    }),
  );
/** `new C(...args)` as emitted code has it. */
export const make = (C: unknown, ...args: unknown[]): unknown =>
  runtime.construct("test.ts:1:1", C, ...args);

/** Marks a function; a copy, so that one test's mark is no other's. */
export const marked = <A extends unknown[], R>(f: (...args: A) => R): ((...args: A) => R) =>
  dualForm(f as never) as never;
