import { derivative, grad, hessian, hvp, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import { type bodies, C, Thing } from "./support/classes/barrel.ts";
import {
  type Body,
  Counted,
  Heavy,
  Hidden,
  type Num,
  numberOf,
  Pair,
  type Sized,
} from "./support/classes/body.ts";
import { advance, distance, midpoint, otherLength, replace } from "./support/classes/integrate.ts";
import { Even } from "./support/classes/round-even.ts";
import { Vec3 as Other } from "./support/classes/same-name.ts";
import { Odd } from "./support/classes/third.ts";
import { Plain } from "./support/classes/unmarked.ts";
import { Vec3 } from "./support/classes/vec3.ts";
import { load, type Note, translate } from "./support/compile.ts";
import { type Case, reportOnFile, testForms } from "./support/forms.ts";

function chained(v: Vec3, t: number): number {
  "use dual";
  return v
    .scale(t)
    .add(new Vec3(t, 0, 1))
    .length();
}
function gives(v: Vec3, t: number): Vec3 {
  "use dual";
  return v.cross(new Vec3(1, t, t * t)).normalized();
}
function byStatic(t: number): number {
  "use dual";
  return Vec3.unit(t).dot(new Vec3(t, 2, 3));
}
function byGetter(v: Vec3): number {
  "use dual";
  return v.squared * v.x;
}
function changesThis(v: Vec3, t: number): number {
  "use dual";
  const u = v.clone();
  const same = u.addInPlace(v).scaleInPlace(t);
  same.x *= t;
  return u.x * same.y + u.z;
}
function changesArgument(v: Vec3, t: number): Vec3 {
  "use dual";
  v.scaleInPlace(t).addInPlace(v);
  return v;
}
function changesAnother(v: Vec3, w: Vec3, t: number): void {
  "use dual";
  v.moveTo(w, t);
  w.moveTo(v, t);
}
function large(v: Vec3, t: number): number {
  "use dual";
  let u = v;
  for (let i = 0; i < 3; i++) u = u.rotated(new Vec3(0, 1, t), t);
  return u.dot(v);
}
function sumOf(vs: Vec3[]): number {
  "use dual";
  let sum = new Vec3();
  for (const v of vs) sum = sum.add(v.scale(v.x));
  return sum.length();
}
function twoOfOneName(v: Vec3, o: Other, t: number): number {
  "use dual";
  return v.scale(t).length() * o.scale(t).length() + new Other(t, t).scale(t).z;
}
function marked(c: C, t: number): number {
  "use dual";
  return C.polar(t, t * t)
    .mul(c)
    .mul(new C(t, 1))
    .abs();
}
function energy(b: Body): number {
  "use dual";
  return b.step(0.1).energy() * b.mass;
}
function made(x: number): number {
  "use dual";
  const p = new Vec3(x, 2, x * x);
  const b = new Thing(p, p);
  b.step(0.5).step(x);
  const c = b.moved(b.position);
  c.step(x);
  return b.position.x * p.y + c.energy() + p.z;
}
function inherited(h: Heavy, k: number): number {
  "use dual";
  return h.weight(k) * h.mass;
}
function generic(p: Pair<number>, k: number): number {
  "use dual";
  return p.twice(k) * p.first;
}
function inCircles(x: number): number {
  "use dual";
  return new Even(x).next().next().n;
}
function nested(v: Vec3, t: number): number {
  "use dual";
  return derivative((s: number) => v.scale(s).length() * t)(t) * v.x;
}
function zero(v: Vec3): number {
  "use dual";
  return Math.sqrt(v.dot(v)) + v.x;
}
function integrated(b: Thing, t: number): number {
  "use dual";
  const u = advance(b, t).velocity;
  return b.position.dot(u) + distance(b.position, new Vec3(t, 1, 2)) * u.x;
}
function madeElsewhere(t: number): Vec3 {
  "use dual";
  return midpoint(new Vec3(t, 1, 2), Vec3.unit(t)).scale(t);
}
function putElsewhere(b: Thing, t: number): number {
  "use dual";
  replace(b, t);
  return b.position.scale(t).y * b.velocity.x;
}
function otherClass(o: Other, t: number): number {
  "use dual";
  return otherLength(o) * distance(new Vec3(t, t, 1), new Vec3(o.x, 2, t));
}
function fromOutside(t: number): number {
  "use dual";
  return scaled(table.get("a") as Vec3, t) * t;
}
function otherFromOutside(t: number): number {
  "use dual";
  return doubled(table.get("b") as Num, t) * t;
}
function scaled(v: Vec3, t: number): number {
  return v.scale(t).x;
}
function doubled(n: Num, t: number): number {
  return n.twice(t);
}
// What takes the dual form.
function behind(s: Sized, k: number): number {
  "use dual";
  return s.length() * k * s.x;
}
function counted(x: number): number {
  "use dual";
  return new Counted(x).squared() * x;
}
function countedRoot(x: number): number {
  "use dual";
  return Math.sqrt(new Counted(x).squared());
}
function hidden(x: number): number {
  "use dual";
  return new Hidden(x).get() * x;
}
function noted(b: Body, k: number): number {
  "use dual";
  return b.noted(k) * k;
}
function notMarked(x: number): number {
  "use dual";
  return new Plain(x).twice() * x;
}
function notMarkedMethod(c: C, t: number): number {
  "use dual";
  return c.conj().mul(c).re * t;
}
function throughNamespace(b: bodies.Body): number {
  "use dual";
  return b.energy() * b.mass;
}
function constant(t: number): number {
  "use dual";
  return Vec3.up.scale(t).z * t;
}

const table = new Map<string, unknown>([
  ["a", new Vec3(1, 2, 3)],
  ["b", numberOf(3)],
]);
const v = () => new Vec3(0.7, 1.9, -0.4);
const body = () => new Thing(v(), new Vec3(1, 2, 3));
const cases: Record<string, Case> = {
  "methods that give instances": { f: chained, at: [v(), 1.3] },
  "an instance as a result": { f: gives, at: [v(), 1.3] },
  "static methods": { f: byStatic, at: [1.3] },
  accessors: { f: byGetter, at: [v()] },
  "methods that change and return `this`": { f: changesThis, at: [v(), 1.3] },
  "methods that change an argument's own": { f: changesArgument, at: [v(), 1.3] },
  "methods that change their arguments": { f: changesAnother, at: [v(), new Vec3(1, 2, 3), 1.3] },
  "methods that are too long to be written in place": { f: large, at: [v(), 1.3] },
  "instances in a list": { f: sumOf, at: [[v(), new Vec3(1, 2, 3)]] },
  "two classes of one name": { f: twoOfOneName, at: [v(), new Other(2, 3), 1.3] },
  "methods that are marked one by one, of a default export": { f: marked, at: [new C(2, 3), 1.3] },
  "fields that are instances of a class of a third file": { f: energy, at: [body()] },
  "arguments that are kept": { f: made, at: [1.3] },
  "a class that extends another": { f: inherited, at: [new Heavy(v(), v()), 1.3] },
  "a class with type parameters": { f: generic, at: [new Pair(2, 5), 1.3] },
  "classes that use each other": { f: inCircles, at: [1.3] },
  "a derivative inside": { f: nested, at: [v(), 1.3] },
  "a class behind an interface": { f: behind, at: [v(), 1.3] },
  "a constructor that counts": { f: counted, at: [1.3] },
  "private fields": { f: hidden, at: [1.3] },
  "a class of a namespace": { f: throughNamespace, at: [body()] },
  "a function of another file that changes an instance": { f: integrated, at: [body(), 1.3] },
  "a function of another file that gives an instance": { f: madeElsewhere, at: [1.3] },
  "a function of another file that puts an instance into one": {
    f: putElsewhere,
    at: [body(), 1.3],
  },
  "functions of other files for classes of one name": { f: otherClass, at: [new Other(1, 2), 1.3] },
  "an instance from a table": { f: fromOutside, at: [1.3] },
  "an instance from a table, of a class that is imported as a type": {
    f: otherFromOutside,
    at: [1.3],
  },
  "a static instance": { f: constant, at: [1.3] },
};

testForms(import.meta.url, cases, {
  nested: /./,
  behind: /length/,
  hidden: /./,
  noted: /./,
  notMarked: /Plain/,
  constant: /./,
  notMarkedMethod: /conj/,
  anonymous: /inside another/,
});

describe("classes of other files", () => {
  it("are taken by the fast forms", () => {
    const forms = new Map(reportOnFile(import.meta.url).map((r) => [r.name, r.form]));
    for (const f of [chained, gives, byStatic, byGetter, changesThis, changesArgument, large])
      expect([f.name, forms.get(f.name)]).toEqual([f.name, "tangent"]);
    for (const f of [chained, byStatic, byGetter, marked, sumOf, inCircles])
      expect([f.name, twinOf(f)?.adjoint !== undefined]).toEqual([f.name, true]);
    expect(twinOf(chained)?.hvp).toBeDefined();
  });

  it("give instances, and change the argument itself", () => {
    const at = v();
    const [value, tangent] = jvp(changesArgument, [at, 2], [{ x: 1, y: 0, z: 0 }, 0]);
    expect(value).toBe(at);
    expect(value).toBeInstanceOf(Vec3);
    expect(tangent).toMatchObject({ x: 4, y: 0, z: 0 });
    const [made] = jvp(gives, [v(), 2], [null, 1]);
    expect(made).toBeInstanceOf(Vec3);
  });

  it("go by the methods of the instance that is given", () => {
    const odd = () => new Odd(0.7, 1.9, -0.4);
    const along = [{ x: 1, y: 0, z: 0 }, 0] as never;
    const h = 1e-6;
    for (const f of [chained, changesThis] as ((v: Vec3, t: number) => number)[]) {
      const [value, tangent] = jvp(f, [odd(), 1.3], along);
      expect(value).toBe(f(odd(), 1.3));
      const ahead = f(new Odd(0.7 + h, 1.9, -0.4), 1.3);
      const behind = f(new Odd(0.7 - h, 1.9, -0.4), 1.3);
      expect(tangent).toBeCloseTo((ahead - behind) / (2 * h), 6);
    }
    const own = Object.assign(v(), { scale: (k: number) => new Vec3(k * k, 0, 0) });
    // (k², 0, 0) + (k, 0, 1)
    const [value, tangent] = jvp(chained, [own, 2], [null, 1]);
    expect(value).toBe(chained(own, 2));
    expect(tangent).toBeCloseTo((6 * 5) / value, 12);
  });

  it("keep derivatives of all orders apart", () => {
    const f = (t: number) => chained(v(), t);
    const h = 1e-4;
    const second = derivative(derivative((t: number) => chained(v(), t)))(1.3);
    expect(second).toBeCloseTo((f(1.3 + h) - 2 * f(1.3) + f(1.3 - h)) / (h * h), 5);
    const once = derivative((t: number) => chained(v(), t))(1.3);
    expect(derivative((t: number) => nested(new Vec3(t, 0, 0), 1))(2)).toBeCloseTo(
      (nested(new Vec3(2 + h, 0, 0), 1) - nested(new Vec3(2 - h, 0, 0), 1)) / (2 * h),
      6,
    );
    expect(grad(chained, { argnum: 1 })(v(), 1.3)).toBe(once);
  });

  it("have gradients, Hessians and products with these", () => {
    const { x, y, z } = grad(zeroless)(v());
    const h = 1e-6;
    const at = (dx: number) => zeroless(new Vec3(0.7 + dx, 1.9, -0.4));
    expect(x).toBeCloseTo((at(h) - at(-h)) / (2 * h), 8);
    const along = { x: 1, y: 2, z: 3 } as Vec3;
    const product = hvp(zeroless)(v(), along);
    const whole = hessian(zeroless)(v()) as unknown as Record<string, Record<string, number>>;
    const row = whole.x as Record<string, number>;
    expect(product.x).toBeCloseTo(
      (row.x as number) + 2 * (row.y as number) + 3 * (row.z as number),
      12,
    );
    expect([y, z].every(Number.isFinite)).toBe(true);
  });

  it("ask the dual form where a zero meets an infinite slope", () => {
    expect(jvp(zero, [new Vec3(0, 0, 0)], [{ x: 0, y: 0, z: 0 }])).toEqual([0, 0]);
  });

  it("run effects once", () => {
    const before = Counted.made;
    jvp(counted, [3], [1]);
    expect(jvp(countedRoot, [0], [0])).toEqual([0, 0]);
    expect(Counted.made).toBe(before + 2);
  });

  it("without a mark are refused as before", () => {
    expect(() => derivative(notMarked)(2)).toThrow("DUAL101");
    expect(() => derivative((t: number) => notMarkedMethod(new C(1, 2), t))(2)).not.toThrow();
    expect(() => jvp(notMarkedMethod, [new C(1, 2), 2], [{ re: 1, im: 0 }, 0])).toThrow("DUAL10");
  });

  it("may use what is in their files alone", () => {
    const [, tangent] = jvp(noted, [body(), 2], [null, 1]);
    expect(Number.isFinite(tangent)).toBe(true);
  });
});

function zeroless(v: Vec3): number {
  "use dual";
  return v
    .scale(v.x)
    .cross(new Vec3(1, v.y, 2))
    .length();
}

const VEC = `"use dual";
export class Vec { constructor(public x: number) {} twice(): number { return this.x * 2; } }`;
const MAIN = `import { Vec } from "./vec";
export function f(x: number): number { "use dual"; return new Vec(x).twice() * x; }
export const patch = (g: (this: Vec) => number) => { Vec.prototype.twice = g; };`;

describe("a class that is not the one that was read", () => {
  it("is not taken for it", () => {
    const scripts = translate({ vec: VEC, main: MAIN });
    const other = translate({ vec: VEC.replace("* 2", "* this.x"), main: MAIN });
    const { f } = load({ ...scripts, vec: other.vec as string }, "main");
    expect(jvp(f as never, [3], [1])).toEqual([27, 27]);
    expect(jvp(load(scripts, "main").f as never, [3], [1])).toEqual([18, 12]);
  });

  it("is seen when a method is replaced, before the first call and after", () => {
    const scripts = translate({ vec: VEC, main: MAIN });
    const { f, patch } = load(scripts, "main");
    expect(jvp(f as never, [3], [1])).toEqual([18, 12]);
    patch?.(function (this: { x: number }) {
      return 5;
    });
    // Nobody has marked the new one.
    expect(() => jvp(f as never, [3], [1])).toThrow("DUAL101");
  });

  it("is spoken of in its own file alone", () => {
    const vec = VEC.replace("return this.x * 2", "const k = this.x * 1; return Math.floor(k) * 2");
    const notes: Record<string, Note[]> = {};
    translate({ vec, main: MAIN }, notes);
    expect(notes.vec?.map((n) => n.code)).toEqual(["DUAL007"]);
    expect(notes.main).toEqual([]);
  });

  it("has no mark there", () => {
    const scripts = translate({ vec: VEC, main: MAIN });
    const plain = translate({ vec: VEC.replace('"use dual";', ""), main: MAIN });
    const { f } = load({ ...scripts, vec: plain.vec as string }, "main");
    expect(() => jvp(f as never, [3], [1])).toThrow("DUAL101");
  });
});
