import { unmarkedArithmetic } from "./errors.ts";

/** A number, or a number that carries tangents. */
export type Num = number | Dual;

/**
 * A dual number `primal + tangent·ε` with `ε² = 0`.
 *
 * Every derivative in progress has a tag of its own, and ε of one tag is another infinitesimal
 * than ε of the next, so nested derivatives do not mix (Siskind & Pearlmutter, "Nesting forward-mode
 * AD in a functional framework", 2008). Newer derivatives have greater tags; the greatest tag is
 * outermost, so `primal` and `tangent` hold numbers or duals of smaller tags only.
 */
export class Dual {
  // A Proxy has no private fields, so asking for one does not run its traps, as asking for its prototype does.
  static [Symbol.hasInstance](x: unknown): x is Dual {
    return typeof x === "object" && x !== null && #tag in x;
  }
  readonly #tag: number;
  constructor(
    readonly primal: Num,
    readonly tangent: Num,
    tag: number = 0,
  ) {
    this.#tag = tag;
  }
  get tag(): number {
    return this.#tag;
  }

  // Text and formatting show the primal, so that what a program prints does not change when it is differentiated.
  toString(radix?: number): string {
    return plain(this as Dual).toString(radix);
  }
  toFixed(digits?: number): string {
    return plain(this as Dual).toFixed(plain(digits));
  }
  toPrecision(digits?: number): string {
    return plain(this as Dual).toPrecision(plain(digits));
  }
  toExponential(digits?: number): string {
    return plain(this as Dual).toExponential(plain(digits));
  }
  toLocaleString(...args: Parameters<number["toLocaleString"]>): string {
    return plain(this as Dual).toLocaleString(...args);
  }
  toJSON(): number {
    return plain(this as Dual);
  }
  valueOf(): never {
    throw unmarkedArithmetic();
  }
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return String(plain(this as Dual));
    throw unmarkedArithmetic();
  }
}

/** The plain number inside: `x` with the tangents of every nesting level removed. */
export const primalOf = (x: Num): number => plain(x) as number;

/** What comparisons, indices and integer operators see: the primal of a number, anything else as it is. */
export function plain<T>(x: T): T extends Dual ? number : T;
export function plain(x: unknown): unknown {
  let p = x;
  while (p instanceof Dual) p = p.primal;
  return p;
}

/**
 * A tangent of reverse mode: not yet a number, but a linear function of the inputs, which a tape
 * knows. Arithmetic on tangents only adds, negates and scales, so every function on duals records.
 * It stands where a tangent is a `Num`; tape.ts has the only one there is.
 */
export abstract class Linear {
  /** The sum with another one of the same tape, or with zero. */
  abstract plus(other: Num): Num;
  /** `factor · this + otherFactor · other`. */
  abstract sum(factor: Num, other: Linear, otherFactor: Num): Num;
  /** `factor · this`; 0 where the factor is 0. */
  abstract times(factor: Num): Num;
  /** `this / divisor`. */
  abstract over(divisor: Num): Num;
  /** The side of zero to which it moves along its input. */
  abstract side(): number;
  /** The parts without and with the infinitesimal of an older derivative. */
  abstract split(tag: number): [Num, Num];
}

/** Whether `x` carries a tangent. */
export const isDual = (x: unknown): x is Dual => x instanceof Dual;

/** A dual of plain numbers: no derivative inside another. */
export interface FlatDual extends Dual {
  readonly primal: number;
  readonly tangent: number;
}

// Most duals are flat: telling these apart first spares arithmetic the recursion over nesting levels.
export const isFlat = (x: Dual): x is FlatDual =>
  typeof x.primal === "number" && typeof x.tangent === "number";

/** `partial · tangent` of numbers, zero where the tangent is. */
export const scaled = (partial: number, tangent: number): number =>
  tangent === 0 ? 0 : partial * tangent;

/** `a + b`. */
export function add(a: Num, b: Num): Num {
  if (typeof a === "number") {
    if (typeof b === "number") return a + b;
    if (b instanceof Linear) return b.plus(a);
    return new Dual(add(a, b.primal), b.tangent, b.tag);
  }
  if (a instanceof Linear) return a.plus(b);
  if (typeof b === "number") return new Dual(add(a.primal, b), a.tangent, a.tag);
  if (a.tag > b.tag) return new Dual(add(a.primal, b), a.tangent, a.tag);
  if (a.tag < b.tag) return new Dual(add(a, b.primal), b.tangent, b.tag);
  return new Dual(add(a.primal, b.primal), add(a.tangent, b.tangent), a.tag);
}

/** `a - b`. */
export function sub(a: Num, b: Num): Num {
  if (typeof a === "number") {
    if (typeof b === "number") return a - b;
    if (b instanceof Linear) return b.times(-1);
    return new Dual(sub(a, b.primal), neg(b.tangent), b.tag);
  }
  if (a instanceof Linear) return b instanceof Linear ? a.sum(1, b, -1) : a.plus(neg(b));
  if (typeof b === "number") return new Dual(sub(a.primal, b), a.tangent, a.tag);
  if (a.tag > b.tag) return new Dual(sub(a.primal, b), a.tangent, a.tag);
  if (a.tag < b.tag) return new Dual(sub(a, b.primal), neg(b.tangent), b.tag);
  return new Dual(sub(a.primal, b.primal), sub(a.tangent, b.tangent), a.tag);
}

/** `-a`. */
export function neg(a: Num): Num {
  if (typeof a === "number") return -a;
  return a instanceof Linear ? a.times(-1) : new Dual(neg(a.primal), neg(a.tangent), a.tag);
}

