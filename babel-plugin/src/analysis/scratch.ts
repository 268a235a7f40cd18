import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { classMadeBy } from "./constructors.ts";
import type { TypeKinds } from "./type-kinds.ts";

/** Objects of the module that functions write into before they read them, and what makes each. */
export type Scratch = ReadonlyMap<Binding, types.NewExpression>;

export const NO_SCRATCH: Scratch = new Map();

/**
 * The objects of a module that may be there for nothing but to spare functions the making of one: `const temp = new Vec3()`,
 * of a class whose instances are made of numbers, named by functions of the file alone. Whether all of these write
 * before they read, and give it to nobody, is seen in their programs.
 */
export function scratchIn(context: ModuleContext, typeKinds: TypeKinds): Scratch {
  const found = new Map<Binding, types.NewExpression>();
  for (const binding of Object.values(context.program.scope.bindings)) {
    const { path, identifier, constant } = binding;
    const { node, parentPath } = path;
    if (!constant || node.type !== "VariableDeclarator" || node.id !== identifier) continue;
    if (parentPath?.parent.type !== "Program" || !node.init) continue;
    const made = unwrap(node.init);
    if (made.type !== "NewExpression" || !made.arguments.every((a) => a.type === "NumericLiteral"))
      continue;
    const definition = classMadeBy({ context, typeKinds }, made);
    const kind = definition?.id ? typeKinds.classKind(definition.id.name) : undefined;
    if (kind?.k !== "object" || [...kind.fields.values()].some((of) => of.k !== "num")) continue;
    const uses = binding.referencePaths;
    if (uses.length > 0 && uses.every((use) => functionsAround(use).length > 0))
      found.set(binding, made);
  }
  return found;
}

/** The functions in which something stands, innermost first. */
export function functionsAround(path: NodePath): FunctionNode[] {
  const found: FunctionNode[] = [];
  for (let p = path.parentPath; p; p = p.parentPath) if (isFunction(p.node)) found.push(p.node);
  return found;
}
