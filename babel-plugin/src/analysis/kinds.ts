import type { NodePath, types } from "@babel/core";
import { rules } from "dualize/rules";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import type { Marks } from "../marks/marked-functions.ts";
import { functionOf } from "../marks/marked-functions.ts";
import { transformName } from "../marks/transform-calls.ts";
import type { ModuleContext } from "../module-context.ts";
import {
  BOTTOM,
  bounded,
  elementKind,
  INERT,
  isContainer,
  join,
  type Kind,
  NUM,
  show,
  UNUSED,
  unknown,
} from "./kind.ts";
import type { TypeKinds } from "./type-kinds.ts";

type Node = types.Node;

/** What a call means to tangent code. */
export type Callee =
  | { readonly type: "math"; readonly name: string }
  | { readonly type: "closure"; readonly node: FunctionNode }
  | { readonly type: "marked"; readonly node: FunctionNode }
  | { readonly type: "method"; readonly node: FunctionNode; readonly object: Node }
  | { readonly type: "value"; readonly kind: Extract<Kind, { k: "fn" }> }
  | { readonly type: "imported"; readonly name: string }
  | {
      readonly type: "array-method";
      readonly name: string;
      readonly object: Node;
      readonly kind: Kind;
    }
  | { readonly type: "other"; readonly name: string }
  // The kind of the object is not known yet; it is by the time that code is written.
  | { readonly type: "not-yet" };

/** Methods of arrays whose results see primals only. */
export const lookups = new Set([
  "indexOf",
  "lastIndexOf",
  "includes",
  "join",
  "findIndex",
  "findLastIndex",
  "every",
  "some",
  "keys",
  "toString",
]);

/** Our own functions whose result is inert by what they mean. */
const stopping = new Set(["stopGradient", "primalOf"]);

/** Methods that call back for each element. */
const walks = new Set(["map", "forEach", "reduce", "reduceRight", "filter", "every", "some"]);

/** Functions of the language that see primals only and change nothing. */
const inertGlobals = new Set([
  "Number.isFinite",
  "Number.isNaN",
  "Number.isInteger",
  "Number.isSafeInteger",
  "isNaN",
  "isFinite",
  "String",
  "Boolean",
  "Array.isArray",
  "Object.is",
  "parseInt",
  "Number.parseInt",
]);

/**
 * The kind of every variable, expression and result, as the least solution of what the program says
 * of them: all begin at "not known yet" and are joined with what their definitions give until
 * nothing changes.
 */
export class Kinds {
  readonly #table = new Map<object, Kind>();
  readonly #definitions = new Map<object, () => Kind>();
  /** Kinds of expressions that were asked for once all was solved. */
  readonly #kinds = new WeakMap<Node, Kind>();
  #solving = false;
  #isSettled = true;

  constructor(
    private readonly context: ModuleContext,
    private readonly marks: Marks,
    readonly typeKinds: TypeKinds,
  ) {}

