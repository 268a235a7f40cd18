/** What adjoint code calls: the tape, and shares that are no products of a partial and a cotangent. */
import { isView } from "./captured.ts";
import { lengthTangent, unitVector } from "./tangent-runtime.ts";

/**
 * How many numbers the tape has room for at least, so that twice the room is enough for as many more at once, and how
 * many it keeps room for between calls.
 */
const KEPT = 1024;
const LARGEST_KEPT = 2 ** 22;

type Floats64 = Float64Array<ArrayBuffer>;

interface Stacks {
  readonly numbers: Floats64;
  readonly position: number;
  readonly references: unknown[];
}

/** Tapes of runs inside others, for the next ones. */
const spare: Floats64[] = [];

/**
 * The tape of adjoint code: the forward sweep pushes what the reverse sweep will need and cannot
 * compute again, numbers apart from everything else; the reverse sweep pops it. The functions of a
 * file share it, since what is called in the middle leaves it as it was; what is run in the middle by
 * others gets one of its own.
 */
export const tape = {
  numbers: new Float64Array(KEPT),
  position: 0,
  references: [] as unknown[],
  depth: 0,
  /** Begins a run; gives what is to be there again after it. */
  begin(): Stacks | undefined {
    if (tape.depth++ === 0) return undefined;
    const { numbers, position, references } = tape;
    tape.numbers = spare.pop() ?? new Float64Array(KEPT);
    tape.position = 0;
    tape.references = [];
    return { numbers, position, references };
  },
  /** Ends a run, also one that broke off half-way, and lets go of what a long one needed. */
  end(outer: Stacks | undefined): void {
    tape.depth--;
    if (outer === undefined) {
      tape.position = 0;
      // Setting a length costs more than looking at it.
      if (tape.references.length > 0) tape.references.length = 0;
      if (tape.numbers.length > LARGEST_KEPT) tape.numbers = new Float64Array(KEPT);
      return;
    }
    if (tape.numbers.length <= LARGEST_KEPT) spare.push(tape.numbers);
    tape.numbers = outer.numbers;
    tape.position = outer.position;
    tape.references = outer.references;
  },
};

/** Where adjoint code leaves the adjoints of parameters that are numbers. */
export const slots = new Float64Array(64);

/** The tape's numbers with twice the room, or as much as is needed: told where that may be more. */
export function grow(numbers: Float64Array, needed = 0): Float64Array {
  const larger = new Float64Array(Math.max(2 * numbers.length, needed));
  larger.set(numbers);
  tape.numbers = larger;
  return larger;
}

type Floats = number[] | Float64Array;

/** Adds the elements of a list to those of another from a position on. */
export function addInto(to: Floats, from: Floats, start: number): void {
  for (let i = 0; i < from.length; i++)
    if (start + i < to.length) (to[start + i] as number) += from[i] as number;
}

/** Where `list.slice(start)` begins. */
export function sliceStart({ length }: ArrayLike<unknown>, start: number): number {
  const place = Math.trunc(start) || 0;
  return place < 0 ? Math.max(length + place, 0) : place;
}

/** Adds numbers to those at the same places of another array or object. */
export function addTree(to: unknown, from: unknown): void {
  if (typeof to !== "object" || to === null || typeof from !== "object" || from === null) return;
  if (isList(to)) {
    const numbers = from as number[];
    for (let i = 0; i < numbers.length; i++) {
      if (typeof numbers[i] === "number") to[i] = (to[i] ?? 0) + (numbers[i] as number);
      else addTree(to[i], numbers[i]);
    }
    return;
  }
  const into = to as Record<string, unknown>;
  for (const key of Object.keys(from)) {
    const value = (from as Record<string, unknown>)[key];
    if (typeof value === "number") into[key] = ((into[key] as number | undefined) ?? 0) + value;
    else addTree(into[key], value);
  }
}

const isList = (x: unknown): x is number[] => Array.isArray(x) || isView(x);

/** The sum of a list, which is zero from then on. */
export function drain(list: Floats): number {
  let sum = 0;
  for (let i = 0; i < list.length; i++) {
    sum += list[i] as number;
    list[i] = 0;
  }
  return sum;
}

/** Hands the cotangent `g` of `Math.max(...xs)` or `Math.min(...xs)`, which is `chosen`, on to the elements. */
export function extremumInto(chosen: number, xs: Floats, adjoints: Floats, g: number): void {
  let tied = 0;
  for (let i = 0; i < xs.length; i++) if (xs[i] === chosen) tied++;
  for (let i = 0; i < xs.length; i++) {
    if (tied === 0) (adjoints[i] as number) += g === 0 ? 0 : Number.NaN;
    else if (xs[i] === chosen) (adjoints[i] as number) += g / tied;
  }
}

/** Hands the cotangent `g` of `Math.hypot(...xs)` on to the elements. */
export function lengthInto(_r: number, xs: Floats, adjoints: Floats, g: number): void {
  if (g === 0) return;
  const unit = unitVector(xs as number[]);
  for (let i = 0; i < xs.length; i++) (adjoints[i] as number) += unit(i) * g;
}

/** Hands the cotangent `g` of the tangent of `Math.hypot(...xs)` along `dxs` on to the elements of `xs`. */
export function turnInto(xs: Floats, dxs: Floats, adjoints: Floats, g: number): void {
  const length = Math.hypot(...(xs as number[]));
  // At the origin it is NaN, so that nested duals tell.
  if (g === 0 && length !== 0) return;
  const along = lengthTangent(xs as number[], dxs as number[]);
  const unit = unitVector(xs as number[]);
  for (let i = 0; i < xs.length; i++)
    (adjoints[i] as number) += (((dxs[i] as number) - unit(i) * along) / length) * g;
}

/** ∂(xʸ)/∂x. */
export const powerPartial = (x: number, y: number): number => (y === 0 ? 0 : x ** (y - 1) * y);

/** ∂²(xʸ)/∂x². */
export const powerCurvature = (x: number, y: number): number =>
  y === 0 || y === 1 ? 0 : x ** (y - 2) * (y - 1) * y;

/** ∂²(xʸ)/∂x∂y. */
export const powerMixed = (x: number, y: number): number =>
  x ** (y - 1) * (1 + (y === 0 ? 0 : y * Math.log(x)));

export { exponentPartial } from "./tangent-runtime.ts";

/** ∂(x % y)/∂x: 1, or NaN where there is no remainder. */
export const remPartial = (x: number, y: number): number => (Number.isNaN(x % y) ? Number.NaN : 1);

/** What each of two equals takes of the cotangent of their maximum; NaN where they are none. */
export const tiedShare = (difference: number, g: number): number =>
  difference === 0 ? g / 2 : g === 0 ? 0 : Number.NaN;

/** ∂max(...)/∂x, or of min, which is `chosen`. */
export function extremumPartial(chosen: number, x: number, ...all: number[]): number {
  if (Number.isNaN(chosen)) return Number.NaN;
  return x === chosen ? 1 / all.filter((a) => a === chosen).length : 0;
}

/** `partial · cotangent`, zero where either is, since forward mode leaves out what is constant. */
export const strongShare = (partial: number, cotangent: number): number =>
  partial === 0 || cotangent === 0 ? 0 : partial * cotangent;

/** `cotangent / b`, zero where the cotangent is, or the partial. */
export const strongRatio = (cotangent: number, b: number): number =>
  cotangent === 0 || 1 / b === 0 ? 0 : cotangent / b;
