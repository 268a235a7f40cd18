import {
  abs,
  add,
  cos,
  type Dual,
  div,
  exp,
  log,
  mix,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  sub,
  vadd,
  dot as vdot,
} from "@thi.ng/dual-algebra";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import type { Body } from "../kernels/n-body.ts";
import { kernel as network } from "../kernels/neural-network.ts";
import type { Derivative, Peer } from "./peer.ts";

type List = readonly number[] | Float64Array;

/** A constant. */
const $ = (x: number): Dual => [x, 0];
const seed = (xs: List, dxs: List): Dual[] => Array.from(xs, (x, i) => [x, dxs[i]]);
const result = (y: Dual): Derivative => [y[0], y[1]];
const results = (ys: Dual[]): Derivative => [ys.map((y) => y[0]), ys.map((y) => y[1])];
const least = (a: Dual, b: Dual): Dual => (b[0] < a[0] ? b : a);
const largest = (a: Dual, b: Dual): Dual => (a[0] < b[0] ? b : a);
const scale = (x: Dual, factor: number): Dual => mul(x, $(factor));
const ONE = $(1);

function lotkaVolterra(args: List, tangents: List): Derivative {
  let [x, y, alpha, beta, delta, gamma] = seed(args, tangents);
  const h = 0.05;
  const growth = (x: Dual, y: Dual) => sub(mul(alpha, x), mul(mul(beta, x), y));
  const decline = (x: Dual, y: Dual) => sub(mul(mul(delta, x), y), mul(gamma, y));
  const sum = (k1: Dual, k2: Dual, k3: Dual, k4: Dual) =>
    scale(add(add(k1, scale(k2, 2)), add(scale(k3, 2), k4)), h / 6);
  for (let step = 0; step < 100; step++) {
    const k1x = growth(x, y);
    const k1y = decline(x, y);
    const x2 = add(x, scale(k1x, h / 2));
    const y2 = add(y, scale(k1y, h / 2));
    const k2x = growth(x2, y2);
    const k2y = decline(x2, y2);
    const x3 = add(x, scale(k2x, h / 2));
    const y3 = add(y, scale(k2y, h / 2));
    const k3x = growth(x3, y3);
    const k3y = decline(x3, y3);
    const x4 = add(x, scale(k3x, h));
    const y4 = add(y, scale(k3y, h));
    x = add(x, sum(k1x, k2x, k3x, growth(x4, y4)));
    y = add(y, sum(k1y, k2y, k3y, decline(x4, y4)));
  }
  return result(x);
}

function rosenbrock([xs]: [List], [dxs]: [List]): Derivative {
  const x = seed(xs, dxs);
  let sum = $(0);
  for (let i = 0; i < x.length - 1; i++) {
    const a = sub(ONE, x[i]);
    const b = sub(x[i + 1], mul(x[i], x[i]));
    sum = add(sum, add(mul(a, a), scale(mul(b, b), 100)));
  }
  return result(sum);
}

