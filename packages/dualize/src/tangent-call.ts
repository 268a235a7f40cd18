import { isDeclined, isNoted } from "./bridge.ts";
import { isView } from "./captured.ts";
import { Dual } from "./dual-number.ts";
import { type DualizeError, unsupportedValue } from "./errors.ts";
import { lookAgain } from "./expected.ts";
import { pushFlat } from "./flat-push.ts";
import { DECLINED, isData, isOfClass, KeptShadows } from "./kept-shadows.ts";
import { knowsSome } from "./known.ts";
import { changesNothing, choices, isSound } from "./replay.ts";
import {
  isFlatList,
  type Parameter,
  parseSignature,
  type Shape,
  type Signature,
} from "./signature.ts";
import { out, zeros } from "./slot.ts";
import { crossings, leavesActive, running } from "./tags.ts";
import { pushDual } from "./transforms/push.ts";
import { hasDuals, Parts } from "./tree.ts";
import {
  type AnyFunction,
  type Buffers,
  dualForm,
  type TangentCalls,
  type Twin,
  twinOf,
} from "./twins.ts";
import { floatModel, overlap } from "./typed-array.ts";

type Pair = [value: unknown, tangent: unknown];

/** The zeros of arguments that are not differentiated. */
const idle = new KeptShadows();

function push(
  twin: Twin,
  replayable: boolean,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  f: unknown,
  self: unknown,
): Pair | undefined {
  const signature = signatureFor(twin);
  // What was meant to be run again, but calls something that can't be.
  if (!replayable && (twin.replayable || !isSound(twin))) return undefined;
  const found =
    signature.isScalar && primals.length === signature.params.length
      ? pushScalars(twin, replayable, primals, tangents)
      : pushTrees(twin, signature, replayable, primals, tangents, f, self);
  if (!replayable && found) checkSame(twin);
  return found;
}

/** What was looked at when a derivative began is another function when it ends: what came before may be wrong. */
export const replaced = (): DualizeError =>
  unsupportedValue(
    "a function or a method that a derivative calls is replaced while that is taken",
    "Replace it before.",
  );

/** What a function does may be to put others in the place of those that it calls: they were looked at before. */
function checkSame(twin: Twin): void {
  if (!isSound(twin)) throw replaced();
}

function pushTrees(
  twin: Twin,
  signature: Signature,
  replayable: boolean,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  f: unknown,
  self: unknown,
): Pair | undefined {
  const { params, returns } = signature;
  if (primals.length > params.length) return undefined;
  const args: unknown[] = new Array(2 * params.length);
  for (let i = 0; i < params.length; i++) {
    const param = params[i] as Parameter;
    const p = primals[i];
    const given = tangents[i];
    args[2 * i] = p;
    if (isWhole(param, p, given)) args[2 * i + 1] = given;
    // In JavaScript every parameter may be missing, and arithmetic sees to it that the result tells.
    else if (
      p === undefined &&
      (param.mayBeMissing || (param.shape.k === "n" && i >= primals.length))
    )
      args[2 * i + 1] = 0;
    else {
      // Where the result is a number, nobody gets hold of the zeros.
      const isIdle = replayable && returns.k === "n" && (given ?? null) === null;
      const t = argumentShadow(twin, param.shape, p, given, replayable, isIdle);
      if (t === DECLINED) return undefined;
      args[2 * i + 1] = t;
    }
  }
  if (!replayable) {
    const holdsNumbers = (i: number) => isFlatList((params[i] as Parameter).shape);
    if (!isPaired(args, signature) || knowsSome(twin, primals, holdsNumbers)) return undefined;
  }
  const result: unknown = applyPairs(twin.tangent as AnyFunction, args);
  switch (returns.k) {
    case "n":
      return numberPair(replayable, result);
    case "i":
      return [result, new Parts(0).tangent(result)];
    case "<>": {
      const { p, t } = result as { p: AnyFunction; t: AnyFunction };
      return closures(p, t, returns.returns, () => pushDual(f, self, primals, tangents));
    }
    default: {
      const { p: value, t: shadow } = result as { p: unknown; t: unknown };
      if (replayable && (hasNaN(shadow) || !isOf(returns, value))) return undefined;
      return [value, signature.needsCompletion ? complete(returns, value, shadow) : shadow];
    }
  }
}

