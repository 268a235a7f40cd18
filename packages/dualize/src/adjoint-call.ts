import { slots, tape } from "./adjoint-runtime.ts";
import { parseSignature, type Shape, type Signature } from "./signature.ts";
import { complete, DECLINED, hasNaN, needsCompletion, shadowOf } from "./tangent-call.ts";
import type { Adjoint, AdjointCalls, AnyFunction, Twin } from "./twins.ts";

type Pair = [value: unknown, tangent: unknown];

const parsed = new WeakMap<Adjoint, Signature>();

function signatureOf(adjoint: Adjoint): Signature {
  let signature = parsed.get(adjoint);
  if (signature === undefined) {
    signature = parseSignature(adjoint.signature);
    parsed.set(adjoint, signature);
  }
  return signature;
}

const isNumber = ({ k }: Shape): boolean => k === "n" || k === "i";

/**
 * Value and gradient by one argument, in one call of the adjoint form. Undefined where the form was
 * not compiled for the arguments, and where the gradient has a NaN: a zero may have met an infinite
 * partial there, and the dual form tells.
 */
function gradient(twin: Twin, args: readonly unknown[], argnum: number): Pair | undefined {
  // What cannot be run again is left to the way that runs once.
  if (twin.replayable !== true) return undefined;
  return twin.adjoint && gradientBy(twin, twin.adjoint, args, argnum);
}

/** The tangent of the gradient by the first argument. */
function hvp(twin: Twin, [x, ...rest]: readonly unknown[], direction: unknown): unknown {
  if (twin.replayable !== true || !twin.hvp || direction === null || direction === undefined)
    return undefined;
  return gradientBy(twin, twin.hvp, [x, direction, ...rest], 0)?.[1];
}

function gradientBy(
  twin: Twin,
  adjoint: Adjoint,
  args: readonly unknown[],
  argnum: number,
): Pair | undefined {
  const { params, returns } = signatureOf(adjoint);
  const by = params[argnum]?.shape;
  if (by === undefined || returns.k !== "n" || args.length !== params.length || by.k === "i")
    return undefined;
  // One direction is one pass of the tangent form, which is cheaper.
  if (by.k === "n" && twin.tangent && adjoint !== twin.hvp) return undefined;
  const classes = adjoint.classes?.() ?? twin.classes?.() ?? {};
  const given: unknown[] = [];
  let shadow: unknown;
  for (let i = 0; i < args.length; i++) {
    const { shape } = params[i] as (typeof params)[number];
    const made = shadowOf(shape, args[i], null, classes, true);
    if (made === DECLINED) return undefined;
    given.push(args[i]);
    if (isNumber(shape) || (adjoint.by !== undefined && i !== adjoint.by)) continue;
    given.push(made);
    if (i === argnum) shadow = made;
  }
  given.push(1);
  const value = run(adjoint.run, given);
  if (typeof value !== "number") return undefined;
  if (by.k === "n") {
    const g = slots[argnum] as number;
    return Number.isNaN(g) ? undefined : [value, g];
  }
  if (hasNaN(shadow)) return undefined;
  return [value, needsCompletion(by) ? complete(by, args[argnum], shadow) : shadow];
}

/** Runs an adjoint form; where it throws half-way, the tape is left as it was found. */
function run(f: AnyFunction, args: readonly unknown[]): unknown {
  const { position } = tape;
  const { length } = tape.references;
  try {
    return f(...args);
  } finally {
    tape.position = position;
    tape.references.length = length;
    if (position === 0) tape.giveBack();
  }
}

/** The transforms by the adjoint form. */
export const adjointCalls: AdjointCalls = {
  gradient,
  pull: () => undefined,
  hvp,
};
