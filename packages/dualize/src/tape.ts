import { splitUnchecked } from "./closures.ts";
import { add, Dual, Linear, type Num, strongDiv } from "./dual-number.ts";
import { unsupportedValue } from "./errors.ts";

/**
 * The tape of reverse mode. Every tangent is `coefficient · entry`, an entry is an input or the sum
 * of two such terms, and only sums are written down: four numbers each, in typed arrays. Going back
 * over the tape adds up cotangents, going forward over it replays the tangents.
 */

/** `coef · entry[index]` of a tape. */
export class Term extends Linear {
  constructor(
    readonly tape: Tape,
    readonly index: number,
    readonly coef: Num,
  ) {
    super();
  }

  plus(other: Num): Num {
    if (!(other instanceof Term)) return this as unknown as Num;
    return this.sum(1, other, 1);
  }
  sum(factor: Num, other: Linear, otherFactor: Num): Num {
    const { tape, index } = this;
    const { index: otherIndex, coef: otherCoef } = other as Term;
    const a = product(this.coef, factor);
    const b = product(otherCoef, otherFactor);
    if (index === otherIndex) return termOf(tape, index, add(a, b));
    if (a === 0) return termOf(tape, otherIndex, b);
    if (b === 0) return termOf(tape, index, a);
    return tape.sum(index, a, otherIndex, b);
  }
  times(factor: Num): Num {
    return termOf(this.tape, this.index, product(this.coef, factor));
  }
  over(divisor: Num): Num {
    return termOf(this.tape, this.index, strongDiv(this.coef, divisor));
  }
  side(): number {
    let c = this.coef;
    while (c instanceof Dual) c = c.primal;
    return Math.sign(c);
  }

  split(tag: number): [Num, Num] {
    const [c0, c1] = splitUnchecked(this.coef, tag);
    const [e0, e1] = this.tape.split(this.index, tag);
    return [product(c0, e0), add(product(c1, e0), product(c0, e1))];
  }
}

const termOf = (tape: Tape, index: number, coef: Num): Num =>
  coef === 0 ? 0 : (new Term(tape, index, coef) as unknown as Num);

/**
 * `a · b`, zero where one of them is: a zero cotangent gives zero whatever the partial, and a zero
 * partial whatever the cotangent. Decided on every nesting level for itself.
 */
export function product(a: Num, b: Num): Num {
  if (a === 0 || b === 0) return 0;
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a instanceof Linear) return a.times(b);
  if (b instanceof Linear) return b.times(a);
  if (typeof b === "number" || (a instanceof Dual && a.tag > b.tag)) {
    const { primal, tangent, tag } = a as Dual;
    return new Dual(product(primal, b), product(tangent, b), tag);
  }
  if (typeof a === "number" || a.tag < b.tag)
    return new Dual(product(a, b.primal), product(a, b.tangent), b.tag);
  return new Dual(
    product(a.primal, b.primal),
    add(product(a.primal, b.tangent), product(a.tangent, b.primal)),
    a.tag,
  );
}

/** A step that knows its own derivative: `customVjp` and `checkpoint` leave one on the tape. */
export interface Step {
  /** The terms that it depends on. */
  readonly operands: readonly (Term | 0)[];
  /** How many entries after it are its results. */
  readonly results: number;
  /** Cotangents of the results to cotangents of the operands. */
  pull(cotangents: readonly Num[]): readonly Num[];
  /** Tangents of the operands to tangents of the results. */
  push(tangents: readonly Num[]): readonly Num[];
}

// In `parents`, in place of an entry: a result of a step, and (this or below) a step.
const RESULT = -1;
const FIRST_STEP = -2;

interface Buffers {
  readonly parents: Int32Array<ArrayBuffer>;
  readonly coefs: Float64Array<ArrayBuffer>;
}
const makeBuffers = (entries: number): Buffers => ({
  parents: new Int32Array(2 * entries),
  coefs: new Float64Array(2 * entries),
});

const SMALLEST = 256;
/** What is kept for the next tape has at most this many entries (24 bytes each); larger ones are given back. */
const LARGEST_KEPT = 1 << 18;

// Taken while it is in use, so that a derivative inside a derivative gets another.
let spare: Buffers | undefined;
let spareSums = new Float64Array(SMALLEST);

