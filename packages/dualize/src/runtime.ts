/**
 * The only module that emitted code imports. Every operator of the language on values that may be
 * duals, calls to functions known only at run time, and what twins are attached with.
 */

import "./inspection.ts";
import { adjointCalls } from "./adjoint-call.ts";
import { told } from "./asked.ts";
import { invoke, isBuiltinClass } from "./calls.ts";
import { remember } from "./class-link.ts";
import { dualForm } from "./closures.ts";
import { isObject, operand, primitive } from "./conversion.ts";
import * as dual from "./dual-number.ts";
import { Dual, type FlatDual, isFlat, type Num, plain, scaled } from "./dual-number.ts";
import { DualizeError, type Site, unmarkedArithmetic, unmarkedCallee } from "./errors.ts";
import { pow as dualPow } from "./math.ts";
import { itself } from "./originals.ts";
import { takeResultsApart } from "./results.ts";
import { dualCalls, tangentCalls } from "./tangent-call.ts";
import { hasDuals } from "./tree.ts";
import {
  type AnyFunction,
  twin as attachTwin,
  type Knows,
  TWIN,
  type Twin,
  twinOf,
} from "./twins.ts";

export * from "./adjoint-runtime.ts";
export { call, callMethod, callOptional, construct, each, invoke } from "./calls.ts";
export { comparable, convertible, propertyKey } from "./conversion.ts";
export { plain, wholeQuotient } from "./dual-number.ts";
export { get, has, own, place, remove, set, setLoosely } from "./elements.ts";
export { jsonCopy } from "./json-copy.ts";
export { atan2Partial, math, unitPartial } from "./math.ts";
export {
  askKept,
  findKept,
  getKept,
  hasKept,
  isKept,
  isNewKey,
  keepAt,
  keepFor,
  nearKey,
  sameKey,
} from "./memos.ts";
export {
  kept,
  leftIn,
  maybeFilled,
  maybeTouched,
  privateFields,
  touched,
} from "./outliving.ts";
export { running } from "./tags.ts";
export { twinOf } from "./twins.ts";
export { dualForm, itself };

takeResultsApart();

type Native = number & string;

/** Objects as operands are asked for their values first, which may be active. */
const converted = (operate: (a: unknown, b: unknown) => unknown, a: unknown, b: unknown): unknown =>
  operate(numeric(a), numeric(b));

/*
 * The four operations see to plain numbers and to flat duals of one derivative themselves, in code
 * small enough for the engine to inline; `dual` knows nesting, and the rest what is neither.
 */

/** `a + b`, of numbers, text or anything else. */
export function add(a: unknown, b: unknown): unknown {
  if (a instanceof Dual) {
    if (b instanceof Dual) {
      if (isFlat(a) && isFlat(b) && a.tag === b.tag)
        return new Dual(a.primal + b.primal, a.tangent + b.tangent, a.tag);
      return dual.add(a, b);
    }
    if (typeof b === "number") {
      return isFlat(a) ? new Dual(a.primal + b, a.tangent, a.tag) : dual.add(a, b);
    }
  } else if (typeof a === "number") {
    if (typeof b === "number") return a + b;
    if (b instanceof Dual) {
      return isFlat(b) ? new Dual(a + b.primal, b.tangent, b.tag) : dual.add(a, b);
    }
  }
  return addAny(a, b);
}

function addAny(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) {
    const p = a instanceof Dual ? a : primitive(a);
    const q = b instanceof Dual ? b : primitive(b);
    if (typeof p === "string" || typeof q === "string") return told(String(p) + String(q), p, q);
    return dual.add(operand(p), operand(q));
  }
  if (isObject(a) || isObject(b)) return add(primitive(a), primitive(b));
  const sum: unknown = (a as Native) + (b as Native);
  return typeof sum === "string" ? told(sum, a, b) : sum;
}

/** Whether `x` is a dual with no other derivative inside. (The engine is quicker with `constructor` than with `instanceof`.) */
export const isFlatDual = (x: unknown): x is FlatDual =>
  (x as Dual | undefined | null)?.constructor === Dual && isFlat(x as Dual);

