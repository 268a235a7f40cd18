import { Dual, type Num, plain } from "./dual-number.ts";
import { math } from "./math.ts";

export type FloatArray = Float32Array | Float64Array;
type FloatArrayConstructor = Float32ArrayConstructor | Float64ArrayConstructor;

type Callback = (value: Num, index: number, array: DualArray) => unknown;

const float16 = (globalThis as unknown as { Float16Array?: Float64ArrayConstructor }).Float16Array;

const roundings = new Map<unknown, (x: Num) => Num>([
  [Float64Array, (x) => x],
  [Float32Array, (x) => (math.fround as (x: Num) => Num)(x)],
]);
if (float16) roundings.set(float16, (x) => (math.f16round as (x: Num) => Num)(x));

/**
 * What `new Float64Array(n)` makes inside a dual form: a typed array can hold no duals, so this one
 * keeps numbers and duals in slots that its views share, and rounds as its model does.
 * Its prototype chain ends in the model's, so `instanceof Float64Array` holds; what it does not
 * implement throws the model's own TypeError.
 */
export class DualArray {
  readonly #slots: Num[];
  readonly #offset: number;
  readonly #round: (x: Num) => Num;
  declare readonly length: number;
  /** The typed array class this one stands for. */
  declare readonly model: FloatArrayConstructor;

  constructor(model: FloatArrayConstructor, slots: Num[], offset = 0, length = slots.length) {
    this.#slots = slots;
    this.#offset = offset;
    this.#round = roundings.get(model) as (x: Num) => Num;
    hidden(this, "length", length);
    hidden(this, "model", model);
    // biome-ignore lint/correctness/noConstructorReturn: the instance takes its model's prototype chain
    return Object.setPrototypeOf(this, prototypeFor(model));
  }

  static is(x: unknown): x is DualArray {
    return typeof x === "object" && x !== null && #slots in x;
  }

  get(index: number): Num | undefined {
    return index >= 0 && index < this.length ? this.#slots[this.#offset + index] : undefined;
  }
  put(index: number, value: unknown): void {
    if (Number.isInteger(index) && index >= 0 && index < this.length) {
      this.#slots[this.#offset + index] = this.#round(numeric(value));
    }
  }
  /** The elements as an array; a copy. */
  toArray(): Num[] {
    return this.#slots.slice(this.#offset, this.#offset + this.length);
  }
  hasDuals(): boolean {
    for (let i = 0; i < this.length; i++) {
      if (this.#slots[this.#offset + i] instanceof Dual) return true;
    }
    return false;
  }
  #of(values: readonly unknown[]): DualArray {
    return new DualArray(
      this.model,
      values.map((v) => this.#round(numeric(v))),
    );
  }
  #assign(values: readonly Num[]): this {
    values.forEach((v, i) => {
      this.put(i, v);
    });
    return this;
  }

