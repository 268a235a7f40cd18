import { describe, expect, test } from "vitest";
import { transformAlone } from "./support/compile.ts";

/** The functions that other files can call have second-order code for these, and no others. */

const compile = (code: string) => transformAlone({ file: "a.ts", code } as never).code;
const f = (name: string) => `function ${name}(x: number): number { return x * x; }`;

describe("second-order code for other files", () => {
  test.each([
    ["declared as exported", `export ${f("f")}`],
    ["exported by a list", `${f("f")} export { f as g };`],
    ["exported by default", `export default ${f("f")}`],
    ["exported as a constant", `export const f = (x: number): number => x * x;`],
    ["exported through a wrapper", `${f("f")} export const g = Object.freeze(f);`],
    ["of CommonJS", `${f("f")} exports.f = f;`],
    ["in an object of CommonJS", `${f("f")} module.exports = { f };`],
  ])("is emitted of a function that is %s", (_, code) => {
    expect(compile(`"use dual"; ${code}`)).toMatch(/\bsecond: \{/);
  });

  test("is not emitted of a function that stays in its file", () => {
    const code = compile(`"use dual"; ${f("helper")} export const two = helper(2);`);
    expect(code).toMatch(/\bhvp: \{/);
    expect(code).not.toMatch(/\bsecond: \{/);
  });

  test("is not emitted of a long function", () => {
    const long = Array.from({ length: 30 }, (_, i) => `s += Math.sin(x * ${i});`).join(" ");
    const code = compile(
      `"use dual"; export function f(x: number) { let s = 0; ${long} return s; }`,
    );
    expect(code).toMatch(/\bhvp: \{/);
    expect(code).not.toMatch(/\bsecond: \{/);
  });

  test("is looked for once among names that stand for each other", () => {
    expect(compile(`"use dual"; var a = b; var b = a; export { a }; ${f("f")}`)).toContain(
      "f$dual",
    );
  });
});
