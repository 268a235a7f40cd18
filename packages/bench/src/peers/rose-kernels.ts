// The kernels as rose has them, before any derivative is taken.
import {
  abs,
  add,
  Dual,
  div,
  fn,
  gt,
  iadd,
  ieq,
  leq,
  lt,
  mul,
  type Nat,
  neg,
  opaque,
  Real,
  select,
  sqrt,
  struct,
  sub,
  sum,
  Vec,
  vec,
} from "rose";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import { kernel as network } from "../kernels/neural-network.ts";

// Transcendental functions come from JavaScript; their derivatives from us, as in rose's guide.
export const exp = opaque([Real], Real, Math.exp);
exp.jvp = fn([Dual], Dual, ({ re, du }) => {
  const y = exp(re);
  return { re: y, du: mul(du, y) };
});
const log = opaque([Real], Real, Math.log);
log.jvp = fn([Dual], Dual, ({ re, du }) => ({ re: log(re), du: div(du, re) }));
export const sin = opaque([Real], Real, Math.sin);
export const cos = opaque([Real], Real, Math.cos);
sin.jvp = fn([Dual], Dual, ({ re, du }) => ({ re: sin(re), du: mul(du, cos(re)) }));
cos.jvp = fn([Dual], Dual, ({ re, du }) => ({ re: cos(re), du: mul(du, neg(sin(re))) }));
const tanh = opaque([Real], Real, Math.tanh);
tanh.jvp = fn([Dual], Dual, ({ re, du }) => {
  const y = tanh(re);
  return { re: y, du: mul(du, sub(1, mul(y, y))) };
});

const least = (a: Real, b: Real): Real => select(lt(b, a), Real, b, a);
const largest = (a: Real, b: Real): Real => select(lt(a, b), Real, b, a);

export function lotkaVolterra() {
  const h = 0.05;
  const State = struct({ x: Real, y: Real });
  const Rates = struct({ alpha: Real, beta: Real, delta: Real, gamma: Real });
  const flow = fn([Rates, State], State, ({ alpha, beta, delta, gamma }, { x, y }) => ({
    x: sub(mul(alpha, x), mul(mul(beta, x), y)),
    y: sub(mul(mul(delta, x), y), mul(gamma, y)),
  }));
  const step = fn([Rates, State], State, (rates, { x, y }) => {
    const k1 = flow(rates, { x, y });
    const k2 = flow(rates, { x: add(x, mul(h / 2, k1.x)), y: add(y, mul(h / 2, k1.y)) });
    const k3 = flow(rates, { x: add(x, mul(h / 2, k2.x)), y: add(y, mul(h / 2, k2.y)) });
    const k4 = flow(rates, { x: add(x, mul(h, k3.x)), y: add(y, mul(h, k3.y)) });
    const mean = (a: Real, b: Real, c: Real, d: Real) =>
      mul(h / 6, add(add(add(a, mul(2, b)), mul(2, c)), d));
    return {
      x: add(x, mean(k1.x, k2.x, k3.x, k4.x)),
      y: add(y, mean(k1.y, k2.y, k3.y, k4.y)),
    };
  });
  return fn([Real, Real, Real, Real, Real, Real], Real, (x, y, alpha, beta, delta, gamma) => {
    let state = { x, y };
    for (let i = 0; i < 100; i++) state = step({ alpha, beta, delta, gamma }, state);
    return state.x;
  });
}

export function rosenbrock() {
  const n = 1000;
  // An index of one range is no index of another, so that the last one is masked.
  const f = fn([Vec(n, Real)], Real, (x) =>
    sum(n, (i) => {
      const isLast = ieq(n, i, n - 1);
      const next = iadd(n, i, select(isLast, n, 0, 1));
      const a = sub(1, x[i]);
      const b = sub(x[next], mul(x[i], x[i]));
      return select(isLast, Real, 0, add(mul(a, a), mul(100, mul(b, b))));
    }),
  );
  return f;
}

export function blackScholes() {
  const cdf = fn([Real], Real, (x) => {
    const t = div(1, add(1, mul(0.2316419, abs(x))));
    const density = div(exp(div(neg(mul(x, x)), 2)), Math.sqrt(2 * Math.PI));
    const series = [-1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
      (value: Real, c) => add(mul(value, t), c),
      1.330274429,
    );
    const tail = mul(mul(density, t), series);
    return select(lt(x, 0), Real, tail, sub(1, tail));
  });
  const price = fn(
    [Real, Real, Real, Real, Real],
    Real,
    (spot, strike, rate, volatility, years) => {
      const spread = mul(volatility, sqrt(years));
      const drift = mul(add(rate, div(mul(volatility, volatility), 2)), years);
      const d1 = div(add(log(div(spot, strike)), drift), spread);
      const discounted = mul(strike, exp(neg(mul(rate, years))));
      return sub(mul(spot, cdf(d1)), mul(discounted, cdf(sub(d1, spread))));
    },
  );
  return price;
}

