import { describe, expect, it } from "vitest";
import { codeOf, expectEveryForm } from "../tangent/support/programs.ts";

/** Bodies of `f(x)`, called with x = 1.37, and the value and derivative they have to give. */
type Row = readonly [body: string, value: number, tangent: number];

const x = 1.37;
const same: readonly [number, number] = [x, 1];
const square: readonly [number, number] = [x * x, 2 * x];
const times = (n: number): readonly [number, number] => [n * x, n];

const expectRows = (rows: readonly Row[]): void => {
  for (const [body, value, tangent] of rows) {
    it(body, () => {
      expectEveryForm({
        code: `export function f(x) { "use dual"; ${body} }`,
        at: [x],
        value,
        tangent,
      });
    });
  }
};

const gives = (value: string): string => `const q = { valueOf() { return ${value}; } };`;

describe("objects that give an active number when they are converted", () => {
  expectRows([
    [`${gives("x * 10")} return (q | 0) * x;`, ...times(13)],
    [
      `${gives("x * 10")} return ((q & 7) + (q ^ 3) + ~q + (q << 1) + (q >> 1) + (q >>> 1)) * x;`,
      ...times(43),
    ],
    [`let q = { valueOf() { return x * 10; } }; q |= 1; return q * x;`, ...times(13)],
    [`const q = { [Symbol.toPrimitive]() { return x * 10; } }; return (q | 0) * x;`, ...times(13)],
    [`${gives("x * x")} const a = new Float64Array(1); a[0] = q; return a[0];`, ...square],
    [`${gives("x * 10")} const a = new Int32Array(1); a[0] = q; return a[0] * x;`, ...times(13)],
    [`${gives("x * x")} return new Float64Array(2).fill(q)[1];`, ...square],
    [`${gives("x * 10")} return new Int32Array(2).fill(q)[1] * x;`, ...times(13)],
    [`${gives("x * 10")} return Int32Array.from([q])[0] * x;`, ...times(13)],
    [`${gives("x * x")} return new Float64Array([q])[0];`, ...square],
    [`${gives("x * x")} const a = new Float64Array(1); a.set([q]); return a[0];`, ...square],
    [`${gives("x * x")} return new Float64Array(1).with(0, q)[0];`, ...square],
    [`${gives("x * x")} return Float64Array.from([q])[0];`, ...square],
    [`${gives("x + 1")} return new Float64Array([x, x * x, 3 * x]).at(q);`, ...times(3)],
    [`${gives("x * 10")} return isNaN(q) ? 1 : x;`, ...same],
    [`${gives("x * 10")} return isFinite(q) ? x * x : x;`, ...square],
    [`${gives("x + 1")} return [x, x * x, 3 * x].at(q);`, ...times(3)],
    [`${gives("x - x + 3")} const a = []; a.length = q; return a.length * x;`, ...times(3)],
    [
      `${gives("x * 10")} const d = new DataView(new ArrayBuffer(8)); d.setInt8(0, q); return d.getInt8(0) * x;`,
      ...times(13),
    ],
    [`${gives("x + 1")} return [x, x * x, 3 * x].slice(q)[0];`, ...times(3)],
    [
      `${gives("x + 1")} const a = [1, 2, x]; a.splice(q, 1); return a[1] * a.length * x;`,
      ...times(4),
    ],
    [`${gives("x + 1")} return [[[x * x]]].flat(q)[0];`, ...square],
    [`return [x, x * x, 3].sort((a, b) => ({ valueOf() { return a - b; } }))[1];`, ...square],
    [`${gives("x + 1")} return (3.14159).toFixed(q).length * x;`, ...times(4)],
    [`${gives("x + 1")} return x.toFixed(q).length * x;`, ...times(4)],
    [`${gives("x + 1")} return "abc".repeat(q).length * x;`, ...times(6)],
    [`${gives("x * 50")} return String.fromCharCode(q).charCodeAt(0) * x;`, ...times(68)],
    [`${gives("x * 2000")} return new Date(q).getTime() > 2000 ? x : 0;`, ...same],
    [`${gives("x - x + 16")} return parseInt("ff", q) * x;`, ...times(255)],
  ]);
});

