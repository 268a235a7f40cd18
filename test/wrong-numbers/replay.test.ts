import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/**
 * `sqrt` at 0 times 0: the tangent form gets NaN and may ask the dual form, but only where running the
 * function again changes nothing. Each of these counts how often it ran.
 */
const zero = "const z = Math.sqrt(x * 0);";
const program = (
  code: string | Record<string, string>,
  value: number,
  tangent: number,
): Program => ({
  code,
  at: [2],
  value,
  tangent,
  second: 0,
  noDifferences: "the functions count their calls",
});

const cases: Record<string, Program> = {
  "a module object changed by a function that is called": program(
    `const state = { n: 0 };
     function tick(): number { "use dual"; state.n++; return state.n; }
     export function f(x: number): number { "use dual"; ${zero} const n = tick(); return x * n + z; }`,
    2,
    1,
  ),
  "a module variable changed by a function that is called": program(
    `let n = 0;
     function tick(y: number): number { n += 1; return y * n; }
     export function f(x: number): number { "use dual"; ${zero} return tick(x) + z; }`,
    2,
    1,
  ),
  "a module variable changed two calls down": program(
    `let n = 0;
     const deeper = (): number => { n += 1; return n; };
     function tick(y: number): number { return y * deeper(); }
     export function f(x: number): number { "use dual"; ${zero} return tick(x) + z; }`,
    2,
    1,
  ),
  "an imported function that counts": program(
    {
      lib: `let n = 0; export function tick(y: number): number { "use dual"; n += 1; return y * n; }`,
      main: `import { tick } from "./lib";
        export function f(x: number): number { "use dual"; ${zero} return tick(x) + z; }`,
    },
    2,
    1,
  ),
  "an imported function that calls one that counts": program(
    {
      counter: `let n = 0; export function count(y: number): number { "use dual"; n += 1; return y * n; }`,
      lib: `import { count } from "./counter"; export function tick(y: number): number { "use dual"; return count(y); }`,
      main: `import { tick } from "./lib";
        export function f(x: number): number { "use dual"; ${zero} return tick(x) + z; }`,
    },
    2,
    1,
  ),
  "an imported function of constants that counts, not marked": program(
    {
      lib: `let n = 0; export function tick(by: number): number { n += by; return n; }`,
      main: `import { tick } from "./lib";
        export function f(x: number): number { "use dual"; ${zero} return x * tick(1) + z; }`,
    },
    2,
    1,
  ),
  "an imported function called by a helper": program(
    {
      lib: `let n = 0; export function tick(y: number): number { "use dual"; n += 1; return y * n; }`,
      main: `import { tick } from "./lib";
        function helper(y: number): number { return tick(y); }
        export function f(x: number): number { "use dual"; ${zero} return helper(x) + z; }`,
    },
    2,
    1,
  ),
  "a tagged template": program(
    `let n = 0;
     const tag = (parts: TemplateStringsArray): number => { n += 1; return n; };
     export function f(x: number): number { "use dual"; ${zero} return x * tag\`a\` + z; }`,
    2,
    1,
  ),
  "an iterator that is used up": program(
    `const it = [1, 2, 3][Symbol.iterator]();
     export function f(x: number): number { "use dual"; ${zero} let s = z; for (const k of it) s += k * x; return s; }`,
    12,
    6,
  ),
  "an iterator that is spread": program(
    `const it = [1, 2, 3][Symbol.iterator]();
     export function f(x: number): number { "use dual"; ${zero} const all = [...it]; return all.length * x + z; }`,
    6,
    3,
  ),
  "an iterator that is taken apart": program(
    `const it = [1, 2, 3][Symbol.iterator]();
     export function f(x: number): number { "use dual"; ${zero} const [a] = it; return x * (a as number) + z; }`,
    2,
    1,
  ),
  "a getter of a class that counts": program(
    `let n = 0;
     class Count { constructor(readonly k: number) {} get now(): number { n += 1; return this.k * n; } }
     export function f(x: number): number { "use dual"; ${zero} return new Count(x).now + z; }`,
    2,
    1,
  ),
  "a constructor that counts": program(
    `let n = 0;
     class Count { k: number; constructor(k: number) { n += 1; this.k = k * n; } }
     export function f(x: number): number { "use dual"; ${zero} return new Count(x).k + z; }`,
    2,
    1,
  ),
  "a field initializer that counts": program(
    `let n = 0;
     const next = (): number => { n += 1; return n; };
     class Count { k: number = next(); constructor(readonly x: number) {} }
     export function f(x: number): number { "use dual"; ${zero} const c = new Count(x); return c.k * c.x + z; }`,
    2,
    1,
  ),
  "an object of the module that is deleted from": program(
    `const state: { n?: number } = { n: 3 };
     export function f(x: number): number { "use dual"; ${zero} const k = "n" in state ? 1 : 5; delete state.n; return k * x + z; }`,
    2,
    1,
  ),
  "a function of the module in an object": program(
    `let n = 0;
     const tools = { tick(y: number): number { n += 1; return y * n; } };
     export function f(x: number): number { "use dual"; ${zero} return tools.tick(x) + z; }`,
    2,
    1,
  ),
};

describe("a NaN tangent does not run a function again that has effects", () => {
  it.each(Object.entries(cases))("%s", (_, c) => expectEveryForm(c));
});
