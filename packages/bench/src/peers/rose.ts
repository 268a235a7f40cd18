import { add, compile, div, type Fn, fn, jvp, mul, Real, struct, sub } from "rose";
import type { Body } from "../kernels/n-body.ts";
import type { Derivative, Peer } from "./peer.ts";
import * as traced from "./rose-kernels.ts";
import { cos, exp, sin } from "./rose-kernels.ts";

type Pair = { re: number; du: number };
type List = readonly number[] | Float64Array;

const pair = (re: number, du: number): Pair => ({ re, du });
const pairs = (xs: List, dxs: List): Pair[] => Array.from(xs, (x, i) => pair(x, dxs[i]));
const result = ({ re, du }: Pair): Derivative => [re, du];

/** Compiles the derivative of a function; arguments and result become pairs. */
// biome-ignore lint/suspicious/noExplicitAny: what rose infers for a derivative is too deep to name
const derivative = (f: Fn & ((...args: any[]) => any)): Promise<(...args: any[]) => any> =>
  compile(jvp(f));

async function lotkaVolterra() {
  const run = await derivative(traced.lotkaVolterra());
  return (args: List, tangents: List) => result(run(...pairs(args, tangents)));
}

async function rosenbrock() {
  const run = await derivative(traced.rosenbrock());
  return ([x]: [List], [dx]: [List]) => result(run(pairs(x, dx)));
}

async function blackScholes() {
  const run = await derivative(traced.blackScholes());
  return (args: List, tangents: List) => result(run(...pairs(args, tangents)));
}

async function gaussianMixture() {
  const run = await derivative(traced.gaussianMixture());
  return (args: List[], tangents: List[]) =>
    result(run(...args.map((list, i) => pairs(list, tangents[i]))));
}

async function luSolve() {
  const run = await derivative(traced.luSolve());
  return ([a, b]: [List[], List], [da, db]: [List[], List]): Derivative => {
    const x: Pair[] = run(
      a.map((row, i) => pairs(row, da[i])),
      pairs(b, db),
    );
    return [x.map(({ re }) => re), x.map(({ du }) => du)];
  };
}

async function nBody() {
  const run = await derivative(traced.nBody());
  return ([bodies, dt]: [Body[], number], [dBodies, ddt]: [Body[], number]) => {
    const system = bodies.map((body, i) => {
      const d = dBodies[i];
      return {
        position: { x: pair(body.x, d.x), y: pair(body.y, d.y), z: pair(body.z, d.z) },
        velocity: { x: pair(body.vx, d.vx), y: pair(body.vy, d.vy), z: pair(body.vz, d.vz) },
        mass: pair(body.mass, d.mass),
      };
    });
    return result(run(system, pair(dt, ddt)));
  };
}

async function orbitEnergy() {
  const run = await derivative(traced.orbitEnergy());
  return (args: List, tangents: List) => {
    const [x, y, z, vx, vy, vz, sun] = pairs(args, tangents);
    return result(run({ position: { x, y, z }, velocity: { x: vx, y: vy, z: vz } }, sun));
  };
}

async function ridgeLoss() {
  const run = await derivative(traced.ridgeLoss());
  return ([c, ridge]: [List, number], [dc, dRidge]: [List, number]) =>
    result(run(pairs(c, dc), pair(ridge, dRidge)));
}

async function toneCurve() {
  const run = await derivative(traced.toneCurve());
  return (args: List, tangents: List) => result(run(...pairs(args, tangents)));
}

