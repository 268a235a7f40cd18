import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { codeOf, expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What is thrown half-way leaves tangents where it leaves primals. */

const missing = "const cfg: { deep?: { v: number } } = {};";
const program = (body: string, value: number, tangent: number, more = ""): Program => ({
  code: `${more} export function f(x: number): number { "use dual"; ${body} }`,
  at: [2],
  value,
  tangent,
});

const cases: Record<string, Program> = {
  "an assignment whose right side throws": program(
    "let y = 3 * x; try { y = x + cfg.deep!.v; } catch {} return y;",
    6,
    3,
    missing,
  ),
  "a compound assignment whose right side throws": program(
    "let y = 3 * x; try { y *= cfg.deep!.v; } catch {} return y;",
    6,
    3,
    missing,
  ),
  "an element whose new value throws": program(
    "const a = [3 * x]; try { a[0] = x + cfg.deep!.v; } catch {} return a[0];",
    6,
    3,
    missing,
  ),
  "an element whose new value throws in a function that is called": program(
    "const a = [3 * x]; try { put(a, x); } catch {} return a[0];",
    6,
    3,
    `${missing} function put(a: number[], x: number): void { a[0] = x + cfg.deep!.v; }`,
  ),
  "an element that was written before a function throws": program(
    "const a = [x]; try { put(a, x); } catch {} return a[0];",
    4,
    4,
    "function put(a: number[], x: number): number { a[0] = x * x; throw new Error('no'); }",
  ),
  "what is pushed throws": program(
    "const a = [x]; try { a.push(cfg.deep!.v); } catch {} return a[a.length - 1];",
    2,
    1,
    missing,
  ),
  "a frozen array": program(
    "const a = Object.freeze([3 * x]) as number[]; try { a[0] = x; } catch {} return a[0];",
    6,
    3,
  ),
  "a frozen object": program(
    "const a: { v: number } = { v: 3 * x }; Object.freeze(a); try { a.v = x; } catch {} return a.v;",
    6,
    3,
  ),
  "catch and finally": program(
    "let y = 3 * x; try { y = x * x; throw new Error('a'); } catch { y = y * x; } finally { y += x; } return y;",
    10,
    13,
  ),
  "a field that nobody uses, of an element that is not there": program(
    "const l = [{ v: x }]; try { const { v } = l[2]; } catch { return x * x; } return x;",
    4,
    4,
  ),
  "an element that is not there, read in vain": program(
    "const l = [{ v: x }]; let s = x; try { for (let i = 0; i < 3; i++) { l[i].v; s *= x; } } catch { s += 1; } return s;",
    5,
    4,
  ),
  "a variable that another case of a switch declares, read too early": program(
    "let s = 0; for (const k of [0, 1]) { try { switch (k) { case 0: let q = x; s += q; break; case 1: s += q!; } } catch { s += 100 * x; } } return s;",
    202,
    101,
  ),
  "such a variable, written too early": program(
    "let s = 0; for (const k of [1, 0]) { try { switch (k) { case 0: let q = x; s += q; break; case 1: q = 3 * x; s += q; } } catch { s += 100 * x; } } return s;",
    202,
    101,
  ),
  "such a variable, where the case before falls through": program(
    "let s = 0; for (const k of [0, 1]) { try { switch (k) { case 0: let q = x; s += q; case 1: s += 2 * q!; } } catch { s += 100 * x; } } return s;",
    206,
    103,
  ),
  "a constant that is written to": program(
    "const k = x; try { (k as any) = 3; } catch { return k * 5; } return k;",
    10,
    5,
  ),
  "a constant that a pattern writes to": program(
    "const k = x; let s = x; try { [(k as any), s] = [3, 4]; } catch { return k * 5 + s; } return k;",
    12,
    6,
  ),
  "the constant of a loop that is written to": program(
    "let s = 0; try { for (const v of [x, 2]) { s += v; (v as any) = 3; } } catch { s *= 2; } return s;",
    4,
    2,
  ),
};

describe("tangents are where primals are after something was thrown:", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});

describe("a frozen argument", () => {
  const overwrites = () =>
    load(
      translate({
        main: `export function f(xs: number[]): number { "use dual"; try { xs[0] = 9; } catch {} return xs[0] * xs[0]; }`,
      }),
      "main",
    ).f as never;

  it("keeps value and tangent where a write to it throws", () => {
    expect(jvp(overwrites(), [Object.freeze([3])] as never, [[1]] as never)).toEqual([9, 6]);
  });
  it("does so in gradients", () => {
    expect(grad(overwrites())(Object.freeze([3]) as never)).toEqual([6]);
  });
});

