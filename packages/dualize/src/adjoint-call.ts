import { layoutOf, signatureOf } from "./adjoint-layout.ts";
import { slots, tape } from "./adjoint-runtime.ts";
import { isDeclined, isNoted } from "./bridge.ts";
import { areApart, rememberParts } from "./copied-arguments.ts";
import { lookAgain } from "./expected.ts";
import { DECLINED, isData, KeptShadows } from "./kept-shadows.ts";
import { knowsSome } from "./known.ts";
import { repeated } from "./repeated.ts";
import { changesNothing, holds, stands } from "./replay.ts";
import type { Place, Shape, Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { leavesActive } from "./tags.ts";
import { complete, hasNaN, replaced, shadowOf } from "./tangent-call.ts";
import { copyTree } from "./transforms/basis.ts";
import { hessianByAdjoint } from "./transforms/hessian-adjoint.ts";
import { jacobianByAdjoint, pullByAdjoint } from "./transforms/pull-adjoint.ts";
import {
  type Adjoint,
  type AdjointCalls,
  type AnyFunction,
  type TangentCalls,
  type Twin,
  twinOf,
} from "./twins.ts";
import { behind } from "./typed-array.ts";

type Pair = [value: unknown, tangent: unknown];

/** Whose twin it is. */
type Owned = Twin & { readonly owner: AnyFunction };

/**
 * Value and gradient by one argument, in one call of the adjoint form. Undefined where the form was
 * not compiled for the arguments, and where the gradient has a NaN: a zero may have met an infinite
 * partial there, and the dual form tells.
 */
function gradient(twin: Twin, args: readonly unknown[], argnum: number): Pair | undefined {
  const found = twin.adjoint && gradientBy(twin, twin.adjoint, args, args, argnum);
  return found && called(twin, args, found);
}

/** Value and gradients by several arguments, in the order of `all`, each of which must hold a number. */
function gradients(
  twin: Twin,
  args: readonly unknown[],
  all: readonly number[],
): [value: unknown, gradients: unknown[]] | undefined {
  const { adjoint } = twin;
  if (adjoint && adjoint.by === undefined && areNumbers(adjoint, args))
    return gradientsOfNumbers(adjoint, args, all);
  const swept = sweep(twin, args, 0, 1, all);
  if (swept === undefined) return undefined;
  const found: unknown[] = [];
  for (const i of all) {
    const gradient = swept[1][i];
    if (gradient === null || gradient === undefined) return undefined;
    found.push(gradient);
  }
  return called(twin, args, [swept[0], found]);
}

/** The same where all are numbers: nothing is put into arrays on the way. */
function gradientsOfNumbers(
  adjoint: Adjoint,
  args: readonly unknown[],
  all: readonly number[],
): [value: unknown, gradients: unknown[]] | undefined {
  const value = run(adjoint, args, 1);
  const found = new Array<unknown>(all.length);
  for (let k = 0; k < all.length; k++) {
    const i = all[k] as number;
    // Of a place beyond the arguments the general way tells.
    if (i >= args.length || isUnsure(adjoint, slots[i])) return undefined;
    found[k] = slots[i];
  }
  return [value, found];
}

/** Whether a form takes and gives numbers alone, and is given as many. */
function areNumbers(adjoint: Adjoint, args: readonly unknown[]): boolean {
  const { isScalar, params } = signatureOf(adjoint);
  if (!isScalar || args.length !== params.length) return false;
  for (let i = 0; i < args.length; i++) if (typeof args[i] !== "number") return false;
  return true;
}

/** A value and what was found with it, where a function was run on copies, after it is called as usual. */
function called<T>(
  twin: Twin,
  args: readonly unknown[],
  found: [value: unknown, T],
): [value: unknown, T] {
  return twin.adjoint?.writes ? [callAsUsual(twin, args), found[1]] : found;
}

const callAsUsual = (twin: Twin, args: readonly unknown[]): unknown =>
  (twin as Owned).owner(...args);

/**
 * The tangent of the gradient by the first argument. `goesOn` tells that the function is asked for more
 * with the same arguments, so that these stay as they are even where it changes them.
 */
function hvp(twin: Twin, args: readonly unknown[], direction: unknown, goesOn?: boolean): unknown {
  const { hvp } = twin;
  if (hvp === undefined || direction === null || direction === undefined) return undefined;
  const { isScalar, params } = signatureOf(hvp);
  const given: unknown[] = [];
  if (isScalar && !hvp.usesTape) {
    given.push(args[0], direction);
    for (let i = 1; i < args.length; i++) given.push(args[i]);
    return partial(hvp, given);
  }
  for (let i = 0; given.length < params.length; i++) {
    const { shape: of, mayBeMissing } = params[given.length] as Signature["params"][number];
    given.push(args[i]);
    if (i > 0 && !hvp.along?.includes(i)) continue;
    if (i > 0 && args[i] === undefined && mayBeMissing) {
      given.push(undefined);
      continue;
    }
    if (i > 0 && !isData(of, args[i])) return undefined;
    const along = shadowOf(of, args[i], i === 0 ? direction : null, classesOf(twin, hvp), true);
    if (along === DECLINED) return undefined;
    given.push(along);
  }
  const found = gradientBy(twin, hvp, args, given, 0);
  if (hvp.writes && !goesOn && found) callAsUsual(twin, args);
  return found?.[1];
}

/** The derivative by the first argument where all are numbers: nothing is put into arrays on the way. */
function partial(adjoint: Adjoint, args: readonly unknown[]): number | undefined {
  if (!areNumbers(adjoint, args)) return undefined;
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
    twinOf(f)?.hvp?.writes ? undefined : adjointCalls.hvp(twinOf(f) as Twin, args, direction);
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
  /** What the function is called with. */
  args: readonly unknown[],
  /** What the form takes. */
  taken: readonly unknown[],
  argnum: number,
): Pair | undefined {
  const { params, returns } = signatureOf(adjoint);
  const by = params[argnum]?.shape;
  if (by === undefined || returns.k !== "n" || by.k === "i") return undefined;
  // One direction is one pass of the tangent form, which is cheaper.
  if (by.k === "n" && twin.tangent && adjoint !== twin.hvp) return undefined;
  const given = prepare(twin, adjoint, taken, argnum);
  if (given === undefined) return undefined;
  const value = runFor(twin, adjoint, args, given, 1);
  // The tangent that second-order code differentiates is NaN at a kink.
  if (typeof value !== "number" || (adjoint === twin.hvp && Number.isNaN(value))) return undefined;
  const found = cotangent(adjoint, taken, given, argnum);
  return found === undefined ? undefined : [value, found];
}

/** Whether the adjoint form may be run for some arguments, as often as one likes. */
function takes(twin: Twin, args: readonly unknown[]): boolean {
  const { adjoint } = twin;
  if (!adjoint || adjoint.by !== undefined || leavesActive() || !stands(twin)) return false;
  if (!adjoint.once && !changesNothing(twin) && !holds(twin.contained)) return false;
  if (twin.asks?.(args)) return false;
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
  const { returns, isScalar } = signatureOf(adjoint);
  if (isScalar && typeof value === "number" && typeof seed === "number")
    return areNumbers(adjoint, args) ? sweepOfNumbers(adjoint, args, seed) : undefined;
  const given = shadowOf(returns, value, seed, classesOf(twin, adjoint), true);
  if (given === DECLINED || returns.k === "i") return undefined;
  const call = prepare(twin, adjoint, args, by);
  if (call === undefined) return undefined;
  const result = runFor(twin, adjoint, args, call, adjoint.writes ? copyTree(given) : given);
  const cotangents = new Array<unknown>(args.length);
  for (let i = 0; i < args.length; i++) {
    if (by && !by.includes(i)) continue;
    if (args[i] === undefined) {
      cotangents[i] = null;
      continue;
    }
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
  const value = run(adjoint, args, seed);
  const cotangents = new Array<unknown>(args.length);
  for (let i = 0; i < args.length; i++) {
    const c = slots[i] as number;
    if (isUnsure(adjoint, c)) return undefined;
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
  const found = isNumber ? slots[i] : beside === 0 ? undefined : given[beside];
  if (isUnsure(adjoint, found)) return undefined;
  if (isNumber) return found;
  return needsCompletion ? complete(shape, args[i], found) : found;
}

/** Whether the dual form has to look again. */
const isUnsure = (adjoint: Adjoint, found: unknown): boolean => !adjoint.once && hasNaN(found);

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
  if (
    args.length > params.length ||
    (adjoint.writes && !areApart(signatureOf(adjoint).params, args)) ||
    ((adjoint.writes || adjoint.once) && knowsSome(twin, args))
  )
    return undefined;
  const given = new Array<unknown>(width);
  let at = 0;
  for (let i = 0; i < params.length; i++) {
    const { shape, isNumber, mayBeMissing, beside } = params[i] as Place;
    const p = adjoint.writes ? copyTree(args[i]) : args[i];
    given[at++] = p;
    if (p === undefined && mayBeMissing) {
      if (by === i) return undefined;
      if (beside !== 0) given[at++] = undefined;
      continue;
    }
    if (isNumber) {
      if (typeof p !== "number") return undefined;
      continue;
    }
    const shadow =
      adjoint.writes ||
      by === i ||
      shape.k === "i" ||
      (typeof by !== "number" && by?.includes(i) !== false)
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

function scratchFor(twin: Twin, adjoint: Adjoint, shape: Shape, p: unknown): unknown {
  const classes = classesOf(twin, adjoint);
  return scratch.of(shape, p, classes, () => shadowOf(shape, p, null, classes, true));
}

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

/** The same for `args`, of which what changes its arguments is given copies. */
function runFor(
  twin: Twin,
  adjoint: Adjoint,
  args: readonly unknown[],
  given: readonly unknown[],
  seed: unknown,
): unknown {
  if (!adjoint.writes) return run(adjoint, given, seed);
  const putBack = rememberParts(given);
  try {
    return run(adjoint, given, seed);
  } catch (error) {
    // It leaves the arguments as where the function is called as usual.
    if (!isDeclined(error)) callAsUsual(twin, args);
    throw error;
  } finally {
    putBack();
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
function attempt<A extends readonly unknown[], B, C, D, R>(
  call: (twin: Twin, a: A, b: B, c: C, d?: D) => R | undefined,
) {
  return (twin: Twin, a: A, b: B, c?: C, d?: D): R | undefined => {
    const { adjoint } = twin;
    if (adjoint?.declines || leavesActive() || !stands(twin) || twin.asks?.(a)) return undefined;
    if (adjoint?.once?.some((link) => !link.isFound)) return undefined;
    // Tangent code around this call may not have read it yet, and second-order code runs such code.
    const tangent = out[0] as number;
    lookAgain();
    try {
      const found = call(twin, a, b, c as C, d);
      if (!stands(twin) || adjoint?.once?.some((link) => !link.isSame)) throw replaced();
      return found;
    } catch (error) {
      if (!isNoted(error, twin, adjoint)) throw error;
      // What it has changed it would change twice.
      if (adjoint?.once) throw error;
      return undefined;
    } finally {
      out[0] = tangent;
    }
  };
}

const secondOrder = attempt(hvp);

/** The transforms by the adjoint form. */
export const adjointCalls: AdjointCalls = {
  gradient: attempt(gradient),
  gradients: attempt(gradients),
  takes,
  sweep: attempt(sweep),
  pull: pullByAdjoint,
  jacobian: jacobianByAdjoint,
  hvp: secondOrder,
  hessian: (twin, args) => hessianByAdjoint(secondOrder, twin, args),
  second,
};

behind.same = repeated;
