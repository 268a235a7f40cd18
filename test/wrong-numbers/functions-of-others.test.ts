import { describe, expect, it } from "vitest";
import { codeOf, expectEveryForm, type Program } from "../tangent/support/programs.ts";

/**
 * Functions of other files that are handed on: as callbacks of array methods, to functions of the file, to functions of
 * third files. They may write into what they are given, keep it, or count.
 */

const other = `"use dual";
  export const kept: number[] = [];
  export let n = 0;
  export function double(ys: number[]): number { ys[0] = ys[0] * 2 + 1; return ys[0]; }
  export function keep(y: number): number { kept.push(y * y); return y; }
  export function count(y: number): boolean { n++; return y > 100; }
  export class Keep { constructor(readonly y: number) { kept.push(y * y); } }
  export function tag(parts: TemplateStringsArray, y: number): number { kept.push(y * y); return parts.length; }
  export const tools = { double };
  export class Tools { static double(ys: number[]): void { ys[0] = ys[0] * 2 + 1; } }
  export default double;`;

const third = `"use dual";
  import { dot } from "./numbers";
  function run(g: (ys: number[]) => number, ys: number[]): void { g(ys); }
  export function applied(g: (ys: number[]) => number, ys: number[]): number { g(ys); return dot(ys, ys); }
  export function handed(g: (ys: number[]) => number, ys: number[]): number { run(g, ys); return dot(ys, ys); }
  export function found(o: { g: (ys: number[]) => number }, ys: number[]): number { o.g(ys); return dot(ys, ys); }`;

const numbers = `"use dual";
  export function dot(a: number[], b: number[]): number { let s = 0; for (let i = 0; i < a.length; i++) s += a[i] * b[i]; return s; }`;

const program = (
  head: string,
  body: string,
  value: number,
  tangent: number,
  more: Partial<Program> = {},
): Program => ({
  code: {
    other,
    third,
    numbers,
    main: `"use dual"; ${head} export function f(x: number): number { ${body} }`,
  },
  at: [2],
  value,
  tangent,
  ...more,
});

/** (2x + 1)(2x² + 1) at 2 */
const rows = (head: string, each: string): Program =>
  program(head, `const xs = [[x, 1], [x * x, 1]]; ${each} return xs[0][0] * xs[1][0];`, 45, 58);

/** y² x at y = x = 2, where y² is what is kept */
const keeping = (head: string, body: string, factor = 1): Program =>
  program(
    `import { keep, kept } from "./other"; ${head}`,
    `${body} return kept[0] * x;`,
    8 * factor,
    12 * factor,
  );

