import { grad, jvp } from "dualize";
import { describe, expect, it, vi } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
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
  "a getter of an object of the module": program(
    `let n = 0;
     const count = { get now() { n += 1; return n; } };
     export function f(x: number): number { "use dual"; ${zero} return x * count.now + z; }`,
    2,
    1,
  ),
  "a getter of an instance of the module": program(
    `class Count { n = 0; get now(): number { this.n += 1; return this.n; } }
     const count = new Count();
     export function f(x: number): number { "use dual"; ${zero} return x * count.now + z; }`,
    2,
    1,
  ),
  "a static getter": program(
    `class Count { static n = 0; static get now(): number { Count.n += 1; return Count.n; } }
     export function f(x: number): number { "use dual"; ${zero} return x * Count.now + z; }`,
    2,
    1,
  ),
  "a getter that a pattern reads": program(
    `let n = 0;
     const count = { get now() { n += 1; return n; } };
     export function f(x: number): number { "use dual"; ${zero} const { now } = count; return x * now + z; }`,
    2,
    1,
  ),
  "a getter that is copied": program(
    `let n = 0;
     const count = { get now() { n += 1; return n; } };
     export function f(x: number): number { "use dual"; ${zero} const copy = { ...count }; return x * copy.now + z; }`,
    2,
    1,
  ),
  "a getter under a name that is computed": program(
    `let n = 0;
     const count: Record<string, number> = { get now() { n += 1; return n; } };
     const names = ["now"];
     export function f(x: number): number { "use dual"; ${zero} return x * count[names[0] as string] + z; }`,
    2,
    1,
  ),
  "a getter called length": program(
    `let n = 0;
     const count = { get length() { n += 1; return n; } };
     export function f(x: number): number { "use dual"; ${zero} return x * count.length + z; }`,
    2,
    1,
  ),
  "a property that is defined": program(
    `let n = 0;
     const count = {} as { now: number };
     Object.defineProperty(count, "now", { get: () => { n += 1; return n; } });
     export function f(x: number): number { "use dual"; ${zero} return x * count.now + z; }`,
    2,
    1,
  ),
  "a proxy": program(
    `let n = 0;
     const count = new Proxy({ now: 0 }, { get() { n += 1; return n; } });
     export function f(x: number): number { "use dual"; ${zero} return x * count.now + z; }`,
    2,
    1,
  ),
  "an object that counts when it is made a number": program(
    `let n = 0;
     const count = { valueOf() { n += 1; return n; } };
     export function f(x: number): number { "use dual"; ${zero} return x * +count + z; }`,
    2,
    1,
  ),
  "an object that counts when it is calculated with": program(
    `let n = 0;
     const count = { valueOf() { n += 1; return n; } } as unknown as number;
     export function f(x: number): number { "use dual"; ${zero} const k = count * 1; return x * k + z; }`,
    2,
    1,
  ),
  "an object that counts when it is handed to Number": program(
    `let n = 0;
     class Count { [Symbol.toPrimitive]() { n += 1; return n; } }
     const count = new Count();
     export function f(x: number): number { "use dual"; ${zero} return x * Number(count) + z; }`,
    2,
    1,
  ),
  "an object that counts when it is written": program(
    `let n = 0;
     const count = { toString: () => { n += 1; return "a".repeat(n); } };
     export function f(x: number): number { "use dual"; ${zero} return x * \`\${count}\`.length + z; }`,
    2,
    1,
  ),
  "an object of its own that counts when it is asked for the time": program(
    `let n = 0;
     const clocks: Record<string, { getTime(): number }> = { a: { getTime() { n += 1; return n; } } };
     export function f(x: number): number { "use dual"; ${zero} return x * clocks["a"]!.getTime() + z; }`,
    2,
    1,
  ),
  "an object whose text is the time, which counts": program(
    `let n = 0;
     const date = { getTime: () => { n += 1; return n; } };
     const count = { toString: () => "a".repeat(date.getTime()) };
     export function f(x: number): number { "use dual"; ${zero} return x * \`\${count}\`.length + z; }`,
    2,
    1,
  ),
  "an iterator that is put among lists of a literal": program(
    `const near = [[1], [2]]; near[0] = [1, 2, 3][Symbol.iterator]() as never;
     export function f(x: number): number { "use dual"; ${zero} let s = 0; for (const j of near[0]!) s += j; return x * s + z; }`,
    12,
    6,
  ),
  "an iterator that is put among lists of a literal by another name": program(
    `const near = [[1], [2]]; const other = near; other[0] = [1, 2, 3][Symbol.iterator]() as never;
     export function f(x: number): number { "use dual"; ${zero} let s = 0; for (const j of near[0]!) s += j; return x * s + z; }`,
    12,
    6,
  ),
  "objects that count when they are joined": program(
    `let n = 0;
     const counts = [{ toString() { n += 1; return "a".repeat(n); } }];
     export function f(x: number): number { "use dual"; ${zero} return x * counts.join().length + z; }`,
    2,
    1,
  ),
  "a constructor whose default counts": program(
    `let n = 0;
     class Count { k: number; constructor(k: number = ++n) { this.k = k; } }
     export function f(x: number): number { "use dual"; ${zero} const c = new Count(); return c.k * x + z; }`,
    2,
    1,
  ),
  "a field that is a parameter whose default counts": program(
    `let n = 0;
     class Count { constructor(readonly k: number = ++n) {} }
     export function f(x: number): number { "use dual"; ${zero} const c = new Count(); return c.k * x + z; }`,
    2,
    1,
  ),
  "an iterator that an assignment takes apart": program(
    `const it = [1, 2, 3][Symbol.iterator]();
     export function f(x: number): number { "use dual"; ${zero} let a = 0; [a] = it as unknown as [number]; return x * a + z; }`,
    2,
    1,
  ),
  "an iterator that a parameter takes apart": program(
    `const it = [1, 2, 3].values();
     function first([a]: Iterable<number>): number { return a as number; }
     export function f(x: number): number { "use dual"; ${zero} return x * first(it) + z; }`,
    2,
    1,
  ),
  "an iterator inside what is taken apart": program(
    `const it = [1, 2, 3].values();
     const held = { it };
     export function f(x: number): number { "use dual"; ${zero} const { it: [a] } = held; return x * (a as number) + z; }`,
    2,
    1,
  ),
  "a named callback that counts": program(
    `let n = 0;
     function tick(v: number): number { n += 1; return v; }
     export function f(x: number): number { "use dual"; ${zero} const all = [1, 2].map(tick); return all.length * x * n + z; }`,
    8,
    4,
  ),
  "a named callback over active numbers that counts": program(
    `let n = 0;
     const tick = (v: number): number => { n += 1; return v; };
     export function f(x: number): number { "use dual"; ${zero} const all = [x, x].map(tick); return all[0] * n + z; }`,
    4,
    2,
  ),
  "a list of the module that a parameter defaults to": program(
    `const counts = [0];
     function bump(to: number[] = counts): number { return ++to[0]; }
     export function f(x: number): number { "use dual"; ${zero} return x * bump() + z; }`,
    2,
    1,
  ),
  "an element of what is filtered": program(
    `const counts = [[0], [1]];
     export function f(x: number): number { "use dual"; ${zero} const all = counts.filter(() => true); all[0][0]++; return x * counts[0][0] + z; }`,
    2,
    1,
  ),
  "an array over memory that is got by a pattern": program(
    `const counts = new Float64Array(2);
     const { buffer } = counts;
     export function f(x: number): number { "use dual"; ${zero} const same = new Float64Array(buffer); same[0]++; return x * counts[0] + z; }`,
    2,
    1,
  ),
  "an array over the memory of another": program(
    `const counts = new Float64Array(2);
     export function f(x: number): number { "use dual"; ${zero} const same = new Float64Array(counts.buffer); same[0]++; return x * counts[0] + z; }`,
    2,
    1,
  ),
};

