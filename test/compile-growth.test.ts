import { transformSync, types } from "@babel/core";
import dualize from "babel-plugin-dualize";
import { expect, test } from "vitest";

const marked = (lines: string[]) => `"use dual";\n${lines.join("\n")}`;
const range = <R>(n: number, of: (i: number) => R): R[] =>
  Array.from({ length: n }, (_, i) => of(i));

/** Files of n functions, by how these call each other. */
const files: Record<string, (n: number) => string> = {
  chain: (n) =>
    marked(
      range(n, (i) => {
        const inner = i === 0 ? "x * x" : `f${i - 1}(x) * 1.01 + Math.sin(x)`;
        return `export function f${i}(x: number): number { return ${inner}; }`;
      }),
    ),
  "double calls": (n) =>
    marked(
      range(n, (i) => {
        const inner = i === 0 ? "x * x" : `f${i - 1}(x * 0.5) + f${i - 1}(x)`;
        return `export function f${i}(x: number): number { return ${inner}; }`;
      }),
    ),
  "mutual recursion": (n) =>
    marked(
      range(n, (i) => {
        const [a, b] = [(i + 1) % n, (i + 3) % n];
        return `export function f${i}(x: number, k: number): number {
          return k <= 0 ? x : f${a}(x * 1.01, k - 1) + f${b}(x, k - 2);
        }`;
      }),
    ),
  methods: (n) =>
    marked([
      "export class A { constructor(public v: number) {}",
      ...range(n, (i) => {
        const inner = i === 0 ? "x * this.v" : `this.m${i - 1}(x) * this.v`;
        return `m${i}(x: number): number { return ${inner}; }`;
      }),
      "}",
    ]),
  "array methods": (n) =>
    marked(
      range(n, (i) => {
        const factor = i === 0 ? "2" : `f${i - 1}(a)[0]`;
        return `export const f${i} = (a: number[]): number[] => a.map((x) => x * ${factor});`;
      }),
    ),
  "stores in new objects": (n) =>
    marked([
      "export function f(p: number[][], q: number[][]): number { let s = 0;",
      ...range(n, (i) => {
        const o = `o${i}`;
        return `const ${o} = { r: [1, 2], k: ${i} }; ${o}.r = p[${i}]; q[${i}] = p[${i}];
          q[${i}] = ${o}.r; s += ${o}.r[0];`;
      }),
      "return s; }",
    ]),
  "a round that is computed again from what it has computed": (n) =>
    marked([
      "export function f(x: number[]): number { let s = x[0]; for (let t = 0; t < 3; t++) { const v0 = s * 0.5;",
      ...range(n, (i) => `const v${i + 1} = v${i} * v${i} - v${i};`),
      `s += v${n}; } return s; }`,
    ]),
  "written in place": (n) =>
    marked(
      range(n, (i) => {
        const inner = i === 0 ? "xs[0] *= 2;" : `f${i - 1}(xs); xs[0] += 1;`;
        return `export function f${i}(xs: number[]): void { ${inner} }`;
      }),
    ),
};

/** What Babel's types are asked for: nodes made, copied and looked at, and the names tried. */
function counting(count: { operations: number }): typeof types {
  const counted = (f: (...args: unknown[]) => unknown) =>
    function (this: unknown, ...args: unknown[]) {
      count.operations++;
      return f.apply(this, args);
    };
  return new Proxy(types, {
    get(target, key) {
      const member = Reflect.get(target, key);
      if (key === "traverseFast")
        return (node: types.Node, visit: (n: types.Node) => unknown) =>
          target.traverseFast(node, (n) => {
            count.operations++;
            return visit(n) as undefined;
          });
      return typeof member === "function" && /^[a-z]/.test(String(key)) ? counted(member) : member;
    },
  });
}

/** Counts how often the nodes of a file are looked at, which all analysis does first of all. */
function countLooks(root: types.Node, count: { operations: number }): void {
  types.traverseFast(root, (node) => {
    let { type }: { type: string } = node;
    Object.defineProperty(node, "type", {
      get() {
        count.operations++;
        return type;
      },
      set(to: string) {
        type = to;
      },
    });
  });
}

function costOf(code: string): { operations: number; size: number } {
  const count = { operations: 0 };
  const plugin = (api: { types: typeof types }, options: object) =>
    dualize({ ...api, types: counting(count) } as never, options);
  const looks = { name: "looks", pre: (file: { ast: types.File }) => countLooks(file.ast, count) };
  const result = transformSync(code, {
    filename: "/project/file.ts",
    configFile: false,
    babelrc: false,
    presets: ["@babel/preset-typescript"],
    plugins: [() => looks, plugin],
  });
  return { operations: count.operations, size: (result?.code ?? "").length };
}

// Counting every call makes the compiler several times slower.
const timeout = 300_000;

test.for(Object.entries(files))("what a file costs grows with it: %s", { timeout }, ([, file]) => {
  const [small, ...larger] = [50, 100, 200, 400].map((n) => ({ n, ...costOf(file(n)) }));
  if (!small) throw new Error("no file");
  for (const { n, operations, size } of larger) {
    const times = n / small.n;
    expect(operations / small.operations / times, `operations of ${n}`).toBeLessThan(1.2);
    expect(size / small.size / times, `code of ${n}`).toBeLessThan(1.2);
  }
});

test("a type that refers to itself in many fields costs no more than its fields", () => {
  const file = (n: number) => `"use dual";
    interface Tree { ${range(n, (i) => `c${i}?: Tree; v${i}: number;`).join(" ")} }
    export function total(tree: Tree): number {
      let sum = 0;
      ${range(n, (i) => `sum += tree.v${i}; if (tree.c${i}) sum += total(tree.c${i});`).join("\n")}
      return sum;
    }`;
  const [small, large] = [costOf(file(10)), costOf(file(40))];
  expect(large.operations / small.operations / 4).toBeLessThan(1.2);
  expect(large.size / small.size / 4).toBeLessThan(1.2);
});

test("inner functions that hand on to each other are looked at once, not for each way through them", () => {
  const file = (n: number) => `"use dual";
    export const parse = (function () {
      ${range(n, (i) => {
        const calls = [1, 2, 3].map((k) => `f${(i + k) % n}(s);`);
        return `function f${i}(s) { s.at += 1; if (s.at < 9) { ${calls.join(" ")} } return s.at; }`;
      }).join("\n")}
      return (s) => f0(s) + s.x;
    })();`;
  const [small, large] = [costOf(file(6)), costOf(file(18))];
  // Who is given what is asked as seen from each of them.
  expect(large.operations / small.operations).toBeLessThan(3 ** 2);
});