/**
 * The common case, told at little cost: a number beside a number, a list of numbers beside one as long, or an object of
 * numbers beside one with the same fields. What is not told here takes a closer look.
 */
function isWhole({ shape, isArray, isView }: Parameter, p: unknown, t: unknown): boolean {
  if (typeof p === "number") return shape.k === "n" && typeof t === "number";
  if (isArray && Array.isArray(p)) return areNumbers(p, t);
  if (shape.k === "{}")
    return (
      shape.className === "" &&
      typeof p === "object" &&
      typeof t === "object" &&
      p !== null &&
      t !== null &&
      Object.getPrototypeOf(p) === Object.prototype &&
      !Array.isArray(p) &&
      !Array.isArray(t) &&
      hasJustNumbers(shape, p) &&
      hasJustNumbers(shape, t)
    );
  return (
    isView &&
    p instanceof Float64Array &&
    t instanceof Float64Array &&
    Object.getPrototypeOf(p) === Float64Array.prototype &&
    Object.getPrototypeOf(t) === Float64Array.prototype &&
    p.length === t.length
  );
}

/** Whether a list of numbers stands beside one as long. */
function areNumbers(p: readonly unknown[], t: unknown): boolean {
  if (!Array.isArray(t) || Object.getPrototypeOf(p) !== Array.prototype) return false;
  const { length } = p;
  if (t.length !== length) return false;
  for (let i = 0; i < length; i++)
    if (typeof p[i] !== "number" || typeof t[i] !== "number") return false;
  return true;
}

/** The shadow of an argument; one that is `isIdle` is not differentiated, and its zeros are kept. */
function argumentShadow(
  twin: Twin,
  shape: Shape,
  p: unknown,
  t: unknown,
  mayCopy: boolean,
  isIdle: boolean,
): unknown {
  const classes = twin.classes?.() ?? NO_CLASSES;
  const make = () => shadowOf(shape, p, t, classes, mayCopy);
  if (isIdle) return idle.of(shape, p, classes, make);
  return (t ?? null) === null && !isData(shape, p) ? DECLINED : make();
}

/**
 * Whether every array and object among the arguments has one shadow of its own that can be written to:
 * where a function writes, two shadows of one array, one of two, one that is an argument too, or views
 * that overlap would tell of writes that did not happen.
 */
function isPaired(args: readonly unknown[], { params, isFlat }: Signature): boolean {
  // A few lists of numbers, the common case, are told apart faster without a table of them.
  if (isFlat && params.length < 5) return areListsPaired(args);
  const primals = new Places();
  const shadows = new Places();
  const views: ArrayBufferView[] = [];
  const isApart = (x: object): boolean => {
    if (!isView(x)) return true;
    if (views.some((v) => overlap(v, x))) return false;
    views.push(x);
    return true;
  };
  const visit = (p: unknown, s: unknown, shape?: Shape): boolean => {
    if (typeof p !== "object" || p === null || typeof s !== "object" || s === null) return true;
    const at = primals.of(p);
    const shadowAt = shadows.of(s);
    if (at >= 0 || shadowAt >= 0) return at === shadowAt;
    if (p === s || shadows.of(p) >= 0 || primals.of(s) >= 0 || isFrozen(p) || isFrozen(s))
      return false;
    if (!isApart(p) || !isApart(s)) return false;
    primals.add(p);
    shadows.add(s);
    // Nothing but numbers is in it.
    if (isView(p) || (shape && isFlatList(shape))) return true;
    return Object.keys(p).every((k) =>
      visit((p as Record<string, unknown>)[k], (s as Record<string, unknown>)[k]),
    );
  };
  for (let i = 0; i < params.length; i++)
    if (!visit(args[2 * i], args[2 * i + 1], params[i]?.shape)) return false;
  return true;
}

