import { isView } from "./captured.ts";
import { isObject, operand, seen } from "./conversion.ts";
import { Dual, type Num, plain } from "./dual-number.ts";
import { unsupportedValue } from "./errors.ts";
import { mapped } from "./mapped.ts";
import { likeOriginal } from "./originals.ts";
import {
  behind,
  DualArray,
  extendDualArray,
  type FloatArrayConstructor,
  overlap,
} from "./typed-array.ts";

/** The methods of typed arrays, for the arrays that stand for them in dual forms. */

type Self = DualArray;
type Verdict = (value: Num, index: number, array: DualArray) => unknown;
type Reducer = (acc: unknown, value: Num, index: number, array: DualArray) => unknown;
type Order = (a: Num, b: Num) => Num;

const make = (like: DualArray, values: readonly unknown[]): DualArray => {
  const made = new DualArray(like.model, new Array(values.length).fill(0));
  assign(made, values);
  return made;
};
const assign = (array: DualArray, values: readonly unknown[], start = 0): DualArray => {
  values.forEach((v, i) => {
    array.put(start + i, operand(v));
  });
  return array;
};
const whole = (x: unknown): number => Math.trunc(plain(operand(x)) as number) || 0;
const relative = (index: number | undefined, length: number, missing: number): number => {
  if (index === undefined) return missing;
  const i = whole(index);
  return i < 0 ? Math.max(i + length, 0) : Math.min(i, length);
};
const primals = (array: DualArray): unknown[] => array.toArray().map(plain);

/** What the language asks for before a method makes its result: a class of another kind would hold plain numbers. */
function checkSpecies(array: DualArray): void {
  const C = array.constructor as unknown;
  if (C === undefined) return;
  if (!isObject(C)) throw new TypeError("The .constructor property is not an object");
  const species = (C as { [Symbol.species]?: unknown })[Symbol.species] ?? array.model;
  if (species === array.model) return;
  if (typeof species !== "function")
    throw new TypeError("object.constructor[Symbol.species] is not a constructor");
  throw unsupportedValue(
    "a typed array that is made in a marked function was to give one of another class, which holds plain numbers",
    "Make the other one of Array.from(xs, primalOf) if derivatives do not matter there.",
  );
}

const checkCallable = (f: unknown): void => {
  if (typeof f !== "function") throw new TypeError(`${String(f)} is not a function`);
};

const order = (compare?: Order) => (a: Num, b: Num) => {
  if (compare) return plain(operand(compare(a, b))) as number;
  const [p, q] = [plain(a) as number, plain(b) as number];
  // As typed arrays sort: numerically, -0 before 0, NaN last.
  if (Number.isNaN(p)) return Number.isNaN(q) ? 0 : 1;
  if (Number.isNaN(q)) return -1;
  if (p === q) return p === 0 ? Number(Object.is(q, -0)) - Number(Object.is(p, -0)) : 0;
  return p < q ? -1 : 1;
};

// As elements are when their turn comes: callbacks may write to later ones.
const lists = Array.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;

const length = Object.getOwnPropertyDescriptor(DualArray.prototype, "length") as {
  get: () => number;
};
/** How many elements there are, whatever a property of its own says. */
const count = (array: DualArray): number => Reflect.apply(length.get, array, []);

// A function may have an `apply` or `call` of its own.
const asked = (f: Verdict, that: unknown, i: number, array: DualArray): unknown =>
  Reflect.apply(f, that, [array.get(i), i, array]);

/** The first element, or the last, of which the primal of the verdict is `wanted`: where it is, and what it was. */
function firstOf(
  array: DualArray,
  f: Verdict,
  that: unknown,
  { wanted = true, backwards = false } = {},
): [index: number, value: Num | undefined] {
  checkCallable(f);
  const n = count(array);
  for (let k = 0; k < n; k++) {
    const i = backwards ? n - 1 - k : k;
    const value = array.get(i);
    if (Boolean(plain(Reflect.apply(f, that, [value, i, array]))) === wanted) return [i, value];
  }
  return [-1, undefined];
}

function reduced(array: DualArray, f: Reducer, init: unknown[], backwards: boolean): unknown {
  checkCallable(f);
  const n = count(array);
  // The language says of nothing to begin with what it says.
  if (n === 0 && init.length === 0) return Reflect.apply(lists.reduce!, [], [f]);
  let sum = init.length > 0 ? init[0] : array.get(backwards ? n - 1 : 0);
  for (let k = init.length > 0 ? 0 : 1; k < n; k++) {
    const i = backwards ? n - 1 - k : k;
    sum = f(sum, array.get(i) as Num, i, array);
  }
  return sum;
}

