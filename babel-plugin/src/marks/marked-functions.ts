import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isClass, isFunction, staticKey, unwrap } from "../ast.ts";
import { Refusal } from "../diagnostics.ts";
import { type Companions, DualEmitter } from "../emit/dual.ts";
import type { ModuleContext } from "../module-context.ts";
import { functionOf, resolveClass } from "../resolve.ts";
import { canHaveTwin, findClosures } from "./closures.ts";
import { findDirectives } from "./directives.ts";
import { findInnerClasses } from "./inner-classes.ts";
import { findTransformCalls } from "./transform-calls.ts";
import { isOfModule, isWrapper } from "./wrappers.ts";

/** The functions of a file that get a twin. */
export interface Marks {
  readonly functions: Map<FunctionNode, NodePath<FunctionNode>>;
  /** Functions marked by what is written at them, not by being used. */
  readonly direct: Set<FunctionNode>;
  /** Classes with a marked method, or constructed in a marked function. */
  readonly classes: Map<types.Class, NodePath<types.Class>>;
  /** Functions inside marked ones that outlive an ordinary call: their twins are made when they are asked for. */
  readonly closures: Map<FunctionNode, NodePath<FunctionNode>>;
  /** Those of them that are marked themselves, or used by marked functions by their names. */
  readonly inner: ReadonlySet<FunctionNode>;
  /**
   * What is marked only because its file is: that it can't be differentiated is an error where a
   * derivative reaches it, not one of the file.
   */
  readonly lenient: ReadonlySet<types.Node>;
  /** Those of the lenient ones that can't be differentiated. */
  readonly refused: Map<FunctionNode, Refusal>;
  readonly dualCalls: NodePath<types.CallExpression>[];
  /** Function literals that only their derivatives are taken of. */
  readonly uncalled: ReadonlySet<types.Node>;
}

/** Methods that the language itself calls, so that no call of them is to be seen. */
const implicit = new Set(["toString", "valueOf", "toJSON", "next", "return", "throw", "then"]);

/** Whether the language calls a method by itself: the well-known names, and symbols. */
export const isImplicit = (node: types.Node): boolean => {
  if (node.type !== "ClassMethod" && node.type !== "ObjectMethod") return false;
  if (node.kind !== "method") return false;
  const name = staticKey(node as never);
  return name === undefined ? node.computed === true : implicit.has(name);
};

/**
 * Every way to mark: directive, module directive, `dual(...)`, a literal passed to a transform, and
 * being used by a marked function of the same module.
 */
export function findMarks(context: ModuleContext, isFileMarked = false): Marks {
  const directives = findDirectives(context);
  const calls = findTransformCalls(context);
  const finder = new Finder(context);
  finder.collectMembers();
  context.eachFunction((f) => {
    if (directives.functions.has(f.node) || calls.literals.has(f.node)) finder.markDirectly(f);
  });
  for (const id of calls.named) {
    const f = functionOf(context, id);
    if (f) finder.markDirectly(f);
  }
  finder.followAll();
  const { functions, direct, classes } = finder;
  const strict = new Set<types.Node>([...functions.keys(), ...classes.keys()]);
  if (directives.module || isFileMarked) {
    context.eachFunction(
      (f) => {
        if (isOfModule(f) && !isWrapper(f) && !context.isBorrowed(f.node)) finder.markDirectly(f);
      },
      (path) => {
        if (isOfModule(path) && !context.isBorrowed(path.node)) finder.markClass(path, true);
      },
    );
    finder.followAll();
  }
  finder.markInnerClasses();
  const lenient = new Set(
    [...functions.keys(), ...classes.keys()].filter((node) => !strict.has(node)),
  );
  const refused = new Map<FunctionNode, Refusal>();
  for (const [node, path] of functions) {
    const refusal = lenient.has(node) ? refusalOf(context, path) : undefined;
    if (refusal) refused.set(node, refusal);
  }
  const closures = findClosures(context, functions, classes);
  const inner = new Set<FunctionNode>();
  // What is inside of another marked function is made by it, again at each call.
  for (const [node, path] of functions) {
    if (
      !canHaveTwin(context, path) ||
      !path.findParent((p) => functions.has(p.node as FunctionNode))
    )
      continue;
    closures.set(node, path);
    inner.add(node);
  }
  for (const node of closures.keys()) functions.delete(node);
  return {
    functions,
    direct,
    classes,
    closures,
    inner,
    lenient,
    refused,
    dualCalls: calls.dualCalls,
    uncalled: calls.uncalled,
  };
}

