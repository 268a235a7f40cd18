import type { NodePath, types } from "@babel/core";
import type { ModuleContext } from "../module-context.ts";
import { codeOf } from "./plan.ts";

/** What tells the code of a class to the files that import it; undefined for one that none can. */
export function codeSeenElsewhere(
  context: ModuleContext,
  path: NodePath<types.Class>,
): string | undefined {
  const { node, parent } = path;
  if (node.type !== "ClassDeclaration" || !node.id) return undefined;
  const { body } = context.program.node;
  const isNamed = () =>
    body.some(
      (s) =>
        (s.type === "ExportNamedDeclaration" &&
          !s.source &&
          s.specifiers.some(
            (e) => e.type === "ExportSpecifier" && e.local.name === node.id?.name,
          )) ||
        (s.type === "ExportDefaultDeclaration" &&
          s.declaration.type === "Identifier" &&
          s.declaration.name === node.id?.name),
    );
  const isExported =
    parent.type === "ExportNamedDeclaration" ||
    parent.type === "ExportDefaultDeclaration" ||
    (parent.type === "Program" && isNamed());
  return isExported ? codeOf(context.t, node, body) : undefined;
}