export function gaussianMixture() {
  const observations = mixture.constants?.[0] as number[];
  const n = (mixture.args[0] as number[]).length;
  const Few = Vec(n, Real);
  const term = fn([Real, Few, Few, Few], Real, (x, weights, means, sigmas) => {
    const logs = vec(n, Real, (k) => {
      const z = div(sub(x, means[k]), sigmas[k]);
      return sub(sub(log(weights[k]), log(sigmas[k])), mul(0.5, mul(z, z)));
    });
    let highest = logs[0];
    for (let k = 1; k < n; k++) highest = largest(highest, logs[k]);
    return add(highest, log(sum(n, (k) => exp(sub(logs[k], highest)))));
  });
  const total = fn([Few, Few, Few], Real, (weights, means, sigmas) =>
    observations.reduce(
      (total: Real, x) => add(total, term(x, weights, means, sigmas)),
      -0.5 * observations.length * Math.log(2 * Math.PI),
    ),
  );
  return total;
}

export function luSolve() {
  const n = 12;
  const Row = Vec(n, Real);
  const Matrix = Vec(n, Row);
  const System = struct({ a: Matrix, b: Row });
  const eliminate = Array.from({ length: n }, (_, k) =>
    fn([System], System, ({ a, b }) => {
      let pivot: Nat = k;
      for (let i = k + 1; i < n; i++) {
        pivot = select(gt(abs(a[i][k]), abs(a[pivot][k])), n, i, pivot);
      }
      const swapped = vec(n, n, (i) =>
        select(ieq(n, i, k), n, pivot, select(ieq(n, i, pivot), n, k, i)),
      );
      const rows: (typeof a)[number][] = [];
      const values: Real[] = [];
      for (let i = 0; i < n; i++) {
        const row = a[swapped[i]];
        const value = b[swapped[i]];
        if (i <= k) {
          rows.push(row);
          values.push(value);
        } else {
          const top = rows[k];
          const factor = div(row[k], top[k]);
          rows.push(vec(n, Real, (j) => sub(row[j], mul(factor, top[j]))));
          values.push(sub(value, mul(factor, values[k])));
        }
      }
      return { a: rows, b: values };
    }),
  );
  const solve = fn([Matrix, Row], Row, (a, b) => {
    let system = eliminate[0]({ a, b });
    for (let k = 1; k < n; k++) system = eliminate[k](system);
    const x: Real[] = new Array(n);
    for (let i = n - 1; i >= 0; i--) {
      let value = system.b[i];
      for (let j = i + 1; j < n; j++) value = sub(value, mul(system.a[i][j], x[j]));
      x[i] = div(value, system.a[i][i]);
    }
    return x;
  });
  return solve;
}

type Triple = { x: Real; y: Real; z: Real };
const Triple = struct({ x: Real, y: Real, z: Real });
const dot = fn([Triple, Triple], Real, (a, b) =>
  add(add(mul(a.x, b.x), mul(a.y, b.y)), mul(a.z, b.z)),
);
const plus = (a: Triple, b: Triple): Triple => ({
  x: add(a.x, b.x),
  y: add(a.y, b.y),
  z: add(a.z, b.z),
});
const minus = (a: Triple, b: Triple): Triple => ({
  x: sub(a.x, b.x),
  y: sub(a.y, b.y),
  z: sub(a.z, b.z),
});
const times = (a: Triple, s: Real): Triple => ({ x: mul(a.x, s), y: mul(a.y, s), z: mul(a.z, s) });

