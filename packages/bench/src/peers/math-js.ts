import { all, create, type EvalFunction } from "mathjs";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import { kernel as network } from "../kernels/neural-network.ts";
import type { Derivative, Peer } from "./peer.ts";

const math = create(all);
type Scope = Map<string, number>;

interface Formula {
  readonly value: EvalFunction;
  readonly tangent: EvalFunction;
}

/**
 * A formula and its derivative along a direction, both compiled: every active name `a` stands for
 * `(a + t * da)`, and the derivative by `t` is taken where t = 0. Simplifying makes it about a fifth faster, and takes time
 * that grows steeply with the formula.
 */
function along(text: string, active: readonly string[], simplify = true): Formula {
  const moving = math
    .parse(text)
    .transform((node) =>
      "name" in node && "isSymbolNode" in node && active.includes(node.name as string)
        ? math.parse(`(${node.name} + t * d${node.name})`)
        : node,
    );
  return {
    value: math.compile(text),
    tangent: math.derivative(moving, "t", { simplify }).compile(),
  };
}

/** Names the numbers of lists: `w0, w1, ...`. */
function bind(scope: Scope, name: string, xs: readonly number[], dxs: readonly number[]): void {
  for (let i = 0; i < xs.length; i++) {
    scope.set(`${name}${i}`, xs[i]);
    scope.set(`d${name}${i}`, dxs[i]);
  }
}

function newScope(): Scope {
  return new Map([["t", 0]]);
}

function sumOf(count: number, term: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => term(i)).join(" + ");
}

function blackScholes() {
  // In stages, each a formula of the results of those before it: one formula for the price repeats
  // d1 so often that its derivative takes minutes.
  const names = ["spot", "strike", "rate", "volatility", "years"];
  const spread = along("volatility * sqrt(years)", names);
  const d1 = along("(log(spot / strike) + (rate + volatility^2 / 2) * years) / spread", [
    ...names,
    "spread",
  ]);
  const t = along("1 / (1 + 0.2316419 * abs(x))", ["x"]);
  // x / abs(x), the sign of x, chooses the tail: the library derives no conditionals.
  const cdf = along(
    `1 / 2 + x / abs(x) * (1 / 2 - exp(-(x^2) / 2) / sqrt(2 * pi) * k *
      (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))))`.replace(
      /\s+/g,
      " ",
    ),
    ["x", "k"],
  );
  const price = along("spot * n1 - strike * exp(-rate * years) * n2", [...names, "n1", "n2"]);
  return (args: number[], tangents: number[]): Derivative => {
    const scope = newScope();
    const define = (name: string, value: number, tangent: number) =>
      scope.set(name, value).set(`d${name}`, tangent);
    const compute = (name: string, { value, tangent }: Formula) =>
      define(name, value.evaluate(scope), tangent.evaluate(scope));
    const computeCdf = (name: string, x: number, dx: number) => {
      define("x", x, dx);
      compute("k", t);
      compute(name, cdf);
    };
    for (const [i, name] of names.entries()) define(name, args[i], tangents[i]);
    compute("spread", spread);
    compute("d1", d1);
    const x = scope.get("d1") as number;
    const dx = scope.get("dd1") as number;
    computeCdf("n1", x, dx);
    computeCdf("n2", x - (scope.get("spread") as number), dx - (scope.get("dspread") as number));
    return [price.value.evaluate(scope), price.tangent.evaluate(scope)];
  };
}

function rosenbrock() {
  const term = along("(1 - x)^2 + 100 * (y - x^2)^2", ["x", "y"]);
  return ([x]: [Float64Array], [dx]: [Float64Array]): Derivative => {
    const scope = newScope();
    let value = 0;
    let tangent = 0;
    for (let i = 0; i < x.length - 1; i++) {
      scope.set("x", x[i]).set("dx", dx[i]);
      scope.set("y", x[i + 1]).set("dy", dx[i + 1]);
      value += term.value.evaluate(scope);
      tangent += term.tangent.evaluate(scope);
    }
    return [value, tangent];
  };
}

type Lists = [number[], number[], number[]];

function gaussianMixture() {
  const observations = mixture.constants?.[0] as number[];
  const count = (mixture.args[0] as number[]).length;
  const density = sumOf(count, (k) => `w${k} / s${k} * exp(-((x - m${k}) / s${k})^2 / 2)`);
  const active = ["w", "m", "s"].flatMap((name) =>
    Array.from({ length: count }, (_, k) => `${name}${k}`),
  );
  const term = along(`log(${density})`, active);
  return ([w, m, s]: Lists, [dw, dm, ds]: Lists): Derivative => {
    const scope = newScope();
    bind(scope, "w", w, dw);
    bind(scope, "m", m, dm);
    bind(scope, "s", s, ds);
    let value = -0.5 * observations.length * Math.log(2 * Math.PI);
    let tangent = 0;
    for (const x of observations) {
      scope.set("x", x);
      value += term.value.evaluate(scope);
      tangent += term.tangent.evaluate(scope);
    }
    return [value, tangent];
  };
}

