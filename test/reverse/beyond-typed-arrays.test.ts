import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** What is written beyond the end of a typed array is lost, also where nobody looks at the gradient again. */

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
};

describe("gradients leave out", () => {
  it.each(Object.entries(cases))("%s", (_, c) => expectToldForms(c));
});
