import type { NodePath, types } from "@babel/core";
import { mayBeMissing } from "../analysis/defaults.ts";
import {
  classNamesIn,
  isContainer,
  isShadowed,
  type Kind,
  OTHERS,
  ownClassNames,
  signatureOf,
  whyPartlyUnknown,
  whyUnknown,
} from "../analysis/kind.ts";
import { someIn } from "../analysis/syntax.ts";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";
import { kindOfAtom, type Name, type Op } from "../lower/form.ts";
import { withoutInvariants } from "../lower/invariants.ts";
import { Unlowered } from "../lower/lowering.ts";
import type { Facts, LoweredModule } from "../lower/module.ts";
import { type Printed, type Printing, print } from "../lower/print.ts";
import { surroundingsOf } from "../lower/surroundings.ts";
import type { Marks } from "../marks/marked-functions.ts";
import { nameOf } from "../marks/name-of.ts";
import type { ModuleContext } from "../module-context.ts";
import { isSeenAtTop } from "../resolve.ts";
import { tangentOf } from "./tangent-of.ts";

type Node = types.Node;

/** A tangent form that was written, and what the twin says about it. */
export interface TangentForm {
  readonly params: types.Identifier[];
  readonly body: types.BlockStatement;
  readonly name: string;
  readonly signature: string;
  /** Whether it can be run again, where its arguments are as they were, and what decides about it. */
  readonly again?: {
    readonly how: "replayable" | "contained" | "reaches";
    readonly links: readonly string[];
    /** Whether functions among its arguments have a say in it. */
    readonly asks?: boolean;
    /** Whether nothing is changed but by the links. */
    readonly isQuiet?: boolean;
  };
  readonly classNames: readonly string[];
  /** What it calls of the functions around it. */
  readonly along?: readonly TangentForm[];
}

/** Which functions of a file have a tangent form, and why the others have none. */
export class TangentForms {
  readonly forms = new Map<FunctionNode, TangentForm>();
  readonly reasons = new Map<FunctionNode, Unlowered>();
  /** Declarations of the links to functions that are found when the program runs. */
  readonly links: types.Statement[] = [];
  readonly #names = new Map<FunctionNode, string>();
  #current: FunctionNode | undefined;
  readonly #strong = new Set<FunctionNode>();
  /** The tangent forms that each one calls by name. */
  readonly #calls = new Map<FunctionNode, Set<FunctionNode>>();
  readonly #linksOf = new Map<FunctionNode, string[]>();

  constructor(
    private readonly context: ModuleContext,
    private readonly marks: Marks,
    private readonly facts: Facts,
    private readonly lowered: LoweredModule,
    /** Those of the rest of the file, where only these functions are written here. */
    private readonly rest?: {
      readonly of: ReadonlySet<FunctionNode>;
      readonly helpers: ReadonlySet<FunctionNode>;
      readonly forms: TangentForms;
    },
  ) {}

