/**
 * Special functions with derivatives of all orders. They are called like those of `Math`, in marked
 * functions and elsewhere, and every transform of `dualize` takes them.
 */

export { besselI } from "./bessel-i.ts";
export { besselJ } from "./bessel-j.ts";
export { besselK } from "./bessel-k.ts";
export { besselY } from "./bessel-y.ts";
export { beta } from "./beta.ts";
export { betainc } from "./betainc.ts";
export { betaln } from "./betaln.ts";
export { digamma } from "./digamma.ts";
export { erf } from "./erf.ts";
export { erfc } from "./erfc.ts";
export { erfinv } from "./erfinv.ts";
export { gamma } from "./gamma.ts";
export { gammainc } from "./gammainc.ts";
export { gammaincc } from "./gammaincc.ts";
export { lgamma } from "./lgamma.ts";
export { polygamma } from "./polygamma.ts";
