import { derivative, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Classes that marked functions make and give away in ordinary calls, and whose instances derivatives meet. */

const body =
  "export class Body { constructor(public x: number, public v: number, public m: number) {} energy(): number { return 0.5 * this.m * this.v ** 2; } }";
const main = (made: string, import_ = "") => `${import_}
  ${made}
  export function f(x: number, v: number) { "use dual"; const b = new Made(x, v, 2); b.step(0.5); b.step(0.5); return b.energy() + b.x * b.twice; }`;

const step = "step(h: number): this { this.v -= h * this.x; this.x += h * this.v; return this; }";
const twice = "get twice(): number { return 2 * this.x; }";
const programs: Record<string, Readonly<Record<string, string>>> = {
  "by an arrow function of another file": {
    made: `"use dual"; ${body} export const Moving = <B extends new (...args: any[]) => Body>(Base: B) => class extends Base { ${step} ${twice} };`,
    main: main("const Made = Moving(Body);", 'import { Body, Moving } from "./made";'),
  },
  "one upon another": {
    made: `"use dual"; ${body} type C<T> = new (...args: any[]) => T;
      export const Sprung = <B extends C<Body>>(Base: B, k = 1) => class extends Base { k = k; energy(): number { return super.energy() + 0 * this.k; } ${twice} };
      export function Moving<B extends C<Body>>(Base: B) { class Moves extends Base { ${step} } return Moves; }`,
    main: main(
      "class Made extends Moving(Sprung(Body, 3)) {}",
      'import { Body, Moving, Sprung } from "./made";',
    ),
  },
  "with a mark of its own": {
    made: `${body} export function make(h: number) { "use dual"; const Made = class { constructor(public x: number, public v: number, public m: number) {}
      energy(): number { return 0.5 * this.m * this.v ** 2 * (h / h); } ${step} ${twice} }; return { Made }; }`,
    main: main("const { Made } = make(3);", 'import { make } from "./made";'),
  },
  "kept in a table": {
    made: `"use dual"; ${body} const classes = new Map<string, any>();
      export function define(name: string) { classes.set(name, class extends Body { ${step} ${twice} }); } export const get = (name: string) => classes.get(name);`,
    main: main(
      'define("moving"); const Made = get("moving");',
      'import { define, get } from "./made";',
    ),
  },
};

describe.each(Object.entries(programs))("a class that is made %s", (_, files) => {
  it("is differentiated as any other", () => {
    const { f } = load(translate(files), "main") as unknown as {
      f: (x: number, v: number) => number;
    };
    const plain = f(3, 1);
    const h = 1e-4;
    const slope = (f(3 + h, 1 + 0.5 * h) - f(3 - h, 1 - 0.5 * h)) / (2 * h);
    const [value, tangent] = jvp(f, [3, 1], [1, 0.5]);
    expect(value).toBe(plain);
    expect(tangent).toBeCloseTo(slope, 6);
    expect(derivative(derivative(f))(3, 1)).toBeCloseTo(
      (f(3 + h, 1) - 2 * plain + f(3 - h, 1)) / (h * h),
      5,
    );
    expect(f(3, 1)).toBe(plain);
  });
});
