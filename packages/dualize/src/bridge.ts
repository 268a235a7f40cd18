import { invoke } from "./calls.ts";
import { dualForm } from "./closures.ts";
import { Dual, type Num } from "./dual-number.ts";
import { type DualizeError, type Site, unsupportedValue } from "./errors.ts";
import { isPaired, type Kinds, type Shape } from "./signature.ts";
import { out } from "./slot.ts";
import { crossings, freshTag, whileLive } from "./tags.ts";
import { describe, hasDuals, Lift, Parts } from "./tree.ts";
import type { AnyFunction, Twin } from "./twins.ts";
import { DualArray } from "./typed-array.ts";

/**
 * The bridge from tangent code, where everything comes in pairs of primal and tangent, to a dual
 * form, and back.
 */

/** The classes that a signature names. */
export type Classes = () => Readonly<Record<string, unknown>>;

type FunctionShape = Extract<Shape, { k: "<>" }>;

const declined = new WeakMap<object, boolean>();

/**
 * Tangent code met what it was not compiled for. A transform that can run the function once more
 * takes the dual form, which needs to know nothing beforehand; else the error is the user's. The next call
 * may be given another function: what is said of one that is given lasts for this call.
 */
export function decline(
  what: string,
  mend: string,
  site: Site,
  isGiven: boolean = false,
): DualizeError {
  const error = unsupportedValue(what, mend, site);
  declined.set(error, isGiven);
  return error;
}

/** Whether an error says that the dual form has to be taken. */
export const isDeclined = (error: unknown): boolean =>
  typeof error === "object" && error !== null && declined.has(error);

/** Whether an error says so, which is remembered of a function and one of its forms. */
export function isNoted(error: unknown, twin: Twin, form?: { declines?: boolean }): boolean {
  if (declined.get(error as object)) twin.once = true;
  else if (form && isDeclined(error)) form.declines = true;
  return isDeclined(error);
}

/**
 * Whether the dual form of a function does the same with copies of the arrays, objects and functions
 * that it is given, and what it gives may be copied. A function beside arrays and objects may see the
 * originals, and an array of numbers may be a view of another.
 */
export function takesCopies({ isOpen }: Twin, { params, returns }: Kinds): boolean {
  if (hidesFunctions(returns)) return false;
  const shapes = params.map((p) => p.shape);
  const isCopying = shapes.some((s) => holds(s, isCopied));
  const functions = shapes.some((s) => holds(s, isFunction));
  const givesCopies = holds(returns, isCopied);
  if (isOpen ? isCopying || functions || givesCopies : isCopying && functions) return false;
  if (holds(returns, isFloats) && shapes.some((s) => holds(s, isFloats))) return false;
  return ![...shapes, returns].some((s) => holds(s, seesCopies));
}

const isFunction = ({ k }: Shape): boolean => k === "<>";
/** Whether functions come inside of something else. */
const hidesFunctions = (shape: Shape): boolean => !isFunction(shape) && holds(shape, isFunction);
const isFloats = ({ k }: Shape): boolean => k === "f8" || k === "f4" || k === "ns";
const isCopied = ({ k }: Shape): boolean => !"niv<>".includes(k);
const seesCopies = (shape: Shape): boolean =>
  shape.k === "<>" && [...shape.params, shape.returns].some((s) => holds(s, isCopied));

/** Whether a shape, or one of what it is made of, is so. */
function holds(shape: Shape, isSo: (shape: Shape) => boolean): boolean {
  if (isSo(shape)) return true;
  switch (shape.k) {
    case "[]":
      return holds(shape.of, isSo);
    case "()":
    case "|":
      return shape.of.some((of) => holds(of, isSo));
    case "{}":
      return shape.fields.some(([, of]) => holds(of, isSo));
    default:
      return false;
  }
}

/** Runs the dual form on arguments that come in pairs, and gives the result as tangent code expects it. */
export function bridgeTo(f: unknown, wanted: Kinds, site: Site, classes?: Classes): AnyFunction {
  const params = wanted.params.map((p) => p.shape);
  return (...pairs) => cross(f, pairs, params, wanted.returns, site, freshTag(), classes);
}

/** Lifts pairs. What has no tangent in the caller stays what it is, and functions are called by their tangent form. */
class PairLift extends Lift {
  readonly #inactive: unknown[] = [];
  readonly #functions = new Map<unknown, FunctionShape>();

  constructor(
    tag: number,
    private readonly site: Site,
  ) {
    super(tag);
  }

