import { isRecord } from "./tree.ts";
import { DualArray, floatModel } from "./typed-array.ts";

/** Where a tangent form leaves the tangent of a number it returns; measured as the cheapest way out. */
export const out = new Float64Array(1);

/** A shadow of zeros for an array or object that has none. */
export function zeros(x: unknown): unknown {
  if (typeof x === "number") return 0;
  if (Array.isArray(x)) return x.map(zeros);
  const model = DualArray.is(x) ? undefined : floatModel(x);
  // Tangents are kept with all digits, whatever the array rounds to.
  if (model) return new Float64Array((x as Float64Array).length);
  if (!isRecord(x)) return undefined;
  // The engine copies an object faster than it makes one field by field.
  const made: Record<string, unknown> = { ...x };
  for (const key in made) made[key] = zeros(made[key]);
  return made;
}

/** An instance of a class on which its constructor has not run, with fields that nothing is stored in. */
export function blank(of: { readonly prototype: object }, ...fields: string[]): object {
  const made = Object.create(of.prototype);
  for (const field of fields) made[field] = undefined;
  return made;
}