/**
 * The tag that `x` and the operands of a formula before it have in common, -1 where all are numbers,
 * NaN where the formula can't be computed with flat duals.
 */
export function flatTag(tag: number, x: unknown): number {
  if (typeof x === "number") return tag;
  return isFlatDual(x) && (tag === -1 || tag === x.tag) ? x.tag : Number.NaN;
}

/** A number as a dual that does not move. */
export const asDual = (x: Num, tag: number): Dual =>
  typeof x === "number" ? new Dual(x, 0, tag) : x;

/** What a formula gives. */
export const flatDual = (primal: number, tangent: number, tag: number): Dual =>
  new Dual(primal, tangent, tag);

/** `a == b`, where one of them may be an object. */
export function looselyEqual(a: unknown, b: unknown): boolean {
  const convert = (x: unknown, other: unknown) =>
    isObject(x) && !isObject(other) && other !== null && other !== undefined ? primitive(x) : x;
  // biome-ignore lint/suspicious/noDoubleEquals: it is what the user wrote
  return itself(convert(a, b)) == itself(convert(b, a));
}

/** `a - b`. */
export function sub(a: unknown, b: unknown): unknown {
  if (a instanceof Dual) {
    if (b instanceof Dual) {
      if (isFlat(a) && isFlat(b) && a.tag === b.tag)
        return new Dual(a.primal - b.primal, a.tangent - b.tangent, a.tag);
      return dual.sub(a, b);
    }
    if (typeof b === "number") {
      return isFlat(a) ? new Dual(a.primal - b, a.tangent, a.tag) : dual.sub(a, b);
    }
  } else if (typeof a === "number") {
    if (typeof b === "number") return a - b;
    if (b instanceof Dual) {
      return isFlat(b) ? new Dual(a - b.primal, -b.tangent, b.tag) : dual.sub(a, b);
    }
  }
  return subAny(a, b);
}

function subAny(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dual.sub(operand(a), operand(b));
  if (isObject(a) || isObject(b)) return converted(sub, a, b);
  return (a as Native) - (b as Native);
}

/** `a * b`. */
export function mul(a: unknown, b: unknown): unknown {
  if (a instanceof Dual) {
    if (b instanceof Dual) {
      if (isFlat(a) && isFlat(b) && a.tag === b.tag) {
        const tangent = scaled(b.primal, a.tangent) + scaled(a.primal, b.tangent);
        return new Dual(a.primal * b.primal, tangent, a.tag);
      }
      return dual.mul(a, b);
    }
    if (typeof b === "number") {
      return isFlat(a) ? new Dual(a.primal * b, scaled(b, a.tangent), a.tag) : dual.mul(a, b);
    }
  } else if (typeof a === "number") {
    if (typeof b === "number") return a * b;
    if (b instanceof Dual) {
      return isFlat(b) ? new Dual(a * b.primal, scaled(a, b.tangent), b.tag) : dual.mul(a, b);
    }
  }
  return mulAny(a, b);
}

function mulAny(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dual.mul(operand(a), operand(b));
  if (isObject(a) || isObject(b)) return converted(mul, a, b);
  return (a as Native) * (b as Native);
}

/** `a / b`. */
export function div(a: unknown, b: unknown): unknown {
  if (a instanceof Dual) {
    if (b instanceof Dual) {
      if (isFlat(a) && isFlat(b) && a.tag === b.tag) {
        const q = a.primal / b.primal;
        const numerator = a.tangent - scaled(q, b.tangent);
        return new Dual(q, numerator === 0 ? 0 : numerator / b.primal, a.tag);
      }
      return dual.div(a, b);
    }
    if (typeof b === "number" && isFlat(a))
      return new Dual(a.primal / b, a.tangent === 0 ? 0 : a.tangent / b, a.tag);
  } else if (typeof a === "number" && typeof b === "number") return a / b;
  return divAny(a, b);
}

function divAny(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dual.div(operand(a), operand(b));
  if (isObject(a) || isObject(b)) return converted(div, a, b);
  return (a as Native) / (b as Native);
}

/** `a % b`. */
export function rem(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dual.rem(operand(a), operand(b));
  if (isObject(a) || isObject(b)) return converted(rem, a, b);
  return (a as Native) % (b as Native);
}

