import type { types } from "@babel/core";
import {
  type Binding,
  type FunctionNode,
  isFunction,
  type Scope,
  staticKey,
  unwrap,
} from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { CallGraph } from "./call-graph.ts";
import { isTable } from "./closed.ts";
import { isInside } from "./effects.ts";
import { Equations, type Lattice } from "./equations.ts";
import type { Kinds } from "./kinds.ts";
import { isOnlyRead } from "./only-read.ts";

type Node = types.Node;

/** A way to an object: `world.bodies`, from a variable that is declared outside, or from `this`. */
interface Way {
  readonly root: Binding | "this";
  readonly name: string;
  readonly keys: readonly string[];
  /** Whether what it leads to holds numbers alone, so that nothing further is reached through it. */
  readonly isFlat: boolean;
}

type Ways = ReadonlyMap<string, Way>;

const ways: Lattice<Ways> = {
  bottom: new Map(),
  join: (a, b) => ([...b.keys()].every((key) => a.has(key)) ? a : new Map([...a, ...b])),
};

/** Longer ones end there: methods that call themselves on their parts would make them without end. */
const LONGEST = 4;

/**
 * Which objects functions see that they are not given: by variables of the file, of functions around them, of
 * other files, and by `this`, in their own code and in what they call. An argument may be one of them.
 */
export class KnownOutside {
  readonly #equations = new Equations();

  constructor(
    private readonly context: ModuleContext,
    private readonly kinds: Kinds,
    private readonly calls: CallGraph,
  ) {}

  /** What tells at run time which objects functions know that stand at a place, or undefined where there are none. */
  toldBy(
    functions: readonly FunctionNode[],
    scope: Scope | undefined,
  ): types.Expression | undefined {
    const { t } = this.context;
    const found = new Map<string, types.ObjectProperty>();
    for (const f of functions)
      for (const { root, name, keys, isFlat } of this.#waysOf(f).values()) {
        // `this` of an arrow function is that of what is around it.
        const isOwn = root === "this" && f.type === "ArrowFunctionExpression";
        if (!isOwn && (root === "this" || scope?.getBinding(name)?.identifier !== root.identifier))
          continue;
        const path = [name, ...keys].join(".") + (isFlat ? "[]" : "");
        const key = t.isValidIdentifier(path) ? t.identifier(path) : t.stringLiteral(path);
        if (root === "this") {
          found.set(path, t.objectProperty(key, t.thisExpression()));
          continue;
        }
        const [first] = keys;
        // What a namespace has may be behind getters, which nobody but its own code should run.
        const value =
          isNamespace(root) && first !== undefined
            ? t.objectExpression([
                t.objectProperty(
                  t.identifier(first),
                  t.memberExpression(t.identifier(name), t.identifier(first)),
                ),
              ])
            : t.identifier(name);
        found.set(path, t.objectProperty(key, value, false, path === name));
      }
    return found.size === 0
      ? undefined
      : t.arrowFunctionExpression([], t.objectExpression([...found.values()]));
  }

