import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Tables that are emptied, filled, and filled again with something else for the same key in one call. */

const program = (code: string, value: number, tangent: number): Program => ({
  code,
  at: [3],
  value,
  tangent,
});

const cases: Record<string, Program> = {
  "the best so far, by text": program(
    `const best = new Map<string, number>();
    export function f(x: number): number {
      "use dual";
      best.clear();
      for (let i = 0; i < 4; i++) {
        const k = \`b\${x}\`;
        const v = x * (4 - i);
        if (!best.has(k) || v < best.get(k)!) best.set(k, v);
      }
      return best.get(\`b\${x}\`)!;
    }`,
    3,
    1,
  ),
  "the best so far, by number": program(
    `const best = new Map<number, number>();
    export function f(x: number): number {
      "use dual";
      best.clear();
      for (let i = 0; i < 4; i++) {
        const v = x * (4 - i);
        if (!best.has(x) || v < best.get(x)!) best.set(x, v);
      }
      return best.get(x)! * x;
    }`,
    9,
    6,
  ),
  "the best so far, in an object": program(
    `let best: Record<string, number> = {};
    export function f(x: number): number {
      "use dual";
      best = {};
      for (let i = 0; i < 4; i++) {
        const v = x * (4 - i);
        if (best[x] === undefined || v < best[x]!) best[x] = v;
      }
      return best[x]! * x;
    }`,
    9,
    6,
  ),
};

describe("an answer that a call replaces by itself", () => {
  it.each(Object.entries(cases))("%s", (_, of) => expectEveryForm(of));
});
