import { flatten } from "../kernel.ts";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import type { Body } from "../kernels/n-body.ts";
import { kernel as network } from "../kernels/neural-network.ts";
import type { Derivative, Peer, PeerKernel } from "./peer.ts";

// The library names Float16Array when it loads, which this version of Node does not have.
// biome-ignore lint/suspicious/noExplicitAny: a stand-in that nothing calls
(globalThis as any).Float16Array ??= class {};
const jax = await import("@jax-js/jax");
const { defaultDevice, init, jit, jvp, nn, numpy: np } = jax;
await init("cpu", "wasm");
defaultDevice("wasm");

export { jax };
export type Array = ReturnType<typeof np.array>;
type List = readonly number[] | Float64Array;

const float64 = { dtype: np.float64 };
export const array = (xs: List): Array => np.array(Float64Array.from(xs), float64);

/** A constant. Plain numbers in a formula would be rounded to single precision. */
export const $ = (x: number): Array => np.array(x, float64);

/** The numbers of a vector, each by itself. */
function unpack(x: Array): Array[] {
  const parts = Array.from({ length: x.shape[0] }, (_, i) => x.ref.slice(i));
  x.dispose();
  return parts;
}

/** Rows `from` to `to` of an array, which is left to its owner. */
export const rows = (x: Array, from: number, to: number): Array => x.ref.slice([from, to]);

/**
 * The derivative along a direction, compiled once. All arguments travel in one vector, value and
 * tangent come back in another: every array that crosses costs as much as the arithmetic.
 */
function along(f: (x: Array) => Array): (x: List, dx: List) => Float64Array {
  const run = jit((x: Array, dx: Array) => {
    const [y, dy] = jvp(f, [x], [dx]);
    return np.stack([y, dy]);
  });
  return (x, dx) => run(array(x), array(dx)).dataSync() as Float64Array;
}

/** A kernel with one number as its result, of arguments laid end to end. */
function scalar(
  f: (x: Array) => Array,
  // biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
  pack: (args: any) => List = (args) => args,
): () => PeerKernel {
  return () => {
    const run = along(f);
    return (args, tangents): Derivative => {
      const [value, tangent] = run(pack(args), pack(tangents));
      return [value, tangent];
    };
  };
}

/** A step of a state, compiled once, with the state of `size` numbers first among its arguments. */
function stepper(f: (x: Array) => Array, size: number) {
  const run = along(f);
  return (state: number[], dState: number[], rest: number[], dRest: number[]) => {
    const out = run([...state, ...rest], [...dState, ...dRest]);
    return [[...out.subarray(0, size)], [...out.subarray(size)]];
  };
}

/** The state after a step. */
export function lotkaVolterraStep(p: Array): Array {
  const h = 0.05;
  const [x, y, alpha, beta, delta, gamma] = unpack(p);
  const growth = (x: Array, y: Array) => alpha.ref.mul(x.ref).sub(beta.ref.mul(x).mul(y));
  const decline = (x: Array, y: Array) => delta.ref.mul(x).mul(y.ref).sub(gamma.ref.mul(y));
  const k1x = growth(x.ref, y.ref);
  const k1y = decline(x.ref, y.ref);
  const x2 = x.ref.add(k1x.ref.mul($(h / 2)));
  const y2 = y.ref.add(k1y.ref.mul($(h / 2)));
  const k2x = growth(x2.ref, y2.ref);
  const k2y = decline(x2, y2);
  const x3 = x.ref.add(k2x.ref.mul($(h / 2)));
  const y3 = y.ref.add(k2y.ref.mul($(h / 2)));
  const k3x = growth(x3.ref, y3.ref);
  const k3y = decline(x3, y3);
  const x4 = x.ref.add(k3x.ref.mul($(h)));
  const y4 = y.ref.add(k3y.ref.mul($(h)));
  const k4x = growth(x4.ref, y4.ref);
  const k4y = decline(x4, y4);
  const mean = (a: Array, b: Array, c: Array, d: Array) =>
    a
      .add(b.mul($(2)))
      .add(c.mul($(2)))
      .add(d)
      .mul($(h / 6));
  for (const rate of [alpha, beta, delta, gamma]) rate.dispose();
  return np.stack([x.add(mean(k1x, k2x, k3x, k4x)), y.add(mean(k1y, k2y, k3y, k4y))]);
}

