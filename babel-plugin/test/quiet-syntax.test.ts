import { type ParserOptions, parseSync, traverse, type types } from "@babel/core";
import { describe, expect, it } from "vitest";
import { isQuietSyntax } from "../src/language/quiet-syntax.ts";

const plugins: ParserOptions["plugins"] = [
  "typescript",
  "explicitResourceManagement",
  "doExpressions",
  "decorators",
];

/** The types of the nodes of some code that are taken to do something by themselves. */
function loudIn(code: string): string[] {
  const file = parseSync(`async function* f() { ${code} }`, {
    configFile: false,
    babelrc: false,
    parserOpts: { plugins },
  }) as types.File;
  const found: string[] = [];
  traverse(file, {
    enter: ({ node }) => {
      if (!isQuietSyntax(node) && node.type !== "Program") found.push(node.type);
    },
  });
  return [...new Set(found)];
}

describe("syntax that does something by itself", () => {
  it.each([
    ["x = 1", "AssignmentExpression"],
    ["x++", "UpdateExpression"],
    ["g(x)", "CallExpression"],
    ["g?.(x)", "OptionalCallExpression"],
    ["new G(x)", "NewExpression"],
    ["g`text`", "TaggedTemplateExpression"],
    ["await x", "AwaitExpression"],
    ["yield x", "YieldExpression"],
    ["for (const v of xs);", "ForOfStatement"],
    ["using r = x;", "VariableDeclaration"],
    ["await using r = x;", "VariableDeclaration"],
    ["debugger;", "DebuggerStatement"],
    ["x = do { 1; };", "DoExpression"],
    ["@x class C {}", "Decorator"],
    ["enum E { A }", "TSEnumDeclaration"],
  ])("%s", (code, type) => {
    expect(loudIn(code)).toContain(type);
  });
});

it("what only computes does nothing by itself", () => {
  const code = `
    type T = number; interface I { a: T }
    const o = { a: 1, ["b"]: [2, , ...xs], get c() { return this; }, m(): void {} } as I;
    let { a, ...rest } = o, [b = 2n] = xs;
    if (!a && b ? /x/ : -(a, b)) throw a; else label: for (;;) { if (o?.a) break label; continue; }
    for (const k in o) { while (a) do { switch (k) { case "a": return; default: } } while (b); }
    try { \`\${a + b}\`; } catch { } finally { }
    const h = (y = 1) => y, i = function () { return new.target; };
    class C { #p = 1; static q = 2; r() { return super.r + this.#p; } }`;
  expect(loudIn(code)).toEqual([]);
});
