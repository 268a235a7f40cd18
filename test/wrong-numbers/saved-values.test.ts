import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** What has to come back on the way back is no number, whatever it is called. */

const loop = (declared: string, chosen: string, test: string): string =>
  `export function f(x: number, o: { length: string; k: number }, names: string[]): number {
    "use dual";
    let s = x;
    ${declared}
    for (let i = 0; i < 3; i++) {
      ${chosen}
      s = ${test} ? s * s : s * x;
    }
    return s;
  }`;
const ofModule = (list: string, last: string): string => `${list} let n = 0;
  export function f(x: number): number {
    "use dual";
    n = -1;
    let s = x;
    for (let i = 0; i < 3; i++) {
      n++;
      const u = list[n].length;
      s = u === ${last} ? s * s : s * x;
    }
    return s;
  }`;
// x -> x² -> x⁴ -> x⁵, or x -> x² -> x³ -> x⁶
const cases: Record<string, Told> = {
  "a variable called as the code calls one of its own": {
    code: `export function f(x: number): number {
      "use dual";
      let s = x;
      let rounds = "a";
      for (let i = 0; i < 3; i++) {
        rounds = i === 2 ? "c" : "b";
        switch (rounds) {
          case "a":
            s = s + x;
            break;
          case "b":
            s = s * s;
            break;
          default:
            s = s * x;
        }
      }
      return s;
    }`,
    at: [2],
    along: [1],
    value: 32,
    tangent: 80,
  },
  "a length that is text": {
    code: loop("", "o.length = names[i]; const u = o.length;", 'u === "mm"'),
    value: 64,
    tangent: 192,
  },
  "a length that is text, of an object of the module": {
    code: ofModule('const list = [{ length: "m" }, { length: "m" }, { length: "mm" }];', '"mm"'),
    at: [2],
    along: [1],
    value: 64,
    tangent: 192,
  },
  "a length that nobody has set": {
    code: ofModule("const list = [[], [], {}] as unknown as number[][];", "undefined"),
    at: [2],
    along: [1],
    value: 64,
    tangent: 192,
  },
};

describe("what is saved for the way back", () => {
  it.each(Object.entries(cases))("%s", (_, c) =>
    expectToldForms({
      at: [2, { length: "", k: 3 }, ["m", "m", "mm"]],
      along: [1, { k: 0 }, null],
      fast: ["f"],
      ...c,
    }),
  );
});
