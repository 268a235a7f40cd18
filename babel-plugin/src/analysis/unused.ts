import type { types } from "@babel/core";
import type { FunctionNode } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;

/** Whether nobody looks at a parameter, whatever it is. */
export function isUnused(context: ModuleContext, f: FunctionNode, param: Node): boolean {
  const binding = param.type === "Identifier" ? context.bindings.get(param) : undefined;
  return (
    binding?.kind === "param" &&
    binding.referencePaths.length === 0 &&
    binding.constant &&
    !someIn(context.t, f.body, (n) => n.type === "Identifier" && n.name === "arguments")
  );
}