  argument(shape: Shape, p: unknown, t: unknown, path: string): unknown {
    if (shape.k === "i") {
      if (typeof p === "object" && p !== null) this.#inactive.push(p);
      return p;
    }
    if (typeof p === "number") return t === 0 ? p : new Dual(p, t as Num, this.tag);
    if (holds(shape, isFunction)) this.#note(shape, p);
    return this.lift(p, t, path);
  }

  override lift(...[primal, tangent, ...at]: Parameters<Lift["lift"]>): unknown {
    if (typeof primal === "number") return super.lift(primal, tangent, ...at);
    const shape = this.#functions.get(primal);
    if (shape && typeof tangent === "function")
      return closureInDualForm(tangent as AnyFunction, shape, this.site, this.tag);
    if (typeof tangent === "object" && tangent !== null) return super.lift(primal, tangent, ...at);
    const inactive = super.lift(primal, null, ...at);
    if (typeof inactive === "object" && inactive !== null) this.#inactive.push(inactive);
    return inactive;
  }

  // A function knows nothing of its shape; the signature does.
  #note(shape: Shape, p: unknown): void {
    if (typeof p === "function" && shape.k === "<>") this.#functions.set(p, shape);
    if (typeof p !== "object" || p === null) return;
    if (shape.k === "|") for (const of of shape.of) if (hasShape(p, of)) this.#note(of, p);
    if (shape.k === "[]") for (const x of p as unknown[]) this.#note(shape.of, x);
    if (shape.k === "()")
      for (const [i, of] of shape.of.entries()) this.#note(of, (p as unknown[])[i]);
    if (shape.k === "{}")
      for (const [name, of] of shape.fields) this.#note(of, (p as Record<string, unknown>)[name]);
  }

  /** Nothing active may have been written into what has no tangent in the caller: it would be lost there. */
  checkInactive(): void {
    if (!this.#inactive.some((x) => hasDuals(x))) return;
    throw decline(
      "a function of another module writes an active value into an array or object that has no tangent where it is called",
      "Make that array or object inside the marked function, or take it as an argument.",
      this.site,
    );
  }
}

function cross(
  f: unknown,
  pairs: unknown[],
  params: readonly Shape[],
  returns: Shape,
  site: Site,
  tag: number,
  classes?: Classes,
): unknown {
  if (hidesFunctions(returns))
    throw decline(
      `${nameOfCallee(f)} gives functions inside an array or object`,
      "Let it return one function, or keep the call out of the derivative.",
      site,
    );
  const lift = new PairLift(tag, site);
  const args: unknown[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const shape = params[i / 2] ?? INERT;
    args.push(lift.argument(shape, pairs[i], pairs[i + 1], `argument ${i / 2}`));
  }
  const parts = new Parts(tag, lift);
  crossings.tags.add(tag);
  const back = () => {
    lift.checkInactive();
    lift.writeBack(parts);
  };
  const run = () => {
    const result = called(back, parts, () => invoke(site, f, undefined, args));
    back();
    if (returns.k === "v") return undefined;
    const value = parts.primal(result);
    if (isPaired(returns) && (value === undefined || value === null)) return { p: value, t: value };
    if (
      !hasShape(value, returns, classes?.()) ||
      (returns.k === "i" && isMoving(parts.tangent(result)))
    ) {
      throw decline(
        `${nameOfCallee(f)} gave ${describe(value)} where ${nameOf(returns)} was expected`,
        "Give the variable it goes to a type, so that the shape of the result is known when compiling.",
        site,
      );
    }
    if (returns.k === "n") out[0] = (parts.tangent(result) as number | null | undefined) ?? 0;
    if (!isPaired(returns)) return value;
    // What a closure brings along has this tag, and its arguments get the same.
    if (returns.k === "<>")
      return {
        p: value,
        t: (...inner: unknown[]) =>
          cross(result, inner, returns.params, returns.returns, site, tag),
      };
    // Shadows of float arrays keep all digits.
    const t = DualArray.is(result)
      ? Float64Array.from(parts.tangent(result.toArray()) as number[])
      : parts.tangent(result);
    return { p: value, t };
  };
  try {
    return whileLive(tag, run);
  } finally {
    crossings.tags.delete(tag);
  }
}

/** A call that may throw: what it has written until then is written, and what it throws is the caller's own. */
function called(back: () => void, parts: Parts, call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (isDeclined(error)) throw error;
    back();
    throw parts.lift?.originalOf(error)?.original ?? error;
  }
}

