import type { Shape } from "./signature.ts";
import { running } from "./tags.ts";

/**
 * Shadows of arguments that nothing is differentiated by, kept from call to call as long as their
 * array or object lives. Neither it nor the shadow is walked again, number by number: a gradient by
 * one number costs the same whatever the size of the data beside it.
 */
export class KeptShadows {
  readonly #kept = new WeakMap<object, { readonly shape: Shape; readonly shadow: unknown }>();

  /** The shadow of `p`, which `make` makes where there is none that fits; what is no object is not kept. */
  of(shape: Shape, p: unknown, make: () => unknown): unknown {
    // Inside another derivative an array may hold duals by now, and only a walk tells.
    if (typeof p !== "object" || p === null || running()) return make();
    const kept = this.#kept.get(p);
    if (kept?.shape === shape && fits(shape, p, kept.shadow)) return kept.shadow;
    const shadow = make();
    if (typeof shadow === "object") this.#kept.set(p, { shape, shadow });
    return shadow;
  }
}

type Row = { readonly [key: string]: unknown };

/** Whether a shadow has the arrays and objects of a value that may have grown or shrunk since. */
function fits(shape: Shape, p: unknown, shadow: unknown): boolean {
  switch (shape.k) {
    case "n":
    case "i":
    case "v":
      return true;
    case "<>":
    case "|":
      return false;
  }
  if (typeof p !== "object" || p === null || typeof shadow !== "object" || shadow === null)
    return p === undefined && shadow === undefined;
  if (shape.k === "{}")
    return shape.fields.every(([name, of]) => fits(of, (p as Row)[name], (shadow as Row)[name]));
  const [values, shadows] = [p, shadow] as [unknown[], unknown[]];
  if (values.length !== shadows.length || Array.isArray(p) !== Array.isArray(shadow)) return false;
  if (shape.k === "[]")
    return shape.of.k === "n" || values.every((v, i) => fits(shape.of, v, shadows[i]));
  return shape.k !== "()" || shape.of.every((of, i) => fits(of, values[i], shadows[i]));
}
