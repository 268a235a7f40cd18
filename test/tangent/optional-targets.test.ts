import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectEveryForm } from "./support/programs.ts";

/** Methods that write into a vector where they are given one, and make one where they are not. */

const vector = `
  export class V {
    constructor(public x = 0, public y = 0) {}
    add(v: V): V;
    add(v: V, target: V): void;
    add(v: V, target?: V): V | void {
      if (target) { target.x = this.x + v.x; target.y = this.y + v.y; } else return new V(this.x + v.x, this.y + v.y);
    }
    times(k: number, target?: V): V | undefined {
      if (!target) return new V(this.x * k, this.y * k);
      target.x = this.x * k; target.y = this.y * k;
    }
    dot(v: V): number { return this.x * v.x + this.y * v.y; }
  }`;

const functions: Record<string, readonly [body: string, value: number, tangent: number]> = {
  "without one": ["const a = new V(x, y); return a.add(new V(y, 1)).dot(a);", 12 + 10, 7 + 9],
  "with one": [
    "const a = new V(x, y), t = new V(1, 1); a.add(new V(y, 1), t); return t.dot(a);",
    12 + 10,
    7 + 9,
  ],
  "into itself": ["const a = new V(x, y); a.add(a, a); return a.dot(new V(y, x));", 24, 20],
  "with one that is null": [
    "const none: V | null = null; const a = new V(x, y); return (a.times(y, none as never) as V).dot(new V(1, 1));",
    2 * 3 + 9,
    5 + 6,
  ],
  "one after the other": [
    "const t = new V(); new V(x, 1).times(y, t); const u = t.times(x) as V; u.times(y, t); return t.x * u.y;",
    // t = (x y² x, ·), u = (x² y, x y)
    4 * 9 * 6,
    // x³ y³
    3 * 36 * 5,
  ],
};

describe("a method that may be given what it writes into:", () => {
  it.each(Object.entries(functions))("%s", (_, [body, value, tangent]) => {
    const f = `export function f(x: number, y: number): number { "use dual"; ${body} }`;
    const at = { at: [2, 3], along: [1, 1], value, tangent };
    const sameFile = `"use dual"; ${vector} ${f}`;
    expectEveryForm({ ...at, code: sameFile });
    expectEveryForm({
      ...at,
      code: { v: `"use dual"; ${vector}`, main: `"use dual"; import { V } from "./v"; ${f}` },
    });
    const report = compile(sameFile).report.find((r) => r.name === "f");
    expect([report?.form, report?.reasons]).toEqual(["tangent", []]);
  });
});
