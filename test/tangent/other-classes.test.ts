import { derivative, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { reportOnFile, testForms } from "./support/forms.ts";
import { Ball, Box, Computed, Holder, Vec2 } from "./support/types/vectors.ts";

function read(v: Vec2, k: number): number {
  "use dual";
  return v.x * v.y * k + v.x;
}
function write(v: Vec2, target: Vec2, k: number): void {
  "use dual";
  target.x = v.x * k;
  target.y = v.y * v.x;
}
function both(b: Ball): number {
  "use dual";
  return b.x * b.radius + b.weights[1]! * b.y;
}
function inside(b: Box): number {
  "use dual";
  const { low, high } = b;
  return (high.x - low.x) * (high.y - low.y);
}
function all(vs: Vec2[]): number {
  "use dual";
  let sum = 0;
  for (const { x, y } of vs) sum += x * y;
  return sum;
}
function given(v: Vec2): Vec2 {
  "use dual";
  v.x *= 2;
  return v;
}
function helped(v: Vec2, k: number): number {
  "use dual";
  const t = { x: k, y: v.x, name: "" };
  return read(v, k) + plain(t) * v.y;
}
function plain(p: { x: number; y: number }): number {
  return p.x * p.y;
}
function calls(v: Vec2, k: number): number {
  "use dual";
  return v.sum * k;
}
function lies(c: Computed): number {
  "use dual";
  return c.x * c.y;
}
function liesInto(c: Computed, k: number): number {
  "use dual";
  c.y = k * k;
  return c.x;
}

function beside(h: Holder, k: number): number {
  "use dual";
  h.at.x *= k;
  return h.at.x * h.at.y + h.size * k;
}
const held = { at: { x: 1, y: 2 }, size: 3, id: 0, parent: null, onChange: null, tags: null };
class Ring extends Ball {
  width = 2;
  area(): number {
    "use dual";
    return this.width * this.radius * this.x;
  }
}
function extended(r: Ring, k: number): number {
  "use dual";
  return r.area() * k + r.weights[0]! * r.y;
}

const v = () => new Vec2(0.7, 1.9);
testForms(
  import.meta.url,
  {
    "fields that are read": { f: read, at: [v(), 3] },
    "fields that are written": { f: write, at: [v(), new Vec2(), 3] },
    "fields of a class that extends another": { f: both, at: [new Ball(0.7, 1.9, 3)] },
    "instances in an instance": { f: inside, at: [new Box(v(), new Vec2(2, 5))] },
    "instances in a list": { f: all, at: [[v(), new Vec2(2, 5)]] },
    "fields beside others that are not looked at": {
      f: beside,
      at: [new Holder(v(), 4), 3],
      along: [held, 1],
    },
    "fields of a class that extends one of another file": {
      f: extended,
      at: [new Ring(2, 3, 5), 3],
    },
    "an instance that is given back": { f: given, at: [v()] },
    "instances and plain objects": { f: helped, at: [v(), 3] },
  },
  { calls: /sum/, anonymous: /the class Computed/ },
);

describe("instances of classes of other files", () => {
  it("are taken by the tangent form", () => {
    const forms = new Map(reportOnFile(import.meta.url).map((r) => [r.name, r.form]));
    for (const f of [read, write, both, inside, all, given, helped, beside, extended])
      expect([f.name, forms.get(f.name)]).toEqual([f.name, "tangent"]);
    expect(forms.get("calls")).toBe("dual");
  });

  it("stay instances, and are the arguments themselves", () => {
    const at = v();
    const [value, tangent] = jvp(given, [at], [{ x: 1, y: 3 }]);
    expect(value).toBe(at);
    expect(value).toBeInstanceOf(Vec2);
    expect(tangent).toMatchObject({ x: 2, y: 3 });
  });

  it("have methods and accessors that are not known", () => {
    expect(() => jvp(calls, [v(), 3], [{ x: 1 }])).toThrow("DUAL105");
    expect(jvp(calls, [v(), 3], [null, 1])[1]).toBeCloseTo(2.6, 14);
  });

  it("of another class than declared take the form that is right", () => {
    const ball = new Ball(3, 2, 5);
    expect(jvp(read, [ball, 2], [{ x: 1 } as never, 0])).toEqual([15, 5]);
    expect(jvp(inside, [{ low: v(), high: v() }], [{ high: { x: 1 } }] as never)[1]).toBe(0);
  });

  it("whose fields are accessors take the dual form", () => {
    for (const push of [jvp, (f: never, p: never, t: never) => pushDual(f, undefined, p, t)])
      expect(push(lies as never, [new Computed(3)] as never, [{ x: 1 }] as never)).toEqual([18, 6]);
    expect(() => derivative((k: number) => liesInto(new Computed(3), k))(2)).not.toThrow();
    const c = new Computed(3);
    expect(liesInto(c, 2)).toBe(3);
    expect(c.y).toBe(8);
  });
});