// Unrolled, the loop's steps multiply: two take five seconds to compile. One step is compiled.
function lotkaVolterra(): PeerKernel {
  const step = stepper(lotkaVolterraStep, 2);
  return ([x, y, ...rates]: number[], [dx, dy, ...dRates]: number[]): Derivative => {
    let state = [x, y];
    let dState = [dx, dy];
    for (let i = 0; i < 100; i++) [state, dState] = step(state, dState, rates, dRates);
    return [state[0], dState[0]];
  };
}

export function rosenbrock(x: Array): Array {
  const n = x.shape[0];
  const here = rows(x, 0, n - 1);
  const next = rows(x, 1, n);
  x.dispose();
  const a = np.subtract($(1), here.ref);
  const b = next.sub(np.square(here));
  return np.sum(np.square(a).add(np.square(b).mul($(100))));
}

export function blackScholes(p: Array): Array {
  const [spot, strike, rate, volatility, years] = unpack(p);
  const cdf = (x: Array): Array => {
    const t = np.reciprocal(np.abs(x.ref).mul($(0.2316419)).add($(1)));
    const density = np.exp(np.square(x.ref).mul($(-0.5))).mul($(1 / Math.sqrt(2 * Math.PI)));
    let series = t.ref.mul($(1.330274429)).add($(-1.821255978));
    for (const c of [1.781477937, -0.356563782, 0.31938153]) series = series.mul(t.ref).add($(c));
    const tail = density.mul(t).mul(series);
    return np.where(x.greaterEqual(0), np.subtract($(1), tail.ref), tail);
  };
  const spread = volatility.ref.mul(np.sqrt(years.ref));
  const drift = rate.ref.add(np.square(volatility).mul($(0.5))).mul(years.ref);
  const d1 = np.log(spot.ref.div(strike.ref)).add(drift).div(spread.ref);
  const d2 = d1.ref.sub(spread);
  const discounted = strike.mul(np.exp(rate.mul(years).mul($(-1))));
  return spot.mul(cdf(d1)).sub(discounted.mul(cdf(d2)));
}

export const flat = (args: readonly unknown[]): number[] => args.flat(2) as number[];

export function gaussianMixture(p: Array): Array {
  const observations = mixture.constants?.[0] as number[];
  const n = p.shape[0] / 3;
  const weights = rows(p, 0, n);
  const means = rows(p, n, 2 * n);
  const sigmas = rows(p, 2 * n, 3 * n);
  p.dispose();
  const x = array(observations).reshape([observations.length, 1]);
  const z = x.sub(means).div(sigmas.ref);
  const logs = np
    .log(weights)
    .sub(np.log(sigmas))
    .sub(np.square(z).mul($(0.5)));
  return np.sum(nn.logsumexp(logs, 1)).sub($(0.5 * observations.length * Math.log(2 * Math.PI)));
}

const SIZE = 12;

function luSolve(): PeerKernel {
  // Not compiled: the compiler refuses the derivative of the library's own solver.
  const square = (a: List[]) => array(flat(a)).reshape([SIZE, SIZE]);
  return ([a, b]: [List[], List], [da, db]: [List[], List]): Derivative => {
    const [x, dx] = jvp(np.linalg.solve, [square(a), array(b)], [square(da), array(db)]);
    return [[...x.dataSync()], [...dx.dataSync()]];
  };
}

export const BODIES = 5;

