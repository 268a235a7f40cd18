import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile } from "./support/compile.ts";
import { expectAgreement, expectForms } from "./support/forms.ts";

/** Fields of classes in JavaScript, of which defaults, comments and what methods do with them tell. */

const CODE = `"use dual";
export class Vec { constructor(x = 0, y = 0) { this.x = x; this.y = y; } dot(v) { return this.x * v.x + this.y * v.y; } }
export class Spring {
  constructor(stiffness, options = {}) {
    this.stiffness = stiffness;
    this.damping = options.damping !== undefined ? options.damping : 0.5;
    this.rest = options.rest || 1;
    this.isOn = typeof options.isOn !== "undefined" ? options.isOn : true;
    this.name = options.name || "spring";
    /** @type {number} */
    this.scale = options.scale;
    /** @type {Vec} */
    this.at = options.at;
    this.table = options.table;
    this.rows = options.rows;
    this.other = options.other;
  }
  force(x, v) { return this.isOn ? -this.stiffness * (x - this.rest) - this.damping * v : 0; }
  scaled(x) { return this.scale * x; }
  along(v) { return this.at.dot(v); }
  interpolate(i) { const t = this.table; return t[i] * this.stiffness + t[i + 1]; }
  total() { let s = 0; for (let i = 0; i < this.rows.length; i++) { const row = this.rows[i]; for (let j = 0; j < row.length; j++) s += row[j] * row[j]; } return s; }
  grow(k) { this.stiffness *= k; this.table[0] = k * k; return this.stiffness; }
  describe() { return this.name + this.other; }
}
export class Ball {
  constructor(r, table) { this.r = r !== undefined ? r : 1; this.table = table; }
  volume() { return this.table[0] * this.r * this.r; }
}
export function ball(x, y) { const b = new Ball(x * y, [x, 2]); b.r += 1; return b.volume() + new Ball(undefined, [y]).volume(); }
export function force(s, x, v) { return s.force(x, v) * s.stiffness; }
export function made(k, x) { const s = new Spring(k, { rest: x, damping: k * x }); return s.force(2, x) * s.damping; }
export function grown(k, x) { const s = new Spring(k, { table: [x, 1, k] }); s.grow(x); return s.interpolate(0) + s.interpolate(1); }
export const calls = {
  force: (s, x, v) => force(s, x, v), scaled: (s, x) => s.scaled(x), along: (s, v) => s.along(v),
  interpolate: (s, i) => s.interpolate(i), total: (s) => s.total(), grow: (s, k) => s.grow(k) * s.table[0],
};`;

const { exports, report } = compile(CODE, "plain.js");
const { Spring, Vec } = exports as never as Record<string, new (...args: unknown[]) => object>;
const calls = exports.calls as never as Record<string, never>;

const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : value;

/** By `jvp` and by the dual form, each on an instance of its own: value, tangent and what is left of the instance. */
function expectSame(
  f: string,
  args: () => unknown[],
  along: () => unknown[],
  tangent: number,
): void {
  const [a, da, b, db] = [args(), along(), args(), along()];
  const found = jvp(calls[f] as never, a as never, da as never);
  const dual = pushDual(calls[f] as never, undefined, b, db as never);
  const usual = args();
  expect(found).toEqual(dual);
  expect(found[0]).toBe((calls[f] as (...args: unknown[]) => unknown)(...usual));
  expect(found[1]).toBeCloseTo(tangent, 13);
  expect(a.map(plain)).toEqual(usual.map(plain));
  expect(da.map(plain)).toEqual(db.map(plain));
}

describe("fields without types", () => {
  it("are known by defaults, by comments and by their use", () => {
    expectForms(
      report.filter((r) => r.name !== "Spring.describe"),
      { made: /not active/, grown: /without a type/ },
    );
    expectAgreement({ f: exports.ball as never, at: [3, 0.7] });
    expectAgreement({ f: exports.made as never, at: [3, 0.7] });
    expectAgreement({ f: exports.grown as never, at: [3, 0.7] });
  });

  const zero = { damping: 0, rest: 0, scale: null, isOn: null, name: null };
  it("of instances that are given", () => {
    const s = () =>
      new Spring(3, {
        rest: 2,
        damping: 0.25,
        scale: 4,
        at: new Vec(1, 2),
        table: [1, 2, 4],
        rows: [[1, 2], [3]],
      });
    const one = {
      ...zero,
      stiffness: 1,
      scale: 1,
      at: { x: 1, y: 0 },
      table: [1, 0, 0],
      rows: [[1, 0], [1]],
    };
    // -(k (x - r) + d v) k
    expectSame(
      "force",
      () => [s(), 5, 2],
      () => [one, 0, 0],
      -(2 * 3 * 3 + 0.5),
    );
    expectSame(
      "scaled",
      () => [s(), 5],
      () => [one, 1],
      5 + 4,
    );
    expectSame(
      "along",
      () => [s(), new Vec(3, 5)],
      () => [one, { x: 0, y: 1 }],
      3 + 2,
    );
    expectSame(
      "interpolate",
      () => [s(), 0],
      () => [structuredClone(one), 0],
      3 + 1,
    );
    expectSame(
      "total",
      () => [s()],
      () => [structuredClone(one)],
      2 + 6,
    );
    // k² · (stiffness k)
    expectSame(
      "grow",
      () => [s(), 2],
      () => [structuredClone(one), 1],
      8 + 3 * 3 * 4,
    );
    const g = grad(calls.force as never)(s() as never, 5 as never, 2 as never) as {
      stiffness: number;
    };
    expect(g.stiffness).toBeCloseTo(-(2 * 3 * 3 + 0.5), 13);
  });

  it("may be something else when the program runs", () => {
    const one = { stiffness: 1 };
    expectSame(
      "force",
      () => [new Spring(3, { isOn: 2 }), 5, 2],
      () => [{ ...one, isOn: 7 }, 0, 0],
      -(2 * 3 * 4 + 1),
    );
    expectSame(
      "force",
      () => [new Spring(3, { isOn: 0, name: 5 }), 5, 2],
      () => [one, 0, 0],
      0,
    );
    expectSame(
      "force",
      () => [new Spring(3, { damping: "2" }), 5, 2],
      () => [one, 0, 0],
      -(2 * 3 * 4 + 4),
    );
    expectSame(
      "interpolate",
      () => [new Spring(3, { table: new Float64Array([1, 2]) }), 0],
      () => [{ ...one, table: new Float64Array([1, 0]) }, 0],
      3 + 1,
    );
    const at = new Vec(1, 2) as { dot: unknown };
    at.dot = (v: { x: number }) => v.x;
    const along = () =>
      jvp(
        calls.along as never,
        [new Spring(3, { at }), new Vec(3, 5)] as never,
        [null, { x: 1, y: 0 }] as never,
      );
    // A method of its own that is not marked.
    expect(along).toThrow(/DUAL101/);
  });
});
