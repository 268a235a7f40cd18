import { unsupportedValue } from "./errors.ts";
import { type Extraction, extraction, hasDuals } from "./tree.ts";

/**
 * What comes out of a derivative and is no plain list, object or number: an instance of a class of lists or tables, with
 * fields beside its elements or hidden ones, frozen, or with a name of its own for `Object.prototype.toString`.
 */

function check(x: object): void {
  if (x instanceof Set && [...x].some((v) => hasDuals(v))) {
    throw unsupportedValue(
      "a Set with active values came out of a derivative",
      "Return an array instead.",
    );
  }
  if (isIterator(x))
    throw unsupportedValue("a generator came out of a derivative", "Return an array instead.");
}

const isIterator = (x: object): boolean =>
  typeof (x as { next?: unknown }).next === "function" &&
  (Symbol.iterator in x || Symbol.asyncIterator in x);

/** The keys of what no element and no enumerable field of an object holds. */
const restOf = (x: object): PropertyKey[] => {
  const keys = Reflect.ownKeys(x);
  // Elements and nothing else, the common case.
  if (Array.isArray(x) && keys.length === x.length + 1) return [];
  return keys.filter((key) =>
    Array.isArray(x)
      ? key !== "length" && !/^\d+$/.test(String(key))
      : !isEnumerable.call(x, key) || x instanceof Map,
  );
};
const { propertyIsEnumerable: isEnumerable } = Object.prototype;

const holdsInRest: Extraction["holds"] = (x, holds) =>
  restOf(x).some((key) => holds(Object.getOwnPropertyDescriptor(x, key)?.value));

const finish: Extraction["finish"] = (x, made, part, f, accessor) => {
  const isPrimal = part === "primal";
  for (const key of restOf(x)) {
    const field = Object.getOwnPropertyDescriptor(x, key) as PropertyDescriptor;
    if ("value" in field) Object.defineProperty(made, key, { ...field, value: f(field.value) });
    else if (isPrimal) Object.defineProperty(made, key, accessor(field));
  }
  if (!isPrimal) return;
  const prototype: unknown = Object.getPrototypeOf(x);
  if (prototype !== Object.getPrototypeOf(made)) Object.setPrototypeOf(made, prototype as object);
  if (Object.isFrozen(x)) Object.freeze(made);
  else if (Object.isSealed(x)) Object.seal(made);
  else if (!Object.isExtensible(x)) Object.preventExtensions(made);
};

/** Prototypes by whether their instances are records that have a name of their own. */
const named = new WeakMap<object, boolean>();

function isNamed(x: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(x);
  if (Object.hasOwn(x, Symbol.toStringTag) || prototype === null) return isOwnTag(x);
  let known = named.get(prototype);
  if (known === undefined) {
    known = isNamedBy(prototype);
    named.set(prototype, known);
  }
  return known;
}

/** Whether all that an instance inherits was written by users, some of it a name. */
function isNamedBy(prototype: object): boolean {
  let found = false;
  for (let of: object | null = prototype; of && of !== Object.prototype; ) {
    const made: unknown = Object.getOwnPropertyDescriptor(of, "constructor")?.value;
    // Those of generators have one that is no function.
    if (made !== undefined && (typeof made !== "function" || isNative(made))) return false;
    if (Object.hasOwn(of, Symbol.toStringTag)) {
      if (!isOwnTag(of)) return false;
      found = true;
    }
    of = Object.getPrototypeOf(of);
  }
  return found;
}

/** Whether a name is the user's own: those of the language are neither written to nor getters in a program. */
function isOwnTag(x: object): boolean {
  const field = Object.getOwnPropertyDescriptor(x, Symbol.toStringTag);
  return field?.get ? !isNative(field.get) : field?.writable === true;
}

const isNative = (f: unknown): boolean =>
  /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(f));

const hooks = { check, holds: holdsInRest, finish, isNamed };

/** Lets all transforms take such results apart: whoever makes dual forms asks for it, and `jvp` alone stays small. */
export const takeResultsApart = (): void => {
  if (extraction.finish !== finish) Object.assign(extraction, hooks);
};