  #waysOf(f: FunctionNode): Ways {
    return this.#equations.ask(f, ways, () => this.#waysNow(f));
  }

  #waysNow(f: FunctionNode): Ways {
    const found = new Map<string, Way>();
    const add = (way: Way): void => {
      if (way.root !== "this" && isInside(f, way.root.identifier)) return;
      found.set([way.name, ...way.keys].join("."), way);
    };
    const visit = (node: Node, parents: readonly Node[]): void => {
      const bare = unwrap(node);
      if (bare !== node) {
        visit(bare, parents);
        return;
      }
      if (/^TS/.test(node.type) && node.type !== "TSParameterProperty") return;
      if (node.type === "CallExpression") {
        const callee = this.kinds.callee(node);
        if (callee.type === "method") this.#through(callee.object, callee.node, add);
      }
      if (node.type === "MemberExpression") {
        const getter = this.kinds.getterOf(node);
        if (getter) this.#through(node.object, getter, add);
        const setter = this.kinds.setterOf(node);
        if (setter) this.#through(node.object, setter, add);
      }
      const way = this.#wayAt(node, parents);
      if (way && !(way.root === "this" && parents.some((p, i) => i > 0 && hasThis(p)))) add(way);
      const above = [...parents, node];
      for (const key of this.context.t.VISITOR_KEYS[node.type] ?? []) {
        if (isName(node, key)) continue;
        const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
        for (const c of Array.isArray(child) ? child : [child]) if (c) visit(c, above);
      }
    };
    for (const p of f.params) visit(p, [f]);
    visit(f.body, [f]);
    for (const g of this.calls.calleesOf(f)) {
      if (isInside(f, g)) continue;
      for (const way of this.#waysOf(g).values()) if (way.root !== "this") add(way);
    }
    return found;
  }

  /** What a method that is called on an object sees through `this`. */
  #through(object: Node, method: FunctionNode, add: (way: Way) => void): void {
    const from = this.#wayTo(object);
    for (const way of this.#waysOf(method).values()) {
      if (way.root !== "this" || from === undefined) continue;
      const keys = [...from.keys, ...way.keys];
      const isCut = keys.length > LONGEST;
      add({ ...from, keys: keys.slice(0, LONGEST), isFlat: way.isFlat && !isCut });
    }
  }

  /** The way that a chain of members takes, as far as it is known when compiling. */
  #wayTo(chain: Node): Way | undefined {
    const node = unwrap(chain);
    if (node.type === "MemberExpression") {
      const from = this.#wayTo(node.object);
      const key = staticKey({ key: node.property, computed: node.computed });
      return from && key !== undefined ? { ...from, keys: [...from.keys, key] } : undefined;
    }
    return this.#rootAt(node);
  }

  /** The way that begins at a node, and goes on through what is around it. */
  #wayAt(node: Node, parents: readonly Node[]): Way | undefined {
    const root = this.#rootAt(node);
    if (root === undefined) return undefined;
    const keys: string[] = [];
    let end = node;
    let i = parents.length - 1;
    for (; i >= 0 && keys.length < LONGEST; i--) {
      const parent = parents[i] as Node;
      if (unwrap(parent) !== parent) continue;
      if (parent.type !== "MemberExpression" || unwrap(parent.object) !== end) break;
      const key = staticKey({ key: parent.property, computed: parent.computed });
      if (key === undefined || /[.[\]#]/.test(key)) break;
      if (this.kinds.getterOf(parent)) break;
      const call = parents[i - 1];
      // What a method sees of its object is looked at with the method.
      if (call?.type === "CallExpression" && unwrap(call.callee) === parent) {
        if (this.kinds.callee(call).type === "method") return undefined;
        if (root.root === "this" || !isNamespace(root.root)) break;
      }
      keys.push(key);
      end = parent;
    }
    const around = parents[i];
    if (keys.length === 0 && root.root !== "this") {
      if (around && isNamedOnly(around, end, root.root)) return undefined;
      // Functions and classes are looked at with what calls them, unless they are of other files.
      if (isCode(root.root)) return undefined;
    }
    if (keys.length === 0 && root.root === "this") {
      // A call of a function that is named, or of a getter: seen there.
      if (around?.type === "MemberExpression") {
        const call = parents[i - 1];
        const isCalled = call?.type === "CallExpression" && unwrap(call.callee) === around;
        if (this.kinds.getterOf(around)) return undefined;
        if (isCalled && this.kinds.callee(call).type === "method") return undefined;
      }
    }
    return { ...root, keys, isFlat: this.#isFlat(end, root, keys) };
  }

  #rootAt(node: Node): Way | undefined {
    if (node.type === "ThisExpression")
      return { root: "this", name: "this", keys: [], isFlat: false };
    if (node.type !== "Identifier") return undefined;
    const binding = this.context.bindings.get(node);
    if (binding === undefined || this.context.isBorrowed(binding.identifier)) return undefined;
    if (isOfLibrary(binding) || isPrimitive(binding) || this.#isHidden(binding)) return undefined;
    if (this.kinds.bindingKind(binding).k === "num") return undefined;
    return { root: binding, name: node.name, keys: [], isFlat: false };
  }

  /** Whether nobody gets hold of a list that is written in the file, nor of what it holds. */
  #isHidden(binding: Binding): boolean {
    const { node } = binding.path;
    if (!binding.constant || node.type !== "VariableDeclarator" || !node.init) return false;
    const table = unwrap(node.init);
    return isTable(table) && partsOf(table).every((e) => this.#isAlone(e)) && isOnlyRead(binding);
  }

  /** Whether a part of a table is no object that has a name of its own. */
  #isAlone(e: Node): boolean {
    if (e.type === "CallExpression" || e.type === "MemberExpression") return isMath(e);
    if (e.type !== "Identifier") return true;
    const binding = this.context.bindings.get(e);
    return (
      binding === undefined || isPrimitive(binding) || this.kinds.bindingKind(binding).k === "num"
    );
  }

  #isFlat(end: Node, { root }: Way, keys: readonly string[]): boolean {
    const isOfNumbers = (kind: ReturnType<Kinds["kindOf"]> | undefined) =>
      kind?.k === "floats" || (kind?.k === "array" && kind.of.k === "num");
    if (isOfNumbers(this.kinds.kindOf(end))) return true;
    if (root === "this" || keys.length > 0) return false;
    const { node } = root.path;
    if (node.type !== "VariableDeclarator" || node.id !== root.identifier || !root.constant)
      return false;
    const { typeAnnotation } = root.identifier as types.Identifier;
    return (
      (typeAnnotation != null && isOfNumbers(this.kinds.typeKinds.of(typeAnnotation))) ||
      (node.init?.type === "NewExpression" &&
        node.init.callee.type === "Identifier" &&
        /^(Float|Int|Uint|BigInt)\w*Array$/.test(node.init.callee.name))
    );
  }
}

