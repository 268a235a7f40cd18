import { builtins, constructors, listed } from "./builtins.ts";
import { printed } from "./console.ts";
import { Dual } from "./dual-number.ts";
import { isOfDerivative, type Site, unmarkedCallee } from "./errors.ts";
import { lasting } from "./lasting.ts";
import { mapped } from "./mapped.ts";
import { natives, nativeTwin } from "./natives.ts";
import { refuseOther } from "./own-functions.ts";
import { hasDuals } from "./tree.ts";
import { type AnyFunction, dualForm, isDualForm, twinOf } from "./twins.ts";
import { DualArray, isFloatArrayConstructor } from "./typed-array.ts";
import { makeDualArray } from "./typed-array-methods.ts";

// As it is when the library is loaded: a program may replace it.
const { apply } = Reflect;

/**
 * Calls from a dual form to functions that are known only at run time: a marked function is answered
 * by its twin, a function of the language by what it means for duals, anything else runs as it is,
 * provided that no active value goes in.
 */

/** `f(...args)`. */
export function call(site: Site, f: unknown, ...args: unknown[]): unknown {
  const twin = twinOf(f);
  if (twin) return apply(twin.dual, undefined, args);
  return invoke(site, f, undefined, args);
}

/** `object[key](...args)`. */
export function callMethod(
  site: Site,
  object: unknown,
  key: PropertyKey,
  ...args: unknown[]
): unknown {
  const f = (object as Record<PropertyKey, unknown>)[key];
  const twin = twinOf(f);
  if (twin) {
    if (twin.knows) refuseOther(site, object, key, twin);
    return apply(twin.dual, object, args);
  }
  return invoke(site, f ?? numberMethod(object, key), object, args);
}

/** A method that somebody gave to all numbers. */
const numberMethod = (object: unknown, key: PropertyKey): unknown =>
  object instanceof Dual
    ? (Number.prototype as never as Record<PropertyKey, unknown>)[key]
    : undefined;

/**
 * `object[key](f, ...rest)` for a method that hands elements to a function that is written there, in
 * dual form: an array's own method needs to know nothing of it.
 */
export function each(
  site: Site,
  object: unknown,
  key: "map" | "flatMap" | "forEach" | "reduce" | "reduceRight",
  f: AnyFunction,
  ...rest: unknown[]
): unknown {
  if (Array.isArray(object) && object[key] === Array.prototype[key])
    return (object[key] as AnyFunction)(f, ...rest);
  return callMethod(site, object, key, dualForm(f), ...rest);
}

/** `object?.[key](...args)` and `object[key]?.(...args)`: undefined where the function is. */
export function callOptional(site: Site, f: unknown, self: unknown, ...args: unknown[]): unknown {
  return f === null || f === undefined ? undefined : invoke(site, f, self, args);
}

/** `f.call(self, ...args)`, for any kind of function. */
export function invoke(site: Site, f: unknown, self: unknown, args: unknown[]): unknown {
  const twin = twinOf(f);
  if (twin) return apply(twin.dual, self, args);
  const math = nativeTwin(f);
  if (math) return math(...args);
  const builtin = builtins.get(f);
  if (builtin) return builtin({ site, self, args, invoke });
  if (typeof f !== "function") return (f as AnyFunction)(...args);
  return invokeUnmarked(site, f as AnyFunction, self, args);
}

function invokeUnmarked(site: Site, f: AnyFunction, self: unknown, args: unknown[]): unknown {
  // Whoever has put it there.
  if (self === console)
    return apply(
      f,
      self,
      mapped(args, (a) => printed(a)),
    );
  if (hasDuals(args) || hasDuals(self)) throw unmarkedCallee(f, site);
  const outside = new Outside(site, f);
  const result = apply(
    f,
    self,
    mapped(args, (a) => outside.pass(a)),
  );
  outside.takeBack();
  return outside.result(result);
}

lasting(natives);

// One guard for a function, so that unmarked code that compares what it is given finds it the same.
const guards = lasting(new WeakMap<AnyFunction, { by: Outside; guard: AnyFunction }>());
const guarded = lasting(new WeakMap<AnyFunction, AnyFunction>());

// Likewise one typed array for each of the dual form.
type FloatArray = Float64Array | Float32Array;
const realOf = lasting(new WeakMap<DualArray, FloatArray>());

