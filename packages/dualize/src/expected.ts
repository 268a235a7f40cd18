import { decline } from "./bridge.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { parseSignature, type Shape } from "./signature.ts";

/** Shapes by their texts. */
const shapes = new Map<string, Shape>();

function shapeOf(text: string): Shape {
  let shape = shapes.get(text);
  if (shape === undefined) {
    shape = (parseSignature(`${text}:v`).params[0] as { shape: Shape }).shape;
    shapes.set(text, shape);
  }
  return shape;
}

/**
 * What was found to fit in this derivative: by the texts of shapes, with the classes that they name. By the next one
 * a list or an instance may have been put into it that has other methods.
 */
const fitting = new Map<string, WeakMap<object, readonly object[]>>();

/** A derivative begins: what was found before may have changed. */
export function lookAgain(): void {
  if (fitting.size > 0) fitting.clear();
}

/**
 * A value from outside of tangent code, which that takes for an array or an instance of a class: it goes through
 * arrays and calls methods itself, so what is given must be no Map, no array with methods of its own, and of the
 * very class. `classes` are those that the shape names, in its order.
 */
export function expected<T>(
  x: T,
  text: string,
  site: Site,
  ...classes: { readonly prototype: object }[]
): T {
  if (x === null || x === undefined || fits(x, text, classes)) return x;
  throw decline(
    "a value from outside of the function is not of the make that the code takes it for",
    "Give it a type that says what it is.",
    site,
  );
}

/**
 * An answer that is kept of an earlier call and one that is made anew of the same. What was kept on the way here stays,
 * so that the dual form would begin with that.
 */
export function sameAnswer(isSame: boolean, site: Site): void {
  if (!isSame)
    throw unsupportedValue(
      "an answer that is kept of an earlier call is another one now",
      "Compare all that it is made of before it is used again.",
      site,
    );
}

/**
 * A list that tangent code goes through or sorts, taking all its places for elements: with holes, which callbacks pass
 * over, it is left to the dual form.
 */
export function dense(list: unknown, site: Site): void {
  // The engine looks for undefined, which holes are found as, far faster than code asks for each place.
  if (Array.isArray(list) && list.includes(undefined) && hasHole(list))
    throw decline(
      "a list has holes",
      "Fill it, or take the derivative of what does not change anything else.",
      site,
    );
}

function hasHole(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (!(i in list)) return true;
  return false;
}

function fits(x: unknown, text: string, classes: readonly { readonly prototype: object }[]) {
  const shape = shapeOf(text);
  if (typeof x !== "object" || (shape.k === "[]" && !looks(shape.of))) return isOf(shape, x, []);
  const known = fitting.get(text) ?? new WeakMap();
  fitting.set(text, known);
  const found = known.get(x as object);
  // Classes of several files may have one name.
  if (found !== undefined && classes.every((c, i) => c === found[i])) return true;
  const names: string[] = [];
  collect(shape, names);
  const isFit = isOf(
    shape,
    x,
    names.map((name, i) => [name, classes[i]?.prototype] as const),
  );
  if (isFit) known.set(x as object, classes);
  return isFit;
}

type Prototypes = readonly (readonly [name: string, prototype: object | undefined])[];

/** The classes of a shape, each once, in its order. */
function collect(shape: Shape, found: string[]): void {
  if (shape.k === "{}") {
    if (isOwn(shape) && !found.includes(shape.className)) found.push(shape.className);
    for (const [, of] of shape.fields) collect(of, found);
  } else if (shape.k === "[]") collect(shape.of, found);
  else if (shape.k === "()" || shape.k === "|") for (const of of shape.of) collect(of, found);
}

const isOwn = ({ className }: { readonly className: string }): boolean =>
  className !== "" && className !== "*";

/** Whether there is anything in a shape that code has to be sure of. */
function looks(shape: Shape): boolean {
  switch (shape.k) {
    case "n":
    case "i":
    case "v":
    case "<>":
      return false;
    case "{}":
      return isOwn(shape) || shape.fields.some(([, of]) => looks(of));
    case "|":
      return shape.of.some(looks);
    default:
      return true;
  }
}

/** Whether an instance has a function by itself, which may stand in the place of a method. */
function hasOwnMethod(shape: Extract<Shape, { k: "{}" }>, x: Record<string, unknown>): boolean {
  return Object.getOwnPropertyNames(x).some(
    (key) => typeof x[key] === "function" && !shape.fields.some(([name]) => name === key),
  );
}

function isOf(shape: Shape, x: unknown, classes: Prototypes): boolean {
  if (x === null || x === undefined || !looks(shape)) return true;
  if (shape.k === "|")
    return shape.of.some((of) => (of.k === "n" ? typeof x === "number" : isOf(of, x, classes)));
  if (typeof x !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  switch (shape.k) {
    case "f8":
      return prototype === Float64Array.prototype;
    case "f4":
      return prototype === Float32Array.prototype;
    case "ns":
      return [Array, Float64Array, Float32Array].some((C) => C.prototype === prototype);
    case "{}": {
      if (isOwn(shape) && prototype !== classes.find(([name]) => name === shape.className)?.[1])
        return false;
      const fields = x as Record<string, unknown>;
      if (isOwn(shape) && hasOwnMethod(shape, fields)) return false;
      return shape.fields.every(([name, of]) => !looks(of) || isOf(of, fields[name], classes));
    }
    default: {
      if (!Array.isArray(x) || prototype !== Array.prototype) return false;
      if (shape.k === "()") return shape.of.every((of, i) => isOf(of, x[i], classes));
      const { of } = shape as Extract<Shape, { k: "[]" }>;
      if (!looks(of)) return true;
      // Rows of numbers, of which a table may have thousands, need no look at what they hold.
      const isOfRows = of.k === "[]" && !looks(of.of);
      for (let i = 0; i < x.length; i++) {
        const isRow =
          isOfRows && Array.isArray(x[i]) && Object.getPrototypeOf(x[i]) === Array.prototype;
        if (!isRow && !isOf(of, x[i], classes)) return false;
      }
      return true;
    }
  }
}
