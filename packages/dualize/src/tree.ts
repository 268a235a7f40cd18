import { isArray, isView, some, stringTag } from "./captured.ts";
import { Dual, Linear, type Num } from "./dual-number.ts";
import { leakedDual, shapeMismatch, unsupportedValue } from "./errors.ts";
import { isLive } from "./tags.ts";
import { type AnyFunction, isDualForm } from "./twins.ts";
import { behind, DualArray, floatModel, type Views } from "./typed-array.ts";

/**
 * Trees: numbers, nested arrays, typed arrays and objects of them. `Lift` turns primals and tangents
 * into one tree of duals; `Parts` takes a tree of duals apart again.
 */

type Container = Record<PropertyKey, unknown>;

/** An object whose fields we look into: a plain object or an instance of a user's class. */
export const isRecord = (x: unknown): x is Container =>
  typeof x === "object" &&
  !(x instanceof Dual) &&
  !DualArray.is(x) &&
  x !== null &&
  (stringTag.call(x) === "[object Object]" || !!extraction.isNamed?.(x));

/** The same of one that copies are made of. */
export const isCopied = (x: unknown, lift?: Lift): x is Container =>
  isRecord(x) && !behind.isWhole?.(x, lift);

export const isNumber = (x: unknown): x is Num =>
  typeof x === "number" || x instanceof Dual || x instanceof Linear;
const isTypedArray = (x: unknown): x is Float64Array =>
  (isView(x) && !(x instanceof DataView)) || DualArray.is(x);

/** What an error message calls a value. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (isNumber(x)) return "a number";
  if (isArray(x)) return `an array of ${x.length}`;
  if (isTypedArray(x)) return `a ${x.constructor.name} of ${x.length}`;
  if (isRecord(x)) return `an object with fields ${Object.keys(x).join(", ") || "(none)"}`;
  return typeof x === "object" ? `a ${x.constructor?.name ?? "object"}` : `a ${typeof x}`;
}

/** Whether a value holds a tangent anywhere that we can look. */
export function hasDuals(x: unknown, seen?: Set<unknown>): boolean {
  if (x instanceof Dual) return true;
  if (typeof x !== "object" || x === null || isView(x)) return false;
  seen ??= new Set();
  if (seen.has(x)) return false;
  seen.add(x);
  if (isArray(x)) return some.call(x, (v) => hasDuals(v, seen));
  if (DualArray.is(x) || x instanceof Map || x instanceof Set)
    return [...x].some((v) => hasDuals(v, seen));
  return isRecord(x) && someField(x, ({ value }) => hasDuals(value, seen));
}

export const dataValue = (x: object, k: PropertyKey): unknown =>
  Object.getOwnPropertyDescriptor(x, k)?.value;

/** Whether one of the enumerable fields is what is looked for; sees all of them where none is. */
export const someField = (
  x: object,
  holds: (field: PropertyDescriptor, key: PropertyKey) => unknown,
): boolean =>
  Reflect.ownKeys(x).some((key) => {
    const field = Object.getOwnPropertyDescriptor(x, key);
    return field?.enumerable && holds(field, key);
  });

/** Where in the arguments we are; written out only in an error. */
type Path = string | readonly [Path, PropertyKey?];

function written(path: Path): string {
  if (typeof path === "string") return path;
  const [way, key = ""] = path;
  return written(way) + (typeof key === "number" ? `[${key}]` : key && `.${String(key)}`);
}

export interface Lifted {
  readonly original: Container;
  tangent: Container | null;
  readonly copy: Container;
  /** All copies of the original: it may move in several directions. */
  readonly all: Lifted[];
}

/** The copies that a call got of its arguments. */
export type Copies = Pick<Lift, "tag" | "originalOf" | "views" | "entries">;

/** Turns arguments and their tangents into duals of one tag, and afterwards carries writes back. */
export class Lift {
  readonly #lifted = new Map<unknown, Lifted[]>();
  readonly #byCopy = new Map<unknown, Lifted>();
  declare views?: Views["views"];

  constructor(
    readonly tag: number,
    f?: unknown,
    primals?: readonly unknown[],
  ) {
    behind.lifts?.(this, f, primals);
  }

