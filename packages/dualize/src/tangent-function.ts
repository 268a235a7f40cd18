import type { Site } from "./errors.ts";
import { resolve } from "./link.ts";
import { isPaired, type Parameter, type Shape, type Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { push } from "./transforms/push.ts";
import { type AnyFunction, twin, twinOf } from "./twins.ts";

/**
 * The tangent of a function as a function, `(x, dx, y, dy, …) ↦ { p, t }`, for second-order code that
 * calls one of another module: by its tangent form, or the dual form where that does not fit. It has a
 * twin of its own, since it is differentiated once more: an adjoint form where the function has
 * second-order code, and else the dual form of duals.
 *
 * `wanted` is the signature of the tangent; what is inert in it has no tangent beside it.
 */
export function tangentFunction(f: unknown, wanted: Signature, site: Site): AnyFunction {
  const isAlone = ({ shape }: Parameter) => shape.k === "i";
  const params: Parameter[] = [];
  for (let i = 0; i < wanted.params.length; i++) {
    const param = wanted.params[i] as Parameter;
    params.push(param);
    if (!isAlone(param)) i++;
  }
  const returns = valueShape(wanted.returns);
  const form = resolve(f, { params, returns, isScalar: false }, site, false);
  const isNumber = !isPaired(returns);
  const pairs = params.some(isAlone)
    ? (args: readonly unknown[]) => {
        let at = 0;
        return params.flatMap((p) =>
          isAlone(p) ? [args[at++], undefined] : [args[at++], args[at++]],
        );
      }
    : (args: readonly unknown[]) => args;
  const tangent: AnyFunction = isNumber
    ? ofNumbers(form, params.some(isAlone) ? 0 : params.length, pairs)
    : (...args) => form(...pairs(args));
  const dual: AnyFunction = (...args) => {
    const given = pairs(args);
    const at = (side: number) => params.map((_, i) => given[2 * i + side]);
    const [p, t] = push(f, undefined, at(0), at(1));
    return { p, t };
  };
  const { replayable = true, second, classes } = twinOf(f) ?? {};
  return twin(tangent, {
    dual,
    replayable,
    ...(second ? { adjoint: second } : {}),
    ...(classes ? { classes } : {}),
  });
}

/** The shape of the value in `{ p, t }`. */
function valueShape(shape: Shape): Shape {
  const field = shape.k === "{}" ? shape.fields.find(([name]) => name === "p") : undefined;
  return field?.[1] ?? shape;
}

/** Value and tangent of a function that gives a number; of `count` arguments, or of any by `pairs`. */
function ofNumbers(
  form: AnyFunction,
  count: number,
  pairs: (args: readonly unknown[]) => readonly unknown[],
): AnyFunction {
  const parts = (value: unknown) => ({ p: value, t: out[0] });
  switch (count) {
    case 1:
      return (x, dx) => parts(form(x, dx));
    case 2:
      return (x, dx, y, dy) => parts(form(x, dx, y, dy));
    case 3:
      return (x, dx, y, dy, z, dz) => parts(form(x, dx, y, dy, z, dz));
    default:
      return (...args) => parts(form(...pairs(args)));
  }
}