  /** The kind of an unknown of the system of equations, which is registered when it is first asked for. */
  #unknownOf(key: object, definition: () => Kind): Kind {
    const known = this.#table.get(key);
    if (known !== undefined) return known;
    this.#isSettled = false;
    this.#table.set(key, BOTTOM);
    this.#definitions.set(key, definition);
    return this.#solving ? BOTTOM : this.#solved(() => this.#table.get(key) as Kind);
  }

  #solved(ask: () => Kind): Kind {
    if (this.#solving) return ask();
    this.#solving = true;
    let answer = ask();
    // Where nothing new was asked for, the solution that there is still holds.
    for (let changed = !this.#isSettled; changed; ) {
      changed = false;
      const before = this.#definitions.size;
      for (const [key, definition] of this.#definitions) {
        const old = this.#table.get(key) as Kind;
        const next = bounded(join(old, definition()));
        if (show(next) === show(old)) continue;
        this.#table.set(key, next);
        changed = true;
      }
      changed ||= this.#definitions.size > before;
      answer = ask();
    }
    this.#solving = false;
    this.#isSettled = true;
    return answer;
  }

  // ---- variables

  bindingKind(binding: Binding): Kind {
    return this.#unknownOf(binding, () => this.#definition(binding));
  }

  #definition(binding: Binding): Kind {
    const { path, identifier } = binding;
    // What surrounds a marked function holds no active values, whatever its type.
    if (!this.#isInside(binding)) return INERT;
    const annotated = this.typeKinds.of((identifier as types.Identifier).typeAnnotation);
    if (annotated) return annotated;
    const { node } = path;
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") return INERT;
    if (node.type === "FunctionExpression") return INERT;
    if (binding.kind === "param" && !path.isCatchClause()) return this.#paramKind(binding);
    if (node.type !== "VariableDeclarator") return INERT;
    const statement = path.parentPath?.parentPath?.node;
    let kind: Kind;
    if (statement?.type === "ForOfStatement" && statement.left === path.parent) {
      kind = this.#within(node.id, this.iteratedKind(statement.right), identifier);
    } else if (statement?.type === "ForInStatement" && statement.left === path.parent) kind = INERT;
    else {
      const declared = this.typeKinds.of((node.id as types.Identifier).typeAnnotation);
      if (this.isLookupTable(binding)) return INERT;
      kind = node.init
        ? this.#within(node.id, declared ?? this.kindOf(node.init), identifier)
        : BOTTOM;
    }
    for (const violation of binding.constantViolations)
      kind = join(kind, this.#written(violation, identifier));
    if (kind.k === "array" && node.init && isEmptyArray(unwrap(node.init)))
      kind = join(kind, { k: "array", of: this.#evidence(binding) });
    return kind;
  }

  /** Whether a variable belongs to a marked function, not to what surrounds all of them. */
  #isInside(binding: Binding): boolean {
    for (let path: NodePath | null = binding.scope.path; path; path = path.parentPath) {
      if (isFunction(path.node) && this.marks.functions.has(path.node)) return true;
    }
    return false;
  }

  /** A literal array of numbers that is only ever read: its elements never become active. */
  isLookupTable(binding: Binding): boolean {
    const { node } = binding.path;
    const init = node.type === "VariableDeclarator" && node.init ? unwrap(node.init) : undefined;
    if (init?.type !== "ArrayExpression" || !binding.constant) return false;
    if (!init.elements.every((e) => e?.type === "NumericLiteral" || e?.type === "UnaryExpression"))
      return false;
    return binding.referencePaths.every(({ node: id, parent, parentPath }) => {
      if (parent.type !== "MemberExpression" || parent.object !== id) return false;
      const around = parentPath?.parent;
      if (!parent.computed) return staticKey({ key: parent.property }) === "length";
      return (
        around?.type !== "UpdateExpression" &&
        !(around?.type === "AssignmentExpression" && around.left === parent)
      );
    });
  }

  #written({ node }: NodePath, identifier: Node): Kind {
    if (node.type === "AssignmentExpression") {
      const left = unwrap(node.left);
      if (left.type !== "Identifier")
        return this.#within(left, this.kindOf(node.right), identifier);
      return node.operator === "=" ? this.kindOf(node.right) : this.#compound(node);
    }
    if (node.type === "VariableDeclarator") return node.init ? this.kindOf(node.init) : BOTTOM;
    if (node.type === "UpdateExpression") return BOTTOM;
    if (node.type === "ForOfStatement")
      return this.#within(node.left, this.iteratedKind(node.right), identifier);
    return INERT;
  }

  /** What is put into an array that begins empty tells what it holds. */
  #evidence(binding: Binding): Kind {
    let kind: Kind = BOTTOM;
    for (const reference of binding.referencePaths) {
      const { parent, parentPath } = reference;
      if (parent.type !== "MemberExpression" || parent.object !== reference.node) continue;
      const outer = parentPath?.parent;
      const name = staticKey({ key: parent.property, computed: parent.computed });
      if (
        (name === "push" || name === "unshift" || name === "fill") &&
        outer?.type === "CallExpression"
      ) {
        for (const a of outer.arguments)
          kind = join(kind, this.kindOf(a.type === "SpreadElement" ? a.argument : a));
      } else if (
        parent.computed &&
        outer?.type === "AssignmentExpression" &&
        outer.left === parent
      ) {
        kind = join(kind, this.kindOf(outer.right));
      }
    }
    return kind.k === "inert" ? NUM : kind;
  }

  /** The kind that an identifier has inside a destructuring pattern. */
  #within(pattern: Node, kind: Kind, identifier: Node): Kind {
    switch (pattern.type) {
      case "Identifier":
        return pattern.name === (identifier as types.Identifier).name ? kind : BOTTOM;
      case "AssignmentPattern":
        return this.#within(pattern.left, join(kind, this.kindOf(pattern.right)), identifier);
      case "RestElement":
        return this.#within(pattern.argument, kind, identifier);
      case "VariableDeclaration":
        return this.#within(
          (pattern.declarations[0] as types.VariableDeclarator).id,
          kind,
          identifier,
        );
      case "ArrayPattern":
        return pattern.elements.reduce<Kind>((found, e, i) => {
          if (e === null) return found;
          const part = e.type === "RestElement" ? kind : this.elementAt(kind, i);
          return join(found, this.#within(e, part, identifier));
        }, BOTTOM);
      case "ObjectPattern":
        return pattern.properties.reduce<Kind>((found, p) => {
          if (p.type === "RestElement")
            return join(
              found,
              this.#within(p.argument, unknown("the rest of an object"), identifier),
            );
          return join(
            found,
            this.#within(p.value, this.fieldKind(kind, staticKey(p as never)), identifier),
          );
        }, BOTTOM);
      default:
        return BOTTOM;
    }
  }

  elementAt(kind: Kind, index: number): Kind {
    return kind.k === "tuple" ? (kind.of[index] ?? INERT) : elementKind(kind);
  }

  fieldKind(kind: Kind, name: string | undefined): Kind {
    if (kind.k === "inert" || kind.k === "bottom") return kind;
    if (name === "length" && kind.k !== "object") return INERT;
    if (kind.k === "object" && name !== undefined)
      return (
        kind.fields.get(name) ??
        unknown(`the field ${name} of an object that is not known to have it`)
      );
    return unknown("a property of a value whose shape is not known");
  }

  /** What a `for…of` over an expression binds. */
  iteratedKind(expression: Node): Kind {
    const node = unwrap(expression);
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      const name = staticKey({ key: node.callee.property, computed: node.callee.computed });
      const of = this.kindOf(node.callee.object);
      if (name === "entries" && (of.k === "array" || of.k === "floats"))
        return { k: "tuple", of: [INERT, elementKind(of)] };
      if (name === "keys") return INERT;
    }
    return elementKind(this.kindOf(node));
  }

  // ---- parameters

  paramKinds(f: FunctionNode): Kind[] {
    return f.params
      .filter((p) => !(p.type === "Identifier" && p.name === "this"))
      .map((p) => this.#kindOfParam(f, p, f.params.indexOf(p as never)));
  }

  #kindOfParam(f: FunctionNode, param: Node, index: number): Kind {
    const target = param.type === "TSParameterProperty" ? param.parameter : param;
    const inner = target.type === "AssignmentPattern" ? target.left : target;
    const annotated = this.typeKinds.of((inner as types.Identifier).typeAnnotation);
    if (annotated) return annotated;
    const context = this.#contextual(f, index);
    if (context) return context;
    if (target.type === "AssignmentPattern") {
      const fallback = this.kindOf(target.right);
      if (fallback.k !== "inert" || isNumeric(target.right))
        return fallback.k === "inert" ? NUM : fallback;
    }
    if (inner.type === "Identifier") {
      const binding = this.context.bindings.get(inner);
      if (binding && this.#usedAsNumber(binding)) return NUM;
    }
    return unknown(
      `the parameter ${inner.type === "Identifier" ? `'${inner.name}' ` : ""}without a type`,
    );
  }

  #paramKind(binding: Binding): Kind {
    const f = binding.scope.path.node as FunctionNode;
    if (!isFunction(f)) return unknown("a parameter of an unusual function");
    for (const [i, p] of f.params.entries()) {
      const target = p.type === "TSParameterProperty" ? p.parameter : p;
      const bare = target.type === "AssignmentPattern" ? target.left : target;
      if (!containsName(bare, binding.identifier)) continue;
      const kind = this.#kindOfParam(f, p, i);
      if (bare.type === "Identifier") {
        return binding.constantViolations.reduce<Kind>(
          (k, v) => join(k, this.#written(v, binding.identifier)),
          kind,
        );
      }
      return this.#within(bare, kind, binding.identifier);
    }
    return unknown("a parameter that was not found");
  }

  /** What a callback of an array method, or a closure that is only called here, gets. */
  #contextual(f: FunctionNode, index: number): Kind | undefined {
    const path = this.#pathOf(f);
    const parent = path?.parent;
    const expected = path && this.#expected(path);
    if (expected?.k === "fn") return expected.params[index] ?? INERT;
    if (
      parent?.type === "CallExpression" &&
      parent.arguments[0] === f &&
      parent.callee.type === "MemberExpression"
    ) {
      const name = staticKey({ key: parent.callee.property, computed: parent.callee.computed });
      if (name === "from" && this.context.isGlobal(parent.callee.object, "Array")) return undefined;
      const of = this.kindOf(parent.callee.object);
      if (of.k === "array" || of.k === "floats" || of.k === "tuple") {
        const element = elementKind(of);
        if (name === "reduce" || name === "reduceRight") {
          const init = parent.arguments[1];
          const acc = init ? join(this.kindOf(init), this.returnKind(f)) : element;
          return [acc, element, INERT, of][index];
        }
        return [element, INERT, of][index];
      }
      if (of.k === "inert" && (name === "reduce" || name === "reduceRight") && index === 0) {
        const init = parent.arguments[1];
        return init ? join(this.kindOf(init), this.returnKind(f)) : INERT;
      }
      if (of.k === "inert") return INERT;
    }
    if (
      parent?.type === "CallExpression" &&
      parent.arguments[1] === f &&
      this.calleeName(parent.callee) === "Array.from"
    ) {
      const source = this.kindOf(parent.arguments[0] as Node);
      return [isContainer(source) && source.k !== "object" ? elementKind(source) : INERT, INERT][
        index
      ];
    }
    const id = path && nameOfClosure(path);
    const binding = id && this.context.bindings.get(id);
    if (!binding?.constant || this.marks.functions.has(f)) return undefined;
    let kind: Kind = BOTTOM;
    for (const reference of binding.referencePaths) {
      const call = reference.parent;
      if (call.type !== "CallExpression" || call.callee !== reference.node) return undefined;
      const argument = call.arguments[index];
      if (argument && argument.type !== "SpreadElement") kind = join(kind, this.kindOf(argument));
    }
    return binding.referencePaths.length > 0 ? kind : undefined;
  }

  #pathOf(f: FunctionNode): NodePath | undefined {
    return this.context.functionPaths.get(f);
  }

  /** Whether the uses of a variable say that it is an array or object. */
  #usedAsObject(binding: Binding): boolean {
    return binding.referencePaths.some(({ node, parent }) => {
      if (parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression")
        return parent.object === node;
      return (
        parent.type === "ForOfStatement" ||
        parent.type === "SpreadElement" ||
        parent.type === "VariableDeclarator"
      );
    });
  }

  /** Whether the uses of a variable say that it is a number. */
  #usedAsNumber(binding: Binding, seen = new Set<Binding>()): boolean {
    if (seen.has(binding)) return false;
    seen.add(binding);
    return binding.referencePaths.some((reference) => {
      let path = reference as NodePath;
      while (path.parentPath && unwrap(path.parent) !== path.parent) path = path.parentPath;
      const { parent } = path;
      if (parent.type === "BinaryExpression")
        return ["+", "-", "*", "/", "%", "**", "<", ">", "<=", ">="].includes(parent.operator);
      if (parent.type === "UnaryExpression")
        return parent.operator === "-" || parent.operator === "+";
      if (parent.type === "AssignmentExpression")
        return parent.right === path.node && /^[-+*/%]/.test(parent.operator);
      if (parent.type === "MemberExpression")
        return parent.computed && parent.property === path.node;
      if (parent.type === "ObjectProperty")
        return parent.value === path.node && this.#isLengthOfNewArray(path.parentPath as NodePath);
      if (parent.type !== "CallExpression" || parent.callee === path.node) return false;
      return (
        this.mathName(parent.callee) !== undefined || this.#passedAsNumber(parent, path.node, seen)
      );
    });
  }

  // `Array.from({ length: n }, f)`
  #isLengthOfNewArray(property: NodePath): boolean {
    const call = property.parentPath?.parent;
    return (
      staticKey(property.node as never) === "length" &&
      call?.type === "CallExpression" &&
      this.calleeName(call.callee) === "Array.from"
    );
  }

  // Handed to a function of this file that uses it as a number.
  #passedAsNumber(call: types.CallExpression, argument: Node, seen: Set<Binding>): boolean {
    const param = this.functionNamed(call.callee)?.params[
      call.arguments.indexOf(argument as types.Expression)
    ];
    const id = param?.type === "AssignmentPattern" ? param.left : param;
    if (id?.type !== "Identifier") return false;
    const binding = this.context.bindings.get(id);
    return (
      this.typeKinds.of(id.typeAnnotation)?.k === "num" ||
      (binding !== undefined && this.#usedAsNumber(binding, seen))
    );
  }

  // ---- functions

  returnKind(f: FunctionNode): Kind {
    if (f.async || f.generator)
      return unknown(f.async ? "the result of an async function" : "a generator");
    const annotated = this.typeKinds.of(f.returnType);
    if (annotated && !(annotated.k === "unknown" && f.type === "ArrowFunctionExpression"))
      return annotated;
    return this.#unknownOf(f, () => {
      if (f.body.type !== "BlockStatement") return this.kindOf(f.body);
      const returns = returnsOf(f.body);
      return returns.reduce<Kind>(
        (kind, r) => join(kind, r.argument ? this.kindOf(r.argument) : INERT),
        returns.length ? BOTTOM : INERT,
      );
    });
  }

  /** The kind of a function literal as a value. */
  functionKind(f: FunctionNode): Kind {
    return { k: "fn", params: this.paramKinds(f), returns: this.returnKind(f) };
  }

  // ---- expressions

  kindOf(expression: Node): Kind {
    if (this.#solving) return this.#kindNow(expression);
    let kind = this.#kinds.get(expression);
    if (kind === undefined) {
      kind = this.#solved(() => this.#kindNow(expression));
      this.#kinds.set(expression, kind);
    }
    return kind;
  }

  #kindNow(expression: Node): Kind {
    const kind = this.#structure(unwrap(expression));
    // `[] as number[]`: the literal does not tell what it will hold.
    const isOpen =
      kind.k === "array" && kind.of.k === "bottom" && expression.type === "TSAsExpression";
    return (isOpen ? this.typeKinds.of(expression.typeAnnotation) : undefined) ?? kind;
  }

  #structure(node: Node): Kind {
    switch (node.type) {
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        if (binding === undefined) return INERT;
        const f = this.closureNamed(node);
        return f && !this.marks.functions.has(f) ? this.functionKind(f) : this.bindingKind(binding);
      }
      case "BinaryExpression":
        return ["+", "-", "*", "/", "%", "**"].includes(node.operator)
          ? this.#arithmetic(node)
          : INERT;
      case "UnaryExpression":
        return node.operator === "-" || node.operator === "+" ? this.#number(node.argument) : INERT;
      case "UpdateExpression":
        return this.#number(node.argument);
      case "AssignmentExpression":
        return node.operator === "=" ? this.kindOf(node.right) : this.#compound(node);
      case "ConditionalExpression":
        return join(this.kindOf(node.consequent), this.kindOf(node.alternate));
      case "LogicalExpression":
        return join(this.kindOf(node.left), this.kindOf(node.right));
      case "SequenceExpression":
        return this.kindOf(node.expressions.at(-1) as Node);
      case "ThisExpression":
        return this.#thisKind(node);
      case "MemberExpression":
        return this.#member(node);
      case "ArrayExpression":
        return this.#array(node);
      case "ObjectExpression":
        return this.#object(node);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.functionKind(node);
      case "NewExpression":
        return this.#made(node);
      case "CallExpression":
        return this.#call(node);
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "BigIntLiteral":
      case "RegExpLiteral":
      case "TemplateLiteral":
      case "ClassExpression":
      case "MetaProperty":
        return INERT;
      default:
        return this.#unusual(node);
    }
  }

  /** What tangent code does not have is inert where all that it is made of is. */
  #unusual(node: Node): Kind {
    let kind: Kind = INERT;
    this.context.t.traverseFast(node, (n) => {
      const isOwnName = n.type === "Identifier" && this.context.bindings.has(n);
      if ((isOwnName || n.type === "ThisExpression" || n.type === "Super") && kind.k === "inert") {
        const part = n.type === "Super" ? unknown("super") : this.kindOf(n);
        if (part.k !== "inert")
          kind =
            part.k === "bottom"
              ? part
              : unknown(`it uses a construct that tangent code does not have (${node.type})`);
      }
    });
    return kind;
  }

  #arithmetic(node: types.BinaryExpression): Kind {
    if (node.operator !== "+") return this.#number(node.left, node.right);
    const isText = (side: Node): boolean => {
      const n = unwrap(side);
      return (
        n.type === "StringLiteral" ||
        n.type === "TemplateLiteral" ||
        (n.type === "BinaryExpression" && n.operator === "+" && (isText(n.left) || isText(n.right)))
      );
    };
    return isText(node.left) || isText(node.right) ? INERT : this.#number(node.left, node.right);
  }

  /** What arithmetic on some operands gives: inert as long as nothing active comes in. */
  #number(...operands: Node[]): Kind {
    let kind: Kind = INERT;
    for (const operand of operands) {
      const k = this.kindOf(operand);
      if (k.k === "unknown") return k;
      if (isContainer(k)) return unknown("arithmetic on an object");
      if (k.k === "bottom") kind = kind.k === "num" ? kind : BOTTOM;
      if (k.k === "num") kind = NUM;
    }
    return kind;
  }

  #compound(node: types.AssignmentExpression): Kind {
    if (node.operator === "&&=" || node.operator === "||=" || node.operator === "??=")
      return join(this.kindOf(node.left), this.kindOf(node.right));
    return /^[-+*/%]/.test(node.operator) ? this.#number(node.left, node.right) : INERT;
  }

  #thisKind(node: Node): Kind {
    const owner = this.context.thisClasses.get(node);
    return owner?.id
      ? this.typeKinds.classKind(owner.id.name)
      : unknown("`this` outside a named class");
  }

  #member(node: types.MemberExpression): Kind {
    if (node.object.type === "Super") return unknown("super");
    const object = this.kindOf(node.object);
    if (object.k === "inert" || object.k === "bottom" || object.k === "unknown") return object;
    if (node.computed) {
      const key = unwrap(node.property);
      if (key.type === "NumericLiteral") return this.elementAt(object, key.value);
      if (key.type === "StringLiteral") return this.fieldKind(object, key.value);
      if (object.k === "object") {
        return [...object.fields.values()].every((k) => k.k === "num") && object.fields.size > 0
          ? NUM
          : unknown("a computed key of an object");
      }
      return elementKind(object);
    }
    const name = staticKey({ key: node.property, computed: false });
    if (
      object.k === "object" &&
      object.className &&
      name !== undefined &&
      !object.fields.has(name)
    ) {
      const getter = this.memberOf(object.className, name);
      if (getter?.type === "ClassMethod" && getter.kind === "get") return this.returnKind(getter);
    }
    return this.fieldKind(object, name);
  }

  /** The method or accessor of a class of this file. */
  memberOf(className: string, name: string): types.ClassMethod | undefined {
    const node = this.typeKinds.classes.get(className);
    const found = node?.body.body.find(
      (m) => m.type === "ClassMethod" && staticKey(m as never) === name && m.kind !== "set",
    );
    return found as types.ClassMethod | undefined;
  }

  #array(node: types.ArrayExpression): Kind {
    if (node.elements.length === 0) return { k: "array", of: BOTTOM };
    const kinds = node.elements.map((e): Kind => {
      if (e === null) return INERT;
      return e.type === "SpreadElement" ? elementKind(this.kindOf(e.argument)) : this.kindOf(e);
    });
    const isText = (e: Node | null) =>
      e !== null &&
      (e.type === "StringLiteral" || e.type === "TemplateLiteral" || e.type === "BooleanLiteral");
    if (node.elements.every(isText)) return INERT;
    // Numbers in an array travel with tangents, whether or not the first ones are active.
    const of = kinds.map((k) => (k.k === "inert" ? NUM : k));
    const all = of.reduce(join, BOTTOM);
    return all.k === "unknown" &&
      !node.elements.some((e) => e?.type === "SpreadElement") &&
      of.every((k) => k.k !== "unknown")
      ? { k: "tuple", of: kinds }
      : all.k === "unknown"
        ? all
        : { k: "array", of: all };
  }

  #object(node: types.ObjectExpression): Kind {
    const fields = new Map<string, Kind>();
    for (const p of node.properties) {
      if (p.type === "SpreadElement") {
        const kind = this.kindOf(p.argument);
        if (kind.k === "bottom") return kind;
        if (kind.k !== "object")
          return unknown("spreading a value that is not known to be an object");
        for (const [name, k] of kind.fields) fields.set(name, k);
      } else {
        const key = staticKey(p as never);
        if (key === undefined || p.type === "ObjectMethod")
          return unknown("an object with computed keys or methods");
        const kind = this.kindOf(p.value);
        fields.set(key, kind.k === "inert" && isNumeric(p.value) ? NUM : kind);
      }
    }
    return { k: "object", fields };
  }

  #made(node: types.NewExpression): Kind {
    const callee = unwrap(node.callee);
    if (callee.type !== "Identifier") return unknown("constructing a class that is computed");
    if (this.context.bindings.has(callee)) {
      return this.typeKinds.classes.has(callee.name)
        ? this.typeKinds.classKind(callee.name)
        : unknown(`the class ${callee.name}`);
    }
    if (callee.name === "Float64Array" || callee.name === "Float32Array")
      return { k: "floats", model: callee.name };
    if (callee.name === "Array") return this.#arrayOfSize(node.arguments);
    return this.#inertCall(node.arguments, `new ${callee.name}`);
  }

  /** `Array(n)`; with more arguments it is something else. */
  #arrayOfSize(args: readonly Node[]): Kind {
    return args.length > 1
      ? unknown("an array made of its elements by Array()")
      : { k: "array", of: BOTTOM };
  }

  /** A function of the language or another package: inert as long as nothing active goes in. */
  #inertCall(args: readonly Node[], name: string): Kind {
    let kind: Kind = INERT;
    for (const a of args) {
      const k = a.type === "SpreadElement" ? this.kindOf(a.argument) : this.kindOf(a);
      if (k.k === "bottom") kind = BOTTOM;
      else if (k.k !== "inert") return unknown(`a call of ${name} with active values`);
    }
    return kind;
  }

  #call(node: types.CallExpression): Kind {
    const callee = this.callee(node);
    switch (callee.type) {
      case "math":
        if (rules[callee.name]?.kind === "constant") return INERT;
        return node.arguments.some(
          (a) => a.type === "SpreadElement" && isContainer(this.kindOf(a.argument)),
        )
          ? NUM
          : this.#number(...node.arguments.filter((a) => a.type !== "SpreadElement"));
      case "closure":
      case "marked":
      case "method":
        return this.returnKind(callee.node);
      case "value":
        return callee.kind.returns;
      case "imported":
        return node.arguments.every(
          (a) => a.type !== "SpreadElement" && this.kindOf(a).k === "inert",
        ) && node.arguments.length > 0
          ? INERT
          : this.importedKind(node);
      case "array-method":
        return this.#arrayMethod(node, callee);
      case "not-yet":
        return BOTTOM;
      default:
        return this.#hiddenInput(node, callee.name) ?? this.#other(node, callee.name);
    }
  }

  /** A function that is not known may use all that it or its object holds, whatever its arguments. */
  #hiddenInput(node: types.CallExpression, name: string): Kind | undefined {
    const callee = unwrap(node.callee);
    const source = callee.type === "MemberExpression" ? callee.object : callee;
    if (source.type === "Super") return unknown("super");
    const kind = this.kindOf(source);
    if (kind.k === "inert" || kind.k === "bottom") return undefined;
    return kind.k === "unknown" ? kind : unknown(`a call of ${name}`);
  }

  /** What an imported function gives is told by what is done with it; the link checks it when it runs. */
  importedKind(node: types.CallExpression): Kind {
    const path = this.context.callPaths.get(node);
    const expected = path && this.#expected(path);
    if (expected) return expected;
    const parent = path?.parent;
    const notKnown = unknown("the result of an imported function, whose shape is not known");
    // What is not used as an array or object is a number; the link looks when it is called.
    const held = (id: Node): Kind => {
      const binding = this.context.bindings.get(id);
      return binding && !this.#usedAsObject(binding) ? NUM : notKnown;
    };
    switch (parent?.type) {
      case "VariableDeclarator":
        return parent.id.type === "Identifier" ? held(parent.id) : notKnown;
      case "AssignmentExpression": {
        const left = unwrap(parent.left);
        if (parent.operator !== "=") return NUM;
        if (left.type !== "Identifier")
          return left.type === "MemberExpression" ? numberUnless(this.kindOf(left)) : notKnown;
        return held(left);
      }
      case "CallExpression":
        if (parent.callee === node) return this.#calledAtOnce(parent);
        return this.#expectedArgument(parent, node) ?? notKnown;
      case "ExpressionStatement":
        return UNUSED;
      case "BinaryExpression":
      case "UnaryExpression":
      case "ConditionalExpression":
      case "LogicalExpression":
      case "ReturnStatement":
      case "ArrayExpression":
      case "ObjectProperty":
        return NUM;
      default:
        return parent !== undefined && isFunction(parent) && parent.body === node ? NUM : notKnown;
    }
  }

  /** `imported(a)(b)`: the function that is called is told by how. */
  #calledAtOnce(call: types.CallExpression): Kind {
    const params = call.arguments.map((a) => {
      if (a.type === "SpreadElement") return unknown("a call with a spread argument");
      const kind = this.kindOf(a);
      return kind.k === "inert" && isNumeric(a) ? NUM : kind;
    });
    return { k: "fn", params, returns: this.importedKind(call) };
  }

  /** What a call that stands among the arguments of another one is expected to give. */
  #expectedArgument(call: types.CallExpression, argument: Node): Kind | undefined {
    if (this.mathName(call.callee) !== undefined) return NUM;
    const position = call.arguments.indexOf(argument as types.Expression);
    if (unwrap(call.callee).type === "Identifier") {
      const f = functionOf(this.context, call.callee);
      // An argument of another imported function: numbers are what such helpers take.
      return (f && this.paramKinds(f.node)[position]) ?? NUM;
    }
    const callee = this.callee(call);
    if (callee.type === "method" || callee.type === "marked")
      return this.paramKinds(callee.node)[position];
    if (callee.type === "array-method" && callee.name === "push")
      return numberUnless(elementKind(callee.kind));
    return callee.type === "imported" ? NUM : undefined;
  }

  /** The kind that annotations around an expression ask of it. */
  #expected(path: NodePath): Kind | undefined {
    const { node, parent, parentPath } = path;
    const ofReturn = (f: Node | undefined): Kind | undefined => {
      if (!isFunction(f)) return undefined;
      const annotated = this.typeKinds.of(f.returnType);
      if (annotated) return annotated;
      const around = this.#pathOf(f);
      const kind = around && this.#expected(around);
      return kind?.k === "fn" ? kind.returns : undefined;
    };
    const outer = () => (parentPath ? this.#expected(parentPath) : undefined);
    switch (parent?.type) {
      case "VariableDeclarator":
        return parent.init === node
          ? this.typeKinds.of((parent.id as types.Identifier).typeAnnotation)
          : undefined;
      case "AssignmentExpression": {
        const binding =
          parent.operator === "=" && parent.right === node
            ? this.context.bindings.get(unwrap(parent.left))
            : undefined;
        return (
          binding && this.typeKinds.of((binding.identifier as types.Identifier).typeAnnotation)
        );
      }
      case "ReturnStatement":
        return ofReturn(path.getFunctionParent()?.node);
      case "ArrowFunctionExpression":
        return parent.body === node ? ofReturn(parent) : undefined;
      case "ConditionalExpression":
        return parent.test === node ? undefined : outer();
      case "ArrayExpression": {
        const kind = outer();
        return kind && this.elementAt(kind, parent.elements.indexOf(node as types.Expression));
      }
      case "ObjectProperty": {
        const kind =
          parent.value === node && parentPath?.parentPath
            ? this.#expected(parentPath.parentPath)
            : undefined;
        return kind?.k === "object" ? kind.fields.get(staticKey(parent as never) ?? "") : undefined;
      }
      case "CallExpression": {
        const f = this.functionNamed(parent.callee);
        const param = f?.params[parent.arguments.indexOf(node as types.Expression)];
        return param && this.typeKinds.of((param as types.Identifier).typeAnnotation);
      }
      default:
        return undefined;
    }
  }

  #arrayMethod(
    node: types.CallExpression,
    { name, kind, object }: Extract<Callee, { type: "array-method" }>,
  ): Kind {
    void object;
    const callback = node.arguments[0] && unwrap(node.arguments[0]);
    const result = (): Kind => {
      if (isFunction(callback)) return this.returnKind(callback);
      const f = callback && this.functionNamed(callback);
      if (f) return this.returnKind(f);
      return callback && this.mathName(callback) !== undefined
        ? NUM
        : unknown("a callback that is not written here");
    };
    const numeric = (k: Kind): Kind => (k.k === "inert" ? NUM : k);
    if (lookups.has(name)) return INERT;
    switch (name) {
      case "map":
        return kind.k === "floats" ? kind : { k: "array", of: numeric(result()) };
      case "every":
      case "some":
        return INERT;
      case "filter":
      case "slice":
      case "fill":
      case "concat":
      case "reverse":
      case "subarray":
        if (kind.k === "array" && kind.of.k === "inert") return INERT;
        return kind.k === "array" && kind.of.k === "bottom" && name === "fill" && node.arguments[0]
          ? { k: "array", of: numeric(this.kindOf(node.arguments[0])) }
          : kind;
      case "reduce":
      case "reduceRight": {
        const init = node.arguments[1];
        return join(init ? this.kindOf(init) : elementKind(kind), result());
      }
      case "at":
      case "pop":
      case "shift":
        return elementKind(kind);
      case "push":
      case "unshift":
      case "forEach":
      case "set":
        return INERT;
      default:
        return unknown(`the array method ${name}`);
    }
  }

  #other(node: types.CallExpression, name: string): Kind {
    const callee = unwrap(node.callee);
    if (callee.type === "MemberExpression" && callee.object.type !== "Super") {
      // What a method gives is made of its object as well as of its arguments.
      const object = this.kindOf(callee.object);
      if (object.k === "unknown") return object;
      if (isContainer(object)) return unknown(`a call of ${name} with active values`);
    }
    if (name === "Number" || name === "Number.parseFloat") return NUM;
    if (name === "Array.from") {
      const callback = node.arguments[1] && unwrap(node.arguments[1]);
      const source = node.arguments[0] ? this.kindOf(node.arguments[0]) : INERT;
      if (callback === undefined)
        return source.k === "array" || source.k === "floats"
          ? { k: "array", of: elementKind(source) }
          : unknown("Array.from of something else than an array");
      const made = isFunction(callback)
        ? this.returnKind(callback)
        : unknown("a callback that is not written here");
      return { k: "array", of: made.k === "inert" ? NUM : made };
    }
    if (name === "Array") return this.#arrayOfSize(node.arguments);
    if (stopping.has(name)) return INERT;
    if (inertGlobals.has(name)) return INERT;
    // What is called may hold active values itself, where it is computed.
    if (
      callee.type === "Super" ||
      (callee.type === "MemberExpression" && callee.object.type === "Super")
    )
      return unknown("super");
    const source = this.kindOf(callee.type === "MemberExpression" ? callee.object : callee);
    if (source.k === "bottom" || source.k === "unknown") return source;
    if (isContainer(source)) return unknown(`a call of ${name}`);
    return this.#inertCall(node.arguments, name);
  }

  // ---- callees

  /** `Array.from` and the like: globals, written out. */
  calleeName(callee: Node): string | undefined {
    const node = unwrap(callee);
    if (node.type === "Identifier") return this.context.bindings.has(node) ? undefined : node.name;
    const property =
      node.type === "MemberExpression"
        ? staticKey({ key: node.property, computed: node.computed })
        : undefined;
    if (node.type !== "MemberExpression" || property === undefined) return undefined;
    const object = unwrap(node.object);
    return object.type === "Identifier" && !this.context.bindings.has(object)
      ? `${object.name}.${property}`
      : undefined;
  }

  /** The name of a `Math` function, also by an alias: `const { sin } = Math`, `const sin = Math.sin`. */
  mathName(callee: Node): string | undefined {
    const node = unwrap(callee);
    const name = this.calleeName(node);
    if (name?.startsWith("Math."))
      return Object.hasOwn(rules, name.slice(5)) ? name.slice(5) : undefined;
    if (node.type !== "Identifier") return undefined;
    const binding = this.context.bindings.get(node);
    const declarator = binding?.constant ? binding.path.node : undefined;
    if (declarator?.type !== "VariableDeclarator" || !declarator.init) return undefined;
    const init = unwrap(declarator.init);
    if (declarator.id.type === "Identifier")
      return init.type === "MemberExpression" ? this.mathName(init) : undefined;
    if (declarator.id.type !== "ObjectPattern" || !this.context.isGlobal(init, "Math"))
      return undefined;
    const property = declarator.id.properties.find(
      (p) => p.type === "ObjectProperty" && p.value === binding?.identifier,
    );
    const key = property && staticKey(property as never);
    return key !== undefined && Object.hasOwn(rules, key) ? key : undefined;
  }

  /** The closure that a name always means, written in the marked function itself. */
  closureNamed(id: Node): FunctionNode | undefined {
    const path = functionOf(this.context, id);
    if (!path) return undefined;
    const binding = this.context.bindings.get(id) as Binding;
    return this.#isInside(binding) ? path.node : undefined;
  }

  /** The function of this file that a name always means, wherever it is written. */
  functionNamed(id: Node): FunctionNode | undefined {
    return functionOf(this.context, unwrap(id))?.node;
  }

  callee(node: types.CallExpression): Callee {
    const callee = unwrap(node.callee);
    const math = this.mathName(callee);
    if (math !== undefined) return { type: "math", name: math };
    const name = this.calleeName(callee);
    if (name !== undefined) return { type: "other", name };
    if (callee.type === "Identifier") {
      const closure = this.closureNamed(callee);
      if (closure) return { type: "closure", node: closure };
      const marked = functionOf(this.context, callee);
      if (marked && this.marks.functions.has(marked.node))
        return { type: "marked", node: marked.node };
      const binding = this.context.bindings.get(callee);
      const ours = transformName(this.context, callee);
      if (ours !== undefined) return { type: "other", name: ours };
      const isOuterVariable =
        binding?.path.node.type === "VariableDeclarator" && !this.#isInside(binding);
      if (binding?.kind === "module" || isOuterVariable)
        return { type: "imported", name: callee.name };
      const kind = binding ? this.bindingKind(binding) : INERT;
      return kind.k === "fn" ? { type: "value", kind } : { type: "other", name: callee.name };
    }
    if (callee.type === "MemberExpression") return this.#methodCallee(node, callee);
    const kind = this.kindOf(callee);
    return kind.k === "fn"
      ? { type: "value", kind }
      : { type: "other", name: "a computed function" };
  }

  #methodCallee(call: types.CallExpression, callee: types.MemberExpression): Callee {
    const name = staticKey({ key: callee.property, computed: callee.computed });
    if (name === undefined || callee.object.type === "Super")
      return { type: "other", name: "a computed method" };
    const object = unwrap(callee.object);
    if (object.type === "Identifier") {
      const binding = this.context.bindings.get(object);
      const ours = transformName(this.context, callee);
      if (ours !== undefined) return { type: "other", name: ours };
      if (binding?.path.node.type === "ImportNamespaceSpecifier")
        return { type: "imported", name: `${object.name}.${name}` };
      if (
        this.typeKinds.classes.has(object.name) &&
        binding?.path.node === this.typeKinds.classes.get(object.name)
      ) {
        const method = this.#staticMethod(object.name, name);
        if (method && this.marks.functions.has(method)) return { type: "marked", node: method };
      }
    }
    const kind = this.kindOf(object);
    if (kind.k === "bottom") return { type: "not-yet" };
    if (kind.k === "array" || kind.k === "floats" || kind.k === "tuple")
      return { type: "array-method", name, object, kind };
    // An array of inert values that is gone through with a callback written here.
    const calledBack = call.arguments[0] && unwrap(call.arguments[0]);
    if (
      kind.k === "inert" &&
      walks.has(name) &&
      calledBack &&
      (isFunction(calledBack) || this.functionNamed(calledBack))
    ) {
      return { type: "array-method", name, object, kind: { k: "array", of: INERT } };
    }
    if (kind.k === "object" && kind.className) {
      const method = this.memberOf(kind.className, name);
      if (method && this.marks.functions.has(method))
        return { type: "method", node: method, object };
    }
    if (kind.k === "object") {
      const field = kind.fields.get(name);
      if (field?.k === "fn") return { type: "value", kind: field };
    }
    return { type: "other", name: `.${name}` };
  }

  #staticMethod(className: string, name: string): types.ClassMethod | undefined {
    const found = this.typeKinds.classes
      .get(className)
      ?.body.body.find(
        (m) =>
          m.type === "ClassMethod" &&
          m.static &&
          m.kind === "method" &&
          staticKey(m as never) === name,
      );
    return found as types.ClassMethod | undefined;
  }
}

