/**
 * Dual numbers without the plugin: write `add(mul(x, x), sin(x))` yourself, declare the function with
 * `dualForm`, and all transforms take it.
 *
 * @example
 * import { jvp } from "dualize";
 * import { add, dualForm, mul, sin } from "dualize/dual";
 * const f = dualForm((x) => add(mul(x, x), sin(x)));
 * jvp(f, [2], [1]); // [4.909…, 3.583…]
 */

import "./inspection.ts";
import type { Num } from "./dual-number.ts";
import { math } from "./math.ts";

export { dualForm } from "./closures.ts";
export {
  add,
  Dual,
  div,
  isDual,
  mul,
  type Num,
  neg,
  primalOf,
  rem,
  strong,
  sub,
} from "./dual-number.ts";
export { abs, atan2, hypot, max, min, pow } from "./math.ts";

type Unary = (x: Num) => Num;

export const acos = math.acos as Unary;
export const acosh = math.acosh as Unary;
export const asin = math.asin as Unary;
export const asinh = math.asinh as Unary;
export const atan = math.atan as Unary;
export const atanh = math.atanh as Unary;
export const cbrt = math.cbrt as Unary;
export const ceil = math.ceil as Unary;
export const clz32 = math.clz32 as Unary;
export const cos = math.cos as Unary;
export const cosh = math.cosh as Unary;
export const exp = math.exp as Unary;
export const expm1 = math.expm1 as Unary;
export const floor = math.floor as Unary;
export const fround = math.fround as Unary;
export const log = math.log as Unary;
export const log10 = math.log10 as Unary;
export const log1p = math.log1p as Unary;
export const log2 = math.log2 as Unary;
export const round = math.round as Unary;
export const sign = math.sign as Unary;
export const sin = math.sin as Unary;
export const sinh = math.sinh as Unary;
export const sqrt = math.sqrt as Unary;
export const tan = math.tan as Unary;
export const tanh = math.tanh as Unary;
export const trunc = math.trunc as Unary;
export const imul = math.imul as (x: Num, y: Num) => Num;
