import { unsupportedValue } from "./errors.ts";
import { whileLive } from "./tags.ts";
import { type Extraction, extraction, hasDuals, Parts, writeEntry } from "./tree.ts";
import { DualArray } from "./typed-array.ts";

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

/** The keys of what is no element and no enumerable field of an object with a value. */
const restOf = (x: object): PropertyKey[] => {
  const keys = Reflect.ownKeys(x);
  // Elements and nothing else, the common case.
  if (Array.isArray(x) && keys.length === x.length + 1) return [];
  return keys.filter((key) =>
    Array.isArray(x)
      ? key !== "length" && !/^\d+$/.test(String(key))
      : x instanceof Map || !isValue(Object.getOwnPropertyDescriptor(x, key)),
  );
};

const isValue = (field: PropertyDescriptor | undefined): unknown =>
  field?.enumerable && "value" in field;

const holdsInRest: Extraction["holds"] = (x, holds) =>
  restOf(x).some((key) => holds(Object.getOwnPropertyDescriptor(x, key)?.value));

const finish: Extraction["finish"] = (x, made, part, parts) => {
  const isPrimal = part === "primal";
  for (const key of restOf(x)) {
    const field = Object.getOwnPropertyDescriptor(x, key) as PropertyDescriptor;
    if ("value" in field)
      Object.defineProperty(made, key, { ...field, value: parts[part](field.value) });
    else if (isPrimal) Object.defineProperty(made, key, accessor(field, parts));
  }
  if (!isPrimal) return;
  const prototype: unknown = Object.getPrototypeOf(x);
  if (prototype !== Object.getPrototypeOf(made)) Object.setPrototypeOf(made, prototype as object);
  if (Object.isFrozen(x)) Object.freeze(made);
  else if (Object.isSealed(x)) Object.seal(made);
  else if (!Object.isExtensible(x)) Object.preventExtensions(made);
};

/** An accessor computes from the fields beside it, and what it captured may hold tangents. */
function accessor(field: PropertyDescriptor, parts: Parts): PropertyDescriptor {
  const { get } = field;
  const value = (v: unknown) => whileLive(parts.tag, () => parts.primal(v));
  return {
    ...field,
    get:
      get &&
      function (this: unknown) {
        return value(get.call(this));
      },
  };
}

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

/** Carries back what is written into arguments from now on, and nothing else: they are the caller's again meanwhile. */
function late({ tag, lift }: Parts): () => void {
  const now = (copy: object) => (DualArray.is(copy) ? copy.toArray() : { ...copy });
  const before = [...(lift?.entries() ?? [])].map((entry) => [entry, now(entry.copy)] as const);
  const isOther = (a: [string, unknown][], b: [string, unknown][]) =>
    a.length !== b.length || b.some(([k, v], i) => k !== a[i]?.[0] || !Object.is(v, a[i][1]));
  return () =>
    whileLive(tag, () => {
      const parts = new Parts(tag, lift);
      for (const [entry, then] of before)
        if (isOther(Object.entries(then), Object.entries(now(entry.copy))))
          writeEntry(parts, entry);
    });
}

const hooks = { check, holds: holdsInRest, finish, isNamed, late };

/** Lets all transforms take such results apart: whoever makes dual forms asks for it, and `jvp` alone stays small. */
export const takeResultsApart = (): void => {
  if (extraction.finish !== finish) Object.assign(extraction, hooks);
};
