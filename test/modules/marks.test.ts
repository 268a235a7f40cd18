import { transformSync } from "@babel/core";
import dualize, { type Options } from "babel-plugin-dualize";
import * as library from "dualize";
import { derivative, dual } from "dualize";
import * as runtime from "dualize/runtime";
import { transformSync as strip } from "esbuild";
import { describe, expect, it } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: what a text exports
type Exports = Record<string, any>;

/** Runs a text that went through the plugin, as a CommonJS module. */
function run(code: string, options: Options = {}, file = "/project/src/file.js") {
  const script = /\b(exports|module)\b/.test(code);
  const result = transformSync(code, {
    filename: file,
    cwd: "/project",
    configFile: false,
    babelrc: false,
    sourceType: script ? "script" : "module",
    parserOpts: { plugins: file.endsWith(".ts") ? ["typescript"] : [] },
    plugins: [[dualize, options]],
  });
  const emitted = result?.code ?? "";
  const text = strip(emitted, { loader: "ts", format: script ? undefined : "cjs" }).code;
  const module = { exports: {} as Exports };
  const known: Record<string, unknown> = { dualize: library, "dualize/runtime": runtime };
  new Function("require", "module", "exports", text)(
    (name: string) => known[name],
    module,
    module.exports,
  );
  type Report = { dualize?: { diagnostics: { code: string }[] } };
  const notes = (result?.metadata as Report | undefined)?.dualize?.diagnostics ?? [];
  return { exports: module.exports, code: emitted, notes };
}

const slope = (f: unknown, x: number) => derivative(f as (x: number) => number)(x);

describe("a module directive marks", () => {
  it("closures that its functions return when they are called as usual", () => {
    const { exports } = run(`"use dual";
      const make = (e) => (t) => t ** e;
      export const cube = make(3);
      export const table = { twice: make(1), deep: [make(2)] };`);
    expect(slope(exports.cube, 2)).toBe(12);
    expect(slope(exports.table.deep[0], 3)).toBe(6);
    expect(
      slope(
        dual((x: number) => exports.cube(x) * x),
        2,
      ),
    ).toBe(32);
  });

  it("closures of closures, and what they call", () => {
    const { exports } = run(`"use dual";
      export function outer(a) {
        function helper(x) { return x * x * a; }
        const again = (x) => helper(x) + 1;
        return function middle(b) {
          return (x) => again(x) * b + (x > 100 ? helper(x) : 0);
        };
      }`);
    expect(slope(exports.outer(3)(2), 5)).toBe(60);
    expect(slope(exports.outer(1)(1), 200)).toBe(800);
  });

  it("a closure that calls itself", () => {
    const { exports } = run(`"use dual";
      export const make = (k) => {
        function power(x, n) { return n === 0 ? k : x * power(x, n - 1); }
        return power;
      };`);
    expect(derivative(exports.make(2) as (x: number, n: number) => number)(3, 4)).toBe(216);
  });

  it("methods of objects that are made in ordinary calls, with their object", () => {
    const { exports } = run(`"use dual";
      export const line = (m, c) => ({
        m, c,
        at(x) { return this.m * x * x + this.c; },
        from: (x) => m * x,
      });`);
    const l = exports.line(3, 1);
    expect(l.at(2)).toBe(13);
    expect(
      slope(
        dual((x: number) => l.at(x)),
        2,
      ),
    ).toBe(12);
    expect(slope(l.from, 2)).toBe(3);
  });

  it("methods of classes, and constructor functions", () => {
    const { exports } = run(`"use dual";
      export class Line { constructor(m) { this.m = m; } at(x) { return this.m * x * x; } }
      export function Old(m) { this.m = m; }
      Old.prototype.at = function (x) { return this.m * x * x; };`);
    const l = new exports.Line(3);
    const o = new exports.Old(4);
    expect(
      slope(
        dual((x: number) => l.at(x) + o.at(x)),
        1,
      ),
    ).toBe(14);
  });

  it("what is inside a wrapper that is called at once", () => {
    const { exports } = run(`"use dual";
      export const api = (function () {
        const K = 3;
        function square(x) { return x * x; }
        return { f: function (x) { return K * square(x); } };
      })();`);
    expect(slope(exports.api.f, 2)).toBe(12);
  });

  it("functions of a wrapper that call what only the wrapper knows", () => {
    const { exports } = run(`"use dual";
      export const f = ((scale) => {
        const { sin: wave } = Math;
        const made = ((k) => (x) => k * x)(scale);
        function f(x) { return made(x) * wave(x) * x; }
        return f;
      })(2);`);
    expect(slope(exports.f, 1)).toBeCloseTo(2 * (2 * Math.sin(1) + Math.cos(1)), 14);
  });

  it("what is inside a UMD wrapper", () => {
    const { exports } = run(`"use dual";
      (function (global, factory) {
        typeof exports === "object" && typeof module !== "undefined" ? factory(exports) :
        (global = global || self, factory(global.ease = {}));
      })(this, function (exports) { "use strict";
        var exponent = 3;
        var polyIn = (function custom(e) {
          e = +e;
          function polyIn(t) { return Math.pow(t, e); }
          polyIn.exponent = custom;
          return polyIn;
        })(exponent);
        function quad(t) { return t * t; }
        exports.polyIn = polyIn;
        exports.quad = quad;
      });`);
    expect(slope(exports.quad, 3)).toBe(6);
    expect(slope(exports.polyIn, 2)).toBe(12);
    expect(slope(exports.polyIn.exponent(2), 2)).toBe(4);
  });
});