export function nBody() {
  const n = 5;
  const Moving = struct({ position: Triple, velocity: Triple, mass: Real });
  const System = Vec(n, Moving);
  const pull = fn([Real, Triple], Real, (dt, apart) => {
    const distance2 = dot(apart, apart);
    return div(dt, mul(distance2, sqrt(distance2)));
  });
  const advance = fn([System, Real], System, (system, dt) => {
    const bodies = Array.from({ length: n }, (_, i) => ({ ...spread(system[i]) }));
    for (let i = 0; i < n; i++) {
      const a = bodies[i];
      for (let j = i + 1; j < n; j++) {
        const b = bodies[j];
        const apart = minus(a.position, b.position);
        const strength = pull(dt, apart);
        a.velocity = minus(a.velocity, times(apart, mul(b.mass, strength)));
        b.velocity = plus(b.velocity, times(apart, mul(a.mass, strength)));
      }
    }
    for (const body of bodies) body.position = plus(body.position, times(body.velocity, dt));
    return bodies;
  });
  const energy = fn([System], Real, (system) => {
    let total: Real = 0;
    for (let i = 0; i < n; i++) {
      const a = system[i];
      total = add(total, mul(0.5, mul(a.mass, dot(a.velocity, a.velocity))));
      for (let j = i + 1; j < n; j++) {
        const b = system[j];
        const apart = minus(a.position, b.position);
        total = sub(total, div(mul(a.mass, b.mass), sqrt(dot(apart, apart))));
      }
    }
    return total;
  });
  return fn([System, Real], Real, (system, dt) => {
    let state = system;
    for (let step = 0; step < 10; step++) state = advance(state, dt);
    return energy(state);
  });
}

/** rose's structs cannot be spread. */
function spread({ position, velocity, mass }: { position: Triple; velocity: Triple; mass: Real }) {
  return { position, velocity, mass };
}

export function orbitEnergy() {
  const dt = 0.02;
  const State = struct({ position: Triple, velocity: Triple });
  const step = fn([State, Real], State, ({ position, velocity }, sun) => {
    const r = sqrt(dot(position, position));
    const pull = times(position, div(neg(sun), mul(r, mul(r, r))));
    const faster = plus(velocity, times(pull, dt));
    return { position: plus(position, times(faster, dt)), velocity: faster };
  });
  return fn([State, Real], Real, (state, sun) => {
    let { position, velocity } = state;
    for (let i = 0; i < 25; i++) ({ position, velocity } = step({ position, velocity }, sun));
    return sub(div(dot(velocity, velocity), 2), div(sun, sqrt(dot(position, position))));
  });
}

export function ridgeLoss() {
  const [xs, ys] = functional.constants as [number[], number[]];
  const n = (functional.args[0] as number[]).length;
  const Coefficients = Vec(n, Real);
  const square = fn([Coefficients, Real, Real], Real, (coefficients, x, y) => {
    let value: Real = 0;
    for (let i = 0; i < n; i++) value = add(mul(value, x), coefficients[i]);
    const residual = sub(value, y);
    return mul(residual, residual);
  });
  const loss = fn([Coefficients, Real], Real, (coefficients, ridge) => {
    const error = xs.reduce((total: Real, x, i) => add(total, square(coefficients, x, ys[i])), 0);
    const penalty = sum(n, (i) => mul(coefficients[i], coefficients[i]));
    return add(div(error, xs.length), mul(ridge, penalty));
  });
  return loss;
}

const clamp = (x: Real, low: number, high: number): Real => least(largest(x, low), high);

export function toneCurve() {
  // The target comes as a number: at 0 rose's square root makes NaN of a zero tangent.
  const Point = struct({ luminance: Real, target: Real, exposed: Real });
  const Curve = struct({ contrast: Real, middle: Real, toe: Real });
  const square = fn([Point, Curve], Real, ({ luminance, target, exposed }, curveAt) => {
    const { contrast, middle, toe } = curveAt;
    const curve = div(1, add(1, exp(mul(contrast, sub(middle, exposed)))));
    const t = clamp(div(sub(luminance, toe), sub(1, toe)), 0, 1);
    const smooth = mul(mul(t, t), sub(3, mul(2, t)));
    const blended = add(exposed, mul(sub(curve, exposed), smooth));
    const difference = sub(clamp(blended, 0, 1), target);
    return mul(difference, difference);
  });
  const error = fn([Real, Real, Real, Real], Real, (exposure, contrast, middle, toe) => {
    const factor = exp(mul(Math.LN2, exposure));
    let total: Real = 0;
    for (let i = 0; i <= 32; i++) {
      const luminance = i / 32;
      const point = { luminance, target: Math.sqrt(luminance), exposed: mul(luminance, factor) };
      total = add(total, square(point, { contrast, middle, toe }));
    }
    return div(total, 33);
  });
  return error;
}

