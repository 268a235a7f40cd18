import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** Of members of a class that have one name the last one is there, also where the name is computed or told by static code. */

const square = "(x: number): number { return x * x; }";
const of = (members: string): string =>
  `const key = "go"; class A { constructor(public a: number) {} ${members} }`;
const onClass = "return A.go(x) * x;";
const onInstance = "return new A(x).go(x) * x;";

const cases: Record<string, readonly [classes: string, body: string]> = {
  "two methods": [of(`go(x: number): number { return x; } go${square}`), onInstance],
  "two static ones": [of(`static go(x: number): number { return x; } static go${square}`), onClass],
  "a method and a getter": [
    of("go(x: number): number { return x; } get go(): number { return this.a * this.a; }"),
    "return (new A(x) as any).go * x;",
  ],
  "a getter and a method": [
    of(`get go(): number { return this.a; } go${square}`),
    "return (new A(x) as any).go(x) * x;",
  ],
  "two getters": [
    of("get w(): number { return 3; } get w(): number { return this.a * this.a; }"),
    "return new A(x).w * x;",
  ],
  "two setters": [
    of("set w(v: number) { this.a = v; } set w(v: number) { this.a = v * v; }"),
    "const o = new A(x); o.w = x; return o.a * x;",
  ],
  "a method and one under a computed key": [
    of(`go(x: number): number { return x * 3; } [key]${square}`),
    onInstance,
  ],
  "a method under a computed key and one": [
    of(`[key](x: number): number { return x * 3; } go${square}`),
    onInstance,
  ],
  "a method and an accessor for an entry of a table": [
    of(
      `go(x: number): number { return x * 3; } get [table.go](): any { return (x: number): number => x * x; }`,
    ).replace("class", 'const table = { go: "go" }; class'),
    onInstance,
  ],
  "a method and a field under a computed key above it": [
    of("[key] = (x: number): number => x * x; go(x: number): number { return x * 3; }"),
    onInstance,
  ],
  "one under a computed key in a class that extends another": [
    `${of("go(x: number): number { return x * 3; }")} class B extends A { [key]${square} }`,
    "return new B(x).go(x) * x;",
  ],
  "a static method and one under a computed key": [
    of(`static go(x: number): number { return x * 3; } static [key]${square}`),
    onClass,
  ],
  "a static method and a field": [
    of("static go(x: number): number { return x; } static go = (x: number): number => x * x;"),
    onClass,
  ],
  "a static method that static code replaces": [
    `${of("static go(x: number): number { return x; } static ready = patch(this);")} function patch(C: any): number { C.go = (x: number): number => x * x; return 1; }`,
    onClass,
  ],
  "a static method that is replaced where a static block hands out the class": [
    `const kept: any[] = []; ${of("static go(x: number): number { return x; } static { kept.push(this); }")} function patch(C: any): void { C.go = (x: number): number => x * x; } patch(kept[0]);`,
    onClass,
  ],
};

describe("the last of one name is there:", () => {
  it.each(Object.entries(cases))("%s", (_, [classes, body]) =>
    expectEveryForm({
      code: `"use dual"; ${classes} export function f(x: number): number { ${body} }`,
      at: [2],
      value: 8,
      tangent: 12,
    }),
  );
});