  /** Primal and tangent as one tree. A null tangent is zero. Containers are copied, so that the caller's hold no duals. */
  lift(primal: unknown, tangent: unknown, parent: Path, key?: PropertyKey): unknown {
    if (isNumber(primal)) {
      if (tangent === null || tangent === undefined) return primal;
      if (isNumber(tangent)) return new Dual(primal, tangent, this.tag);
      throw shapeMismatch(written([parent, key]), describe(tangent), "a number");
    }
    const path: Path = [parent, key];
    const isList = isArray(primal);
    const model = isList ? undefined : floatModel(primal);
    const isNone = tangent === null || tangent === undefined;
    if (!isList && !model && !(isNone ? isCopied(primal, this) : isRecord(primal))) {
      if (isNone || isZeroOf(tangent)) return primal;
      throw shapeMismatch(
        written(path),
        describe(tangent),
        `${describe(primal)}, whose tangent is null`,
      );
    }
    const t = (tangent ?? null) as Container | null;
    // One object in two places stays one object, unless it moves in two directions.
    const all = this.#lifted.get(primal) ?? [];
    const known = all.find((entry) => entry.tangent === t);
    if (known) return known.copy;

    if (t !== null) checkShape(primal as object, t, path);
    const remember = (copy: unknown): Container => {
      const entry = { original: primal as Container, tangent: t, copy: copy as Container, all };
      all.push(entry);
      this.#lifted.set(primal, all);
      this.#byCopy.set(copy, entry);
      return copy as Container;
    };
    if (model || isList) {
      const list = (isList ? remember(new Array((primal as unknown[]).length)) : []) as unknown[];
      const given = primal as unknown[];
      // Numbers with numbers, the common case, need neither a call nor a look at what holds them.
      const isPlain = t && !DualArray.is(t);
      for (let i = 0; i < given.length; i++) {
        const p = given[i];
        const v = isPlain ? t[i] : t && elementOf(t, i);
        if (typeof p === "number" && typeof v === "number") list[i] = new Dual(p, v, this.tag);
        else if (i in given) list[i] = this.lift(p, v, path, i);
      }
      behind.lifted?.(this, list, primal);
      return model ? remember(new DualArray(model, list as Num[])) : frozenAs(primal, list);
    }
    const copy = remember(Object.create(Object.getPrototypeOf(primal)));
    for (const key of Reflect.ownKeys(primal as Container)) {
      const descriptor = Object.getOwnPropertyDescriptor(primal, key) as PropertyDescriptor;
      if ("value" in descriptor) {
        descriptor.value = this.lift(
          (primal as Container)[key as string],
          t?.[key as string],
          path,
          key,
        );
        descriptor.writable = true;
      }
      // Nothing inherited stands in the way of an assignment, which is faster.
      if (descriptor.writable && descriptor.enumerable && !(key in copy))
        copy[key] = descriptor.value;
      else Object.defineProperty(copy, key, descriptor);
    }
    return frozenAs(primal, copy);
  }

  /** The caller's own container that `copy` was made for. */
  originalOf(copy: unknown): { original: unknown; tangent: unknown } | undefined {
    return this.#byCopy.get(copy);
  }

  /** All copies. */
  entries(): Iterable<Lifted> {
    return this.#byCopy.values();
  }

  /** Carries what the function wrote into its arguments back to the caller's primals and tangents. */
  writeBack(parts: Parts): void {
    // A tangent is written to where it is one thing only: not frozen, no argument, no other's tangent.
    const seen = new Set<unknown>();
    this.#byCopy.forEach((entry) => {
      const t = entry.tangent;
      if (t && (seen.has(t) || this.#lifted.has(t) || Object.isFrozen(t)))
        entry.tangent = copyOf(t);
      seen.add(t);
    });
    this.#byCopy.forEach((entry) => {
      writeEntry(parts, entry);
    });
  }
}

