import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import { kernel as network } from "../kernels/neural-network.ts";

/** The operators of a library that has functions for them; plain numbers mix with active ones. */
export interface Scalars<Active> {
  readonly add: Binary<Active>;
  readonly sub: Binary<Active>;
  readonly mul: Binary<Active>;
  readonly div: Binary<Active>;
  readonly pow: Binary<Active>;
  readonly lt: Compare<Active>;
  readonly gt: Compare<Active>;
  readonly leq: Compare<Active>;
  readonly geq: Compare<Active>;
  readonly sqrt: Unary<Active>;
  readonly exp: Unary<Active>;
  readonly log: Unary<Active>;
  readonly sin: Unary<Active>;
  readonly cos: Unary<Active>;
  readonly abs: Unary<Active>;
  readonly tanh: Unary<Active>;
}

type Unary<A> = (x: A | number) => A | number;
type Binary<A> = (x: A | number, y: A | number) => A | number;
type Compare<A> = (x: A | number, y: A | number) => boolean;

const OBSERVATIONS = mixture.constants?.[0] as number[];
const XS = functional.constants?.[0] as number[];
const YS = functional.constants?.[1] as number[];
const INPUTS = network.constants?.[0] as number[][];
const TARGETS = network.constants?.[1] as number[];
const KNOTS = cubicSpline.constants?.[0] as Float64Array;