export function rayMarch() {
  const length2 = (x: Real, y: Real) => sqrt(add(mul(x, x), mul(y, y)));
  const scene = fn([Triple, Real], Real, ({ x, y, z }, blend) => {
    const lifted = { x, y: sub(y, 0.3), z };
    const a = sub(sqrt(dot(lifted, lifted)), 0.5);
    const b = sub(length2(sub(length2(x, z), 0.8), y), 0.25);
    const h = div(largest(sub(blend, abs(sub(a, b))), 0), blend);
    const melted = sub(least(a, b), div(mul(mul(h, h), blend), 4));
    return least(melted, add(y, 0.5));
  });
  // No loop ends by a value: 64 steps, of which those behind the surface add nothing.
  const step = fn([Triple, Triple, Real, Real], Real, (origin, ray, blend, t) => {
    const d = scene(plus(origin, times(ray, t)), blend);
    return select(lt(d, 1e-9), Real, t, select(gt(t, 20), Real, t, add(t, d)));
  });
  const march = fn([Triple, Real, Real, Real], Real, (origin, yaw, pitch, blend) => {
    const level = cos(pitch);
    const ray = { x: mul(level, sin(yaw)), y: sin(pitch), z: mul(level, cos(yaw)) };
    let t: Real = 0;
    for (let i = 0; i < 64; i++) t = step(origin, ray, blend, t);
    return t;
  });
  return march;
}

export function networkError() {
  const [inputs, targets] = network.constants as [number[][], number[]];
  const units = (network.args[1] as number[]).length;
  const Inputs = Vec(4, Real);
  const Units = Vec(units, Real);
  const Hidden = Vec(units, Inputs);
  const square = fn(
    [Hidden, Units, Units, Real, Inputs, Real],
    Real,
    (hidden, biases, output, bias, input, target) => {
      const prediction = sum(units, (j) => {
        const activation = sum(4, (k) => mul(hidden[j][k], input[k]));
        return mul(output[j], tanh(add(biases[j], activation)));
      });
      const miss = sub(add(bias, prediction), target);
      return mul(miss, miss);
    },
  );
  const error = fn([Hidden, Units, Units, Real], Real, (hidden, biases, output, bias) => {
    const total = inputs.reduce(
      (total: Real, input, s) =>
        add(total, square(hidden, biases, output, bias, input, targets[s])),
      0,
    );
    return div(total, inputs.length);
  });
  return error;
}

const KNOTS = cubicSpline.constants?.[0] as Float64Array;
/** How many places the cubic spline is taken at. */
const PLACES = 40;

/** No search ends by a value: JavaScript finds the interval of every place, the sum is rose's. */
export function intervals(shift: number, stretch: number) {
  const indices: number[] = [];
  const ends: { low: number; high: number }[] = [];
  for (let k = 0; k < PLACES; k++) {
    const x = shift + stretch * k;
    let low = 0;
    let high = KNOTS.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (KNOTS[middle] > x) high = middle;
      else low = middle;
    }
    indices.push(low);
    ends.push({ low: KNOTS[low], high: KNOTS[high] });
  }
  return { indices, ends };
}

export const indexType = () => Vec(PLACES, KNOTS.length);

export function resample() {
  const n = KNOTS.length;
  const Knots = Vec(n, Real);
  const Interval = struct({ low: Real, high: Real, y0: Real, y1: Real, m0: Real, m1: Real });
  const piece = fn([Real, Interval], Real, (x, { low, high, y0, y1, m0, m1 }) => {
    const h = sub(high, low);
    const a = div(sub(high, x), h);
    const b = div(sub(x, low), h);
    const bend = (w: Real, m: Real) => mul(sub(mul(mul(w, w), w), w), m);
    const bent = mul(add(bend(a, m0), bend(b, m1)), mul(h, h));
    const inside = add(add(mul(a, y0), mul(b, y1)), div(bent, 6));
    const y = select(leq(x, low), Real, y0, select(lt(x, high), Real, inside, y1));
    return mul(y, y);
  });
  const Place = struct({ low: Real, high: Real });
  const signal = fn(
    [Knots, Knots, Real, Real, Vec(PLACES, Place), Vec(PLACES, n)],
    Real,
    (ys, bends, shift, stretch, ends, indices) => {
      let total: Real = 0;
      for (let k = 0; k < PLACES; k++) {
        const i = indices[k];
        const next = iadd(n, i, 1);
        const { low, high } = ends[k];
        const interval = { low, high, y0: ys[i], y1: ys[next], m0: bends[i], m1: bends[next] };
        total = add(total, piece(add(shift, mul(stretch, k)), interval));
      }
      return total;
    },
  );
  return signal;
}