describe("both sides of an operator are there before either is converted", () => {
  // Each letter is the name of a side where it is evaluated, and the same with a dash where it is converted.
  const sides = `let log = ""; const side = (name, n) => {
    log += name; return { valueOf() { log += name + "-"; return n * x; } };
  };`;
  const operators = ["&", "|", "^", "<<", ">>", ">>>", "<", "<=", ">", ">="];
  expectRows([
    ...operators.map(
      (operator): Row => [
        `${sides} const r = side("a", 10) ${operator} side("b", 2); return log === "aba-b-" ? x * x : r;`,
        ...square,
      ],
    ),
    [
      `${sides} let q = side("a", 10); q ^= side("b", 2); return log === "aba-b-" ? q * x : 0;`,
      ...times(13 ^ 2),
    ],
    [
      `${sides} const o = { q: side("a", 10) }; o.q |= side("b", 2); return log === "aba-b-" ? o.q * x : 0;`,
      ...times(13 | 2),
    ],
    [`const f = () => 1; f.valueOf = () => x * 10; return (f | (() => 2)()) * x;`, ...times(15)],
    [`${sides} const r = (x * 10) & side("b", 2); return log === "bb-" ? r * x : 0;`, ...times(0)],
  ]);
});

describe("a field called __proto__", () => {
  expectRows([
    [`const __proto__ = x * x; return { __proto__ }.__proto__;`, ...square],
    [`const __proto__ = x * x; return Object.keys({ __proto__, __proto__ }).length * x;`, ...same],
    [`const __proto__ = { v: x * x }; return { __proto__: __proto__ }.v;`, ...square],
    [`return Object.keys({ __proto__: { v: x } }).length + x;`, ...same],
  ]);
});

describe("an active number is no object", () => {
  expectRows([
    [`function C() { this.a = x; return x * x; } return new C().a * 2;`, ...times(2)],
    [`class C { constructor() { this.a = x; return x * x; } } return new C().a * 2;`, ...times(2)],
    [`function C() { return x * x; } C.prototype.a = 3; return new C().a * x;`, ...times(3)],
    [`return (Object.keys(Object.assign({}, x)).length + 1) * x;`, ...same],
    [
      `const o = Object.defineProperty({}, "a", { enumerable: x - x, value: x }); return o.a + Object.keys(o).length * x;`,
      ...same,
    ],
    [
      `const o = Object.defineProperties({}, { a: { enumerable: x - x, value: x } }); return o.a + Object.keys(o).length * x;`,
      ...same,
    ],
    [
      `const p = new Proxy({}, { has() { return x - x; } }); return "a" in p ? x : x * x;`,
      ...square,
    ],
    [`const p = new Proxy({}, { get() { return x * x; } }); return p.a;`, ...square],
    [`return JSON.stringify({ 1: 5, 2: 6 }, [x - x + 1]).length * x;`, ...times(7)],
    [`return (x.tag ?? 5) * x;`, ...times(5)],
    [`return x instanceof Object ? x : x * x;`, ...square],
    [`return x.constructor === Number && x?.constructor === Number ? x * x : x;`, ...square],
    [`const { constructor } = x; return constructor === Number ? x * x : x;`, ...square],
    [`const k = "constructor"; return x[k] === Number ? x * x : x;`, ...square],
    [`return x["toFixed"](2).length * x;`, ...times(4)],
    [
      `const k = "tag"; return x[k] === undefined && x?.primal === undefined ? x * x : x;`,
      ...square,
    ],
    [`return x.__proto__ === Number.prototype ? x * x : x;`, ...square],
    [
      `try { return "tag" in x ? x : 1; } catch (e) { return /search for 'tag' in [0-9.]+$/.test(e.message) ? x * x : x; }`,
      ...square,
    ],
    [`try { return x in x ? x : 1; } catch { return x * x; }`, ...square],
    [`const { primal } = x; return primal === undefined ? x * x : x;`, ...square],
    [`return x.hasOwnProperty("primal") || Object.hasOwn(x, "primal") ? x : x * x;`, ...square],
    [`return Object.getPrototypeOf(x) === Number.prototype ? x * x : x;`, ...square],
    [`return Object.isFrozen(x) && !Object.isExtensible(x) ? x * x : x;`, ...square],
    [`return Object.freeze(x) * 2;`, ...times(2)],
    [`try { new WeakSet().add(x); return x; } catch { return x * x; }`, ...square],
    [`try { new WeakMap().set(x, 1); return x; } catch { return x * x; }`, ...square],
    [`try { Object.create(x); return x; } catch { return x * x; }`, ...square],
    [`try { Object.setPrototypeOf({}, x); return x; } catch { return x * x; }`, ...square],
    [`try { Reflect.ownKeys(x); return x; } catch { return x * x; }`, ...square],
    [
      `function g() { "use strict"; return typeof this; } return g.call(x * x) === "number" ? x * x : x;`,
      ...square,
    ],
  ]);
});

