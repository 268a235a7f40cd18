import { dirname, join, relative } from "node:path";
import type { NodePath, types } from "@babel/core";
import { documentAs } from "../analysis/kinds/comments.ts";
import { type FunctionNode, isClass, staticKey, type T } from "../ast.ts";
import { isMark } from "../marks/mark.ts";
import type { ModuleContext } from "../module-context.ts";
import { type Declared, moduleOf, type TypeModule, type TypeModules } from "../types/modules.ts";
import { memberName } from "./member-name.ts";
import { eachUse } from "./names.ts";
import { type ClassPlan, type FunctionPlan, type Meaning, Plans } from "./plan.ts";

type Node = types.Node;

/** A class of another file that stands in this one while the passes look at it. */
export class BorrowedClass {
  readonly #members = new Set<string>();
  #link: string | undefined;
  #parent: BorrowedClass | undefined;

  constructor(
    readonly node: types.ClassDeclaration,
    /** What it is called here. */
    readonly name: string,
    /** What it is called where it is written. */
    readonly written: string | undefined,
    /** Whether the file imports it as a value, so that the name is there when the program runs. */
    private readonly isImported: boolean,
    /** What tells its code from all other. */
    private readonly code: string,
  ) {}

  /** Says that forms have code of a method. */
  use(f: FunctionNode): void {
    const name = memberName(f);
    if (name !== undefined) this.#members.add(name);
  }

  /** Says which class it extends, whose methods it may be given others for. */
  extend(parent: BorrowedClass): void {
    this.#parent = parent;
  }

