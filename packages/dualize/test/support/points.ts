/** Where rules are checked: the same doubles in every run. */

let state = 20240229;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const magnitudes = [
  1e-60,
  1e-10,
  1e-3,
  0.1,
  0.49,
  0.51,
  0.9,
  0.99,
  1 - 1e-8,
  1 - 2 ** -53,
  1 + 2 ** -52,
  1 + 1e-8,
  1.5,
  3,
  10,
  13,
  17,
  19.9,
  20.1,
  50,
  300,
  700,
  1e4,
  1e8,
  1e12,
  1e160,
  1e300,
];

// Far from the edges at 1 the digits are arbitrary, so that nothing is exact by luck.
const jitter = (m: number): number => (m < 1e-2 || m > 9 ? m * (0.95 + 0.05 * random()) : m);

/** Points for functions of one number: all magnitudes, both signs in turn, both near the edges at ±1. */
export const points: readonly number[] = magnitudes.flatMap((m, i) => {
  const x = jitter(m);
  const nearEdge = m > 0.5 && m < 2;
  return nearEdge
    ? [x, -x]
    : [i % 2 ? x : -x, i % 3 ? x : -x].filter((v, j, all) => all.indexOf(v) === j);
});

const parts = [
  1e-150, 1e-8, 0.1, 0.3, 0.5, 0.9, 1, 1.7, 2, 2.5, 3, 7, 42.5, 1e6, 1e150, -1e-8, -0.3, -0.9, -1,
  -2, -2.5, -7, -1e6,
];
const pick = (): number => parts[Math.floor(random() * parts.length)] as number;

/** Points for functions of two numbers. */
export const pairs: readonly (readonly [number, number])[] = Array.from({ length: 70 }, () => [
  pick(),
  pick(),
]);

/** Numbers at which only the value is looked at. */
export const odd: readonly number[] = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  -5e-324,
  2 ** -1023,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1,
  -1,
  0.5,
  -0.5,
  2.5,
  -2.5,
  3,
  2 ** 31,
  2 ** 53,
];