const INERT: Shape = { k: "i" };

function isMoving(tangent: unknown): boolean {
  if (typeof tangent === "number") return tangent !== 0;
  if (typeof tangent !== "object" || tangent === null) return false;
  return Object.values(tangent).some(isMoving);
}

/**
 * A closure of tangent code as the dual form calls it. It knows numbers and their tangents; in a
 * derivative inside this one there is more to an argument, which only a dual form can tell of.
 */
function closureInDualForm(
  tangent: AnyFunction,
  { params, returns }: FunctionShape,
  site: Site,
  tag: number,
): AnyFunction {
  return dualForm((...args: unknown[]) => {
    const parts = new Parts(tag);
    const pairs: unknown[] = [];
    for (let i = 0; i < Math.max(params.length, args.length); i++) {
      const shape = params[i] ?? INERT;
      const arg = args[i];
      const p = DualArray.is(arg) || hasDuals(arg) ? parts.primal(arg) : arg;
      const t = shape.k === "i" || arg === undefined ? 0 : parts.tangent(arg);
      const isOther = hasDuals(p) || hasDuals(t) || (shape.k === "i" && p !== arg);
      if (isOther || !(hasShape(p, shape) || arg === undefined) || shape.k === "<>")
        throw decline(
          "a function written in a marked one is called with other arguments than it was compiled for",
          "Give its parameters types.",
          site,
        );
      pairs.push(p, t);
    }
    const before = pairs.map(snapshot);
    const result: unknown = tangent(...pairs);
    if (pairs.some((x, i) => !isUnchanged(x, before[i])))
      throw decline(
        "a function that changes its arguments is handed to a function of another module",
        "Return the changed value instead.",
        site,
      );
    if (returns.k === "n") {
      const t = out[0] as number;
      return t === 0 ? result : new Dual(result as number, t, tag);
    }
    if (returns.k === "<>") {
      const { t } = result as { t: AnyFunction };
      return closureInDualForm(t, returns, site, tag);
    }
    if (!isPaired(returns)) return result;
    const { p, t } = result as { p: unknown; t: unknown };
    return new PairLift(tag, site).argument(returns, p, t, "the result");
  });
}

const snapshot = (x: unknown): unknown =>
  typeof x === "object" && x !== null ? Object.values(x).map(snapshot) : x;

const isUnchanged = (x: unknown, before: unknown): boolean => {
  if (typeof x !== "object" || x === null) return Object.is(x, before);
  const now = Object.values(x);
  const then = before as unknown[];
  return now.length === then.length && now.every((v, i) => isUnchanged(v, then[i]));
};

function hasShape(x: unknown, shape: Shape, classes?: ReturnType<Classes>): boolean {
  // What may be missing has the shape of what it is else.
  if (x === undefined || x === null) return true;
  switch (shape.k) {
    case "n":
      return typeof x === "number";
    case "f8":
      return x instanceof Float64Array;
    case "f4":
      return x instanceof Float32Array;
    case "ns":
      return (
        x instanceof Float64Array ||
        x instanceof Float32Array ||
        (Array.isArray(x) && x.every((e) => typeof e === "number"))
      );
    case "[]":
      return Array.isArray(x) && x.every((e) => hasShape(e, shape.of));
    case "()":
      return (
        Array.isArray(x) &&
        x.length === shape.of.length &&
        shape.of.every((of, i) => hasShape(x[i], of))
      );
    case "{}":
      return (
        typeof x === "object" &&
        isOfClass(x, classes?.[shape.className]) &&
        shape.fields.every(([name, of]) =>
          hasShape((x as Record<string, unknown>)[name], of, classes),
        )
      );
    case "|":
      return shape.of.some((of) => hasShape(x, of));
    case "<>":
      return typeof x === "function";
    default:
      return true;
  }
}

const nameOfCallee = (f: unknown): string =>
  typeof f === "function" && f.name ? f.name : "a function";

const isOfClass = (x: object, of: unknown): boolean =>
  of === undefined || Object.getPrototypeOf(x) === (of as { prototype: unknown }).prototype;

function nameOf(shape: Shape): string {
  if (shape.k === "n") return "a number";
  if (shape.k === "<>") return "a function";
  if (shape.k === "{}") return "an object with the fields that its type tells of";
  return shape.k === "i"
    ? "something without a derivative"
    : "an array of the kind that its type tells of";
}