/** Whether a part of a node is a name and no expression. */
const isName = (node: Node, key: string): boolean =>
  (key === "property" &&
    (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") &&
    !node.computed) ||
  (key === "key" && "computed" in node && !node.computed) ||
  (key === "label" && /Statement$/.test(node.type));

/** Whether what stands there is not looked at: what is assigned to, and what is made an instance of. */
const isNamedOnly = (parent: Node, node: Node, { kind }: Binding): boolean =>
  (parent.type === "AssignmentExpression" && parent.operator === "=" && parent.left === node) ||
  (parent.type === "NewExpression" && parent.callee === node && kind !== "module");

/** Whether `this` is another one inside. */
const hasThis = (node: Node): boolean =>
  (isFunction(node) && node.type !== "ArrowFunctionExpression") || node.type === "ClassBody";

const isNamespace = ({ path }: Binding): boolean => path.node.type === "ImportNamespaceSpecifier";

function isCode(binding: Binding): boolean {
  const { node } = binding.path;
  const value = node.type === "VariableDeclarator" && node.init ? unwrap(node.init) : node;
  // A variable may hold another one by now, which nobody has looked at.
  if (!binding.constant) return false;
  return (
    (isFunction(value) && value !== binding.scope.path.node) ||
    value.type === "ClassDeclaration" ||
    value.type === "ClassExpression"
  );
}

const isOfLibrary = ({ kind, path }: Binding): boolean =>
  kind === "module" &&
  path.parent.type === "ImportDeclaration" &&
  (/^dualize(-special)?(\/|$)/.test(path.parent.source.value) || path.parent.importKind === "type");

const primitives =
  /^(Numeric|String|Boolean|Null|BigInt|Template)Literal$|^(Binary|Unary)Expression$/;

function isPrimitive({ constant, path, identifier }: Binding): boolean {
  const { node } = path;
  if (!constant || node.type !== "VariableDeclarator" || node.id !== identifier || !node.init)
    return false;
  const value = unwrap(node.init);
  return primitives.test(value.type) || isMath(value);
}

const partsOf = (table: Node): Node[] => {
  if (table.type === "ArrayExpression") return table.elements.filter((e) => e !== null);
  if (table.type !== "ObjectExpression") return [];
  return table.properties.map((p) => (p.type === "ObjectProperty" ? p.value : p));
};

const isMath = (e: Node): boolean =>
  e.type === "CallExpression" ? isMath(e.callee) : e.type === "MemberExpression" && isGlobal(e);

const isGlobal = ({ object }: types.MemberExpression): boolean =>
  object.type === "Identifier" && /^(Math|Number)$/.test(object.name);
