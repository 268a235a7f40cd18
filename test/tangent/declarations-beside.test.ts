import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformSync } from "@babel/core";
import dualize, { type ModuleReport } from "babel-plugin-dualize";
import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { transformSync as toScript } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { load } from "./support/compile.ts";

/** JavaScript that says nothing of types, and declarations beside it that do. */
const root = mkdtempSync(join(tmpdir(), "dualize-declarations-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

type F = (x: number) => number;

function build(files: Readonly<Record<string, string>>) {
  const folder = join(root, String(folders++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const reports: Record<string, ModuleReport | undefined> = {};
  const scripts: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    if (!name.endsWith(".js")) continue;
    const emitted = transformSync(text, {
      filename: join(folder, name),
      cwd: folder,
      configFile: false,
      babelrc: false,
      plugins: [[dualize, { mark: () => true, report: (r: ModuleReport) => (reports[name] = r) }]],
    })?.code as string;
    const path = name.replace(/\.js$/, "").split("/").at(-1) as string;
    scripts[path] = toScript(emitted.replaceAll('"lib"', '"./lib"'), { format: "cjs" }).code;
  }
  return { f: load(scripts, "main").f as F, reports };
}

function expectRight(f: F, x = 1.3): void {
  const slope = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
  const [value, tangent] = jvp(f, [x], [1]);
  expect(value).toBe(f(x));
  expect(tangent).toBeCloseTo(slope, 6);
  expect(grad(f)(x)).toBeCloseTo(slope, 6);
}

// `of` is only handed on, and `at` only stored: use tells nothing of them.
const vector = `class Vector {
    constructor(x, at) { this.x = x; this.at = at; }
    to(of) { return join(this, of); }
    moved() { const c = new Vector(this.x, this.at); c.x *= 2; return c; }
  }
  function join(a, b) { return a.x * b.x + b.at[0] * a.at[1]; }
  export { Vector, join };`;
const declared = `export class Vector {
    x: number;
    at: number[];
    constructor(x: number, at: number[]);
    to(of: Vector): number;
    moved(): Vector;
  }
  export function join(a: Vector, b: Vector): number;`;
const main = (from: string) => `import { Vector, join } from "${from}";
  export const f = (x) => { "use dual"; const v = new Vector(x, [x * x, 3]).moved(); return v.to(new Vector(2, [x, x])) + join(v, v); };`;

const layouts: Record<string, Readonly<Record<string, string>>> = {
  "a file beside it": { "lib.js": vector, "lib.d.ts": declared, "main.js": main("./lib") },
  "the types of the package that begins with it": {
    "node_modules/lib/package.json": JSON.stringify({
      name: "lib",
      main: "lib.js",
      types: "types/all.d.ts",
    }),
    "node_modules/lib/lib.js": vector,
    "node_modules/lib/types/all.d.ts": 'export * from "./vector";',
    "node_modules/lib/types/vector.d.ts": declared,
    "main.js": main("lib"),
  },
  "types that somebody else wrote for it": {
    "node_modules/lib/package.json": JSON.stringify({ name: "lib", exports: { ".": "./lib.js" } }),
    "node_modules/lib/lib.js": vector,
    "node_modules/@types/lib/package.json": JSON.stringify({
      name: "@types/lib",
      types: "index.d.ts",
    }),
    "node_modules/@types/lib/index.d.ts": declared,
    "main.js": main("lib"),
  },
  "modules that one file declares": {
    "node_modules/lib/package.json": JSON.stringify({
      name: "lib",
      main: "lib.js",
      types: "lib.d.ts",
    }),
    "node_modules/lib/lib.js": vector,
    "node_modules/lib/lib.d.ts": `declare module "parts/vector" { ${declared} }
      declare module "lib" { export * from "parts/vector"; }`,
    "main.js": main("lib"),
  },
  "other names than it is written with": {
    "lib.js": vector.replace(/Vector/g, "V").replace("export { V,", "export { V as Vector,"),
    "lib.d.ts": declared,
    "main.js": main("./lib"),
  },
};

describe("JavaScript with declarations", () => {
  it.each(Object.entries(layouts))("has the kinds that these tell: %s", (_, files) => {
    const { f, reports } = build(files);
    const ofLib = Object.entries(reports).find(([name]) => name.endsWith("lib.js"))?.[1];
    expect(ofLib?.functions.map((g) => g.form)).toEqual(["tangent", "tangent", "tangent"]);
    expect(twinOf(f)?.tangent).toBeDefined();
    expectRight(f);
  });

  it("is compiled anew where they change", () => {
    const { reports } = build(layouts["a file beside it"] as Record<string, string>);
    expect(reports["lib.js"]?.dependencies.some((d) => d.endsWith("lib.d.ts"))).toBe(true);
  });

  it("has of the classes that it borrows what their comments say", () => {
    const { f } = build({
      "turn.js": `export class Turn { constructor(a) { this._a = a; } get a() { return this._a * 1; } }`,
      "point.js": `import { Turn } from "./turn.js";
        export class Point {
          constructor(x) { this.x = x; }
          /** @param {Turn} q */
          turn(q) { this.x *= q.a; return this; }
        }
        export const idle = () => new Turn(1);`,
      "main.js": `import { Point } from "./point.js"; import { Turn } from "./turn.js";
        export const f = (x) => { "use dual"; return new Point(x).turn(new Turn(x * x)).x; };`,
    });
    expect(twinOf(f)?.tangent).toBeDefined();
    expectRight(f);
  });
});

const lies: Record<string, Readonly<Record<string, string>>> = {
  "another function of that name": {
    "lib.js": `function sum(of) { return of * of * 3; }
      function sum$1(list) { let s = 0; for (const x of list) s += x * sum(x); return s; }
      export { sum$1 as sum };`,
    "lib.d.ts": "export function sum(list: number[]): number;",
    "main.js": `import { sum } from "./lib";
      export const f = (x) => { "use dual"; return sum([x, x * x]); };`,
  },
  "a list where a number is declared": {
    "lib.js": `export class Box { constructor(v) { this.v = v; } get() { return this.v; } }
      export const first = (b) => b.get()[0];`,
    "lib.d.ts": `export class Box { v: number; constructor(v: number); get(): number; }
      export function first(b: Box): number;`,
    "main.js": `import { Box, first } from "./lib";
      export const f = (x) => { "use dual"; return first(new Box([x * x])); };`,
  },
  "a number where a list is declared": {
    "lib.js": `export function sum(list) { return typeof list === "number" ? list * list : list.reduce((a, b) => a + b); }
      export function hand(list) { return sum(list); }`,
    "lib.d.ts":
      "export function sum(list: number[]): number; export function hand(list: number[]): number;",
    "main.js": `import { hand } from "./lib";
      export const f = (x) => { "use dual"; return hand(x) + hand([x, 2]); };`,
  },
  "numbers of 32 bits where a list is declared": {
    "lib.js": `export class Store { constructor(v) { this.v = v; } total() { return add(this.v); } }
      function add(v) { let s = 0; for (const y of v) s += y * y; return s; }`,
    "lib.d.ts": "export class Store { v: number[]; constructor(v: number[]); total(): number; }",
    "main.js": `import { Store } from "./lib";
      export const f = (x) => { "use dual"; return new Store(new Float32Array([x, 2])).total() * x; };`,
  },
  "an instance of another class": {
    "lib.js": `export class A { constructor(x) { this.x = x; } at() { return this.x; } }
      export class B { constructor(x) { this.x = x; } at() { return this.x * this.x; } }
      export function look(a) { return a.at(); }`,
    "lib.d.ts": `export class A { x: number; constructor(x: number); at(): number; }
      export class B { x: number; constructor(x: number); at(): number; }
      export function look(a: A): number;`,
    "main.js": `import { A, B, look } from "./lib";
      export const f = (x) => { "use dual"; return look(new B(x)) + look(new A(x)) + look({ at: () => x * x * x }); };`,
  },
  "nothing where a number is declared": {
    "lib.js": `export function scaled(x, k) { return mul(x, k); }
      function mul(x, k) { return k === undefined ? x * x : x * k; }
      export class P { constructor(x) { this.x = x; this.k = undefined; } go() { return mul(this.x, this.k); } }`,
    "lib.d.ts": `export function scaled(x: number, k: number): number;
      export class P { x: number; k: number; constructor(x: number); go(): number; }`,
    "main.js": `import { scaled, P } from "./lib";
      export const f = (x) => { "use dual"; return scaled(x) + scaled(x, 3) + new P(x).go(); };`,
  },
  "a method where a field is declared": {
    "lib.js": `export class M { constructor(x) { this.x = x; } get twice() { return this.x * 2; } thrice() { return this.x * 3; } }
      export const use = (m) => m.twice * m.thrice();`,
    "lib.d.ts": `export class M { x: number; twice: number; thrice: () => number; constructor(x: number); }
      export function use(m: M): number;`,
    "main.js": `import { M, use } from "./lib";
      export const f = (x) => { "use dual"; return use(new M(x)); };`,
  },
  "text where a number is declared": {
    "lib.js": `export class T { constructor(x, name) { this.x = x; this.name = name; } tell() { return label(this.name) * this.x; } }
      function label(name) { return name + 1 === "a1" ? 2 : 3; }`,
    "lib.d.ts":
      "export class T { x: number; name: number; constructor(x: number, name: number); tell(): number; }",
    "main.js": `import { T } from "./lib";
      export const f = (x) => { "use dual"; return new T(x, "a").tell() * x; };`,
  },
};

describe("declarations that are wrong", () => {
  it.each(Object.entries(lies))("leave all numbers right: %s", (name, files) => {
    const { f } = build(files);
    if (name.includes("32 bits")) {
      const x = 1.25;
      expect(jvp(f, [x], [1])).toEqual([f(x), 3 * x * x + 4]);
      return;
    }
    expectRight(f);
  });
});