/** Why a function can't be differentiated at all. */
function refusalOf(context: ModuleContext, path: NodePath<FunctionNode>): Refusal | undefined {
  if (!mayBeRefused(context, path)) return undefined;
  const written = context.diagnostics.attempt(() =>
    new DualEmitter(context, path.node, {
      ...noCompanions,
      mayLeaveOutside: () => true,
    }).functionParts(path.node),
  );
  return written instanceof Refusal ? written : undefined;
}

const suspects = new Set([
  "eval",
  "structuredClone",
  "atob",
  "btoa",
  "encodeURIComponent",
  "fetch",
]);

// Writing the dual form tells; most functions need not be written to know.
function mayBeRefused(context: ModuleContext, path: NodePath<FunctionNode>): boolean {
  const isOuter = (node: types.Node): boolean => {
    const target = unwrap(node);
    if (target.type !== "Identifier") return !target.type.includes("MemberExpression");
    const scope = context.bindings.get(target)?.scope.path;
    return !scope || (scope !== path && !scope.findParent((p) => p === path));
  };
  let found = false;
  context.t.traverseFast(path.node, (n) => {
    if (found) return;
    switch (n.type) {
      case "Identifier":
        found = suspects.has(n.name) || fromNode(context, n);
        break;
      case "AssignmentExpression":
        found = isOuter(n.left);
        break;
      case "UpdateExpression":
        found = isOuter(n.argument);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        found = n.left.type !== "VariableDeclaration" && isOuter(n.left);
        break;
      default:
        found =
          unusual.test(n.type) || ((n as { decorators?: unknown[] }).decorators?.length ?? 0) > 0;
    }
  });
  return found;
}

const unusual = /^(With|Do[EC]|Pipeline|Topic|Bind|Module|Record|Tuple|V8|Argument|Partial)/;

const fromNode = (context: ModuleContext, id: types.Node): boolean => {
  const source = context.bindings.get(id)?.path.parent;
  return source?.type === "ImportDeclaration" && source.source.value.startsWith("node:");
};

/** Follows what marked functions use, through the functions, classes and tables of the module. */
class Finder {
  readonly functions = new Map<FunctionNode, NodePath<FunctionNode>>();
  readonly direct = new Set<FunctionNode>();
  readonly classes = new Map<types.Class, NodePath<types.Class>>();
  readonly #members = new Map<string, NodePath<FunctionNode>[]>();
  readonly #pending: NodePath[] = [];
  readonly #followed = new Set<types.Node>();
  // Marked for certain; others are marked because of a name they share with something that is used.
  readonly #certain = new Set<types.Node>();

  constructor(private readonly context: ModuleContext) {}

