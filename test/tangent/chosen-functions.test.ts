import { jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { pushTangents } from "../../packages/dualize/src/tangent-call.ts";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile } from "./support/compile.ts";
import { expectEveryForm, type Program } from "./support/programs.ts";

/** A function that is chosen while the program runs: of a table, of a list, of two that a condition tells apart. */

interface Case extends Omit<Program, "value" | "tangent"> {
  readonly name: string;
  readonly code: string;
  /** What it gives, where that is a round number; else the plain call tells, and differences check the dual form. */
  readonly value?: unknown;
  readonly tangent?: unknown;
  /** Which code there is for `f`, which takes these arguments; else it has to leave them to the dual form. */
  readonly forms?: readonly string[];
}

const BOTH = ["tangent", "adjoint"] as const;
const RELU = "const relu = (x: number): number => (x > 0 ? x : 0.1 * x);";
const ACTS = `${RELU} const acts = { relu, tanh: Math.tanh, cube: (x: number) => x * x * x };`;
const marked = (parameters: string, body: string) =>
  `export function f(${parameters}) { "use dual"; ${body} }`;

const cases: Case[] = [
  {
    name: "one of two that a condition tells apart",
    code: `${RELU} ${marked("kind: string, x: number", "const act = kind === 'relu' ? relu : Math.tanh; return act(x) * x;")}`,
    at: ["tanh", 2],
    along: [undefined, 1],
    forms: BOTH,
  },
  {
    name: "assigned later",
    code: `${RELU} ${marked("kind: string, x: number", "let act = relu; if (kind === 'tanh') act = Math.tanh; return act(x) * x;")}`,
    at: ["relu", 2],
    along: [undefined, 1],
    value: 4,
    tangent: 4,
    forms: BOTH,
  },
  {
    name: "of a table, by a key",
    code: `${ACTS} ${marked("kind: keyof typeof acts, x: number", "return acts[kind](x) + acts.cube(2 * x) + acts['relu'](x);")}`,
    at: ["tanh", 0.5],
    along: [undefined, 1],
    forms: BOTH,
  },
  {
    name: "of a table that a type tells of, with a key that changes in a loop",
    code: `
      const acts: Record<string, (x: number) => number> = { double: (x) => 2 * x, square: (x) => x * x };
      ${marked("kinds: string[], x: number", "let y = x; for (const kind of kinds) y = acts[kind]!(y) + y; return y;")}`,
    at: [["square", "double", "square"], 1],
    along: [undefined, 1],
    // 1 → 2 → 6 → 42
    value: 42,
    tangent: 3 * 3 * 13,
    forms: BOTH,
  },
  {
    name: "of a frozen table in another one",
    code: `${RELU} const config = { acts: Object.freeze({ relu, exp: Math.exp }) } as const;
      ${marked("kind: 'relu' | 'exp', x: number", "const { acts } = config; const act = acts[kind]; return act(x) * act(x);")}`,
    at: ["relu", 3],
    along: [undefined, 1],
    value: 9,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "of a list, by its place and in turn",
    code: `${RELU} const square = (x: number) => x * x; const fs = [square, relu, Math.sqrt];
      ${marked("i: number, x: number", "let y = fs[i]!(x); for (const g of fs) y = g(y); return y;")}`,
    at: [0, 3],
    along: [0, 1],
    value: 9,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "what a switch gives",
    code: `${RELU} const id = (x: number) => x;
      function pick(kind: string) { switch (kind) { case 'relu': return relu; case 'sin': return Math.sin; default: return id; } }
      ${marked("kind: string, x: number", "return pick(kind)(x) * pick('id')(x);")}`,
    at: ["sin", 0.3],
    along: [undefined, 1],
    forms: BOTH,
  },
  {
    name: "of a map",
    code: `${RELU} const acts = new Map<string, (x: number) => number>([['relu', relu], ['cos', Math.cos]]);
      ${marked("kind: string, x: number", "return acts.get(kind)!(x) * x;")}`,
    at: ["cos", 0.3],
    along: [undefined, 1],
  },
  {
    name: "of a table of layers that are given",
    code: `
      const acts = { relu: (x: number) => Math.max(0, x), tanh: (x: number) => Math.tanh(x) };
      interface Layer { w: number[][]; b: number[]; act: 'relu' | 'tanh' }
      ${marked(
        "layers: Layer[], x: number[]",
        `let v = x;
        for (const l of layers)
          v = l.w.map((row, i) => acts[l.act](row.reduce((s, w, j) => s + w * v[j]!, l.b[i]!)));
        return v[0]! * v[1]!;`,
      )}`,
    at: [
      [
        {
          w: [
            [0.5, -0.3],
            [0.2, 0.7],
          ],
          b: [0.1, -0.2],
          act: "tanh",
        },
        {
          w: [
            [1.5, 0.3],
            [0.4, 1.7],
          ],
          b: [0.3, 0.2],
          act: "relu",
        },
      ],
      [0.3, 0.6],
    ],
    along: [
      [
        {
          w: [
            [1, 2],
            [3, 4],
          ],
          b: [5, 6],
        },
        {
          w: [
            [1, 0],
            [0, 1],
          ],
          b: [1, 2],
        },
      ],
      [1, 2],
    ],
    forms: BOTH,
  },
  {
    name: "one that gives and takes lists and objects",
    code: `
      interface Point { x: number; y: number }
      const polar = (p: Point): Point => ({ x: p.x * Math.cos(p.y), y: p.x * Math.sin(p.y) });
      const scaled = (p: Point): Point => ({ x: 2 * p.x, y: p.x * p.y });
      const maps = { polar, scaled };
      const sums = [(xs: number[]) => xs[0]! + xs[1]!, (xs: number[]) => xs[0]! * xs[1]!];
      ${marked("kind: 'polar' | 'scaled', i: number, p: Point", "const q = maps[kind](p); return sums[i]!([q.x, q.y]) + q.x;")}`,
    at: ["scaled", 1, { x: 2, y: 3 }],
    along: [undefined, 0, { x: 1, y: 1 }],
    value: 4 * 6 + 4,
    tangent: 2 * 6 + 4 * 5 + 2,
    forms: BOTH,
  },
  {
    name: "with more arguments than it takes, and fewer",
    code: `
      const fs = [(x: number) => x * x, (x: number, y = 5) => x * y, (x: number, y: number, z?: number) => x + y + (z ?? 1)];
      ${marked("i: number, x: number", "return fs[i]!(x, 2 * x) + fs[0]!(x, x) + (fs[1] as (x: number) => number)(x);")}`,
    at: [2, 3],
    along: [0, 1],
    value: 10 + 9 + 15,
    tangent: 3 + 6 + 5,
    forms: BOTH,
  },
  {
    name: "one that only has the dual form",
    code: `
      const sum = (a: number, b: number): number => { const m = new Map<string, number>(); m.set("a", a); return (m.get("a") ?? 0) ** 2 + b * b; };
      const product = (a: number, b: number): number => a * b;
      ${marked("isSum: boolean, x: number", "const g = isSum ? sum : product; return g(x, 2) * x;")}`,
    at: [true, 3],
    along: [undefined, 1],
    value: 39,
    tangent: 13 + 18,
  },
  {
    name: "one that uses `this`",
    code: `
      const half = { k: 0.5, scale(x: number): number { return this.k * x; } };
      const twice = { k: 2, scale: function (this: { k: number }, x: number): number { return this.k * x; } };
      ${marked("isHalf: boolean, x: number", "const o = isHalf ? half : twice; return o.scale(x) * x;")}`,
    at: [false, 3],
    along: [undefined, 1],
    value: 18,
    tangent: 12,
  },
  {
    name: "one that changes something, once for each call",
    code: `
      let calls = 0;
      const counted = (x: number): number => { calls++; return x * x; };
      const plain = (x: number): number => x;
      ${marked("isCounted: boolean, x: number", "const g = isCounted ? counted : plain; return g(x) + 10 * g(x) + 100 * calls;")}`,
    at: [true, 3],
    along: [undefined, 1],
    value: 99 + 200,
    tangent: 66,
    noDifferences: "each call counts on",
  },
  {
    name: "one of a table that is changed while the program runs",
    code: `
      const table: Record<string, (x: number) => number> = { a: (x) => x * x };
      const cube = (x: number): number => x * x * x;
      export function put(): void { table.a = cube; }
      ${marked("x: number", "const before = table.a!(x); put(); return before + table.a!(x);")}`,
    at: [2],
    value: 12,
    tangent: 16,
    noDifferences: "the table stays changed",
  },
  {
    name: "of a table behind a getter",
    code: `
      let asked = 0;
      const table = { get act(): (x: number) => number { asked++; return asked > 1 ? Math.exp : (x) => x * x; } };
      ${marked("x: number", "return table.act(x);")}`,
    at: [3],
    value: 9,
    tangent: 6,
    noDifferences: "the next call finds another one",
  },
  {
    name: "found before its arguments change what it is",
    code: `
      const square = (x: number): number => x * x;
      let act = square;
      const table = { act: square };
      ${marked("x: number", "const g = act; act = Math.sqrt; table.act = Math.sqrt; return g(x) + table.act(x);")}`,
    at: [4],
    value: 18,
    tangent: 8.25,
    noDifferences: "the next call finds another one",
  },
  {
    name: "in what changes its argument",
    code: `${ACTS} ${marked("kind: keyof typeof acts, xs: number[]", "for (let i = 0; i < xs.length; i++) xs[i] = acts[kind](xs[i]!) + acts.cube(xs[i]!); return xs[0]! * xs[1]!;")}`,
    at: ["relu", [1, 2]],
    along: [undefined, [1, 1]],
    value: 2 * 10,
    tangent: 4 * 10 + 2 * 13,
  },
  {
    name: "at a zero that meets an infinite partial",
    code: `${RELU} const roots = [Math.sqrt, relu, (x: number) => Math.sqrt(x)];
      ${marked("x: number", "let y = 0; for (const g of roots) y += g(x * 0); return y + x;")}`,
    at: [2],
    value: 2,
    tangent: 1,
  },
  {
    name: "imported from a package, or given by a transform",
    code: `import { customJvp } from "dualize";
      const rule = customJvp((x: number) => x * x, ([x], [dx]) => [x * x, 2 * x * dx]);
      const plain = (x: number) => x;
      ${marked("i: number, x: number", "const g = i > 0 ? rule : plain; return g(x) * x;")}`,
    at: [1, 3],
    along: [0, 1],
    value: 27,
    tangent: 27,
  },
  {
    name: "the default of a parameter",
    code: `${RELU}
      function layer(xs: number[], act = relu): number[] { "use dual"; return xs.map((x) => act(x)); }
      ${marked("xs: number[]", "return layer(xs)[1]! + layer(xs, Math.sqrt)[0]! * layer(xs, (y) => y * xs[1]!)[0]!;")}`,
    at: [[4, 3]],
    along: [[1, 1]],
    value: 3 + 2 * 12,
    tangent: 1 + 12 / 4 + 2 * 7,
    forms: BOTH,
  },
  {
    name: "the default of a field of a pattern, given and not",
    code: `${RELU}
      ${marked("x: number, { act = relu, k = 2 }: { act?: (x: number) => number; k?: number } = {}", "return act(x) * k;")}`,
    at: [3],
    value: 6,
    tangent: 2,
    forms: ["tangent"],
  },
  {
    name: "given by a function, beside functions that are written there",
    code: `
      function pick(kind: string, k: number): (x: number) => number {
        "use dual";
        switch (kind) { case "scaled": return (x) => k * x; case "sqrt": return Math.sqrt; default: return (x) => x; }
      }
      ${marked("kind: string, x: number", "return pick(kind, x)(x) * pick('scaled', x)(x);")}`,
    at: ["sqrt", 4],
    along: [undefined, 1],
    value: 32,
    tangent: 0.25 * 16 + 2 * 8,
    forms: ["tangent"],
  },
  {
    name: "in a field of an instance that is made there",
    code: `
      class Model {
        constructor(readonly act: (x: number) => number, readonly w: number) {}
        run(x: number): number { "use dual"; return this.act(this.w * x); }
      }
      ${marked("x: number", "return new Model(Math.sqrt, x).run(x) + new Model((y) => y * x, 3).run(x);")}`,
    at: [2],
    value: 14,
    tangent: 13,
    forms: ["tangent"],
  },
  {
    name: "compared with the one that it is",
    code: `${RELU}
      ${marked("isRelu: boolean, x: number", "let act: (x: number) => number = (y) => y * x; if (isRelu) act = relu; return act(x) + (act === relu ? 100 * x : 0);")}`,
    at: [true, 3],
    along: [undefined, 1],
    value: 303,
    tangent: 101,
  },
  {
    name: "one that counts its calls, handed on where functions of the program are",
    code: `
      let calls = 0;
      const counted = (x: number): number => { calls++; return x * x; };
      const table = { counted };
      ${marked("isCounted: boolean, x: number", "let act: (x: number) => number = (y) => y * x; if (isCounted) act = table.counted; return act(x) + act(2 * x) + 100 * calls;")}`,
    at: [true, 3],
    along: [undefined, 1],
    value: 45 + 200,
    tangent: 30,
    noDifferences: "each call counts on",
  },
  {
    name: "missing",
    code: `${RELU}
      ${marked("isRelu: boolean, x: number", "let act: ((x: number) => number) | undefined = (y) => y * x; act = isRelu ? relu : undefined; return act ? act(x) : 5 * x;")}`,
    at: [false, 3],
    along: [undefined, 1],
    value: 15,
    tangent: 5,
  },
  {
    name: "that calls itself by the table",
    code: `
      type Op = (x: number, n: number) => number;
      const ops: Record<string, Op> = {
        down: (x, n) => (n <= 0 ? x : ops.up!(x * x, n - 1)),
        up: (x, n) => (n <= 0 ? x : ops.down!(x + 1, n - 1)),
      };
      ${marked("x: number", "return ops.down!(x, 3);")}`,
    at: [2],
    // (2² + 1)²
    value: 25,
    tangent: 40,
    forms: BOTH,
  },
];

describe("a function that is chosen while the program runs", () => {
  it.each(cases)("has every form: $name", (program) => {
    const { code, at = [], along = at.map(() => 1) } = program;
    const f = () => compile(code).exports.f as (...args: unknown[]) => unknown;
    expectEveryForm({
      value: f()(...structuredClone(at)),
      tangent: pushDual(f(), undefined, structuredClone(at), structuredClone(along) as never)[1],
      ...program,
    });
    const twin = twinOf(f());
    if (!program.forms) return;
    expect(BOTH.filter((form) => twin?.[form] !== undefined)).toEqual(program.forms);
    const taken =
      twin?.tangent &&
      pushTangents(
        twin,
        structuredClone(at) as unknown[],
        structuredClone(along) as unknown[],
        f(),
        undefined,
      );
    expect(taken, "by the tangent form").toBeDefined();
  });

  it("may be given what another outer one gives", () => {
    const { exports } = compile(`"use dual";
      const tools = (() => ({ twice: (x) => 2 * x }))();
      const square = (() => (x) => x * x)();
      export function f(x) { return tools.twice(square(tools.twice(square(x)))); }`);
    expect(jvp(exports.f as never, [3] as never, [1] as never)).toEqual([648, 864]);
  });
});