const searching =
  (name: "includes" | "indexOf" | "lastIndexOf") =>
  (array: DualArray, args: unknown[]): unknown =>
    (primals(array)[name] as (...args: unknown[]) => unknown)(...mapped(args, plain));

export const dualArrayMethods = {
  values(this: Self) {
    return lists.values!.call(this);
  },
  keys(this: Self) {
    return lists.keys!.call(this);
  },
  entries(this: Self) {
    return lists.entries!.call(this);
  },
  at(this: Self, index: number) {
    const i = whole(index);
    return this.get(i < 0 ? i + count(this) : i);
  },
  set(this: Self, source: ArrayLike<Num>, offset = 0) {
    const start = whole(offset);
    if (start < 0) throw new RangeError("offset is out of bounds");
    // Nothing is no list; the language says so.
    if (source === undefined || source === null) Object.keys(source);
    const list = DualArray.is(source) ? source.toArray() : (Object(source) as ArrayLike<unknown>);
    const n = Math.trunc(seen(list.length) as number) || 0;
    if (start + n > count(this)) throw new RangeError("offset is out of bounds");
    for (let i = 0; i < n; i++) this.put(start + i, operand(list[i]));
  },
  fill(this: Self, value: Num, start?: number, end?: number) {
    const v = operand(value);
    const to = relative(end, count(this), count(this));
    for (let i = relative(start, count(this), 0); i < to; i++) this.put(i, v);
    return this;
  },
  slice(this: Self, start?: number, end?: number) {
    const part = this.toArray().slice(seen(start) as number, seen(end) as number);
    checkSpecies(this);
    return new DualArray(this.model, part);
  },
  subarray(this: Self, start?: number, end?: number) {
    const from = relative(start, count(this), 0);
    const length = Math.max(0, relative(end, count(this), count(this)) - from);
    checkSpecies(this);
    return this.view(from, length);
  },
  copyWithin(this: Self, target: number, start: number, end?: number) {
    return assign(
      this,
      this.toArray().copyWithin(seen(target) as number, seen(start) as number, seen(end) as number),
    );
  },
  reverse(this: Self) {
    return assign(this, this.toArray().reverse());
  },
  toReversed(this: Self) {
    return make(this, this.toArray().reverse());
  },
  with(this: Self, index: number, value: Num) {
    const i = whole(index) < 0 ? whole(index) + count(this) : whole(index);
    const v = operand(value);
    if (!(i >= 0 && i < count(this))) throw new RangeError("Invalid typed array index");
    const copy = make(this, this.toArray());
    copy.put(i, v);
    return copy;
  },
  sort(this: Self, compare?: Order) {
    if (compare !== undefined) checkCallable(compare);
    return assign(this, this.toArray().sort(order(compare)));
  },
  toSorted(this: Self, compare?: Order) {
    if (compare !== undefined) checkCallable(compare);
    return make(this, this.toArray().sort(order(compare)));
  },
  map(this: Self, f: Verdict, that?: unknown) {
    checkCallable(f);
    checkSpecies(this);
    const n = count(this);
    const made = make(this, new Array(n).fill(0));
    for (let i = 0; i < n; i++) made.put(i, operand(asked(f, that, i, this)));
    return made;
  },
  forEach(this: Self, f: Verdict, that?: unknown) {
    checkCallable(f);
    const n = count(this);
    for (let i = 0; i < n; i++) asked(f, that, i, this);
  },
  filter(this: Self, f: Verdict, that?: unknown) {
    checkCallable(f);
    const kept: unknown[] = [];
    const n = count(this);
    for (let i = 0; i < n; i++) {
      const value = this.get(i);
      if (plain(Reflect.apply(f, that, [value, i, this]))) kept.push(value);
    }
    checkSpecies(this);
    return make(this, kept);
  },
  every(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that, { wanted: false })[0] < 0;
  },
  some(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that)[0] >= 0;
  },
  find(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that)[1];
  },
  findIndex(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that)[0];
  },
  findLast(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that, { backwards: true })[1];
  },
  findLastIndex(this: Self, f: Verdict, that?: unknown) {
    return firstOf(this, f, that, { backwards: true })[0];
  },
  reduce(this: Self, f: Reducer, ...init: unknown[]) {
    return reduced(this, f, init, false);
  },
  reduceRight(this: Self, f: Reducer, ...init: unknown[]) {
    return reduced(this, f, init, true);
  },
  includes(this: Self, ...args: unknown[]) {
    return searching("includes")(this, args);
  },
  indexOf(this: Self, ...args: unknown[]) {
    return searching("indexOf")(this, args);
  },
  lastIndexOf(this: Self, ...args: unknown[]) {
    return searching("lastIndexOf")(this, args);
  },
  join(this: Self, separator?: string) {
    return this.toArray().join(separator);
  },
  toString(this: Self) {
    return this.toArray().join();
  },
  toLocaleString(this: Self, ...args: []) {
    return this.toArray().toLocaleString(...args);
  },
  toJSON(this: Self) {
    return { ...this.toArray() };
  },
};

