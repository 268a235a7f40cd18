import { compile, type Fn, fn, Real, struct, Vec, vjp } from "rose";
import { kernel as blackScholes } from "../kernels/black-scholes.ts";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as gaussianMixture } from "../kernels/gaussian-mixture.ts";
import { kernel as imported } from "../kernels/imported.ts";
import { kernel as lotkaVolterra } from "../kernels/lotka-volterra.ts";
import { type Body, kernel as nBody } from "../kernels/n-body.ts";
import { kernel as neuralNetwork } from "../kernels/neural-network.ts";
import { kernel as rayMarch } from "../kernels/ray-march.ts";
import { kernel as rosenbrock } from "../kernels/rosenbrock.ts";
import { kernel as vec3 } from "../kernels/vec3.ts";
import * as traced from "../peers/rose-kernels.ts";
import type { GradientPeer, PrepareGradient } from "./peer.ts";

// biome-ignore lint/suspicious/noExplicitAny: what rose infers is too deep to name
type Any = any;
type List = readonly number[] | Float64Array;

/** rose's type of a tree of numbers. */
function typeOf(tree: unknown): Any {
  if (typeof tree === "number") return Real;
  if (Array.isArray(tree)) return Vec(tree.length, typeOf(tree[0]));
  const types = Object.entries(tree as object).map(([key, x]) => [key, typeOf(x)]);
  return struct(Object.fromEntries(types));
}

/** The numbers of a tree in the order of another: rose orders fields as it likes. */
function numbersOf(tree: Any, like: unknown, into: number[] = []): number[] {
  if (typeof like === "number") into.push(tree);
  else if (Array.isArray(like))
    for (let i = 0; i < like.length; i++) numbersOf(tree[i], like[i], into);
  else for (const key in like as object) numbersOf(tree[key], (like as Any)[key], into);
  return into;
}

/**
 * The gradient as rose's guide takes it: `vjp(f)(x).grad(1)` inside a function that is compiled. Only
 * functions of one argument have one, so that the arguments become a struct. Where the last of them
 * are indices, only the first ones are differentiated by.
 */
function gradient(
  f: () => Fn & ((...args: Any[]) => Any),
  { args: example }: { readonly args: readonly unknown[] },
  arrange: (args: Any) => unknown[] = (args) => args,
  indices?: { readonly type: Any; readonly active: number },
): PrepareGradient {
  return async () => {
    const first = arrange(example);
    const names = first.map((_, i) => `a${i}`);
    const Args = struct(
      Object.fromEntries(
        first.map((arg, i) => [
          names[i],
          indices && i === first.length - 1 ? indices.type : typeOf(arg),
        ]),
      ),
    ) as Any;
    const plain = f();
    const whole = fn([Args], Real, (args: Any) => plain(...names.map((name) => args[name])));
    const Both = struct({ value: Real, gradient: Args }) as Any;
    const run = (await compile(
      fn([Args], Both, (args: Any) => {
        const { ret, grad } = vjp(whole as Any)(args) as Any;
        return { value: ret, gradient: grad(1) };
      }),
    )) as Any;
    return (args) => {
      const arranged = arrange(args);
      const { value, gradient } = run(Object.fromEntries(arranged.map((x, i) => [names[i], x])));
      const numbers: number[] = [];
      for (let i = 0; i < (indices?.active ?? arranged.length); i++)
        numbersOf(gradient[names[i]], arranged[i], numbers);
      return [value, numbers];
    };
  };
}

const bodies = ([system, dt]: [Body[], number]) => [
  system.map(({ x, y, z, vx, vy, vz, mass }) => ({
    position: { x, y, z },
    velocity: { x: vx, y: vy, z: vz },
    mass,
  })),
  dt,
];

const signal = ([ys, bends, shift, stretch]: [List, List, number, number]) => {
  const { indices, ends } = traced.intervals(shift, stretch);
  return [[...ys], [...bends], shift, stretch, ends, indices];
};

/** Gradients of traced functions, compiled to WebAssembly. */
export const peer: GradientPeer = {
  name: "rose",
  kernels: {
    "lotka-volterra": gradient(traced.lotkaVolterra, lotkaVolterra),
    rosenbrock: gradient(traced.rosenbrock, rosenbrock, ([x]: [List]) => [[...x]]),
    "black-scholes": gradient(traced.blackScholes, blackScholes),
    "gaussian-mixture": gradient(traced.gaussianMixture, gaussianMixture),
    "n-body": gradient(traced.nBody, nBody, bodies),
    vec3: gradient(traced.orbitEnergy, vec3, ([x, y, z, vx, vy, vz, sun]: number[]) => [
      { position: { x, y, z }, velocity: { x: vx, y: vy, z: vz } },
      sun,
    ]),
    functional: gradient(traced.ridgeLoss, functional),
    imported: gradient(traced.toneCurve, imported),
    recursion: "no recursion",
    "ray-march": gradient(traced.rayMarch, rayMarch, ([x, y, z, ...more]: number[]) => [
      { x, y, z },
      ...more,
    ]),
    "neural-network": gradient(traced.networkError, neuralNetwork),
    "cubic-spline": gradient(traced.resample, cubicSpline, signal, {
      type: traced.indexType(),
      active: 4,
    }),
    newton: "no loop that ends by a value",
  },
};
