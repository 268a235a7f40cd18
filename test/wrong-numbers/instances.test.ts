import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What a value is decides which method is called, not what its type says. */

const shapes = `
  class Circle { constructor(readonly r: number) {} area(): number { return 3 * this.r * this.r; } }
  class Square extends Circle { area(): number { return this.r * this.r; } }
  class Other { constructor(readonly r: number) {} area(): number { return this.r; } }
`;
const square = (body: string, more = ""): Program => ({
  code: `${shapes}${more} export function f(x: number): number { "use dual"; ${body} }`,
  at: [3],
  value: 9,
  tangent: 6,
});
const other = (body: string, more = ""): Program => ({
  ...square(body, more),
  value: 3,
  tangent: 1,
});

const cases: Record<string, Program> = {
  "a subclass in a variable": square("const s: Circle = new Square(x); return s.area();"),
  "a class of the same shape in a variable": other(
    "const s: Circle = new Other(x); return s.area();",
  ),
  "an argument": square(
    "return area(new Square(x));",
    "function area(s: Circle): number { return s.area(); }",
  ),
  "an argument of the same shape": other(
    "return area(new Other(x));",
    "function area(s: Circle): number { return s.area(); }",
  ),
  "an element": square("const all: Circle[] = [new Square(x)]; return all[0].area();"),
  "an element that is pushed": square(
    "const all: Circle[] = []; all.push(new Square(x)); return all[0].area();",
  ),
  "an element put in later": square(
    "const all: Circle[] = [new Circle(x)]; all[0] = new Square(x); return all[0].area();",
  ),
  "elements in a loop": square(
    "let sum = 0; for (const s of [new Square(x)] as Circle[]) sum += s.area(); return sum;",
  ),
  "a result": square(
    "return make(x).area();",
    "function make(r: number): Circle { return new Square(r); }",
  ),
  "the result of an arrow": square(
    "return make(x).area();",
    "const make = (r: number): Circle => new Square(r);",
  ),
  "a field": square("const o: { s: Circle } = { s: new Square(x) }; return o.s.area();"),
  "a field that is assigned": square(
    "const o: { s: Circle } = { s: new Circle(x) }; o.s = new Square(x); return o.s.area();",
  ),
  "a field of a class": square(
    "return new Box(new Square(x)).of.area();",
    "class Box { constructor(readonly of: Circle) {} }",
  ),
  "a choice": square("const s: Circle = x > 0 ? new Square(x) : new Circle(x); return s.area();"),
  "a reassigned variable": square(
    "let s: Circle = new Circle(x); if (x > 0) s = new Square(x); return s.area();",
  ),
  "a cast": square("const s = new Square(x) as Circle; return s.area();"),
  "an object literal typed as a class": other(
    "const s: Circle = { r: x, area: () => x }; return s.area();",
  ),
  "an object literal as an argument": other(
    "return area({ r: x, area() { return this.r; } });",
    "function area(s: Circle): number { return s.area(); }",
  ),
  "an interface with a method, holding an instance": square(
    "const s: Shape = new Square(x); return s.area();",
    "interface Shape { area(): number }",
  ),
  "an interface with a function, holding an instance": square(
    "const s: Shape = new Square(x); return s.area();",
    "interface Shape { area: () => number }",
  ),
  "an interface as parameter": square(
    "return area(new Square(x));",
    "interface Shape { area: () => number } function area(s: Shape): number { return s.area(); }",
  ),
  "a type without its functions, holding an instance": {
    code: `${shapes} export function f(x: number): number { "use dual"; const s: { r: number } = new Square(x); const t = { ...s }; return t.r * s.r; }`,
    at: [3],
    value: 9,
    tangent: 6,
  },
  "a default": square(
    "return area();".replace("()", "(x)"),
    "function area(x: number, s: Circle = new Square(x)): number { return s.area(); }",
  ),
  "a captured variable": square(
    "const s: Circle = new Square(x); const g = () => s.area(); return g();",
  ),
  destructuring: square("const { s }: { s: Circle } = { s: new Square(x) }; return s.area();"),
  "destructuring of a list": square("const [s]: Circle[] = [new Square(x)]; return s.area();"),
  "array methods": square(
    "const all: Circle[] = [x].map((v) => new Square(v)); return all.map((s) => s.area())[0];",
  ),
  "inside a method": square(
    "return new Box(x).area();",
    "class Box { s: Circle; constructor(r: number) { this.s = new Square(r); } area(): number { return this.s.area(); } }",
  ),
  "two classes of one name in two files": {
    code: {
      lib: `export class Circle { constructor(readonly r: number) {} area(): number { "use dual"; return this.r; } }
        export function make(r: number): Circle { "use dual"; return new Circle(r); }`,
      main: `import { make } from "./lib";
        class Circle { constructor(readonly r: number) {} area(): number { return this.r * this.r; } }
        export function f(x: number): number { "use dual"; const s: Circle = make(x); return s.area() + new Circle(x).area(); }`,
    },
    at: [3],
    value: 12,
    tangent: 7,
  },
  "an argument of another class across files": {
    code: {
      lib: `export class Circle { constructor(readonly r: number) {} area(): number { return this.r * this.r; } }
        export function area(s: Circle): number { "use dual"; return s.area(); }`,
      main: `import { area } from "./lib";
        class Circle { constructor(readonly r: number) {} area(): number { "use dual"; return this.r; } }
        export function f(x: number): number { "use dual"; return area(new Circle(x)); }`,
    },
    at: [3],
    value: 3,
    tangent: 1,
  },
  "a method that is replaced on the prototype": other(
    "return new Circle(x).area();",
    '(Circle.prototype as { area: () => number }).area = function (this: Circle) { "use dual"; return this.r; };',
  ),
  "a method that is replaced on the instance": other(
    "const s = new Circle(x); (s as { area: () => number }).area = () => x; return s.area();",
  ),
  "a setter that the constructor calls": {
    code: `
      class Box { w = 0; set v(y: number) { this.w = y * y; } constructor(v: number) { this.v = v; } }
      export function f(x: number): number { "use dual"; return new Box(x).w; }`,
    at: [3],
    value: 9,
    tangent: 6,
  },
  "a setter that a method calls": {
    code: `
      class Box { w = 0; set v(y: number) { this.w = y * y; } put(y: number): number { this.v = y; return this.w; } }
      export function f(x: number): number { "use dual"; return new Box().put(x); }`,
    at: [3],
    value: 9,
    tangent: 6,
  },
  "a setter of the class above": {
    code: `
      class Base { w = 0; set v(y: number) { this.w = y * y; } }
      class Box extends Base { constructor(v: number) { super(); this.v = v; } }
      export function f(x: number): number { "use dual"; return new Box(x).w; }`,
    at: [3],
    value: 9,
    tangent: 6,
  },
  "a getter of a subclass": {
    code: `
      class Base { constructor(readonly r: number) {} get v(): number { return this.r; } }
      class Box extends Base { get v(): number { return this.r * this.r; } }
      function use(b: Base): number { return b.v; }
      export function f(x: number): number { "use dual"; return use(new Box(x)); }`,
    at: [3],
    value: 9,
    tangent: 6,
  },
};