/** The same of numbers and lists of them, each of which is looked at beside each. */
function areListsPaired(args: readonly unknown[]): boolean {
  let haveViews = false;
  for (let i = 0; i < args.length; i += 2) {
    const p = args[i];
    const s = args[i + 1];
    if (typeof p !== "object" || p === null || typeof s !== "object" || s === null) continue;
    if (p === s || isFrozen(p) || isFrozen(s)) return false;
    haveViews ||= isView(p) || isView(s);
    if (haveViews && isOverlap(p, s)) return false;
    for (let j = 0; j < i; j += 2) {
      const q = args[j];
      const r = args[j + 1];
      if ((p === q) !== (s === r) || p === r || q === s) return false;
      if (
        haveViews &&
        p !== q &&
        (isOverlap(p, q) || isOverlap(p, r) || isOverlap(s, q) || isOverlap(s, r))
      )
        return false;
    }
  }
  return true;
}

const isOverlap = (a: unknown, b: unknown): boolean => isView(a) && isView(b) && overlap(a, b);

const { isFrozen } = Object;

/** Where objects stand in a list. A few are found faster without a table of them. */
class Places {
  readonly #list: object[] = [];
  #table: Map<object, number> | undefined;

  /** The place of an object, -1 for none. */
  of(x: object): number {
    return this.#table === undefined ? this.#list.indexOf(x) : (this.#table.get(x) ?? -1);
  }
  add(x: object): void {
    this.#table?.set(x, this.#list.length);
    this.#list.push(x);
    if (this.#list.length === 16) this.#table = new Map(this.#list.map((of, i) => [of, i]));
  }
}

/** A function of numbers: nothing is put into arrays but the answer. */
function pushScalars(
  twin: Twin,
  replayable: boolean,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): Pair | undefined {
  for (let i = 0; i < primals.length; i++) {
    if (typeof primals[i] !== "number") return undefined;
    const t = tangents[i];
    if (typeof t !== "number" && t !== null && t !== undefined) return undefined;
  }
  const f = twin.tangent as AnyFunction;
  // The commonest are called from here, where the engine makes one function of it all.
  const value =
    primals.length === 1
      ? f(primals[0], tangents[0] ?? 0)
      : primals.length === 2
        ? f(primals[0], tangents[0] ?? 0, primals[1], tangents[1] ?? 0)
        : applyScalars(f, primals, tangents);
  return numberPair(replayable, value);
}

/**
 * A number and the tangent left in the slot. A NaN may be a zero tangent that met an infinite
 * partial, and what was taken for a number may be text after all: the dual form tells.
 */
function numberPair(replayable: boolean, value: unknown): Pair | undefined {
  const tangent = out[0] as number;
  const isSure = typeof value === "number" && !Number.isNaN(tangent);
  if (isSure) return [value, tangent];
  if (replayable) return undefined;
  // It can't be run again, and its numbers would lose their tangents.
  if (typeof value === "object" && value !== null)
    throw unsupportedValue(
      "a function without types, which changes something, gives something else than a number",
      "Say what it gives, or what its parameters are.",
    );
  return [value, typeof value === "number" ? tangent : new Parts(0).tangent(value)];
}

function applyScalars(f: AnyFunction, p: readonly unknown[], t: readonly unknown[]): unknown {
  switch (p.length) {
    case 1:
      return f(p[0], t[0] ?? 0);
    case 2:
      return f(p[0], t[0] ?? 0, p[1], t[1] ?? 0);
    case 3:
      return f(p[0], t[0] ?? 0, p[1], t[1] ?? 0, p[2], t[2] ?? 0);
    case 4:
      return f(p[0], t[0] ?? 0, p[1], t[1] ?? 0, p[2], t[2] ?? 0, p[3], t[3] ?? 0);
    case 5:
      return f(p[0], t[0] ?? 0, p[1], t[1] ?? 0, p[2], t[2] ?? 0, p[3], t[3] ?? 0, p[4], t[4] ?? 0);
    default: {
      const pairs: unknown[] = [];
      for (let i = 0; i < p.length; i++) pairs.push(p[i], t[i] ?? 0);
      return f(...pairs);
    }
  }
}

/** `f(...args)`: the engine calls a few arguments faster one by one. */
function applyPairs(f: AnyFunction, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 2:
      return f(args[0], args[1]);
    case 4:
      return f(args[0], args[1], args[2], args[3]);
    case 6:
      return f(args[0], args[1], args[2], args[3], args[4], args[5]);
    case 8:
      return f(args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7]);
    default:
      return f(...args);
  }
}