function normalCdf(x: Dual): Dual {
  const t = div(ONE, add(ONE, scale(abs(x), 0.2316419)));
  const density = scale(exp(scale(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  const series = [-1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
    (sum, c) => add(mul(sum, t), $(c)),
    $(1.330274429),
  );
  const tail = mul(mul(density, t), series);
  return x[0] >= 0 ? sub(ONE, tail) : tail;
}

function blackScholes(args: List, tangents: List): Derivative {
  const [spot, strike, rate, volatility, years] = seed(args, tangents);
  const spread = mul(volatility, sqrt(years));
  const drift = mul(add(rate, scale(pow(volatility, 2), 0.5)), years);
  const d1 = div(add(log(div(spot, strike)), drift), spread);
  const d2 = sub(d1, spread);
  const discounted = mul(strike, exp(neg(mul(rate, years))));
  return result(sub(mul(spot, normalCdf(d1)), mul(discounted, normalCdf(d2))));
}

const OBSERVATIONS = mixture.constants?.[0] as number[];

function gaussianMixture(args: List[], tangents: List[]): Derivative {
  const [weights, means, sigmas] = args.map((list, i) => seed(list, tangents[i]));
  let total = $(0);
  for (const x of OBSERVATIONS) {
    const logs = weights.map((weight, k) => {
      const z = div(sub($(x), means[k]), sigmas[k]);
      return sub(sub(log(weight), log(sigmas[k])), scale(mul(z, z), 0.5));
    });
    const highest = logs.reduce(largest);
    const sum = logs.map((value) => exp(sub(value, highest))).reduce((a, b) => add(a, b));
    total = add(total, add(highest, log(sum)));
  }
  return result(sub(total, $(0.5 * OBSERVATIONS.length * Math.log(2 * Math.PI))));
}

function luSolve([a, b]: [List[], List], [da, db]: [List[], List]): Derivative {
  const lu = a.map((row, i) => seed(row, da[i]));
  const x = seed(b, db);
  const n = x.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i][k][0]) > Math.abs(lu[pivot][k][0])) pivot = i;
    }
    [lu[k], lu[pivot]] = [lu[pivot], lu[k]];
    [x[k], x[pivot]] = [x[pivot], x[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = div(lu[i][k], lu[k][k]);
      lu[i][k] = factor;
      for (let j = k + 1; j < n; j++) lu[i][j] = sub(lu[i][j], mul(factor, lu[k][j]));
    }
  }
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) x[i] = sub(x[i], mul(lu[i][j], x[j]));
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] = sub(x[i], mul(lu[i][j], x[j]));
    x[i] = div(x[i], lu[i][i]);
  }
  return results(x);
}

interface DualBody {
  position: Dual[];
  velocity: Dual[];
  mass: Dual;
}

const minus = (a: Dual[], b: Dual[]): Dual[] => a.map((x, i) => sub(x, b[i]));
const times = (a: Dual[], factor: Dual): Dual[] => a.map((x) => mul(x, factor));

function nBody([bodies, dt]: [Body[], number], [dBodies, ddt]: [Body[], number]): Derivative {
  const system = bodies.map((body, i): DualBody => {
    const d = dBodies[i];
    return {
      position: seed([body.x, body.y, body.z], [d.x, d.y, d.z]),
      velocity: seed([body.vx, body.vy, body.vz], [d.vx, d.vy, d.vz]),
      mass: [body.mass, d.mass],
    };
  });
  const h: Dual = [dt, ddt];
  for (let step = 0; step < 10; step++) {
    for (let i = 0; i < system.length; i++) {
      const a = system[i];
      for (let j = i + 1; j < system.length; j++) {
        const b = system[j];
        const apart = minus(a.position, b.position);
        const distance2 = vdot(apart, apart);
        const pull = div(h, mul(distance2, sqrt(distance2)));
        a.velocity = minus(a.velocity, times(apart, mul(b.mass, pull)));
        b.velocity = vadd(b.velocity, times(apart, mul(a.mass, pull)));
      }
    }
    for (const body of system) body.position = vadd(body.position, times(body.velocity, h));
  }
  let total = $(0);
  for (let i = 0; i < system.length; i++) {
    const a = system[i];
    total = add(total, scale(mul(a.mass, vdot(a.velocity, a.velocity)), 0.5));
    for (let j = i + 1; j < system.length; j++) {
      const b = system[j];
      const apart = minus(a.position, b.position);
      total = sub(total, div(mul(a.mass, b.mass), sqrt(vdot(apart, apart))));
    }
  }
  return result(total);
}

function orbitEnergy(args: List, tangents: List): Derivative {
  const [x, y, z, vx, vy, vz, sun] = seed(args, tangents);
  const dt = $(0.02);
  let position = [x, y, z];
  let velocity = [vx, vy, vz];
  const distance = () => sqrt(vdot(position, position));
  for (let step = 0; step < 25; step++) {
    const r = distance();
    const pull = times(position, div(neg(sun), mul(mul(r, r), r)));
    velocity = vadd(velocity, times(pull, dt));
    position = vadd(position, times(velocity, dt));
  }
  return result(sub(scale(vdot(velocity, velocity), 0.5), div(sun, distance())));
}

const XS = functional.constants?.[0] as number[];
const YS = functional.constants?.[1] as number[];

