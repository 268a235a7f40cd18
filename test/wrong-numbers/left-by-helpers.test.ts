import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What is active and put outside by a function of the file keeps its derivative, whoever calls that where. */

const helpers: Record<string, string> = {
  "a function": "function put(q: number): number { held.v = q; return 1; }",
  "a static method": `class Store { static put(q: number): number { held.v = q; return 1; } }
    const put = (q: number): number => Store.put(q);`,
  "a method": `class Store { constructor(readonly o: { v: number }) {} put(q: number): number { this.o.v = q; return 1; } }
    const store = new Store(held);
    const put = (q: number): number => store.put(q);`,
};
const ways: Record<string, string> = {
  "as a statement": "put(x * x); return held.v * x;",
  "as a condition": "if (put(x * x)) return held.v * x; return 0;",
  "in a condition": "const k = put(x * x) ? 1 : 3; return held.v * x * k;",
  "in a loop's test": "for (let i = 0; i < 2 && put(x * x); i++); return held.v * x;",
  "in text": "const t = String(put(x * x)); return held.v * x * t.length;",
  "by a switch": "switch (put(x * x)) { case 1: return held.v * x; default: return 0; }",
  "by another function": "through(x); return held.v * x;",
  "by another function that is asked": "if (through(x)) return held.v * x; return 0;",
  "by a function inside": "const go = () => { put(x * x); }; go(); return held.v * x;",
  "by a callback": "[1].forEach((k) => { put(x * x * k); }); return held.v * x;",
  "by a callback that is asked":
    "if ([1].some((k) => { put(x * x * k); return false; })) return 0; return held.v * x;",
};
const cases = Object.fromEntries(
  Object.entries(helpers).flatMap(([by, helper]) =>
    Object.entries(ways).map(([way, body]): [string, Program] => [
      `${by}, ${way}`,
      {
        code: `"use dual"; const held = { v: 0 }; ${helper}
          function through(x: number): boolean { put(x * x); return x > 0; }
          export function f(x: number): number { ${body} }`,
        at: [3],
        value: 27,
        tangent: 27,
      },
    ]),
  ),
);

describe("what is put outside", () => {
  it.each(Object.entries(cases))("by %s", (_, program) => expectEveryForm(program));
});