  /** Writes all that can be written. What calls a function without a tangent form has none either. */
  run(): void {
    const candidates = [...this.marks.functions.values()].filter(
      (path) => this.#isWrittenHere(path.node) && this.#isCandidate(path),
    );
    for (const path of candidates) {
      const hint = `${nameOf(path)}$tangent`;
      this.#names.set(path.node, this.rest ? this.context.uid(hint) : this.#unusedName(hint));
    }
    this.#findStrong();
    if (this.rest) this.#takeFrom(this.rest.forms);
    for (let again = true; again; ) {
      again = false;
      this.forms.clear();
      this.links.length = 0;
      this.#linksOf.clear();
      for (const path of candidates) {
        if (!this.#names.has(path.node)) continue;
        try {
          this.forms.set(path.node, this.#write(path.node));
        } catch (e) {
          if (!(e instanceof Unlowered)) throw e;
          this.reasons.set(path.node, e);
          this.#names.delete(path.node);
          again = true;
        }
      }
    }
    const links = this.#linksReached();
    for (const [f, form] of this.forms)
      this.forms.set(f, { ...form, ...this.#again(f, links.get(f)) });
    if (this.rest) this.#bringAlong(this.rest.of);
  }

  #isWrittenHere(f: FunctionNode): boolean {
    return this.rest === undefined || this.rest.of.has(f) || this.rest.helpers.has(f);
  }

  /** The code of functions that are handed out stands with them, and what it calls beside it. */
  #bringAlong(functions: ReadonlySet<FunctionNode>): void {
    const whole = new Map(this.forms);
    this.forms.clear();
    for (const f of functions) {
      const form = whole.get(f);
      if (form === undefined) continue;
      const names = surroundingsOf(this.context, this.facts.kinds, f);
      const called = new Set(this.#calls.get(f));
      // The set grows while it is gone through.
      for (const g of called) for (const h of this.#calls.get(g) ?? []) called.add(h);
      const along = [...called].filter((g) => this.#isWrittenHere(g));
      const hidden = along.find((g) => g !== f && !names.meanTheSame(g));
      if (hidden)
        this.reasons.set(f, new Unlowered(hidden, "a name in it means something else there"));
      else this.forms.set(f, { ...form, along: along.map((g) => whole.get(g) as TangentForm) });
    }
  }

  /** What is called is what the rest of the file has, if it takes and gives the same. */
  #takeFrom(forms: TangentForms): void {
    const kindsIn = (facts: Facts, f: FunctionNode) =>
      [...facts.kinds.paramKinds(f), facts.kinds.returnKind(f)].map(signatureOf).join();
    for (const f of forms.forms.keys()) {
      if (!this.marks.functions.has(f) || kindsIn(this.facts, f) !== kindsIn(forms.facts, f))
        continue;
      if (this.#strong.has(f) && !forms.#strong.has(f)) continue;
      this.#names.set(f, forms.#names.get(f) as string);
    }
  }

  /** The links that a function uses, by itself or through what it calls. */
  #linksReached(): Map<FunctionNode, Set<string>> {
    const callers = new Map<FunctionNode, Set<FunctionNode>>();
    for (const f of this.forms.keys())
      for (const g of this.facts.calls.calleesOf(f))
        callers.set(g, (callers.get(g) ?? new Set()).add(f));
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
      : !this.facts.effects.changesState(f) && "contained";
    const isQuiet =
      how !== "replayable" && links.size > 0 && !this.lowered.effects.changesOutside(f);
    if (!how && links.size === 0) return {};
    const asks = this.facts.effects.callsGiven(f);
    return { again: { how: how || "reaches", links: [...links], asks, isQuiet } };
  }

  #isCandidate(path: NodePath<FunctionNode>): boolean {
    const { node } = path;
    const why = (reason: string) => {
      this.reasons.set(node, new Unlowered(node, reason));
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
    return this.facts.kinds.kindOf(node).k === "num";
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
      this.facts.calls.calleesOf(f).forEach(visit);
    };
    for (const [f, path] of this.marks.functions) {
      if (this.#names.has(f) && this.#isEntered(f, path) && this.#changesOutside(f)) visit(f);
    }
  }

  #changesOutside(f: FunctionNode): boolean {
    return this.facts.effects.changesOutside(f) || this.#callsUnknownWithContainers(f);
  }

  #callsUnknownWithContainers(f: FunctionNode): boolean {
    let found = false;
    this.context.t.traverseFast(f.body, (n) => {
      if (n.type !== "CallExpression" || this.facts.kinds.callee(n).type !== "imported") return;
      found ||= n.arguments.some(
        (a) => a.type === "SpreadElement" || isContainer(this.facts.kinds.kindOf(a)),
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
    const kinds = this.facts.kinds.paramKinds(f);
    const returns = this.facts.kinds.returnKind(f);
    const all = [...kinds, returns];
    const why = kinds.map(whyUnknown).find((w) => w !== undefined) ?? whyPartlyUnknown(returns);
    if (why !== undefined) throw new Unlowered(f, why);
    const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
    const params = kinds.map(
      (k, i) => signatureOf(k) + (mayBeMissing(f, declared[i] as Node) ? "?" : ""),
    );
    const { params: names, body } = this.#printed(f, strong);
    return {
      params: names,
      body,
      name: this.#names.get(f) as string,
      signature: this.facts.needs.signature(f, `${params.join(",")}:${signatureOf(returns)}`),
      classNames: this.facts.needs.classNames(f, ownClassNames(all)),
    };
  }

  #programOf(f: FunctionNode) {
    return this.lowered.programs.get(f) ?? this.lowered.inner.get(f);
  }

  /** The tangent of a function's program, as code. */
  #printed(f: FunctionNode, strong: boolean): Printed {
    const program = this.#programOf(f);
    if (program === undefined)
      throw this.lowered.reasons.get(f) ?? new Unlowered(f, "it has no lowered form");
    const found = new Map<string, string>();
    const calls = new Set<FunctionNode>();
    this.#calls.set(f, calls);
    const made = tangentOf(withoutInvariants(program), {
      t: this.context.t,
      node: f,
      active: new Set(program.params.filter(hasTangent)),
      gives: "form",
      strong,
      checkOrigin: (node) => this.#checkOrigin(f, node),
      tangentOf: (g, site) => {
        const callee = this.#programOf(g);
        if (callee === undefined || !this.#names.has(g)) {
          if (this.#mayCross(g, site)) return undefined;
          throw new Unlowered(site ?? f, lacks(site));
        }
        return { key: g, program: callee };
      },
      nameOf: (g) => this.#nameAtTop(g),
    });
    const { t } = this.context;
    const printing: Printing = {
      context: this.context,
      call: (op, args) => {
        calls.add(op.f);
        return t.callExpression(t.identifier(this.#names.get(op.f) as string), args);
      },
      link: (op, args, called) => {
        if (called) return t.callExpression(this.#chosen(op, called, strong), args);
        const link = this.#link(f, op, strong);
        // What is called before may change what the name stands for.
        if (strong) return t.callExpression(this.#lookUp(link), args);
        const local = this.context.uid("f");
        found.set(local, link);
        return t.callExpression(t.identifier(local), args);
      },
      sweep: () => {
        throw new Unlowered(f, "it has no reverse sweep here");
      },
    };
    const printed = print(printing, made);
    // Looked up on entry, so that calls in loops see one function only.
    const looked = [...found].map(([local, link]) =>
      t.variableDeclarator(t.identifier(local), this.#lookUp(link)),
    );
    if (looked.length > 0) printed.body.body.unshift(t.variableDeclaration("const", looked));
    return printed;
  }

  /** The name of a function or constant that is declared at the top of the file. */
  #nameAtTop(f: FunctionNode): types.Identifier | undefined {
    const path = this.marks.functions.get(f);
    const id = f.type === "FunctionDeclaration" ? f.id : declaredAs(path?.parent, f);
    const binding = id && this.context.bindings.get(id);
    const isAtTop = binding?.constant && binding.scope === this.context.program.scope;
    return isAtTop ? this.context.t.identifier(binding.identifier.name) : undefined;
  }

  // A shadow that is made here would not be seen where the same container is reached another way.
  #checkOrigin(f: FunctionNode, node: Node): void {
    const { kinds, effects } = this.facts;
    if (effects.isMadeIn(f, node) || effects.isPrimitive(node)) return;
    if (isContainer(kinds.returnKind(f)) || effects.changesOutside(f))
      throw new Unlowered(
        node,
        "an array or object that was made outside is used where it may be written to",
      );
  }

  /**
   * Whether the dual form of a function of this file can be called in place of a tangent form that it has not:
   * where it is called once, with numbers and objects of numbers, which the bridge takes apart and puts
   * together quickly, and nothing elsewhere decides whether that can be done again.
   */
  #mayCross(g: FunctionNode, site: Node | undefined): boolean {
    if (site?.type !== "CallExpression" || site.callee.type !== "Identifier") return false;
    if (!isSeenAtTop(this.context, site.callee)) return false;
    if (this.facts.kinds.functionNamed(site.callee) !== g || !this.marks.functions.has(g))
      return false;
    if (this.marks.refused.has(g) || g.async || g.generator || this.#reachesOut(g)) return false;
    const { kinds } = this.facts;
    const returns = kinds.returnKind(g);
    const params = kinds.paramKinds(g);
    if (!params.every(isSmall) || !isSmall(returns)) return false;
    // What the dual form is given are copies.
    const isSafe = [...params, returns].some(isContainer)
      ? this.facts.closed().has(g)
      : !this.facts.effects.changesState(g);
    if (!isSafe && !this.facts.worksApart(g)) return false;
    if (whyPartlyUnknown(returns) !== undefined) return false;
    for (let p = this.context.callPaths.get(site)?.parentPath; p; p = p.parentPath ?? undefined) {
      if (p.isLoop()) return false;
      if (p.isFunction()) return true;
    }
    return false;
  }

  /** Whether a function calls another module or throws what may be active, by itself or through others. */
  #reachesOut(g: FunctionNode): boolean {
    const { calls, kinds } = this.facts;
    const reached = new Set([g]);
    // The set grows while it is gone through.
    for (const f of reached) {
      for (const callee of calls.calleesOf(f)) reached.add(callee);
      const isOut = (n: Node): boolean =>
        (n.type === "CallExpression" && /^(imported|chosen)$/.test(kinds.callee(n).type)) ||
        // A method that is not known may refuse what the bridge makes active.
        (n.type === "CallExpression" &&
          n.callee.type === "MemberExpression" &&
          kinds.callee(n).type === "other" &&
          isContainer(kinds.kindOf(n.callee.object))) ||
        (n.type === "ThrowStatement" && kinds.kindOf(n.argument).k !== "inert");
      if (someIn(this.context.t, f.body, isOut)) return true;
    }
    return false;
  }

  /** Whether a dual form may put active values where tangent code, its caller, would read them as constant. */
  leaves(f: FunctionNode): boolean {
    if (this.facts.needs.of(f).size > 0) return true;
    return this.facts.effects.changesState(f) || this.#reachesOut(f);
  }

  /** Whether copies may make a difference to a function: it knows of more than it is given. */
  isOpen(f: FunctionNode): boolean {
    const { kinds } = this.facts;
    // What is known of classes of other files is asked for together with the form alone.
    if (this.facts.needs.of(f).size > 0 && !this.forms.has(f)) return true;
    const isPlain = ({ k }: Kind) => k === "num" || k === "inert";
    const isOfNumbers = kinds.paramKinds(f).every((k) => k.k === "num");
    return !(isOfNumbers && isPlain(kinds.returnKind(f))) && !this.facts.closed().has(f);
  }

  /** Whether an argument is, or holds, an array or object that others may see than who is given it. */
  #isSeenElsewhere(argument: Node): boolean {
    const e = unwrap(argument);
    if (e.type === "ArrayExpression")
      return e.elements.some((x) => x !== null && this.#isSeenElsewhere(x));
    if (e.type === "ObjectExpression")
      return e.properties.some(
        (p) => p.type !== "ObjectProperty" || this.#isSeenElsewhere(p.value),
      );
    return e.type === "SpreadElement" || isContainer(this.facts.kinds.kindOf(e));
  }

  #lookUp(link: string): types.Expression {
    const { t } = this.context;
    const member = (key: string) => t.memberExpression(t.identifier(link), t.identifier(key));
    return t.logicalExpression("??", member("tangent"), t.callExpression(member("resolve"), []));
  }

  /** How a function is called that is chosen while the program runs. */
  #chosen(
    { args, site, gives }: LinkOp,
    called: types.Expression,
    strong: boolean,
  ): types.Expression {
    const { t } = this.context;
    const { kinds, effects } = this.facts;
    // Where it is only handed on, no call of it is written.
    const call = gives === undefined ? (site as types.CallExpression) : undefined;
    const params = args.filter((_, i) => i % 2 === 0).map(kindOfAtom);
    const returns = gives ?? kinds.kindOf(site);
    if (returns.k === "fn") throw new Unlowered(site, "a chosen function that gives a function");
    const classNames = ownClassNames([...params, returns]);
    if ([...params, returns].flatMap(classNamesIn).includes(OTHERS))
      throw new Unlowered(site, "an instance of a class is passed to or from another module");
    // What has begun to change something cannot go over to the dual form.
    const among = call && kinds.callee(call);
    const areKnown =
      among?.type === "chosen" && among.functions?.every((g) => !effects.changesOutside(g));
    if (strong && !areKnown)
      throw new Unlowered(
        site,
        "a function that is chosen while the program runs is called where something is changed",
      );
    const name = this.context.uid("chosen");
    const isMethod = call !== undefined && unwrap(call.callee).type === "MemberExpression";
    const hasClasses = classNames.length > 0;
    const made = t.callExpression(this.context.helper("chosen"), [
      t.stringLiteral(`${params.map(signatureOf).join(",")}:${signatureOf(returns)}`),
      this.context.site(site),
      ...(isMethod || strong || hasClasses ? [t.booleanLiteral(isMethod)] : []),
      ...(strong || hasClasses ? [t.booleanLiteral(strong)] : []),
      ...(hasClasses ? [classesNamed(t, classNames)] : []),
    ]);
    t.addComment(made, "leading", "#__PURE__");
    const declarator = t.variableDeclarator(t.identifier(name), made);
    this.links.push(t.variableDeclaration("const", [declarator]));
    const of = t.memberExpression(t.identifier(name), t.identifier("of"));
    return t.callExpression(of, [called]);
  }

  /** The name of a link to a function that is found when the program runs. */
  #link(f: FunctionNode, { callee, args, site }: LinkOp, strong: boolean): string {
    const { t } = this.context;
    const { kinds, effects } = this.facts;
    const call = site as types.CallExpression;
    if (!isSeenAtTop(this.context, call.callee))
      throw new Unlowered(call, "a call of a function that is made while the program runs");
    const params = args.filter((_, i) => i % 2 === 0).map(kindOfAtom);
    const returns = kinds.kindOf(call);
    // It is given copies, and what it gives goes on seeing them.
    if (returns.k === "fn" && call.arguments.some((a) => this.#isSeenElsewhere(a)))
      throw new Unlowered(call, "a function of another module that gives one is handed an object");
    const own = this.facts.kinds.functionNamed(call.callee);
    const isOwn = own !== undefined && this.marks.functions.has(own);
    const classNames = ownClassNames([...params, returns]);
    // Which class it is there is not known here.
    if (!isOwn && [...params, returns].flatMap(classNamesIn).includes(OTHERS))
      throw new Unlowered(call, "an instance of a class is passed to or from another module");
    // That the function does not write into it is for the link to see.
    const handsOn = effects.handsOnTables(f, call);
    // It may be given back, and written into.
    if (handsOn && effects.changesState(f))
      throw new Unlowered(call, "an object from outside is handed to a function of another module");
    const shared = handsOn || (effects.handsOnOthers(f, call) && !effects.changesState(f));
    const hasClasses = isOwn || classNames.length > 0;
    const name = this.context.uid("link");
    if (!isOwn) this.#linksOf.get(this.#current as FunctionNode)?.push(name);
    const made = t.callExpression(this.context.helper("link"), [
      t.arrowFunctionExpression([], callee),
      t.stringLiteral(`${params.map(signatureOf).join(",")}:${signatureOf(returns)}`),
      this.context.site(call),
      ...(strong || shared || hasClasses ? [t.booleanLiteral(strong)] : []),
      ...(shared || hasClasses ? [t.booleanLiteral(shared)] : []),
      ...(hasClasses ? [classesNamed(t, classNames)] : []),
    ]);
    t.addComment(made, "leading", "#__PURE__");
    const declarator = t.variableDeclarator(t.identifier(name), made);
    this.links.push(t.variableDeclaration("const", [declarator]));
    return name;
  }
}

function declaredAs(parent: Node | undefined, f: FunctionNode): types.Identifier | undefined {
  if (parent?.type !== "VariableDeclarator" || parent.init !== f) return undefined;
  return parent.id.type === "Identifier" ? parent.id : undefined;
}

type LinkOp = Extract<Op, { op: "link" }>;

const hasTangent = ({ kind }: Name): boolean =>
  kind.k === "num" || kind.k === "fn" || isShadowed(kind);

function lacks(site: Node | undefined): string {
  if (site?.type !== "CallExpression") return "it calls a method that has no tangent form";
  const { callee } = site;
  if (callee.type === "MemberExpression") return "it calls a method that has no tangent form";
  const what = callee.type === "Identifier" ? `'${callee.name}'` : "a function";
  return `it calls ${what}, which has no tangent form`;
}

/** Numbers, and objects of these. */
const isSmall = (kind: Kind): boolean =>
  kind.k === "num" ||
  kind.k === "inert" ||
  (kind.k === "union" && kind.of.every(isSmall)) ||
  (kind.k === "object" &&
    [...kind.fields.values()].every((of) => of.k === "unknown" || isSmall(of)));

function classesNamed(t: ModuleContext["t"], names: readonly string[]): types.Expression {
  const classes = names.map((n) => t.objectProperty(t.identifier(n), t.identifier(n), false, true));
  return t.arrowFunctionExpression([], t.objectExpression(classes));
}