function derivative(twin: Twin, replayable: boolean, args: readonly unknown[]): number | undefined {
  if (!replayable && (twin.replayable || !isSound(twin))) return undefined;
  const { isScalar, params } = signatureFor(twin);
  if (!isScalar || args.length !== params.length) return undefined;
  for (let i = 0; i < args.length; i++) if (typeof args[i] !== "number") return undefined;
  const value = applyScalars(twin.tangent as AnyFunction, args, UNITS[0] as number[]);
  const tangent = out[0] as number;
  if (!replayable) checkSame(twin);
  if (typeof value === "number" && !Number.isNaN(tangent)) return tangent;
  return replayable ? undefined : (numberPair(false, value)?.[1] as number);
}

type Numbers = number[] | Float64Array | Float32Array;

/**
 * Arguments in pairs, with a seed of zeros for argument `argnum`. The arrays are kept from call to
 * call as long as they fit.
 */
function seeded(
  twin: Twin,
  replayable: boolean,
  args: readonly unknown[],
  argnum: number,
  buffers: Buffers,
): { pairs: unknown[]; seed: Numbers | undefined } | undefined {
  const { params } = signatureFor(twin);
  // What changes its arguments must see them unchanged in every pass: the other way copies them.
  if (!replayable || args.length !== params.length) return undefined;
  const by = params[argnum]?.shape;
  if (by === undefined || !(by.k === "n" || isFlatList(by))) return undefined;
  const classes = twin.classes?.() ?? NO_CLASSES;
  // Taken out while in use, so that a call from within gets others.
  const kept = buffers.args;
  buffers.args = undefined;
  const pairs = kept ?? new Array<unknown>(2 * args.length);
  for (let i = 0; i < args.length; i++) {
    const { shape } = params[i] as (typeof params)[number];
    const p = args[i];
    const old = pairs[2 * i + 1];
    const fits =
      isFlatList(shape) &&
      old !== undefined &&
      (old as Numbers).length === (p as Numbers | undefined)?.length &&
      Array.isArray(old) === Array.isArray(p);
    const make = () => shadowOf(shape, p, fits ? old : null, classes, true);
    const t = i === argnum ? make() : idle.of(shape, p, classes, make);
    if (t === DECLINED) return undefined;
    pairs[2 * i] = p;
    pairs[2 * i + 1] = t;
  }
  return { pairs, seed: by.k === "n" ? undefined : (pairs[2 * argnum + 1] as Numbers) };
}

const NO_CLASSES = {};

/** Lets go of the caller's arguments, and keeps the zeros. */
function keep(buffers: Buffers, pairs: unknown[]): void {
  for (let i = 0; i < pairs.length; i += 2) pairs[i] = undefined;
  buffers.args = pairs;
}

/** Value and derivative of a function of numbers by one of them. */
function partial(
  twin: Twin,
  replayable: boolean,
  { params }: Signature,
  args: readonly unknown[],
  argnum: number,
): Pair | undefined {
  if (!replayable || args.length !== params.length || argnum >= args.length) return undefined;
  for (let i = 0; i < args.length; i++) if (typeof args[i] !== "number") return undefined;
  const value = applyScalars(twin.tangent as AnyFunction, args, UNITS[argnum] ?? unit(argnum));
  const t = out[0] as number;
  return typeof value !== "number" || Number.isNaN(t) ? undefined : [value, t];
}

const unit = (i: number): number[] => Array.from({ length: i + 1 }, (_, k) => (k === i ? 1 : 0));
const UNITS: readonly (readonly number[])[] = [0, 1, 2, 3, 4, 5, 6, 7].map(unit);

function gradient(
  twin: Twin,
  replayable: boolean,
  args: readonly unknown[],
  argnum: number,
  buffers: Buffers,
): Pair | undefined {
  const signature = signatureFor(twin);
  if (signature.returns.k !== "n") return untold(twin);
  if (signature.isScalar) return partial(twin, replayable, signature, args, argnum);
  const start = seeded(twin, replayable, args, argnum, buffers);
  if (start === undefined || start.seed?.length === 0) return untold(twin);
  const { pairs, seed } = start;
  const f = twin.tangent as AnyFunction;
  if (seed === undefined) {
    pairs[2 * argnum + 1] = 1;
    const value: unknown = f(...pairs);
    const t = out[0] as number;
    return Number.isNaN(t) ? undefined : [value, t];
  }
  const made: Numbers = zerosLike(args[argnum] as Numbers);
  let value: unknown;
  for (let i = 0; i < seed.length; i++) {
    seed[i] = 1;
    value = f(...pairs);
    seed[i] = 0;
    const t = out[0] as number;
    if (Number.isNaN(t)) return undefined;
    made[i] = t;
  }
  keep(buffers, pairs);
  return [value, made];
}

