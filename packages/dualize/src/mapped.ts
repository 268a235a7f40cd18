// As it is when dualize is loaded: a program may replace or delete it later.
const { map } = Array.prototype;

/** `list.map(f)`, where `f` may take the index too. */
export const mapped = <T, R>(list: readonly T[], f: (x: T, i: number) => R): R[] =>
  map.call(list, f as (x: unknown, i: number) => R) as R[];
