import { parseSync, type types } from "@babel/core";
import { transformSync as strip } from "esbuild";
import { expect } from "vitest";
import { transformAlone } from "../../babel-plugin/test/support/compile.ts";
import type { Workspace } from "../../babel-plugin/test/support/workspace.ts";

/**
 * Examples in documentation. A statement `expression; // value` says what the expression gives:
 *
 * - a value as JavaScript writes it, compared exactly; `4.909…` is a number that begins so
 * - `throws DUAL103`: it throws an error of that code
 * - words in parentheses after the value are for the reader
 */

const CHECK = "__check";

/** Runs an example, which may import what a user can import; gives how many values were compared. */
export async function runExample(
  workspace: Workspace,
  code: string,
  file: string,
): Promise<number> {
  const { code: compiled } = transformAlone({ code: withChecks(code), file: `/${file}.ts` });
  const name = `${CHECK}${Math.random()}`;
  let compared = 0;
  const check = (value: () => unknown, comment: string) => {
    compared++;
    compare(value, comment);
  };
  Object.assign(globalThis, { [name]: check });
  try {
    await workspace.load(
      `const ${CHECK} = globalThis[${JSON.stringify(name)}];\n${strip(compiled, { loader: "ts" }).code}`,
    );
  } finally {
    Reflect.deleteProperty(globalThis, name);
  }
  return compared;
}

/** Puts the expressions that have a comment behind them into calls of the check; lines stay. */
function withChecks(code: string): string {
  const ast = parseSync(code, {
    configFile: false,
    babelrc: false,
    sourceType: "module",
    parserOpts: { plugins: ["typescript"] },
  });
  if (!ast) throw new Error("the example was not parsed");
  const comments = new Map(
    (ast.comments ?? [])
      .filter((c) => c.type === "CommentLine")
      .map((c) => [c.loc?.start.line, c.value.trim()]),
  );
  let written = code;
  for (const statement of ast.program.body.toReversed()) {
    const comment = comments.get(statement.loc?.end.line);
    if (statement.type !== "ExpressionStatement" || comment === undefined) continue;
    const { start, end } = (statement as types.ExpressionStatement).expression;
    const expression = code.slice(start as number, end as number);
    written =
      written.slice(0, start as number) +
      `${CHECK}(() => (${expression}), ${JSON.stringify(comment)})` +
      written.slice(end as number);
  }
  return written;
}

function compare(value: () => unknown, comment: string): void {
  const code = /^throws (DUAL\d+)/.exec(comment)?.[1];
  if (code !== undefined) {
    expect(value, comment).toThrow(code);
    return;
  }
  expect(value(), comment).toEqual(parse(comment.replace(/ \(.*\)$/, "")));
}

function parse(text: string): unknown {
  const source = text.replaceAll(/-?\d+\.\d+…/g, (number) => `beginning("${number.slice(0, -1)}")`);
  return new Function("beginning", `return (${source});`)(beginning);
}

/** Matches numbers whose decimals begin with those given. */
const beginning = (digits: string) => ({
  $$typeof: Symbol.for("jest.asymmetricMatcher"),
  asymmetricMatch: (x: unknown) => typeof x === "number" && String(x).startsWith(digits),
  toString: () => `${digits}…`,
  toAsymmetricMatcher: () => `${digits}…`,
});
