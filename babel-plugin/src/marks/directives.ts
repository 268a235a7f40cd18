import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isFunction } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { DIRECTIVE, isMark } from "./mark.ts";

/** Functions with a directive of their own, and whether the module has one; wrong directives are errors. */
export function findDirectives(context: ModuleContext): {
  module: boolean;
  functions: Set<FunctionNode>;
} {
  const { program } = context;
  const functions = new Set<FunctionNode>();
  const check = (directives: readonly types.Directive[]) => {
    for (const d of directives) checkSpelling(context, d, d.value.value);
  };
  check(program.node.directives);
  context.each({
    BlockStatement(path) {
      const { directives } = path.node;
      check(directives);
      if (directives.some(isMark) && isFunction(path.parent)) functions.add(path.parent);
    },
    ExpressionStatement(path) {
      const { expression } = path.node;
      if (expression.type === "StringLiteral") checkPlace(context, path, expression);
      if (expression.type === "TemplateLiteral" && expression.expressions.length === 0) {
        checkPlace(context, path, expression);
      }
    },
  });
  return { module: program.node.directives.some(isMark), functions };
}

function checkPlace(
  context: ModuleContext,
  path: NodePath<types.ExpressionStatement>,
  node: types.StringLiteral | types.TemplateLiteral,
): void {
  const text = node.type === "StringLiteral" ? node.value : (node.quasis[0]?.value.cooked ?? "");
  if (!resembles(text)) return;
  const where =
    node.type === "TemplateLiteral"
      ? "a template literal is no directive; write it with quotes"
      : path.parent.type === "StaticBlock"
        ? "a static block cannot be marked; mark the methods, or the module"
        : "a directive stands before everything else in a function body or file; move it to the top";
  context.diagnostics.report("DUAL002", path.node, `"${text}" has no effect here: ${where}.`);
}

function checkSpelling(context: ModuleContext, node: types.Node, text: string): void {
  if (text !== DIRECTIVE && resembles(text)) {
    context.diagnostics.report(
      "DUAL001",
      node,
      `unknown directive "${text}"; did you mean "${DIRECTIVE}"?`,
    );
  }
}

/**
 * Whether a file may have something for us, by its text alone: most files of a project do not, and
 * are not parsed. Misspelled directives count.
 */
export function mayHaveMarks(code: string): boolean {
  if (/\bdualize\b/.test(code)) return true;
  for (const [, text = ""] of code.matchAll(/["'`](\s*u[a-z\s_-]{4,14})["'`]/gi))
    if (resembles(text)) return true;
  return false;
}

/**
 * Whether a text is `use dual`, within two slips of it, or a longer form of it; other tools'
 * directives are not.
 */
function resembles(text: string): boolean {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
  if (text.length > 16) return false;
  return plain.startsWith(DIRECTIVE) || (/^u/.test(plain) && distance(plain, DIRECTIVE) <= 2);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Removes the directives, so that nothing is left of them in the output and a second run finds none. */
export function removeDirectives(context: ModuleContext): void {
  const strip = (node: { directives: types.Directive[] }) => {
    node.directives = node.directives.filter((d) => !isMark(d));
  };
  strip(context.program.node);
  context.each({ BlockStatement: ({ node }) => strip(node) });
}