function jacobian(
  twin: Twin,
  replayable: boolean,
  args: readonly unknown[],
  argnum: number,
  buffers: Buffers,
): Pair | undefined {
  const { returns } = signatureFor(twin);
  if (!isFlatList(returns)) return untold(twin);
  const start = seeded(twin, replayable, args, argnum, buffers);
  const seed = start?.seed;
  if (start === undefined || seed === undefined || seed.length === 0) return untold(twin);
  const { pairs } = start;
  const f = twin.tangent as AnyFunction;
  let value: Numbers = [];
  let rows: Numbers[] | undefined;
  for (let j = 0; j < seed.length; j++) {
    seed[j] = 1;
    const result = f(...pairs) as { p: Numbers; t: Numbers };
    value = result.p;
    // Read before the seed is taken back: a function may hand on its argument, or a view of it.
    const column = result.t;
    if (hasNaN(column)) return undefined;
    rows ??= Array.from(column, () => zerosLike(args[argnum] as Numbers));
    for (let i = 0; i < rows.length; i++) (rows[i] as Numbers)[j] = column[i] as number;
    seed[j] = 0;
  }
  keep(buffers, pairs);
  return [value, rows];
}

/**
 * The dual form has to be taken, before tangent code has told whether the functions that are chosen on the way may be run
 * again: so it is taken once.
 */
function untold(twin: Twin): undefined {
  if (choices.areMade && twin.isOpen) twin.once = true;
}

/**
 * A call by the tangent form, unless that met something it was not compiled for: then the dual form
 * is taken, now and from now on. What changes its arguments has begun to, and can't be run again.
 */
function attempt<A, B, C, D, R>(
  call: (twin: Twin, replayable: boolean, a: A, b: B, c: C, d: D) => R | undefined,
) {
  return (twin: Twin, a: A, b: B, c: C, d: D): R | undefined => {
    if (twin.declines || leavesActive()) return untold(twin);
    // Tangent code around this call, which a getter may have made, may not have read it yet.
    const tangent = out[0] as number;
    lookAgain();
    crossings.depth++;
    // What is called may be another function by the end.
    const replayable = changesNothing(twin);
    try {
      return call(twin, replayable, a, b, c, d);
    } catch (error) {
      if (!replayable || !changesNothing(twin) || !isNoted(error, twin, twin)) throw error;
      return untold(twin);
    } finally {
      out[0] = tangent;
      if (--crossings.depth === 0) crossings.settle();
    }
  };
}

/** The pushforward by the tangent form alone. */
export const pushTangents = attempt(push);

/** The transforms by the tangent form. */
export const tangentCalls: TangentCalls = {
  push: (twin, primals, tangents, f, self) =>
    pushTangents(twin, primals, tangents, f, self) ??
    (tangents.length > 0 ? pushFlat(twin, self, primals, tangents) : undefined),
  derivative: attempt(derivative) as TangentCalls["derivative"],
  gradient: attempt(gradient) as TangentCalls["gradient"],
  jacobian: attempt(jacobian) as TangentCalls["jacobian"],
};

const none = () => undefined;

/** The same of functions that have no tangent form. */
export const dualCalls: TangentCalls = {
  push: (twin, primals, tangents, _, self) => pushFlat(twin, self, primals, tangents),
  derivative: none,
  gradient: none,
  jacobian: none,
};

function signatureFor(twin: Twin): Signature {
  twin.parsed ??= parseSignature(twin.signature as string);
  return twin.parsed;
}

