import { addTree } from "./adjoint-runtime.ts";
import { isView } from "./captured.ts";
import type { Site } from "./errors.ts";
import { resolve } from "./link.ts";
import { isPaired, type Parameter, type Shape, type Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { pullOnce } from "./transforms/pull.ts";
import { push } from "./transforms/push.ts";
import { type AnyFunction, dualForm } from "./twins.ts";

/**
 * The tangent of a function as a function, `(x, dx, y, dy, …) ↦ { p, t }`, for second-order code that
 * calls one of another module: by its tangent form, or the dual form where that does not fit.
 *
 * `wanted` is the signature of the tangent; what is inert in it has no tangent beside it.
 */
export function tangentFunction(f: unknown, wanted: Signature, site: Site): AnyFunction {
  const params = paramsOf(wanted);
  const returns = valueShape(wanted.returns);
  const form = resolve(f, { params, returns }, site, false);
  const pairs = params.some(isAlone)
    ? (args: readonly unknown[]) => pairsOf(params, args, zeroOf)
    : (args: readonly unknown[]) => args;
  if (isPaired(returns)) return (...args) => form(...pairs(args));
  return ofNumbers(form, params.some(isAlone) ? 0 : params.length, pairs);
}

/**
 * What a cotangent of `{ p, t }` is of the arguments of the tangent of `f`, by the dual form: of x it is
 * `p̄ · ∇f + d(t̄ · ∇f)`, and of dx `t̄ · ∇f`. The direction is the outer derivative, as where H·v is the
 * tangent of a gradient: at a kink it decides. `constants` are the arguments that are written as numbers.
 */
export function pullTangent(
  f: unknown,
  wanted: Signature,
  args: readonly unknown[],
  seed: { readonly p: unknown; readonly t: unknown },
  constants: readonly number[],
): unknown[] {
  const params = paramsOf(wanted);
  const [primals, given] = sidesOf(params, args);
  const moves = (i: number) => !isAlone(params[i] as Parameter) && !constants.includes(i);
  const tangents = given.map((t, i) => (moves(i) ? fitting(primals[i], t) : null));
  const gradient = (cotangent: unknown, at: readonly unknown[]) =>
    pullOnce(f, undefined, at, moves, ({ pullback }) => pullback(cotangent));
  const alongIt = dualForm((...xs: unknown[]) => gradient(seed.t, xs));
  const [first, second] = push(alongIt, undefined, primals, tangents) as [unknown[], unknown[]];
  const values = gradient(seed.p, primals);
  return params.flatMap((p, i) => {
    if (isAlone(p)) return [null];
    if (!moves(i)) return [0, 0];
    const x = second[i];
    if (typeof x === "number") return [x + (values[i] as number), first[i]];
    addTree(x, values[i]);
    return [x, first[i]];
  });
}

/** A tangent without numbers where the value has none. */
function fitting(p: unknown, t: unknown): unknown {
  if (p === undefined || p === null) return null;
  if (typeof t !== "object" || t === null || typeof p !== "object" || isView(p)) return t;
  const parts = Object.entries(t).map(([k, v]) => [k, fitting(p[k as keyof typeof p], v)] as const);
  if (parts.every(([k, v]) => t[k as keyof typeof t] === v)) return t;
  return Array.isArray(t) ? parts.map(([, v]) => v) : Object.fromEntries(parts);
}

/** What has no tangent beside it: what holds no numbers, and functions. */
const isAlone = ({ shape }: Parameter): boolean => shape.k === "<>" || !holdsNumbers(shape);

function holdsNumbers(shape: Shape): boolean {
  switch (shape.k) {
    case "i":
    case "v":
      return false;
    case "[]":
      return holdsNumbers(shape.of);
    case "()":
    case "|":
      return shape.of.some(holdsNumbers);
    case "{}":
      return shape.fields.some(([, of]) => holdsNumbers(of));
    default:
      return true;
  }
}

/** The parameters of a function, from those of its tangent. */
function paramsOf(wanted: Signature): Parameter[] {
  const params: Parameter[] = [];
  for (let i = 0; i < wanted.params.length; i++) {
    const param = wanted.params[i] as Parameter;
    params.push(param);
    if (!isAlone(param)) i++;
  }
  return params;
}

/** The arguments of a tangent, each with its own beside it; where that is none, with what `still` gives. */
function pairsOf(
  params: readonly Parameter[],
  args: readonly unknown[],
  still: (x: unknown) => unknown,
): unknown[] {
  let at = 0;
  return params.flatMap((p) => {
    const x = args[at++];
    return [x, isAlone(p) ? still(x) : args[at++]];
  });
}

/** What a tangent form takes beside a value that stays. */
const zeroOf = (x: unknown): unknown => (typeof x === "number" ? 0 : undefined);

/** The arguments, and their tangents. */
function sidesOf(
  params: readonly Parameter[],
  args: readonly unknown[],
): [primals: unknown[], tangents: unknown[]] {
  const given = pairsOf(params, args, () => undefined);
  return [params.map((_, i) => given[2 * i]), params.map((_, i) => given[2 * i + 1])];
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
