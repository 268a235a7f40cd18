import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { testForms } from "./support/forms.ts";

class Vec2 {
  static made = 0;
  x: number;
  y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  static of(angle: number): Vec2 {
    "use dual";
    return new Vec2(Math.cos(angle), Math.sin(angle));
  }
  add(other: Vec2): Vec2 {
    "use dual";
    return new Vec2(this.x + other.x, this.y + other.y);
  }
  scale(k: number): Vec2 {
    "use dual";
    return new Vec2(this.x * k, this.y * k);
  }
  dot(other: Vec2): number {
    "use dual";
    return this.x * other.x + this.y * other.y;
  }
  get length(): number {
    "use dual";
    return Math.sqrt(this.dot(this));
  }
  /** Changes the vector, and gives it back. */
  turn(angle: number): this {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const x = this.x * c - this.y * s;
    this.y = this.x * s + this.y * c;
    this.x = x;
    return this;
  }
  grow(k: number): void {
    "use dual";
    this.x *= k;
    this.y += this.x;
  }
  angleTo(other: Vec2): number {
    "use dual";
    const between = () => Math.atan2(this.x * other.y - this.y * other.x, this.dot(other));
    return between();
  }
}

class Spring {
  readonly rest = 1;
  constructor(
    readonly stiffness: number,
    public end: Vec2,
    private readonly name = "spring",
  ) {}
  energy(): number {
    "use dual";
    const stretch = this.end.length - this.rest;
    return (this.stiffness * stretch * stretch) / 2 + (this.name === "spring" ? 0 : 1);
  }
  pull(by: Vec2): Spring {
    "use dual";
    return new Spring(this.stiffness, this.end.add(by), "pulled");
  }
}

class Counter {
  total = 0;
  constructor(start: number) {
    this.total = start;
  }
  add(x: number): number {
    "use dual";
    this.total += x * this.total;
    return this.total;
  }
}

function makes(x: number, y: number): number {
  "use dual";
  const a = new Vec2(x, y);
  const b = a.add(new Vec2(1, x)).scale(y);
  return b.dot(a) + a.x * b.y;
}
function reads(a: Vec2, b: Vec2): number {
  "use dual";
  return a.x * b.y + a.dot(b) * a.length;
}
function gives(a: Vec2, k: number): Vec2 {
  "use dual";
  return a.scale(k).add(a);
}
function writesFields(x: number): number {
  "use dual";
  const a = new Vec2(x, 1);
  a.x *= 3;
  a.y = a.x * x;
  a.grow(x);
  return a.x + a.y * a.x;
}
function uses(angle: number): number {
  "use dual";
  const a = Vec2.of(angle);
  return a.length * a.x + Vec2.of(2 * angle).y + a.angleTo(Vec2.of(1.5));
}
function stretches(k: number, x: number): number {
  "use dual";
  const s = new Spring(k, new Vec2(x, 2));
  return s.energy() + s.pull(new Vec2(1, x)).energy();
}
function counts(x: number): number {
  "use dual";
  const c = new Counter(x);
  const first = c.add(x);
  return first * c.add(2) + c.total;
}
function list(xs: number[]): number {
  "use dual";
  const vs = xs.map((x, i) => new Vec2(x, i));
  let sum = new Vec2(0, 0);
  for (const v of vs) sum = sum.add(v.scale(v.x));
  return sum.dot(vs[0]) + vs.reduce((m, v) => m + v.length, 0);
}
function holdsInstance(x: number): { at: Vec2; speed: number } {
  "use dual";
  return { at: new Vec2(x, x * x), speed: 3 * x };
}

class Base {
  constructor(readonly k: number) {}
  value(x: number): number {
    "use dual";
    return this.k * x;
  }
}
class Derived extends Base {
  override value(x: number): number {
    "use dual";
    return super.value(x) * x;
  }
}
function inherits(x: number): number {
  "use dual";
  return new Derived(x).value(2);
}
class Hidden {
  #k: number;
  constructor(k: number) {
    this.#k = k;
  }
  times(x: number): number {
    "use dual";
    return this.#k * x;
  }
}
function hides(x: number): number {
  "use dual";
  return new Hidden(x).times(x);
}
class Checked {
  k: number;
  constructor(k: number) {
    if (k < 0) throw new RangeError("k");
    this.k = k * 2;
  }
}
function checks(x: number): number {
  "use dual";
  return new Checked(x).k * x;
}

const a = new Vec2(0.7, 1.9);
const b = new Vec2(-1, 3);
testForms(
  import.meta.url,
  {
    "instances are made and their methods called": { f: makes, at: [0.7, 1.9] },
    "instances as arguments": { f: reads, at: [a, b] },
    "an instance as a result": {
      f: gives,
      at: [a, 3],
      along: [{ x: 1, y: 2 }, 0.5],
      noDifferences: "instances",
    },
    "fields are written, also by methods": { f: writesFields, at: [0.7] },
    "static methods, getters and closures over `this`": { f: uses, at: [0.7] },
    "parameter properties and field initializers": { f: stretches, at: [0.7, 1.9] },
    "an instance that counts": { f: counts, at: [0.7] },
    "lists of instances": { f: list, at: [[0.7, 2, -1]] },
    "an instance in a result": { f: holdsInstance, at: [0.7], noDifferences: "instances" },
    "classes that extend others take the dual form": { f: inherits, at: [0.7] },
    "private fields take the dual form": { f: hides, at: [0.7] },
    "constructors that compute": { f: checks, at: [0.7] },
  },
  {
    inherits: /./,
    hides: /./,
    "Derived.value": /./,
    "Hidden.times": /./,
    "Other.dot": /declared inside a function/,
  },
);

describe("instances", () => {
  it("come out with their class", () => {
    const [value] = jvp(gives, [a, 3], [null, 1]);
    expect(value).toBeInstanceOf(Vec2);
    expect(value).toEqual(new Vec2(2.8, 7.6));
  });
  it("take another class by the dual form, and do not mix them up", () => {
    class Other extends Vec2 {
      override dot(other: Vec2): number {
        "use dual";
        return 100 * this.x * other.x;
      }
    }
    const other = new Other(2, 3);
    expect(jvp(reads, [other, a], [{ x: 1, y: 0 }, null])[0]).toBe(reads(other, a));
  });
  it("have gradients field by field", () => {
    const { x, y } = grad(reads)(new Vec2(3, 4), new Vec2(1, 0));
    expect(x).toBeCloseTo(5 + (3 * 3) / 5, 14);
    expect(y).toBeCloseTo((3 * 4) / 5, 14);
  });
});
