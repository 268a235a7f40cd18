import type { types } from "@babel/core";
import { isPrototypeMark } from "../analysis/prototype-marks.ts";
import { isClass, isFunction, staticKey, type T, unwrap, writtenBy } from "../ast.ts";
import { isMark } from "../marks/mark.ts";
import type { Declared, TypeModule, TypeModules } from "../types/modules.ts";
import { digest, isLiteral, textOf } from "./code.ts";
import { declaredIn, namesIn, topNames } from "./names.ts";

type Node = types.Node;
type Body = readonly types.Statement[];
type Member = types.ClassBody["body"][number];

/** What a name of another module stands for in code that is taken from there. */
export type Meaning =
  | { readonly is: "class"; readonly found: Declared }
  | { readonly is: "constant"; readonly value: Node }
  | { readonly is: "function"; readonly node: Node };

/** Code of another module: a class, or a function that it calls. */
interface Part {
  readonly module: TypeModule;
  /** The names that it does not declare itself. */
  readonly uses: ReadonlyMap<string, Meaning>;
}

/** A class of another file that can stand in this one. */
export interface ClassPlan extends Part {
  readonly node: types.ClassDeclaration;
  readonly members: readonly Member[];
  /** Methods that a subclass or the class itself may be asked for, and whose code can't be taken along. */
  readonly closed: ReadonlySet<Member>;
  readonly code: string;
}

/** A function beside a class that its methods call. */
export interface FunctionPlan extends Part {
  readonly node: Node;
}

// Files are parsed once, and imported by many.
const codes = new WeakMap<Node, string>();
const declared = new WeakMap<Node, ReadonlySet<string>>();
const mentioned = new WeakMap<Node, ReadonlySet<string>>();
const tops = new WeakMap<Body, ReadonlySet<string>>();
const constantsOf = new WeakMap<Body, ReadonlyMap<string, Node>>();
const replaced = new WeakMap<Body, ReadonlySet<string>>();

function kept<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}

/** Which classes of other files, and what they use, can stand in a file. */
export class Plans {
  readonly classes = new Map<Node, ClassPlan>();
  readonly functions = new Map<Node, FunctionPlan>();
  readonly #names = new Map<TypeModule, ReadonlySet<string>>();

  constructor(
    private readonly t: T,
    private readonly modules: TypeModules,
    /** Names that mean something at the top of the file where the code is to stand. */
    private readonly taken: ReadonlySet<string>,
  ) {}

