import type { types } from "@babel/core";
import type { T } from "../../ast.ts";

type Node = types.Node;
type Block = types.BlockStatement;

/** Where a temporary is used: the innermost block around all its uses, and the first of these. */
interface Uses {
  block: Block;
  first: Node;
  writes: number;
}

/**
 * Declares temporaries where they are written, if that is one statement before all their uses; gives
 * the names of the others, which are declared at the top. It reads better, and a variable that is
 * declared at the top costs the engine's inliner bytes of its budget.
 */
export function declareInPlace(t: T, body: Block, names: readonly string[]): string[] {
  const wanted = new Set(names);
  const uses = new Map<string, Uses>();
  const around: Block[] = [];
  const parents = new Map<Block, Block | undefined>();
  const commonWith = (block: Block): Block => {
    let b: Block = block;
    while (!around.includes(b)) b = parents.get(b) as Block;
    return b;
  };

  const see = (node: Node): void => {
    if (node.type === "Identifier" && wanted.has(node.name)) {
      const block = around.at(-1) as Block;
      const known = uses.get(node.name);
      if (known) known.block = commonWith(known.block);
      else uses.set(node.name, { block, first: node, writes: 0 });
    }
    const isBlock = node.type === "BlockStatement";
    if (isBlock) {
      parents.set(node, around.at(-1));
      around.push(node);
    }
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const c of Array.isArray(child) ? child : [child]) if (c) see(c);
    }
    if (isBlock) around.pop();
    const written =
      node.type === "AssignmentExpression"
        ? node.left
        : node.type === "UpdateExpression"
          ? node.argument
          : undefined;
    const use = written?.type === "Identifier" ? uses.get(written.name) : undefined;
    if (use) use.writes++;
  };
  see(body);

  const declared = new Set<string>();
  for (const [name, { block, first, writes }] of uses) {
    if (writes !== 1) continue;
    const at = block.body.findIndex(
      (s) =>
        s.type === "ExpressionStatement" &&
        s.expression.type === "AssignmentExpression" &&
        s.expression.operator === "=" &&
        s.expression.left === first,
    );
    if (at < 0) continue;
    const { expression } = block.body[at] as types.ExpressionStatement;
    const { right } = expression as types.AssignmentExpression;
    block.body[at] = t.variableDeclaration("const", [
      t.variableDeclarator(t.identifier(name), right),
    ]);
    declared.add(name);
  }
  return names.filter((n) => uses.has(n) && !declared.has(n));
}