  #allMembers(): ReadonlySet<string> {
    const inherited = this.#parent === undefined ? [] : this.#parent.#allMembers();
    return new Set([...this.#members, ...inherited]);
  }

  /** The name of the link that says whether the class is the one that was read. */
  linkIn(context: ModuleContext): string {
    this.#link ??= context.uid("class");
    return this.#link;
  }

  /** The declaration of the link, where there is one. */
  declaration(context: ModuleContext): types.Statement[] {
    if (this.#link === undefined) return [];
    const { t } = context;
    const found = t.identifier("found");
    const made = t.callExpression(
      context.helper(this.isImported ? "importedClass" : "classOfCode"),
      [
        t.stringLiteral(this.code),
        t.arrayExpression([...this.#allMembers()].map((m) => t.stringLiteral(m))),
        this.isImported
          ? t.arrowFunctionExpression([], t.identifier(this.name))
          : t.arrowFunctionExpression(
              [found],
              t.assignmentExpression("=", t.identifier(this.name), t.cloneNode(found)),
            ),
      ],
    );
    t.addComment(made, "leading", "#__PURE__");
    const declare = (kind: "const" | "let", name: string, init?: types.Expression) =>
      t.variableDeclaration(kind, [t.variableDeclarator(t.identifier(name), init)]);
    const link = declare("const", this.#link, made);
    return this.isImported ? [link] : [declare("let", this.name), link];
  }
}

/**
 * Classes of other files, as if they were written in this one: the passes treat both alike. What is
 * emitted of them is derivative code alone, and that is used only where the class turns out to be the
 * one that was read here (see `classLink` of the runtime).
 */
export class Borrowed {
  readonly #expected = new Map<FunctionNode, ReadonlySet<BorrowedClass>>();
  readonly classes: ReadonlyMap<Node, BorrowedClass>;
  /** The functions beside them that their methods call; kept where they are used. */
  readonly functions: ReadonlySet<types.Statement>;

  constructor(
    private readonly program: types.Program,
    classes: readonly BorrowedClass[],
    functions: readonly types.Statement[],
    private readonly origins: ReadonlyMap<Node, BorrowedClass>,
    private readonly places: ReadonlyMap<Node, TypeModule>,
    private readonly sites: WeakMap<Node, string>,
    private readonly closed: ReadonlySet<Node>,
    private readonly imports: ReadonlyMap<types.ImportDeclaration, Specifiers>,
  ) {
    this.classes = new Map(classes.map((c) => [c.node, c]));
    this.functions = new Set(functions);
  }

  /** The class that a declaration stands in this file as: that of another file, or its copy. */
  of(declaration: Node): BorrowedClass | undefined {
    return this.origins.get(declaration) ?? this.classes.get(declaration);
  }

  /** The module that a piece of code comes from; undefined for the file's own. */
  moduleOf(node: Node): TypeModule | undefined {
    return this.places.get(node);
  }

  has(node: Node): boolean {
    return this.places.has(node);
  }

  /** What a class is called in the file that it comes from. */
  writtenNameOf(node: Node): string | undefined {
    return this.classes.get(node)?.written;
  }

  /** The class of another file that a method is written in. */
  ownerOf(f: FunctionNode): BorrowedClass | undefined {
    if (!this.has(f)) return undefined;
    for (const owner of this.classes.values())
      if (owner.node.body.body.includes(f as never)) return owner;
    return undefined;
  }

  /** Says that the program of a function asks whether something is of some classes. */
  expectIn(f: FunctionNode, names: readonly string[]): void {
    const found = [...this.classes.values()].filter((c) => names.includes(c.name));
    if (found.length > 0)
      this.#expected.set(f, new Set([...(this.#expected.get(f) ?? []), ...found]));
  }

  /** The classes that the program of a function asks for. */
  expectedIn(f: FunctionNode): ReadonlySet<BorrowedClass> {
    return this.#expected.get(f) ?? NONE;
  }

  /** The declarations of the links to the classes that forms stand on. */
  links(context: ModuleContext): types.Statement[] {
    return [...this.classes.values()].flatMap((c) => c.declaration(context));
  }

  /** Whether a method is there, and nothing is known of it. */
  isClosed(method: Node): boolean {
    return this.closed.has(method);
  }

  /** Where a piece of code stands in its own file. */
  siteOf(node: Node): string | undefined {
    return this.sites.get(node);
  }

  /** Takes the classes out again. */
  giveBack(): void {
    const { program } = this;
    program.body = program.body.filter((s) => !this.classes.has(s));
    for (const [declaration, specifiers] of this.imports) declaration.specifiers = specifiers;
  }
}

const NONE: ReadonlySet<BorrowedClass> = new Set();

type Specifiers = types.ImportDeclaration["specifiers"];

/** Puts the classes that a file imports into it, with what they are made of. */
export function borrowClasses(
  t: T,
  program: NodePath<types.Program>,
  modules: TypeModules,
  file: string,
  path: string | undefined,
): Borrowed | undefined {
  if (path === undefined || program.node.sourceType !== "module") return undefined;
  const home = moduleOf(program.node.body, path);
  const { code } = modules;
  const imported = importedClasses(t, program, code, home);
  if (imported.length === 0) return undefined;
  const own = new Set(Object.keys(program.scope.bindings));
  const plans = new Plans(t, code, own);
  plans.run(imported.map((i) => i.found));
  if (plans.classes.size === 0) return undefined;
  const nameOf = (other: string) =>
    join(dirname(file), relative(dirname(path), other)).replaceAll("\\", "/");
  return new Inserter(t, program, plans, imported, nameOf).run();
}

interface Imported {
  readonly found: Declared;
  readonly declaration: types.ImportDeclaration;
  readonly specifier: Specifiers[number];
}

function importedClasses(
  t: T,
  program: NodePath<types.Program>,
  modules: TypeModules,
  home: TypeModule,
): Imported[] {
  const imported: Imported[] = [];
  const types = namesOfTypes(t, program.node);
  for (const declaration of program.node.body) {
    if (declaration.type !== "ImportDeclaration") continue;
    for (const specifier of declaration.specifiers) {
      if (specifier.type === "ImportNamespaceSpecifier") continue;
      const { name } = specifier.local;
      const uses = program.scope.getOwnBinding(name)?.referencePaths ?? [];
      // Other files are read only for names that are used as those of classes are.
      if (!(types.has(name) || uses.some((use) => isUsedAsClass(use, name)))) continue;
      const found = modules.find(home, name);
      if (found && isClass(found.node)) imported.push({ found, declaration, specifier });
    }
  }
  return imported;
}

function isUsedAsClass(use: NodePath, name: string): boolean {
  const { parent, key } = use;
  if (parent.type === "NewExpression") return key === "callee";
  if (parent.type === "MemberExpression") return key === "object" && /^[A-Z]/.test(name);
  return isClass(parent) && key === "superClass";
}

/** The names that stand for types somewhere in a file: Babel has no references of them. */
function namesOfTypes(t: T, program: types.Program): Set<string> {
  const found = new Set<string>();
  t.traverseFast(program, (n) => {
    const named = n.type === "TSTypeReference" ? n.typeName : undefined;
    if (named?.type === "Identifier") found.add(named.name);
  });
  return found;
}

class Inserter {
  readonly #byNode = new Map<Node, BorrowedClass>();
  readonly #functions = new Map<Node, { name: string; statement: types.Statement }>();
  readonly #places = new Map<Node, TypeModule>();
  readonly #sites = new WeakMap<Node, string>();
  readonly #closed = new Set<Node>();
  #next: number;

  constructor(
    private readonly t: T,
    private readonly program: NodePath<types.Program>,
    private readonly plans: Plans,
    private readonly imported: readonly Imported[],
    /** What a file is called in messages. */
    private readonly nameOf: (file: string) => string,
  ) {
    this.#next = (program.node.end ?? 0) + 1;
  }

  run(): Borrowed {
    const { program } = this;
    this.#findWanted();
    const imports = new Map<types.ImportDeclaration, Specifiers>();
    for (const { found, declaration, specifier } of this.imported) {
      const plan = this.plans.classes.get(found.node);
      if (plan === undefined || this.#byNode.has(found.node)) continue;
      if (isOfTypesOnly(program, declaration, specifier)) continue;
      this.#name(plan, specifier.local.name, true);
      if (!imports.has(declaration)) imports.set(declaration, declaration.specifiers);
      declaration.specifiers = declaration.specifiers.filter((s) => s !== specifier);
    }
    for (const plan of this.#classes)
      if (!this.#byNode.has(plan.node))
        this.#name(plan, program.scope.generateUid(plan.node.id?.name ?? "class"), false);
    for (const { node, module } of this.#helpers) {
      const { id } = node as types.FunctionDeclaration | types.VariableDeclarator;
      const copy = this.#copy(node as types.FunctionDeclaration | types.VariableDeclarator, module);
      const name = program.scope.generateUid((id as types.Identifier).name);
      copy.id = this.t.identifier(name);
      const statement =
        copy.type === "VariableDeclarator" ? this.t.variableDeclaration("const", [copy]) : copy;
      this.#functions.set(node, { name, statement: statement as types.Statement });
    }
    for (const plan of this.#classes) this.#fill(plan);
    for (const { node, uses } of this.#helpers)
      this.#rename((this.#functions.get(node) as { statement: Node }).statement, uses);
    const classes = [...this.#byNode.values()];
    const functions = [...this.#functions.values()].map((f) => f.statement);
    program.node.body.push(...classes.map((c) => c.node), ...functions);
    program.scope.crawl();
    return new Borrowed(
      program.node,
      classes,
      functions,
      this.#byNode,
      this.#places,
      this.#sites,
      this.#closed,
      imports,
    );
  }

  #name({ node, module, code }: ClassPlan, name: string, isImported: boolean): void {
    const { t } = this;
    const bare = { ...node, body: t.classBody([]) };
    const copy = this.#copy(bare, module) as types.ClassDeclaration;
    copy.id = t.identifier(name);
    this.#places.set(copy.id, module);
    this.#byNode.set(node, new BorrowedClass(copy, name, node.id?.name, isImported, code));
  }

  /** What of a class can stand here, with the names that things have here. */
  #fill({ node, module, members, closed, uses }: ClassPlan): void {
    const { t } = this;
    const copy = (this.#byNode.get(node) as BorrowedClass).node;
    copy.body.body = members.map((m) => {
      if (m.type !== "ClassMethod" || m.kind !== "method") return this.#copy(m, module);
      if (!closed.has(m) && this.#wanted.has(m)) return this.#copy(m, module);
      // It is there, and nothing is known of it.
      const method = this.#copy({ ...m, params: [], body: t.blockStatement([]) }, module);
      this.#closed.add(method);
      return method;
    });
    this.#rename(copy, uses);
  }

  /** Finds the methods whose names somebody mentions who may be asked for them, and the classes that these need. */
  #findWanted(): void {
    const { t, plans } = this;
    const mentioned = new Set<string>();
    const want = (plan: ClassPlan, m: Node): void => {
      if (this.#wanted.has(m)) return;
      this.#wanted.add(m);
      look(m, plan);
    };
    const mention = (name: string | undefined): void => {
      if (name === undefined || mentioned.has(name)) return;
      mentioned.add(name);
      for (const plan of this.#classes)
        for (const m of plan.members) if (staticKey(m as never) === name) want(plan, m);
    };
    const include = (node: Node | undefined): void => {
      const plan = node && plans.classes.get(node);
      if (plan === undefined || this.#classes.has(plan)) return;
      this.#classes.add(plan);
      if (plan.node.superClass) look(plan.node.superClass, plan);
      for (const m of plan.members)
        if (m.type !== "ClassMethod" || m.kind !== "method") look(m, plan);
        else if (mentioned.has(staticKey(m as never) ?? "")) want(plan, m);
    };
    const look = (root: Node, of?: ClassPlan | FunctionPlan): void => {
      t.traverseFast(root, (n) => {
        if (n.type === "MemberExpression" || n.type === "OptionalMemberExpression")
          mention(staticKey({ key: n.property, computed: n.computed }));
        if (n.type === "ObjectPattern")
          for (const p of n.properties)
            if (p.type === "ObjectProperty") mention(staticKey(p as never));
        if (n.type !== "Identifier" || of === undefined) return;
        const meaning = of.uses.get(n.name);
        if (meaning?.is === "class") include(meaning.found.node);
        else if (meaning?.is === "function") {
          const plan = plans.functions.get(meaning.node);
          if (plan && !this.#helpers.has(plan)) {
            this.#helpers.add(plan);
            look(plan.node, plan);
          }
        } else include(plans.typeNamed(of.module, n.name));
      });
    };
    look(this.program.node);
    for (const { found } of this.imported) include(found.node);
  }
  readonly #classes = new Set<ClassPlan>();
  readonly #helpers = new Set<FunctionPlan>();
  readonly #wanted = new Set<Node>();

  #rename(code: Node, uses: ReadonlyMap<string, Meaning>): void {
    const { t } = this;
    eachUse(t, code, ({ id, replace }) => {
      const meaning = uses.get(id.name);
      if (meaning === undefined) return;
      if (meaning.is === "constant")
        replace({ ...t.cloneNode(meaning.value, true, true), start: id.start, end: id.end });
      else {
        const name =
          meaning.is === "class"
            ? this.#byNode.get(meaning.found.node)?.name
            : this.#functions.get(meaning.node)?.name;
        // Of a method of which nothing is known: what its name is computed of.
        if (name === undefined) return;
        const written = { ...id, name };
        this.#places.set(written, this.#places.get(id) as TypeModule);
        replace(written);
      }
    });
  }

  /** A copy that stands nowhere in the text of this file. */
  #copy<N extends Node>(node: N, module: TypeModule): N {
    const { t } = this;
    const copy = t.cloneNode(node, true, false);
    const shift = this.#next - (node.start ?? 0);
    this.#next += (node.end ?? 0) - (node.start ?? 0) + 1;
    const file = this.nameOf(module.file as string);
    t.traverseFast(copy, (n) => {
      this.#places.set(n, module);
      const { loc } = n;
      // What is inside of what is told by where it stands; copies know that by `loc` alone.
      if (loc) {
        this.#sites.set(n, `${file}:${loc.start.line}:${loc.start.column + 1}`);
        n.start = loc.start.index + shift;
        n.end = loc.end.index + shift;
      }
      n.loc = undefined;
      if (n.leadingComments) documentAs(n, n.leadingComments);
      n.leadingComments = null;
      n.trailingComments = null;
      n.innerComments = null;
      if (n.type === "BlockStatement") n.directives = n.directives.filter((d) => !isMark(d));
    });
    return copy;
  }
}

/** Whether a name is imported for types alone: then it is not there when the program runs. */
function isOfTypesOnly(
  program: NodePath<types.Program>,
  declaration: types.ImportDeclaration,
  specifier: Specifiers[number],
): boolean {
  if (declaration.importKind === "type") return true;
  if (specifier.type === "ImportSpecifier" && specifier.importKind === "type") return true;
  const uses = program.scope.getOwnBinding(specifier.local.name)?.referencePaths ?? [];
  return uses.every((use) => isInType(use));
}

function isInType(path: NodePath): boolean {
  const { parent } = path;
  switch (parent.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
      return path.key !== "expression";
    case "TSExportAssignment":
    case "TSEnumMember":
    case "TSParameterProperty":
      return false;
    case "ExportSpecifier":
      return parent.exportKind === "type";
    default:
      return parent.type.startsWith("TS");
  }
}
