import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What was refused once, and is ordinary code. */
const programs: Record<string, string> = {
  "a class that is only declared": `declare class H {}
    export function f(x: number): number { "use dual"; return x * x; }`,
  "the class of a value": `export function f(x: number): number { "use dual"; return Object.prototype.toString.call([x]) === "[object Array]" ? x * x : x; }`,
  "whether it is a view": `export function f(x: number): number { "use dual"; return ArrayBuffer.isView(new Float64Array([x])) ? x * x : x; }`,
};

describe("is taken", () => {
  it.each(Object.entries(programs))("%s", (_, code) =>
    expectEveryForm({ code, at: [3], value: 9, tangent: 6 }),
  );
});
