import { grad, hessian, jacobian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/**
 * Arguments that have functions of their own, which know them by another name, or private fields: a copy would be another
 * object than the one that these read and write.
 */

interface Program {
  readonly make: () => unknown;
  readonly f: (x: number, model: never) => number;
}

/** Files with `make()` and `f(x, made)`, which reads `made.calls` after it has called its functions. */
const programs: Record<string, Readonly<Record<string, string>>> = {
  "functions in fields of a class": {
    main: `"use dual"; class Model { calls = 0; constructor(public k: number) {}
      run = (x: number) => { this.calls++; return x * this.k; }; }
      export const make = () => new Model(2);
      export function f(x: number, m: Model) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "functions that its constructor makes": {
    main: `"use dual"; class Model { calls = 0; k = 2; run: (x: number) => number;
      constructor() { this.run = (x) => { this.calls++; return x * this.k; }; } }
      export const make = () => new Model();
      export function f(x: number, m: Model) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "methods of an object that knows itself by a name": {
    main: `"use dual"; export const make = () => { const self = { k: 2, calls: 0, run(x: number) { self.calls += 1; return x * self.k; } }; return self; };
      export function f(x: number, m: any) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "arrow functions of such an object": {
    main: `"use dual"; export const make = () => { const self = { k: 2, calls: 0, run: (x: number) => { self.calls += 1; return x * self.k; } }; return self; };
      export function f(x: number, m: ReturnType<typeof make>) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "functions without a mark": {
    make: "export const make = () => { const self = { k: 2, calls: 0, next: () => ++self.calls }; return self; };",
    main: `import { make } from "./make"; export { make };
      export function f(x: number, m: ReturnType<typeof make>) { "use dual"; m.next(); const y = x * m.k; m.next(); return y + x * m.k * m.calls; }`,
  },
  "an object of the file": {
    main: `"use dual"; export const model = { k: 2, calls: 0, run(x: number) { model.calls++; return x * model.k; } };
      export const make = () => { model.calls = 0; return model; };
      export function f(x: number, m: typeof model) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "a Proxy that gives something else than there is": {
    make: "export const make = () => new Proxy({ k: 1, calls: 2 }, { get: (of: any, key) => of[key] * 2 });",
    main: `import { make } from "./make"; export { make };
      export function f(x: number, m: any) { "use dual"; return x * m.k + x * m.calls; }`,
  },
  "a Proxy that gives what is missing": {
    make: "export const make = () => new Proxy({ calls: 4 } as any, { get: (of, key) => key in of ? of[key] : 2 });",
    main: `import { make } from "./make"; export { make };
      export function f(x: number, m: any) { "use dual"; return x * m.k + x * m.calls; }`,
  },
  "a Proxy that refuses what is missing": {
    make: "export const make = () => new Proxy({ k: 2, calls: 4 } as any, { get: (of, key) => { if (typeof key === 'symbol' || key in of || key === 'toJSON') return of[key]; throw new TypeError('no field ' + String(key)); } });",
    main: `import { make } from "./make"; export { make };
      export function f(x: number, m: any) { "use dual"; return x * m.k + x * m.calls; }`,
  },
  "private fields": {
    main: `"use dual"; class Model { #k = 2; calls = 0; run(x: number) { this.calls++; return x * this.#k; } }
      export const make = () => new Model();
      export function f(x: number, m: Model) { return m.run(x) + m.run(x) * m.calls; }`,
  },
  "private fields of a class without a mark": {
    make: "export class Counter { #n = 0; calls = 0; k = 2; next() { this.calls = ++this.#n; } }; export const make = () => new Counter();",
    main: `import { make } from "./make"; export { make };
      export function f(x: number, m: ReturnType<typeof make>) { "use dual"; m.next(); const y = x * m.k; m.next(); return y + x * m.k * m.calls; }`,
  },
  "private fields of a class that it inherits from": {
    main: `"use dual"; class Base { #k = 2; get k() { return this.#k; } } class Model extends Base { calls = 0; run(x: number) { this.calls++; return x * this.k; } }
      export const make = () => new Model();
      export function f(x: number, m: Model) { return m.run(x) + m.run(x) * m.calls; }`,
  },
};

describe.each(Object.entries(programs))("a constant argument with %s", (_, files) => {
  const fresh = () => load(translate(files), "main") as unknown as Program;
  const look = (made: unknown) => JSON.stringify(made);

  it("is what its functions know", () => {
    const plain = fresh();
    const model = plain.make();
    expect(plain.f(3, model as never)).toBe(18);
    for (const inside of [false, true]) {
      const { f, make } = fresh();
      const made = make();
      const given = inside ? { list: [made] } : made;
      const g = inside
        ? (load(
            translate({
              main: "export const wrap = (f: any, x: number, o: any) => { 'use dual'; return f(x, o.list[0]); };",
            }),
            "main",
          ).wrap as (f: unknown, x: number, o: unknown) => number)
        : undefined;
      const [value, tangent] = (
        g
          ? jvp(g as never, [f, 3, given] as never, [null, 1] as never)
          : jvp(f as never, [3, given] as never, [1] as never)
      ) as unknown[];
      expect([value, tangent]).toEqual([18, 6]);
      expect(look(made)).toBe(look(model));
    }
    const { f, make } = fresh();
    const made = make();
    expect(grad(f as never)(3 as never, made as never)).toBe(6);
    expect(look(made)).toBe(look(model));
  });
});

it("takes what is written into such an argument away when the derivative ends", () => {
  const { f, make } = load(
    translate({
      main: `"use dual"; class Model { #k = 2; last = 0; seen: number[] = []; run(x: number) { this.last = x * this.#k; this.seen.push(this.last); return this.last; } }
        export const make = () => new Model();
        export function f(x: number, m: Model) { m.run(x); return m; }`,
    }),
    "main",
  ) as unknown as { make: () => object; f: (x: number, m: object) => object };
  const made = make();
  const [value, tangent] = jvp(f, [3, made], [1]) as [object, unknown];
  expect(value).toBe(made);
  expect({ ...value }).toEqual({ last: 6, seen: [6] });
  expect(tangent).toEqual({ last: 2, seen: [2] });
});

it("copies a workspace whose methods know it by `this` alone", () => {
  const { f, make } = load(
    translate({
      main: `"use dual"; export const make = () => ({ buf: new Float64Array(2), reset() { this.buf.fill(0); }, add: (x: number) => x + 1 });
        export function f(x: number, w: ReturnType<typeof make>) { w.reset(); w.buf[0] = x * x; return w.add(w.buf[0]); }`,
    }),
    "main",
  ) as unknown as { make: () => { buf: Float64Array }; f: (x: number, w: object) => number };
  const made = make();
  expect(jvp(f, [3, made], [1])).toEqual([10, 6]);
  expect([...made.buf]).toEqual([9, 0]);
});

describe("an argument that is differentiated by and has functions that know it by another name", () => {
  const classes: Record<string, string> = {
    "in fields of a class":
      "class Box { constructor(public w: number, public h: number) {} area = () => this.w * this.h; }; export const make = () => new Box(2, 3);",
    "by its name":
      "export const make = () => { const self = { w: 2, h: 3, area: () => self.w * self.h }; return self; };",
    "as methods":
      "export const make = () => { const self = { w: 2, h: 3, area() { return self.w * self.h; } }; return self; };",
  };
  it.each(Object.entries(classes))("is refused where they are called: %s", (_, code) => {
    const { f, g, make } = load(
      translate({
        main: `"use dual"; ${code} export function f(b: any) { return b.area() * b.w; } export function g(b: any) { return b.h * b.w; }`,
      }),
      "main",
    ) as unknown as Record<"f" | "g", (b: object) => number> & { make: () => object };
    expect(f(make())).toBe(12);
    expect(() => jvp(f, [make()], [{ w: 1 }] as never)).toThrow(/DUAL108.*another name/);
    expect(() => grad(f)(make())).toThrow(/DUAL108.*another name/);
    expect(jvp(g, [make()], [{ w: 1 }] as never)).toEqual([6, 3]);
  });
});

describe("a constant argument that every pass of a transform is given as it is", () => {
  const classes: Record<string, Readonly<Record<string, string>>> = {
    "with private fields": {
      main: "class M { #k = 1; calls = 0; seen = { last: [0], at: new Map<string, number>() }; k() { return this.#k; } } export const make = () => new M();",
    },
    "with functions that know it": {
      main: "class M { calls = 0; seen = { last: [0], at: new Map<string, number>() }; k = () => { this.calls += 0; return 1; }; } export const make = () => new M();",
    },
    "with functions without a mark": {
      make: "export const make = () => { const self = { calls: 0, seen: { last: [0], at: new Map<string, number>() }, k: () => 1, me: () => self }; return self; };",
      main: 'import { make } from "./make"; export { make };',
    },
  };
  it.each(Object.entries(classes))("is to each of them what it was: %s", (_, files) => {
    const scripts = translate({
      ...files,
      main: `"use dual"; ${files.main}
        const bump = (m: any) => { m.calls++; m.seen.last.push(m.calls); m.seen.at.set("n", (m.seen.at.get("n") ?? 0) + m.calls); return m.calls * m.seen.last.length * m.seen.at.get("n")!; };
        export function list(xs: number[], m: any) { const k = bump(m); return xs.map((x) => x * x * k); }
        export function sum(xs: number[], m: any) { const k = bump(m); return xs[0]! * xs[0]! * xs[1]! * k; }`,
    });
    const { list, sum, make } = load(scripts, "main") as unknown as {
      make: () => object;
      list: (xs: number[], m: object) => number[];
      sum: (xs: number[], m: object) => number;
    };
    const plain = make();
    expect(list([3, 4], plain)).toEqual([18, 32]);
    const look = (made: unknown) => JSON.stringify(made, (_, v) => (v instanceof Map ? [...v] : v));
    const given = <T>(run: (m: object) => T): T => {
      const made = make();
      const found = run(made);
      expect(look(made)).toBe(look(plain));
      return found;
    };
    for (const options of [undefined, { mode: "forward" as const }, { mode: "reverse" as const }]) {
      expect(given((m) => jacobian(list, options)([3, 4], m))).toEqual([
        [12, 0],
        [0, 16],
      ]);
      expect(given((m) => grad(sum, options)([3, 4], m))).toEqual([48, 18]);
    }
    expect(given((m) => hessian(sum)([3, 4], m))).toEqual([
      [16, 12],
      [12, 0],
    ]);
  });

  it("is refused where what is private makes another value of a pass", () => {
    const { f, make } = load(
      translate({
        main: `"use dual"; class M { #n = 0; next() { return ++this.#n; } } export const make = () => new M();
          export function f(xs: number[], m: M) { const k = m.next(); return xs.map((x) => x * k); }`,
      }),
      "main",
    ) as unknown as { f: (xs: number[], m: object) => number[]; make: () => object };
    expect(jacobian(f)([3, 4], make())).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(() => jacobian(f, { mode: "forward" })([3, 4], make())).toThrow(
      /DUAL108.*a pass gives another value/,
    );
  });
});

it("refuses what has more than one run and writes into such an argument", async () => {
  const { f, c, make } = load(
    translate({
      main: `"use dual"; import { checkpoint } from "dualize"; class M { #k = 1; calls = 0; k() { return this.#k; } } export const make = () => new M();
        export async function f(xs: number[], m: M) { await null; m.calls++; return xs.map((x) => x * m.calls); }
        const step = checkpoint((x: number, m: M) => { m.calls++; return x * x; }); export function c(xs: number[], m: M) { return step(xs[0]!, m) * step(xs[1]!, m); }`,
    }),
    "main",
  ) as unknown as {
    f: (xs: number[], m: object) => Promise<number[]>;
    c: (xs: number[], m: object) => number;
    make: () => object;
  };
  const [value, tangent] = jvp(f, [[3, 4], make()], [[1, 0]]) as unknown as Promise<number[]>[];
  expect([await value, await tangent]).toEqual([
    [3, 4],
    [1, 0],
  ]);
  for (const options of [undefined, { mode: "forward" as const }])
    expect(() => jacobian(f, options)([3, 4], make())).toThrow(/DUAL108.*async function/);
  expect(() => grad(c, { mode: "reverse" })([3, 4], make())).toThrow(
    /DUAL108.*under checkpoint writes into its arguments/,
  );
});

it("refuses a function that changes an argument which another one, handed on as it is, holds too", () => {
  const { f, g, make } = load(
    translate({
      main: `"use dual"; export const make = () => { const self = { k: 2, xs: [1, 2], run: (x: number) => { self.k++; return x * self.k; } }; return self; };
        export function f(x: number, xs: number[], m: ReturnType<typeof make>) { xs[0] = x; return m.run(m.xs[0]!) * xs[1]!; }
        export function g(x: number, xs: number[], m: ReturnType<typeof make>) { m.xs[1] = x; return m.run(x) * xs[1]!; }`,
    }),
    "main",
  ) as unknown as Record<"f" | "g", (x: number, xs: number[], m: object) => number> & {
    make: () => { xs: number[] };
  };
  for (const of of [f, g]) {
    const made = make();
    expect(() => jvp(of, [3, made.xs, made], [1])).toThrow(
      /DUAL108.*changes an argument that it also knows as 'a part of another argument'/,
    );
  }
});
