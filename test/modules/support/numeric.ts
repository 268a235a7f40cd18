"use dual";
/** A module of numerical helpers, marked as a whole. */

export function interp(xs: readonly number[], ys: readonly number[], x: number): number {
  let i = 1;
  while (i < xs.length - 1 && x > xs[i]!) i++;
  const t = (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!);
  return ys[i - 1]! + t * (ys[i]! - ys[i - 1]!);
}

export function integrate(f: (x: number) => number, a: number, b: number, n = 16): number {
  const h = (b - a) / n;
  let sum = (f(a) + f(b)) / 2;
  for (let i = 1; i < n; i++) sum += f(a + i * h);
  return sum * h;
}

/** Newton's steps after bisection, so that the root depends on what `f` holds. */
export function root(f: (x: number) => number, from: number, to: number): number {
  let a = from;
  let b = to;
  for (let i = 0; i < 40; i++) {
    const m = (a + b) / 2;
    if (f(a) * f(m) <= 0) b = m;
    else a = m;
  }
  let x = (a + b) / 2;
  for (let i = 0; i < 3; i++) x -= f(x) / ((f(x + 1e-5) - f(x - 1e-5)) / 2e-5);
  return x;
}

export function polyval(coefficients: number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

export function weighted(weights: Float64Array, xs: number[]): number {
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += weights[i]! * xs[i]! * xs[i]!;
  return s;
}

export function bilinear(grid: number[][], x: number, y: number): number {
  const [[a, b], [c, d]] = grid as [[number, number], [number, number]];
  return (a * (1 - x) + b * x) * (1 - y) + (c * (1 - x) + d * x) * y;
}

export function configured(
  x: number,
  config: { steps: number; scale: number; name: string; nested: { offset: number } },
): number {
  let s = config.nested.offset;
  for (let i = 0; i < config.steps; i++) s += (config.scale * x ** i) / (i + 1);
  return config.name === "trapezoid" ? s : -s;
}

export function named(x: number, name: string): number {
  return name === "square" ? x * x : x * x * x;
}
export function switched(x: number, isCubed: boolean): number {
  return isCubed ? x * x * x : x * x;
}
export function looked(x: number, rates: Map<string, number>, key: string): number {
  return x * x * (rates.get(key) ?? 1);
}
export function flagged(x: number, flags: Set<string>): number {
  return flags.has("square") ? x * x : x;
}
export function powered(x: number, { exponent = 3, offset = 0 } = {}): number {
  return x ** exponent + offset;
}
export function summed(...xs: number[]): number {
  let s = 0;
  for (const x of xs) s += x * x;
  return s;
}
export function largest(xs: number[]): number {
  return Math.max(...xs);
}
export function optional(x: number, y?: number): number {
  return y === undefined ? x * x : x * y;
}
export function counted(n: number, x: number): number {
  let p = 1;
  for (let i = 0; i < n; i++) p *= x;
  return p;
}

export function both(x: number, y: number): [number, number] {
  return [x * y, x + y];
}
export function many(x: number): number[] {
  return [x, x * x, x * x * x];
}
export function floats(x: number): Float64Array {
  return new Float64Array([x, x * x]);
}
export function matrix(x: number): number[][] {
  return [
    [x, 1],
    [x * x, x],
  ];
}
export function point(x: number): { x: number; y: number } {
  return { x: x * x, y: 3 * x };
}
export function nested(x: number): { p: { q: number[] }; label: string } {
  return { p: { q: [x, x * x] }, label: "nested" };
}
export function adder(a: number): (x: number) => number {
  return (x) => a * x + a * a;
}
export function text(x: number): string {
  return x > 1 ? "big" : "small";
}
export function isBig(x: number): boolean {
  return x > 1;
}
export function sign(x: number): number {
  return x < 0 ? -1 : 1;
}
export function nothing(_x: number): void {}
export function maybe(x: number): number | undefined {
  return x > 100 ? undefined : x * x;
}

/** As vector libraries do: the target is written to, and given back. */
export function addTo(out: number[], a: number[], b: number[]): number[] {
  for (let i = 0; i < a.length; i++) out[i] = a[i]! + b[i]! * b[i]!;
  return out;
}
export function scale(xs: Float64Array, k: number): void {
  for (let i = 0; i < xs.length; i++) xs[i]! *= k;
}
export function shift(p: { x: number; y: number }, by: number): { x: number; y: number } {
  p.x += by * by;
  return p;
}

export function first<T>(xs: readonly T[]): T {
  return xs[0] as T;
}
export function mapped<T, R>(xs: readonly T[], f: (x: T) => R): R[] {
  return xs.map((x) => f(x));
}
export function clamped<T extends number>(x: T, low: T, high: T): number {
  return Math.min(Math.max(x, low), high);
}

export function area(r: number): number;
export function area(w: number, h: number): number;
export function area(a: number, b?: number): number {
  return b === undefined ? Math.PI * a * a : a * b;
}

export const arrow = (x: number): number => x * x * x;
export const expression = function named(x: number): number {
  return x < 0.1 ? x : named(x / 2) * 3;
};
export const tools = {
  twice: (x: number): number => 2 * x * x,
  deep: { cube: (x: number) => x ** 3 },
};

export class Polynomial {
  readonly coefficients: number[];
  constructor(coefficients: number[]) {
    this.coefficients = coefficients;
  }
  at(x: number): number {
    return this.coefficients.reduceRight((sum, c) => sum * x + c, 0);
  }
  static of(...coefficients: number[]): Polynomial {
    return new Polynomial(coefficients);
  }
}
export class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  get length(): number {
    return Math.sqrt(this.x * this.x + this.y * this.y);
  }
  scaled(k: number): Point {
    return new Point(this.x * k, this.y * k);
  }
}
export function pointAt(x: number, y: number): Point {
  return new Point(x * y, x + y);
}
export default function cube(x: number): number {
  return x * x * x;
}