describe("arrays of numbers by other ways", () => {
  expectRows([
    [
      `const a = new Float64Array(1); Object.defineProperty(a, 0, { value: x * x, configurable: true, writable: true, enumerable: true }); return a[0];`,
      ...square,
    ],
    [`return Reflect.construct(Float64Array, [[x * x]])[0];`, ...square],
    [
      `const a = new Float64Array([x]); return Object.hasOwn(a, 0) && Reflect.ownKeys(a).length === 1 ? x * x : x;`,
      ...square,
    ],
    [
      `return Object.getPrototypeOf(new Float64Array([x])) === Float64Array.prototype ? x * x : x;`,
      ...square,
    ],
  ]);
});

it("an object that gives one is no float for a DataView", () => {
  const code = `export function f(x) { "use dual"; ${gives("x")} const d = new DataView(new ArrayBuffer(8)); d.setFloat64(0, q); return d.getFloat64(0); }`;
  expect(codeOf(code, 2)).toBe("DUAL101");
});

describe("what the language converts by itself", () => {
  const list = "const o = { 0: x, 1: x * x, length: { valueOf() { return x - x + 2; } } };";
  expectRows([
    [`${list} return Array.prototype.reduce.call(o, (a, b) => a + b, 0);`, x + x * x, 1 + 2 * x],
    [
      `${list} let same = 0; Array.prototype.forEach.call(o, (v, i, all) => { if (all === o) same++; }); return same * x;`,
      ...times(2),
    ],
    [`${list} return Array.prototype.pop.call(o) * o.length;`, ...square],
    [`${list} return Array.prototype.indexOf.call(o, x * x) * x;`, ...same],
    [`${list} return Array.prototype.reverse.call(o) === o ? o[0] : 1;`, ...square],
    [
      `const at = { valueOf() { return x - x + 1; } }; return ["a", "b", "a"].indexOf("a", at) * x;`,
      ...times(2),
    ],
    [
      `const a = Object.defineProperty([1, 2], "1", { get() { return x; } }); return a.indexOf(x) * a[1];`,
      ...same,
    ],
    [`const a = Object.freeze([1, x]); return a.includes(x) ? x * x : x;`, ...square],
  ]);

  it("where nothing that it makes of an active number can be told from the number itself, that is an error", () => {
    for (const q of [
      "{ valueOf() { return x; } }",
      "{ valueOf: () => x }",
      "{ [Symbol.toPrimitive]() { return x; } }",
      "new (class { valueOf() { return x; } })()",
      "Object.assign({}, { valueOf: function () { return x; } })",
    ]) {
      const code = `export function f(x) { "use dual"; const r = /a/g; r.lastIndex = ${q}; return r.exec("aaaa").index; }`;
      expect(codeOf(code, 2), q).toBe("DUAL105");
    }
    const assigned = `export function f(x) { "use dual"; const q = {}; q.valueOf = function () { return x; }; const r = /a/g; r.lastIndex = q; return r.exec("aaaa").index; }`;
    expect(codeOf(assigned, 2)).toBe("DUAL105");
  });
});

describe("what is asked of a typed array that is made inside", () => {
  const array = "const a = new Float64Array([x, x * x]);";
  expectRows([
    [`${array} return delete a[7] && delete a.other ? a[1] : 1;`, ...square],
    [
      `${array} Object.defineProperty(a, "size", { get() { return this.length; } }); return a.size * x;`,
      ...times(2),
    ],
    [`${array} Reflect.set(a, "-0", 5); return Object.hasOwn(a, "-0") ? 1 : a[0] * x;`, ...square],
    [
      `${array} try { a.map({}); } catch (e) { return e instanceof TypeError ? a[1] : 1; }`,
      ...square,
    ],
    [
      `try { new Float64Array().find({}); } catch (e) { return e instanceof TypeError ? x * x : 1; }`,
      ...square,
    ],
    [`${array} a.constructor = undefined; return a.slice(1)[0];`, ...square],
    [
      `const o = new Int8Array(1); o[Symbol.for("k")] = () => x * x; return o[Symbol.for("k")]();`,
      ...square,
    ],
    [
      `const a = new Float64Array(2); a.set({ length: 2, 0: x, 1: x * x, [Symbol.iterator]: 5 }); return a[1];`,
      ...square,
    ],
  ]);

  expectRows(
    ["undefined", "null"].map(
      (nothing): Row => [
        `const a = new Float64Array([x]); try { a.set(${nothing}); } catch (e) { return e instanceof TypeError ? x * x : 1; }`,
        ...square,
      ],
    ),
  );

  it("that a method would make what it gives of another class is an error", () => {
    for (const call of ["map((v) => v)", "filter(() => true)", "slice()", "subarray(0)"]) {
      const code = `export function f(x) { "use dual"; const a = new Float64Array([x]); a.constructor = { [Symbol.species]: Float32Array }; return a.${call}[0]; }`;
      expect(codeOf(code, 2), call).toBe("DUAL108");
    }
  });
});