/** `a ** b`. */
export function pow(a: unknown, b: unknown): unknown {
  if (a instanceof Dual || b instanceof Dual) return dualPow(operand(a), operand(b));
  if (isObject(a) || isObject(b)) return converted(pow, a, b);
  return (a as Native) ** (b as Native);
}

/** `-a`. */
export function neg(a: unknown): unknown {
  if (isObject(a)) return neg(primitive(a, "number"));
  return a instanceof Dual ? dual.neg(a) : -(a as Native);
}

/** `+a`. */
export function pos(a: unknown): unknown {
  if (isObject(a)) return pos(primitive(a, "number"));
  return a instanceof Dual ? a : +(a as Native);
}

/** What `++` and `--` work on: a number, a bigint, or anything else as a number. */
export function numeric(a: unknown): unknown {
  const p = primitive(a, "number");
  return p instanceof Dual || typeof p === "bigint" ? p : Number(p);
}

// `1n` is refused or warned of where a bundler's target is older than ES2020.

/** `a + 1` for `++`. */
export function increment(a: unknown): unknown {
  return typeof a === "bigint" ? a + BigInt(1) : dual.add(a as Num, 1);
}

/** `a - 1` for `--`. */
export function decrement(a: unknown): unknown {
  return typeof a === "bigint" ? a - BigInt(1) : dual.sub(a as Num, 1);
}

/** The arguments of `super(...)`, where the parent class is known only at run time. */
export function superArguments(site: Site, parent: unknown, args: unknown[]): unknown[] {
  if (!twinOf(parent) && !isBuiltinClass(parent) && hasDuals(args))
    throw unmarkedCallee(parent, site);
  // Classes of the language take lengths and the like; only an array takes its elements so.
  return isBuiltinClass(parent) && (parent !== Array || args.length === 1) ? args.map(plain) : args;
}

export { harmless, mayChange } from "./given-functions.ts";
export { iterated, iteratedLater } from "./iterators.ts";

/** What a tagged template calls. */
export const tagged =
  (site: Site, f: unknown, self: unknown) =>
  (...args: unknown[]): unknown =>
    invoke(site, f, self, args);

/** Attaches a twin to a function and returns the function. */
export const twin = <F>(f: F, record: Twin): F => attachTwin(f, withTransforms(record));

const withTransforms = (record: Twin): Twin => ({
  ...record,
  calls: record.tangent ? tangentCalls : dualCalls,
  ...(record.adjoint && { adjoints: adjointCalls }),
});

/** The twin of a function that is made again and again: it is written down when somebody asks for it. */
class LazyTwin {
  constructor(
    readonly owner: unknown,
    readonly make: () => Twin,
  ) {}
}
const parts: readonly (keyof Twin)[] = [
  ...(["dual", "tangent", "signature", "parsed", "classes", "calls", "name"] as const),
  ...(["replayable", "contained", "reaches", "isOpen", "leaves", "declines", "standsOn"] as const),
  "asks",
  "knows",
  ...(["adjoint", "hvp", "second", "adjoints"] as const),
];
for (const key of parts)
  Object.defineProperty(LazyTwin.prototype, key, {
    // Once asked, it is a record like any other. What was made inside of a function sees what is around it.
    get(this: LazyTwin) {
      const record = withTransforms({ isOpen: true, ...this.make() });
      return Object.assign(Object.setPrototypeOf(this, Object.prototype), record)[key];
    },
  });

/**
 * Tells where the twin of a function is to be had, and returns the function. A plain assignment: a
 * property that is defined costs many times the function.
 */
export function lazyTwin<F>(f: F, make: () => Twin): F {
  (f as Record<symbol, unknown>)[TWIN] = new LazyTwin(f, make);
  return f;
}

/** The same for methods of an object; gives the object. */
export function lazyMethods<O extends object>(
  object: O,
  entries: readonly (readonly [key: PropertyKey, make: () => Twin])[],
): O {
  for (const [key, make] of entries) lazyTwin((object as Record<PropertyKey, unknown>)[key], make);
  return object;
}

