import type { types } from "@babel/core";
import type { FunctionNode } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

/** Names of the language that forms use, also where the function itself does not. */
const needed: readonly string[] = [
  ...["Array", "Float32Array", "Float64Array", "Math", "NaN", "Number", "Symbol", "TypeError"],
];

/** A name of the language that stands for something of the program's own where the forms of a function stand. */
export function hiddenGlobal(context: ModuleContext, f: FunctionNode): string | undefined {
  const scope = context.functionPaths.get(f)?.scope.parent ?? context.program.scope;
  return needed.find((name) => context.isHidden(name, scope) || hidesByEnum(context, name));
}

/** Whether a name is one of TypeScript's declarations that make values, which Babel has no bindings for. */
const hidesByEnum = ({ program }: ModuleContext, name: string): boolean =>
  program.node.body.some((statement) => {
    const declared =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    return (
      declared != null &&
      /^TS(Enum|Module|ImportEquals)Declaration$/.test(declared.type) &&
      (declared as { id?: types.Node }).id?.type === "Identifier" &&
      (declared as { id: types.Identifier }).id.name === name
    );
  });