/** The shadow that a form gets for an argument: the caller's own tangent where it is whole. */
export function shadowOf(
  shape: Shape,
  p: unknown,
  t: unknown,
  classes: Record<string, unknown>,
  mayCopy: boolean,
): unknown {
  const isZero = t === null || t === undefined;
  switch (shape.k) {
    case "n":
      if (typeof p !== "number") return DECLINED;
      return typeof t === "number" ? t : isZero ? 0 : DECLINED;
    case "i":
    case "v":
      if (p instanceof Dual || typeof p === "number" || (running() && hasDuals(p))) return DECLINED;
      return isZero ? undefined : DECLINED;
    case "ns":
      return shadowOf(makeOf(p), p, t, classes, mayCopy);
    case "f8":
    case "f4": {
      const model = floatModel(p);
      if (
        model === undefined ||
        (p as Float64Array).BYTES_PER_ELEMENT !== (shape.k === "f8" ? 8 : 4) ||
        hasDuals(p)
      )
        return DECLINED;
      const length = (p as Float64Array).length;
      if (isZero) return new Float64Array(length);
      if ((t as Float64Array).length !== length || hasDuals(t)) return DECLINED;
      if (t instanceof Float64Array) return t;
      // Shadows keep all digits; writes into one of our own would not reach the caller's.
      return shape.k === "f4" && floatModel(t) === model && mayCopy
        ? new Float64Array(t as Float32Array)
        : DECLINED;
    }
    case "[]":
    case "()": {
      if (!isPlainArray(p) || (!isZero && (!Array.isArray(t) || t.length !== p.length)))
        return DECLINED;
      if (shape.k === "()" && shape.of.length !== p.length) return DECLINED;
      return elements(shape, p, isZero ? null : (t as unknown[]), classes, mayCopy);
    }
    case "{}":
      return fields(shape, p, isZero ? null : t, classes, mayCopy);
    case "|":
      for (const of of shape.of) {
        const shadow = shadowOf(of, p, t, classes, mayCopy);
        if (shadow !== DECLINED) return shadow;
      }
      return DECLINED;
    default: {
      const twin = twinOf(p);
      // One that changes something can't be run again to look at a NaN.
      const matches =
        twin?.tangent &&
        changesNothing(twin) &&
        twin.signature &&
        `<${twin.signature}>` === shape.text;
      return matches && isZero ? twin.tangent : DECLINED;
    }
  }
}

/** Whether a list is none of a class that may have other methods: code goes through lists itself. */
const isPlainArray = (p: unknown): p is unknown[] =>
  Array.isArray(p) && Object.getPrototypeOf(p) === Array.prototype;

/** What a list of numbers of any make is. */
function makeOf(p: unknown): Shape {
  if (Array.isArray(p)) return NUMBERS;
  return { k: (p as Float64Array | undefined)?.BYTES_PER_ELEMENT === 4 ? "f4" : "f8" };
}
const NUMBERS: Shape = { k: "[]", of: { k: "n" } };

function elements(
  shape: Extract<Shape, { k: "[]" | "()" }>,
  p: unknown[],
  t: unknown[] | null,
  classes: Record<string, unknown>,
  mayCopy: boolean,
): unknown {
  if (shape.k === "[]" && shape.of.k === "n") {
    for (let i = 0; i < p.length; i++) if (typeof p[i] !== "number") return DECLINED;
    if (t === null) return zeroNumbers(p.length);
    for (let i = 0; i < t.length; i++) if (typeof t[i] !== "number") return DECLINED;
    return t;
  }
  const areRows =
    shape.k === "[]" && (shape.of.k === "ns" || (shape.of.k === "[]" && shape.of.of.k === "n"));
  let made: unknown[] | null = t === null ? [] : null;
  for (let i = 0; i < p.length; i++) {
    const row = p[i];
    if (areRows && made === null && Array.isArray(row) && areNumbers(row, t?.[i])) continue;
    const of = shape.k === "[]" ? shape.of : (shape.of[i] as Shape);
    const s = shadowOf(of, p[i], t?.[i], classes, mayCopy);
    if (s === DECLINED) return DECLINED;
    if (made === null && s !== t?.[i] && of.k !== "i") {
      // Filling a gap means a shadow of our own, which writes would not reach the caller's from.
      if (!mayCopy) return DECLINED;
      made = (t as unknown[]).slice(0, i);
    }
    if (made !== null) made[i] = s;
  }
  return made ?? t;
}

