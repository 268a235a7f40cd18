import type { NodePath, types } from "@babel/core";
import { isList } from "../analysis/certain-lists.ts";
import { type Binding, isFunction, staticKey, unwrap } from "../ast.ts";
import { arrayMethod } from "../language/array-methods.ts";
import type { Lowering } from "./lowering.ts";

type Node = types.Node;

const rounding = new Set(["floor", "ceil", "round", "trunc", "sign"]);

/**
 * Whether an expression certainly gives whole numbers. A counter that begins at one comes back by the
 * same steps, which one that begins at 0.3 does not: 0.3 + 1 + 1 - 1 - 1 is less. Nor does one come back to NaN
 * or to an infinity.
 */
export function isWhole(cx: Lowering, of: Node, assumed = new Set<Binding>()): boolean {
  const node = unwrap(of);
  const whole = (n: Node) => isWhole(cx, n, assumed);
  const finite = (n: Node): boolean => {
    const e = unwrap(n);
    if (e.type === "NumericLiteral") return Number.isFinite(e.value);
    if (e.type !== "BinaryExpression") return whole(e);
    if (["/", "%"].includes(e.operator)) return finite(e.left) && isSome(e.right);
    return ["+", "-", "*"].includes(e.operator) ? finite(e.left) && finite(e.right) : whole(e);
  };
  switch (node.type) {
    case "NumericLiteral":
      return Number.isInteger(node.value);
    case "UnaryExpression":
      return node.operator === "~" || (node.operator === "-" && whole(node.argument));
    case "MemberExpression":
      return (
        staticKey({ key: node.property, computed: node.computed }) === "length" &&
        (/^(array|floats|tuple)$/.test(cx.kinds.kindOf(node.object).k) ||
          isList(cx.context, node.object))
      );
    case "BinaryExpression":
      if (node.operator === "%") return whole(node.left) && whole(node.right) && isSome(node.right);
      return ["+", "-", "*"].includes(node.operator)
        ? whole(node.left) && whole(node.right)
        : isBitwise(node.operator);
    case "ConditionalExpression":
      return whole(node.consequent) && whole(node.alternate);
    case "CallExpression": {
      const name = cx.kinds.mathName(node.callee) ?? "";
      const [given] = node.arguments;
      return /^(clz32|imul)$/.test(name) || (rounding.has(name) && !!given && finite(given));
    }
    case "Identifier": {
      const binding = cx.context.bindings.get(node);
      return binding !== undefined && holdsWhole(cx, binding, assumed);
    }
    default:
      return false;
  }
}

/** Whether a number is written that is not 0. */
const isSome = (n: Node): boolean => {
  const e = unwrap(n);
  return e.type === "NumericLiteral" && e.value !== 0 && Number.isFinite(e.value);
};

const isBitwise = (operator: string): boolean =>
  ["|", "&", "^", "<<", ">>", ">>>"].includes(operator);

function holdsWhole(cx: Lowering, binding: Binding, assumed: Set<Binding>): boolean {
  if (assumed.has(binding)) return true;
  assumed.add(binding);
  const { node } = binding.path;
  const begins =
    binding.kind === "param"
      ? isGivenWhole(cx, binding, assumed)
      : node.type === "VariableDeclarator" &&
        node.id === binding.identifier &&
        !!node.init &&
        isWhole(cx, node.init, assumed);
  return begins && binding.constantViolations.every((p) => setsWhole(cx, p.node, assumed));
}

function setsWhole(cx: Lowering, node: Node, assumed: Set<Binding>): boolean {
  if (node.type === "UpdateExpression") return true;
  if (node.type !== "AssignmentExpression" || node.left.type !== "Identifier") return false;
  const operator = node.operator.slice(0, -1);
  if (isBitwise(operator)) return true;
  if (operator === "%" && !isSome(node.right)) return false;
  return ["", "+", "-", "*", "%"].includes(operator) && isWhole(cx, node.right, assumed);
}

/** Whether all who call a function give it a whole number for a parameter. */
function isGivenWhole(cx: Lowering, binding: Binding, assumed: Set<Binding>): boolean {
  const path = binding.scope.path as NodePath;
  const f = path.node;
  if (!isFunction(f)) return false;
  const position = f.params.findIndex((p) => unwrap(p) === binding.identifier);
  if (position < 0) return false;
  const { parent } = path;
  if (parent.type === "CallExpression" && parent.callee !== f)
    return isPosition(cx, parent, f, position);
  const id =
    f.type === "FunctionDeclaration"
      ? f.id
      : parent.type === "VariableDeclarator" && parent.init === f
        ? parent.id
        : undefined;
  const named = id?.type === "Identifier" ? cx.context.bindings.get(id) : undefined;
  if (!named?.constant || named.path.findParent((p) => p.isExportDeclaration())) return false;
  return named.referencePaths.every(({ key, parent: call }) => {
    if (call.type !== "CallExpression" || key !== "callee") return false;
    const args = call.arguments;
    const arg = args.slice(0, position + 1).some((a) => a.type === "SpreadElement")
      ? undefined
      : args[position];
    return arg !== undefined && isWhole(cx, arg, assumed);
  });
}

/** Whether a parameter of a callback is a position in a list. */
function isPosition(cx: Lowering, call: types.CallExpression, f: Node, position: number): boolean {
  const callee = cx.kinds.callee(call);
  if (callee.type === "other")
    return callee.name === "Array.from" && call.arguments[1] === f && position === 1;
  if (callee.type !== "array-method" || call.arguments[0] !== f) return false;
  const { callsBack } = arrayMethod(callee.name);
  return callsBack !== undefined && position === (callsBack === "element" ? 1 : 2);
}
