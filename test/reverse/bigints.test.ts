import { describe, it } from "vitest";
import { expectEveryCode } from "../tangent/support/codes.ts";

/** Bigints that places are chosen by: what is kept of them for the way back is no number. */

const programs: Record<string, string> = {
  "differences and remainders":
    "let st = 12345n, s = 1; for (let i = 0; i < 6; i++) { st = (st * 1103515245n + 12345n) % m; const k = st - low; s += x[k > low ? 1 : 3]! * s * x[k < low ? 0 : 2]!; } return s;",
  "what is negated":
    "let st = m, s = 1; for (let i = 0; i < 4; i++) { const k = -st; const l = ~k; s += x[k < low ? 1 : 3]! * s * x[l < low ? 0 : 2]!; st = k * low + m; } return s;",
  "powers and shifts":
    "let st = low, s = 1; for (let i = 0; i < 4; i++) { const k = st << low, l = st ** low; s += x[k < l ? 1 : 3]! * s * x[k > m ? 0 : 2]!; st = k & m; } return s;",
};

describe("the adjoint form goes back through loops that count in bigints:", () => {
  it.each(Object.entries(programs))("%s", (name, body) => {
    expectEveryCode({
      name,
      code: `"use dual";\nexport function f(x: number[], low: bigint, m: bigint): number { ${body} }`,
      at: [[1.5, 2, 0.3, 4], 2n, 7n],
      along: [[1, -0.5, 0.25, 2], null, null],
      codes: ["tangent", "adjoint", "hvp"],
    });
  });
});
