import type { types } from "@babel/core";
import { type Binding, rootOf, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Activity } from "./activity.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;
type Test = types.IfStatement | types.ConditionalExpression;
/** An outer variable, or the name of a field of `this`. */
type Holder = Binding | string;

/** A test of whether something that an earlier call left in an outer variable can be used again. */
export interface Memo {
  /** The variable or field. */
  readonly name: string;
  /** What the test gives where it cannot. */
  readonly miss: boolean;
  /** Whether what is kept is compared with something of this call. */
  readonly isKeyed: boolean;
  /** Whether what is kept was made of this call's arguments. */
  readonly isOfArguments: boolean;
  /** Whether an expression reads what is kept. */
  readonly reads: (node: Node) => boolean;
  /** Whether an expression tells how far something of this call is from what is kept. */
  readonly measures: (node: Node) => boolean;
}

/**
 * The tests of memos: `if (!memo || memo.key !== x) memo = { key: x, value: … }` and
 * `if (memo && memo.key === x) return memo.value`, where `memo` is declared outside the function or is a
 * field of `this`.
 */
export function memosOf(
  context: ModuleContext,
  activity: Activity,
  root: Node,
): ReadonlyMap<Node, Memo> {
  const { t } = context;
  const tests: Test[] = [];
  const writes = new Map<Holder, Node[]>();
  const aliases = new Map<Binding, Holder>();
  const outer = (node: Node): Holder | undefined => {
    const field = fieldOfThis(node);
    if (field !== undefined) return field;
    const binding = context.bindings.get(rootOf(node));
    if (binding === undefined) return undefined;
    return aliases.get(binding) ?? (activity.isInside(binding) ? undefined : binding);
  };
  t.traverseFast(root, (node) => {
    if (node.type === "IfStatement" || node.type === "ConditionalExpression") tests.push(node);
    // `const kept = memo;`
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init) {
      const of = outer(node.init);
      const binding = context.bindings.get(node.id);
      if (of && binding?.constant) aliases.set(binding, of);
    }
    if (node.type !== "AssignmentExpression" || activity.isPrimitive(node.right)) return;
    const binding = outer(node.left);
    if (binding) writes.set(binding, [...(writes.get(binding) ?? []), node]);
  });
  const memos = new Map<Node, Memo>();
  if (writes.size === 0) return memos;
  const mentions = (node: Node | null | undefined, holder: Holder): boolean =>
    someIn(
      t,
      node,
      (n) => (n.type === "Identifier" || n.type === "MemberExpression") && outer(n) === holder,
    );
  // What was kept may say in another variable or field whose it is.
  const isKept = (side: Node): boolean => [...writes.keys()].some((b) => mentions(side, b));
  for (const test of tests) {
    for (const [binding, assignments] of writes) {
      if (!mentions(test.test, binding)) continue;
      const writesIn = (branch: Node | null | undefined): Node | undefined =>
        assignments.find((a) => someIn(t, branch, (n) => n === a));
      const { consequent, alternate } = test;
      const uses = (branch: Node | null | undefined): boolean =>
        !!branch &&
        isKept(branch) &&
        (test.type === "ConditionalExpression" ||
          someIn(t, branch, (n) => n.type === "ReturnStatement"));
      const miss = writesIn(consequent)
        ? true
        : writesIn(alternate) || uses(consequent)
          ? false
          : uses(alternate)
            ? true
            : undefined;
      if (miss === undefined) continue;
      const isKey = (side: Node): boolean => !isKept(side) && !activity.isPrimitive(side);
      const isCompared = (n: Node): boolean =>
        n.type === "BinaryExpression" &&
        ((isKept(n.left) && isKey(n.right)) || (isKept(n.right) && isKey(n.left)));
      memos.set(test, {
        name: typeof binding === "string" ? `this.${binding}` : binding.identifier.name,
        miss,
        reads: isKept,
        isKeyed: someIn(t, test.test, isCompared),
        measures: (node) => {
          const differs = (side: Node): boolean =>
            someIn(
              t,
              side,
              (n) => n.type === "BinaryExpression" && n.operator === "-" && isCompared(n),
            );
          return someIn(t, node, (n) => isDistance(n, differs));
        },
        // An instance may have been made in this call.
        isOfArguments:
          typeof binding !== "string" &&
          someIn(t, writesIn(consequent) ?? writesIn(alternate), (n) => {
            const read = n.type === "Identifier" ? context.bindings.get(n) : undefined;
            return read?.kind === "param" && activity.isInside(read) && !activity.isPrimitive(n);
          }),
      });
      break;
    }
  }
  return memos;
}

/** The variables and fields that an expression is computed of; undefined where something else is done. */
export function operandsOf(node: Node): readonly Node[] | undefined {
  const bare = unwrap(node);
  switch (bare.type) {
    case "Identifier":
      return [bare];
    case "MemberExpression":
      return !bare.computed && operandsOf(bare.object) ? [bare] : undefined;
    case "UnaryExpression":
      return operandsOf(bare.argument);
    case "BinaryExpression":
      return all([bare.left, bare.right]);
    case "CallExpression": {
      const { callee } = bare;
      const isMath =
        callee.type === "MemberExpression" &&
        callee.object.type === "Identifier" &&
        callee.object.name === "Math";
      return isMath ? all(bare.arguments) : undefined;
    }
    default:
      return bare.type.endsWith("Literal") ? [] : undefined;
  }
}

function all(nodes: readonly Node[]): readonly Node[] | undefined {
  const parts = nodes.map(operandsOf);
  return parts.every((p) => p !== undefined) ? parts.flat() : undefined;
}

/** `Math.abs(a - b)`, `(a - b) ** 2` and their like: which of the two is greater does not matter. */
function isDistance(node: Node, differs: (side: Node) => boolean): boolean {
  if (node.type === "BinaryExpression") {
    const { operator, left, right } = node;
    const isEven = right.type === "NumericLiteral" && right.value % 2 === 0;
    return differs(left) && (operator === "**" ? isEven : operator === "*" && differs(right));
  }
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  return (
    object.type === "Identifier" &&
    object.name === "Math" &&
    property.type === "Identifier" &&
    (property.name === "abs" || property.name === "hypot") &&
    node.arguments.some(differs)
  );
}

/** `key` of `this.key.x`. */
function fieldOfThis(node: Node): string | undefined {
  const bare = unwrap(node);
  if (bare.type !== "MemberExpression" && bare.type !== "OptionalMemberExpression")
    return undefined;
  const { object, property, computed } = bare;
  if (unwrap(object).type !== "ThisExpression") return fieldOfThis(object);
  if (property.type === "PrivateName") return `#${property.id.name}`;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}
