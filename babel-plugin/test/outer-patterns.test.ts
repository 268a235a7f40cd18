import { describe, expect, test } from "vitest";
import { transformAlone } from "./support/compile.ts";

/** A variable outside a marked function that a pattern assigns to, which an active number must not reach. */

const compile = (body: string) =>
  transformAlone({
    file: "a.ts",
    code: `let outer = 0; export function f(x: number) { "use dual"; ${body}; return x * outer; }`,
  } as never).code;

describe("a pattern that assigns to a variable outside", () => {
  test.each([
    ["a list that holds an active number", "const n = [x]; [outer] = n"],
    ["a list that is another one later", "let n = [1]; n = [x]; [outer] = n"],
    ["a list that is written into", "const n = [1]; n[0] = x; [outer] = n"],
    [
      "a list that is written into under another name",
      "const m = [1]; const n = m; m.push(x); [outer] = n",
    ],
  ])("is refused where it takes apart %s", (_, body) => {
    expect(() => compile(body)).toThrow(/DUAL005/);
  });

  test.each([
    ["a literal without active numbers", "[outer] = [2]"],
    ["a constant that is one", "const n = [1]; [outer] = n"],
  ])("is kept where it takes apart %s", (_, body) => {
    expect(compile(body)).toContain("outer");
  });
});