/** Carries what was written into a copy back. */
export function writeEntry(parts: Parts, { original, tangent, copy, all }: Lifted): void {
  const write = (x: Container, k: PropertyKey, v: unknown): void => {
    if (all[1]) {
      throw unsupportedValue("a function writes into what has two tangents", "Pass a copy.");
    }
    behind.refuse?.(parts.lift, original, k);
    if (DualArray.is(x)) x.put(+(k as string), v as Num);
    else x[k as string] = v;
  };
  const update = (k: PropertyKey, now: unknown): void => {
    const p = parts.primal(now);
    const isNew = !(k in original);
    if (!Object.is(elementOf(original, k), p)) write(original, k, p);
    if (tangent === null) return;
    const before = elementOf(tangent, k);
    if (before === null || before === undefined) {
      // Nothing was given here, so nothing is made unless something active was written, or what holds it grew.
      if ((isNew && isNumber(now)) || hasDuals(now)) write(tangent, k, parts.tangent(now));
    } else if (isNumber(now) || (typeof now === "object" && now !== null)) {
      const t = parts.tangent(now);
      if (!Object.is(before, t)) write(tangent, k, t);
    }
  };
  const length = copy.length as number;
  // Elements and nothing else, the common case, need no look at keys.
  let isDense = DualArray.is(copy);
  if (isArray(copy)) {
    if (original.length !== length) write(original, "length", length);
    if (isArray(tangent) && tangent.length !== length) tangent.length = length;
    isDense = Object.keys(copy).length === length;
  }
  if (isDense) {
    // What is as it was, the common case, needs no call.
    const isPlain = tangent && !DualArray.is(tangent) && !DualArray.is(original);
    for (let i = 0; i < length; i++) {
      const now = elementOf(copy, i);
      const isSame =
        isPlain &&
        now instanceof Dual &&
        now.tag === parts.tag &&
        Object.is(now.primal, original[i]) &&
        Object.is(now.tangent, tangent[i]);
      if (!isSame) update(i, now);
    }
    return;
  }
  someField(copy, (field, key) => {
    if ("value" in field) update(key, field.value);
  });
  someField(original, (_, key) => {
    if (Object.hasOwn(copy, key)) return;
    delete original[key];
    if (tangent) delete tangent[key];
  });
}

/** A copy that throws where the original does. */
export const frozenAs = <T>(original: unknown, copy: T): T =>
  Object.isFrozen(original) ? Object.freeze(copy) : copy;

const copyOf = (x: Container): Container =>
  Symbol.iterator in x ? ((x as unknown as unknown[]).slice() as never) : { ...x };

const elementOf = (x: Container, k: PropertyKey): unknown =>
  DualArray.is(x) ? x.get(+(k as string)) : x[k];

// A tangent made by our own transforms has null where the primal is no number, and zeros for integer arrays.
const isZeroOf = (t: unknown): boolean => isTypedArray(t) && [...t].every((x) => x === 0);

function checkShape(primal: object, tangent: object, path: Path): void {
  const fits = isRecord(primal)
    ? isRecord(tangent) && Object.keys(tangent).every((key) => key in primal)
    : (isArray(tangent) || isTypedArray(tangent)) &&
      tangent.length === (primal as ArrayLike<unknown>).length;
  if (!fits) throw shapeMismatch(written(path), describe(tangent), describe(primal));
}

/** Takes values apart into the part without and the part with the infinitesimal of one tag. */
export class Parts {
  // Most results are numbers, and need none of them.
  readonly #known: Partial<Record<Part, Map<unknown, unknown>>> = {};

  constructor(
    readonly tag: number,
    readonly lift?: Copies,
  ) {}

  /** The value with this tag's infinitesimal set to zero; untouched (the same object) where it holds none. */
  primal(x: unknown): unknown {
    return this.#part(x, "primal");
  }

  /** The factor of this tag's infinitesimal, in the shape of the value; null at leaves that are no numbers. */
  tangent(x: unknown): unknown {
    return typeof x === "number" ? 0 : this.#part(x, "tangent");
  }

  #part(x: unknown, part: Part): unknown {
    const isPrimal = part === "primal";
    if (x instanceof Dual || typeof x === "function") return this.leaf(x as never, part);
    if (typeof x !== "object" || x === null) return isPrimal ? x : null;
    const own = this.lift?.originalOf(x);
    if (own && (isPrimal || own.tangent)) return isPrimal ? own.original : own.tangent;
    if (x instanceof Promise) return extraction.promise?.(x, this, part);
    if (isPrimal && ((this.lift && extraction.isLeft?.(x)) || !this.#isActive(x))) return x;
    return this.#map(x, part);
  }

  #memo(of: Part): Map<unknown, unknown> {
    this.#known[of] ??= new Map();
    return this.#known[of];
  }