/** Differences of all pairs of rows, `[n, n, 3]`, and their squared lengths with 1 for a body itself. */
function apart(position: Array): [Array, Array] {
  const difference = np.expandDims(position.ref, 1).sub(np.expandDims(position, 0));
  const distance2 = np.sum(np.square(difference.ref), 2).add(np.eye(BODIES, undefined, float64));
  return [difference, distance2];
}

function splitBodies(p: Array) {
  const position = rows(p, 0, 3 * BODIES).reshape([BODIES, 3]);
  const velocity = rows(p, 3 * BODIES, 6 * BODIES).reshape([BODIES, 3]);
  const mass = rows(p, 6 * BODIES, 7 * BODIES);
  return { position, velocity, mass };
}

export function nBodyStep(p: Array): Array {
  const { position, velocity, mass } = splitBodies(p);
  const dt = p.slice(7 * BODIES);
  const [difference, distance2] = apart(position.ref);
  const pull = mass.div(distance2.ref.mul(np.sqrt(distance2)));
  const change = np.sum(difference.mul(np.expandDims(pull, 2)), 1);
  const faster = velocity.sub(change.mul(dt.ref));
  const moved = position.add(faster.ref.mul(dt));
  return np.concatenate([np.ravel(moved), np.ravel(faster)]);
}

export function nBodyEnergy(p: Array): Array {
  const { position, velocity, mass } = splitBodies(p);
  p.dispose();
  const kinetic = np.sum(np.sum(np.square(velocity), 1).mul(mass.ref)).mul($(0.5));
  const [difference, distance2] = apart(position);
  difference.dispose();
  const pairs = np.outer(mass.ref, mass).div(np.sqrt(distance2));
  return kinetic.sub(np.sum(np.triu(pairs, 1)));
}

/** Positions, then velocities. */
export const layBodies = (bodies: Body[]): number[] => [
  ...bodies.flatMap(({ x, y, z }) => [x, y, z]),
  ...bodies.flatMap(({ vx, vy, vz }) => [vx, vy, vz]),
];

function nBody(): PeerKernel {
  const step = stepper(nBodyStep, 6 * BODIES);
  const energy = along(nBodyEnergy);
  return ([bodies, dt]: [Body[], number], [dBodies, ddt]: [Body[], number]): Derivative => {
    const masses = bodies.map(({ mass }) => mass);
    const dMasses = dBodies.map(({ mass }) => mass);
    let state = layBodies(bodies);
    let dState = layBodies(dBodies);
    for (let i = 0; i < 10; i++) {
      [state, dState] = step(state, dState, [...masses, dt], [...dMasses, ddt]);
    }
    const [value, tangent] = energy([...state, ...masses], [...dState, ...dMasses]);
    return [value, tangent];
  };
}

function splitOrbit(p: Array): [Array, Array, Array] {
  const parts: [Array, Array, Array] = [rows(p, 0, 3), rows(p, 3, 6), p.ref.slice(6)];
  p.dispose();
  return parts;
}

export function orbitStep(p: Array): Array {
  const dt = 0.02;
  const [position, velocity, sun] = splitOrbit(p);
  const r = np.sqrt(np.sum(np.square(position.ref)));
  const pull = position.ref.mul(sun).div(r.ref.mul(r.ref).mul(r)).mul($(-1));
  const faster = velocity.add(pull.mul($(dt)));
  return np.concatenate([position.add(faster.ref.mul($(dt))), faster]);
}

export function orbitEnd(p: Array): Array {
  const [position, velocity, sun] = splitOrbit(p);
  const kinetic = np.sum(np.square(velocity)).mul($(0.5));
  return kinetic.sub(sun.div(np.sqrt(np.sum(np.square(position)))));
}

