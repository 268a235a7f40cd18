import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { type Binding, type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

const comparisons = new Set(["==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);
const integerOperators = new Set(["|", "&", "^", "<<", ">>", ">>>"]);

/** The name of the `Math` function that a callee is, by the name `Math` itself. */
export function mathName(context: ModuleContext, callee: types.Node): string | undefined {
  const node = unwrap(callee);
  if (node.type !== "MemberExpression" || !context.isGlobal(unwrap(node.object), "Math")) return undefined;
  const { property } = node;
  const name =
    property.type === "Identifier" && !node.computed
      ? property.name
      : property.type === "StringLiteral"
        ? property.value
        : undefined;
  return name !== undefined && Object.hasOwn(rules, name) ? name : undefined;
}

/**
 * Which expressions inside a marked function certainly hold no tangent, whatever the arguments are:
 * literals, comparisons, sizes, counters, and everything made of these. What is not proven counts as active.
 */
export class Activity {
  readonly #active = new Set<Binding>();

  constructor(
    private readonly context: ModuleContext,
    private readonly root: FunctionNode | types.Node,
  ) {
    this.#settle();
  }

  // Begins with every variable inactive and takes back what does not hold, until nothing changes.
  #settle(): void {
    const inside = new Set<Binding>();
    for (const [node, binding] of this.context.bindings) {
      if (this.isInside(binding) && node === binding.identifier) inside.add(binding);
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const binding of inside) {
        if (this.#active.has(binding) || this.#definedInactive(binding)) continue;
        this.#active.add(binding);
        changed = true;
      }
    }
  }

  /** Whether a variable belongs to the marked function, not to what surrounds it. */
  isInside(binding: Binding): boolean {
    const { start, end } = this.root;
    const at = binding.identifier.start;
    if (binding.path.node === this.root) return false;
    return at != null && start != null && end != null && at >= start && at < end;
  }

  #definedInactive(binding: Binding): boolean {
    const { path } = binding;
    const { node } = path;
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ClassDeclaration":
      case "ClassExpression":
        return node.id === binding.identifier;
      case "VariableDeclarator": {
        const loop = path.parentPath?.parentPath?.node;
        const isLoopVariable = (loop?.type === "ForInStatement" || loop?.type === "ForOfStatement") && loop.left === path.parent;
        if (isLoopVariable) {
          if (loop.type !== "ForInStatement") return false;
        } else if (node.id !== binding.identifier || (node.init && !this.isInactive(node.init))) return false;
        break;
      }
      default:
        return false;
    }
    return binding.constantViolations.every((violation) => {
      const write = violation.node;
      switch (write.type) {
        case "UpdateExpression":
          return true;
        case "AssignmentExpression":
          return unwrap(write.left).type === "Identifier" && this.isInactive(write.right);
        case "VariableDeclarator":
          return write.id.type === "Identifier" && (!write.init || this.isInactive(write.init));
        default:
          return false;
      }
    });
  }

  /** Whether the value of an expression is certainly no active number (it may be an object that holds some). */
  isInactive(expression: types.Node): boolean {
    const node = unwrap(expression);
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "BigIntLiteral":
      case "RegExpLiteral":
      case "TemplateLiteral":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ClassExpression":
      case "ObjectExpression":
      case "ArrayExpression":
      case "NewExpression":
      case "ThisExpression":
      case "MetaProperty":
        return true;
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        return binding === undefined || !this.#active.has(binding);
      }
      case "UnaryExpression":
        return node.operator !== "-" && node.operator !== "+" ? true : this.isInactive(node.argument);
      case "UpdateExpression":
        return this.isInactive(node.argument);
      case "BinaryExpression":
        if (comparisons.has(node.operator) || integerOperators.has(node.operator)) return true;
        return this.isInactive(node.left) && this.isInactive(node.right);
      case "LogicalExpression":
        return this.isInactive(node.left) && this.isInactive(node.right);
      case "ConditionalExpression":
        return this.isInactive(node.consequent) && this.isInactive(node.alternate);
      case "SequenceExpression":
        return this.isInactive(node.expressions.at(-1) as types.Node);
      case "AssignmentExpression":
        if (node.operator === "=") return this.isInactive(node.right);
        return this.isInactive(node.left) && this.isInactive(node.right);
      case "MemberExpression":
        if (this.context.isGlobal(unwrap(node.object), "Math")) return true;
        if (this.context.isGlobal(unwrap(node.object), "Number")) return true;
        return !node.computed && node.property.type === "Identifier" && node.property.name === "length";
      case "CallExpression": {
        const name = mathName(this.context, node.callee);
        if (name === undefined) return false;
        if (rules[name]?.kind === "constant") return true;
        return node.arguments.every((a) => a.type !== "SpreadElement" && this.isInactive(a));
      }
      default:
        return false;
    }
  }

  /** Whether an expression is evidently a number and may be active: what notes to the user are about. */
  isActiveNumber(expression: types.Node): boolean {
    const node = unwrap(expression);
    if (this.isInactive(node)) return false;
    switch (node.type) {
      case "UnaryExpression":
        return true;
      case "BinaryExpression":
        return node.operator !== "+" || this.isActiveNumber(node.left) || this.isActiveNumber(node.right);
      case "CallExpression":
        return mathName(this.context, node.callee) !== undefined;
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        const id = binding?.identifier as types.Identifier | undefined;
        const annotation = id?.typeAnnotation;
        if (annotation?.type === "TSTypeAnnotation") return annotation.typeAnnotation.type === "TSNumberKeyword";
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
