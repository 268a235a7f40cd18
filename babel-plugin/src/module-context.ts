import type { NodePath, types } from "@babel/core";
import { type Binding, type Scope, type T, isFunction } from "./ast.ts";
import { Diagnostics } from "./diagnostics.ts";

const RUNTIME = "dualize/runtime";

/** What every pass needs to know of the file being compiled. */
export class ModuleContext {
  readonly diagnostics: Diagnostics;
  /** What an identifier, read or written, refers to; undefined for globals. */
  readonly bindings = new Map<types.Node, Binding>();
  readonly #helpers = new Map<string, string>();

  constructor(
    readonly t: T,
    readonly program: NodePath<types.Program>,
    readonly file: string,
  ) {
    this.diagnostics = new Diagnostics(program);
    this.#resolve(program.scope, new Set());
    program.traverse({
      Scopable: (path) => {
        this.#resolve(path.scope, new Set());
      },
    });
  }

  #resolve(scope: Scope, seen: Set<Scope>): void {
    if (seen.has(scope)) return;
    seen.add(scope);
    for (const binding of Object.values(scope.bindings)) {
      this.bindings.set(binding.identifier, binding);
      for (const path of binding.referencePaths) this.bindings.set(path.node, binding);
      for (const path of binding.constantViolations) {
        for (const id of Object.values(path.getBindingIdentifiers(true)).flat()) {
          if (id.name === binding.identifier.name) this.bindings.set(id, binding);
        }
        const { node } = path;
        if (node.type === "UpdateExpression") this.bindings.set(node.argument, binding);
        // A redeclared `var` or function is one more name for the same thing.
        if (isFunction(node) && "id" in node && node.id) this.bindings.set(node.id, binding);
      }
    }
  }

  /** A name used nowhere in the file. */
  uid(name: string): string {
    return this.program.scope.generateUid(name);
  }

  /** Whether an identifier is the global of that name. */
  isGlobal(node: types.Node, name: string): boolean {
    return node.type === "Identifier" && node.name === name && !this.bindings.has(node);
  }

  /** A reference to something of the runtime; the import is added when the pass is over. */
  helper(name: string): types.Identifier {
    let local = this.#helpers.get(name);
    if (local === undefined) {
      local = this.uid(name);
      this.#helpers.set(name, local);
    }
    return this.t.identifier(local);
  }

  /** `file:line:column` of a node, for errors while the program runs. */
  site(node: types.Node): types.StringLiteral {
    const start = node.loc?.start;
    const where = start ? `:${start.line}:${start.column + 1}` : "";
    return this.t.stringLiteral(this.file + where);
  }

  /** Imports what the emitted code uses. */
  addImports(): void {
    const { t } = this;
    if (this.#helpers.size === 0) return;
    const entries = [...this.#helpers];
    const declaration =
      this.program.node.sourceType === "module"
        ? t.importDeclaration(
            entries.map(([name, local]) => t.importSpecifier(t.identifier(local), t.identifier(name))),
            t.stringLiteral(RUNTIME),
          )
        : t.variableDeclaration("const", [
            t.variableDeclarator(
              t.objectPattern(
                entries.map(([name, local]) => t.objectProperty(t.identifier(name), t.identifier(local))),
              ),
              t.callExpression(t.identifier("require"), [t.stringLiteral(RUNTIME)]),
            ),
          ]);
    this.program.node.body.unshift(declaration);
  }
}
