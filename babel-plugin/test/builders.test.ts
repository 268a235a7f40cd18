import { types as t } from "@babel/core";
import { expect, test } from "vitest";
import { examples, withoutChecks } from "../src/builders.ts";

type Builder = (...args: unknown[]) => unknown;
const quick = withoutChecks(t) as unknown as Record<string, Builder>;
const babel = t as unknown as Record<string, Builder>;

test.each(Object.entries(examples(t)))("%s makes the node that Babel makes", (name, args) => {
  expect(quick[name]).not.toBe(babel[name]);
  const made = quick[name]?.(...args);
  expect(made).toStrictEqual(babel[name]?.(...args));
  expect(Object.keys(made as object)).toEqual(Object.keys(babel[name]?.(...args) as object));
});

test("optional arguments are as Babel has them", () => {
  const x = t.identifier("x");
  const more: [string, unknown[]][] = [
    ["memberExpression", [x, x, true]],
    ["unaryExpression", ["!", x, true]],
    ["objectProperty", [x, x, false, true]],
    ["variableDeclarator", [x, x]],
    ["ifStatement", [x, t.blockStatement([]), t.blockStatement([])]],
    ["blockStatement", [[], [t.directive(t.directiveLiteral("use strict"))]]],
  ];
  for (const [name, args] of more)
    expect(quick[name]?.(...args)).toStrictEqual(babel[name]?.(...args));
});

test("a builder stays Babel's where its version gives other fields", () => {
  const other = {
    ...t,
    memberExpression: (...args: Parameters<typeof t.memberExpression>) => ({
      ...t.memberExpression(...args),
      more: 1,
    }),
  } as typeof t;
  expect(withoutChecks(other).memberExpression).toBe(other.memberExpression);
  expect(withoutChecks(other).identifier).not.toBe(other.identifier);
});