/** Code that stands outside a class does not see its private members. */
const hidden = {
  "a private static counter": {
    code: `
      class C { static #n = 0; static next(): number { return ++C.#n; } v: number; constructor(x: number) { this.v = x * C.next(); } }
      export function f(x: number): number { "use dual"; return new C(x).v + new C(x * x).v; }`,
    at: [3],
    value: 21,
    tangent: 13,
  },
  "a private static table": {
    code: `
      class C { static #sizes: Record<string, number> = {}; static of(k: string): number { return (C.#sizes[k] ??= k.length); } }
      export function f(x: number): number { "use dual"; return x * C.of("abc") + C.of("abc") * x; }`,
    at: [3],
    value: 18,
    tangent: 6,
  },
  "private fields of another instance": {
    code: `
      class C { #v: number; constructor(v: number) { this.#v = v; } static sum(a: C, b: C): number { return a.#v * b.#v; } }
      export function f(x: number): number { "use dual"; return C.sum(new C(x), new C(2 * x)); }`,
    at: [3],
    value: 18,
    tangent: 12,
  },
};

const f = (code: string, body: string, value: number, tangent: number): Program => ({
  code: `${code} export function f(x: number): number { "use dual"; ${body} }`,
  at: [3],
  value,
  tangent,
});
const doubling = `
  class V { constructor(public x: number) {} }
  class W { n = "ab"; constructor(v: V) { v.x *= 2; } }`;
const twice = (body: string) => f(doubling, `const v = new V(x); ${body}`, 18, 12);

