import type { NodePath, types } from "@babel/core";
import {
  type Binding,
  type FunctionNode,
  isClass,
  isFunction,
  type Scope,
  type T,
  unwrap,
} from "./ast.ts";
import type { Borrowed } from "./borrowed/classes.ts";
import { Diagnostics } from "./diagnostics.ts";
import { sloppyFunctions } from "./sloppy-functions.ts";
import { TypeModules } from "./types/modules.ts";

const RUNTIME = "dualize/runtime";

const sought = [
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "ObjectMethod"],
  ...["ClassMethod", "ClassPrivateMethod", "ClassDeclaration", "ClassExpression"],
  ...["ClassProperty", "ObjectProperty", "CallExpression", "BlockStatement"],
  ...["ExpressionStatement", "TSTypeParameterDeclaration"],
] as const;
type Sought = (typeof sought)[number];
type Visitors = {
  readonly [K in Sought]?: (path: NodePath<Extract<types.Node, { type: K }>>) => void;
};

/** What every pass needs to know of the file being compiled. */
export class ModuleContext {
  readonly diagnostics: Diagnostics;
  /** What an identifier, read or written, refers to; undefined for globals. */
  readonly bindings = new Map<types.Node, Binding>();
  /** Where functions and calls stand. */
  readonly functionPaths = new Map<types.Node, NodePath>();
  readonly callPaths = new Map<types.Node, NodePath>();
  /** Functions, classes, their members, calls, blocks and statements of one expression, as they follow each other. */
  readonly #found: NodePath[] = [];
  /** The class whose instance a `this` is, where it is one. */
  readonly thisClasses = new Map<types.Node, types.Class>();
  /** Where `this` stands for an instance of a class. */
  readonly thisPaths = new Map<types.Class, NodePath[]>();
  /** The declaration that a private name refers to. */
  readonly privateMembers = new Map<types.Node, NodePath>();
  /** What the class around a `super(...)` extends. */
  readonly superClasses = new Map<types.Node, types.Node>();
  readonly #helpers = new Map<string, string>();
  readonly #used = new Set<string>();
  #variablesBelow: Map<types.Node, Binding[]> | undefined;

  constructor(
    readonly t: T,
    readonly program: NodePath<types.Program>,
    readonly file: string,
    /** Where other files' types come from. */
    readonly types: TypeModules = new TypeModules(undefined),
    /** Where the file is, for what it imports. */
    readonly path: string | undefined = undefined,
    /** Classes of other files that stand in this one meanwhile. */
    readonly borrowed: Borrowed | undefined = undefined,
  ) {
    this.diagnostics = new Diagnostics(program, (node) => this.isBorrowed(node));
    program.traverse({
      TSParameterProperty: (path) => bindParameterProperty(path),
      FunctionExpression: (path) => bindHidingVariable(path),
    });
    this.#resolve(program.scope, new Set());
    const find = (path: NodePath) => {
      this.#found.push(path);
    };
    program.traverse({
      ...Object.fromEntries(sought.map((type) => [type, find])),
      Scopable: (path) => {
        this.#resolve(path.scope, new Set());
        if (isFunction(path.node)) this.functionPaths.set(path.node, path);
      },
      PrivateName: (path) => {
        const member = privateMember(path);
        if (member) this.privateMembers.set(path.node, member);
      },
      CallExpression: (path) => {
        find(path);
        this.callPaths.set(path.node, path);
        if (path.node.callee.type === "Super") {
          const owner = path.findParent((p) => isClass(p.node))?.node as types.Class | undefined;
          if (owner?.superClass) this.superClasses.set(path.node, unwrap(owner.superClass));
        }
      },
      CatchClause: (path) => {
        this.#resolveCatchDefaults(path);
      },
      AssignmentExpression: (path) => {
        this.#resolveWrappedTarget(path);
      },
      UpdateExpression: (path) => {
        this.#resolveWrappedTarget(path);
      },
      ThisExpression: (path) => {
        const owner = this.#classOfThis(path);
        if (!owner) return;
        this.thisClasses.set(path.node, owner);
        const paths = this.thisPaths.get(owner);
        if (paths) paths.push(path);
        else this.thisPaths.set(owner, [path]);
      },
    });
    this.#seeThroughRenamedGlobals();
  }