  #isActive(x: object, seen = new Set<unknown>()): boolean {
    const primals = this.#memo("primal");
    if (seen.has(x) || primals.get(x) === x) return false;
    const isFirst = !seen.size;
    seen.add(x);
    const holds = (v: unknown): boolean =>
      v instanceof Dual ||
      isDualForm(v) ||
      v instanceof Promise ||
      (typeof v === "object" &&
        v !== null &&
        (this.lift?.originalOf(v) !== undefined || this.#isActive(v, seen)));
    // A DualArray is never a user's own array, so it is always turned back into one.
    const active =
      DualArray.is(x) ||
      (isArray(x)
        ? some.call(x, holds)
        : x instanceof Map || x instanceof Set
          ? [...x].flat().some(holds)
          : isRecord(x) && someField(x, ({ value }) => holds(value))) ||
      !!extraction.holds?.(x, holds);
    // Inside a cycle it may be active by what was on the way there, and is asked once more.
    if (isFirst && !active) for (const o of seen) primals.set(o, o);
    return active;
  }

  #map(x: object, part: Part): unknown {
    const f = (v: unknown) => this[part](v);
    const memo = this.#memo(part);
    const known = memo.get(x);
    if (known !== undefined) return known;
    const remember = <T>(made: T): T => {
      memo.set(x, made);
      return made;
    };
    if (DualArray.is(x)) {
      const values = x.toArray().map(f) as Num[];
      return remember(
        values.some((v) => typeof v === "object")
          ? new DualArray(x.model, values)
          : new x.model(values as number[]),
      );
    }
    const model = floatModel(x);
    if (model) return remember(new model((x as Float64Array).length));
    if (isView(x)) return remember(null);
    let made: object;
    if (isArray(x)) {
      const list = remember(new Array(x.length) as unknown[]);
      made = list;
      // A class that extends `Array` may have another method of this name.
      [].forEach.call(x, (v, i) => {
        list[i] = f(v);
      });
    } else if (x instanceof Map) {
      const map = remember(new Map());
      made = map;
      for (const [k, v] of x) map.set(this.primal(k), f(v));
    } else {
      extraction.check?.(x);
      if (!isRecord(x)) return remember(part === "primal" ? x : null);
      const record = remember(
        Object.create(part === "primal" ? Object.getPrototypeOf(x) : Object.prototype) as Container,
      );
      made = record;
      someField(x, (field, key) => {
        if ("value" in field || part === "primal") record[key] = f(field.value);
      });
    }
    extraction.finish?.(x, made, part, this);
    return made;
  }

  /** A part of a number or of a function. */
  leaf(f: Dual | AnyFunction, part: Part): unknown {
    if (f instanceof Dual) return split(f, this.tag)[part === "primal" ? 0 : 1];
    if (!isDualForm(f)) return part === "primal" ? f : null;
    const memo = this.#memo(part);
    const known = memo.get(f);
    if (known) return known;
    const extracted = extraction.closure?.(f, this.tag, part) ?? f;
    memo.set(f, extracted);
    return extracted;
  }
}

export type Part = "primal" | "tangent";

/**
 * How functions and promises are taken apart, and what is no plain list or object. closures.ts fills this, and results.ts:
 * functions that take duals are made by the one's `dualForm`, and a program that makes none does not carry them.
 */
export interface Extraction {
  closure?: (f: AnyFunction, tag: number, part: Part) => AnyFunction;
  promise?: (x: Promise<unknown>, parts: Parts, part: Part) => Promise<unknown>;
  /** Whether an object is made plain when the derivative ends, and is itself then. */
  isLeft?: (x: object) => boolean;
  /** Refuses what can't be taken apart. */
  check?: (x: object) => void;
  /** Whether something is in an object that is no element or enumerable field of it. */
  holds?: (x: object, holds: (value: unknown) => boolean) => boolean;
  /** Gives what was made of an object what else that is and has. */
  finish?: (x: object, made: object, part: Part, parts: Parts) => void;
  /** Carries back, when it is called, what is written into arguments from now on. */
  late?: (parts: Parts) => () => void;
  /** Whether an object is a record that tells another name than that of objects. */
  isNamed?: (x: object) => boolean;
}
export const extraction: Extraction = {};

/** `x = a + b·ε` of `tag`, also where newer infinitesimals are wrapped around it. */
function split(x: Num, tag: number): [Num, Num] {
  if (x instanceof Linear) return x.split(tag);
  if (!(x instanceof Dual) || x.tag < tag) {
    checkLive(x);
    return [x, 0];
  }
  if (x.tag === tag) {
    checkLive(x.primal);
    checkLive(x.tangent);
    return [x.primal, x.tangent];
  }
  if (!isLive(x.tag)) throw leakedDual("the result");
  const [p0, p1] = split(x.primal, tag);
  const [t0, t1] = split(x.tangent, tag);
  const inactive = p1 === 0 && t1 === 0;
  return [new Dual(p0, t0, x.tag), inactive ? 0 : new Dual(p1, t1, x.tag)];
}

function checkLive(x: Num): void {
  if (!(x instanceof Dual)) return;
  if (!isLive(x.tag)) throw leakedDual("the result");
  checkLive(x.primal);
  checkLive(x.tangent);
}
