import { describe, it } from "vitest";
import { expectEveryCode } from "../tangent/support/codes.ts";

/**
 * What a call has read, and what its caller changes after it by other means than writes: going back through the call
 * finds it as it was. The function that is called is one with sweeps of its own.
 */

const take = (type: string, k: string): string =>
  `function take(x: number[], o: ${type}, i: number, deep: number): number { if (deep > 0) return take(x, o, i, deep - 1) * x[deep]!; const at = ${k}; return x[at]! * (i + 1) * x[at]!; }`;

const thrice = (made: string, first: string, second: string, o = "o"): string =>
  `export function f(x: number[]): number { ${made}; let s = take(x, ${o}, 0, 1); ${first}; s += take(x, ${o}, 0, 2) * 3; ${second}; s += take(x, ${o}, 1, 0) * s; return s; }`;

const lengthOf = take("string[]", "o[i]!.length");

const programs: Record<string, string> = {
  "the order of a list of texts": `${lengthOf} ${thrice(`const o = ["", "a", "bb", "ccc"]`, "o.reverse()", "o.sort()")}`,
  "texts that are taken out": `${lengthOf} ${thrice(`const o = ["", "a", "bb", "ccc"]`, "o.shift()", "o.splice(0, 1)")}`,
  "the length of a list of texts": `${take("string[]", "o.length")} ${thrice(`const o = ["", "a", "bb"]`, "o.pop()", `o.push("a", "b")`)}`,
  "texts that are numbers": `${take("string[]", "+o[i]!")} ${thrice(`const o = ["0", "1", "2", "3"]`, "o.reverse()", `o.fill("4")`)}`,
  "a variable of the file": `let k = 0; ${take("number", "k + o")} ${thrice("k = 1", "k++", "k = 4", "0")}`,
  "a list of the file that grows": `const stack: number[] = []; ${take("number", "stack.length + o")} ${thrice("stack.push(1)", "stack.push(1)", "stack.pop(); stack.pop()", "0")}`,
  "a table of the file": `const table = new Uint8Array([3, 1, 0, 2]); ${take("number", "table[i]! + o")} ${thrice("table.sort()", "table.reverse()", "table.sort()", "0")}`,
  "a variable of the file, by a call of another": `let k = 0; function next(): void { k++; } ${take("number", "k + o")} ${thrice("k = 0", "next()", "next()", "0")}`,
};

describe("what a caller changes after a call is for the sweep back as the call found it:", () => {
  it.each(Object.entries(programs))("%s", (name, code) => {
    expectEveryCode({
      name,
      code: `"use dual";\n${code}`,
      at: [[1.5, 2, 0.3, 4, 2.5]],
      along: [[1, -0.5, 0.25, 2, -1]],
      codes: ["tangent", "adjoint"],
    });
  });
});
