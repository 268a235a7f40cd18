import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { type Binding, type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

const comparisons = new Set(["==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);
const integerOperators = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const logicalAssignments = new Set(["&&=", "||=", "??="]);

/** The name of the `Math` function that a callee is, by the name `Math` itself. */
export function mathName(context: ModuleContext, callee: types.Node): string | undefined {
  const node = unwrap(callee);
  if (node.type !== "MemberExpression" || !context.isGlobal(unwrap(node.object), "Math"))
    return undefined;
  const { property } = node;
  const name =
    property.type === "Identifier" && !node.computed
      ? property.name
      : property.type === "StringLiteral"
        ? property.value
        : undefined;
  return name !== undefined && Object.hasOwn(rules, name) ? name : undefined;
}

/** What certainly gives an answer that holds no tangent. */
const verdicts = new Set(["isArray", "isNaN", "isFinite", "isInteger", "isSafeInteger"]);
const arrayConstructors = /^(Array|(Float|Int|Uint|BigInt|BigUint)\d+(Clamped)?Array)$/;

/**
 * Which expressions inside a marked function certainly hold no tangent, whatever the arguments are:
 * literals, comparisons, sizes, counters, and everything made of these. What is not proven counts as active.
 */
export class Activity {
  readonly #active = new Set<Binding>();
  // Objects are no active numbers, but their `valueOf` may give one when they are operands.
  readonly #objects = new Set<Binding>();
  readonly #inside: ReadonlySet<Binding>;

  constructor(
    private readonly context: ModuleContext,
    root: FunctionNode | types.Node,
    /** Whether variables around it may hold what is active: those of files that are marked as a whole. */
    private readonly isOpen = false,
  ) {
    // A function's own name is bound at the function itself.
    this.#inside = new Set(context.variablesWithin(root).filter((b) => b.path.node !== root));
    this.#settle();
  }

  // Begins with every variable an inactive primitive and takes back what does not hold, until nothing changes.
  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const binding of this.#inside) {
        if (!this.#active.has(binding) && !this.#definedBy(binding, (e) => this.isInactive(e))) {
          this.#active.add(binding);
          changed = true;
        }
        if (!this.#objects.has(binding) && !this.#definedBy(binding, (e) => this.isPrimitive(e))) {
          this.#objects.add(binding);
          changed = true;
        }
      }
    }
  }

  /** Whether a variable belongs to the marked function, not to what surrounds it. */
  isInside(binding: Binding): boolean {
    return this.#inside.has(binding);
  }

  /** Whether all values that a variable ever gets are evident and pass a test. */
  #definedBy(binding: Binding, passes: (value: types.Node) => boolean): boolean {
    const { path } = binding;
    const { node } = path;
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ClassDeclaration":
      case "ClassExpression":
        if (node.id !== binding.identifier || !passes(node)) return false;
        break;
      case "VariableDeclarator": {
        const loop = path.parentPath?.parentPath?.node;
        const isLoopVariable =
          (loop?.type === "ForInStatement" || loop?.type === "ForOfStatement") &&
          loop.left === path.parent;
        if (isLoopVariable) {
          if (loop.type !== "ForInStatement") return false;
        } else if (node.id !== binding.identifier || (node.init && !passes(node.init)))
          return false;
        break;
      }
      default:
        return false;
    }
    return binding.constantViolations.every((violation) => {
      const write = violation.node;
      switch (write.type) {
        case "UpdateExpression":
          // One more or less than the value that was there, which is checked where it came from.
          return !this.#objects.has(binding);
        case "AssignmentExpression":
          if (unwrap(write.left).type !== "Identifier" || !passes(write.right)) return false;
          return (
            write.operator === "=" ||
            logicalAssignments.has(write.operator) ||
            this.isPrimitive(write.right)
          );
        case "VariableDeclarator":
          return write.id.type === "Identifier" && (!write.init || passes(write.init));
        default:
          return false;
      }
    });
  }

  /** Whether the value of an expression is certainly no active number (it may be an object that holds some). */
  isInactive(expression: types.Node): boolean {
    const node = unwrap(expression);
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ClassDeclaration":
      case "ClassExpression":
      case "ObjectExpression":
      case "ArrayExpression":
      case "NewExpression":
      case "ThisExpression":
      case "RegExpLiteral":
      case "MetaProperty":
        return true;
      default:
        return this.#holds(node, (e) => this.isInactive(e), this.#active);
    }
  }

  /** Whether a value is certainly inactive and no object of the marked function either, so that the native operators serve. */
  isPrimitive(expression: types.Node): boolean {
    return this.#holds(unwrap(expression), (e) => this.isPrimitive(e), this.#objects);
  }

  /** What both questions have in common: `passes` asks it of a part, `failed` are the variables it is denied of. */
  #holds(
    node: types.Node,
    passes: (e: types.Node) => boolean,
    failed: ReadonlySet<Binding>,
  ): boolean {
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "BigIntLiteral":
      case "TemplateLiteral":
        return true;
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        if (binding === undefined) return true;
        if (this.#inside.has(binding)) return !failed.has(binding);
        // An object outside may have a `valueOf` that gives what is active.
        if (this.isOpen && isLeftActive(binding)) return false;
        return failed === this.#active || !holdsObject(binding);
      }
      case "UnaryExpression":
        return node.operator !== "-" && node.operator !== "+"
          ? true
          : this.isPrimitive(node.argument);
      case "UpdateExpression":
        return this.isPrimitive(node.argument);
      case "BinaryExpression":
        if (comparisons.has(node.operator) || integerOperators.has(node.operator)) return true;
        return this.isPrimitive(node.left) && this.isPrimitive(node.right);
      case "LogicalExpression":
        return passes(node.left) && passes(node.right);
      case "ConditionalExpression":
        return passes(node.consequent) && passes(node.alternate);
      case "SequenceExpression":
        return passes(node.expressions.at(-1) as types.Node);
      case "AssignmentExpression":
        if (node.operator === "=") return passes(node.right);
        if (logicalAssignments.has(node.operator)) return passes(node.left) && passes(node.right);
        return (
          integerOperators.has(node.operator.slice(0, -1)) ||
          (this.isPrimitive(node.left) && this.isPrimitive(node.right))
        );
      case "MemberExpression":
        if (this.context.isGlobal(unwrap(node.object), "Math")) return true;
        if (this.context.isGlobal(unwrap(node.object), "Number")) return true;
        return isNamed(node, "length") && this.isList(node.object);
      case "CallExpression":
        return this.#isInactiveCall(node);
      default:
        return false;
    }
  }

  #isInactiveCall(node: types.CallExpression): boolean {
    const callee = unwrap(node.callee);
    const name = mathName(this.context, callee);
    if (name !== undefined) {
      if (rules[name]?.kind === "constant") return true;
      return node.arguments.every((a) => a.type !== "SpreadElement" && this.isPrimitive(a));
    }
    if (
      callee.type !== "MemberExpression" ||
      callee.property.type !== "Identifier" ||
      callee.computed
    )
      return false;
    const owner = unwrap(callee.object);
    return (
      verdicts.has(callee.property.name) &&
      ["Number", "Array"].some((g) => this.context.isGlobal(owner, g))
    );
  }

  /** Whether a value is evidently an array, a typed array or text: its `length` is no number of the user's. */
  isList(object: types.Node): boolean {
    const node = unwrap(object);
    if (
      node.type === "ArrayExpression" ||
      node.type === "StringLiteral" ||
      node.type === "TemplateLiteral"
    )
      return true;
    if (node.type === "NewExpression") {
      const { callee } = node;
      return (
        callee.type === "Identifier" &&
        arrayConstructors.test(callee.name) &&
        this.context.isGlobal(callee, callee.name)
      );
    }
    if (node.type !== "Identifier") return false;
    const binding = this.context.bindings.get(node);
    if (binding === undefined) return node.name === "arguments";
    const annotation = (binding.identifier as types.Identifier).typeAnnotation;
    if (annotation?.type === "TSTypeAnnotation") return isListType(annotation.typeAnnotation);
    const { node: definition } = binding.path;
    if (definition.type === "RestElement") return true;
    if (
      !binding.constant ||
      definition.type !== "VariableDeclarator" ||
      definition.id !== binding.identifier
    )
      return false;
    return definition.init != null && this.isList(definition.init);
  }

  /** Whether an expression is evidently a number and may be active: what notes to the user are about. */
  isActiveNumber(expression: types.Node): boolean {
    const node = unwrap(expression);
    if (this.isInactive(node)) return false;
    switch (node.type) {
      case "UnaryExpression":
        return true;
      case "BinaryExpression":
        return (
          node.operator !== "+" || this.isActiveNumber(node.left) || this.isActiveNumber(node.right)
        );
      case "CallExpression":
        return mathName(this.context, node.callee) !== undefined;
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        const id = binding?.identifier as types.Identifier | undefined;
        const annotation = id?.typeAnnotation;
        if (annotation?.type === "TSTypeAnnotation")
          return annotation.typeAnnotation.type === "TSNumberKeyword";
        const definition = binding?.path.node;
        return (
          definition?.type === "VariableDeclarator" &&
          definition.id === id &&
          definition.init != null &&
          unwrap(definition.init).type !== "Identifier" &&
          this.isActiveNumber(definition.init)
        );
      }
      default:
        return false;
    }
  }
}