function ridgeLoss([cs, r]: [List, number], [dcs, dr]: [List, number]): Derivative {
  const coefficients = seed(cs, dcs);
  const ridge: Dual = [r, dr];
  const sum = (values: Dual[]) => values.reduce((a, b) => add(a, b), $(0));
  const model = (x: Dual) => coefficients.reduce((value, c) => add(mul(value, x), c), $(0));
  const residuals = XS.map((x, i) => sub(model($(x)), $(YS[i])));
  const error = scale(sum(residuals.map((e) => mul(e, e))), 1 / XS.length);
  return result(add(error, mul(ridge, sum(coefficients.map((c) => mul(c, c))))));
}

const clamp = (x: Dual, low: number, high: number): Dual => least(largest(x, $(low)), $(high));

function toneCurve(args: List, tangents: List): Derivative {
  const [exposure, contrast, middle, toe] = seed(args, tangents);
  let error = $(0);
  for (let i = 0; i <= 32; i++) {
    const luminance = i / 32;
    const exposed = scale(exp(scale(exposure, Math.LN2)), luminance);
    const curve = div(ONE, add(ONE, exp(neg(mul(contrast, sub(exposed, middle))))));
    const t = clamp(div(sub($(luminance), toe), sub(ONE, toe)), 0, 1);
    const blended = mix(exposed, curve, mul(mul(t, t), sub($(3), scale(t, 2))));
    const difference = sub(clamp(blended, 0, 1), $(Math.sqrt(luminance)));
    error = add(error, mul(difference, difference));
  }
  return result(scale(error, 1 / 33));
}

function bell(t: Dual, width: Dual): Dual {
  return exp(scale(pow(div(t, width), 2), -0.5));
}

function adaptive(
  width: Dual,
  low: Dual,
  high: Dual,
  atLow: Dual,
  atMiddle: Dual,
  atHigh: Dual,
  tolerance: number,
): Dual {
  const quarter = scale(sub(high, low), 1 / 4);
  const atLeft = bell(add(low, quarter), width);
  const atRight = bell(sub(high, quarter), width);
  const ends = add(atLow, atHigh);
  const whole = mul(scale(quarter, 2 / 3), add(ends, scale(atMiddle, 4)));
  const halves = mul(
    scale(quarter, 1 / 3),
    add(add(ends, scale(atMiddle, 2)), scale(add(atLeft, atRight), 4)),
  );
  const error = scale(sub(halves, whole), 1 / 15);
  if (Math.abs(error[0]) <= tolerance) return add(halves, error);
  const middle = scale(add(low, high), 1 / 2);
  return add(
    adaptive(width, low, middle, atLow, atLeft, atMiddle, tolerance / 2),
    adaptive(width, middle, high, atMiddle, atRight, atHigh, tolerance / 2),
  );
}

function area(args: List, tangents: List): Derivative {
  const [width, low, high] = seed(args, tangents);
  const atMiddle = bell(scale(add(low, high), 1 / 2), width);
  return result(adaptive(width, low, high, bell(low, width), atMiddle, bell(high, width), 1e-8));
}

const length2 = (x: Dual, y: Dual): Dual => sqrt(add(mul(x, x), mul(y, y)));
const length3 = (x: Dual, y: Dual, z: Dual): Dual =>
  sqrt(add(add(mul(x, x), mul(y, y)), mul(z, z)));

function smoothMin(a: Dual, b: Dual, k: Dual): Dual {
  const h = div(largest(sub(k, abs(sub(a, b))), $(0)), k);
  return sub(least(a, b), scale(mul(mul(h, h), k), 1 / 4));
}

function scene(x: Dual, y: Dual, z: Dual, blend: Dual): Dual {
  const sphere = sub(length3(x, sub(y, $(0.3)), z), $(0.5));
  const torus = sub(length2(sub(length2(x, z), $(0.8)), y), $(0.25));
  return least(smoothMin(sphere, torus, blend), add(y, $(0.5)));
}

