import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** Constructs that test262 asks for, in every form. */

type Row = readonly [body: string, value: number, tangent: number];

const x = 1.37;
const same: readonly [number, number] = [x, 1];
const square: readonly [number, number] = [x * x, 2 * x];
const times = (n: number): readonly [number, number] => [n * x, n];

const expectRows = (rows: readonly Row[], outside = ""): void => {
  for (const [body, value, tangent] of rows) {
    it(body, () => {
      const code = `${outside}\nexport function f(x) { "use dual"; ${body} }`;
      expectEveryForm({ code, at: [x], value, tangent });
    });
  }
};

describe("super(n) of classes of the language", () => {
  expectRows([
    [
      `class A extends Array { constructor(n) { super(n); } } return new A(x - x + 3).length * x;`,
      ...times(3),
    ],
    [
      `class A extends Array { constructor(n) { super(n); this.push(x * x); } last() { return this[this.length - 1]; } } return new A(x - x).last();`,
      ...square,
    ],
    [
      `class B extends Boolean { constructor(n) { super(n); } } return new B(x - x).valueOf() ? 1 : x * x;`,
      ...square,
    ],
    [
      `class D extends Date { constructor(n) { super(n); } } return new D(x * 0 + 5).getTime() * x;`,
      ...times(5),
    ],
    [
      `class I extends Int32Array { constructor(n) { super(n); } } return new I(x - x + 2).length * x;`,
      ...times(2),
    ],
  ]);
});
describe("what unmarked code is given", () => {
  const outside = `const out = new Function("return {pick: (v = 5) => typeof v === 'number' ? v : 0, join: (a) => [a].join() === '' ? 1 : 0, isSame: (f, g) => f === g ? 1 : 0, inst: (e, C) => e instanceof C ? 1 : 0, len: (f) => f.length, obj: (f) => Object(f) === f ? 1 : 0, mixin: (B) => class extends B { two() { return 2; } }, throws: (C, f) => { try { f(); } catch (e) { return e.constructor === C ? 1 : 0; } return 0; }, reg: (f) => { out.f = f; }, f: null}")();`;
  expectRows(
    [
      [`const o = {}; return out.pick(o.missing) * x;`, ...times(5)],
      [`return out.join(undefined) * x;`, ...times(1)],
      [
        `const b = new ArrayBuffer(8); return new DataView(b, 0, undefined).byteLength * x;`,
        ...times(8),
      ],
      [`class C {} return out.inst(new C(), C) * x;`, ...times(1)],
      [`function g(a, b) { return x; } return out.len(g) * x;`, ...times(2)],
      [`function g(a, b) { return x; } return out.obj(g) * x;`, ...times(1)],
      [`class C {} return (Object(C) === C ? 1 : 0) * x;`, ...times(1)],
      [
        `class C { constructor(a) { this.a = a; } } return Reflect.construct(C, [x * x]).a;`,
        ...square,
      ],
      [
        `class C { one() { return x; } } const M = out.mixin(C); return new M().one() * new M().two();`,
        ...times(2),
      ],
      [
        `const M = (B) => class extends B { two() { return 2 * x; } }; class C { one() { return x; } } const m = new (M(C))(); return m.one() * m.two();`,
        2 * x * x,
        4 * x,
      ],
      [
        `function MyError() {} return out.throws(MyError, () => { throw new MyError(); }) * x * x;`,
        ...square,
      ],
      [
        `function MyError(m) { this.message = m; } return out.throws(MyError, () => { throw new MyError("a"); }) * x * x;`,
        ...square,
      ],
    ],
    outside,
  );
});
describe("calls, methods and bound functions", () => {
  expectRows([
    [`const o = { k: x, m() { return this.k; } }; return (o?.m)() * x;`, ...square],
    [`return (new Number(1).valueOf() === 1 ? x * x : 3);`, ...square],
    [
      `const o = { m() { return x; } }; try { new o.m(); return 1; } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
    [
      `const o = { __proto__() { return x; } }; return typeof o.__proto__ === "function" && Object.keys(o).length === 1 ? x * x : 2;`,
      ...square,
    ],
    [
      `function C(a, b) { this.a = a * b; } const B = C.bind(null, x); return new B(x).a;`,
      ...square,
    ],
    [
      `function C(a, b) { return a * b; } const B = C.bind(null, x); return B.length === 1 && B.name === "bound C" ? B(x) : 1;`,
      ...square,
    ],
    [
      `class C { constructor(a) { this.a = a; } times(b) { return this.a * b; } } const B = C.bind(null, x); return new B().times(x);`,
      ...square,
    ],
    [
      `class C { constructor(a, b) { this.a = a * b; } } const B = C.bind(null, x); const c = new B(x); return c instanceof C && c.constructor === C ? c.a : 1;`,
      ...square,
    ],
    [
      `function C(a) { this.a = a; } C.prototype.times = function (b) { return this.a * b; }; const B = C.bind(null, x); return new B().times(x);`,
      ...square,
    ],
    [
      `class C { constructor(a) { this.a = a; } times(b) { return this.a * b; } } class D extends C {} const B = C.bind(null, x); return Reflect.construct(B, [], D).times(x) * (Reflect.construct(B, [], D) instanceof D ? 1 : 2);`,
      ...square,
    ],
    [
      `const o = {}; o.__defineGetter__("a", () => x); o.__defineSetter__("b", (v) => { o.c = v * x; }); o.b = x; return o.a === x ? o.c : 1;`,
      ...square,
    ],
    [
      `try { Function.prototype.bind.call({}, null); return 1; } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
  ]);
});
describe("functions that have an apply and a call of their own", () => {
  const g = "const g = (y) => y * x; g.apply = () => 100; g.call = () => 100;";
  expectRows([
    [`${g} const o = { g }; return o.g(x);`, ...square],
    [`${g} return [g][0](x);`, ...square],
    [`${g} return [x].map(g)[0];`, ...square],
    [`${g} return g.bind(null, x)();`, ...square],
    [`${g} return new Float64Array([x]).map(g)[0];`, ...square],
    [`${g} return new Float64Array([1, x]).find(g) * x;`, ...same],
    [
      `let s = 0; const h = (v) => { s += v * x; }; h.call = () => {}; new Float64Array([x]).forEach(h); return s;`,
      ...square,
    ],
  ]);
});
describe("looking for elements", () => {
  expectRows([
    [`const a = [x, 2, x * x]; return a.indexOf(x * x) * x;`, ...times(2)],
    [
      `let n = 0; class A extends Array { constructor(...a) { super(...a); n++; } } const a = new A(); a.push(x); return (a.includes(x) ? n : 5) * x;`,
      ...times(1),
    ],
    [
      `let n = 0; const a = [x, 1]; Object.defineProperty(a, 1, { get() { n++; return 7; } }); a.indexOf(7); return n * x;`,
      ...times(1),
    ],
  ]);
});
describe("how often is converted", () => {
  expectRows([
    [
      `let n = 0; const q = { get [Symbol.toPrimitive]() { n++; return () => x; } }; const r = q * x; return n === 1 ? r : 1;`,
      ...square,
    ],
    [
      `let n = 0; class P { get k() { return x; } set k(v) {} } class Q extends P { m() { return super[(n++, "k")]++; } } const r = new Q().m(); return n === 1 ? r * x : 1;`,
      ...square,
    ],
    [
      `let n = 0; const p = new Proxy({}, { getPrototypeOf(t) { n++; return Object.getPrototypeOf(t); } }); if (p === 1) return 1; return n === 0 ? x * x : 2;`,
      ...square,
    ],
    [
      `let n = 0; const k = { toString() { n++; return "m"; } }; class C { [k]() { return x; } } return n === 1 ? new C().m() * x : 1;`,
      ...square,
    ],
  ]);
});
describe("what is converted first", () => {
  expectRows(
    ["-", "*", "/", "%", "**"].map((op) => [
      `let n = 0; const b = { valueOf() { n++; return x; } }; try { Symbol() ${op} b; } catch (e) { return e instanceof TypeError && n === 0 ? x * x : 2; } return 1;`,
      ...square,
    ]),
  );
});
describe("names of functions", () => {
  expectRows([
    [`const g = (a) => x; return g.name === "g" ? x * x : 1;`, ...square],
    [
      `const o = { g: (a) => x, h() {}, get i() { return 1; } }; return o.g.name === "g" && o.h.name === "h" ? x * x : 1;`,
      ...square,
    ],
    [`const { g = () => x } = {}; return g.name === "g" ? x * x : 1;`, ...square],
    [
      `const C = class { static s() { return x; } }; return C.name === "C" && C.s.name === "s" ? x * x : 1;`,
      ...square,
    ],
    [`function k(g = () => x) { return g.name; } return k() === "g" ? x * x : 1;`, ...square],
  ]);
});
describe("keys and private names", () => {
  expectRows([
    [`class C { 10() { return x; } } return new C()[10]() * x;`, ...square],
    [`class C { [1]() { return x; } } return new C()[1]() * x;`, ...square],
    [`const o = { [1]() { return x; }, 10() { return x; } }; return o[1]() * o[10]();`, ...square],
    [
      `class C { #a = x; #_a = 1; #$a = 2; m() { return this.#a * this.#_a * this.#$a; } } return new C().m() * x;`,
      2 * x * x,
      4 * x,
    ],
    [
      `const o = { __proto__() { return x; }, __proto__: null }; return o.__proto__() * x;`,
      ...square,
    ],
    [`let q; const names = [1, 2]; [q] = names; return q * x;`, ...same],
  ]);
  expectRows([[`const names = [1, 2]; [q] = names; return q * x;`, ...same]], "let q = 0;");
});
describe("what the language refuses", () => {
  expectRows([
    [
      `try { new Promise(5); return 1; } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
    [
      `const g = () => 1; try { return g.apply(null, x); } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
    [
      `const g = () => 1; try { return Reflect.apply(g, null, Symbol()); } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
    [
      `try { return Array.from([], null).length; } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
    [
      `try { new Map(["ab"]); return 1; } catch (e) { return e instanceof TypeError ? x * x : 2; }`,
      ...square,
    ],
  ]);
});
describe("functions of the language", () => {
  expectRows([
    [`return new Number(x) * x;`, ...square],
    [`return Object(x) * x;`, ...square],
    [`return Date.UTC(x - x + 1970, 0, 1) + x * x;`, ...square],
    [
      `const d = new Date(0); d.setFullYear(x - x + 1970); d.setTime(x - x); return d.getTime() + x * x;`,
      ...square,
    ],
    [`return JSON.parse("[1,2]", (k, v) => (typeof v === "number" ? v * x : v))[1];`, ...times(2)],
    [`return Object.prototype.toString.call(x) === "[object Number]" ? x * x : 1;`, ...square],
    [`return Array.from({ length: x - x + 2 }).length * x;`, ...times(2)],
    [
      `const a = new Float64Array([x]); return a[Symbol.toStringTag] === "Float64Array" && Object.prototype.toString.call(a) === "[object Float64Array]" ? a[0] * x : 1;`,
      ...square,
    ],
    [
      `const a = new Float64Array([x]); return Reflect.has(a, "0") && Reflect.has(a, x - x) && Reflect.has(a, "map") && !Reflect.has(a, 1) && !Reflect.has(a, "0.5") ? a[0] * x : 1;`,
      ...square,
    ],
    [
      `const d = new DataView(new ArrayBuffer(16)); d.setUint8(x - x + 9, x * 10); return d.getUint8(x - x + 9) * x;`,
      ...times(13),
    ],
    [
      `const o = Object.create({}, { p: { value: x * x, configurable: x - x, enumerable: x } }); return Object.getOwnPropertyDescriptor(o, "p").configurable === false && Object.keys(o).length === 1 ? o.p : 1;`,
      ...square,
    ],
    [`return Math.max.apply(null, { length: x - x + 2, 0: x, 1: 0 }) * x;`, ...square],
  ]);
});

describe("names of functions made inside", () => {
  const named = (code: string, name: string): Row => [
    `${code} return ${name} ? x * x : x;`,
    ...square,
  ];
  expectRows([
    named(`const s = Symbol("s"); const o = { [s]() { return x; } };`, `o[s].name === "[s]"`),
    named(
      `const o = { [Symbol.iterator]() { return x; } };`,
      `o[Symbol.iterator].name === "[Symbol.iterator]"`,
    ),
    named(
      `class A { m = () => x; static #p = function () {}; static n() { return A.#p.name; } }`,
      `new A().m.name === "m" && A.n() === "#p"`,
    ),
    named(
      `const o = { [Symbol.for("m")]() { return x; } };`,
      `!("prototype" in o[Symbol.for("m")])`,
    ),
  ]);
});

describe("assignments as values", () => {
  expectRows([
    [
      `function* g() { yield x; } const it = g(); let a; const whole = ([a] = it); return whole === it ? a * a : 1;`,
      ...square,
    ],
    [
      `let a, rest; const o = { a: x, b: x }; const whole = ({ a, ...rest } = o); return whole === o ? a * rest.b : 1;`,
      ...square,
    ],
    [`let a; const f = () => ([a] = [x * x]); return f()[0];`, ...square],
  ]);
});

describe("functions as text", () => {
  expectRows([
    [
      `const g = (a) => a * x; return /native code/.test(g) || !/_mul/.test(g.toString()) ? x * x : 1;`,
      ...square,
    ],
    [
      `class A { m() { return x * x; } } return /^class A/.test(A.toString()) ? new A().m() : 1;`,
      ...square,
    ],
  ]);
});

describe("what is searched for in text may do the work itself", () => {
  expectRows([
    [
      `const o = { [Symbol.match](t) { return this === o && arguments.length === 1 ? t.length * x : 0; } }; return "abc".match(o);`,
      ...times(3),
    ],
    [
      `const o = { [Symbol.replace](t, by) { return t.length * by; } }; return "abc".replace(o, x) + "ab".replaceAll(o, x);`,
      ...times(5),
    ],
    [
      `const o = { [Symbol.split](t, limit) { return [limit, x * x]; } }; return "abc".split(o, 2)[1];`,
      ...square,
    ],
    [
      `try { "".match.call(null, { [Symbol.match]() { return x; } }); return x; } catch (e) { return e instanceof TypeError ? x * x : x; }`,
      ...square,
    ],
    [
      `const r = /b/g; r[Symbol.search] = (t) => t.length * x; return "abc".search(r) + "abc".search(/c/);`,
      3 * x + 2,
      3,
    ],
  ]);
});

describe("a float array that is made inside", () => {
  expectRows([
    [
      `const a = new Float64Array([x, x * x]); Object.defineProperty(a, "length", { value: 7 }); return (a.reduce((s, v) => v) + a.map((v) => v)[1]) / 2 + (a.find((v) => v > x) - a.findLast((v) => v > x));`,
      ...square,
    ],
    [
      `const a = new Float64Array([x, x * x]); a.k = x; const d = Reflect.getOwnPropertyDescriptor(a, "k"); return d.writable && Object.getOwnPropertyDescriptor(a, 1).enumerable && Reflect.ownKeys(a).join() === "0,1,k" ? d.value * a[1] / x : 0;`,
      ...square,
    ],
    [
      `const a = new Float64Array([x]); Object.defineProperty(a, "k", { value: 1, configurable: true }); return Object.keys(a).length === 1 && Object.getOwnPropertyDescriptor(a, "k").enumerable === false ? x * x : x;`,
      ...square,
    ],
    [
      `const a = new Float64Array([3, 1, x]); try { a.sort(null); return x; } catch (e) { return e instanceof TypeError && a[0] === 3 ? x * x : x; }`,
      ...square,
    ],
    [
      `try { Float64Array.from({ [Symbol.iterator]() { throw new RangeError(); } }, 5); return x; } catch (e) { return e instanceof TypeError ? x * x : x; }`,
      ...square,
    ],
    [
      `const a = new Float64Array(3); try { a.set({ length: 3, 0: x, 1: x * x, get 2() { throw new RangeError(); } }); } catch {} return a[1];`,
      ...square,
    ],
    [
      `const a = new Float64Array([x, 2, 3]); const seen = []; a.reduceRight((s, v, i) => { seen.push(i); a[0] = x * x; return v; }); return seen.join() === "1,0" ? a[0] : 0;`,
      ...square,
    ],
    [
      `const a = new Float64Array([x, 2, 3]); return a.filter((v, i) => { a[2] = x * x; return i > 1; })[0];`,
      ...square,
    ],
    [
      `try { new Float64Array(0).reduce((a, b) => a + b); return x; } catch (e) { return e instanceof TypeError ? x * x : x; }`,
      ...square,
    ],
    [
      `return Reflect.has(new Float64Array([x]), "-0") || !Reflect.has(new Float64Array([x]), "0") ? x : x * x;`,
      ...square,
    ],
  ]);
});

describe("keys that are big integers", () => {
  expectRows([
    [
      `class C { 1n() { return x * x; } 2n(v) { return v; } } return new C()["1"]() * new C()[2](1);`,
      ...square,
    ],
    [
      `const o = { 1n() { return x; }, [2n]: x }; const { 1n: m, 2n: v } = o; return m() * v;`,
      ...square,
    ],
  ]);
});

describe("what a catch clause takes apart", () => {
  expectRows([
    [
      `let k = x; let see; try { throw []; } catch ([_ = see = () => k]) { let k = 1; k += 1; } return see() * x;`,
      ...square,
    ],
  ]);
});

describe("accessors of classes made inside", () => {
  expectRows([
    [
      `class C { get a() { return this.v * x; } } const { get } = Object.getOwnPropertyDescriptor(C.prototype, "a"); return get.call({ v: x });`,
      ...square,
    ],
  ]);
});
