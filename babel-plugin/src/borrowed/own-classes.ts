import type { NodePath, types } from "@babel/core";
import { someIn } from "../analysis/syntax.ts";
import { type FunctionNode, isClass, staticKey, unwrap, writtenBy } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { memberName } from "./member-name.ts";

type Node = types.Node;

/** A class of the file. */
interface OwnClass {
  readonly node: types.Class;
  readonly name: string;
  /** Whether somebody may put other methods in the place of its own: it has another name somewhere. */
  readonly isOpen: boolean;
  readonly members: Set<string>;
  link: string | undefined;
}

const known = new WeakMap<ModuleContext, OwnClasses>();

/** The classes of a file, of which others may replace methods. */
export function ownClasses(context: ModuleContext): OwnClasses {
  let found = known.get(context);
  if (found === undefined) {
    found = new OwnClasses(context);
    known.set(context, found);
  }
  return found;
}

/**
 * Forms have the code of methods in them. A test may spy on a method of a class that it imports, other code may
 * patch one: so the forms of functions that call methods of a class which others can get hold of ask whether these
 * are still the ones that are written.
 */
export class OwnClasses {
  readonly #classes = new Map<Node, OwnClass>();
  readonly #owners = new Map<Node, OwnClass>();

  constructor(private readonly context: ModuleContext) {
    // What leads from an instance to its class is not followed.
    const leads = someIn(
      context.t,
      context.program.node,
      (n) => n.type === "Identifier" && n.name === "getPrototypeOf",
    );
    for (const binding of Object.values(context.program.scope.bindings)) {
      const { node } = binding.path;
      if (!isClass(node) || context.isBorrowed(node) || this.#classes.has(node)) continue;
      const { name } = binding.identifier;
      const isOpen =
        leads ||
        namesItself(context, node) ||
        !binding.referencePaths.every((use) => isHarmless(use, node));
      const made = { node, name, isOpen, members: new Set<string>(), link: undefined };
      this.#classes.set(node, made);
      for (const m of node.body.body) this.#owners.set(m, made);
    }
  }

  /** The names of the links that say whether the methods among some functions are those that are written. */
  linksOf(functions: Iterable<FunctionNode>): string[] {
    const links = new Set<string>();
    for (const f of functions) {
      const owner = this.#owners.get(f);
      const name = memberName(f);
      if (owner === undefined || name === undefined) continue;
      for (const heir of this.#classes.values()) {
        if (!heir.isOpen || !this.#inherits(heir, owner)) continue;
        heir.members.add(name);
        heir.link ??= this.context.uid("own");
        links.add(heir.link);
      }
    }
    return [...links];
  }

  /** Whether something asks what methods a class has, or hands on to others. */
  isAsked(node: Node): boolean {
    const owner = this.#classes.get(node);
    if (owner === undefined) return false;
    return [...this.#classes.values()].some(
      (c) => c.link !== undefined && this.#inherits(c, owner),
    );
  }

  /** The declarations of the links. */
  links(): types.Statement[] {
    const { t } = this.context;
    return [...this.#classes.values()].flatMap(({ name, members, link }) => {
      if (link === undefined) return [];
      const made = t.callExpression(this.context.helper("ownClass"), [
        t.arrayExpression([...members].map((m) => t.stringLiteral(m))),
        t.arrowFunctionExpression([], t.identifier(name)),
      ]);
      t.addComment(made, "leading", "#__PURE__");
      return t.variableDeclaration("const", [t.variableDeclarator(t.identifier(link), made)]);
    });
  }

  #inherits(heir: OwnClass, owner: OwnClass, seen = new Set<OwnClass>()): boolean {
    if (heir === owner) return true;
    const parent = heir.node.superClass && unwrap(heir.node.superClass);
    const of = parent && this.context.bindings.get(parent)?.path.node;
    const next = of && this.#classes.get(of);
    return !!next && !seen.has(next) && this.#inherits(next, owner, seen.add(next));
  }
}

/** Whether static code of a class may hand on the class, which it has by `this`, or replace a method of it. */
function namesItself({ t }: ModuleContext, node: types.Class): boolean {
  const harmless = new Set<Node>();
  const isHarmed = (n: Node): boolean => {
    if (n.type === "NewExpression") harmless.add(n.callee);
    if (n.type === "CallExpression" && isPlainMember(n.callee)) harmless.add(n.callee.object);
    if (isPlainMember(n) && !hasStatic(node, n.property as types.Identifier))
      harmless.add(n.object);
    // What is around a node is met before it.
    return n.type === "ThisExpression" && !harmless.has(n);
  };
  return node.body.body.some(
    (m) =>
      (m.type === "StaticBlock" || ("static" in m && m.static === true)) && someIn(t, m, isHarmed),
  );
}

const isPlainMember = (n: Node): n is types.MemberExpression =>
  n.type === "MemberExpression" && !n.computed && n.property.type === "Identifier";

const hasStatic = (node: types.Class, { name }: types.Identifier): boolean =>
  node.body.body.some(
    (m) => m.type === "ClassMethod" && m.static && staticKey(m as never) === name,
  );

/** Whether the name of a class is used for nothing that lets others get hold of it, or replaces a method. */
function isHarmless(use: NodePath, node: types.Class): boolean {
  let place = use;
  for (
    let up = place.parentPath;
    up && unwrap(up.node) === unwrap(place.node);
    up = place.parentPath
  )
    place = up;
  const { parent, parentPath } = place;
  switch (parent.type) {
    case "NewExpression":
      return place.key === "callee";
    case "BinaryExpression":
      return parent.operator === "instanceof" && place.key === "right";
    case "ClassDeclaration":
    case "ClassExpression":
      return place.key === "superClass";
    case "MemberExpression": {
      const key = staticKey({ key: parent.property, computed: parent.computed });
      if (place.key !== "object" || key === undefined) return false;
      const isMethod = node.body.body.some(
        (m) => m.type === "ClassMethod" && m.static && staticKey(m as never) === key,
      );
      return !isMethod || !isChanged(parentPath as NodePath);
    }
    default:
      return /^TS/.test(parent.type) && !/^Export/.test(use.node.type);
  }
}

/** Whether a member is written to, also by a pattern or a loop, or deleted. */
function isChanged(path: NodePath): boolean {
  const { parent, node, key } = path;
  if (parent.type === "UnaryExpression") return parent.operator === "delete";
  const written = writtenBy(parent);
  if (written) return unwrap(written) === node;
  return parent.type !== "CallExpression" || key !== "callee"
    ? /Pattern$|^For|^RestElement$|^TS|^ObjectProperty$/.test(parent.type)
    : false;
}