/** `a * b`; d = b·da + a·db. */
export function mul(a: Num, b: Num): Num {
  if (typeof a === "number") {
    if (typeof b === "number") return a * b;
    if (isFlat(b)) return new Dual(a * b.primal, scaled(a, b.tangent), b.tag);
    return new Dual(mul(a, b.primal), strong(a, b.tangent), b.tag);
  }
  if (typeof b === "number") {
    if (isFlat(a)) return new Dual(a.primal * b, scaled(b, a.tangent), a.tag);
    return new Dual(mul(a.primal, b), strong(b, a.tangent), a.tag);
  }
  if (a.tag > b.tag) return new Dual(mul(a.primal, b), strong(b, a.tangent), a.tag);
  if (a.tag < b.tag) return new Dual(mul(a, b.primal), strong(a, b.tangent), b.tag);
  if (isFlat(a) && isFlat(b)) {
    const tangent = scaled(b.primal, a.tangent) + scaled(a.primal, b.tangent);
    return new Dual(a.primal * b.primal, tangent, a.tag);
  }
  const { primal: p, tangent: dp } = a;
  const { primal: q, tangent: dq } = b;
  if (dp instanceof Linear && dq instanceof Linear)
    return new Dual(mul(p, q), dp.sum(q, dq, p), a.tag);
  return new Dual(mul(p, q), add(strong(q, dp), strong(p, dq)), a.tag);
}

/** `a / b`; d = (da - (a/b)·db) / b. */
export function div(a: Num, b: Num): Num {
  if (typeof b === "number") {
    if (typeof a === "number") return a / b;
    return new Dual(div(a.primal, b), strongDiv(a.tangent, b), a.tag);
  }
  if (typeof a === "number") {
    const q = div(a, b.primal);
    return new Dual(q, strongDiv(neg(strong(q, b.tangent)), b.primal), b.tag);
  }
  if (a.tag > b.tag) return new Dual(div(a.primal, b), strongDiv(a.tangent, b), a.tag);
  if (a.tag === b.tag && isFlat(a) && isFlat(b)) {
    const q = a.primal / b.primal;
    const numerator = a.tangent - scaled(q, b.tangent);
    return new Dual(q, numerator === 0 ? 0 : numerator / b.primal, a.tag);
  }
  const q = div(a.tag < b.tag ? a : a.primal, b.primal);
  const fromB = strong(q, b.tangent);
  const numerator = a.tag < b.tag ? neg(fromB) : sub(a.tangent, fromB);
  return new Dual(q, strongDiv(numerator, b.primal), b.tag);
}

/** `a % b`; d = da - trunc(a/b)·db. The whole number is recovered from the exact remainder. */
export function rem(a: Num, b: Num): Num {
  if (typeof a === "number" && typeof b === "number") return a % b;
  const r = primalOf(a) % primalOf(b);
  // NaN, with derivatives of all orders that are NaN.
  if (Number.isNaN(r)) return div(r, add(a, b));
  const whole = wholeQuotient(primalOf(a), primalOf(b));
  return withPrimal(sub(a, strong(whole, b)), r);
}

/** How often `b` goes into `a`, towards zero: trunc(a/b) without the error of the rounded quotient. */
export function wholeQuotient(a: number, b: number): number {
  const r = a % b;
  return r === a ? 0 : Math.round((a - r) / b);
}

/** The innermost primal replaced by the one that the user's own operation gave; the tangents stay. */
export function withPrimal(x: Num, primal: number): Num {
  return typeof x === "number" ? primal : new Dual(withPrimal(x.primal, primal), x.tangent, x.tag);
}

/**
 * `partial · tangent`, where a zero tangent gives zero whatever the partial is (a "strong zero"):
 * `sqrt` at 0 has an infinite partial, yet no derivative in a direction that does not move it.
 * Decided on every nesting level for itself, so that no higher derivative is dropped.
 */
export function strong(partial: Num, tangent: Num): Num {
  if (tangent instanceof Linear) return tangent.times(partial);
  if (partial instanceof Linear) return partial.times(tangent);
  if (typeof tangent === "number") {
    if (tangent === 0) return 0;
    if (typeof partial === "number") return partial * tangent;
    return new Dual(strong(partial.primal, tangent), strong(partial.tangent, tangent), partial.tag);
  }
  if (typeof partial === "number" || partial.tag < tangent.tag) {
    return new Dual(strong(partial, tangent.primal), strong(partial, tangent.tangent), tangent.tag);
  }
  if (partial.tag > tangent.tag) {
    return new Dual(strong(partial.primal, tangent), strong(partial.tangent, tangent), partial.tag);
  }
  return new Dual(
    strong(partial.primal, tangent.primal),
    add(strong(partial.primal, tangent.tangent), strong(partial.tangent, tangent.primal)),
    tangent.tag,
  );
}

/** `tangent / b` with a strong zero: a zero tangent gives zero also where `b` is zero. */
export function strongDiv(tangent: Num, b: Num): Num {
  if (tangent instanceof Linear) return tangent.over(b);
  if (typeof tangent === "number") {
    if (tangent === 0) return 0;
    if (typeof b === "number") return tangent / b;
    const q = strongDiv(tangent, b.primal);
    return new Dual(q, strongDiv(neg(strong(b.tangent, q)), b.primal), b.tag);
  }
  if (typeof b === "number" || b.tag < tangent.tag) {
    return new Dual(strongDiv(tangent.primal, b), strongDiv(tangent.tangent, b), tangent.tag);
  }
  const same = b.tag === tangent.tag;
  const q = strongDiv(same ? tangent.primal : tangent, b.primal);
  const fromB = strong(b.tangent, q);
  return new Dual(q, strongDiv(same ? sub(tangent.tangent, fromB) : neg(fromB), b.primal), b.tag);
}