/** The kernels on single numbers, of arguments laid end to end. */
export function scalarKernels<Active>(library: Scalars<Active>) {
  type Num = Active | number;
  const { add, sub, mul, div, pow, lt, gt, leq, geq } = library;
  const { sqrt, exp, log, sin, cos, abs, tanh } = library;
  const least = (a: Num, b: Num): Num => (lt(b, a) ? b : a);
  const largest = (a: Num, b: Num): Num => (lt(a, b) ? b : a);

  interface MovingBody {
    x: Num;
    y: Num;
    z: Num;
    vx: Num;
    vy: Num;
    vz: Num;
    mass: Num;
  }

  function lotkaVolterra([prey, predators, alpha, beta, delta, gamma]: Num[]): Num {
    const h = 0.05;
    const growth = (x: Num, y: Num) => sub(mul(alpha, x), mul(mul(beta, x), y));
    const decline = (x: Num, y: Num) => sub(mul(mul(delta, x), y), mul(gamma, y));
    const sum = (k1: Num, k2: Num, k3: Num, k4: Num) =>
      mul(h / 6, add(add(k1, mul(2, k2)), add(mul(2, k3), k4)));
    let x = prey;
    let y = predators;
    for (let step = 0; step < 100; step++) {
      const k1x = growth(x, y);
      const k1y = decline(x, y);
      const x2 = add(x, mul(h / 2, k1x));
      const y2 = add(y, mul(h / 2, k1y));
      const k2x = growth(x2, y2);
      const k2y = decline(x2, y2);
      const x3 = add(x, mul(h / 2, k2x));
      const y3 = add(y, mul(h / 2, k2y));
      const k3x = growth(x3, y3);
      const k3y = decline(x3, y3);
      const x4 = add(x, mul(h, k3x));
      const y4 = add(y, mul(h, k3y));
      x = add(x, sum(k1x, k2x, k3x, growth(x4, y4)));
      y = add(y, sum(k1y, k2y, k3y, decline(x4, y4)));
    }
    return x;
  }

  function rosenbrock(x: Num[]): Num {
    let sum: Num = 0;
    for (let i = 0; i < x.length - 1; i++) {
      const a = sub(1, x[i]);
      const b = sub(x[i + 1], mul(x[i], x[i]));
      sum = add(sum, add(mul(a, a), mul(100, mul(b, b))));
    }
    return sum;
  }

  function normalCdf(x: Num): Num {
    const t = div(1, add(1, mul(0.2316419, abs(x))));
    const density = div(exp(mul(-0.5, mul(x, x))), Math.sqrt(2 * Math.PI));
    const series = [-1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce<Num>(
      (sum, c) => add(mul(sum, t), c),
      1.330274429,
    );
    const tail = mul(mul(density, t), series);
    return geq(x, 0) ? sub(1, tail) : tail;
  }

  function blackScholes([spot, strike, rate, volatility, years]: Num[]): Num {
    const spread = mul(volatility, sqrt(years));
    const drift = mul(add(rate, mul(0.5, mul(volatility, volatility))), years);
    const d1 = div(add(log(div(spot, strike)), drift), spread);
    const d2 = sub(d1, spread);
    const discounted = mul(strike, exp(sub(0, mul(rate, years))));
    return sub(mul(spot, normalCdf(d1)), mul(discounted, normalCdf(d2)));
  }

  function gaussianMixture(inputs: Num[]): Num {
    const n = inputs.length / 3;
    const weights = inputs.slice(0, n);
    const means = inputs.slice(n, 2 * n);
    const sigmas = inputs.slice(2 * n);
    let total: Num = 0;
    for (const x of OBSERVATIONS) {
      const logs = weights.map((weight, k) => {
        const z = div(sub(x, means[k]), sigmas[k]);
        return sub(sub(log(weight), log(sigmas[k])), mul(0.5, mul(z, z)));
      });
      const highest = logs.reduce(largest);
      const sum = logs.map((value) => exp(sub(value, highest))).reduce((a, b) => add(a, b));
      total = add(total, add(highest, log(sum)));
    }
    return sub(total, 0.5 * OBSERVATIONS.length * Math.log(2 * Math.PI));
  }

  function nBody(inputs: Num[]): Num {
    const dt = inputs[inputs.length - 1];
    const system: MovingBody[] = [];
    for (let i = 0; i + 7 < inputs.length; i += 7) {
      const [x, y, z, vx, vy, vz, mass] = inputs.slice(i, i + 7);
      system.push({ x, y, z, vx, vy, vz, mass });
    }
    for (let step = 0; step < 10; step++) {
      for (let i = 0; i < system.length; i++) {
        const a = system[i];
        for (let j = i + 1; j < system.length; j++) {
          const b = system[j];
          const dx = sub(a.x, b.x);
          const dy = sub(a.y, b.y);
          const dz = sub(a.z, b.z);
          const distance2 = add(add(mul(dx, dx), mul(dy, dy)), mul(dz, dz));
          const pull = div(dt, mul(distance2, sqrt(distance2)));
          const towardsB = mul(b.mass, pull);
          const towardsA = mul(a.mass, pull);
          a.vx = sub(a.vx, mul(dx, towardsB));
          a.vy = sub(a.vy, mul(dy, towardsB));
          a.vz = sub(a.vz, mul(dz, towardsB));
          b.vx = add(b.vx, mul(dx, towardsA));
          b.vy = add(b.vy, mul(dy, towardsA));
          b.vz = add(b.vz, mul(dz, towardsA));
        }
      }
      for (const body of system) {
        body.x = add(body.x, mul(dt, body.vx));
        body.y = add(body.y, mul(dt, body.vy));
        body.z = add(body.z, mul(dt, body.vz));
      }
    }
    let total: Num = 0;
    for (let i = 0; i < system.length; i++) {
      const a = system[i];
      const speed2 = add(add(mul(a.vx, a.vx), mul(a.vy, a.vy)), mul(a.vz, a.vz));
      total = add(total, mul(0.5, mul(a.mass, speed2)));
      for (let j = i + 1; j < system.length; j++) {
        const b = system[j];
        const dx = sub(a.x, b.x);
        const dy = sub(a.y, b.y);
        const dz = sub(a.z, b.z);
        const distance = sqrt(add(add(mul(dx, dx), mul(dy, dy)), mul(dz, dz)));
        total = sub(total, div(mul(a.mass, b.mass), distance));
      }
    }
    return total;
  }

  class Vec3 {
    readonly x: Num;
    readonly y: Num;
    readonly z: Num;

    constructor(x: Num, y: Num, z: Num) {
      this.x = x;
      this.y = y;
      this.z = z;
    }

    add(o: Vec3): Vec3 {
      return new Vec3(add(this.x, o.x), add(this.y, o.y), add(this.z, o.z));
    }

    scale(factor: Num): Vec3 {
      return new Vec3(mul(this.x, factor), mul(this.y, factor), mul(this.z, factor));
    }

    dot(o: Vec3): Num {
      return add(add(mul(this.x, o.x), mul(this.y, o.y)), mul(this.z, o.z));
    }

    length(): Num {
      return sqrt(this.dot(this));
    }
  }

  function orbitEnergy([x, y, z, vx, vy, vz, sun]: Num[]): Num {
    const dt = 0.02;
    let position = new Vec3(x, y, z);
    let velocity = new Vec3(vx, vy, vz);
    for (let step = 0; step < 25; step++) {
      const r = position.length();
      const pull = position.scale(div(sub(0, sun), mul(r, mul(r, r))));
      velocity = velocity.add(pull.scale(dt));
      position = position.add(velocity.scale(dt));
    }
    return sub(div(velocity.dot(velocity), 2), div(sun, position.length()));
  }

  function ridgeLoss(inputs: Num[]): Num {
    const coefficients = inputs.slice(0, -1);
    const ridge = inputs[inputs.length - 1];
    const sum = (values: Num[]) => values.reduce((a, b) => add(a, b), 0);
    const model = (x: number) => coefficients.reduce<Num>((value, c) => add(mul(value, x), c), 0);
    const residuals = XS.map((x, i) => sub(model(x), YS[i]));
    const error = div(sum(residuals.map((e) => mul(e, e))), XS.length);
    return add(error, mul(ridge, sum(coefficients.map((c) => mul(c, c)))));
  }

  const clamp = (x: Num, low: number, high: number): Num => least(largest(x, low), high);

  function toneCurve([exposure, contrast, middle, toe]: Num[]): Num {
    let error: Num = 0;
    for (let i = 0; i <= 32; i++) {
      const luminance = i / 32;
      const exposed = mul(luminance, pow(2, exposure));
      const curve = div(1, add(1, exp(mul(contrast, sub(middle, exposed)))));
      const t = clamp(div(sub(luminance, toe), sub(1, toe)), 0, 1);
      const smooth = mul(mul(t, t), sub(3, mul(2, t)));
      const blended = add(exposed, mul(sub(curve, exposed), smooth));
      const difference = sub(clamp(blended, 0, 1), Math.sqrt(luminance));
      error = add(error, mul(difference, difference));
    }
    return div(error, 33);
  }

  function bell(t: Num, width: Num): Num {
    const z = div(t, width);
    return exp(mul(-0.5, mul(z, z)));
  }

  function adaptive(
    width: Num,
    low: Num,
    high: Num,
    atLow: Num,
    atMiddle: Num,
    atHigh: Num,
    tolerance: number,
  ): Num {
    const quarter = div(sub(high, low), 4);
    const atLeft = bell(add(low, quarter), width);
    const atRight = bell(sub(high, quarter), width);
    const ends = add(atLow, atHigh);
    const third = div(quarter, 3);
    const whole = mul(mul(2, third), add(ends, mul(4, atMiddle)));
    const halves = mul(third, add(add(ends, mul(2, atMiddle)), mul(4, add(atLeft, atRight))));
    const error = div(sub(halves, whole), 15);
    if (leq(abs(error), tolerance)) return add(halves, error);
    const middle = div(add(low, high), 2);
    return add(
      adaptive(width, low, middle, atLow, atLeft, atMiddle, tolerance / 2),
      adaptive(width, middle, high, atMiddle, atRight, atHigh, tolerance / 2),
    );
  }

  function area([width, low, high]: Num[]): Num {
    const atMiddle = bell(div(add(low, high), 2), width);
    return adaptive(width, low, high, bell(low, width), atMiddle, bell(high, width), 1e-8);
  }

  const length2 = (x: Num, y: Num): Num => sqrt(add(mul(x, x), mul(y, y)));
  const length3 = (x: Num, y: Num, z: Num): Num => sqrt(add(add(mul(x, x), mul(y, y)), mul(z, z)));

  function smoothMin(a: Num, b: Num, k: Num): Num {
    const h = div(largest(sub(k, abs(sub(a, b))), 0), k);
    return sub(least(a, b), div(mul(mul(h, h), k), 4));
  }

  function scene(x: Num, y: Num, z: Num, blend: Num): Num {
    const sphere = sub(length3(x, sub(y, 0.3), z), 0.5);
    const torus = sub(length2(sub(length2(x, z), 0.8), y), 0.25);
    return least(smoothMin(sphere, torus, blend), add(y, 0.5));
  }

  function rayMarch([x, y, z, yaw, pitch, blend]: Num[]): Num {
    const dx = mul(cos(pitch), sin(yaw));
    const dy = sin(pitch);
    const dz = mul(cos(pitch), cos(yaw));
    let t: Num = 0;
    for (let step = 0; step < 64; step++) {
      const d = scene(add(x, mul(t, dx)), add(y, mul(t, dy)), add(z, mul(t, dz)), blend);
      if (lt(d, 1e-9)) break;
      t = add(t, d);
      if (gt(t, 20)) break;
    }
    return t;
  }

  function networkError(weights: Num[]): Num {
    const units = (weights.length - 1) / 6;
    let error: Num = 0;
    for (let s = 0; s < INPUTS.length; s++) {
      const input = INPUTS[s];
      let prediction = weights[6 * units];
      for (let j = 0; j < units; j++) {
        let activation = weights[4 * units + j];
        for (let k = 0; k < 4; k++) activation = add(activation, mul(weights[4 * j + k], input[k]));
        prediction = add(prediction, mul(weights[5 * units + j], tanh(activation)));
      }
      const miss = sub(prediction, TARGETS[s]);
      error = add(error, mul(miss, miss));
    }
    return div(error, INPUTS.length);
  }

  function spline(x: Num, ys: Num[], bends: Num[]): Num {
    let low = 0;
    let high = KNOTS.length - 1;
    if (leq(x, KNOTS[low])) return ys[low];
    if (geq(x, KNOTS[high])) return ys[high];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (lt(x, KNOTS[middle])) high = middle;
      else low = middle;
    }
    const h = KNOTS[high] - KNOTS[low];
    const a = div(sub(KNOTS[high], x), h);
    const b = div(sub(x, KNOTS[low]), h);
    const bend = (w: Num, value: Num) => mul(sub(mul(mul(w, w), w), w), value);
    const bent = add(bend(a, bends[low]), bend(b, bends[high]));
    return add(add(mul(a, ys[low]), mul(b, ys[high])), div(mul(bent, h * h), 6));
  }

  function resample(inputs: Num[]): Num {
    const n = KNOTS.length;
    const ys = inputs.slice(0, n);
    const bends = inputs.slice(n, 2 * n);
    const [shift, stretch] = inputs.slice(2 * n);
    let total: Num = 0;
    for (let k = 0; k < 40; k++) {
      const y = spline(add(shift, mul(stretch, k)), ys, bends);
      total = add(total, mul(y, y));
    }
    return total;
  }

  function orbitRadius([mean, eccentricity, axis]: Num[]): Num {
    let anomaly = mean;
    let change: Num = 1;
    while (gt(abs(change), 1e-12)) {
      change = div(
        sub(sub(anomaly, mul(eccentricity, sin(anomaly))), mean),
        sub(1, mul(eccentricity, cos(anomaly))),
      );
      anomaly = sub(anomaly, change);
    }
    return mul(axis, sub(1, mul(eccentricity, cos(anomaly))));
  }

  return {
    lotkaVolterra,
    rosenbrock,
    blackScholes,
    gaussianMixture,
    nBody,
    orbitEnergy,
    ridgeLoss,
    toneCurve,
    area,
    rayMarch,
    networkError,
    resample,
    orbitRadius,
  };
}