/**
 * A class, or a function that makes instances as old code does: a capital letter, work on `this` or none, and nothing
 * that it gives to its caller.
 */
function isClass(f: unknown): boolean {
  const text = Function.prototype.toString.call(f);
  if (/^class\b/.test(text)) return true;
  return (
    /^function\b/.test(text) &&
    /^[A-Z]/.test((f as AnyFunction).name) &&
    /\bthis\b|{\s*}$/.test(text) &&
    !/\breturn\b/.test(text)
  );
}

/** What unmarked code is handed: real typed arrays, and closures that may not return active values. */
class Outside {
  readonly #handed: [DualArray, FloatArray][] = [];
  readonly #failures: unknown[] = [];

  constructor(
    readonly site: Site,
    readonly callee: AnyFunction,
  ) {}

  pass(x: unknown): unknown {
    if (DualArray.is(x)) {
      const real = realOf.get(x) ?? new x.model(x.length);
      real.set(x.toArray() as number[]);
      realOf.set(x, real);
      this.#handed.push([x, real]);
      return real;
    }
    // A class is handed over as it is: its instances are looked at as other objects are.
    if (!isDualForm(x) || isClass(x)) return x;
    const known = guards.get(x as AnyFunction);
    if (known) {
      known.by = this;
      return known.guard;
    }
    const entry = { by: this as Outside, guard: x as AnyFunction };
    // Whoever looks at it sees the function's name, length, prototype and properties.
    entry.guard = new Proxy(x as AnyFunction, {
      apply(f, self, args) {
        const { by } = entry;
        try {
          const result = apply(f, self, args);
          if (hasDuals(result)) throw unmarkedCallee(by.callee, by.site);
          return result;
        } catch (error) {
          if (isOfDerivative(error)) by.#failures.push(error);
          throw error;
        }
      },
    });
    guards.set(x as AnyFunction, entry);
    guarded.set(entry.guard, x as AnyFunction);
    return entry.guard;
  }

  /** What came back: functions and arrays of the dual form are themselves again. */
  result(x: unknown): unknown {
    for (let n = 0; n < this.#handed.length; n++) {
      const { 0: array, 1: real } = this.#handed[n] as [DualArray, FloatArray];
      if (real === x) return array;
    }
    return guarded.get(x as AnyFunction) ?? x;
  }

  /**
   * What the callee wrote into the arrays belongs to the arrays of the dual form; an error of a
   * derivative is not its to keep.
   */
  takeBack(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
    for (let n = 0; n < this.#handed.length; n++) {
      const { 0: array, 1: real } = this.#handed[n] as [DualArray, FloatArray];
      for (let i = 0; i < array.length; i++) array.put(i, real[i] as number);
    }
  }
}

/** Whether a class of the language knows what to do with active values. */
export const isBuiltinClass = (C: unknown): boolean =>
  isFloatArrayConstructor(C) || constructors.has(C);

/** `new C(...args)`. */
export function construct(site: Site, C: unknown, ...args: unknown[]): unknown {
  const twin = twinOf(C);
  if (twin) {
    // A class is its own twin; a function called with `new` has another one, which makes an instance of it.
    const made = Reflect.construct(twin.dual, args, C as AnyFunction) as unknown;
    // A number that a constructor returns counts for nothing; where it uses `this` its code says so.
    return made instanceof Dual ? Object.create((C as AnyFunction).prototype) : made;
  }
  if (isFloatArrayConstructor(C)) return makeDualArray(C, args);
  const builtin = constructors.get(C);
  if (builtin) return builtin({ site, self: C, args, invoke });
  if (typeof C !== "function") return new (C as new (...args: unknown[]) => unknown)(...args);
  if (hasDuals(args)) throw unmarkedCallee(C, site);
  const outside = new Outside(site, C as AnyFunction);
  const made = Reflect.construct(
    C,
    mapped(args, (a) => outside.pass(a)),
  );
  outside.takeBack();
  return made;
}

builtins.set(Reflect.construct, ({ site, args: [C, list, target = C] }) => {
  const args = listed(list);
  if (target === C) return construct(site, C, ...args);
  if (!twinOf(C) && hasDuals(args)) throw unmarkedCallee(C, site);
  return Reflect.construct((twinOf(C)?.dual ?? C) as AnyFunction, args, target as AnyFunction);
});
