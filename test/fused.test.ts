// biome-ignore-all lint/suspicious/noExplicitAny: code in text
import { hessian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../packages/dualize/src/transforms/push.ts";
import { compile } from "./tangent/support/compile.ts";

const byDualForm = (code: string, primals: unknown[], tangents: unknown[]) => {
  const compiled = compile(`export ${code}`);
  expect(compiled.code).toContain("_fused");
  return pushDual(compiled.exports.f, undefined, primals, tangents);
};

describe("formulas of the dual form that are computed at once", () => {
  it("give what their operators give one by one", () => {
    const code = `function f(x: number, y: number): number {
      "use dual";
      return x * y - Math.exp(-x) / (y * y) + Math.max(x, y) * Math.atan2(y, x) - (x + 1) ** 3;
    }`;
    const [x, y] = [0.7, 1.9];
    const e = Math.exp(-x);
    const byX = y + e / y ** 2 - (y * y) / (x * x + y * y) - 3 * (x + 1) ** 2;
    const byY = x + (2 * e) / y ** 3 + Math.atan2(y, x) + (y * x) / (x * x + y * y);
    const value = x * y - e / (y * y) + y * Math.atan2(y, x) - (x + 1) ** 3;
    expect(byDualForm(code, [x, y], [1, 0])).toEqual([value, expect.closeTo(byX, 14)]);
    expect(byDualForm(code, [x, y], [0, 1])).toEqual([value, expect.closeTo(byY, 14)]);
  });

  it("take numbers without a tangent beside others", () => {
    const code = `function f(x: number, y: number): number { "use dual"; return x * y + y / x; }`;
    expect(byDualForm(code, [2, 3], [1, null])).toEqual([7.5, 3 - 3 / 4]);
    expect(byDualForm(code, [2, 3], [null, null])).toEqual([7.5, 0]);
  });

  it("keep a zero tangent from an infinite partial", () => {
    const code = `function f(x: number, y: number): number { "use dual"; return Math.sqrt(x) * y + x * y; }`;
    expect(byDualForm(code, [0, 3], [0, 1])).toEqual([0, 0]);
    expect(byDualForm(code, [0, 3], [1, 0])).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("concatenate text", () => {
    const code = `function f(x: number): string { "use dual"; const s: any = "x = "; return s + x * 2 + "!"; }`;
    expect(byDualForm(code, [3], [1])).toEqual(["x = 6!", null]);
  });

  it("differentiate again", () => {
    const [x, y] = [0.7, 1.9];
    const nested = compile(
      `import { derivative } from "dualize";
       export function f(x: number, y: number): number { "use dual"; return x * x * y + Math.sin(x * y); }
       export const xx = (x: number, y: number): number => derivative((a: number) => derivative((b: number) => f(b, y))(a))(x);
       export const xy = (x: number, y: number): number => derivative((c: number) => derivative((a: number) => f(a, c))(x))(y);`,
    ).exports;
    expect(nested.xx!(x, y)).toBeCloseTo(2 * y - y * y * Math.sin(x * y), 13);
    const mixed = 2 * x + Math.cos(x * y) - x * y * Math.sin(x * y);
    expect(nested.xy!(x, y)).toBeCloseTo(mixed, 13);
    const h = hessian(
      compile(
        `export function f(v: number[]): number { "use dual"; return v[0] * v[0] * v[1] + Math.sin(v[0] * v[1]); }`,
      ).exports.f as (v: number[]) => number,
    )([x, y]) as number[][];
    expect(h[0]![1]).toBeCloseTo(mixed, 13);
    expect(h[1]![1]).toBeCloseTo(-x * x * Math.sin(x * y), 13);
  });

  it("convert objects when the operators would, where that can be told", () => {
    const { f } = compile(`
      export function f(x: number, log: string[]): number {
        "use dual";
        const late = { valueOf() { log.push("value"); return 2; } } as unknown as number;
        const next = (): number => { log.push("next"); return x; };
        return late * 3 + next() * x;
      }`).exports;
    const plain: string[] = [];
    f!(2, plain);
    const dual: string[] = [];
    const [value, tangent] = pushDual(f, undefined, [2, dual], [1, null]);
    expect([value, tangent]).toEqual([10, 4]);
    expect(dual).toEqual(plain);
  });

  it("read an operand after the conversion that changes it", () => {
    const { f } = compile(`
      export function f(x: number, o: { n: number }): number {
        "use dual";
        const late = { valueOf() { o.n += 1; return 2; } } as any;
        return late * x + o.n;
      }`).exports;
    expect(f!(3, { n: 1 })).toBe(8);
    expect(pushDual(f, undefined, [3, { n: 1 }], [1, null])).toEqual([8, 2]);
  });

  it("are there once for equal formulas", () => {
    const { code } = compile(`
      export function f(x: number, y: number): number {
        "use dual";
        const a = x * y + x;
        return a * y + a;
      }`);
    expect(code.match(/^function _fused/gm)).toHaveLength(1);
  });

  it("may have more operands than there are letters", () => {
    const names = Array.from({ length: 80 }, (_, i) => `x${i}`);
    const sum = names.map((x, i) => `${x} * ${x} * ${i + 1} / ${names[79 - i]}`).join(" + ");
    const code = `function f(${names.map((x) => `${x}: number`).join(", ")}): number { "use dual"; return ${sum}; }`;
    const at = names.map((_, i) => 1 + i / 7);
    const along = names.map((_, i) => (i % 3) - 1);
    const [value, tangent] = byDualForm(code, at, along) as [number, number];
    let expected = 0;
    for (let i = 0; i < 80; i++) {
      const x = at[i]!;
      const y = at[79 - i]!;
      expected += (i + 1) * ((2 * x * along[i]!) / y - (x * x * along[79 - i]!) / (y * y));
    }
    expect(value).toBe((compile(`export ${code}`).exports.f as (...xs: number[]) => number)(...at));
    expect(tangent).toBeCloseTo(expected, 8);
  });

  it("see a variable that is written to in the middle", () => {
    const code = `function f(x: number): number { "use dual"; let a: number = x; return a * 2 + (a = a * a) * a; }`;
    expect(byDualForm(code, [3], [1])).toEqual([6 + 81, 2 + 4 * 27]);
    expect(jvp(compile(`export ${code}`).exports.f as never, [3] as never, [1] as never)).toEqual([
      87, 110,
    ]);
  });
});
