import makeAd, { type Num, type Tape } from "ad.js";
import { flatten } from "../kernel.ts";
import { everyKernel } from "./every-kernel.ts";
import type { Peer, PeerKernel } from "./peer.ts";
import { scalarKernels } from "./scalar-kernels.ts";

// The library's macros turn `x * y` into `ad.mul(x, y)`; they expand no syntax newer than ES5, so
// that the expansion is written out here. Plain numbers mix with active ones.
const ad = makeAd({ mode: "r", noHigher: true });
const { add, sub, mul, div, maths, tapify, yGradientR } = ad;
const { exp } = maths;

function tanh(x: Num): Num {
  const e = exp(mul(-2, x));
  return div(sub(1, e), add(1, e));
}

// What the library's Math.max and Math.min compute is smoothed and wrong by 1e-6 at a tie; users
// who want the right number compare.
export const kernels = scalarKernels<Tape>({ ...ad, ...maths, tanh });
const primal = (x: Num): number => (typeof x === "number" ? x : x.primal);

/** Value and gradient of a function of numbers laid end to end. */
export function gradient(
  f: (inputs: Num[]) => Num,
): (args: readonly unknown[]) => [value: number, gradient: number[]] {
  return (args) => {
    const inputs = flatten(args).map(tapify);
    const y = f(inputs);
    yGradientR(y);
    return [primal(y), inputs.map(({ sensitivity }) => sensitivity)];
  };
}

/**
 * The derivative along a direction is the gradient times the direction. The library's forward mode
 * would give it in one pass as well, and takes twice as long on most of these kernels as reverse
 * mode without higher derivatives, which the library recommends for speed.
 */
function along(f: (inputs: Num[]) => Num): PeerKernel {
  return (args: readonly unknown[], tangents: readonly unknown[]) => {
    const inputs = flatten(args).map(tapify);
    const y = f(inputs);
    yGradientR(y);
    let tangent = 0;
    for (const [i, dx] of flatten(tangents).entries()) tangent += inputs[i].sensitivity * dx;
    return [primal(y), tangent];
  };
}

/** Operators as functions, by dispatch on the kind of number at run time; reverse mode. */
export const peer: Peer = {
  name: "ad.js",
  kernels: {
    ...everyKernel(kernels, along),
    "lu-solve": "differentiates functions with one result only",
  },
};
