import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { load, translate } from "./support/compile.ts";

/** What a function prints does not keep it from the fast forms: they print what the ordinary call does, once. */

type F = (...args: unknown[]) => number;

const programs: Record<string, readonly [body: string, at: unknown]> = {
  "a number": ['const s = p[0] * p[1]; console.log("loss", s, "is " + s); return s;', [2, 3]],
  "a list and an object": [
    "const q = p.map((x) => x * x); const o = { q, s: q[0] + q[1] }; console.warn(o, q, ...q); return o.s;",
    [2, 3],
  ],
  "an instance": ["const v = new V(p[0], p[1]); console.log(v); return v.x * v.y;", [2, 3]],
  "what is changed afterwards": [
    "const q = [p[0] * 2]; console.log(q[0]); q[0] = q[0] * p[1]; console.log(q[0], q.length); return q[0];",
    [2, 3],
  ],
  "in a loop": [
    "let s = 0; for (const x of p) { s += x * x; console.debug(s); } return s;",
    [2, 3],
  ],
};

describe("what is printed", () => {
  it.each(Object.entries(programs))("%s", (_, [body, at]) => {
    const { f } = load(
      translate({
        main: `"use dual"; class V { x: number; y: number; constructor(x: number, y: number) { this.x = x; this.y = y; } }
          export function f(p: number[]): number { ${body} }`,
      }),
      "main",
    ) as { f: F };
    expect(twinOf(f)?.tangent).toBeDefined();
    expect(twinOf(f)?.adjoint).toBeDefined();
    const printed = (run: () => unknown): string => {
      const lines: string[] = [];
      const methods = ["log", "warn", "debug"] as const;
      const spies = methods.map((m) =>
        vi.spyOn(console, m).mockImplementation((...args) => {
          lines.push(`${m} ${args.map((a) => `${a?.constructor?.name} ${JSON.stringify(a)}`)}`);
        }),
      );
      try {
        run();
      } finally {
        for (const spy of spies) spy.mockRestore();
      }
      return lines.join("\n");
    };
    const plain = printed(() => f(at));
    expect(plain).not.toBe("");
    expect(printed(() => jvp(f as never, [at] as never, [[1, 1]] as never))).toBe(plain);
    expect(printed(() => grad(f as never)(at as never))).toBe(plain);
  });
});