describe("errors of derivatives get past unmarked code that goes on:", () => {
  const other = `export function attempt(g: () => unknown): unknown { try { return g(); } catch { return 7; } }
    export function u(x: number): number { return x * x; }`;
  it.each([
    "return (attempt(() => x * x) as number) * x;",
    "let s = 0; attempt(() => { s = u(x); }); return s * x;",
  ])("%s", (body) => {
    const main = `import { attempt, u } from "./other"; export function f(x: number): number { "use dual"; ${body} }`;
    expect(codeOf({ other, main }, 2)).toBe("DUAL101");
  });
  it("but not the code's own", () => {
    const main = `import { attempt } from "./other"; export function f(x: number): number { "use dual"; let s = 0; attempt(() => { s = x; throw new Error("own"); }); return s * x; }`;
    expectEveryForm({ code: { other, main }, at: [3], value: 9, tangent: 6 });
  });
});

describe("errors of derivatives get past the code's own handlers:", () => {
  const unmarked = "export function u(x: number): number { return x * x; }";
  const handlers = ["catch { r = 5; }", "catch (e) { r = 5; }", "catch ({ message }) { r = 5; }"];
  it.each(handlers)("%s", (handler) => {
    const main = (inner: string) =>
      `import { u } from "./other"; export function f(x: number): number { "use dual"; let r = 0; ${inner} return r * x; }`;
    const caught = main(`try { r = u(x); } ${handler}`);
    expect(codeOf({ other: unmarked, main: caught }, 2)).toBe("DUAL101");
    const inner = main(
      `const g = (v: number) => { try { return u(v); } ${handler} return r; }; r = g(x);`,
    );
    expect(codeOf({ other: unmarked, main: inner }, 2)).toBe("DUAL101");
  });
});

describe("errors of derivatives get past what ends otherwise:", () => {
  const other = "export function u(x: number): number { return x * x; }";
  const main = (body: string) =>
    `import { u } from "./other"; export function f(x: number): number { "use dual"; ${body} }`;
  it.each([
    "try { return u(x); } finally { return x * 2; }",
    "let r = x; for (;;) { try { r = u(x); } finally { break; } } return r * 3;",
    "let r = x; for (let i = 0; i < 2; i++) { try { r = u(x); } finally { continue; } } return r;",
    "const g = () => { try { u(x); return 1; } finally { throw new Error('own'); } }; try { return g(); } catch { return x * 5; }",
    "let r = x; out: { try { r = u(x); } catch { r = 7; } finally { break out; } } return r;",
  ])("%s", (body) => {
    expect(codeOf({ other, main: main(body) }, 2)).toBe("DUAL101");
  });

  const own: Record<string, Program> = {
    "a finalizer that returns": {
      code: main("try { throw new Error('own'); } finally { return x * x; }"),
      at: [3],
      value: 9,
      tangent: 6,
    },
    "a finalizer that returns after a handler": {
      code: main(
        "let s = 1; const g = () => { try { throw new Error('own'); } catch { s = x; throw 1; } finally { return s * x; } }; return g();",
      ),
      at: [3],
      value: 9,
      tangent: 6,
    },
    "a finalizer that goes on with a loop": {
      code: main(
        "let s = 0; for (let i = 0; i < 3; i++) { try { if (i === 1) throw i; s += x * i; } finally { s *= x; continue; } } return s;",
      ),
      at: [2],
      value: 8,
      tangent: 8,
    },
  };
  it.each(Object.entries(own))("but not the code's own: %s", (_, program) =>
    expectEveryForm({ ...program, code: { other, main: program.code as string } }),
  );

  const waiting = (body: string) =>
    load(
      translate({
        other,
        main: `import { u } from "./other"; export async function f(x: number): Promise<number> { "use dual"; ${body} }`,
      }),
      "main",
    ).f as never;
  it.each([
    "return Promise.resolve(x).then((v) => u(v)).catch(() => 5);",
    "return Promise.resolve(x).then((v) => u(v)).then((v) => v, () => 5);",
    "const [r] = await Promise.allSettled([Promise.resolve(x).then((v) => u(v))]); return r.status === 'fulfilled' ? r.value : 7;",
    "const later = Promise.resolve().then(() => 0).then(() => 0).then(() => 0).then(() => 3); return Promise.any([Promise.resolve(x).then((v) => u(v)), later]);",
    "try { return u(x); } finally { return 5; }",
  ])("%s", async (body) => {
    const [value, tangent] = jvp(waiting(body), [2] as never, [1] as never) as unknown as [
      Promise<number>,
      Promise<number>,
    ];
    await expect(value).rejects.toThrow(/DUAL101/);
    await expect(tangent).rejects.toThrow(/DUAL101/);
  });
  it.each([
    ["return Promise.reject(new Error('own')).catch(() => x * x);", 4, 4],
    ["return Promise.any([Promise.reject(new Error('own')), Promise.resolve(x * x)]);", 4, 4],
    [
      "const all = await Promise.allSettled([Promise.reject(1), Promise.resolve(x)]); return all.length * x;",
      4,
      2,
    ],
  ])("but not the code's own: %s", async (body, value, tangent) => {
    const pair = jvp(waiting(body), [2] as never, [1] as never) as unknown as Promise<number>[];
    expect(await Promise.all(pair)).toEqual([value, tangent]);
  });
});
