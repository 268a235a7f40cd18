import type { NodePath, types } from "@babel/core";
import { CallGraph } from "../analysis/call-graph.ts";
import { Effects } from "../analysis/effects.ts";
import {
  classNamesIn,
  isContainer,
  type Kind,
  signatureOf,
  whyPartlyUnknown,
  whyUnknown,
} from "../analysis/kind.ts";
import { Kinds } from "../analysis/kinds.ts";
import { TypeKinds } from "../analysis/type-kinds.ts";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";
import type { Marks } from "../marks/marked-functions.ts";
import type { ModuleContext } from "../module-context.ts";
import { Fallback, TangentEmitter, type TangentModule } from "./tangent.ts";

type Node = types.Node;

/** A tangent form that was written, and what the twin says about it. */
export interface TangentForm {
  readonly params: types.Identifier[];
  readonly body: types.BlockStatement;
  readonly name: string;
  readonly signature: string;
  /** Whether it can be run again, where its arguments are as they were, and what decides about it. */
  readonly again?: { readonly how: "replayable" | "contained"; readonly links: readonly string[] };
  readonly classNames: readonly string[];
}

/** Which functions of a file have a tangent form, and why the others have none. */
export class TangentForms implements TangentModule {
  readonly forms = new Map<FunctionNode, TangentForm>();
  readonly reasons = new Map<FunctionNode, Fallback>();
  /** Declarations of the links to functions that are found when the program runs. */
  readonly links: types.Statement[] = [];
  readonly #names = new Map<FunctionNode, string>();
  readonly #kinds: Kinds;
  readonly #effects: Effects;
  readonly calls: CallGraph;
  #current: FunctionNode | undefined;
  readonly #strong = new Set<FunctionNode>();
  readonly #linksOf = new Map<FunctionNode, string[]>();

