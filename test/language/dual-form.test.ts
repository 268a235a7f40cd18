import { createRequire } from "node:module";
import vm from "node:vm";
import { transformSync } from "@babel/core";
import { jvp } from "dualize";
import * as runtime from "dualize/runtime";
import { describe, expect, it } from "vitest";
import dualize from "../../babel-plugin/src/index.ts";

/** What only the dual form has to see to, in scripts: code that is not strict, names that are given by places. */

const require = createRequire(import.meta.url);
type F = (x: number) => unknown;

function run(body: string): F {
  const { code } = transformSync(`exports.f = function (x) { "use dual"; ${body} };`, {
    configFile: false,
    babelrc: false,
    sourceType: "script",
    plugins: [dualize],
  }) as { code: string };
  const exports: { f?: F } = {};
  const wrapped = vm.runInThisContext(`(function (exports, require) { ${code}\n})`) as (
    exports: object,
    require: (id: string) => unknown,
  ) => void;
  wrapped(exports, (id) => (id === "dualize/runtime" ? runtime : require(id)));
  return exports.f as F;
}

const frozen = "var o = Object.freeze([x, 1]);";
const rows: [body: string, why: string][] = [
  [`${frozen} var k = 0; o[k] = 5; return o[0] * x;`, "an element"],
  [`${frozen} o.length = 0; return o.length === 2 ? x * x : 1;`, "a length"],
  [`${frozen} var k = 0; o[k] += 5; return o[0] * x;`, "a compound assignment"],
  [`${frozen} var k = 0; [o[k]] = [5]; return o[0] * x;`, "a pattern"],
  [`${frozen} var k = 0; delete o[k]; return o[0] * x;`, "a deletion"],
  ["var k = 0; (5)[k] = 1; return x * x;", "a property of a number"],
  ["var a = new Float64Array([x]), k = 0; return delete a[k] ? 1 : a[0] * x;", "a float"],
];

const expectDual = (body: string): void => {
  const f = run(body);
  expect(f(3)).toBe(9);
  expect(jvp(runtime.dualForm(runtime.twinOf(f)?.dual as F), [3], [1])).toEqual([9, 6]);
};

describe("a write that fails in sloppy code fails without a word", () => {
  for (const [body, why] of rows) {
    it(why, () => expectDual(body));
  }

  it("and throws where the function is strict, or its class is", () => {
    const strict = [
      `"use strict"; ${frozen} var k = 0; o[k] = 5; return x;`,
      `${frozen} class A { m() { var k = 0; o[k] = 5; } } new A().m(); return x;`,
    ];
    for (const body of strict) expect(() => jvp(run(body) as never, [3], [1])).toThrow(TypeError);
  });

  it("but nothing has no properties to write to", () => {
    expect(() => jvp(run("var o = null, k = 0; o[k] = x; return x;") as never, [3], [1])).toThrow(
      TypeError,
    );
  });
});

describe("a function without a name gets one", () => {
  const named = (body: string, name: string) =>
    it(body, () => {
      const f = run(`${body} return [${name}];`);
      const { dual } = runtime.twinOf(f) as { dual: F };
      expect(dual(3)).toEqual([true]);
    });
  named(`var s = Symbol("s"), o = { [s]: () => x };`, `o[s].name === "[s]"`);
  named(`var n = 0, o = { [(n++, "k")]: async () => x };`, `o.k.name === "k" && n === 1`);
  named("var g; g ??= () => x;", `g.name === "g"`);
  named("var g; (g) = () => x;", `g.name === ""`);
});
