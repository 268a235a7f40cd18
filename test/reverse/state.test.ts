import { grad, hessian, hvp, jacobian, valueAndGrad, vjp } from "dualize";
import { twin, twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { type Exports, load, translate } from "../tangent/support/compile.ts";

/** Functions that change what is around them, by the adjoint form: it runs once, as the function would. */

type F = (...args: unknown[]) => unknown;

const compiled = (code: string, others: Record<string, string> = {}): Exports & { f: F } =>
  load(translate({ main: `"use dual";\n${code}`, ...others }), "main") as Exports & { f: F };

/** The same function by linear tangents through its dual form. */
const general = (f: F): F =>
  twin((...args: unknown[]) => f(...args), { dual: twinOf(f)?.dual } as never);

const gradient = (f: F) => grad(f as never) as F;
const both = (f: F) => valueAndGrad(f as never) as unknown as (...args: unknown[]) => unknown[];

const counting = `let runs = 0; export const count = () => runs;`;

interface Counted {
  readonly code: string;
  readonly args: unknown[];
}

const programs: Record<string, Counted> = {
  "a counter": {
    code: `${counting} export function f(p: number[]): number { runs++; let s = 0; for (let i = 0; i < p.length; i++) s += p[i] * p[i] * i; return s; }`,
    args: [[1.5, -2, 0.25]],
  },
  "a counter of what it calls, in a loop": {
    code: `${counting} function square(x: number): number { runs += 1; return x * x; }
      export function f(p: number[]): number { let s = 0; for (const x of p) s += square(x) * x; return s; }`,
    args: [[1.5, -2, 0.25]],
  },
  "a log of what is inert": {
    code: `${counting} const log: string[] = []; export const lines = () => log;
      export function f(p: number[], name: string): number { runs++; log.push(name); let s = 1; for (const x of p) s *= Math.sin(x); return s; }`,
    args: [[1.5, -2, 0.25], "round"],
  },
  "a setting that it reads, changes, and reads again": {
    code: `${counting} const settings = { gain: 2 };
      export function f(p: number[]): number { runs++; const a = p[0] * settings.gain; settings.gain = 5; const b = p[1] * p[0] * settings.gain; settings.gain = 2; return a * b; }`,
    args: [[1.5, -2]],
  },
  "a table that it reads and changes, by its name and by another": {
    code: `${counting} const table = [1, 2, 4];
      export function f(p: number[]): number { runs++; const same = table; let s = 0;
        for (let i = 0; i < 3; i++) { s += p[i] ** table[i] * p[0] * table[i]; table[i] += 1; same[2 - i] *= 2; }
        const r = s * p[1] * table[0] * table.length; table[0] = 1; table[1] = 2; table[2] = 4; return r; }`,
    args: [[1.5, 2, 0.25]],
  },
  "places and choices that it changes, outside": {
    code: `${counting} const places = [0, 1]; const on = [true, false]; const world = { k: 1, parts: { t: new Int32Array([1, 2]) } };
      export function f(p: number[]): number { runs++; let s = 1;
        for (let i = 0; i < 4; i++) { s += p[places[i % 2]] * p[places[0]] * world.k * world.parts.t[i % 2]; if (on[0]) s *= p[0]; else s += p[1] * p[1];
          [places[0], places[1]] = [places[1], places[0]]; on[0] = !on[0]; world.k += 1; world.parts.t[0] += 3; }
        world.k = 1; world.parts.t[0] = 1; return s; }`,
    args: [[1.5, -2]],
  },
  "lists of its own, changed in place": {
    code: `${counting} function fill(to: number[], x: number): void { runs++; for (let i = 0; i < 3; i++) to[i] = x * i + (to[i] ?? 0); }
      export function f(p: number[]): number { const own = [0, 0, 0]; fill(own, p[0]); fill(own, p[1] * p[1]); own[0] = own[1] * own[2]; return own[0] + own[1]; }`,
    args: [[1.5, -2]],
  },
  "lists of its own, changed by functions inside": {
    code: `${counting} export function f(p: number[]): number { runs++; const m = [[0, 0], [0, 0]]; const put = (row: number[], i: number, v: number): void => { row[i] += v; };
      for (let i = 0; i < 2; i++) for (let k = 0; k < 2; k++) put(m[i], k, p[i] * p[k] * (k + 1)); m.forEach((row) => { row[0] *= row[1]; }); return m[0][0] + m[1][0]; }`,
    args: [[1.5, -2]],
  },
  "an object that is made by a class": {
    code: `${counting} class V { x: number; y: number; constructor(x: number, y: number) { runs++; this.x = x; this.y = y; } dot(o: V): number { return this.x * o.x + this.y * o.y; } }
      export function f(p: { x: number; y: number }): number { const v = new V(p.x, p.y * p.x); v.x = v.x * 2; return v.dot(new V(p.y, v.x)); }`,
    args: [{ x: 1.5, y: -2 }],
  },
};

const numbers = (x: unknown): number[] =>
  typeof x === "number" ? [x] : Object.values(x as object).flatMap(numbers);

describe("the adjoint form of a function that changes what is around it", () => {
  it.each(Object.entries(programs))("runs once: %s", (_, { code, args }) => {
    const { f, count } = compiled(code);
    const own = twinOf(f);
    expect(own?.adjoint?.once).toEqual([]);
    const value = f(...args);
    const runs = count?.() as number;
    const reference = gradient(general(f))(...args);
    const before = count?.() as number;
    const [found, slope] = both(f)(...args);
    expect((count?.() as number) - before).toBe(runs);
    expect(found).toBe(value);
    for (const [i, g] of numbers(slope).entries())
      expect(g).toBeCloseTo(numbers(reference)[i] as number, 12);
    const start = count?.() as number;
    const [, pullback] = vjp(f as never, args as never) as unknown as [number, F];
    const twice = pullback(2) as unknown[];
    expect(numbers(twice[0])).toEqual(numbers(slope).map((g) => 2 * g));
    expect(pullback(2)).toEqual(twice);
    expect((count?.() as number) - start).toBe(runs);
  });

  it.each(["", "const { a, ...rest } = { a: 3, b: 2 };"])(
    "runs once but for what goes direction by direction, in the dual form too: %s",
    (body) => {
      const { f, v, count } = compiled(
        `${counting} export function f(p: number[]): number { runs++; ${body} return p[0] * p[1] * p[1]; }
         export function v(p: number[]): number[] { runs++; ${body} return [p[0] * p[1], p[0]]; }`,
      );
      const at = [2, 3];
      const runs = (job: F, ...args: unknown[]) => {
        const before = count?.() as number;
        job(...args);
        return (count?.() as number) - before;
      };
      const forward = { mode: "forward" } as never;
      expect(runs(gradient(f), at)).toBe(1);
      expect(runs(jacobian(v as never) as F, at)).toBe(1);
      expect(runs(jacobian(f as never) as F, [2, 3, 4, 5])).toBe(1);
      expect(runs(jacobian(f as never, { mode: "reverse" } as never) as F, at)).toBe(1);
      expect(runs(hvp(f as never) as F, at, [1, 0])).toBe(1);
      expect(runs(grad(f as never, forward) as F, at)).toBe(2);
      expect(runs(jacobian(v as never, forward) as F, at)).toBe(2);
      expect(runs(hessian(f as never) as F, at)).toBe(2);
    },
  );

  it.each([
    ["a parameter", "g: (x: number) => number", "g(x)", (g: F) => g],
    ["a parameter that goes on", "g: (x: number) => number", "again(g, x)", (g: F) => g],
    ["one for all elements", "g: (x: number) => number", "[x].map(g)[0]!", (g: F) => g],
    ["a field", "o: { g: (x: number) => number }", "o.g(x)", (g: F) => ({ g })],
    ["of its class", "o: { g: (x: number) => number }", "o.g(x)", (g: F) => Object.create({ g })],
    [
      "a field that is looked at",
      "o: { g: (x: number) => number }",
      "(o.g(2), x)",
      (g: F) => ({ g }),
    ],
  ] as const)("runs functions that it is given once: %s", (_, type, use, given) => {
    const code = `${counting} export function g(x: number): number { runs++; return x * x; }
      function again(h: (x: number) => number, x: number): number { return h(x); }
      export function f(p: number[], ${type}): number { let s = 0; for (const x of p) s += ${use} * x; return s; }`;
    const at = [2, 3, 4];
    for (const job of ["gradient", "jacobian", "hvp"]) {
      const { f, g, count } = compiled(code);
      const last = given(g as F);
      if (job === "gradient") gradient(f)(at, last);
      else if (job === "jacobian") (jacobian(f as never) as F)(at, last);
      else (hvp(f as never) as F)(at, [1, 0, 0], last);
      expect([job, count?.()]).toEqual([job, 3]);
    }
  });

  it.each(["number", "number[]"])(
    "runs functions that are chosen once, where it gives %s",
    (type) => {
      const value = type === "number" ? "s" : "[s, p[0]]";
      const { f, count } = compiled(
        `${counting} const table: Record<string, (x: number) => number> = { count: (x: number) => { runs++; return x * x; } };
       export function f(p: number[], name: string): ${type} { let s = 0; for (const x of p) s += table[name]!(x) * x; return ${value}; }`,
      );
      for (const mode of [undefined, "reverse"]) {
        for (const at of [
          [1, 2, 3, 4, 5, 6],
          [1, 2],
        ]) {
          const before = count?.() as number;
          (jacobian(f as never, { mode } as never) as F)(at, "count");
          expect([mode, (count?.() as number) - before]).toEqual([mode, at.length]);
        }
      }
    },
  );

  it("runs functions of other files that change something once, where a Jacobian calls them", () => {
    const other = `"use dual"; let runs = 0; export const count = () => runs; export function g(x: number): number { runs++; return x * x; }`;
    const { f, count } = compiled(
      `import { count as made, g } from "./other.ts"; export const count = () => made();
       export function f(p: number[]): number[] { let s = 0; for (const x of p) s += g(x) * x; return [s, p[0]]; }`,
      { other },
    );
    for (const mode of [undefined, "reverse"]) {
      const before = count?.() as number;
      (jacobian(f as never, { mode } as never) as F)([1, 2, 3, 4, 5, 6]);
      expect([mode, (count?.() as number) - before]).toEqual([mode, 6]);
    }
  });

  it("differentiates the numbers that were drawn, and draws each once", () => {
    const { f } = compiled(
      "export function f(p: number[]): number { let s = 0; for (const x of p) s += x * x * Math.random(); return s; }",
    );
    expect(twinOf(f)?.adjoint?.once).toEqual([]);
    let at = 0;
    const random = vi.spyOn(Math, "random").mockImplementation(() => ++at / 8);
    try {
      expect(both(f)([1, 2, 3])).toEqual([1 / 8 + 8 / 8 + 27 / 8, [2 / 8, 8 / 8, 18 / 8]]);
      expect(at).toBe(3);
    } finally {
      random.mockRestore();
    }
  });

  it("gives what the dual form gives where a zero meets an infinite partial, and does not run again", () => {
    const { f, count } = compiled(
      `${counting} function root(x: number): number { return Math.sqrt(x); }
       export function f(p: number[]): number { runs++; const r = p[0] * 0 * Math.cbrt(p[1]); return root(p[1]) * 0 + root((p[0] - 3) ** 2) * p[0] + Math.hypot(p[1], p[1]) * 0 + p[0] ** 2 + r; }`,
    );
    expect(twinOf(f)?.adjoint?.once).toEqual([]);
    const reference = gradient(general(f))([3, 0]);
    const before = count?.() as number;
    expect(gradient(f)([3, 0])).toEqual(reference);
    expect((count?.() as number) - before).toBe(1);
  });

  it("gives NaN where there is no derivative, and does not run again", () => {
    const { f, count } = compiled(
      `${counting} export function f(p: number[]): number { runs++; return Math.log(p[0]) * p[1]; }`,
    );
    expect(gradient(f)([-1, 2])).toEqual(gradient(general(f))([-1, 2]));
    expect(count?.()).toBe(2);
  });

  it("stops where the function does", () => {
    const { f, count } = compiled(
      `${counting} export function f(p: number[]): number { runs++; let s = 0; for (const x of p) { if (x < 0) throw new RangeError("negative"); s += x * x; } return s; }`,
    );
    expect(() => gradient(f)([1, -1])).toThrow(new RangeError("negative"));
    expect(count?.()).toBe(1);
    expect(gradient(f)([1, 2])).toEqual([2, 4]);
    expect(count?.()).toBe(2);
  });

  it("leaves results that are no numbers, which take several sweeps, to the dual form", () => {
    const { f, count } = compiled(
      `${counting} export function f(p: number[]): number[] { runs++; return [p[0] * p[1], p[4] * p[5] * p[0]]; }`,
    );
    const at = [1, 2, 3, 4, 5, 6];
    expect(jacobian(f as never)(at as never)).toEqual([
      [2, 1, 0, 0, 0, 0],
      [30, 0, 0, 0, 6, 5],
    ]);
    expect(count?.()).toBe(1);
    expect(twinOf(f)?.adjoint).toBeUndefined();
  });

  it("leaves arguments that it writes into, and second order, to the dual form", () => {
    const { f, count } = compiled(
      `${counting} export function f(p: number[]): number { runs++; p[0] = p[0] * p[0]; return p[0] * p[1]; }`,
    );
    expect(twinOf(f)?.adjoint).toBeUndefined();
    const p = [3, 2];
    expect(gradient(f)(p)).toEqual([12, 9]);
    expect([p, count?.()]).toEqual([[9, 2], 1]);
    const { f: g } = compiled(programs["a counter"]?.code as string);
    expect((hvp(g as never) as F)([1, 2, 3], [1, 1, 1])).toEqual([0, 2, 4]);
  });

  it("may not know what it writes to: then it goes by the dual form", () => {
    const { f } = compiled(
      `${counting} const pick = (a: number[], b: number[]): number[] => (a[0] > b[0] ? a : b);
       export function f(p: number[], q: number[]): number { runs++; const one = pick(p, q); one[0] = one[0] * 3; return p[0] * q[0]; }`,
    );
    expect(twinOf(f)?.adjoint).toBeUndefined();
    const [p, q] = [[2], [1]];
    expect(gradient(f)(p, q)).toEqual([3]);
    expect([p, q]).toEqual([[6], [1]]);
  });

  it("calls functions of other files, which are found before it begins", () => {
    const { f, count } = compiled(
      `import { square } from "./other.ts"; ${counting} export function f(p: number[]): number { runs++; return square(p[0]) * p[1]; }`,
      { other: `"use dual"; export function square(x: number): number { return x * x; }` },
    );
    expect(twinOf(f)?.adjoint?.once).toHaveLength(1);
    expect(both(f)([3, 2])).toEqual([18, [12, 9]]);
    expect(count?.()).toBe(1);
  });

  it.each(["swap()", "own()", "new Own()", "own.call(null)"])(
    "goes by the dual form where a call may change what they are: %s",
    (call) => {
      const { f } = compiled(
        `import { g, swap } from "./other.ts"; ${counting} function own(): void { runs++; swap(); } class Own { n = 1; constructor() { swap(); } }
         export function f(x: number): number { const a = g(x); ${call}; return a + g(x); }`,
        {
          other: `"use dual"; export let g = (x: number): number => x * x;
            export function swap(): void { g = (x) => x * x * x; }`,
        },
      );
      const [value, pullback] = vjp(f as never, [2] as never) as unknown as [number, F];
      expect(value).toBe(4 + 8);
      expect(pullback(1)).toEqual([4 + 12]);
    },
  );

  it("has not begun where one of these can't be taken back", () => {
    const { f, count, others } = compiled(
      `import { square, calls } from "./other.ts"; ${counting} export const others = () => calls(); export function f(p: number[]): number { runs++; return square(p[0]) * p[1]; }`,
      {
        other: `"use dual"; let n = 0; export const calls = () => n; export function square(x: number): number { n++; return x * x; }`,
      },
    );
    expect(both(f)([3, 2])).toEqual([18, [12, 9]]);
    expect([count?.(), others?.()]).toEqual([1, 1]);
  });

  it.each([
    "data[0] = 5; return p[0] * p[1];",
    "const a = p[0] * p[1]; data[1] = 2; return a * p[1];",
    "count(); return p[0] * p[1];",
  ])("is not run where it changes an argument by another name: %s", (body) => {
    const fresh = () =>
      compiled(
        `export const data = [3, 4]; function count(): void { data[0]++; } export function f(p: number[]): number { ${body} }`,
      ) as unknown as { f: F; data: number[] };
    const { f, data } = fresh();
    expect(() => gradient(f)(data)).toThrow(/DUAL108/);
    const other = fresh();
    expect(numbers(gradient(other.f)([3, 4]))).toHaveLength(2);
  });
});