  constructor(
    private readonly context: ModuleContext,
    private readonly marks: Marks,
  ) {
    this.#kinds = new Kinds(context, marks, new TypeKinds(context, context.types, context.path));
    this.#effects = new Effects(context, this.#kinds);
    this.calls = new CallGraph(context, this.#kinds);
  }

  /** What is known of the file's values, for other forms. */
  get facts(): { kinds: Kinds; effects: Effects; calls: CallGraph } {
    return { kinds: this.#kinds, effects: this.#effects, calls: this.calls };
  }

  /** Writes all that can be written. What calls a function without a tangent form has none either. */
  run(): void {
    const candidates = [...this.marks.functions.values()].filter((path) => this.#isCandidate(path));
    for (const path of candidates)
      this.#names.set(path.node, this.#unusedName(`${nameOf(path)}$tangent`));
    this.#findStrong();
    for (let again = true; again; ) {
      again = false;
      this.forms.clear();
      this.links.length = 0;
      for (const path of candidates) {
        if (!this.#names.has(path.node)) continue;
        try {
          this.forms.set(path.node, this.#write(path.node));
        } catch (e) {
          if (!(e instanceof Fallback)) throw e;
          this.reasons.set(path.node, e);
          this.#names.delete(path.node);
          again = true;
        }
      }
    }
    const links = this.#linksReached();
    for (const [f, form] of this.forms)
      this.forms.set(f, { ...form, ...this.#again(f, links.get(f)) });
  }

  /** The links that a function uses, by itself or through what it calls. */
  #linksReached(): Map<FunctionNode, Set<string>> {
    const callers = new Map<FunctionNode, Set<FunctionNode>>();
    for (const f of this.forms.keys())
      for (const g of this.calls.calleesOf(f)) callers.set(g, (callers.get(g) ?? new Set()).add(f));
    const reached = new Map<FunctionNode, Set<string>>();
    for (const [f, links] of this.#linksOf) {
      const users = new Set([f]);
      // The set grows while it is gone through.
      if (links.length > 0)
        for (const g of users) for (const caller of callers.get(g) ?? []) users.add(caller);
      for (const g of users) reached.set(g, new Set([...(reached.get(g) ?? []), ...links]));
    }
    return reached;
  }

  #again(f: FunctionNode, links: ReadonlySet<string> = new Set()): Pick<TangentForm, "again"> {
    const how = !this.#changesOutside(f)
      ? "replayable"
      : !this.#effects.changesState(f) && "contained";
    if (!how) return {};
    return { again: { how, links: [...links] } };
  }

  #isCandidate(path: NodePath<FunctionNode>): boolean {
    const { node } = path;
    const why = (reason: string) => {
      this.reasons.set(node, new Fallback(node, reason));
      return false;
    };
    if (this.marks.refused.has(node)) return why("it can't be differentiated");
    if (node.type === "ObjectMethod") return why("it is a method of an object literal");
    if (node.type === "ClassPrivateMethod") return why("it is a private method");
    if (node.type !== "ClassMethod") {
      // Inside another marked function it is part of that one's tangent form.
      for (let p = path.parentPath; p; p = p.parentPath ?? (undefined as never)) {
        if (p && this.marks.functions.has(p.node as FunctionNode))
          return why("it is written inside another marked function");
      }
      return true;
    }
    if (node.kind === "set") return why("it is a setter");
    const owner = path.parentPath.parent as types.Class;
    if (owner.type !== "ClassDeclaration" || staticKey(node as never) === undefined)
      return why("its class is an expression, or its name is computed");
    const statement = path.parentPath.parentPath?.parent;
    const isTop =
      statement?.type === "Program" ||
      statement?.type === "ExportNamedDeclaration" ||
      statement?.type === "ExportDefaultDeclaration";
    return isTop || why("its class is declared inside a function");
  }

  #unusedName(name: string): string {
    const { scope } = this.context.program;
    const taken =
      scope.hasBinding(name) ||
      scope.hasGlobal(name) ||
      scope.hasReference(name) ||
      [...this.#names.values()].includes(name);
    return taken ? this.context.uid(name) : name;
  }

  isNumber(node: Node): boolean {
    return this.#kinds.kindOf(node).k === "num";
  }

  tangentName(f: FunctionNode): string | undefined {
    return this.#names.get(f);
  }

  /**
   * A function that is entered from outside and changes its arguments can't be run a second time to
   * look at a NaN tangent again, so zero tangents are told apart at every operation, in it and in
   * all that it calls.
   */
  #findStrong(): void {
    const visit = (f: FunctionNode): void => {
      if (this.#strong.has(f)) return;
      this.#strong.add(f);
      this.calls.calleesOf(f).forEach(visit);
    };
    for (const [f, path] of this.marks.functions) {
      if (this.#names.has(f) && this.#isEntered(f, path) && this.#changesOutside(f)) visit(f);
    }
  }

  #changesOutside(f: FunctionNode): boolean {
    return this.#effects.changesOutside(f) || this.#callsUnknownWithContainers(f);
  }

  #callsUnknownWithContainers(f: FunctionNode): boolean {
    let found = false;
    this.context.t.traverseFast(f.body, (n) => {
      if (n.type !== "CallExpression" || this.#kinds.callee(n).type !== "imported") return;
      found ||= n.arguments.some(
        (a) => a.type === "SpreadElement" || isContainer(this.#kinds.kindOf(a)),
      );
    });
    return found;
  }

  // Helpers that are only called by marked functions of this file are entered through these alone.
  #isEntered(f: FunctionNode, path: NodePath<FunctionNode>): boolean {
    if (f.type !== "FunctionDeclaration" || f.id == null || path.parent.type.startsWith("Export"))
      return true;
    if (this.marks.direct.has(f)) return true;
    const binding = this.context.bindings.get(f.id);
    return (
      binding === undefined ||
      binding.referencePaths.some(
        (r) => !(r.parent.type === "CallExpression" && r.key === "callee"),
      )
    );
  }

  #write(f: FunctionNode): TangentForm {
    const strong = this.#strong.has(f);
    this.#linksOf.set(f, []);
    this.#current = f;
    const emitter = new TangentEmitter(this.context, this.#kinds, this.#effects, this, f, strong);
    const kinds = this.#kinds.paramKinds(f);
    const returns = this.#kinds.returnKind(f);
    const all = [...kinds, returns];
    const why = kinds.map(whyUnknown).find((w) => w !== undefined) ?? whyPartlyUnknown(returns);
    if (why !== undefined) throw new Fallback(f, why);
    const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
    const params = kinds.map(
      (k, i) => signatureOf(k) + (mayBeMissing(declared[i] as Node) ? "?" : ""),
    );
    const { params: names, body } = emitter.write();
    return {
      params: names,
      body,
      name: this.#names.get(f) as string,
      signature: `${params.join(",")}:${signatureOf(returns)}`,
      classNames: [...new Set(all.flatMap(classNamesIn))],
    };
  }

  // Links are declared at the top of the file, where nothing else is to be seen.
  #isOfFile(callee: Node): boolean {
    const binding = this.context.bindings.get(rootOf(unwrap(callee)));
    return binding === undefined || binding.scope === this.context.program.scope;
  }

  link(
    callee: types.Expression,
    { params, returns }: { params: Kind[]; returns: Kind },
    site: Node,
    strong: boolean,
    shared: boolean,
  ): string {
    const { t } = this.context;
    if (site.type === "CallExpression" && !this.#isOfFile(site.callee))
      throw new Fallback(site, "it calls a function that a surrounding function holds");
    const name = this.context.uid("link");
    this.#linksOf.get(this.#current as FunctionNode)?.push(name);
    const signature = `${params.map(signatureOf).join(",")}:${signatureOf(returns)}`;
    const args = [
      t.arrowFunctionExpression([], callee),
      t.stringLiteral(signature),
      this.context.site(site),
      ...(strong || shared ? [t.booleanLiteral(strong)] : []),
      ...(shared ? [t.booleanLiteral(true)] : []),
    ];
    const call = t.callExpression(this.context.helper("link"), args);
    t.addComment(call, "leading", "#__PURE__");
    this.links.push(
      t.variableDeclaration("const", [t.variableDeclarator(t.identifier(name), call)]),
    );
    return name;
  }
}

const rootOf = (callee: Node): Node =>
  callee.type === "MemberExpression" ? rootOf(unwrap(callee.object)) : callee;

const mayBeMissing = (param: Node): boolean => {
  const p = param.type === "TSParameterProperty" ? param.parameter : param;
  return p.type === "AssignmentPattern" || (p.type === "Identifier" && p.optional === true);
};

/** What a marked function is called in reports and in the names of its forms. */
export function nameOf(path: NodePath<FunctionNode>): string {
  const { node } = path;
  if (node.type === "FunctionDeclaration") return node.id?.name ?? "default";
  if (node.type === "FunctionExpression" && node.id) return node.id.name;
  if (
    node.type === "ClassMethod" ||
    node.type === "ObjectMethod" ||
    node.type === "ClassPrivateMethod"
  ) {
    const owner = path.parentPath?.parent as types.Class | undefined;
    const key = (staticKey(node as never) ?? "method").replace(/\W/g, "");
    return owner && "id" in owner && owner.id ? `${owner.id.name}$${key}` : key;
  }
  const holder = path.findParent(
    (p) => unwrap(p.node) === p.node && p.node.type !== "CallExpression",
  )?.node;
  if (holder?.type === "VariableDeclarator" && holder.id.type === "Identifier")
    return holder.id.name;
  return "anonymous";
}