/** Prints before a `throw` that is not reached, or that is caught: the lines are counted. */
const printing: Record<string, readonly [code: string, lines: number]> = {
  "before a return": [
    `export function f(x: number): number { "use dual"; ${zero} { console.log(); if (x > 0) return x + z; throw new Error(); } }`,
    1,
  ],
  "in a loop that goes on": [
    `export function f(x: number): number {
       "use dual"; ${zero}
       for (let i = 0; i < 3; i++) { console.log(); if (i < 2) continue; if (i === 2) break; throw new Error(); }
       return x + z;
     }`,
    3,
  ],
  "in a block that is left": [
    `export function f(x: number): number { "use dual"; ${zero} out: { console.log(); if (x > 0) break out; throw new Error(); } return x + z; }`,
    1,
  ],
  "of an error that is caught": [
    `export function f(x: number): number { "use dual"; ${zero} let k = 0; try { console.log(); throw new Error(); } catch { k = 1; } return x * k + z; }`,
    1,
  ],
  "in a function whose error is caught": [
    `function check(x: number): number { if (x > 0) { console.log(); throw new Error(); } return x; }
     export function f(x: number): number { "use dual"; ${zero} let k = 0; try { k = check(x); } catch { k = 1; } return x * k + z; }`,
    1,
  ],
};

describe("what is printed is printed once", () => {
  it.each(Object.entries(printing))("%s", (_, [code, lines]) => {
    const scripts = translate({ main: code });
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    try {
      const { f } = load(scripts, "main") as { f: (x: number) => number };
      expect(jvp(f, [2], [1])).toEqual([2, 1]);
      expect(log).toHaveBeenCalledTimes(lines);
      expect(grad(f, { mode: "reverse" })(2)).toBe(1);
      expect(log).toHaveBeenCalledTimes(2 * lines);
    } finally {
      log.mockRestore();
    }
  });
});

describe("a NaN tangent does not run a function again that has effects", () => {
  it.each(Object.entries(cases))("%s", (_, c) => expectEveryForm(c));
});