async function area() {
  // rose has no recursion: its functions give one interval, JavaScript divides it.
  const bell = fn([Real, Real], Real, (t, width) => {
    const z = div(t, width);
    return exp(mul(-0.5, mul(z, z)));
  });
  const Interval = struct({ low: Real, high: Real, atLow: Real, atMiddle: Real, atHigh: Real });
  const Refined = struct({ atLeft: Real, atRight: Real, middle: Real, error: Real, area: Real });
  const start = fn([Real, Real, Real], Interval, (width, low, high) => ({
    low,
    high,
    atLow: bell(low, width),
    atMiddle: bell(div(add(low, high), 2), width),
    atHigh: bell(high, width),
  }));
  const refine = fn([Real, Interval], Refined, (width, { low, high, atLow, atMiddle, atHigh }) => {
    const quarter = div(sub(high, low), 4);
    const atLeft = bell(add(low, quarter), width);
    const atRight = bell(sub(high, quarter), width);
    const ends = add(atLow, atHigh);
    const third = div(quarter, 3);
    const whole = mul(mul(third, 2), add(ends, mul(4, atMiddle)));
    const halves = mul(third, add(add(ends, mul(2, atMiddle)), mul(4, add(atLeft, atRight))));
    const error = div(sub(halves, whole), 15);
    return { atLeft, atRight, middle: div(add(low, high), 2), error, area: add(halves, error) };
  });
  const begin = await derivative(start);
  const step = await derivative(refine);
  interface Piece {
    low: Pair;
    high: Pair;
    atLow: Pair;
    atMiddle: Pair;
    atHigh: Pair;
  }
  const adaptive = (width: Pair, interval: Piece, tolerance: number): Pair => {
    const { atLeft, atRight, middle, error, area } = step(width, interval);
    if (Math.abs(error.re) <= tolerance) return area;
    const { low, high, atLow, atMiddle, atHigh } = interval;
    const left = { low, high: middle, atLow, atMiddle: atLeft, atHigh: atMiddle };
    const right = { low: middle, high, atLow: atMiddle, atMiddle: atRight, atHigh };
    const a = adaptive(width, left, tolerance / 2);
    const b = adaptive(width, right, tolerance / 2);
    return pair(a.re + b.re, a.du + b.du);
  };
  return (args: List, tangents: List) => {
    const [width, low, high] = pairs(args, tangents);
    return result(adaptive(width, begin(width, low, high), 1e-8));
  };
}

async function rayMarch() {
  const run = await derivative(traced.rayMarch());
  return (args: List, tangents: List) => {
    const [x, y, z, yaw, pitch, blend] = pairs(args, tangents);
    return result(run({ x, y, z }, yaw, pitch, blend));
  };
}

async function networkError() {
  const run = await derivative(traced.networkError());
  type Layers = [List[], List, List, number];
  return ([h, b, o, c]: Layers, [dh, db, dout, dc]: Layers) =>
    result(
      run(
        h.map((row, j) => pairs(row, dh[j])),
        pairs(b, db),
        pairs(o, dout),
        pair(c, dc),
      ),
    );
}

async function resample() {
  const run = await derivative(traced.resample());
  type Signal = [List, List, number, number];
  return ([y, m, shift, stretch]: Signal, [dy, dm, dShift, dStretch]: Signal) => {
    const { indices, ends } = traced.intervals(shift, stretch);
    const inactive = ends.map(({ low, high }) => ({ low: pair(low, 0), high: pair(high, 0) }));
    return result(
      run(
        pairs(y, dy),
        pairs(m, dm),
        pair(shift, dShift),
        pair(stretch, dStretch),
        inactive,
        indices,
      ),
    );
  };
}

async function orbitRadius() {
  // No loop ends by a value: JavaScript repeats the step.
  const Step = struct({ anomaly: Real, change: Real });
  const step = fn([Real, Real, Real], Step, (mean, eccentricity, anomaly) => {
    const residual = sub(sub(anomaly, mul(eccentricity, sin(anomaly))), mean);
    const change = div(residual, sub(1, mul(eccentricity, cos(anomaly))));
    return { anomaly: sub(anomaly, change), change };
  });
  const radius = fn([Real, Real, Real], Real, (eccentricity, axis, anomaly) =>
    mul(axis, sub(1, mul(eccentricity, cos(anomaly)))),
  );
  const runStep = await derivative(step);
  const runRadius = await derivative(radius);
  return (args: List, tangents: List) => {
    const [mean, eccentricity, axis] = pairs(args, tangents);
    let anomaly = mean;
    let change = 1;
    while (Math.abs(change) > 1e-12) {
      const next = runStep(mean, eccentricity, anomaly);
      anomaly = next.anomaly;
      change = next.change.re;
    }
    return result(runRadius(eccentricity, axis, anomaly));
  };
}

/** Derivatives of traced functions, compiled to WebAssembly. */
export const peer: Peer = {
  name: "rose",
  kernels: {
    "lotka-volterra": lotkaVolterra,
    rosenbrock,
    "black-scholes": blackScholes,
    "gaussian-mixture": gaussianMixture,
    "lu-solve": luSolve,
    "n-body": nBody,
    vec3: orbitEnergy,
    functional: ridgeLoss,
    imported: toneCurve,
    recursion: area,
    "ray-march": rayMarch,
    "neural-network": networkError,
    "cubic-spline": resample,
    newton: orbitRadius,
  },
};
