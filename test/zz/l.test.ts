import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";
type Row = readonly [body: string, value: number, tangent: number];
const x = 1.37;
const same: readonly [number, number] = [x, 1];
const square: readonly [number, number] = [x * x, 2 * x];
const times = (n: number): readonly [number, number] => [n * x, n];
const outside = `const out = new Function("return {throwsA: (C, f) => { try { f(); } catch (e) { return e.constructor === C ? 1 : 0; } return 0; }}")();`;
const rows: Row[] = [
  [`const g = (y) => y * x; g.apply = () => 100; g.call = () => 100; const o = { g }; return o.g(x);`, ...square],
  [`const g = (y) => y * x; g.apply = () => 100; g.call = () => 100; return [g][0](x);`, ...square],
  [`const g = (y) => y * x; g.apply = () => 100; g.call = () => 100; return [x].map(g)[0];`, ...square],
  [`const g = (y) => y * x; g.apply = () => 100; g.call = () => 100; return new Float64Array([x]).map(g)[0];`, ...square],
  [`const g = (y) => y * x; g.apply = () => 100; g.call = () => 100; let s = 0; new Float64Array([x]).forEach(Object.assign((v) => { s += g(v); }, { call() {}, apply() {} })); return s;`, ...square],
  [`const g = (y) => y > 0; g.apply = () => false; g.call = () => false; return new Float64Array([x]).filter(g)[0] * x;`, ...square],
  [`const g = (y) => y * x; g.apply = () => 100; const b = g.bind(null, x); return b();`, ...square],
  [`class C { constructor(a) { this.a = a; } sq() { return this.a * x; } } const B = C.bind(null, x); return new B().sq();`, ...square],
  [`class C { constructor(a, b) { this.a = a; this.b = b; } sq() { return this.a * this.b; } } const B = C.bind(null, x); return new B(x).sq() * (new B(1) instanceof C ? 1 : 5);`, ...square],
  [`function MyError() {} return out.throwsA(MyError, () => { throw new MyError(); }) * x * x;`, ...square],
  [`function MyError(m) { this.message = m; } return out.throwsA(MyError, () => { throw new MyError("a"); }) * x * x;`, ...square],
  [`const q = { valueOf() { return x * 10; } }; return Array.prototype.indexOf.call({ length: q, 1: 5 }, 5) * x;`, ...times(1)],
  [`const q = { valueOf() { return x * 10; } }; const a = []; a.length = q - x * 10 + 3; return a.length * x;`, ...times(3)],
  [`const q = { valueOf() { return x - x + 3; } }; const a = []; a.length = q; return a.length * x;`, ...times(3)],
  [`const q = { valueOf() { return x - x + 3; } }; return new Array(2).fill(x).concat(Array.prototype.slice.call({ length: q, 2: x }))[4] * x;`, ...square],
  [`const q = { valueOf() { return x - x + 3; } }; const a = []; Object.defineProperty(a, "length", { value: q }); return a.length * x;`, ...times(3)],
  [`const o = {}; Object.defineProperty(o, "foo", { value: x }); Object.defineProperty(o, "foo", { value: x }); return o.foo * x;`, ...square],
  [`const o = Object.create({}, { p: { value: x, configurable: x - x, enumerable: x } }); return Object.getOwnPropertyDescriptor(o, "p").configurable === false && Object.keys(o).length === 1 ? o.p * x : 1;`, ...square],
  [`const p = new Proxy(Object.freeze({ a: x * 1 }), { get(t, k) { return x * 1; } }); return p.a * x;`, ...square],
  [`const q = { valueOf() { return x * 10; } }; const d = new DataView(new ArrayBuffer(8)); d.setInt8(0, q); return d.getInt8(0) * x;`, ...times(13)],
];
describe("l", () => {
  for (const [body, value, tangent] of rows)
    it(body, () => {
      expectEveryForm({ code: `${outside}\nexport function f(x) { "use dual"; ${body} }`, at: [x], value, tangent });
    });
});