/** What stands for the dual form of a function that can't be differentiated. */
export function refused(code: string, message: string, site: Site): never {
  throw new DualizeError(code, message, site);
}

/** Without a companion, the method knows both forms itself. */
type MethodEntry = readonly [key: PropertyKey, companion?: string | null, isStatic?: boolean];

// A twin that is a method too can use `super` and private names; it is needed as a property only until it is attached.
function attachMethod(
  owner: object,
  key: PropertyKey,
  companion?: string | null,
  knows?: Knows,
): void {
  const methods = owner as Record<PropertyKey, AnyFunction>;
  if (companion === undefined || companion === null) {
    dualForm(methods[key] as AnyFunction);
    return;
  }
  const dualOfMethod = methods[companion] as AnyFunction;
  delete methods[companion];
  twin(methods[key] as AnyFunction, { dual: dualOfMethod, ...(knows && { knows }) });
}

export { isOfDerivative, passOn } from "./errors.ts";

/** Attaches the twins of a class's methods, and lets dual forms construct it. `code` tells files that import it which class it is. */
export function twinClass(
  C: AnyFunction,
  entries: readonly MethodEntry[],
  code?: string,
  knows?: Knows,
): void {
  for (const [key, companion, isStatic] of entries)
    attachMethod(isStatic ? C : C.prototype, key, companion);
  twin(C, { dual: C, ...(knows && { knows }) });
  if (code !== undefined) remember(C, code);
}

/** Attaches the twins of an object's methods; gives the object. */
export function twinMethods<O extends object>(
  object: O,
  entries: readonly (readonly [key: PropertyKey, companion?: string, knows?: Knows])[],
): O {
  for (const [key, companion, knows] of entries) attachMethod(object, key, companion, knows);
  return object;
}

/** Marks the methods of an object made in a dual form; gives the object. */
export function dualMethods<O extends object>(object: O): O {
  const all: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(object);
  Reflect.ownKeys(all).forEach((key) => {
    const own = all[key as string] as PropertyDescriptor;
    if (own.get && !twinOf(own.get)) dualForm(own.get);
    if (own.set && !twinOf(own.set)) dualForm(own.set);
    if (typeof own.value !== "function" || twinOf(own.value)) return;
    if (converts.has(key))
      Object.defineProperty(object, key, { ...own, value: conversion(own.value) });
    else dualForm(own.value);
  });
  return object;
}

const converts = new Set<PropertyKey>(["valueOf", "toString", Symbol.toPrimitive]);

/**
 * Marks a function that makes a number or text of an object. The language calls it by itself too, and would take an
 * active number for an object that is neither.
 */
export function conversion<F extends AnyFunction>(f: F): F {
  const whole = new Proxy(f, {
    apply(_, self, args) {
      const value = Reflect.apply(f, self, args) as unknown;
      if (value instanceof Dual) throw unmarkedArithmetic();
      return value;
    },
  });
  return attachTwin(whole, { dual: f });
}

/** Tells of a function made in a dual form what it knows; gives the function. */
export function knowing<F>(f: F, knows: Knows): F {
  Object.assign(twinOf(f) as Twin, { knows });
  return f;
}

/** Marks a class made in a dual form, and all its methods. */
export function dualClass(C: AnyFunction): void {
  if (Object.getPrototypeOf(C.prototype) instanceof Dual)
    throw new TypeError("Class extends value does not have valid prototype property");
  dualMethods(C);
  dualMethods(C.prototype);
  twin(C, { dual: C });
}
export { text } from "./asked.ts";
export { chosen } from "./chosen.ts";
export { classOfCode, importedClass, ownClass } from "./class-link.ts";
export { dense, expected, sameAnswer } from "./expected.ts";
export { link } from "./link.ts";
export { isSure, pullLink, pullLinkOf } from "./pull-link.ts";
export { blank, out, zeros } from "./slot.ts";
export {
  absTangent,
  atan2Tangent,
  extremumTangent,
  hypotTangent,
  lengthTangent,
  maxTangent,
  minTangent,
  order,
  powTangent,
  remTangent,
  strong,
  strongQuotient,
} from "./tangent-runtime.ts";
