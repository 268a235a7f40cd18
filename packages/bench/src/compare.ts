import { flatten } from "./kernel.ts";

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** Position on the line of all doubles, in order of their size. */
function ordinal(x: number): bigint {
  float[0] = x;
  return bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0];
}

/** How many doubles lie between two; 0 for two NaN. */
export function ulps(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

/** The greatest of `ulps` over the numbers of two trees. */
export function worstUlps(actual: unknown, wanted: unknown): number {
  return worst(actual, wanted, ulps);
}

/** The greatest difference of two trees, relative to the greatest number in the wanted one. */
export function relativeError(actual: unknown, wanted: unknown): number {
  const scale = Math.max(...flatten(wanted).map(Math.abs));
  return worst(actual, wanted, (a, b) => Math.abs(a - b) / scale);
}

function worst(
  actual: unknown,
  wanted: unknown,
  measure: (a: number, b: number) => number,
): number {
  const as = flatten(actual);
  const bs = flatten(wanted);
  if (as.length !== bs.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < as.length; i++) {
    const difference = measure(as[i], bs[i]);
    // Not Math.max: NaN must count as the worst of all.
    if (!(difference <= worst)) worst = difference;
  }
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst;
}