  // `(function (Math, undefined) { … })(Math)`: a parameter that is the global it is called like.
  #seeThroughRenamedGlobals(): void {
    for (const call of this.callPaths.values()) {
      const { callee, arguments: args } = call.node as types.CallExpression;
      const f = unwrap(callee as types.Node);
      if (!isFunction(f)) continue;
      for (const [i, param] of f.params.entries()) {
        if (param.type !== "Identifier" || args.slice(0, i).some((a) => a.type === "SpreadElement"))
          continue;
        const binding = this.bindings.get(param);
        const arg = args[i];
        const isSame = arg ? this.isGlobal(arg, param.name) : param.name === "undefined";
        if (!isSame || !binding?.constant) continue;
        for (const { node } of binding.referencePaths) this.bindings.delete(node);
        this.#renamedGlobals.add(binding);
      }
    }
  }
  readonly #renamedGlobals = new Set<Binding>();

  /** Whether a name stands for something of the program's own in a scope. */
  isHidden(name: string, scope: NodePath["scope"]): boolean {
    const binding = scope.getBinding(name);
    if (binding === undefined || this.#renamedGlobals.has(binding)) return false;
    const { parent } = binding.path;
    return parent.type !== "ImportDeclaration" || parent.importKind !== "type";
  }

  /** Calls the visitors for the nodes that have one, as a traversal would that began anew. */
  each(visitors: Visitors): void {
    for (const path of this.#found) visitors[path.node.type as Sought]?.(path as never);
  }

  eachFunction(
    visit: (path: NodePath<FunctionNode>) => void,
    visitClass: (path: NodePath<types.Class>) => void = () => undefined,
  ): void {
    for (const path of this.#found) {
      if (isFunction(path.node)) visit(path as NodePath<FunctionNode>);
      if (isClass(path.node)) visitClass(path as NodePath<types.Class>);
    }
  }

  /** The variables that are declared by a node, or by what stands in it. */
  variablesWithin(node: types.Node): readonly Binding[] {
    if (this.#variablesBelow === undefined) {
      const below = new Map<types.Node, Binding[]>();
      for (const binding of new Set(this.bindings.values()))
        for (let path: NodePath | null = binding.path; path; path = path.parentPath) {
          const known = below.get(path.node);
          if (known) known.push(binding);
          else below.set(path.node, [binding]);
        }
      this.#variablesBelow = below;
    }
    return this.#variablesBelow.get(node) ?? [];
  }

  #resolve(scope: Scope, seen: Set<Scope>): void {
    if (seen.has(scope)) return;
    seen.add(scope);
    // Babel's scope of `declare class H {}` has the name and no binding.
    for (const binding of Object.values(scope.bindings) as (Binding | undefined)[]) {
      if (binding === undefined) continue;
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

  // Babel looks for names in the defaults of `catch ({ a, b = a })` outside the clause.
  #resolveCatchDefaults(path: NodePath<types.CatchClause>): void {
    if (!path.node.param) return;
    this.t.traverseFast(path.node.param, (node) => {
      const binding = node.type === "Identifier" && path.scope.getOwnBinding(node.name);
      if (binding) this.bindings.set(node, binding);
    });
  }

  // Nor does it see that `(x as T) = 1` and `x!++` write to `x`.
  #resolveWrappedTarget(
    path: NodePath<types.AssignmentExpression> | NodePath<types.UpdateExpression>,
  ): void {
    const written = path.node.type === "AssignmentExpression" ? path.node.left : path.node.argument;
    const target = unwrap(written);
    if (target === written || target.type !== "Identifier") return;
    const binding = path.scope.getBinding(target.name);
    if (!binding) return;
    binding.reassign(path);
    this.bindings.set(target, binding);
  }

  // The nearest function decides what `this` is, but for arrow functions.
  #classOfThis(from: NodePath): types.Class | undefined {
    for (let path = from.parentPath; path; path = path.parentPath) {
      if (path.node.type === "ClassMethod" && !path.node.static)
        return path.parentPath?.parent as types.Class;
      if (isFunction(path.node) && path.node.type !== "ArrowFunctionExpression") return undefined;
    }
    return undefined;
  }

  /** Names that a variable which is written to has, somewhere in the file. */
  get changingNames(): ReadonlySet<string> {
    if (this.#changingNames === undefined) {
      this.#changingNames = new Set();
      for (const binding of this.bindings.values())
        if (!binding.constant) this.#changingNames.add(binding.identifier.name);
    }
    return this.#changingNames;
  }
  #changingNames: Set<string> | undefined;

  /** The functions whose code is not strict. */
  get sloppyFunctions(): ReadonlySet<types.Node> {
    this.#sloppyFunctions ??= sloppyFunctions(this.t, this.program.node);
    return this.#sloppyFunctions;
  }
  #sloppyFunctions: ReadonlySet<types.Node> | undefined;

  /** A name used nowhere in the file: `_name`, `_name2` and so on, as Babel makes them. */
  uid(name: string): string {
    const { scope } = this.program;
    const base = this.t.toIdentifier(name).replace(/^_+|\d+$/g, "");
    const tried = this.#tried.get(base) ?? 0;
    if (tried === 0) {
      this.#tried.set(base, 1);
      return scope.generateUid(base);
    }
    // Babel tries all names from the first one, every time; those tried before are not free now.
    for (let i = tried; ; i++) {
      const uid = `_${base}${numberOf(i)}`;
      if (this.#made.has(uid) || scope.hasBinding(uid) || scope.hasGlobal(uid)) continue;
      if (scope.hasReference(uid) || scope.hasLabel(uid)) continue;
      this.#tried.set(base, i + 1);
      this.#made.add(uid);
      return uid;
    }
  }
  /** The name itself where it and that of its shadow are free in the whole file, else one like it. */
  nameWithShadow(name: string): string {
    const { scope } = this.program;
    const isFree = (n: string) =>
      !(scope.hasBinding(n) || scope.hasReference(n) || scope.hasGlobal(n));
    let free = name;
    while (!(isFree(free) && isFree(`${free}$t`))) free = this.uid(name);
    return free;
  }

  readonly #tried = new Map<string, number>();
  readonly #made = new Set<string>();

  /** What emitted code takes from the language, also in a file that has something else of that name. */
  global(name: string): types.Expression {
    this.#ownNames ??= new Set([
      ...[...this.bindings.values()].map((b) => b.identifier.name),
      ...valuesOfTypes(this.program.node),
    ]);
    const id = this.t.identifier(name);
    return this.#ownNames.has(name)
      ? this.t.memberExpression(this.t.identifier("globalThis"), id)
      : id;
  }
  #ownNames: ReadonlySet<string> | undefined;

  /** Whether an identifier is the global of that name. */
  isGlobal(node: types.Node, name: string): boolean {
    return node.type === "Identifier" && node.name === name && !this.bindings.has(node);
  }

  /** Whether code is of another file. */
  isBorrowed(node: types.Node): boolean {
    return this.borrowed?.has(node) === true;
  }

  /** A reference to something of the runtime; the import is added when the pass is over. */
  helper(name: string): types.Identifier {
    let local = this.#helpers.get(name);
    if (local === undefined) {
      local = this.uid(name);
      this.#helpers.set(name, local);
    }
    if (!this.#tries) this.#used.add(name);
    return this.t.identifier(local);
  }

  /** Writes code only to see whether it can be written: nothing is imported for it. */
  trying<R>(write: () => R): R {
    const before = this.#tries;
    this.#tries = true;
    try {
      return write();
    } finally {
      this.#tries = before;
    }
  }
  #tries = false;

  /** `file:line:column` of a node, for errors while the program runs. */
  site(node: types.Node): types.StringLiteral {
    const elsewhere = this.borrowed?.siteOf(node);
    if (elsewhere !== undefined) return this.t.stringLiteral(elsewhere);
    const start = node.loc?.start;
    const where = start ? `:${start.line}:${start.column + 1}` : "";
    return this.t.stringLiteral(this.file + where);
  }

  /** Whether the plugin has written this file already. */
  isEmitted(): boolean {
    return this.program.node.body.some((statement) => {
      if (statement.type === "ImportDeclaration") return statement.source.value === RUNTIME;
      if (statement.type !== "VariableDeclaration") return false;
      return statement.declarations.some(
        ({ init }) =>
          init?.type === "CallExpression" &&
          init.arguments.some((a) => a.type === "StringLiteral" && a.value === RUNTIME),
      );
    });
  }

  /** Imports what the emitted code uses. */
  addImports(): void {
    const { t } = this;
    if (this.#used.size === 0) return;
    const entries = [...this.#used].map(
      (name) => [name, this.#helpers.get(name) as string] as const,
    );
    const declaration =
      this.program.node.sourceType === "module"
        ? t.importDeclaration(
            entries.map(([name, local]) =>
              t.importSpecifier(t.identifier(local), t.identifier(name)),
            ),
            t.stringLiteral(RUNTIME),
          )
        : t.variableDeclaration("const", [
            t.variableDeclarator(
              t.objectPattern(
                entries.map(([name, local]) =>
                  t.objectProperty(t.identifier(name), t.identifier(local)),
                ),
              ),
              t.callExpression(t.identifier("require"), [t.stringLiteral(RUNTIME)]),
            ),
          ]);
    this.program.node.body.unshift(declaration);
  }
}

function privateMember(path: NodePath<types.PrivateName>): NodePath | undefined {
  const { name } = path.node.id;
  for (
    let owner = path.findParent((p) => isClass(p.node));
    owner;
    owner = owner.findParent((p) => isClass(p.node))
  ) {
    const member = (owner.get("body.body") as NodePath[]).find(({ node }) => {
      const isPrivate = node.type === "ClassPrivateMethod" || node.type === "ClassPrivateProperty";
      return isPrivate && node.key.id.name === name;
    });
    if (member) return member;
  }
  return undefined;
}

// Babel does not take `constructor(readonly x: number)` for a declaration of `x`.
function bindParameterProperty(path: NodePath<types.TSParameterProperty>): void {
  const { scope } = path;
  const id =
    path.node.parameter.type === "AssignmentPattern"
      ? path.node.parameter.left
      : path.node.parameter;
  const { name } = id as types.Identifier;
  if (scope.hasOwnBinding(name)) return;
  scope.registerBinding("param", path.get("parameter") as NodePath);
  const binding = scope.getOwnBinding(name);
  scope.path.traverse({
    Identifier(use) {
      if (use.node.name !== name || use.scope.getBinding(name) !== binding || !binding) return;
      if (use.isReferencedIdentifier()) binding.reference(use);
    },
    AssignmentExpression(write) {
      if (
        binding &&
        write.scope.getBinding(name) === binding &&
        name in write.getBindingIdentifiers()
      )
        binding.reassign(write);
    },
    UpdateExpression(write) {
      if (
        binding &&
        write.scope.getBinding(name) === binding &&
        name in write.getBindingIdentifiers()
      )
        binding.reassign(write);
    },
  });
}

// Babel takes `var s` in `function s() { var s = 0 }` for a write to the function's own name, which it hides.
function bindHidingVariable({ node, scope }: NodePath<types.FunctionExpression>): void {
  const name = node.id?.name;
  const binding = name === undefined ? undefined : scope.getOwnBinding(name);
  if (name === undefined || binding?.path.node !== node) return;
  const hiding = binding.constantViolations.find(
    (path) => path.isVariableDeclarator() || path.isDeclaration(),
  );
  if (hiding === undefined) return;
  const isVar = (hiding.parent as { kind?: string }).kind === "var";
  binding.kind = hiding.isFunctionDeclaration() ? "hoisted" : isVar ? "var" : "let";
  binding.path = hiding;
  binding.identifier = hiding.getBindingIdentifiers()[name] ?? binding.identifier;
  binding.constantViolations = binding.constantViolations.filter((path) => path !== hiding);
  binding.constant = binding.constantViolations.length === 0;
}

/** What TypeScript's declarations call values that they make, for which Babel has no bindings. */
const valuesOfTypes = ({ body }: types.Program): string[] =>
  body.flatMap((statement) => {
    const declared =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    return (declared?.type === "TSEnumDeclaration" ||
      declared?.type === "TSModuleDeclaration" ||
      declared?.type === "TSImportEqualsDeclaration") &&
      declared.id.type === "Identifier"
      ? [declared.id.name]
      : [];
  });

// 2 to 9, 0, 1, 10, 11, …
const numberOf = (i: number): number => (i >= 11 ? i - 1 : i >= 9 ? i - 9 : i + 1);