  get byteLength(): number {
    return this.length * this.model.BYTES_PER_ELEMENT;
  }
  [Symbol.iterator](): IterableIterator<Num> {
    return this.toArray()[Symbol.iterator]();
  }
  values(): IterableIterator<Num> {
    return this.toArray().values();
  }
  keys(): IterableIterator<number> {
    return this.toArray().keys();
  }
  entries(): IterableIterator<[number, Num]> {
    return this.toArray().entries();
  }
  at(index: number): Num | undefined {
    const i = Math.trunc(plain(index)) || 0;
    return this.get(i < 0 ? i + this.length : i);
  }
  set(source: ArrayLike<Num> | DualArray, offset = 0): void {
    const values = DualArray.is(source) ? source.toArray() : Array.from(source);
    const start = plain(offset);
    if (start < 0 || start + values.length > this.length) throw new RangeError("offset is out of bounds");
    values.forEach((v, i) => {
      this.put(start + i, v);
    });
  }
  fill(value: Num, start = 0, end = this.length): this {
    const v = this.#round(numeric(value));
    const from = relative(start, this.length);
    const to = relative(end, this.length);
    for (let i = from; i < to; i++) this.#slots[this.#offset + i] = v;
    return this;
  }
  slice(start = 0, end = this.length): DualArray {
    return new DualArray(this.model, this.toArray().slice(plain(start), plain(end)));
  }
  subarray(start = 0, end = this.length): DualArray {
    const from = relative(start, this.length);
    const to = Math.max(from, relative(end, this.length));
    return new DualArray(this.model, this.#slots, this.#offset + from, to - from);
  }
  copyWithin(target: number, start: number, end = this.length): this {
    return this.#assign(this.toArray().copyWithin(plain(target), plain(start), plain(end)));
  }
  reverse(): this {
    return this.#assign(this.toArray().reverse());
  }
  toReversed(): DualArray {
    return this.#of(this.toArray().reverse());
  }
  with(index: number, value: Num): DualArray {
    const i = plain(index) < 0 ? plain(index) + this.length : plain(index);
    if (!(i >= 0 && i < this.length)) throw new RangeError("Invalid typed array index");
    const copy = this.slice();
    copy.put(i, value);
    return copy;
  }
  sort(compare?: (a: Num, b: Num) => Num): this {
    return this.#assign(this.toArray().sort(order(compare)));
  }
  toSorted(compare?: (a: Num, b: Num) => Num): DualArray {
    return this.#of(this.toArray().sort(order(compare)));
  }
  map(f: Callback, self?: unknown): DualArray {
    return this.#of(this.toArray().map((v, i) => f.call(self, v, i, this)));
  }
  forEach(f: Callback, self?: unknown): void {
    for (let i = 0; i < this.length; i++) f.call(self, this.get(i) as Num, i, this);
  }
  filter(f: Callback, self?: unknown): DualArray {
    return this.#of(this.toArray().filter((v, i) => plain(f.call(self, v, i, this))));
  }
  every(f: Callback, self?: unknown): boolean {
    return this.toArray().every((v, i) => plain(f.call(self, v, i, this)));
  }
  some(f: Callback, self?: unknown): boolean {
    return this.toArray().some((v, i) => plain(f.call(self, v, i, this)));
  }
  find(f: Callback, self?: unknown): Num | undefined {
    return this.toArray().find((v, i) => plain(f.call(self, v, i, this)));
  }
  findIndex(f: Callback, self?: unknown): number {
    return this.toArray().findIndex((v, i) => plain(f.call(self, v, i, this)));
  }
  findLast(f: Callback, self?: unknown): Num | undefined {
    return this.get(this.findLastIndex(f, self));
  }
  findLastIndex(f: Callback, self?: unknown): number {
    let i = this.length - 1;
    while (i >= 0 && !plain(f.call(self, this.get(i) as Num, i, this))) i--;
    return i;
  }
  reduce(f: (acc: unknown, v: Num, i: number, array: DualArray) => unknown, ...init: unknown[]): unknown {
    const step = (acc: unknown, v: unknown, i: number) => f(acc, v as Num, i, this);
    return init.length ? this.toArray().reduce(step, init[0]) : this.toArray().reduce(step as never);
  }
  reduceRight(f: (acc: unknown, v: Num, i: number, array: DualArray) => unknown, ...init: unknown[]): unknown {
    const step = (acc: unknown, v: unknown, i: number) => f(acc, v as Num, i, this);
    return init.length ? this.toArray().reduceRight(step, init[0]) : this.toArray().reduceRight(step as never);
  }
  includes(value: Num, from?: number): boolean {
    return this.toArray().map(plain).includes(plain(value), plain(from));
  }
  indexOf(value: Num, from = 0): number {
    return this.toArray().map(plain).indexOf(plain(value), plain(from));
  }
  lastIndexOf(value: Num, from = this.length - 1): number {
    return this.toArray().map(plain).lastIndexOf(plain(value), plain(from));
  }
  join(separator?: string): string {
    return this.toArray().join(separator);
  }
  toString(): string {
    return this.join();
  }
}

const hidden = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, configurable: true });
};

const prototypes = new Map<FloatArrayConstructor, object>();
function prototypeFor(model: FloatArrayConstructor): object {
  let prototype = prototypes.get(model);
  if (!prototype) {
    prototype = Object.create(model.prototype, Object.getOwnPropertyDescriptors(DualArray.prototype)) as object;
    hidden(prototype, "constructor", model);
    // Destructuring by a literal index, `const { 0: x } = xs`, is the one access that is not rewritten.
    for (let i = 0; i < 32; i++) {
      Object.defineProperty(prototype, i, {
        get(this: DualArray) {
          return this.get(i);
        },
        set(this: DualArray, v: unknown) {
          this.put(i, v);
        },
      });
    }
    prototypes.set(model, prototype);
  }
  return prototype;
}

const numeric = (v: unknown): Num => (typeof v === "number" || v instanceof Dual ? v : Number(v));

const relative = (index: number, length: number): number => {
  const i = Math.trunc(plain(index)) || 0;
  return i < 0 ? Math.max(i + length, 0) : Math.min(i, length);
};

const order = (compare?: (a: Num, b: Num) => Num) => (a: Num, b: Num) => {
  if (compare) return plain(compare(a, b)) as number;
  const [p, q] = [plain(a) as number, plain(b) as number];
  // As typed arrays sort: numerically, -0 before 0, NaN last.
  if (Number.isNaN(p)) return Number.isNaN(q) ? 0 : 1;
  if (Number.isNaN(q)) return -1;
  if (p === q) return p === 0 ? Number(Object.is(q, -0)) - Number(Object.is(p, -0)) : 0;
  return p < q ? -1 : 1;
};

/** The class a float typed array is an instance of, or undefined for anything else. */
export const floatModel = (x: unknown): FloatArrayConstructor | undefined => {
  if (x instanceof Float64Array) return Float64Array;
  if (x instanceof Float32Array) return Float32Array;
  return float16 && x instanceof float16 ? float16 : undefined;
};

export const isFloatArrayConstructor = (f: unknown): f is FloatArrayConstructor => roundings.has(f);

/** `new Model(...args)` inside a dual form. */
export function makeDualArray(model: FloatArrayConstructor, args: readonly unknown[]): unknown {
  const [first] = args;
  if (first instanceof ArrayBuffer || (typeof SharedArrayBuffer !== "undefined" && first instanceof SharedArrayBuffer)) {
    return Reflect.construct(model, args.map(plain));
  }
  const round = roundings.get(model) as (x: Num) => Num;
  if (first !== null && typeof first === "object" && !(first instanceof Dual)) {
    return new DualArray(
      model,
      Array.from(first as ArrayLike<Num>, (v) => round(numeric(v))),
    );
  }
  return new DualArray(model, Array.from(new model(plain(first) as number)));
}