function ridgeLoss() {
  const [xs, ys] = functional.constants as [number[], number[]];
  const count = (functional.args[0] as number[]).length;
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  const model = names.reduce((value, c) => `(${value} * x + ${c})`, "0");
  const residual = along(`(${model} - y)^2`, names);
  const penalty = along(`ridge0 * (${names.map((c) => `${c}^2`).join(" + ")})`, [
    ...names,
    "ridge0",
  ]);
  return ([c, ridge]: [number[], number], [dc, dRidge]: [number[], number]): Derivative => {
    const scope = newScope();
    bind(scope, "c", c, dc);
    bind(scope, "ridge", [ridge], [dRidge]);
    let error = 0;
    let dError = 0;
    for (let i = 0; i < xs.length; i++) {
      scope.set("x", xs[i]).set("y", ys[i]);
      error += residual.value.evaluate(scope);
      dError += residual.tangent.evaluate(scope);
    }
    return [
      error / xs.length + penalty.value.evaluate(scope),
      dError / xs.length + penalty.tangent.evaluate(scope),
    ];
  };
}

type Layers = [number[][], number[], number[], number];

function networkError() {
  const [inputs, targets] = network.constants as [number[][], number[]];
  const units = (network.args[1] as number[]).length;
  const unit = (j: number) => `o${j} * tanh(b${j} + ${sumOf(4, (k) => `h${4 * j + k} * x${k}`)})`;
  const active = [
    ...Array.from({ length: 4 * units }, (_, i) => `h${i}`),
    ...Array.from({ length: units }, (_, i) => `b${i}`),
    ...Array.from({ length: units }, (_, i) => `o${i}`),
    "c0",
  ];
  const miss = along(`(c0 + ${sumOf(units, unit)} - y)^2`, active, false);
  return ([h, b, o, c]: Layers, [dh, db, dout, dc]: Layers): Derivative => {
    const scope = newScope();
    bind(scope, "h", h.flat(), dh.flat());
    bind(scope, "b", b, db);
    bind(scope, "o", o, dout);
    bind(scope, "c", [c], [dc]);
    let error = 0;
    let dError = 0;
    for (let s = 0; s < inputs.length; s++) {
      for (let k = 0; k < 4; k++) scope.set(`x${k}`, inputs[s][k]);
      scope.set("y", targets[s]);
      error += miss.value.evaluate(scope);
      dError += miss.tangent.evaluate(scope);
    }
    return [error / inputs.length, dError / inputs.length];
  };
}

function orbitRadius() {
  const names = ["M", "ecc", "axis"];
  const change = along("(E - ecc * sin(E) - M) / (1 - ecc * cos(E))", ["E", ...names]);
  const radius = along("axis * (1 - ecc * cos(E))", ["E", ...names]);
  return (args: number[], tangents: number[]): Derivative => {
    const scope = newScope();
    for (const [i, name] of names.entries()) {
      scope.set(name, args[i]);
      scope.set(`d${name}`, tangents[i]);
    }
    let anomaly = args[0];
    let dAnomaly = tangents[0];
    for (let step = 1; Math.abs(step) > 1e-12; ) {
      scope.set("E", anomaly).set("dE", dAnomaly);
      step = change.value.evaluate(scope);
      anomaly -= step;
      dAnomaly -= change.tangent.evaluate(scope);
    }
    scope.set("E", anomaly).set("dE", dAnomaly);
    return [radius.value.evaluate(scope), radius.tangent.evaluate(scope)];
  };
}

const loop = "derives formulas: a step of the loop is more than one";
const branch = "derives formulas: no branches, minimum or maximum";

/** Symbolic derivatives of formulas, compiled. */
export const peer: Peer = {
  name: "mathjs",
  kernels: {
    "lotka-volterra": loop,
    rosenbrock,
    "black-scholes": blackScholes,
    "gaussian-mixture": gaussianMixture,
    "lu-solve": loop,
    "n-body": loop,
    vec3: loop,
    functional: ridgeLoss,
    imported: branch,
    recursion: loop,
    "ray-march": loop,
    "neural-network": networkError,
    "cubic-spline": branch,
    newton: orbitRadius,
  },
};
