import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Objects from outside in which instances are replaced by such of other classes, of which the types do not tell. */

const classes = `"use dual";
  export class A { constructor(readonly k: number) {} go(x: number): number { return this.k * x; } }
  export class B extends A { override go(x: number): number { return this.k * x * x; } }`;

const twofold = `class Twofold extends Array<number> {
  override forEach(g: (v: number, i: number, all: number[]) => void): void { g(7, 0, this); } }`;

describe("what is replaced between two derivatives", () => {
  const cases: Record<string, readonly [code: string, before: number, after: number]> = {
    "an instance in a list of objects": [
      `interface S { parts: { a: A }[] } const sim: S = { parts: [{ a: new A(2) }] };
       export function swap(): void { (sim.parts[0] as { a: A }).a = new B(2); }
       export function f(x: number): number { const s: S = sim; return s.parts[0].a.go(x); }`,
      2,
      12,
    ],
    "the field of an instance": [
      `class Holder { constructor(public a: A) {} run(x: number): number { return this.a.go(x); } } const held = new Holder(new A(2));
       export function swap(): void { held.a = new B(2); }
       export function f(x: number): number { const h: Holder = held; return h.run(x); }`,
      2,
      12,
    ],
    "what stands for an argument that is missing": [
      `const box: { a: A } = { a: new A(2) }; export function swap(): void { box.a = new B(2); }
       export function f(x: number, b: { a: A } = box): number { return b.a.go(x); }`,
      2,
      12,
    ],
    "a list in an object, by one with methods of its own": [
      `${twofold} const table: { rows: number[] } = { rows: [1, 1] };
       export function swap(): void { table.rows = Twofold.of(2); }
       export function f(x: number): number { const t: { rows: number[] } = table; let s = 0; t.rows.forEach((v) => { s += v * x; }); return s; }`,
      2,
      7,
    ],
    "a method of one instance, as a spy does": [
      `const box: { a: A } = { a: new A(2) };
       export function swap(): void { Object.defineProperty(box.a, "go", { value: (x: number): number => x * x * x }); }
       export function f(x: number): number { const b: { a: A } = box; return b.a.go(x); }`,
      2,
      27,
    ],
    "a method of one instance": [
      `const box: { a: A } = { a: new A(2) }; export function swap(): void { box.a.go = (x) => x * x * x; }
       export function f(x: number): number { const b: { a: A } = box; return b.a.go(x); }`,
      2,
      27,
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [code, before, after]) => {
    const program = load(translate({ main: classes + code }), "main");
    const f = program.f as never;
    const all = () => [
      derivative(f)(3 as never),
      jvp(f, [3] as never, [1])[1],
      grad(f)(3 as never),
    ];
    expect(all()).toEqual([before, before, before]);
    program.swap?.();
    expect(all()).toEqual([after, after, after]);
  });
});

