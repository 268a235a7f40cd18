import { type Site, unsupportedValue } from "./errors.ts";
import { knowsBy } from "./known.ts";
import { nativeTwin } from "./natives.ts";
import { isCopyOf, noteWhole } from "./originals.ts";
import { remember } from "./outliving.ts";
import { rememberStates } from "./remembered-state.ts";
import { type AnyFunction, type Twin, twinOf } from "./twins.ts";
import { behind, floatModel } from "./typed-array.ts";

/**
 * Objects that are more than their fields: private ones and the handler of a Proxy are not copied, and functions that an object has by itself may know it
 * by another name, `this` of an arrow function or a variable. A copy would be another object than the one that these read and
 * write, so one that is not differentiated by is handed on as it is.
 */

const textOf = (f: AnyFunction): string => Function.prototype.toString.call(f);

/** Prototypes by whether their instances have private members. */
const privates = new WeakMap<object, boolean>();
const privateMember = /(?:^|[;{}\n])\s*(?:(?:async|get|set)\s+|\*\s*)*#[\w$\\]/;

function havePrivateMembers(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return false;
  let known = privates.get(prototype);
  if (known === undefined) {
    const C: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
    known =
      (typeof C === "function" && privateMember.test(textOf(C as AnyFunction))) ||
      havePrivateMembers(Object.getPrototypeOf(prototype));
    privates.set(prototype, known);
  }
  return known;
}

/** Whether a function may know the object that has it; undefined where nobody can tell. */
function mayKnow(f: AnyFunction): boolean | undefined {
  const twin = twinOf(f);
  if (twin?.knows ?? twinOf(twin?.of)?.knows) return true;
  // A form that was made inside another derivative tells nothing of what it knows.
  if (twin && twin.dual !== f) return false;
  if (nativeTwin(f)) return false;
  const text = textOf(f);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) return f.name.startsWith("bound ");
  return text.startsWith("class") ? false : undefined;
}

/** A name that nothing has: handlers of text often see to symbols apart. */
const NOBODYS = "\0dualize.nobodys";

/**
 * Whether an object gives something else than it has: then it is a Proxy, whose handler a copy would not ask. The
 * language does not tell them apart; one that gives what it has may be copied.
 */
function givesOther(x: object): boolean {
  const of = x as Record<PropertyKey, unknown>;
  try {
    return (
      of[NOBODYS] !== undefined ||
      Reflect.ownKeys(x).some((key) => {
        const field = Object.getOwnPropertyDescriptor(x, key);
        return field !== undefined && "value" in field && !Object.is(field.value, of[key]);
      })
    );
  } catch {
    // A handler that refuses what it does not know.
    return true;
  }
}

behind.isWhole = (x, lift) => {
  let isWhole = havePrivateMembers(Object.getPrototypeOf(x)) || givesOther(x);
  let isPerhaps = false;
  let hasFloats = false;
  const functions: AnyFunction[] = [];
  for (const key of Reflect.ownKeys(x)) {
    const value: unknown = Object.getOwnPropertyDescriptor(x, key)?.value;
    if (typeof value === "function") {
      const knows = mayKnow(value as AnyFunction);
      if (knows) functions.push(value as AnyFunction);
      isPerhaps ||= knows === undefined;
    } else hasFloats ||= floatModel(value) !== undefined;
  }
  // Float arrays can be written to only where they are copied.
  isWhole ||= functions.length > 0 || (isPerhaps && !hasFloats);
  if (isWhole && lift) {
    noteWhole(lift, x, ...functions);
    remember(x, { tag: lift.tag, isOuter: true });
  }
  return isWhole;
};

rememberStates();

/** Refuses a call of a function that an argument has by itself, and that would read what does not move by its other name. */
export function refuseOther(site: Site, object: unknown, key: PropertyKey, twin: Twin): void {
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, key)) return;
  const original = isCopyOf(object);
  if (original === undefined || !knowsBy(twin, original)) return;
  throw unsupportedValue(
    `the function '${String(key)}' of an argument knows that by another name`,
    "Make it a method that uses `this`.",
    site,
  );
}
