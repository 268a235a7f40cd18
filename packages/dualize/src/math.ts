import { operand } from "./conversion.ts";
import {
  add,
  Dual,
  div,
  Linear,
  mul,
  type Num,
  neg,
  primalOf,
  strong,
  strongDiv,
  sub,
  withPrimal,
} from "./dual-number.ts";
import { natives } from "./natives.ts";
import { type BinaryRule, type Ops, rules, type UnaryName, type UnaryRule } from "./rules.ts";

/** The rules' algebra over numbers and duals: it makes every partial differentiable again. */
const numOps: Ops<Num> = {
  add,
  sub,
  mul,
  div,
  neg,
  strong,
  atLeast: (a, b, then, otherwise) => (primalOf(a) >= primalOf(b) ? then() : otherwise()),
  once: (value, use) => use(value),
  call: (name: UnaryName, x) => (math[name] as Unary)(x),
  pow: (x, y) => pow(x, y),
  abs: (x) => abs(x),
};

type Unary = (x: Num) => Num;

function unary({ primal, partial }: UnaryRule): Unary {
  return function apply(x: Num): Num {
    if (typeof x === "number") return primal(x);
    if (!(x instanceof Dual)) return apply(operand(x));
    const r = apply(x.primal);
    return new Dual(r, strong(partial(numOps, x.primal, r), x.tangent), x.tag);
  };
}

const isNum = (x: unknown): x is Num => typeof x === "number" || x instanceof Dual;
const tagOf = (x: unknown): number => (x instanceof Dual ? x.tag : -1);
const primalAt = (x: Num, tag: number): Num => (x instanceof Dual && x.tag === tag ? x.primal : x);
const tangentAt = (x: Num, tag: number): Num =>
  x instanceof Dual && x.tag === tag ? x.tangent : 0;

function binary(primal: BinaryRule["primal"], [dx, dy]: BinaryRule["partials"]) {
  return function apply(x: Num, y: Num): Num {
    if (typeof x === "number" && typeof y === "number") return primal(x, y);
    if (!(isNum(x) && isNum(y))) return apply(operand(x), operand(y));
    const tag = Math.max(tagOf(x), tagOf(y));
    const p = primalAt(x, tag);
    const q = primalAt(y, tag);
    const r = apply(p, q);
    // x ** 0 is 1 for every x, NaN too, so that it does not matter how x moves.
    const fromX = q === 0 ? 0 : tangentAt(x, tag);
    const fromY = tangentAt(y, tag);
    return new Dual(
      r,
      add(
        fromX === 0 ? 0 : strong(dx(numOps, p, q, r), fromX),
        fromY === 0 ? 0 : strong(dy(numOps, p, q, r), fromY),
      ),
      tag,
    );
  };
}

/** A function of any number of arguments: peels the newest tag off all of them, then asks for the tangent. */
function nary(
  primal: (...xs: number[]) => number,
  tangent: (primals: Num[], tangents: Num[], result: Num) => Num,
  /** What it is of primals that an outer derivative has moved, if not what it is by itself. */
  ofMoved: (primals: Num[]) => Num | undefined = () => undefined,
) {
  return function apply(...xs: Num[]): Num {
    let tag = -1;
    for (const x of xs) {
      if (!isNum(x)) return apply(...xs.map(operand));
      tag = Math.max(tag, tagOf(x));
    }
    if (tag < 0) return primal(...(xs as number[]));
    const primals = xs.map((x) => primalAt(x, tag));
    const r = ofMoved(primals) ?? apply(...primals);
    return new Dual(
      r,
      tangent(
        primals,
        xs.map((x) => tangentAt(x, tag)),
        r,
      ),
      tag,
    );
  };
}

const powPartials = (rules.pow as BinaryRule).partials;

/** `x ** y`; d = y·x^(y-1)·dx + x^y·log x·dy. */
export const pow = binary((x, y) => x ** y, powPartials);

/** The side of zero on which `x` lies; where its primal is 0, the side an outer derivative moves it to. */
function side(x: Num): number {
  if (typeof x === "number") return Math.sign(x);
  if (x instanceof Linear) return x.side();
  const s = side(x.primal);
  return s === 0 ? side(x.tangent) : s;
}

/**
 * |x|. At 0 the derivative is 0. In a nested derivative the outer perturbation has moved x off 0
 * already, so the branch is the one it moved to: |x|² then has the second derivative 2 at 0.
 */
export function abs(x: Num): Num {
  if (!(x instanceof Dual)) return typeof x === "number" ? Math.abs(x) : abs(operand(x));
  const s = side(x.primal);
  if (s > 0 || s < 0) {
    const moved = s > 0 ? x : neg(x);
    return primalOf(x) === 0 ? withPrimal(moved, 0) : moved;
  }
  // At 0 no slope; of NaN a slope that is NaN, as are its own derivatives.
  const slope = s === 0 ? 0 : div(s, x.primal);
  return new Dual(abs(x.primal), strong(slope, x.tangent), x.tag);
}

/** Ties share equally; what is not chosen has no part in the tangent, even an infinite one. */
const extremum = (primal: (...xs: number[]) => number) => {
  const general = nary(primal, (primals, tangents, r) => {
    const chosen = primalOf(r);
    const tied = tangents.filter((_, i) => primalOf(primals[i] as Num) === chosen);
    if (tied.length > 0) return strongDiv(tied.reduce(add), tied.length);
    return tangents.reduce((sum: Num, t) => add(sum, strong(div(chosen, r), t)), 0);
  });
  return (...xs: Num[]): Num => {
    const [x, y] = xs;
    if (xs.length === 2 && isNum(x) && isNum(y)) {
      const [p, q] = [primalOf(x), primalOf(y)];
      // One of the two is the answer, with all its tangents.
      if (p < q || p > q) return primal(p, q) === p ? x : y;
    }
    return general(...xs);
  };
};