function orbitEnergy(): PeerKernel {
  const step = stepper(orbitStep, 6);
  const energy = along(orbitEnd);
  return (args: number[], tangents: number[]): Derivative => {
    let state = args.slice(0, 6);
    let dState = tangents.slice(0, 6);
    const sun = [args[6]];
    const dSun = [tangents[6]];
    for (let i = 0; i < 25; i++) [state, dState] = step(state, dState, sun, dSun);
    const [value, tangent] = energy([...state, ...sun], [...dState, ...dSun]);
    return [value, tangent];
  };
}

export function ridgeLoss(p: Array): Array {
  const [xs, ys] = functional.constants as [number[], number[]];
  const n = p.shape[0] - 1;
  const coefficients = rows(p, 0, n);
  const ridge = p.slice(n);
  const model = np.matmul(np.vander(array(xs), { n }), coefficients.ref);
  const error = np.mean(np.square(model.sub(array(ys))));
  return error.add(ridge.mul(np.sum(np.square(coefficients))));
}

export function toneCurve(p: Array): Array {
  const [exposure, contrast, middle, toe] = unpack(p);
  const luminance = array(Float64Array.from({ length: 33 }, (_, i) => i / 32));
  const exposed = luminance.ref.mul(np.exp2(exposure));
  const curve = nn.sigmoid(contrast.mul(exposed.ref.sub(middle)));
  const t = np.clip(luminance.ref.sub(toe.ref).div(np.subtract($(1), toe)), 0, 1);
  const smooth = np.square(t.ref).mul(np.subtract($(3), t.mul($(2))));
  const blended = exposed.ref.add(curve.sub(exposed).mul(smooth));
  return np.mean(np.square(np.clip(blended, 0, 1).sub(np.sqrt(luminance))));
}

export function networkError(p: Array): Array {
  const [inputs, targets] = network.constants as [number[][], number[]];
  const units = (p.shape[0] - 1) / 6;
  const hidden = rows(p, 0, 4 * units).reshape([units, 4]);
  const biases = rows(p, 4 * units, 5 * units);
  const output = rows(p, 5 * units, 6 * units);
  const bias = p.slice(6 * units);
  const x = array(inputs.flat()).reshape([inputs.length, 4]);
  const activation = np.tanh(np.matmul(x, np.transpose(hidden)).add(biases));
  const prediction = np.matmul(activation, output).add(bias);
  return np.mean(np.square(prediction.sub(array(targets))));
}

export function resample(p: Array): Array {
  const knots = cubicSpline.constants?.[0] as Float64Array;
  const n = knots.length;
  const ys = rows(p, 0, n);
  const bends = rows(p, n, 2 * n);
  const shift = p.ref.slice(2 * n);
  const stretch = p.slice(2 * n + 1);
  const steps = array(Float64Array.from({ length: 40 }, (_, k) => k));
  const x = np.clip(shift.add(stretch.mul(steps)), $(knots[0]), $(knots[n - 1]));
  const isBehind = np.expandDims(x.ref, 1).greaterEqual(array(knots.subarray(1, n - 1)));
  const i = np.sum(isBehind.astype(np.int32), 1);
  const next = i.ref.add(1);
  const low = np.take(array(knots), i.ref);
  const high = np.take(array(knots), next.ref);
  const h = high.ref.sub(low.ref);
  const a = high.sub(x.ref).div(h.ref);
  const b = x.sub(low).div(h.ref);
  const bend = (w: Array, m: Array) => np.square(w.ref).mul(w.ref).sub(w).mul(m);
  const bent = bend(a.ref, np.take(bends.ref, i.ref)).add(bend(b.ref, np.take(bends, next.ref)));
  const line = a.mul(np.take(ys.ref, i)).add(b.mul(np.take(ys, next)));
  return np.sum(np.square(line.add(bent.mul(np.square(h)).div($(6)))));
}

/** What a step of Newton's method takes off the anomaly. */
export function newtonChange(p: Array): Array {
  const [anomaly, mean, eccentricity] = unpack(p);
  const residual = anomaly.ref.sub(eccentricity.ref.mul(np.sin(anomaly.ref))).sub(mean);
  return residual.div(np.subtract($(1), eccentricity.mul(np.cos(anomaly))));
}