  /** Plans for classes, where there are any. What names what turns out not to go is planned anew without it. */
  run(roots: readonly Declared[]): void {
    let before: number;
    do {
      before = this.#failed.size;
      this.classes.clear();
      this.functions.clear();
      for (const root of roots) this.#class(root);
    } while (this.#failed.size > before);
  }

  /** The class that a name of a module stands for, where it is one that can be taken along. */
  typeNamed(module: TypeModule, name: string): Node | undefined {
    if (!module.declared.has(name) && !module.imported.has(name)) return undefined;
    const node = this.modules.find(module, name)?.node;
    return node && this.classes.has(node) ? node : undefined;
  }

  /** Whether a class can be taken along; of one that is being looked at it is supposed. */
  #class({ node, module }: Declared): boolean {
    if (this.#failed.has(node)) return false;
    if (this.classes.has(node) || this.#open.has(node)) return true;
    this.#open.add(node);
    const plan = this.#planClass(node, module);
    this.#open.delete(node);
    if (plan) this.classes.set(node, plan);
    else this.#failed.add(node);
    return plan !== undefined;
  }
  readonly #open = new Set<Node>();
  readonly #failed = new Set<Node>();

  #planClass(node: Node, module: TypeModule): ClassPlan | undefined {
    if (node.type !== "ClassDeclaration" || !node.id || node.declare) return undefined;
    if (module.file === undefined || /\.d\.[cm]?ts$/.test(module.file)) return undefined;
    if (isDecorated(node) || node.body.body.some(isDecorated)) return undefined;
    if (!hasMarks(node, module)) return undefined;
    if (
      isReplaced(
        node,
        kept(replaced, module.body, () => replacedIn(this.t, module.body)),
      )
    )
      return undefined;
    const uses = new Map<string, Meaning>();
    if (node.superClass) {
      if (node.superClass.type !== "Identifier") return undefined;
      if (!this.#take(node.superClass, module, uses)) return undefined;
      if (uses.get(node.superClass.name)?.is !== "class") return undefined;
    }
    const members: Member[] = [];
    const closed = new Set<Member>();
    const marked = module.isMarked ? undefined : markedMembers(this.t, node);
    for (const member of node.body.body) {
      // What is constant under a name that nothing else has is no part of what is called.
      if (member.type === "StaticBlock" && !node.superClass && isPrototypeMark(member, node))
        continue;
      if (member.type === "StaticBlock" || member.type === "ClassAccessorProperty")
        return undefined;
      const isOut = marked !== undefined && isPlainMethod(member) && !marked.has(member);
      if (!isOut && this.#take(member, module, uses)) members.push(member);
      else if (isPartOfInstance(member)) return undefined;
      else if (isPlainMethod(member)) {
        members.push(member);
        closed.add(member);
      } else if (node.superClass) return undefined;
    }
    return { node, module, uses, members, closed, code: codeOf(this.t, node, module.body) };
  }

  #function(node: Node, module: TypeModule): boolean {
    if (this.#failed.has(node)) return false;
    if (this.functions.has(node) || this.#open.has(node)) return true;
    this.#open.add(node);
    const uses = new Map<string, Meaning>();
    const goes = this.#take(node, module, uses);
    this.#open.delete(node);
    if (goes) this.functions.set(node, { node, module, uses });
    else this.#failed.add(node);
    return goes;
  }

  /** Adds what a piece of code uses, if all of it can be taken along. */
  #take(code: Node, module: TypeModule, uses: Map<string, Meaning>): boolean {
    const { t } = this;
    const own = kept(declared, code, () => declaredIn(t, code));
    const found = new Map<string, Meaning>();
    const names = kept(mentioned, code, () => namesIn(t, code));
    for (const name of names) {
      const isOfModule = this.#namesOf(module).has(name);
      if (own.has(name)) {
        // One name for two things, of which one would have to be called otherwise.
        if (isOfModule) return false;
        continue;
      }
      if (!isOfModule) {
        if (this.taken.has(name)) return false;
        continue;
      }
      const meaning = this.#meaningOf(name, module);
      if (meaning === undefined) return false;
      found.set(name, meaning);
    }
    for (const [name, meaning] of found) uses.set(name, meaning);
    return true;
  }

  #namesOf(module: TypeModule): ReadonlySet<string> {
    let names = this.#names.get(module);
    if (names === undefined) {
      names = kept(tops, module.body, () => topNames(this.t, module.body));
      this.#names.set(module, names);
    }
    return names;
  }

  #meaningOf(name: string, module: TypeModule): Meaning | undefined {
    const value = constantsIn(module.body).get(name);
    if (value) return { is: "constant", value };
    const found = this.modules.find(module, name);
    if (isClass(found?.node)) return this.#class(found) ? { is: "class", found } : undefined;
    const helper = functionsIn(this.t, module.body).get(name);
    if (helper === undefined || module.merged.has(module.functions.get(name) as Node))
      return undefined;
    return this.#function(helper, module) ? { is: "function", node: helper } : undefined;
  }
}

/** What a file writes to, `C.make`, and what has its prototype handed on or written to, `C`. */
function replacedIn(t: T, body: Body): Set<string> {
  const found = new Set<string>();
  const harmless = new Set<Node>();
  for (const statement of body)
    t.traverseFast(statement, (n) => {
      for (const member of isClass(n) ? n.body.body : [])
        if (member.type === "StaticBlock" && isPrototypeMark(member, n as types.Class))
          t.traverseFast(member, (part) => void harmless.add(part));
      const written = writtenBy(n);
      const place = written && unwrap(written);
      for (const e of [place, n]) {
        if (e?.type !== "MemberExpression" || harmless.has(e)) continue;
        const owner = unwrap(e.object);
        if (owner.type !== "Identifier") continue;
        const key = staticKey({ key: e.property, computed: e.computed });
        if (key === "prototype") found.add(owner.name);
        else if (e === place) found.add(key === undefined ? owner.name : `${owner.name}.${key}`);
      }
    });
  return found;
}

const isReplaced = (node: types.ClassDeclaration, found: ReadonlySet<string>): boolean => {
  const name = node.id?.name as string;
  const isWritten = (m: Member) =>
    m.type === "ClassMethod" && m.static && found.has(`${name}.${staticKey(m as never)}`);
  return found.has(name) || node.body.body.some(isWritten);
};

const isDecorated = (node: Node): boolean =>
  ((node as { decorators?: readonly Node[] | null }).decorators ?? []).length > 0;

/** What runs when an instance is made. */
const isPartOfInstance = (m: Member): boolean =>
  (m.type === "ClassMethod" && m.kind === "constructor") ||
  ((m.type === "ClassProperty" || m.type === "ClassPrivateProperty") && !m.static);

const isPlainMethod = (m: Member): boolean => m.type === "ClassMethod" && m.kind === "method";

/** Whether a class is marked in its file, or a method of it. */
const hasMarks = (node: types.ClassDeclaration, { isMarked }: TypeModule): boolean =>
  isMarked || node.body.body.some(hasMark);

const hasMark = (m: Member): boolean =>
  isFunction(m) && (m.body as types.BlockStatement | undefined)?.directives?.some(isMark) === true;

/** The members that are marked, and those that these call: they are marked with them. */
function markedMembers(t: T, node: types.ClassDeclaration): ReadonlySet<Member> {
  const all = node.body.body;
  const marked = new Set(all.filter((m) => hasMark(m) || !isPlainMethod(m)));
  // The set grows while it is gone through.
  for (const member of marked) {
    const named = new Set<string | undefined>();
    t.traverseFast(member, (n) => {
      if (n.type === "MemberExpression")
        named.add(staticKey({ key: n.property, computed: n.computed }));
    });
    for (const m of all) if (isPlainMethod(m) && named.has(staticKey(m as never))) marked.add(m);
  }
  return marked;
}

/** The constants of a module that are literals. */
const constantsIn = (body: readonly types.Statement[]): ReadonlyMap<string, Node> =>
  kept(constantsOf, body, () => constantsNow(body));

function constantsNow(body: readonly types.Statement[]): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const { id, init } of constDeclarators(body))
    if (id.type === "Identifier" && init && isLiteral(init)) found.set(id.name, init);
  return found;
}

