import makeAlgebra, { type Multivector } from "ganja.js";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as network } from "../kernels/neural-network.ts";
import type { Derivative, Peer } from "./peer.ts";

// Called as methods: the operators of `Algebra.inline` compile to the same, behind a check of
// their operands.
const Dual = makeAlgebra({ dual: 1, baseType: Float64Array });
type Dual = Multivector;
type List = readonly number[] | Float64Array;

const dual = (x: number, dx: number): Dual => new Dual([x, dx]);
const $ = (x: number): Dual => new Dual([x, 0]);
const seed = (xs: List, dxs: List): Dual[] => Array.from(xs, (x, i) => dual(x, dxs[i]));
const result = (y: Dual): Derivative => [y[0], y[1]];
const ONE = $(1);

function lotkaVolterra(args: List, tangents: List): Derivative {
  let [x, y, alpha, beta, delta, gamma] = seed(args, tangents);
  const h = 0.05;
  const growth = (x: Dual, y: Dual) => alpha.Mul(x).Sub(beta.Mul(x).Mul(y));
  const decline = (x: Dual, y: Dual) => delta.Mul(x).Mul(y).Sub(gamma.Mul(y));
  const sum = (k1: Dual, k2: Dual, k3: Dual, k4: Dual) =>
    k1
      .Add(k2.Scale(2))
      .Add(k3.Scale(2))
      .Add(k4)
      .Scale(h / 6);
  for (let step = 0; step < 100; step++) {
    const k1x = growth(x, y);
    const k1y = decline(x, y);
    const x2 = x.Add(k1x.Scale(h / 2));
    const y2 = y.Add(k1y.Scale(h / 2));
    const k2x = growth(x2, y2);
    const k2y = decline(x2, y2);
    const x3 = x.Add(k2x.Scale(h / 2));
    const y3 = y.Add(k2y.Scale(h / 2));
    const k3x = growth(x3, y3);
    const k3y = decline(x3, y3);
    const x4 = x.Add(k3x.Scale(h));
    const y4 = y.Add(k3y.Scale(h));
    x = x.Add(sum(k1x, k2x, k3x, growth(x4, y4)));
    y = y.Add(sum(k1y, k2y, k3y, decline(x4, y4)));
  }
  return result(x);
}

function rosenbrock([xs]: [List], [dxs]: [List]): Derivative {
  const x = seed(xs, dxs);
  let sum = $(0);
  for (let i = 0; i < x.length - 1; i++) {
    const a = ONE.Sub(x[i]);
    const b = x[i + 1].Sub(x[i].Mul(x[i]));
    sum = sum.Add(a.Mul(a)).Add(b.Mul(b).Scale(100));
  }
  return result(sum);
}

function luSolve([a, b]: [List[], List], [da, db]: [List[], List]): Derivative {
  const lu = a.map((row, i) => seed(row, da[i]));
  const x = seed(b, db);
  const n = x.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i][k].s) > Math.abs(lu[pivot][k].s)) pivot = i;
    }
    [lu[k], lu[pivot]] = [lu[pivot], lu[k]];
    [x[k], x[pivot]] = [x[pivot], x[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i][k].Div(lu[k][k]);
      lu[i][k] = factor;
      for (let j = k + 1; j < n; j++) lu[i][j] = lu[i][j].Sub(factor.Mul(lu[k][j]));
    }
  }
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) x[i] = x[i].Sub(lu[i][j].Mul(x[j]));
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] = x[i].Sub(lu[i][j].Mul(x[j]));
    x[i] = x[i].Div(lu[i][i]);
  }
  return [x.map((y) => y[0]), x.map((y) => y[1])];
}

const XS = functional.constants?.[0] as number[];
const YS = functional.constants?.[1] as number[];

function ridgeLoss([cs, r]: [List, number], [dcs, dr]: [List, number]): Derivative {
  const coefficients = seed(cs, dcs);
  const sum = (values: Dual[]) => values.reduce((a, b) => a.Add(b), $(0));
  const model = (x: number) => coefficients.reduce((value, c) => value.Scale(x).Add(c), $(0));
  const residuals = XS.map((x, i) => model(x).Sub($(YS[i])));
  const error = sum(residuals.map((e) => e.Mul(e))).Scale(1 / XS.length);
  return result(error.Add(dual(r, dr).Mul(sum(coefficients.map((c) => c.Mul(c))))));
}

function clamp(x: Dual, low: number, high: number): Dual {
  return x.s < low ? $(low) : x.s > high ? $(high) : x;
}

function toneCurve(args: List, tangents: List): Derivative {
  const [exposure, contrast, middle, toe] = seed(args, tangents);
  let error = $(0);
  for (let i = 0; i <= 32; i++) {
    const luminance = i / 32;
    const exposed = exposure.Scale(Math.LN2).Exp().Scale(luminance);
    const curve = ONE.Div(ONE.Add(contrast.Mul(middle.Sub(exposed)).Exp()));
    const t = clamp($(luminance).Sub(toe).Div(ONE.Sub(toe)), 0, 1);
    const smooth = t.Mul(t).Mul($(3).Sub(t.Scale(2)));
    const blended = exposed.Add(curve.Sub(exposed).Mul(smooth));
    const difference = clamp(blended, 0, 1).Sub($(Math.sqrt(luminance)));
    error = error.Add(difference.Mul(difference));
  }
  return result(error.Scale(1 / 33));
}

