import { layoutOf, signatureOf } from "./adjoint-layout.ts";
import { slots, tape } from "./adjoint-runtime.ts";
import { isDeclined, isDeclinedForGood } from "./bridge.ts";
import { KeptShadows } from "./kept-shadows.ts";
import { stands } from "./replay.ts";
import type { Place, Shape, Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { leavesActive } from "./tags.ts";
import { complete, DECLINED, hasNaN, shadowOf } from "./tangent-call.ts";
import { jacobianByAdjoint, pullByAdjoint } from "./transforms/pull-adjoint.ts";
import {
  type Adjoint,
  type AdjointCalls,
  type AnyFunction,
  type TangentCalls,
  type Twin,
  twinOf,
} from "./twins.ts";

type Pair = [value: unknown, tangent: unknown];

/**
 * Value and gradient by one argument, in one call of the adjoint form. Undefined where the form was
 * not compiled for the arguments, and where the gradient has a NaN: a zero may have met an infinite
 * partial there, and the dual form tells.
 */
function gradient(twin: Twin, args: readonly unknown[], argnum: number): Pair | undefined {
  return twin.adjoint && gradientBy(twin, twin.adjoint, args, argnum);
}

/** The tangent of the gradient by the first argument. */
function hvp(twin: Twin, args: readonly unknown[], direction: unknown): unknown {
  const { hvp } = twin;
  if (hvp === undefined || direction === null || direction === undefined) return undefined;
  const given = new Array<unknown>(args.length + 1);
  given[0] = args[0];
  given[1] = direction;
  for (let i = 1; i < args.length; i++) given[i + 1] = args[i];
  const { isScalar, params } = signatureOf(hvp);
  if (isScalar && !hvp.usesTape) return partial(hvp, given);
  const of = params[0]?.shape;
  if (of === undefined) return undefined;
  const along = shadowOf(of, args[0], direction, classesOf(twin, hvp), true);
  if (along === DECLINED) return undefined;
  given[1] = along;
  return gradientBy(twin, hvp, given, 0)?.[1];
}

/** The derivative by the first argument where all are numbers: nothing is put into arrays on the way. */
function partial(adjoint: Adjoint, args: readonly unknown[]): number | undefined {
  if (args.length !== signatureOf(adjoint).params.length) return undefined;
  for (let i = 0; i < args.length; i++) if (typeof args[i] !== "number") return undefined;
  const value = apply(adjoint.run, args, 1);
  const found = slots[0] as number;
  return typeof value !== "number" || Number.isNaN(value) || Number.isNaN(found)
    ? undefined
    : found;
}

/**
 * How a gradient is differentiated: its tangent is H·v. What is not constant but the first argument is
 * left to the dual form.
 */
function second(f: AnyFunction, gradient: AnyFunction): TangentCalls {
  const along = (args: readonly unknown[], direction: unknown) =>
    adjointCalls.hvp(twinOf(f) as Twin, args, direction);
  const pair = (args: readonly unknown[], tangent: unknown): Pair | undefined =>
    tangent === undefined ? undefined : [gradient(...args), tangent];
  const isNumber = (args: readonly unknown[], argnum: number) =>
    argnum === 0 && typeof args[0] === "number";
  return {
    push(_, primals, [direction, ...others]) {
      const isAlone = others.every((t) => t === null || t === undefined || t === 0);
      return isAlone ? pair(primals, along(primals, direction)) : undefined;
    },
    derivative: (_, args) =>
      isNumber(args, 0) ? (along(args, 1) as number | undefined) : undefined,
    gradient: (_, args, argnum) =>
      isNumber(args, argnum) ? pair(args, along(args, 1)) : undefined,
    jacobian: () => undefined,
  };
}

function gradientBy(
  twin: Twin,
  adjoint: Adjoint,
  args: readonly unknown[],
  argnum: number,
): Pair | undefined {
  const { params, returns } = signatureOf(adjoint);
  const by = params[argnum]?.shape;
  if (by === undefined || returns.k !== "n" || by.k === "i") return undefined;
  // One direction is one pass of the tangent form, which is cheaper.
  if (by.k === "n" && twin.tangent && adjoint !== twin.hvp) return undefined;
  const given = prepare(twin, adjoint, args, argnum);
  if (given === undefined) return undefined;
  const value = run(adjoint, given, 1);
  // The tangent that second-order code differentiates is NaN at a kink.
  if (typeof value !== "number" || (adjoint === twin.hvp && Number.isNaN(value))) return undefined;
  const found = cotangent(adjoint, args, given, argnum);
  return found === undefined ? undefined : [value, found];
}

/** Whether the adjoint form may be run for some arguments, as often as one likes. */
function takes(twin: Twin, args: readonly unknown[]): boolean {
  const { adjoint } = twin;
  if (!adjoint || adjoint.by !== undefined || leavesActive() || !stands(twin)) return false;
  return signatureOf(adjoint).returns.k !== "i" && prepare(twin, adjoint, args, -1) !== undefined;
}

/**
 * The value, and the cotangents of the arguments for a cotangent of the value: null where an argument
 * holds no number, and undefined where it is not among those that are asked for. Undefined as for
 * `gradient`, and where the cotangent has another shape than the value.
 */
function sweep(
  twin: Twin,
  args: readonly unknown[],
  value: unknown,
  seed: unknown,
  by?: readonly number[],
): [value: unknown, cotangents: unknown[]] | undefined {
  const { adjoint } = twin;
  if (!adjoint || adjoint.by !== undefined) return undefined;
  const { params, returns, isScalar } = signatureOf(adjoint);
  if (isScalar && typeof value === "number" && typeof seed === "number")
    return sweepOfNumbers(adjoint, args, seed);
  const given = shadowOf(returns, value, seed, classesOf(twin, adjoint), true);
  if (given === DECLINED || returns.k === "i") return undefined;
  const call = prepare(twin, adjoint, args, by);
  if (call === undefined) return undefined;
  const result = run(adjoint, call, given);
  const cotangents = new Array<unknown>(params.length);
  for (let i = 0; i < params.length; i++) {
    if (by && !by.includes(i)) continue;
    const found = cotangent(adjoint, args, call, i);
    if (found === undefined) return undefined;
    cotangents[i] = found;
  }
  return [result, cotangents];
}

/** The same where all are numbers: nothing is put into arrays on the way. */
function sweepOfNumbers(
  adjoint: Adjoint,
  args: readonly unknown[],
  seed: number,
): [value: unknown, cotangents: unknown[]] | undefined {
  const { length } = signatureOf(adjoint).params;
  if (args.length !== length) return undefined;
  for (let i = 0; i < length; i++) if (typeof args[i] !== "number") return undefined;
  const value = run(adjoint, args, seed);
  const cotangents = new Array<unknown>(length);
  for (let i = 0; i < length; i++) {
    const c = slots[i] as number;
    if (Number.isNaN(c)) return undefined;
    cotangents[i] = c;
  }
  return [value, cotangents];
}

/** What an adjoint form left for an argument, unless there is a NaN in it. */
function cotangent(
  adjoint: Adjoint,
  args: readonly unknown[],
  given: readonly unknown[],
  i: number,
): unknown {
  const { shape, isNumber, beside, needsCompletion } = layoutOf(adjoint).params[i] as Place;
  if (isNumber) return Number.isNaN(slots[i]) ? undefined : slots[i];
  const found = beside === 0 ? undefined : given[beside];
  if (hasNaN(found)) return undefined;
  return needsCompletion ? complete(shape, args[i], found) : found;
}

const classesOf = (twin: Twin, adjoint: Adjoint): Record<string, unknown> =>
  (adjoint.classes ?? twin.classes)?.() ?? NO_CLASSES;

const NO_CLASSES = {};

/** Adjoints that nobody reads: what is added to them from call to call is never asked for. */
const scratch = new KeptShadows();

/** The arguments of an adjoint form, each array or object with its adjoint beside it; those that `by` leaves out are not differentiated. */
function prepare(
  twin: Twin,
  adjoint: Adjoint,
  args: readonly unknown[],
  by?: number | readonly number[],
): unknown[] | undefined {
  const { width, params } = layoutOf(adjoint);
  if (args.length !== params.length) return undefined;
  const given = new Array<unknown>(width);
  let at = 0;
  for (let i = 0; i < params.length; i++) {
    const { shape, isNumber, beside } = params[i] as Place;
    const p = args[i];
    given[at++] = p;
    if (isNumber) {
      if (typeof p !== "number") return undefined;
      continue;
    }
    const shadow =
      by === i || shape.k === "i" || (typeof by !== "number" && by?.includes(i) !== false)
        ? shadowOf(shape, p, null, classesOf(twin, adjoint), true)
        : scratchFor(twin, adjoint, shape, p);
    if (shadow === DECLINED) return undefined;
    if (beside !== 0) given[at++] = shadow;
  }
  return given;
}

/** An adjoint that nobody reads, for an argument that the caller does not differentiate. */
export function prepareArgument(twin: Twin, adjoint: Adjoint, i: number, p: unknown): unknown {
  const { shape } = signatureOf(adjoint).params[i] as Signature["params"][number];
  return scratchFor(twin, adjoint, shape, p);
}

const scratchFor = (twin: Twin, adjoint: Adjoint, shape: Shape, p: unknown): unknown =>
  scratch.of(shape, p, () => shadowOf(shape, p, null, classesOf(twin, adjoint), true));

/**
 * Runs an adjoint form on a tape that nobody else is using: what it calls may run another, as a
 * function of another module does, or one that takes a derivative itself.
 */
export function run(adjoint: Adjoint, given: readonly unknown[], seed: unknown): unknown {
  if (!adjoint.usesTape) return apply(adjoint.run, given, seed);
  const outer = tape.begin();
  try {
    return apply(adjoint.run, given, seed);
  } finally {
    tape.end(outer);
  }
}

/** The engine calls with so many arguments faster than with a list of them. */
function apply(f: AnyFunction, g: readonly unknown[], seed: unknown): unknown {
  switch (g.length) {
    case 1:
      return f(g[0], seed);
    case 2:
      return f(g[0], g[1], seed);
    case 3:
      return f(g[0], g[1], g[2], seed);
    case 4:
      return f(g[0], g[1], g[2], g[3], seed);
    case 5:
      return f(g[0], g[1], g[2], g[3], g[4], seed);
    case 6:
      return f(g[0], g[1], g[2], g[3], g[4], g[5], seed);
    default:
      return f(...g, seed);
  }
}

/** A transform, unless the form met something it was not compiled for. */
function attempt<A, B, C, D, R>(call: (twin: Twin, a: A, b: B, c: C, d?: D) => R | undefined) {
  return (twin: Twin, a: A, b: B, c?: C, d?: D): R | undefined => {
    if (twin.adjoint?.declines || leavesActive() || !stands(twin)) return undefined;
    // Tangent code around this call may not have read it yet, and second-order code runs such code.
    const tangent = out[0] as number;
    try {
      return call(twin, a, b, c as C, d);
    } catch (error) {
      if (!isDeclined(error)) throw error;
      if (twin.adjoint && isDeclinedForGood(error as object)) twin.adjoint.declines = true;
      return undefined;
    } finally {
      out[0] = tangent;
    }
  };
}

/** The transforms by the adjoint form. */
export const adjointCalls: AdjointCalls = {
  gradient: attempt(gradient),
  takes,
  sweep: attempt(sweep),
  pull: pullByAdjoint,
  jacobian: jacobianByAdjoint,
  hvp: attempt(hvp),
  second,
};