// A copy has the engine's layout for fractions where the original has it, and needs no second one.
const zerosLike = (xs: Numbers): Numbers =>
  Array.isArray(xs)
    ? xs.slice().fill(0)
    : new (floatModel(xs) as Float64ArrayConstructor)(xs.length);

/** A list of zeros, a part of one that is kept: the engine copies a list far faster than it makes one. */
function zeroNumbers(length: number): number[] {
  let zeros = kept;
  while (zeros.length < length) {
    zeros = zeros.concat(zeros);
    if (zeros.length <= MOST_KEPT) kept = zeros;
  }
  return zeros.slice(0, length);
}

const MOST_KEPT = 1 << 14;

// A number with a fraction first: V8 keeps an array that began with small integers apart from others.
let kept = [0.5];
kept[0] = 0;

function fields(
  shape: Extract<Shape, { k: "{}" }>,
  p: unknown,
  t: unknown,
  classes: Record<string, unknown>,
  mayCopy: boolean,
): unknown {
  if (typeof p !== "object" || p === null || p instanceof Dual || Array.isArray(p)) return DECLINED;
  if (t !== null && (typeof t !== "object" || Array.isArray(t))) return DECLINED;
  if (!isOfClass(shape, p, classes)) return DECLINED;
  if (hasJustNumbers(shape, p)) {
    if (t === null) {
      shape.zeros ??= zerosBeside(p);
      return { ...shape.zeros };
    }
    if (hasJustNumbers(shape, t)) return t;
  }
  let whole = t !== null;
  const made: Record<string, unknown> = {};
  // In the order of the object, not of its type: a gradient is gone through beside it.
  const keys = Object.keys(p);
  const at = ([name]: readonly [string, Shape]) => keys.indexOf(name);
  const inOrder = shape.fields.every((f, i) => f[0] === keys[i])
    ? shape.fields
    : [...shape.fields].sort((a, b) => at(a) - at(b));
  for (const [name, of] of inOrder) {
    const value = (p as Record<string, unknown>)[name];
    const given = (t as Record<string, unknown> | null)?.[name];
    if (value === undefined) {
      if (given !== null && given !== undefined) return DECLINED;
      continue;
    }
    // What is hidden is no part of a gradient.
    if (!keys.includes(name)) return DECLINED;
    const s = shadowOf(of, value, given, classes, mayCopy);
    if (s === DECLINED) return DECLINED;
    if (of.k === "i") continue;
    if (s !== given) whole = false;
    made[name] = s;
  }
  if (t !== null) {
    for (const key of Object.keys(t)) {
      if (!(key in p)) return DECLINED;
    }
    if (!whole && !mayCopy) return DECLINED;
  }
  // Fields that the type does not tell of would be lost in a result.
  for (const key of keys) {
    if (!shape.fields.some(([name]) => name === key)) return DECLINED;
  }
  return whole ? t : made;
}

/** Zeros for the fields of an object of numbers. The engine copies an object faster than it makes one field by field. */
function zerosBeside(p: object): object {
  const made: Record<string, unknown> = { ...p };
  for (const key in made) made[key] = 0;
  return made;
}

/**
 * Whether an object has the fields of a shape of numbers, all of them numbers, in the same order and no others:
 * the common case. The engine walks an object's own keys in their order several times faster than it
 * finds them by name.
 */
function hasJustNumbers({ numbers }: Extract<Shape, { k: "{}" }>, x: object): boolean {
  if (numbers === undefined) return false;
  let i = 0;
  for (const key in x) {
    if (numbers[i++] !== key || typeof (x as Record<string, unknown>)[key] !== "number")
      return false;
  }
  return i === numbers.length;
}

/** Whether a value is what the analysis took it for: without types, text may have passed for a number. */
function isOf(shape: Shape, value: unknown): boolean {
  switch (shape.k) {
    case "n":
      return typeof value === "number";
    case "ns":
      return Array.isArray(value) ? isOf(NUMBERS, value) : isView(value);
    case "[]":
    case "()":
      if (!Array.isArray(value)) return false;
      for (let i = 0; i < value.length; i++) {
        if (!isOf(shape.k === "[]" ? shape.of : (shape.of[i] as Shape), value[i])) return false;
      }
      return true;
    case "|":
      return shape.of.some((of) => isOf(of, value));
    case "{}":
      if (typeof value !== "object" || value === null) return false;
      if (hasJustNumbers(shape, value)) return true;
      return shape.fields.every(([name, of]) => isOf(of, (value as Record<string, unknown>)[name]));
    default:
      return true;
  }
}