  /** Methods, and functions that are values of fields and properties, by name. */
  collectMembers(): void {
    const add = (path: NodePath, node: { key: types.Node; computed?: boolean | null }) => {
      const name = staticKey(node);
      if (name !== undefined)
        this.#members.set(name, [
          ...(this.#members.get(name) ?? []),
          path as NodePath<FunctionNode>,
        ]);
    };
    const addValue = (path: NodePath<types.ClassProperty> | NodePath<types.ObjectProperty>) => {
      if (isFunction(path.node.value)) add(path.get("value") as NodePath, path.node as never);
    };
    this.context.each({
      ClassMethod: (path) => {
        if (path.node.kind !== "constructor") add(path, path.node);
      },
      ObjectMethod: (path) => add(path, path.node),
      ClassProperty: addValue,
      ObjectProperty: addValue,
    });
  }

  /** Marks a function that says so itself. */
  markDirectly(path: NodePath<FunctionNode>): void {
    const { node } = path;
    this.direct.add(node);
    // A constructor runs when its class is constructed, so marking it marks the class.
    if (node.type === "ClassMethod" && node.kind === "constructor") {
      this.markClass(path.parentPath.parentPath as NodePath<types.Class>, true);
    } else this.#mark(path, true);
  }

  #mark(path: NodePath<FunctionNode>, certain: boolean): void {
    const { node } = path;
    if (this.context.borrowed?.isClosed(node)) return;
    if (node.body === null || this.#settle(node, certain, this.functions, path)) return;
    const owner = path.parentPath?.parentPath;
    if (owner && isClass(owner.node)) this.markClass(owner as NodePath<types.Class>, certain);
    this.#pending.push(path);
  }

  markClass(path: NodePath<types.Class>, certain: boolean): void {
    // `declare class` says that there is one elsewhere.
    if (path.node.type === "ClassDeclaration" && path.node.declare) return;
    if (this.#settle(path.node, certain, this.classes, path)) return;
    // What runs when an instance is made or used by the language is part of what the marked function does.
    for (const member of path.get("body.body") as NodePath[]) {
      const { node } = member;
      if (node.type === "ClassMethod" && node.kind === "constructor") this.#pending.push(member);
      if (node.type === "ClassProperty" || node.type === "ClassPrivateProperty")
        this.#pending.push(member);
      if (isImplicit(node)) this.#mark(member as NodePath<FunctionNode>, false);
    }
    const parent = path.node.superClass && resolveClass(this.context, path.node.superClass);
    if (parent) this.markClass(parent, certain);
  }

  /** Marks classes that marked functions give away, with all their members. */
  markInnerClasses(): void {
    for (const path of findInnerClasses(this.context, this.functions.values())) {
      this.markClass(path, false);
      for (const member of path.get("body.body") as NodePath[])
        if (isFunction(member.node) && !this.#isConstructor(member.node))
          this.#mark(member as NodePath<FunctionNode>, false);
    }
    this.followAll();
  }

  /** Whether nothing is left to do for a function or class that is marked once more. */
  #settle<N extends types.Node>(
    node: N,
    certain: boolean,
    marked: Map<N, NodePath<N>>,
    path: NodePath<N>,
  ): boolean {
    const known = marked.has(node) && (this.#certain.has(node) || !certain);
    if (certain) this.#certain.add(node);
    if (!known) marked.set(node, path);
    return known;
  }

  followAll(): void {
    for (let path = this.#pending.pop(); path; path = this.#pending.pop()) {
      if (
        !this.#certain.has(path.node) &&
        isFunction(path.node) &&
        !this.#isConstructor(path.node) &&
        // The dual form of what comes from another file is written there.
        !this.context.isBorrowed(path.node) &&
        !this.#canBeWritten(path)
      ) {
        this.functions.delete(path.node);
      } else this.#follow(path);
    }
    for (const [node, path] of this.classes) {
      if (this.#certain.has(node) || this.context.isBorrowed(node)) continue;
      if (!this.#canBeConstructed(path)) this.#dropClass(node);
    }
  }

  #isConstructor = (node: types.Node): boolean =>
    node.type === "ClassMethod" && node.kind === "constructor";

  /** Whether a function that is perhaps never called by marked ones has a dual form at all. */
  #canBeWritten(path: NodePath): boolean {
    const written = this.context.diagnostics.attempt(() =>
      new DualEmitter(this.context, path.node, noCompanions).functionParts(
        path.node as FunctionNode,
      ),
    );
    return !(written instanceof Refusal);
  }

  #canBeConstructed(path: NodePath<types.Class>): boolean {
    return (path.get("body.body") as NodePath[]).every(
      (member) => !this.#isConstructor(member.node) || this.#canBeWritten(member),
    );
  }

  #dropClass(node: types.Class): void {
    this.classes.delete(node);
    for (const member of node.body.body) this.functions.delete(member as FunctionNode);
  }

  #follow(root: NodePath): void {
    if (this.#followed.has(root.node)) return;
    this.#followed.add(root.node);
    const use = (path: NodePath) => {
      if (path.isReferencedIdentifier()) this.#use(root, path as NodePath<types.Identifier>);
    };
    if (root.isIdentifier()) use(root);
    root.traverse({
      Identifier: use,
      MemberExpression: (path) => this.#useMember(path.node),
      OptionalMemberExpression: (path) => this.#useMember(path.node),
      // `{ half } = tools` is a use of it too.
      ObjectPattern: (path) => {
        for (const p of path.node.properties)
          if (p.type === "ObjectProperty") this.#markMembers(staticKey(p as never));
      },
    });
  }

  #useMember(node: types.MemberExpression | types.OptionalMemberExpression): void {
    const method = this.context.privateMembers.get(node.property);
    if (method) {
      // A getter and a setter have one name.
      for (const member of method
        .getAllPrevSiblings()
        .concat(method, method.getAllNextSiblings())) {
        if (
          isFunction(member.node) &&
          staticKey(member.node as never) === staticKey(method.node as never)
        )
          this.#mark(member as NodePath<FunctionNode>, true);
      }
    } else this.#markMembers(staticKey({ key: node.property, computed: node.computed }));
  }

  #markMembers(name: string | undefined): void {
    for (const path of (name !== undefined && this.#members.get(name)) || [])
      this.#mark(path, false);
  }

  #use(root: NodePath, path: NodePath<types.Identifier>): void {
    const used = functionOf(this.context, path.node);
    if (used) {
      if (!used.findParent((p) => p.node === root.node)) this.#mark(used, true);
      return;
    }
    const constructed = resolveClass(this.context, path.node);
    if (constructed) {
      if (path.key === "callee") this.markClass(constructed, true);
      return;
    }
    const binding = this.context.bindings.get(path.node);
    const definition = binding?.path;
    if (
      !binding?.constant ||
      definition?.node.type !== "VariableDeclarator" ||
      !definition.node.init
    )
      return;
    if (!definition.findParent((p) => p.node === root.node))
      this.#useValue(definition.get("init") as NodePath);
  }

  #isFrozen(node: types.Node): boolean {
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
    const { object, property, computed } = node.callee;
    return (
      this.context.isGlobal(object, "Object") && staticKey({ key: property, computed }) === "freeze"
    );
  }

  /** The functions that an expression may give: those of a table, of a choice, or another name. */
  #useValue(path: NodePath): void {
    const { node } = path;
    if (isFunction(node)) this.#mark(path as NodePath<FunctionNode>, false);
    else if (node.type === "Identifier") this.#follow(path);
    else if (!this.#followed.has(node)) {
      this.#followed.add(node);
      const keys =
        valuesOf[node.type] ??
        (this.#isFrozen(node) ? ["arguments"] : unwrap(node) === node ? [] : ["expression"]);
      for (const child of keys.flatMap((key) => path.get(key) as NodePath | NodePath[])) {
        if (child.node) this.#useValue(child);
      }
    }
  }
}

/** Where the values of an expression are that may be functions. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  ArrayExpression: ["elements"],
  ObjectExpression: ["properties"],
  ObjectProperty: ["value"],
  SpreadElement: ["argument"],
  ConditionalExpression: ["consequent", "alternate"],
  LogicalExpression: ["left", "right"],
  // `new Map([["tanh", Math.tanh]])`
  NewExpression: ["arguments"],
};

const noCompanions: Companions = {
  dualName: () => undefined,
  privateDualName: () => undefined,
  isMarkedClass: () => true,
  known: () => undefined,
  isNumber: () => false,
  definesMember: () => true,
  mayLeaveOutside: () => false,
  fusedName: () => "fused",
};