const descriptors: PropertyDescriptorMap = {
  byteLength: {
    get(this: Self) {
      return count(this) * this.model.BYTES_PER_ELEMENT;
    },
    configurable: true,
  },
};
for (const name of ["buffer", "byteOffset"]) {
  descriptors[name] = {
    get() {
      throw unsupportedValue(
        `the ${name} of a typed array was asked for that is made in a marked function, where its elements may be active`,
        "Make the buffer first, and the array over it; or copy the array with Array.from(xs, primalOf).",
      );
    },
    configurable: true,
  };
}
for (const [name, value] of Object.entries(dualArrayMethods)) {
  descriptors[name] = { value, configurable: true, writable: true };
}
extendDualArray(descriptors);

/**
 * Where elements are found that are asked for by the language itself, not by emitted code: in
 * `const { 40: x } = xs`, and in unmarked code. It stands behind the methods, so only these pay.
 */
behind.methods = (model: FloatArrayConstructor): object =>
  new Proxy(Object.create(model.prototype) as object, {
    get: (target, key, self) =>
      isIndex(key) && DualArray.is(self) ? self.get(indexOf(key)) : Reflect.get(target, key, self),
    set(target, key, value, self) {
      if (!isIndex(key) || !DualArray.is(self)) return Reflect.set(target, key, value, self);
      self.put(indexOf(key), operand(value));
      return true;
    },
    has: (target, key) => isIndex(key) || Reflect.has(target, key),
  });

/** Slots that stand for elements which others stand for as well, so that a write would be lost there. */
const shared = new WeakSet<Num[]>();

behind.lifted = (call, list, original) => {
  if (Array.isArray(original)) {
    likeOriginal(list, original, (v, k) => call.lift(v, null, "an argument", k));
    return;
  }
  if (!isView(original)) return;
  const slots = list as Num[];
  call.views ??= new Map();
  const others = call.views.get(original.buffer) ?? [];
  call.views.set(original.buffer, others);
  for (const [other, otherSlots] of others) {
    if (other === original || !overlap(other, original)) continue;
    shared.add(slots).add(otherSlots);
    behind.written = refuseShared;
  }
  others.push([original, slots]);
};

function refuseShared(slots: Num[]): void {
  if (!shared.has(slots)) return;
  throw unsupportedValue(
    "a function writes into one of its arguments that shares a buffer with another one",
    "Pass a copy of one of them.",
  );
}

/** Whether a key can mean an element and nothing else: any text that a number is written as. */
export const isIndex = (key: PropertyKey): key is string =>
  typeof key === "string" && (String(Number(key)) === key || key === "-0");

/** The element that is meant, NaN for none. */
export const indexOf = (key: string): number => (key === "-0" ? Number.NaN : Number(key));

/** `new Model(...args)` inside a dual form. */
export function makeDualArray(model: FloatArrayConstructor, args: readonly unknown[]): unknown {
  const [first] = args;
  const isBuffer = (x: unknown) => x instanceof ArrayBuffer || isShared(x);
  if (isBuffer(first)) return Reflect.construct(model, mapped(args, plain));
  if (first !== null && typeof first === "object" && !(first instanceof Dual)) {
    const values = Array.from(first as ArrayLike<unknown>);
    return assign(new DualArray(model, new Array(values.length).fill(0)), values);
  }
  const length = plain(first);
  // The engine fills a list faster than it goes through another; what is no small length is for the model to refuse.
  const isSmall = typeof length === "number" && length >= 0 && length < 1 << 16;
  const slots = isSmall
    ? new Array<Num>(Math.trunc(length)).fill(0)
    : Array.from(new model(length as number));
  return new DualArray(model, slots);
}

const isShared = (x: unknown): boolean =>
  typeof SharedArrayBuffer !== "undefined" && x instanceof SharedArrayBuffer;
