import { hessian, hvp, valueAndGrad, vjp } from "dualize";
import { slots as emittedSlots, tape, twinOf } from "dualize/runtime";
import { batchOf, plainArguments } from "./batch.ts";
import { handAdjoints, slots as handSlots } from "./hand-adjoint/index.ts";
import { flatten, type Kernel } from "./kernel.ts";
import type { Batch } from "./measure.ts";

/** One way to compute a kernel's whole gradient: once, and in a loop. */
export interface GradientForm {
  readonly once: () => readonly [value: number, gradient: number[]];
  readonly batch: Batch;
}

// biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
type AnyFunction = (...args: any[]) => any;

const calls = ({ args }: Kernel): string => `f(${plainArguments(args.length)})`;

/** Value and gradient by the first argument, as users ask for it. */
export const byFirst = (kernel: Kernel): Batch =>
  batchOf(valueAndGrad(kernel.f as never), kernel.args, kernel.tangents, calls(kernel), "r[0]");

/** By all arguments, as users ask for it. */
export function byAll(kernel: Kernel): GradientForm {
  const { f, args, tangents } = kernel;
  const argnum = cotangentsOf(f, args).flatMap((c, i) => (c === null ? [] : [i]));
  const both = valueAndGrad(f as never, { argnum } as never) as unknown as AnyFunction;
  return {
    once: () => {
      const [value, gradient] = both(...args);
      return [value, flatten(gradient)];
    },
    batch: batchOf(both, args, tangents, calls(kernel), "r[0]"),
  };
}

/** By all arguments, by the emitted adjoint code itself, called as other adjoint code calls it. */
export function adjointCode(kernel: Kernel): GradientForm | undefined {
  const adjoint = twinOf(kernel.f)?.adjoint;
  return adjoint && called(kernel, adjoint.run, emittedSlots);
}

/** By all arguments, by code that a person wrote. */
export function byHand(kernel: Kernel): GradientForm | undefined {
  const hand = handAdjoints[kernel.name];
  return hand && called(kernel, hand as AnyFunction, handSlots);
}

/** How many bytes of numbers the adjoint code has on its tape when it turns round. */
export function tapeBytes({ f, args }: Pick<Kernel, "f" | "args">): number {
  const outer = tape.begin();
  // No number of a kernel's is this one, and what the tape grows by is zero.
  tape.numbers.fill(Number.MIN_VALUE);
  vjpOn(f, args);
  const { numbers } = tape;
  let top = numbers.length;
  while (top > 0 && (numbers[top - 1] === Number.MIN_VALUE || numbers[top - 1] === 0)) top--;
  tape.end(outer);
  return 8 * top;
}

/** The Hessian-vector product along the first argument, and the Hessian by it. */
export const hessianVector = (kernel: Kernel): Batch => {
  const call = calls(kernel).replace("a0,", "a0, t0,");
  return batchOf(hvp(kernel.f as never), kernel.args, kernel.tangents, call, "1");
};

export const wholeHessian = (kernel: Kernel): Batch =>
  batchOf(hessian(kernel.f as never), kernel.args, kernel.tangents, calls(kernel), "1");

/** Runs the adjoint code on the tape as it is. */
function vjpOn(f: Kernel["f"], args: readonly unknown[]): void {
  const run = twinOf(f)?.adjoint?.run as AnyFunction;
  run(...withCotangents(args, cotangentsOf(f, args)));
}

/** Cotangents as the library makes them. */
const cotangentsOf = (f: Kernel["f"], args: readonly unknown[], seed = 0): readonly unknown[] =>
  vjp(f as never, args as never)[1](seed as never) as readonly unknown[];

const withCotangents = (args: readonly unknown[], cotangents: readonly unknown[]): unknown[] => [
  ...args.flatMap((arg, i) => (typeof arg === "number" ? [arg] : [arg, cotangents[i]])),
  1,
];

/** Adjoint code takes beside each array or object its cotangent, and the cotangent of the value last. */
function called({ f, args }: Kernel, run: AnyFunction, slots: Float64Array): GradientForm {
  // Added to from call to call, which takes as long as adding to zeros.
  const kept = cotangentsOf(f, args, 1);
  const call = args.map((arg, i) => (typeof arg === "number" ? `a${i}, ` : `a${i}, t${i}, `));
  return {
    once: () => {
      const found = cotangentsOf(f, args);
      const outer = tape.begin();
      const value: number = run(...withCotangents(args, found));
      tape.end(outer);
      const gradient = args.map((arg, i) => (typeof arg === "number" ? slots[i] : found[i]));
      return [value, flatten(gradient)];
    },
    batch: batchOf(run, args, kept, `f(${call.join("")}1)`, "r"),
  };
}
