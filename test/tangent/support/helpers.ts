import { customJvp } from "dualize";

/** Helpers of another module, in every way that a module can export them. */

export default function cube(x: number): number {
  "use dual";
  return x * x * x;
}

export function lerp(a: number, b: number, t = 0.25): number {
  "use dual";
  return a + (b - a) * t;
}

export const twice = (x: number): number => {
  "use dual";
  return 2 * x;
};

export function norm(xs: number[]): number {
  "use dual";
  let s = 0;
  for (const x of xs) s += x * x;
  return Math.sqrt(s);
}

export function scaleInPlace(xs: number[], k: number): void {
  "use dual";
  for (let i = 0; i < xs.length; i++) xs[i] *= k;
}

export function pair(x: number, y: number): number[] {
  "use dual";
  return [x * y, x + y];
}

export function polar(r: number, angle: number): { x: number; y: number } {
  "use dual";
  return { x: r * Math.cos(angle), y: r * Math.sin(angle) };
}

/** `x²`, whose derivative is said to be 100: to see that the rule is used. */
export const ruled = customJvp(
  (x: number) => x * x,
  ([x], [dx]) => [x * x, 100 * dx],
);

/** Generic: takes the dual form. */
export function last<T>(xs: T[]): T {
  "use dual";
  return xs[xs.length - 1] as T;
}

export function unmarked(x: number): number {
  return x * x;
}

export function curried(a: number, b: number[]): (t: number) => number {
  "use dual";
  return (t) => a * t * t + b[0] * t + b[1];
}

/** Curried, and without a tangent form. */
export function looselyCurried(a: number, b: unknown[]): (t: number) => number {
  "use dual";
  const [first, second] = b as [number, number];
  return (t) => a * t * t + first * t + second;
}
