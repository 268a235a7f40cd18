import { Dual, type Num } from "dualize/dual";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import * as entry from "../src/index.ts";
import references from "./references.json" with { type: "json" };

const special = { ...entry };
type Name = keyof typeof special;
type Row = readonly [args: number[], values: string[]];

/**
 * How far a value, and a first, second and third derivative may be from references.json, in units of
 * the last place (2⁻⁵² of the reference). docs/special.md has the same figures.
 */
const bounds: Record<Name, readonly [value: number, derivatives: number]> = {
  erf: [1, 10],
  erfc: [2, 600],
  erfinv: [2, 30],
  gamma: [4, 8],
  lgamma: [2, 4],
  digamma: [4, 4],
  polygamma: [4, 4],
  beta: [20, 120],
  betaln: [10, 2000],
  gammainc: [40, 100],
  gammaincc: [10, 100],
  betainc: [10, 200],
  besselJ: [20, 60],
  besselY: [20, 60],
  besselI: [10, 200],
  besselK: [12, 12],
};

/** Where `J` and `Y` oscillate, errors are measured by their amplitude `√(2/πx)`. */
const modulus = (name: Name, [nu, x]: readonly number[]): number =>
  name === "besselJ" || name === "besselY"
    ? Math.abs(nu as number) < (x as number)
      ? Math.sqrt(2 / (Math.PI * (x as number)))
      : 0
    : 0;

const rowsOf = (name: Name): Row[] => references[name] as unknown as Row[];

describe.each(Object.keys(bounds) as Name[])("%s", (name) => {
  const [value, derivatives] = bounds[name];
  it.each([
    ["gives the values of the references", 0, value],
    ["has their first derivative", 1, derivatives],
    ["has their second derivative", 2, derivatives],
    ["has their third derivative", 3, derivatives],
  ] as const)("%s", (_, order, bound) => {
    const errors = rowsOf(name).map(([args, values]) => {
      const wanted = Number(values[order]);
      const size = Math.max(Math.abs(wanted), modulus(name, args));
      const found = derivativesOf(name, args)[order] as number;
      return { args, wanted, found, ulps: Math.abs(found - wanted) / size / 2 ** -52 };
    });
    const worst = errors.reduce((a, b) => (b.ulps <= a.ulps ? a : b));
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bound);
  });
});

/** The value and three derivatives by the last argument, by one dual number of three tags. */
function derivativesOf(name: Name, args: readonly number[]): number[] {
  const one = (x: number, tag: number) => new Dual(x, 1, tag);
  const x = one(args.at(-1) as number, 1);
  const second = new Dual(x, 1, 2);
  const third = new Dual(second, 1, 3);
  const { dual } = twinOf(special[name]) as { dual: (...args: Num[]) => Num };
  const r = dual(...args.slice(0, -1), third);
  const part = (...path: ("primal" | "tangent")[]): number =>
    path.reduce<Num>((v, p) => (v instanceof Dual ? v[p] : p === "primal" ? v : 0), r) as number;
  return [
    part("primal", "primal", "primal"),
    part("primal", "primal", "tangent"),
    part("primal", "tangent", "tangent"),
    part("tangent", "tangent", "tangent"),
  ];
}
