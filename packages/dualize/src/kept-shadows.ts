import { isFlatList, type Shape } from "./signature.ts";
import { running } from "./tags.ts";

/** No shadow: the form does not take such an argument. */
export const DECLINED: unique symbol = Symbol("declined");

/**
 * Shadows of arguments that nothing is differentiated by, kept from call to call as long as their
 * array or object lives. Neither it nor the shadow is walked again, number by number: a gradient by
 * one number costs the same whatever the size of the data beside it.
 */
export class KeptShadows {
  readonly #kept = new WeakMap<object, { readonly shape: Shape; readonly shadow: unknown }>();

  /** The shadow of `p`, which `make` makes where there is none that fits; what is no object is not kept. */
  of(shape: Shape, p: unknown, classes: Classes, make: () => unknown): unknown {
    // Inside another derivative an array may hold duals by now, and only a walk tells.
    const whole = () => (isData(shape, p) ? make() : DECLINED);
    if (typeof p !== "object" || p === null || running()) return whole();
    const kept = this.#kept.get(p);
    if (kept?.shape === shape && fits(shape, p, kept.shadow, classes)) return kept.shadow;
    const shadow = whole();
    if (typeof shadow === "object") this.#kept.set(p, { shape, shadow });
    return shadow;
  }
}

type Row = { readonly [key: string]: unknown };
type Classes = Readonly<Record<string, unknown>>;
type ObjectShape = Extract<Shape, { k: "{}" }>;
type Fields = ObjectShape["fields"];

/**
 * Whether a shadow has the arrays and objects of a value that may have grown or shrunk since, or hold others: an
 * instance of another class does something else.
 */
function fits(shape: Shape, p: unknown, shadow: unknown, classes: Classes): boolean {
  switch (shape.k) {
    case "n":
      return typeof p === typeof shadow;
    case "i":
    case "v":
      return typeof p !== "number";
    case "<>":
    case "|":
      return false;
  }
  if (typeof p !== "object" || p === null || typeof shadow !== "object" || shadow === null)
    return p === undefined && shadow === undefined;
  if (shape.k === "{}")
    return (
      isOfClass(shape, p, classes) &&
      hasNoOthers(p, shape.fields) &&
      shape.fields.every(([name, of]) => fits(of, (p as Row)[name], (shadow as Row)[name], classes))
    );
  const [values, shadows] = [p, shadow] as [unknown[], unknown[]];
  if (values.length !== shadows.length || Array.isArray(p) !== Array.isArray(shadow)) return false;
  if (Array.isArray(p) && Object.getPrototypeOf(p) !== Array.prototype) return false;
  if (shape.k === "[]")
    return shape.of.k === "n" || values.every((v, i) => fits(shape.of, v, shadows[i], classes));
  return shape.k !== "()" || shape.of.every((of, i) => fits(of, values[i], shadows[i], classes));
}

/** Whether an object is of the class that a shape names; of one that is not known here, only what it has by itself is looked at. */
export function isOfClass(
  { className, fields }: ObjectShape,
  p: object,
  classes: Classes,
): boolean {
  if (className === "*") return hasOwnData(fields, p);
  const prototype = Object.getPrototypeOf(p);
  const of = className === "" ? undefined : (classes[className] as { prototype?: unknown });
  if (of !== undefined) return prototype === of.prototype && !hasHiddenCode(fields, p);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Whether what a shape tells of in a value is all data, as far as an object has it by itself: an accessor would be asked
 * once more than by the program, and may count. Of what is kept this is asked once.
 */
export function isData(shape: Shape, p: unknown): boolean {
  if (typeof p !== "object" || p === null) return true;
  switch (shape.k) {
    case "{}":
      return shape.fields.every(([name, of]) => {
        const field = Object.getOwnPropertyDescriptor(p, name);
        return !field || ("value" in field && isData(of, field.value));
      });
    case "[]":
      return isFlatList(shape) || !Array.isArray(p) || p.every((x) => isData(shape.of, x));
    case "()":
      return !Array.isArray(p) || shape.of.every((of, i) => isData(of, p[i]));
    case "|":
      return shape.of.every((of) => isData(of, p));
    default:
      return true;
  }
}

/** Whether an instance has a method or accessor of its own that no loop over its keys finds, as a spy is. */
function hasHiddenCode(fields: Fields, x: object): boolean {
  const names = Object.getOwnPropertyNames(x);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (fields[i]?.[0] === name || fields.some(([of]) => of === name)) continue;
    const { value, enumerable, get } = Object.getOwnPropertyDescriptor(
      x,
      name,
    ) as PropertyDescriptor;
    if (!enumerable && (get || typeof value === "function")) return true;
  }
  return false;
}

/** Whether all fields are an object's own, and no accessors. */
const hasOwnData = (fields: Fields, x: object): boolean =>
  fields.every(([name]) => {
    const descriptor = Object.getOwnPropertyDescriptor(x, name);
    return descriptor !== undefined && "value" in descriptor;
  });

/** Whether an object has fields of a shape alone: a method of its own would be another one than its class has. */
function hasNoOthers(p: object, fields: Fields): boolean {
  let i = 0;
  for (const key in p)
    if (fields[i++]?.[0] !== key && !fields.some(([name]) => name === key)) return false;
  return true;
}
