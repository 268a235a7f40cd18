import { derivative, grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { type Exports, load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Methods of classes of other files, and functions of other files, that are replaced when fast forms know them. */

const point = `"use dual";
  export class Point { constructor(public x: number) {} square(): number { return this.x * this.x; } static at(x: number): Point { return new Point(x); } }`;

const patching = `
  export function patch(): void { Point.prototype.square = function (this: Point) { return this.x * 100; }; }
  export function patchStatic(): void { Point.at = (x: number) => new Point(x * 10); }`;

const via = `"use dual"; import { Point } from "./point";
  export function square(x: number): number { return new Point(x).square(); }`;

const program = (code: Record<string, string>, value: number, tangent: number): Program => ({
  code,
  at: [2],
  value,
  tangent,
  noDifferences: "the class stays as it was left",
});

describe("a method that the file of its class replaces", () => {
  const cases: Record<string, readonly [body: string, value: number, tangent: number]> = {
    "before it is called": ["patch(); return new Point(x).square() * x;", 400, 400],
    "between two calls": [
      "const a = new Point(x).square(); patch(); return a * new Point(x).square();",
      800,
      1200,
    ],
    "between two calls of one instance": [
      "const p = new Point(x); const a = p.square(); patch(); return a * p.square();",
      800,
      1200,
    ],
    "in a third file": ["const a = square(x); patch(); return a * square(x);", 800, 1200],
    "a static one": ["const a = Point.at(x).x; patchStatic(); return a * Point.at(x).x;", 40, 40],
  };
  it.each(Object.entries(cases))("%s", (_, [body, value, tangent]) => {
    const main = `"use dual"; import { Point, patch, patchStatic } from "./point"; import { square } from "./via";
      export function f(x: number): number { ${body} }`;
    expectEveryForm(program({ point: point + patching, via, main }, value, tangent));
  });
});

/** What a call gives, or the code of what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

const derivatives: Record<string, (f: never) => unknown> = {
  derivative: (f) => derivative(f)(2 as never),
  jvp: (f) => jvp(f, [2] as never, [1])[1],
  "a gradient": (f) => grad(f)(2 as never),
  "a gradient back": (f) => grad(f, { mode: "reverse" })(2 as never),
  "a pullback": (f) => (vjp(f, [2] as never)[1](1 as never) as number[])[0],
};

describe("what another file replaces during a derivative is seen, or refused", () => {
  const patches = `import { Point } from "./point"; import { slots } from "./slots";
    export function patch(): void { Point.prototype.square = function () { return this.x * 100; }; }
    export function toCube(): void { slots.set((y) => y * y * y); }`;
  const slots = `"use dual";
    export let act: (y: number) => number = (y) => y * y;
    export const kept: number[] = [];
    export const slots = { set(g: (y: number) => number): void { act = g; } };
    export function keep(y: number): number { kept.push(y * y); return y; }
    export function toKeep(): void { act = keep; }`;
  const cases: Record<string, readonly [body: string, derivative: number]> = {
    "a method": ["const a = new Point(x).square(); patch(); return a * x;", 12],
    "a method that is called again": [
      "const a = new Point(x).square(); patch(); return a * new Point(x).square();",
      1200,
    ],
    "a method that a third file calls": [
      "const a = square(x); patch(); return a * square(x);",
      1200,
    ],
    "a function": ["const a = act(x); toCube(); return a * act(x);", 5 * 16],
    "a function, by one that keeps what it is given": [
      "const a = act(x); toKeep(); act(x); return a * kept[0];",
      32,
    ],
  };
  const load1 = (body: string): Exports =>
    load(
      translate({
        point,
        via,
        slots,
        patches,
        main: `"use dual"; import { Point } from "./point"; import { square } from "./via"; import { patch, toCube } from "./patches"; import { act, kept, toKeep } from "./slots";
          export function f(x: number): number { ${body} }`,
      }),
      "main",
    );
  for (const [what, [body, expected]] of Object.entries(cases))
    it.each(Object.entries(derivatives))(`${what}, by %s`, (_, of) => {
      const found = outcome(() => of(load1(body).f as never));
      expect([expected, "DUAL108", "DUAL105", "DUAL101"]).toContain(found);
    });
});

describe("a method that another file replaces between two derivatives", () => {
  it.each(Object.entries(derivatives))(
    "counts in the second, also in a third file: %s",
    (_, of) => {
      const { f, patch } = load(
        translate({
          point,
          via,
          patches: `"use dual"; import { Point } from "./point"; export function patch(): void { Point.prototype.square = dual; } function dual(this: Point): number { return this.x * 100; }`,
          main: `"use dual"; import { square } from "./via"; export { patch } from "./patches"; export function f(x: number): number { return square(x) * x; }`,
        }),
        "main",
      );
      expect(of(f as never)).toBe(12);
      patch?.();
      expect(of(f as never)).toBe(400);
    },
  );
});

describe("a method of a class of the same file that is replaced between two derivatives", () => {
  const shapes = `"use dual";
    export class A {
      constructor(public k: number) {}
      go(x: number): number { return this.k * x; }
      get twice(): number { return 2 * this.k; }
      static of(x: number): number { return 2 * x; }
    }
    export class B extends A {}
    export function act(x: number): number { const a = new A(x); return a.go(x) * a.twice; }
    export function actOnHeir(x: number): number { const b = new B(x); return b.go(x) * b.twice; }
    export function ofClass(x: number): number { return A.of(x) * x; }`;
  const cube = '{ value: function (this: A, x: number) { "use dual"; return x ** 3; } }';
  const cases: Record<string, readonly [f: string, patch: string, before: number, after: number]> =
    {
      "by another name of the class": [
        "act",
        `const C = A; Object.defineProperty(C.prototype, "go", ${cube});`,
        24,
        64,
      ],
      "by a function that is given the class": [
        "act",
        `((C: typeof A) => { Object.defineProperty(C.prototype, "go", ${cube}); })(A);`,
        24,
        64,
      ],
      "by way of an instance": [
        "act",
        `Object.defineProperty(Object.getPrototypeOf(new A(1)), "go", ${cube});`,
        24,
        64,
      ],
      "as an accessor": [
        "act",
        'const C = A; Object.defineProperty(C.prototype, "twice", { get(this: A) { return this.k; } });',
        24,
        12,
      ],
      "in a class that inherits it": [
        "actOnHeir",
        `const C = B; Object.defineProperty(C.prototype, "go", ${cube});`,
        24,
        64,
      ],
      "where it is inherited from": [
        "actOnHeir",
        `const C = A; Object.defineProperty(C.prototype, "go", ${cube});`,
        24,
        64,
      ],
      "a static one": ["ofClass", 'A.of = (x) => { "use dual"; return x ** 3; };', 8, 32],
      "a static one, by another name": [
        "ofClass",
        'const C = A; C.of = (x) => { "use dual"; return x ** 3; };',
        8,
        32,
      ],
    };
  const expectBoth = (scripts: Record<string, string>, before: number, after: number) => {
    for (const [name, of] of Object.entries(derivatives)) {
      const { f, patch } = load(scripts, "main");
      expect(of(f as never), `${name} before`).toBe(before);
      patch?.();
      expect(of(f as never), `${name} after`).toBe(after);
    }
  };
  it.each(Object.entries(cases))("%s", (_, [f, patch, before, after]) => {
    const main = `${shapes} export function f(x: number): number { return ${f}(x); } export function patch(): void { ${patch} }`;
    expectBoth(translate({ main }), before, after);
  });
  it.each(Object.entries(cases))("%s, in another file", (_, [f, patch, before, after]) => {
    const patches = `import { A, B } from "./shapes"; export function patch(): void { ${patch} }`;
    const main = `export { ${f} as f } from "./shapes"; export { patch } from "./patches";`;
    expectBoth(translate({ shapes, patches, main }), before, after);
  });
  it.each(Object.entries(cases))(
    "%s, in another file than the calls",
    (_, [f, patch, before, after]) => {
      const patches = `import { A, B } from "./shapes"; export function patch(): void { ${patch} }`;
      const calls = shapes.slice(shapes.indexOf("export function act("));
      const main = `"use dual"; import { A, B } from "./shapes"; export { patch } from "./patches"; ${calls}
        export function f(x: number): number { return ${f}(x); }`;
      expectBoth(translate({ shapes, patches, main }), before, after);
    },
  );
});