/** The component `xs[i] / |xs|` of the unit vector; its derivative is a sum without cancellation. */
function unit(xs: Num[], i: number): Num {
  if (isOrigin(xs)) return unitPrimal(moved(xs), i);
  return nary(
    (...ps) => unitPrimal(ps, i),
    (primals, tangents) => {
      const h = hypot(...primals);
      const u = (j: number) => unit(primals, j);
      let sum: Num = 0;
      for (let j = 0; j < primals.length; j++) {
        if (j === i) continue;
        const turn = sub(strong(u(j), tangents[i] as Num), strong(u(i), tangents[j] as Num));
        sum = add(sum, strong(u(j), turn));
      }
      return strongDiv(sum, h);
    },
  )(...xs);
}

function unitPrimal(ps: number[], i: number): number {
  const h = Math.hypot(...ps);
  const p = ps[i] as number;
  if (h === 0) return 0;
  if (ps.some((q) => Math.abs(q) === Number.POSITIVE_INFINITY)) {
    return Math.abs(p) === Number.POSITIVE_INFINITY ? Math.sign(p) : 0;
  }
  // The length may overflow, or lose digits, where its parts do not.
  const scale = h > 1e300 ? 2 ** -600 : h < 1e-290 ? 2 ** 600 : 1;
  return scale === 1 ? p / h : (p * scale) / Math.hypot(...ps.map((q) => q * scale));
}

const isOrigin = (xs: readonly Num[]): boolean => xs.every((x) => primalOf(x) === 0);

/** Where an outer derivative moves a point: itself, or at the origin its direction. */
function moved(xs: Num[]): number[] {
  const tag = Math.max(...xs.map(tagOf));
  if (tag < 0) return xs.map((x) => (typeof x === "number" ? x : 0));
  const p = moved(xs.map((x) => primalAt(x, tag)));
  return isOrigin(p) ? moved(xs.map((x) => tangentAt(x, tag))) : p;
}

/** What `hypot` is at the origin in a nested derivative: how far the outer one has moved. */
function distance(xs: Num[]): Num {
  const tag = Math.max(...xs.map(tagOf));
  if (tag < 0) return 0;
  const ps = xs.map((x) => primalAt(x, tag));
  const ts = xs.map((x) => tangentAt(x, tag));
  // How far it moves along each input of reverse mode is no linear function of these.
  const isKnown = ts.every(isNum);
  const length = isOrigin(moved(ps)) ? isKnown && hypot(...ts) : along(ps, ts);
  return new Dual(distance(ps), length || 0, tag);
}

const along = (primals: Num[], tangents: Num[]): Num =>
  tangents.reduce((sum: Num, t, i) => add(sum, strong(unit(primals, i), t)), 0);

/**
 * √(Σ xᵢ²); d = Σ (xᵢ/r)·dxᵢ, 0 at the origin. In a nested derivative the outer one has moved the point off the
 * origin already, in its direction, as for `abs`: hypot² then has the second derivatives of Σ xᵢ².
 */
export const hypot = nary(Math.hypot, along, (primals) =>
  isOrigin(primals) ? distance(primals) : undefined,
);

/** The partials of atan2(y, x), x/(x² + y²) and -y/(x² + y²), as `a / (a² + b²)`. */
function overSquares(a: Num, b: Num): Num {
  const s = primalOf(a) ** 2 + primalOf(b) ** 2;
  if ((s > 1e-280 && s < 1e280) || Number.isNaN(s)) return div(a, add(mul(a, a), mul(b, b)));
  const m = Math.max(Math.abs(primalOf(a)), Math.abs(primalOf(b)));
  if (m === Number.POSITIVE_INFINITY) return 0;
  const u = div(a, m);
  const v = div(b, m);
  return div(div(u, add(mul(u, u), mul(v, v))), m);
}

/** The angle of (x, y); d = (x·dy - y·dx)/(x² + y²). */
export const atan2 = nary(Math.atan2 as (...xs: number[]) => number, ([y, x], [dy, dx]) =>
  add(
    dy === 0 ? 0 : strong(overSquares(x as Num, y as Num), dy as Num),
    dx === 0 ? 0 : neg(strong(overSquares(y as Num, x as Num), dx as Num)),
  ),
) as (y: Num, x: Num) => Num;

export const max = extremum(Math.max);
export const min = extremum(Math.min);

/**
 * The tangent-form twins of the rules that are no plain sum of partials; on numbers only, and on what becomes
 * one: an element beyond the end of a list.
 */
export const atan2Partial = (a: number, b: number): number => overSquares(+a, +b) as number;
export const unitPartial = (i: number, ...xs: number[]): number => unitPrimal(xs, i);

const own: Record<string, (...xs: Num[]) => Num> = {
  abs: abs as (...xs: Num[]) => Num,
  atan2: atan2 as (...xs: Num[]) => Num,
  hypot,
  max,
  min,
};

/** Every function of `Math`, on numbers and duals. */
export const math: Readonly<Record<string, (...xs: Num[]) => Num>> = Object.fromEntries(
  Object.entries(rules).map(([name, rule]) => {
    switch (rule.kind) {
      case "unary":
        return [name, unary(rule) as (...xs: Num[]) => Num];
      case "binary":
        return [name, binary(rule.primal, rule.partials) as (...xs: Num[]) => Num];
      case "own":
        return [name, own[name] as (...xs: Num[]) => Num];
      default:
        return [name, (...xs: Num[]) => rule.primal(...xs.map((x) => primalOf(operand(x))))];
    }
  }),
);

for (const [name, f] of Object.entries(math)) {
  natives.set((Math as unknown as Record<string, unknown>)[name], f);
}