const programs: Record<string, Program> = {
  "an imported callback that writes": rows(
    `import { double } from "./other";`,
    "xs.forEach(double);",
  ),
  "one that is the default export": rows(`import double from "./other";`, "xs.forEach(double);"),
  "one of all of a module": rows(`import * as all from "./other";`, "xs.forEach(all.double);"),
  "one in an imported object": rows(
    `import { tools } from "./other";`,
    "xs.forEach(tools.double);",
  ),
  "one in an object of the file": rows(
    `const own = { double(ys: number[]): void { ys[0] = ys[0] * 2 + 1; } };`,
    "xs.forEach(own.double);",
  ),
  "one that a variable of the file holds": rows(
    `let act = (ys: number[]): void => { ys[0] = ys[0] * 2 + 1; }; export const change = (): void => { act = () => undefined; };`,
    "xs.forEach(act);",
  ),
  "a static method": rows(
    `class Own { static double(ys: number[]): void { ys[0] = ys[0] * 2 + 1; } }`,
    "xs.forEach(Own.double);",
  ),
  "a static method of another file": rows(
    `import { Tools } from "./other";`,
    "xs.forEach(Tools.double);",
  ),
  "one by another name": rows(
    `import { double } from "./other";`,
    "const g = double; xs.forEach(g);",
  ),
  "one that is bound": rows(
    `import { double } from "./other";`,
    "xs.forEach(double.bind(null) as never);",
  ),
  "one of a method that looks for something": rows(
    `import { double } from "./other";`,
    "xs.every(double as never);",
  ),
  "one that a helper hands on": rows(
    `import { double } from "./other"; function each(rows: number[][], g: (ys: number[]) => number): void { rows.forEach(g); }`,
    "each(xs, double);",
  ),
  "an active list that a callback has for `this`": program(
    "",
    "const xs = [x, x]; [0, 1].forEach(function (this: number[], i) { this[i] *= x; }, xs); return xs[0] * xs[1];",
    16,
    32,
  ),
  "an imported callback that keeps what it is given": keeping("", "[x, 1].forEach(keep);"),
  "an imported function that a callback calls": keeping("", "[x, 1].forEach((y) => { keep(y); });"),
  "one that a callback asks": keeping("", "[x, 1].some((y) => keep(y) > 5);"),
  "one that is handed to a function of the file": keeping(
    "function run(g: (y: number) => number, y: number): void { g(y); }",
    "run(keep, x);",
  ),
  "one that is handed on twice": keeping(
    `function run(g: (y: number) => number, y: number): void { g(y); }
     function twice(g: (y: number) => number, y: number): void { run(g, y); run(g, y); }`,
    "twice(keep, x);",
  ),
  "one that stands in an object": keeping(
    "function run(o: { g: (y: number) => number }, y: number): void { o.g(y); }",
    "run({ g: keep }, x);",
  ),
  "one that is the default of a parameter": keeping(
    "function run(y: number, g: (y: number) => number = keep): void { g(y); }",
    "run(x);",
  ),
  "one that may be missing": keeping(
    "function run(y: number, g?: (y: number) => number): void { if (g) g(y); }",
    "run(x, keep);",
  ),
  "one that a callback method of a helper calls": keeping(
    "function any(ys: number[], g: (y: number) => number): boolean { return ys.some((y) => g(y) > 5); }",
    "any([x, 1], keep);",
  ),
  "an imported class that keeps what it is given, in a callback": keeping(
    `import { Keep } from "./other";`,
    "[x, 1].forEach((y) => { new Keep(y); });",
  ),
  "one that a callback asks, which looks for something": keeping(
    `import { Keep } from "./other";`,
    "[x, 1].some((y) => new Keep(y).y > 100);",
  ),
  "one in a function that is called at once": keeping(
    `import { Keep } from "./other";`,
    "if ((() => { new Keep(x); return false; })()) return 0;",
  ),
  "one in a function that is handed on": keeping(
    `import { Keep } from "./other"; function run(g: (y: number) => void, y: number): void { g(y); }`,
    "run((y) => { new Keep(y); }, x);",
  ),
  "an imported tag in a callback": keeping(
    `import { tag } from "./other";`,
    `[x, 1].forEach((y) => { tag\`\${y}\`; });`,
  ),
  "an imported callback of constants that counts, once at a NaN": program(
    `import { count, n } from "./other";`,
    "const z = Math.sqrt(x * 0); const none = [1, 3].filter(count); return x * x * n + none.length + z;",
    8,
    8,
  ),
};

for (const by of ["applied", "handed", "found"]) {
  const given = (g: string) => (by === "found" ? `{ g: ${g} }` : g);
  for (const z of ["Math.sqrt(x * 0)", "0"])
    programs[`a writer that is handed to a function of a third file, ${by}, beside ${z}`] = program(
      `import { ${by} } from "./third"; import { double } from "./other";`,
      `const z = ${z}; const xs = [x, 1]; return ${by}(${given("double")}, xs) * xs[0] + z;`,
      (25 + 1) * 5,
      // ((2x + 1)² + 1)(2x + 1)
      2 * (3 * 25 + 1),
    );
  programs[`a variable that is handed to a function of a third file, ${by}`] = program(
    `import { ${by} } from "./third"; let act = (ys: number[]): number => { ys[0] = ys[0] * 2 + 1; return 0; }; export const change = (): void => { act = () => 0; };`,
    `const xs = [x, 1]; return ${by}(${given("act")}, xs) * xs[0];`,
    (25 + 1) * 5,
    2 * (3 * 25 + 1),
  );
}

describe("functions of other files that are handed on", () => {
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
});

describe("a function without a mark is refused where it is given active values", () => {
  const unmarked = `export const kept: number[] = []; export function keep(y: number): number { kept.push(y * y); return y; }`;
  it.each([
    "[x, 1].forEach(keep);",
    "[x, 1].forEach((y) => { keep(y); });",
    "[x, 1].some((y) => keep(y) > 5);",
  ])("%s", (body) => {
    const main = `"use dual"; import { keep, kept } from "./unmarked"; export function f(x: number): number { ${body} return kept[0] * x; }`;
    expect(codeOf({ unmarked, main }, 2)).toBe("DUAL101");
  });
});