/** The `return` statements of a body, not those of functions inside it. */
export function returnsOf(body: Node): types.ReturnStatement[] {
  const found: types.ReturnStatement[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const n of node) visit(n);
    else if (node !== null && typeof node === "object" && "type" in node) {
      const n = node as Node;
      if (isFunction(n) || n.type === "ClassDeclaration" || n.type === "ClassExpression") return;
      if (n.type === "ReturnStatement") found.push(n);
      for (const key of childKeys[n.type] ?? [])
        visit((n as unknown as Record<string, unknown>)[key]);
    }
  };
  visit(body);
  return found;
}

// Where statements can be inside statements.
const childKeys: Readonly<Record<string, readonly string[]>> = {
  BlockStatement: ["body"],
  IfStatement: ["consequent", "alternate"],
  ForStatement: ["body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
  LabeledStatement: ["body"],
  SwitchStatement: ["cases"],
  SwitchCase: ["consequent"],
  TryStatement: ["block", "handler", "finalizer"],
  CatchClause: ["body"],
};

const numberUnless = (kind: Kind): Kind => (isContainer(kind) || kind.k === "unknown" ? kind : NUM);

const isEmptyArray = (node: Node): boolean =>
  (node.type === "ArrayExpression" && node.elements.length === 0) ||
  ((node.type === "NewExpression" || node.type === "CallExpression") &&
    node.callee.type === "Identifier" &&
    node.callee.name === "Array");

const isNumeric = (node: Node): boolean => {
  const n = unwrap(node);
  return (
    n.type === "NumericLiteral" ||
    n.type === "UnaryExpression" ||
    n.type === "BinaryExpression" ||
    n.type === "Identifier" ||
    n.type === "MemberExpression" ||
    n.type === "CallExpression"
  );
};

function nameOfClosure(path: NodePath): Node | undefined {
  if (path.node.type === "FunctionDeclaration") return path.node.id ?? undefined;
  return path.parent.type === "VariableDeclarator" && path.parent.init === path.node
    ? path.parent.id
    : undefined;
}

function containsName(pattern: Node, identifier: Node): boolean {
  if (pattern === identifier) return true;
  switch (pattern.type) {
    case "AssignmentPattern":
      return containsName(pattern.left, identifier);
    case "RestElement":
      return containsName(pattern.argument, identifier);
    case "ArrayPattern":
      return pattern.elements.some((e) => e !== null && containsName(e, identifier));
    case "ObjectPattern":
      return pattern.properties.some((p) =>
        containsName(p.type === "RestElement" ? p.argument : p.value, identifier),
      );
    default:
      return false;
  }
}
