import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What was refused once, and is ordinary code. */
const programs: Record<string, string> = {
  "a class that is only declared": `declare class H {}
    export function f(x: number): number { "use dual"; return x * x; }`,
  "a variable that is called like the function around it": `export const f = function s(x: number): number { "use dual"; var s = 0; for (var i = 0; i < 1; i++) s += x * x; return s; };`,
  "the class of a value": `export function f(x: number): number { "use dual"; return Object.prototype.toString.call([x]) === "[object Array]" ? x * x : x; }`,
  "what an object is": `export function f(x: number): number { "use dual"; const xs = [x, x].valueOf() as number[]; return xs[0]! * Object(xs).valueOf()[1]; }`,
  "whether it is a view": `export function f(x: number): number { "use dual"; return ArrayBuffer.isView(new Float64Array([x])) ? x * x : x; }`,
};

describe("is taken", () => {
  it.each(Object.entries(programs))("%s", (_, code) =>
    expectEveryForm({ code, at: [3], value: 9, tangent: 6 }),
  );
});