const leftActive = new WeakMap<Binding, boolean>();

/** Whether functions write to a variable around them what may be an active number. */
function isLeftActive(binding: Binding): boolean {
  let found = leftActive.get(binding);
  if (found === undefined) {
    found = binding.constantViolations.some(
      ({ node, scope }) =>
        node.type === "AssignmentExpression" &&
        scope.getFunctionParent() !== null &&
        !isEvident(node.right),
    );
    leftActive.set(binding, found);
  }
  return found;
}

const objects = new WeakMap<Binding, boolean>();

/** Whether a variable evidently holds an object that was made for it. */
function holdsObject(binding: Binding): boolean {
  let found = objects.get(binding);
  if (found === undefined) {
    const { node } = binding.path;
    const init = node.type === "VariableDeclarator" && node.id === binding.identifier && node.init;
    const values = binding.constantViolations.map(({ node: n }) =>
      n.type === "AssignmentExpression" ? n.right : undefined,
    );
    found = [init, ...values].some((value) => value && made.test(unwrap(value).type));
    objects.set(binding, found);
  }
  return found;
}

const made = /^(Array|Object|New)Expression$/;

/** Whether a value is evidently no active number, whatever function it stands in. */
function isEvident(expression: types.Node): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "UnaryExpression":
      return !/^[-+]$/.test(node.operator) || isEvident(node.argument);
    case "BinaryExpression":
      return comparisons.has(node.operator) || integerOperators.has(node.operator);
    case "ConditionalExpression":
      return isEvident(node.consequent) && isEvident(node.alternate);
    case "AssignmentExpression":
      return node.operator === "=" && isEvident(node.right);
    case "Identifier":
      return /^(undefined|NaN|Infinity)$/.test(node.name);
    default:
      return /Literal$|^(Function|ArrowFunction|Class|Array|Object|New|This)Expression$/.test(
        node.type,
      );
  }
}

const isNamed = (node: types.MemberExpression, name: string): boolean =>
  node.computed
    ? node.property.type === "StringLiteral" && node.property.value === name
    : node.property.type === "Identifier" && node.property.name === name;

function isListType(type: types.TSType): boolean {
  switch (type.type) {
    case "TSArrayType":
    case "TSTupleType":
    case "TSStringKeyword":
      return true;
    case "TSTypeOperator":
      return isListType(type.typeAnnotation);
    case "TSTypeReference":
      return (
        type.typeName.type === "Identifier" &&
        /^(Readonly)?Array$|^(Float|Int|Uint)\d+(Clamped)?Array$/.test(type.typeName.name)
      );
    default:
      return false;
  }
}
