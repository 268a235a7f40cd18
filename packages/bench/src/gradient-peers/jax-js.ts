import { flatten } from "../kernel.ts";
import type { Body } from "../kernels/n-body.ts";
import * as traced from "../peers/jax-js.ts";
import { $, array, BODIES, flat, jax, rows, type Array as Tensor } from "../peers/jax-js.ts";
import type { GradientKernel, GradientPeer } from "./peer.ts";

const { jit, numpy: np, valueAndGrad, vjp } = jax;

type List = readonly number[] | Float64Array;
type Value = readonly [value: number, gradient: Float64Array];

/** Value and gradient of a function of one vector. */
function run(both: (x: Tensor) => readonly [Tensor, Tensor], x: List): Value {
  const [value, gradient] = both(array(x));
  return [value.dataSync()[0], gradient.dataSync() as Float64Array];
}

/** Compiled as a whole, as the library's guide does it. */
function compiled(
  f: (x: Tensor) => Tensor,
  // biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
  pack: (args: any) => List = (args) => args,
): () => GradientKernel {
  return () => {
    const both = jit(valueAndGrad(f));
    return (args) => run(both, pack(args));
  };
}

interface Step {
  /** From the state and what stays as it is to the next state. */
  readonly step: (p: Tensor) => Tensor;
  /** How many numbers the state has. */
  readonly size: number;
  /** From both to the value; where there is none, that is the state's first number. */
  readonly end?: (p: Tensor) => Tensor;
  /** Whether another step follows. */
  readonly goesOn: (steps: number, state: readonly number[], before: readonly number[]) => boolean;
}

const isFirst = (_: number, i: number): number => (i === 0 ? 1 : 0);

/**
 * Loops are not compiled as a whole: unrolled, their steps multiply, and no loop ends by a value. A step
 * and its pullback are compiled; JavaScript keeps the states, and goes back over them.
 */
function stepped({ step, size, end, goesOn }: Step): (args: List) => [number, number[]] {
  const forwards = jit(step);
  const backwards = jit((p: Tensor, cotangent: Tensor) => vjp(step, [p])[1](cotangent)[0]);
  const last = end && jit(valueAndGrad(end));
  return (args) => {
    const all = [...args];
    const fixed = all.slice(size);
    const states: number[][] = [];
    let before: number[] = [];
    let state = all.slice(0, size);
    while (goesOn(states.length, state, before)) {
      const p = [...state, ...fixed];
      states.push(p);
      before = state;
      state = [...forwards(array(p)).dataSync()];
    }
    const [value, found] = last ? run(last, [...state, ...fixed]) : [state[0], all.map(isFirst)];
    const gradient = [...found];
    for (const p of states.reverse()) {
      const back = backwards(array(p), array(gradient.slice(0, size))).dataSync();
      for (const [i, g] of back.entries()) gradient[i] = i < size ? g : gradient[i] + g;
    }
    return [value, gradient];
  };
}

const times = (count: number) => (steps: number) => steps < count;

const lotkaVolterra = () =>
  stepped({
    step: traced.lotkaVolterraStep,
    size: 2,
    goesOn: times(100),
  });

const orbitEnergy = () =>
  stepped({ step: traced.orbitStep, size: 6, end: traced.orbitEnd, goesOn: times(25) });

function nBody(): GradientKernel {
  const gradientOf = stepped({
    step: traced.nBodyStep,
    size: 6 * BODIES,
    end: (p) => {
      const bodies = rows(p, 0, 7 * BODIES);
      p.dispose();
      return traced.nBodyEnergy(bodies);
    },
    goesOn: times(10),
  });
  return ([bodies, dt]: [Body[], number]) => {
    const [value, g] = gradientOf([
      ...traced.layBodies(bodies),
      ...bodies.map(({ mass }) => mass),
      dt,
    ]);
    const gradient = bodies.map((_, i) => {
      const [x, y, z] = g.slice(3 * i);
      const [vx, vy, vz] = g.slice(3 * (BODIES + i));
      return { x, y, z, vx, vy, vz, mass: g[6 * BODIES + i] };
    });
    return [value, [gradient, g[7 * BODIES]]];
  };
}

function rayMarch(): GradientKernel {
  const direction = jit(traced.rayDirection);
  const directionBack = jit((p: Tensor, g: Tensor) => vjp(traced.rayDirection, [p])[1](g)[0]);
  const along = stepped({
    // The distance is the last of a point's numbers there and the first of a state's here.
    step: (p) => {
      const point = np.concatenate([rows(p, 1, 8), rows(p, 0, 1)]);
      const d = traced.sceneDistance(point);
      const isOutside = d.ref.greaterEqual($(1e-9));
      return np.expandDims(p.slice(0).add(np.where(isOutside, d, $(0))), 0);
    },
    size: 1,
    goesOn: (steps, [t], [before]) => steps === 0 || (steps < 64 && t <= 20 && t - before >= 1e-9),
  });
  return ([x, y, z, yaw, pitch, blend]: number[]) => {
    const angles = [yaw, pitch];
    const ray = direction(array(angles)).dataSync();
    const [t, [, gx, gy, gz, gdx, gdy, gdz, gBlend]] = along([0, x, y, z, ...ray, blend]);
    const turn = directionBack(array(angles), array([gdx, gdy, gdz])).dataSync();
    return [t, [gx, gy, gz, ...turn, gBlend]];
  };
}

function orbitRadius(): GradientKernel {
  const gradientOf = stepped({
    step: (p) => {
      const change = traced.newtonChange(rows(p, 0, 3));
      return np.expandDims(p.slice(0).sub(change), 0);
    },
    size: 1,
    end: (p) => {
      const [anomaly, others] = [rows(p, 0, 1), rows(p, 2, 4)];
      p.dispose();
      return traced.radius(np.concatenate([anomaly, others]));
    },
    goesOn: (steps, [anomaly], [before]) => steps === 0 || Math.abs(before - anomaly) > 1e-12,
  });
  return ([mean, eccentricity, axis]: number[]) => {
    // What the iteration starts with is the mean anomaly, whose gradient has both shares.
    const [value, [start, inside, ...more]] = gradientOf([mean, mean, eccentricity, axis]);
    return [value, [start + inside, ...more]];
  };
}

/** Arrays; gradients of traced functions, compiled to WebAssembly kernels. */
export const peer: GradientPeer = {
  name: "@jax-js/jax",
  kernels: {
    "lotka-volterra": lotkaVolterra,
    rosenbrock: compiled(traced.rosenbrock, ([x]: [List]) => x),
    "black-scholes": compiled(traced.blackScholes),
    "gaussian-mixture": compiled(traced.gaussianMixture, flat),
    "n-body": nBody,
    vec3: orbitEnergy,
    functional: compiled(traced.ridgeLoss, flat),
    imported: compiled(traced.toneCurve),
    recursion: "no recursion; a call for each interval would be all that is measured",
    "ray-march": rayMarch,
    "neural-network": compiled(traced.networkError, flat),
    "cubic-spline": compiled(traced.resample, flatten),
    newton: orbitRadius,
  },
};
