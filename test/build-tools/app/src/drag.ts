export const drag = (v: number, k: number): number => {
  "use dual";
  return k * v ** 3;
};

export function unusedAlone(x: number): number {
  "use dual";
  return x * 987654321;
}

/** Fails in an ordinary call: its place in the bundle is looked up in the source map. */
export function failing(x: number): number {
  "use dual";
  const y = x * 2;
  if (y > 0) throw new Error("as asked for");
  return y;
}
