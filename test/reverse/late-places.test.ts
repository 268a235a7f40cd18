import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/**
 * Places that nothing stands beside when a call begins, beyond the end of a typed array and in objects that get fields
 * late, where the function changes something, so that nobody looks again at a gradient that is NaN.
 */

const counted = (body: string): Pick<Told, "code" | "at" | "fast"> => ({
  code: `let n = 0;
    export function f(x: number, y: number): number { "use dual"; n++; const a = new Float64Array([x, y]); ${body} }`,
  at: [2, 3],
  fast: ["f"],
});

const cases: Record<string, Told> = {
  "numbers behind the end": {
    ...counted("for (let i = 0; i < 4; i++) a[i] = x * i * y; return a[0] + a[1] * x;"),
    // x²·y
    value: 12,
    tangent: 12 + 4,
  },
  "numbers before the beginning, and between the places": {
    ...counted(
      "const half = 0.5; for (let i = -1; i < 1; i++) a[i] = x * y; a[half] = x; return a[0] * a[1];",
    ),
    // x·y²
    value: 18,
    tangent: 9 + 12,
  },
  "what is added to what is not there": {
    ...counted("for (let i = 0; i < 3; i++) a[i] += x * y; return a[0] * a[1];"),
    // (x + x·y)·(y + x·y)
    value: 72,
    tangent: 9 * (1 + 3 + 2) + 8 * (1 + 3 + 2),
  },
  "a field that an object gets": {
    ...counted("const o: { k: number; z?: number } = { k: 2 }; o.z = x * y; return o.k + o.z * x;"),
    // 2 + x²·y
    value: 14,
    tangent: 12 + 4,
  },
  "a field of which it is asked whether it is there": {
    ...counted(
      "const o: { k: number; z?: number } = { k: 2 }; let s = x; for (let i = 0; i < 3; i++) { s *= o.z ?? y; o.z = x; } return s;",
    ),
    // x·y·x·x
    value: 24,
    tangent: 36 + 8,
  },
  "a field that a helper puts there": {
    code: `let n = 0;
      interface O { k: number; z?: number }
      function put(o: O, z: number, deep: number): void { if (deep > 0) return put(o, z, deep - 1); o.z = z; }
      export function f(x: number, y: number): number { "use dual"; n++; const o: O = { k: 2 }; put(o, x * y, 2); return o.k * o.z! * x; }`,
    at: [2, 3],
    fast: ["f"],
    // 2·x²·y
    value: 24,
    tangent: 24 + 8,
  },
};

describe("gradients are right with", () => {
  it.each(Object.entries(cases))("%s", (_, c) => expectToldForms(c));
});