/** Whether there is a NaN in a shadow. */
export function hasNaN(shadow: unknown): boolean {
  if (typeof shadow === "number") return Number.isNaN(shadow);
  if (typeof shadow !== "object" || shadow === null) return false;
  // A loop for each make of array, which the engine compiles for that alone; to add up takes half as long as to ask.
  if (shadow instanceof Float64Array) {
    let sum = 0;
    for (let i = 0; i < shadow.length; i++) sum += shadow[i] as number;
    if (!Number.isNaN(sum)) return false;
    // A NaN is among them, or infinities of both signs.
  }
  if (Array.isArray(shadow) || isView(shadow)) {
    const list = shadow as unknown[];
    for (let i = 0; i < list.length; i++) {
      const x = list[i];
      if (typeof x === "number" ? Number.isNaN(x) : hasNaN(x)) return true;
    }
    return false;
  }
  for (const key in shadow) {
    const x = (shadow as Record<string, unknown>)[key];
    if (typeof x === "number" ? Number.isNaN(x) : hasNaN(x)) return true;
  }
  return false;
}

/** A shadow as the caller sees it: with null, or zeros, where the form kept nothing, and of the value's own types. */
export function complete(shape: Shape, value: unknown, shadow: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.k) {
    case "[]":
      return (value as unknown[]).map((v, i) => complete(shape.of, v, (shadow as unknown[])?.[i]));
    case "()":
      return shape.of.map((of, i) =>
        complete(of, (value as unknown[])[i], (shadow as unknown[])?.[i]),
      );
    case "{}": {
      const known = new Map(shape.fields);
      return Object.fromEntries(
        Object.entries(value).map(([k, v]) => [
          k,
          complete(known.get(k) ?? { k: "i" }, v, (shadow as Record<string, unknown>)?.[k]),
        ]),
      );
    }
    case "i":
      return new Parts(0).tangent(value);
    case "ns": {
      const shape = makeOf(value);
      return shape.k === "[]" && shadow ? shadow : complete(shape, value, shadow);
    }
    case "|":
      return complete(shape.of.find((of) => isOf(of, value)) ?? { k: "i" }, value, shadow);
    case "f4":
      return shadow
        ? new Float32Array(shadow as Float64Array)
        : new Float32Array((value as Float32Array).length);
    case "<>":
      return closures(value as AnyFunction, shadow as AnyFunction, shape.returns, nested)[1];
    default:
      return shadow ?? zeros(value);
  }
}

const nested = (): never => {
  throw new TypeError(
    "a function inside an object that came out of a derivative can't be applied to active values",
  );
};

/** A function that came out of a form, and its derivative. */
function closures(
  f: AnyFunction,
  tangent: AnyFunction,
  returns: Shape,
  again: () => [unknown, unknown],
): [unknown, unknown] {
  const isPlain = (args: readonly unknown[]) => !running() || !hasDuals(args);
  const value = dualForm(function (this: unknown, ...args: unknown[]) {
    return isPlain(args) ? f.apply(this, args) : (again()[0] as AnyFunction).apply(this, args);
  });
  const derivative = dualForm(function (this: unknown, ...args: unknown[]) {
    // Numbers alone: what else an argument may be is for the dual form to tell.
    if (returns.k !== "n" || !args.every((a) => typeof a === "number"))
      return (again()[1] as AnyFunction).apply(this, args);
    const pairs: unknown[] = [];
    for (const a of args) pairs.push(a, 0);
    let t = Number.NaN;
    lookAgain();
    try {
      tangent(...pairs);
      t = out[0] as number;
    } catch (error) {
      if (!isDeclined(error)) throw error;
    }
    return Number.isNaN(t) ? (again()[1] as AnyFunction).apply(this, args) : t;
  });
  return [value, derivative];
}
