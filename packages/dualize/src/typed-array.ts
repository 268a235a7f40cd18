import { Dual, type Num } from "./dual-number.ts";
import type { Copies, Lift } from "./tree.ts";

export type FloatArrayConstructor = Float32ArrayConstructor | Float64ArrayConstructor;

const float16 = (globalThis as unknown as { Float16Array?: Float64ArrayConstructor }).Float16Array;

// Rounding to the array's precision changes the primal; the slope of it is taken to be 1, as that of fround.
const rounding = (round: (x: number) => number) =>
  function rounded(x: Num): Num {
    return x instanceof Dual ? new Dual(rounded(x.primal), x.tangent, x.tag) : round(x);
  };

const roundings = new Map<FloatArrayConstructor, (x: Num) => Num>([
  [Float64Array, (x) => x],
  [Float32Array, rounding(Math.fround)],
]);
if (float16)
  roundings.set(
    float16,
    rounding((Math as never as Record<string, (x: number) => number>).f16round!),
  );

/**
 * What `new Float64Array(n)` makes inside a dual form: a typed array can hold no duals, so this one
 * keeps numbers and duals in slots that its views share, and rounds as its model does.
 * Its prototype chain ends in the model's, so `instanceof Float64Array` holds; what it does not
 * implement throws the model's own TypeError. Here is what all transforms need; the methods that
 * users call are in typed-array-methods.ts, so that `jvp` alone stays small.
 */
export class DualArray {
  readonly #slots: Num[];
  readonly #offset: number;
  readonly #length: number;
  readonly #round: (x: Num) => Num;
  /** The typed array class this one stands for. */
  declare readonly model: FloatArrayConstructor;

  constructor(model: FloatArrayConstructor, slots: Num[], offset = 0, length = slots.length) {
    this.#slots = slots;
    this.#offset = offset;
    this.#length = length;
    this.#round = roundings.get(model) as (x: Num) => Num;
    // biome-ignore lint/correctness/noConstructorReturn: the instance takes its model's prototype chain
    return Object.setPrototypeOf(this, prototypeFor(model));
  }

  get length(): number {
    return this.#length;
  }

  static is(x: unknown): x is DualArray {
    return typeof x === "object" && x !== null && #slots in x;
  }

  /** An element or a field of anything. A look of its own: engines learn at each place what comes by. */
  static at(x: object, key: number): unknown {
    return #slots in x ? x.get(key) : (x as Record<PropertyKey, unknown>)[key];
  }

  get(index: number): Num | undefined {
    return index >= 0 && index < this.#length ? this.#slots[this.#offset + index] : undefined;
  }
  put(index: number, value: Num): void {
    if (this.get(index) === undefined) return;
    behind.written?.(this.#slots);
    this.#slots[this.#offset + index] = this.#round(value);
  }
  /** The elements as an array; a copy. */
  toArray(): Num[] {
    return this.#slots.slice(this.#offset, this.#offset + this.#length);
  }
  /** An array over some of the same slots. */
  view(from: number, length: number): DualArray {
    return new DualArray(this.model, this.#slots, this.#offset + from, length);
  }
  [Symbol.iterator](): IterableIterator<Num> {
    return Array.prototype.values.call(this);
  }
}

const prototypes = new Map<FloatArrayConstructor, { constructor?: unknown }>();
function prototypeFor(model: FloatArrayConstructor): object {
  let prototype = prototypes.get(model);
  if (!prototype) {
    prototype = Object.create(behind.methods(model), {
      ...Object.getOwnPropertyDescriptors(DualArray.prototype),
      model: { value: model },
    }) as { constructor?: unknown };
    // That of the model stands behind.
    delete prototype.constructor;
    prototypes.set(model, prototype);
  }
  return prototype;
}

/** The arrays that a call was given, by their buffers. (A WeakMap of calls would keep them from being collected young.) */
export interface Views {
  views?: Map<unknown, [ArrayBufferView, Num[]][]>;
}

interface Behind {
  methods: (model: FloatArrayConstructor) => object;
  /** Sees every array that stands for one of the caller's, or the slots of it, by the call that it is given to. */
  lifted?: (call: Lift, slots: unknown[], original: unknown) => void;
  /** Sees what makes copies of the arguments of a call. */
  lifts?: (lift: Copies, f: unknown, primals: readonly unknown[] | undefined) => void;
  /** Sees the copies that passes get of arguments. */
  copied?: (copy: unknown, original: unknown) => void;
  /** Whether an object that is not differentiated by is handed on as it is. */
  isWhole?: (x: object, lift?: Lift) => boolean;
  /** What makes such objects among arguments again what they are now; undefined where there are none. */
  remembered?: (args: readonly unknown[]) => (() => void) | undefined;
  /** Whether there are objects in arguments that have accessors by themselves. */
  haveAccessors?: (args: readonly unknown[]) => boolean;
  /** Sees what is written back to an original. */
  refuse?: (lift: Copies | undefined, original: object, key: PropertyKey) => void;
  /** Sees what a call gave that is run again; what it gives then has to be the same. */
  same?: (value: unknown, what?: string) => (again: unknown) => void;
  /** Sees every write. */
  written?: (slots: Num[]) => void;
}

/** What stands behind the methods: typed-array-methods.ts puts something there that knows the elements. */
export const behind: Behind = { methods: (model) => model.prototype };

/** Whether two views share some of a buffer. */
export const overlap = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  a.buffer === b.buffer &&
  a.byteOffset < b.byteOffset + b.byteLength &&
  b.byteOffset < a.byteOffset + a.byteLength;

/** Gives all arrays of duals, also those made before, these methods. */
export function extendDualArray(methods: PropertyDescriptorMap): void {
  for (const prototype of [DualArray.prototype, ...prototypes.values()]) {
    Object.defineProperties(prototype, methods);
  }
}

/** The class a float typed array is an instance of, or undefined for anything else. */
export function floatModel(x: unknown): FloatArrayConstructor | undefined {
  for (const model of roundings.keys()) if (x instanceof model) return model;
  return undefined;
}

export const isFloatArrayConstructor = (f: unknown): f is FloatArrayConstructor =>
  roundings.has(f as never);
