/**
 * `count` numbers between `low` and `high` that look random and are the same everywhere: only
 * multiplication and remainder of small integers, so that no rounding of a library is involved.
 */
export function numbers(count: number, low: number, high: number, seed: number): number[] {
  const values: number[] = [];
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (state * 7141 + 54773) % 259200;
    values.push(low + ((high - low) * state) / 259200);
  }
  return values;
}

/** The same as a matrix. */
export function matrix(
  rows: number,
  columns: number,
  low: number,
  high: number,
  seed: number,
): number[][] {
  const values = numbers(rows * columns, low, high, seed);
  return Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}