export function radius(p: Array): Array {
  const [anomaly, eccentricity, axis] = unpack(p);
  return axis.mul(np.subtract($(1), eccentricity.mul(np.cos(anomaly))));
}

function orbitRadius(): PeerKernel {
  const step = along(newtonChange);
  const end = along(radius);
  return ([mean, e, axis]: number[], [dMean, de, dAxis]: number[]): Derivative => {
    let anomaly = mean;
    let dAnomaly = dMean;
    let change = 1;
    let dChange = 0;
    while (Math.abs(change) > 1e-12) {
      [change, dChange] = step([anomaly, mean, e], [dAnomaly, dMean, de]);
      anomaly -= change;
      dAnomaly -= dChange;
    }
    const [value, tangent] = end([anomaly, e, axis], [dAnomaly, de, dAxis]);
    return [value, tangent];
  };
}

export function rayDirection(p: Array): Array {
  const [yaw, pitch] = unpack(p);
  const level = np.cos(pitch.ref);
  return np.stack([level.ref.mul(np.sin(yaw.ref)), np.sin(pitch), level.mul(np.cos(yaw))]);
}

/** The distance to the scene from a point on a ray. */
export function sceneDistance(p: Array): Array {
  const [x, y, z, dx, dy, dz, blend, t] = unpack(p);
  const length = (...parts: Array[]) => np.sqrt(parts.map(np.square).reduce(np.add));
  const px = x.add(dx.mul(t.ref));
  const py = y.add(dy.mul(t.ref));
  const pz = z.add(dz.mul(t));
  const sphere = length(px.ref, py.ref.sub($(0.3)), pz.ref).sub($(0.5));
  const torus = length(length(px, pz).sub($(0.8)), py.ref).sub($(0.25));
  const overlap = blend.ref.sub(np.abs(sphere.ref.sub(torus.ref)));
  const h = np.maximum(overlap, 0).div(blend.ref);
  const melted = np.minimum(sphere, torus).sub(np.square(h).mul(blend).mul($(0.25)));
  return np.minimum(melted, py.add($(0.5)));
}

function rayMarch(): PeerKernel {
  const direction = along(rayDirection);
  const scene = along(sceneDistance);
  return (args: number[], tangents: number[]): Derivative => {
    const [x, y, z, yaw, pitch, blend] = args;
    const [ex, ey, ez, dYaw, dPitch, dBlend] = tangents;
    const ray = direction([yaw, pitch], [dYaw, dPitch]);
    const fixed = [x, y, z, ...ray.subarray(0, 3), blend];
    const dFixed = [ex, ey, ez, ...ray.subarray(3), dBlend];
    let t = 0;
    let dt = 0;
    for (let i = 0; i < 64 && t <= 20; i++) {
      const [d, dd] = scene([...fixed, t], [...dFixed, dt]);
      if (d < 1e-9) break;
      t += d;
      dt += dd;
    }
    return [t, dt];
  };
}

/** Arrays; derivatives of traced functions, compiled to WebAssembly kernels. */
export const peer: Peer = {
  name: "@jax-js/jax",
  kernels: {
    "lotka-volterra": lotkaVolterra,
    rosenbrock: scalar(rosenbrock, ([x]: [List]) => x),
    "black-scholes": scalar(blackScholes),
    "gaussian-mixture": scalar(gaussianMixture, flat),
    "lu-solve": luSolve,
    "n-body": nBody,
    vec3: orbitEnergy,
    functional: scalar(ridgeLoss, flat),
    imported: scalar(toneCurve),
    recursion: "no recursion; a call for each interval would be all that is measured",
    "ray-march": rayMarch,
    "neural-network": scalar(networkError, flat),
    "cubic-spline": scalar(resample, flatten),
    newton: orbitRadius,
  },
};