/** The functions of a module that are never other ones, each with what declares it. */
function functionsIn(t: T, body: readonly types.Statement[]): ReadonlyMap<string, Node> {
  const known = functionsOf.get(body);
  if (known) return known;
  const found = new Map<string, Node>();
  functionsOf.set(body, found);
  for (const statement of body) {
    const declaration = declarationOf(statement);
    if (declaration.type === "FunctionDeclaration" && declaration.id)
      found.set(declaration.id.name, declaration);
  }
  for (const declarator of constDeclarators(body))
    if (declarator.id.type === "Identifier" && isFunction(declarator.init))
      found.set(declarator.id.name, declarator);
  for (const statement of body)
    t.traverseFast(statement, (n) => {
      if (
        n.type === "AssignmentExpression" ||
        n.type === "ForOfStatement" ||
        n.type === "ForInStatement"
      )
        for (const name of namesIn(t, n.left)) found.delete(name);
    });
  return found;
}

const functionsOf = new WeakMap<readonly types.Statement[], ReadonlyMap<string, Node>>();

const declarationOf = (statement: types.Statement): Node =>
  "declaration" in statement && statement.declaration ? statement.declaration : statement;

function constDeclarators(body: readonly types.Statement[]): types.VariableDeclarator[] {
  return body
    .map(declarationOf)
    .flatMap((d) => (d.type === "VariableDeclaration" && d.kind === "const" ? d.declarations : []));
}

/** What tells the code of a class, with the constants and functions beside it, from all other. */
export function codeOf(t: T, node: types.Class, body: readonly types.Statement[]): string {
  return kept(codes, node, () => codeNow(t, node, body));
}

function codeNow(t: T, node: types.Class, body: readonly types.Statement[]): string {
  const constants = constantsIn(body);
  const functions = functionsIn(t, body);
  const texts = [textOf(node)];
  const seen = new Set<string>();
  const add = (part: Node): void => {
    for (const name of [...namesIn(t, part)].sort()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const beside = constants.get(name) ?? functions.get(name);
      if (beside === undefined) continue;
      texts.push(`${name} = ${textOf(beside)}`);
      add(beside);
    }
  };
  add(node);
  return digest(texts.join("\n"));
}