function bell(t: Dual, width: Dual): Dual {
  const z = t.Div(width);
  return z.Mul(z).Scale(-0.5).Exp();
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
  const quarter = high.Sub(low).Scale(1 / 4);
  const atLeft = bell(low.Add(quarter), width);
  const atRight = bell(high.Sub(quarter), width);
  const ends = atLow.Add(atHigh);
  const whole = quarter.Scale(2 / 3).Mul(ends.Add(atMiddle.Scale(4)));
  const halves = quarter
    .Scale(1 / 3)
    .Mul(ends.Add(atMiddle.Scale(2)).Add(atLeft.Add(atRight).Scale(4)));
  const error = halves.Sub(whole).Scale(1 / 15);
  if (Math.abs(error.s) <= tolerance) return halves.Add(error);
  const middle = low.Add(high).Scale(1 / 2);
  return adaptive(width, low, middle, atLow, atLeft, atMiddle, tolerance / 2).Add(
    adaptive(width, middle, high, atMiddle, atRight, atHigh, tolerance / 2),
  );
}

function area(args: List, tangents: List): Derivative {
  const [width, low, high] = seed(args, tangents);
  const atMiddle = bell(low.Add(high).Scale(1 / 2), width);
  return result(adaptive(width, low, high, bell(low, width), atMiddle, bell(high, width), 1e-8));
}

const INPUTS = network.constants?.[0] as number[][];
const TARGETS = network.constants?.[1] as number[];

function tanh(x: Dual): Dual {
  const e = x.Scale(-2).Exp();
  return ONE.Sub(e).Div(ONE.Add(e));
}

type Layers = [List[], List, List, number];

function networkError([h, b, o, c]: Layers, [dh, db, dout, dc]: Layers): Derivative {
  const hidden = h.map((row, j) => seed(row, dh[j]));
  const biases = seed(b, db);
  const output = seed(o, dout);
  const bias = dual(c, dc);
  let error = $(0);
  for (let s = 0; s < INPUTS.length; s++) {
    const input = INPUTS[s];
    let prediction = bias;
    for (let j = 0; j < hidden.length; j++) {
      let activation = biases[j];
      for (let k = 0; k < input.length; k++) {
        activation = activation.Add(hidden[j][k].Scale(input[k]));
      }
      prediction = prediction.Add(output[j].Mul(tanh(activation)));
    }
    const miss = prediction.Sub($(TARGETS[s]));
    error = error.Add(miss.Mul(miss));
  }
  return result(error.Scale(1 / INPUTS.length));
}

const KNOTS = cubicSpline.constants?.[0] as Float64Array;

function spline(x: Dual, ys: Dual[], bends: Dual[]): Dual {
  let low = 0;
  let high = KNOTS.length - 1;
  if (x.s <= KNOTS[low]) return ys[low];
  if (x.s >= KNOTS[high]) return ys[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (KNOTS[middle] > x.s) high = middle;
    else low = middle;
  }
  const h = KNOTS[high] - KNOTS[low];
  const a = $(KNOTS[high])
    .Sub(x)
    .Scale(1 / h);
  const b = x.Sub($(KNOTS[low])).Scale(1 / h);
  const bend = (w: Dual, value: Dual) => w.Mul(w).Mul(w).Sub(w).Mul(value);
  const bent = bend(a, bends[low]).Add(bend(b, bends[high]));
  return a
    .Mul(ys[low])
    .Add(b.Mul(ys[high]))
    .Add(bent.Scale((h * h) / 6));
}

type Signal = [List, List, number, number];

function resample([y, m, s, w]: Signal, [dy, dm, ds, dw]: Signal): Derivative {
  const ys = seed(y, dy);
  const bends = seed(m, dm);
  const shift = dual(s, ds);
  const stretch = dual(w, dw);
  let total = $(0);
  for (let k = 0; k < 40; k++) {
    const value = spline(shift.Add(stretch.Scale(k)), ys, bends);
    total = total.Add(value.Mul(value));
  }
  return result(total);
}

const noFunction = (name: string) => `no ${name} of a dual number`;

/** Dual numbers as an algebra generated for them; of functions only the exponential. */
export const peer: Peer = {
  name: "ganja.js",
  kernels: {
    "lotka-volterra": () => lotkaVolterra,
    rosenbrock: () => rosenbrock,
    "black-scholes": noFunction("square root or logarithm"),
    "gaussian-mixture": noFunction("logarithm"),
    "lu-solve": () => luSolve,
    "n-body": noFunction("square root"),
    vec3: noFunction("square root"),
    functional: () => ridgeLoss,
    imported: () => toneCurve,
    recursion: () => area,
    "ray-march": noFunction("square root"),
    "neural-network": () => networkError,
    "cubic-spline": () => resample,
    newton: noFunction("sine or cosine"),
  },
};
