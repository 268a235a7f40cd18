import type { types } from "@babel/core";
import type { T } from "../ast.ts";
import type { TangentForms } from "../tangent/module.ts";
import type { Borrowed } from "./classes.ts";
import { eachUse } from "./names.ts";

/** Takes out what came along with classes of other files and nothing calls: small methods stand where they are called. */
export function dropUnused(
  t: T,
  program: types.Program,
  borrowed: Borrowed,
  tangents: TangentForms,
): void {
  const candidates = new Map<string, types.Statement>();
  const names = new Set(
    [...tangents.forms].flatMap(([f, form]) => (borrowed.has(f) ? [form.name] : [])),
  );
  for (const statement of program.body) {
    const name = declaredBy(statement);
    if (name && (names.has(name) || borrowed.functions.has(statement)))
      candidates.set(name, statement);
  }
  const used = new Set<string>();
  const look = (statement: types.Statement): void =>
    eachUse(t, statement, ({ id }) => {
      const other = candidates.get(id.name);
      if (other === undefined || other === statement || used.has(id.name)) return;
      used.add(id.name);
      look(other);
    });
  const kept = new Set(candidates.values());
  for (const statement of program.body) if (!kept.has(statement)) look(statement);
  program.body = program.body.filter((s) => !kept.has(s) || used.has(declaredBy(s) as string));
}

function declaredBy(statement: types.Statement): string | undefined {
  const declared = statement.type === "VariableDeclaration" ? statement.declarations[0] : statement;
  const id = declared && "id" in declared ? declared.id : undefined;
  return id && "name" in id && typeof id.name === "string" ? id.name : undefined;
}