describe("what is replaced in an argument that stays between two derivatives", () => {
  const cases: Record<
    string,
    readonly [code: string, before: readonly number[], after: readonly number[]]
  > = {
    "an instance in a field": [
      `interface W { a: A; k: number } export const given = (): W => ({ a: new A(2), k: 3 });
       export function swap(w: W): void { w.a = new B(2); }
       export function f(x: number, ys: number[], w: W): number { return w.a.go(x) * w.k * ys[0] * ys[1]; }`,
      [12, 36, 18],
      [72, 108, 54],
    ],
    "an instance in a list": [
      `export const given = (): A[] => [new A(1), new A(2)];
       export function swap(w: A[]): void { w[0] = new B(1); }
       export function f(x: number, ys: number[], w: A[]): number { let s = 0; for (const a of w) s += a.go(x); return s * ys[0] * ys[1]; }`,
      [6, 18, 9],
      [16, 30, 15],
    ],
    "a method of one instance": [
      `interface W { a: A } export const given = (): W => ({ a: new A(2) });
       export function swap(w: W): void { w.a.go = (x) => x * x * x; }
       export function f(x: number, ys: number[], w: W): number { return w.a.go(x) * ys[0] * ys[1]; }`,
      [4, 12, 6],
      [54, 54, 27],
    ],
    "a method of one instance, as a spy does": [
      `interface W { a: A } export const given = (): W => ({ a: new A(2) });
       export function swap(w: W): void { Object.defineProperty(w.a, "go", { value: (x: number): number => x * x * x }); }
       export function f(x: number, ys: number[], w: W): number { return w.a.go(x) * ys[0] * ys[1]; }`,
      [4, 12, 6],
      [54, 54, 27],
    ],
    "a method of the argument itself, as a spy does": [
      `export const given = (): A => new A(2);
       export function swap(a: A): void { Object.defineProperty(a, "go", { value: (x: number): number => x * x * x }); }
       export function f(x: number, ys: number[], a: A): number { return a.go(x) * ys[0] * ys[1]; }`,
      [4, 12, 6],
      [54, 54, 27],
    ],
    "a row by a list with methods of its own": [
      `type Row = number[]; export const given = (): Row[] => [[1], [2]];
       ${twofold}
       export function swap(w: Row[]): void { w[1] = Twofold.of(2); }
       export function f(x: number, ys: number[], w: Row[]): number { let s = 0; for (const r of w) r.forEach((v) => { s += v * x; }); return s * ys[0] * ys[1]; }`,
      [6, 18, 9],
      [16, 48, 24],
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [code, before, after]) => {
    const program = load(translate({ main: classes + code }), "main");
    const f = program.f as never;
    const given = program.given?.() as never;
    const by = (argnum: number, mode?: string): number[] => {
      const options = (mode ? { argnum, mode } : { argnum }) as never;
      return [grad(f, options)(3 as never, [1, 2] as never, given)].flat() as number[];
    };
    const all = () => [
      [jvp(f, [3, [1, 2], given] as never, [1] as never)[1], ...by(1)],
      [...by(0, "reverse"), ...by(1, "reverse")],
      [...by(0, "forward"), ...by(1, "forward")],
    ];
    expect(all()).toEqual([before, before, before]);
    program.swap?.(given);
    expect(all()).toEqual([after, after, after]);
  });

  it("an instance in what is handed to a function of another file", () => {
    const parts = `${classes} export function g(x: number, w: { a: A }): number { return w.a.go(x); }`;
    const main = `import { A, B, g } from "./parts"; const w: { a: A } = { a: new A(2) };
      export function swap(): void { w.a = new B(2); }
      export function f(x: number): number { "use dual"; return g(x, w) * x; }`;
    const program = load(translate({ parts, main }), "main");
    expect(derivative(program.f as never)(3 as never)).toBe(12);
    program.swap?.();
    expect(derivative(program.f as never)(3 as never)).toBe(54);
  });
});

describe("what is replaced during a derivative", () => {
  const cases: Record<string, Program> = {
    "in an object of the function": {
      code: `${classes} const pool: A[] = [new A(2), new B(3)]; interface Held { now: A }
        export function f(x: number): number { const h: Held = { now: pool[0] }; const y = h.now.go(x); h.now = pool[1]; return y + h.now.go(x); }`,
      at: [4],
      value: 56,
      tangent: 26,
    },
    "by a function without a mark": {
      code: {
        m: `export class A { constructor(readonly k: number) {} go(x: number): number { "use dual"; return this.k * x; } }
          export class B extends A { override go(x: number): number { "use dual"; return this.k * x * x; } }
          export const sim: { a: A } = { a: new A(2) }; export function swap(k: number): void { sim.a = k ? new B(2) : new A(2); }`,
        main: `import { A, sim, swap } from "./m";
          export function f(x: number): number { "use dual"; swap(0); const s: { a: A } = sim; const y = s.a.go(x); swap(1); return y + s.a.go(x); }`,
      },
      at: [4],
      value: 40,
      tangent: 18,
    },
  };
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