describe("a function of a marked file that can't be differentiated", () => {
  const code = `"use dual";
    let last = 0;
    export function keep(x) { [last] = [x * x]; return last; }
    export function odd(x) { return eval("x * x"); }
    export class Counted { constructor(x) { [last] = [x * x]; this.x = x; } }
    export function fine(x) { return x * x; }
    export function reaches(x) { return x > 0 ? keep(x) : fine(x); }`;

  it("leaves the others their derivatives", () => {
    const { exports } = run(code);
    expect(slope(exports.fine, 3)).toBe(6);
    expect(slope(exports.reaches, -3)).toBe(-6);
    expect(exports.keep(3)).toBe(9);
    expect(exports.odd(3)).toBe(9);
    expect(new exports.Counted(2).x).toBe(2);
  });

  it("is an error with its code and place where a derivative reaches it, and a note", () => {
    const { exports, notes } = run(code);
    expect(() => slope(exports.keep, 3)).toThrow(/DUAL005: .*'last'[\s\S]*src\/file\.js:3:/);
    expect(() => slope(exports.reaches, 3)).toThrow("DUAL005");
    expect(() => slope(exports.odd, 3)).toThrow("DUAL003");
    expect(() =>
      slope(
        dual((x: number) => new exports.Counted(x).x),
        3,
      ),
    ).toThrow(/DUAL101|DUAL005/);
    expect(notes.map((n) => n.code)).toEqual(["DUAL005", "DUAL003", "DUAL005"]);
  });

  it("is still an error of the file where it says itself that it is marked", () => {
    const code = `let last = 0; export const look = () => last; export function f(x) { "use dual"; last = x * x; }`;
    expect(() => run(code)).toThrow("DUAL005");
  });
});

describe("closures that a marked function makes in an ordinary call", () => {
  it("can be differentiated, and keep their names", () => {
    const { exports } = run(`
      export function make(e) {
        "use dual";
        const power = (t) => t ** e;
        return { power, again: (t) => power(t), named: function own(t) { return power(t) * 2; } };
      }`);
    const made = exports.make(3);
    expect([made.power.name, made.again.name, made.named.name]).toEqual(["power", "again", "own"]);
    expect([made.power, made.again, made.named].map((f) => slope(f, 2))).toEqual([12, 12, 24]);
  });

  it("are refused with the place where they change what they share", () => {
    const { exports } = run(`
      export function sums() {
        "use dual";
        let sum = 0;
        return (x) => (sum += x * x);
      }`);
    expect(exports.sums()(3)).toBe(9);
    expect(() => slope(exports.sums(), 3)).toThrow(/DUAL005[\s\S]*file\.js:5/);
  });

  it("pass for each other's twin no more than subclasses and copies do", () => {
    const { exports } = run(`export const make = (e) => { "use dual"; return (t) => t ** e; };`);
    const copy = Object.assign((t: number) => t as unknown, exports.make(3));
    expect(() => slope(copy, 2)).toThrow("DUAL102");
  });
});

describe("questions about the kind of a value", () => {
  it("are answered as in an ordinary call", () => {
    const { exports } = run(`"use dual";
      const { toString } = Object.prototype;
      export const kinds = (x) => {
        const xs = new Float64Array(2);
        xs[0] = x;
        return [x, [x], { x }, xs].map((v) => toString.call(v) + ArrayBuffer.isView(v));
      };
      export const f = (x) =>
        Object.prototype.toString.call([x]) === "[object Array]" ? x * x : x;`);
    expect(library.jvp(exports.kinds, [2], [1])[0]).toEqual(exports.kinds(2));
    expect(slope(exports.f, 3)).toBe(6);
  });
});

describe("the option mark", () => {
  const code = "export const square = (x) => x * x;";
  const marked = (mark: NonNullable<Options["mark"]>, file?: string) =>
    run(code, { mark }, file).code.includes("dualize/runtime");
  const inPackage = "/project/node_modules/@scope/pkg/lib/index.js";

  it("takes globs, relative to the working directory", () => {
    expect(marked("src/**")).toBe(true);
    expect(marked("src/*.js")).toBe(true);
    expect(marked("**/*.{js,ts}")).toBe(true);
    expect(marked(["lib/**", "src/file.js"])).toBe(true);
    expect(marked("lib/**")).toBe(false);
    expect(marked("src/*.ts")).toBe(false);
    expect(marked("src/fil?.js")).toBe(true);
  });

  it("takes names of packages", () => {
    expect(marked("@scope/pkg", inPackage)).toBe(true);
    expect(marked("pkg", inPackage)).toBe(false);
    expect(marked("@scope/pkg")).toBe(false);
  });

  it("takes regular expressions and functions of the file's name", () => {
    expect(marked(/src\/f/)).toBe(true);
    expect(marked((file) => file === inPackage, inPackage)).toBe(true);
    expect(marked(() => false)).toBe(false);
  });

  it("leaves the library and what went through the plugin already alone", () => {
    expect(marked(/./, "/project/node_modules/dualize/dist/index.js")).toBe(false);
    const once = run(code, { mark: /./ }).code;
    expect(run(once, { mark: /./ }).code).toBe(once);
  });

  it("marks CommonJS files", () => {
    const { exports } = run("exports.cube = (x) => x * x * x;", { mark: "src/**" });
    expect(slope(exports.cube, 2)).toBe(12);
  });
});
