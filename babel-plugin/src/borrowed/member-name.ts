import { type FunctionNode, staticKey } from "../ast.ts";

/** What the runtime calls a method or accessor: `m`, `get m`, `static m`. Constructors have no such name. */
export function memberName(f: FunctionNode): string | undefined {
  if (f.type !== "ClassMethod" || f.kind === "constructor") return undefined;
  const key = staticKey(f as never);
  const sort = f.kind === "method" ? "" : `${f.kind} `;
  return key === undefined ? undefined : `${f.static ? "static " : ""}${sort}${key}`;
}
