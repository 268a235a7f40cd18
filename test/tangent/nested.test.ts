import { derivative, dual, grad, hessian, hvp, jacobian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { expectForms, reportOnFile } from "./support/forms.ts";

function cubic(x: number): number {
  "use dual";
  return x * x * x + 2 * x;
}
function energy(xs: number[]): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += xs[i] ** 2 * xs[(i + 1) % xs.length];
  return s;
}
function field(p: { x: number; y: number }): { x: number; y: number } {
  "use dual";
  return { x: p.x * p.y, y: p.x ** 2 };
}
function root(x: number): number {
  "use dual";
  return Math.sqrt(x);
}
function scaled(x: number, k: number): number {
  "use dual";
  return k * x * x;
}
function curried(a: number): (x: number) => number {
  "use dual";
  return (x) => a * a * x * x;
}
function fill(out: number[], x: number): number {
  "use dual";
  out[0] = x * x;
  return out[0] * x;
}

describe("nested derivatives of functions that have a tangent form", () => {
  it("are functions in tangent form", () => {
    const marked = ["cubic", "energy", "field", "root", "scaled", "curried", "fill"];
    const named = reportOnFile(import.meta.url).filter((r) => marked.includes(r.name));
    expectForms(named);
    expect(named.map((r) => r.name)).toEqual(marked);
  });
  it("give higher derivatives", () => {
    expect(derivative(cubic)(3)).toBe(29);
    expect(derivative(derivative(cubic))(3)).toBe(18);
    expect(derivative(derivative(derivative(cubic)))(3)).toBe(6);
    expect(derivative(derivative(derivative(derivative(cubic))))(3)).toBe(0);
  });
  it("give Hessians and products with them", () => {
    const xs = [2, 3, 5];
    const h = [
      [6, 4, 10],
      [4, 10, 6],
      [10, 6, 4],
    ];
    expect(hessian(energy)(xs)).toEqual(h);
    expect(jacobian(grad(energy))(xs)).toEqual(h);
    expect(hvp(energy)(xs, [1, 0, 2])).toEqual([26, 16, 18]);
    expect(jvp(grad(energy), [xs], [[1, 0, 2]])[1]).toEqual([26, 16, 18]);
  });
  it("go through objects", () => {
    const along = dual((x: number): number => jvp(field, [{ x, y: 3 }], [{ x: 1, y: x }])[1].x);
    expect(along(2)).toBe(3 + 4);
    expect(derivative(along)(2)).toBe(4);
  });
  it("do not confuse the inner variable with the outer one", () => {
    expect(derivative((x: number) => x * derivative((y: number) => x + y)(1))(1)).toBe(1);
    expect(derivative((x: number) => x * derivative(scaled)(3, x))(2)).toBe(2 * 6 * 2);
    expect(
      derivative((x: number) => derivative((y: number) => scaled(y, x) * cubic(x))(2))(1),
    ).toBe(4 * (3 + 5));
  });
  it("go through closures that came out of a derivative", () => {
    const d = derivative(curried)(3);
    expect(d(2)).toBe(24);
    expect(derivative(d)(2)).toBe(24);
    expect(derivative((x: number) => curried(x)(x))(2)).toBe(32);
  });
  it("keep the rules at the edges", () => {
    expect(derivative(root)(0)).toBe(Number.POSITIVE_INFINITY);
    expect(derivative((x: number) => x * 0 + derivative(cubic)(x * x))(0)).toBe(0);
  });
  it("write into arguments on every level", () => {
    const second = derivative((x: number) => {
      const [out, dout] = [[0], [0]];
      jvp(fill, [out, x], [dout, 1]);
      return dout[0] * out[0];
    });
    expect(second(3)).toBe(6 * 9);
  });
});