function rayMarch(args: List, tangents: List): Derivative {
  const [x, y, z, yaw, pitch, blend] = seed(args, tangents);
  const dx = mul(cos(pitch), sin(yaw));
  const dy = sin(pitch);
  const dz = mul(cos(pitch), cos(yaw));
  let t = $(0);
  for (let step = 0; step < 64; step++) {
    const d = scene(add(x, mul(t, dx)), add(y, mul(t, dy)), add(z, mul(t, dz)), blend);
    if (d[0] < 1e-9) break;
    t = add(t, d);
    if (t[0] > 20) break;
  }
  return result(t);
}

const INPUTS = network.constants?.[0] as number[][];
const TARGETS = network.constants?.[1] as number[];

function tanh(x: Dual): Dual {
  const e = exp(scale(x, -2));
  return div(sub(ONE, e), add(ONE, e));
}

type Layers = [List[], List, List, number];

function networkError([h, b, o, c]: Layers, [dh, db, dout, dc]: Layers): Derivative {
  const hidden = h.map((row, j) => seed(row, dh[j]));
  const biases = seed(b, db);
  const output = seed(o, dout);
  let error = $(0);
  for (let s = 0; s < INPUTS.length; s++) {
    const input = INPUTS[s].map($);
    let prediction: Dual = [c, dc];
    for (let j = 0; j < hidden.length; j++) {
      const activation = add(biases[j], vdot(hidden[j], input));
      prediction = add(prediction, mul(output[j], tanh(activation)));
    }
    error = add(error, pow(sub(prediction, $(TARGETS[s])), 2));
  }
  return result(scale(error, 1 / INPUTS.length));
}

const KNOTS = cubicSpline.constants?.[0] as Float64Array;

function spline(x: Dual, ys: Dual[], bends: Dual[]): Dual {
  let low = 0;
  let high = KNOTS.length - 1;
  if (x[0] <= KNOTS[low]) return ys[low];
  if (x[0] >= KNOTS[high]) return ys[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (KNOTS[middle] > x[0]) high = middle;
    else low = middle;
  }
  const h = KNOTS[high] - KNOTS[low];
  const a = scale(sub($(KNOTS[high]), x), 1 / h);
  const b = scale(sub(x, $(KNOTS[low])), 1 / h);
  const bend = (w: Dual, value: Dual) => mul(sub(pow(w, 3), w), value);
  const bent = add(bend(a, bends[low]), bend(b, bends[high]));
  return add(add(mul(a, ys[low]), mul(b, ys[high])), scale(bent, (h * h) / 6));
}

type Signal = [List, List, number, number];

function resample([y, m, s, w]: Signal, [dy, dm, ds, dw]: Signal): Derivative {
  const ys = seed(y, dy);
  const bends = seed(m, dm);
  const shift: Dual = [s, ds];
  const stretch: Dual = [w, dw];
  let total = $(0);
  for (let k = 0; k < 40; k++) {
    const value = spline(add(shift, scale(stretch, k)), ys, bends);
    total = add(total, mul(value, value));
  }
  return result(total);
}

function orbitRadius(args: List, tangents: List): Derivative {
  const [mean, eccentricity, axis] = seed(args, tangents);
  let anomaly = mean;
  let change = ONE;
  while (Math.abs(change[0]) > 1e-12) {
    change = div(
      sub(sub(anomaly, mul(eccentricity, sin(anomaly))), mean),
      sub(ONE, mul(eccentricity, cos(anomaly))),
    );
    anomaly = sub(anomaly, change);
  }
  return result(mul(axis, sub(ONE, mul(eccentricity, cos(anomaly)))));
}

/** Dual numbers as tuples, with a function for each operator. */
export const peer: Peer = {
  name: "@thi.ng/dual-algebra",
  kernels: {
    "lotka-volterra": () => lotkaVolterra,
    rosenbrock: () => rosenbrock,
    "black-scholes": () => blackScholes,
    "gaussian-mixture": () => gaussianMixture,
    "lu-solve": () => luSolve,
    "n-body": () => nBody,
    vec3: () => orbitEnergy,
    functional: () => ridgeLoss,
    imported: () => toneCurve,
    recursion: () => area,
    "ray-march": () => rayMarch,
    "neural-network": () => networkError,
    "cubic-spline": () => resample,
    newton: () => orbitRadius,
  },
};
