/**
 * What is called of @stdlib: values of numbers, given in this order. Declared here, so that types are
 * checked against what is used alone, and before these packages are installed.
 */

declare module "@stdlib/math-base-special-besselj0" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-besselj1" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-bessely0" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-bessely1" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-digamma" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-erf" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-erfc" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-erfinv" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-gamma" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-gammaln" {
  export default function value(x: number): number;
}
declare module "@stdlib/math-base-special-beta" {
  export default function value(a: number, b: number): number;
}
declare module "@stdlib/math-base-special-betaln" {
  export default function value(a: number, b: number): number;
}
declare module "@stdlib/math-base-special-gammainc" {
  export default function value(
    x: number,
    a: number,
    regularized?: boolean,
    upper?: boolean,
  ): number;
}
declare module "@stdlib/math-base-special-betainc" {
  export default function value(x: number, a: number, b: number): number;
}
