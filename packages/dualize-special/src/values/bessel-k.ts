/** `K_ν(x)` for real ν and `x ≥ 0`. */
export function besselKValue(order: number, x: number): number {
  // DLMF 10.27.3: the sign of the order does not matter.
  const nu = Math.abs(order);
  if (!(x >= 0) || !Number.isFinite(nu)) return Number.NaN;
  if (x === 0) return Infinity;
  if (x === Infinity) return 0;
  const fraction = nu - Math.floor(nu);
  let k = integral(fraction, x);
  if (nu < 1) return k;
  let next = integral(fraction + 1, x);
  // DLMF 10.29.1: all terms are positive, so going upwards loses nothing.
  for (let m = fraction + 1; m < nu - 0.5; m++) [k, next] = [next, ((2 * m) / x) * next + k];
  return next;
}

/**
 * `e^(-x) ∫ exp(-2x sinh²(t/2)) cosh(νt) dt` over `t ≥ 0` (DLMF 10.32.9), by the trapezoidal rule: the
 * integrand is even, analytic, positive and falls off doubly exponentially, so a few dozen points give
 * all digits (Trefethen, Weideman, "The exponentially convergent trapezoidal rule", 2014).
 */
function integral(nu: number, x: number): number {
  const h = Math.min(0.125, 0.6 / Math.sqrt(x));
  let sum = 0.5;
  for (let t = h, k = 1; ; t = ++k * h) {
    const decay = 2 * x * Math.sinh(t / 2) ** 2;
    if (decay > 40 + 2 * nu * t) break;
    sum += (Math.exp(nu * t - decay) + Math.exp(-nu * t - decay)) / 2;
  }
  return h * sum * Math.exp(-x);
}