/** What is made may be of no use to anybody: its constructor is run for what else it does. */
const onTheWay: Record<string, Program> = {
  "an instance that nobody keeps": twice("new W(v); return v.x * x;"),
  "an instance in a condition": twice("x > 2 && new W(v); return v.x * x;"),
  "an instance of which a text is read": twice(
    "const k = new W(v).n.length; return v.x * x * k / 2;",
  ),
  "an instance of a class that extends another": f(
    `${doubling} class Z extends W {}`,
    "const v = new V(x); new Z(v); return v.x * x;",
    18,
    12,
  ),
  "an instance of a class of another file": {
    code: {
      other: `"use dual"; export class W { constructor(v: { x: number }) { v.x *= 2; } }`,
      main: `import { W } from "./other"; export function f(x: number): number { "use dual"; const v = { x }; new W(v); return v.x * x; }`,
    },
    at: [3],
    value: 18,
    tangent: 12,
  },
  "an instance that an older function makes": f(
    "function W(this: unknown, v: { x: number }) { v.x *= 2; }",
    "const v = { x }; new (W as any)(v); return v.x * x;",
    18,
    12,
  ),
  "an instance that joins a list": f(
    `class Sum { of: Part[] = []; total(): number { let s = 0; for (const p of this.of) s += p.w; return s; } }
     class Part { w: number; constructor(s: Sum, x: number) { this.w = x * x; s.of.push(this); } }`,
    "const s = new Sum(); new Part(s, x); const p = new Part(s, 2 * x); p.w += x; return s.total();",
    48,
    31,
  ),
  "a constructor that throws half-way": f(
    `class W { constructor(v: number[]) { v[0]! *= 2; if (v[0]! > 5) throw new Error("far"); } }`,
    "const v = [x]; try { new W(v); } catch { v[0]! += x; } return v[0]! * x;",
    27,
    18,
  ),
  "defaults in what a constructor takes apart": f(
    "class P { a: number; constructor({ v, w = v * 2 }: { v: number; w?: number }, [y = v * w]: number[]) { this.a = w * y; } }",
    "return new P({ v: x }, []).a * new P({ v: 1, w: x }, [x]).a;",
    972,
    1620,
  ),
  "fields that a method stores in": f(
    "class P { a!: number; b!: number; constructor(x: number) { this.start(x); this.b *= this.a; } start(x: number): void { this.a = x; this.b = x * x; } }",
    "const p = new P(x); p.a *= x; return p.a * p.b;",
    243,
    405,
  ),
  "a conversion that changes what it reads of": f(
    `class P { n: number; constructor(x: number) { this.n = x; } toString(): string { this.n *= 2; return "ab"; } }`,
    "const p = new P(x); const k = String(p).length; return p.n * k;",
    12,
    4,
  ),
  "a getter that changes what it reads of": f(
    `class P { n: number; constructor(x: number) { this.n = x; } get name(): string { this.n *= 2; return "ab"; } }`,
    "const p = new P(x); const k = p.name.length; return p.n * k;",
    12,
    4,
  ),
};

const open = (body: string, value: number, tangent: number) =>
  f(
    `class P { a: number; b?: number; constructor(x: number) { this.a = x * x; if (x < 5) return; this.b = x; } }
     class Q { b: number; a: number; constructor(x: number) { this.a = x; this.b = x * x; } }`,
    body,
    value,
    tangent,
  );

/** Fields are there from the beginning, in the order of the class, also where nothing is stored in them. */
const fields: Record<string, Program> = {
  "a field that stays open is there": open(`const p = new P(x); return "b" in p ? p.a : x;`, 9, 6),
  "a field that stays open is listed": open(
    "const p = new P(x); let n = 0; for (const _ in p) n++; return n * p.a;",
    18,
    12,
  ),
  "fields are made in the order of the class": {
    code: `class P { b: number; a: number; constructor(x: number) { this.a = x; this.b = x * x; } }
      export function f(x: number): [string, P] { "use dual"; const p = new P(x); return [Object.keys(p).join(), p]; }`,
    at: [3],
    value: ["b,a", { b: 9, a: 3 }],
    tangent: [null, { b: 6, a: 1 }],
  },
  "fields are listed in the order of the class": open(
    "const q = new Q(x); let s = 0; let k = 1; for (const key in q) { s += k * (q as any)[key]; k *= 10; } return s;",
    39,
    16,
  ),
};

describe("what a constructor does on the way", () => {
  it.each(Object.entries(onTheWay))("%s", (_, program) => expectEveryForm(program));
});

describe("fields of instances", () => {
  it.each(Object.entries(fields))("%s", (_, program) => expectEveryForm(program));
});

describe("private members are those of the class", () => {
  it.each(Object.entries(hidden))("%s", (_, program) => expectEveryForm(program));
});

describe("methods are those of the value", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
