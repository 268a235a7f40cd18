import { describe, expect, it } from "vitest";
import { codeOf, expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What a function changes besides its result: scratch space, captured variables, module state. */

const scratch = (fill: string, use: string, type = "number[]", made = "[0, 0]"): string => `
  const scratch: ${type} = ${made};
  function fill(a: ${type}, x: number): void { "use dual"; ${fill} }
  export function f(x: number): number { "use dual"; ${use} }
`;

const cases: Record<string, Program> = {
  "a module array is filled by a function that is given it": {
    code: scratch("a[0] = x * x;", "fill(scratch, x); return scratch[0];"),
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a module object gets a field": {
    code: scratch(
      "a.v = x * x;",
      "fill(scratch, x); return scratch.v;",
      "{ v: number }",
      "{ v: 0 }",
    ),
    at: [2],
    value: 4,
    tangent: 4,
  },
  "something is pushed to a module array": {
    code: scratch("a.push(x * x);", "fill(scratch, x); return scratch[2];"),
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a module array is filled under another name": {
    code: scratch(
      "const b = a; b[0] = x * x;",
      "const mine = scratch; fill(mine, x); return scratch[0];",
    ),
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a module array is filled by a function inside the function": {
    code: `
      const scratch = [0, 0];
      export function f(x: number): number {
        "use dual";
        const put = (a: number[], v: number) => { a[0] = v * v; };
        put(scratch, x);
        return scratch[0];
      }`,
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a module array is an element of another": {
    code: scratch(
      "a[0][0] = x * x;",
      "fill(scratch, x); return scratch[0][0];",
      "number[][]",
      "[[0], [0]]",
    ),
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a module array is filled by a method": {
    code: `
      const scratch = [0, 0];
      class Filler { constructor(readonly k: number) {} fill(a: number[], x: number): void { a[0] = x * x * this.k; } }
      export function f(x: number): number { "use dual"; new Filler(3).fill(scratch, x); return scratch[0]; }`,
    at: [2],
    value: 12,
    tangent: 12,
  },
  "a module array is written to by an array method with active elements": {
    code: `
      const scratch = [0, 0];
      export function f(x: number): number { "use dual"; scratch.fill(x * x); return scratch[1]; }`,
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a captured array of the factory is filled": {
    code: `
      function fill(a: number[], x: number): void { "use dual"; a[0] = x * x; }
      function make() { const mine = [0]; return (x: number): number => { "use dual"; fill(mine, x); return mine[0]; }; }
      export const f = make();`,
    at: [2],
    value: 4,
    tangent: 4,
  },
  "an imported array is filled by an imported function": {
    code: {
      lib: `export const scratch = [0, 0];
        export function fill(a: number[], x: number): void { "use dual"; a[0] = x * x; }`,
      main: `import { fill, scratch } from "./lib";
        export function f(x: number): number { "use dual"; fill(scratch, x); return scratch[0]; }`,
    },
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a function fills what another one returned": {
    code: `
      const scratch = [0, 0];
      const get = () => scratch;
      function fill(a: number[], x: number): void { "use dual"; a[0] = x * x; }
      export function f(x: number): number { "use dual"; fill(get(), x); return get()[0]; }`,
    at: [2],
    value: 4,
    tangent: 4,
  },
};

it("refuses to put an active value into a typed array of the module", () => {
  const code = scratch(
    "a[1] = x * x;",
    "fill(scratch, x); return scratch[1] * x;",
    "Float64Array",
    "new Float64Array(2)",
  );
  expect(codeOf(code, 2)).toBe("DUAL106");
});

describe("what is written into containers that were made outside keeps its tangent", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
