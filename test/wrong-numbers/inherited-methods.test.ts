import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** An instance whose class has inherited a method from a class of another file: one of a subclass may have its own. */

const shapes = `"use dual";
  export class A {
    constructor(public k: number) {}
    go(x: number): number { return this.k * x; }
    get twice(): number { return 2 * this.k; }
    set scale(s: number) { this.k *= s; }
  }
  export class B extends A {}
  export class C extends B {
    override go(x: number): number { return this.k * x * x; }
    override get twice(): number { return 3 * this.k; }
    override set scale(s: number) { this.k *= s * s; }
  }
  export interface Held { b: B }
  export function make(k: number): B { return new C(k); }`;

const bodies: Record<string, readonly [body: string, value: number, derivative: number]> = {
  "a method": ["return b.go(x);", 18, 12],
  "a getter": ["return b.twice * x;", 18, 6],
  "a setter": ["b.scale = x; return b.k * x;", 54, 54],
};

const ways: Record<string, readonly [taken: string, given: (b: unknown) => unknown]> = {
  "that is given": ["b: B", (b) => b],
  "in an object": ["{ b }: Held", (b) => ({ b })],
  "in an object of no name": ["{ b }: { b: B }", (b) => ({ b })],
  "in a list": ["[b]: B[]", (b) => [b]],
};

for (const [way, [taken, given]] of Object.entries(ways))
  for (const imported of ["B", "type B"])
    describe(`an instance ${way}, by import of ${imported}`, () => {
      it.each(Object.entries(bodies))("%s", (_, [body, value, derivative]) => {
        const main = `"use dual"; import { ${imported}, type Held } from "./shapes"; export { make } from "./shapes";
          export function f(x: number, ${taken}): number { ${body} }`;
        const scripts = translate({ shapes, main });
        const fresh = () => {
          const { f, make } = load(scripts, "main");
          return { f: f as never, at: [3, given(make?.(2))] as never };
        };
        const { f, at } = fresh();
        expect(jvp(f, at, [1] as never)).toEqual([value, derivative]);
        for (const mode of ["forward", "reverse"] as const) {
          const { f, at } = fresh();
          expect(grad(f, { mode })(...(at as [never, never]))).toBe(derivative);
        }
      });
    });