/** Entries and their number; nothing is added to it any more. */
export interface Recording extends Buffers {
  readonly inputs: number;
  readonly length: number;
  /** All coefficients, where one of them is no plain number. */
  readonly duals: readonly Num[] | undefined;
  readonly steps: readonly Step[];
}

export class Tape implements Recording {
  /** Entries so far; those of the inputs come first and take no room. */
  length = 0;
  inputs = 0;
  parents: Int32Array<ArrayBuffer>;
  coefs: Float64Array<ArrayBuffer>;
  duals: Num[] | undefined;
  readonly steps: Step[] = [];
  readonly #parts = new Map<number, [Num, Num][]>();
  #ended = false;

  constructor() {
    const { parents, coefs } = spare ?? makeBuffers(SMALLEST);
    spare = undefined;
    this.parents = parents;
    this.coefs = coefs;
  }

  /** An input; all of them come before the first sum. */
  input(): Num {
    this.inputs++;
    return new Term(this, this.length++, 1) as unknown as Num;
  }

  /** A new entry, the sum of two terms. */
  sum(p: number, a: Num, q: number, b: Num): Num {
    return new Term(this, this.#write(p, a, q, b), 1) as unknown as Num;
  }

  /** Puts a step on the tape; gives its results. */
  step(step: Step): Num[] {
    this.#write(FIRST_STEP - this.steps.length, 0, 0, 0);
    this.steps.push(step);
    return Array.from(
      { length: step.results },
      () => new Term(this, this.#write(RESULT, 0, 0, 0), 1) as unknown as Num,
    );
  }

  /**
   * An entry as `a + b·ε` of an older derivative, whose duals are among the coefficients: the sums
   * are written down once more for both parts.
   */
  split(index: number, tag: number): [Num, Num] {
    const whole = (i: number): [Num, Num] => [new Term(this, i, 1) as unknown as Num, 0];
    if (this.duals === undefined && this.steps.length === 0) return whole(index);
    const known = this.#parts.get(tag) ?? [];
    this.#parts.set(tag, known);
    for (let i = known.length; i <= index; i++) {
      const k = 2 * (i - this.inputs);
      if (i < this.inputs) known.push(whole(i));
      else if ((this.parents[k] as number) < 0) {
        throw unsupportedValue(
          "a closure of one derivative meets the result of a customVjp or checkpoint inside another",
          "Call it outside, or without checkpoint.",
        );
      } else {
        let [a, b]: [Num, Num] = [0, 0];
        for (const j of [k, k + 1]) {
          const coef = this.duals?.[j] ?? (this.coefs[j] as number);
          const [c0, c1] = splitUnchecked(coef, tag);
          const [e0, e1] = known[this.parents[j] as number] as [Num, Num];
          a = add(a, product(c0, e0));
          b = add(b, add(product(c1, e0), product(c0, e1)));
        }
        known.push(b === 0 ? whole(i) : [a, b]);
      }
    }
    return known[index] as [Num, Num];
  }

  #write(p: number, a: Num, q: number, b: Num): number {
    // Closures that outlive the derivative still compute; nobody asks for these tangents.
    if (this.#ended) return 0;
    const k = 2 * (this.length - this.inputs);
    if (k === this.parents.length) this.#grow();
    this.parents[k] = p;
    this.parents[k + 1] = q;
    if (typeof a === "number" && typeof b === "number" && this.duals === undefined) {
      this.coefs[k] = a;
      this.coefs[k + 1] = b;
    } else {
      this.duals ??= Array.from(this.coefs.subarray(0, k));
      this.duals.push(a, b);
    }
    return this.length++;
  }

  #grow(): void {
    const { parents, coefs } = makeBuffers(this.parents.length);
    parents.set(this.parents);
    coefs.set(this.coefs);
    this.parents = parents;
    this.coefs = coefs;
  }

  /** A copy that is as large as it has to be, to be kept. */
  snapshot(): Recording {
    const { inputs, length, duals, steps } = this;
    const end = 2 * (length - inputs);
    return {
      inputs,
      length,
      parents: this.parents.slice(0, end),
      coefs: duals ? new Float64Array(0) : this.coefs.slice(0, end),
      duals,
      steps,
    };
  }

  /** Nothing is recorded from here on. What it was written in is used again. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { parents, coefs } = this;
    if (parents.length <= 2 * LARGEST_KEPT) spare = { parents, coefs };
    this.parents = new Int32Array(0);
    this.coefs = new Float64Array(0);
  }
}

/** A cotangent for a term. */
export type Seed = readonly [term: Term, cotangent: Num];

/** The reverse sweep: the cotangents of the inputs. */
export function sweep(recording: Recording, seeds: readonly Seed[]): ArrayLike<Num> {
  const isPlain =
    recording.duals === undefined &&
    recording.steps.length === 0 &&
    seeds.every(([t, c]) => typeof c === "number" && typeof t.coef === "number");
  return isPlain ? sweepNumbers(recording, seeds) : sweepAny(recording, seeds);
}

const lastOf = (seeds: readonly Seed[]): number =>
  seeds.reduce((last, [t]) => Math.max(last, t.index), -1);

function sweepNumbers({ inputs, parents, coefs }: Recording, seeds: readonly Seed[]) {
  const last = lastOf(seeds);
  const size = Math.max(last + 1, inputs);
  let sums = spareSums;
  if (sums.length < size) {
    sums = new Float64Array(size);
    if (size <= LARGEST_KEPT) spareSums = sums;
  } else sums.fill(0, 0, size);
  for (const [t, c] of seeds) {
    const i = t.index;
    sums[i] = (sums[i] as number) + (product(t.coef, c) as number);
  }
  for (let i = last; i >= inputs; i--) {
    const s = sums[i] as number;
    if (s === 0) continue;
    const k = 2 * (i - inputs);
    const p = parents[k] as number;
    const q = parents[k + 1] as number;
    sums[p] = (sums[p] as number) + s * (coefs[k] as number);
    sums[q] = (sums[q] as number) + s * (coefs[k + 1] as number);
  }
  return sums.slice(0, inputs);
}

function sweepAny(recording: Recording, seeds: readonly Seed[]): Num[] {
  const { inputs, length, parents, steps } = recording;
  const coefs: ArrayLike<Num> = recording.duals ?? recording.coefs;
  const sums = new Array<Num>(length).fill(0);
  const give = (to: number, coef: Num, cotangent: Num) => {
    sums[to] = add(sums[to] as Num, product(coef, cotangent));
  };
  for (const [t, c] of seeds) give(t.index, t.coef, c);
  for (let i = lastOf(seeds); i >= inputs; i--) {
    const k = 2 * (i - inputs);
    const p = parents[k] as number;
    if (p === RESULT) continue;
    if (p <= FIRST_STEP) {
      const step = steps[FIRST_STEP - p] as Step;
      const cotangents = sums.slice(i + 1, i + 1 + step.results);
      if (cotangents.every((c) => c === 0)) continue;
      const pulled = step.pull(cotangents);
      step.operands.forEach((t, j) => {
        if (t !== 0) give(t.index, t.coef, pulled[j] as Num);
      });
      continue;
    }
    const s = sums[i] as Num;
    if (s === 0) continue;
    give(p, coefs[k] as Num, s);
    give(parents[k + 1] as number, coefs[k + 1] as Num, s);
  }
  return sums.slice(0, inputs);
}

/** The forward sweep over what was recorded: the tangents of all entries from those of the inputs. */
export function replay(recording: Recording, tangents: readonly Num[]): (term: Term | 0) => Num {
  const { inputs, length, parents, steps } = recording;
  const coefs: ArrayLike<Num> = recording.duals ?? recording.coefs;
  const values: Num[] = tangents.slice();
  const at = (t: Term | 0): Num => (t === 0 ? 0 : product(t.coef, values[t.index] as Num));
  for (let i = inputs; i < length; i++) {
    const k = 2 * (i - inputs);
    const p = parents[k] as number;
    if (p <= FIRST_STEP) {
      const step = steps[FIRST_STEP - p] as Step;
      values.push(0, ...step.push(step.operands.map(at)));
      i += step.results;
    } else {
      const q = parents[k + 1] as number;
      values.push(
        add(
          product(coefs[k] as Num, values[p] as Num),
          product(coefs[k + 1] as Num, values[q] as Num),
        ),
      );
    }
  }
  return at;
}
