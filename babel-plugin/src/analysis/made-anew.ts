import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { isElementRead } from "./only-read.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;

/** An outer variable that a function keeps an answer in, which derivative code makes anew at each call. */
export interface MadeAnew {
  /** `if (!memo || memo.x !== x) { …; memo = answer; }`, whose test is then true. */
  readonly choice: types.IfStatement;
  readonly answer: types.Expression;
  /** What runs when it is made, which an ordinary call may leave out. */
  readonly making: readonly Node[];
  /** The function that does all this. */
  readonly owner: FunctionNode;
}

const known = new WeakMap<ModuleContext, ReadonlyMap<Binding, MadeAnew>>();

/**
 * The variables of the module that one function asks whether what is there was made of the same, fills if not,
 * and reads: nobody else has them. What is made of an active number is no answer to another one with other
 * tangents, so it is made again, and its primal is left where the ordinary call would have left it.
 */
export function madeAnew(context: ModuleContext): ReadonlyMap<Binding, MadeAnew> {
  let found = known.get(context);
  if (found === undefined) {
    found = new Map(
      Object.values(context.program.scope.bindings).flatMap((binding) => {
        const memo = memoIn(context, binding);
        return memo ? [[binding, memo] as const] : [];
      }),
    );
    known.set(context, found);
  }
  return found;
}

function memoIn(context: ModuleContext, binding: Binding): MadeAnew | undefined {
  const { path } = binding;
  if (
    path.node.type !== "VariableDeclarator" ||
    path.node.init ||
    path.node.id !== binding.identifier
  )
    return undefined;
  if (path.parent.type !== "VariableDeclaration" || path.parent.kind === "const") return undefined;
  if (path.parentPath?.parent.type !== "Program") return undefined;
  const [write] = binding.constantViolations;
  if (binding.constantViolations.length !== 1 || write?.node.type !== "AssignmentExpression")
    return undefined;
  const { left, operator, right } = write.node;
  if (operator !== "=" || unwrap(left).type !== "Identifier") return undefined;
  const statement = write.parentPath;
  const block = statement?.parentPath;
  const choice = block?.parentPath;
  const around = choice?.parentPath;
  const f = around?.parentPath?.node;
  if (statement?.node.type !== "ExpressionStatement" || block?.node.type !== "BlockStatement")
    return undefined;
  if (choice?.node.type !== "IfStatement" || choice.node.alternate) return undefined;
  if (choice.node.consequent !== block.node || block.node.body.at(-1) !== statement.node)
    return undefined;
  if (around?.node.type !== "BlockStatement" || !isFunction(f) || f.body !== around.node)
    return undefined;
  if (f.async || f.generator) return undefined;
  const { t } = context;
  const isRead = (n: Node): boolean =>
    n.type === "Identifier" && context.bindings.get(n) === binding;
  if (!asksForSame(context, choice.node.test, f, isRead)) return undefined;
  const { body } = around.node;
  const rest = body.slice(body.indexOf(choice.node) + 1);
  // What runs between could fill it with something else, or use what is not there yet.
  if (rest.some((s) => someIn(t, s, runsOthers))) return undefined;
  if (block.node.body.slice(0, -1).some((s) => someIn(t, s, mayLeave))) return undefined;
  const readable = [choice.node.test, ...rest];
  const isInPlace = binding.referencePaths.every(({ node }) =>
    readable.some((part) => someIn(t, part, (n) => n === node)),
  );
  if (!isInPlace || !isMadeOfFields(right)) return undefined;
  if (!isOnlyLookedAt(context, binding, f)) return undefined;
  const making = [...block.node.body.slice(0, -1), right];
  return { choice: choice.node, answer: right, making, owner: f };
}

/** `!memo || memo.x !== x`, `!memo || Math.abs(memo.x - x) > 1e-6`: all that comes from outside is asked for. */
function asksForSame(
  context: ModuleContext,
  test: Node,
  f: FunctionNode,
  isRead: (n: Node) => boolean,
): boolean {
  const { t } = context;
  const parts: Node[] = [];
  const split = (e: Node): void => {
    const node = unwrap(e);
    if (node.type === "LogicalExpression" && node.operator === "||") {
      split(node.left);
      split(node.right);
    } else parts.push(node);
  };
  split(test);
  const [first, ...others] = parts;
  if (
    first?.type !== "UnaryExpression" ||
    first.operator !== "!" ||
    !isRead(unwrap(first.argument))
  )
    return false;
  const asked = new Set<Binding>();
  const isQuestion = (e: Node): boolean => {
    if (e.type !== "BinaryExpression" || !/^([<>]=?|!==?)$/.test(e.operator)) return false;
    if (someIn(t, e, (n) => !isOfOperands(context, n)) || !someIn(t, e, isRead)) return false;
    t.traverseFast(e, (n) => {
      const binding = n.type === "Identifier" ? context.bindings.get(n) : undefined;
      if (binding) asked.add(binding);
    });
    return true;
  };
  if (others.length === 0 || !others.every(isQuestion)) return false;
  return f.params.every((p) => {
    const binding = p.type === "Identifier" ? context.bindings.get(p) : undefined;
    return binding !== undefined && asked.has(binding);
  });
}

/** Nothing but fields of variables, numbers, comparisons and differences. */
function isOfOperands(context: ModuleContext, n: Node): boolean {
  switch (n.type) {
    case "Identifier":
    case "NumericLiteral":
    case "UnaryExpression":
      return true;
    case "BinaryExpression":
      return /^([<>]=?|!==?|[-+*/])$/.test(n.operator);
    case "MemberExpression":
      return !n.computed;
    case "CallExpression": {
      const callee = unwrap(n.callee);
      return callee.type === "MemberExpression" && context.isGlobal(callee.object, "Math");
    }
    default:
      return unwrap(n) !== n;
  }
}

const runsOthers = (n: Node): boolean =>
  /^(Call|OptionalCall|New|TaggedTemplate|Yield|Await)/.test(n.type) || isFunction(n);

const mayLeave = (n: Node): boolean =>
  /^(Return|Break|Continue|Throw|Try|Labeled)Statement$/.test(n.type) || isFunction(n);

/** Whether all of an answer has a name. */
function isMadeOfFields(answer: Node): boolean {
  const made = unwrap(answer);
  return (
    made.type === "ObjectExpression" &&
    made.properties.every((p) => staticKey(p as never) !== undefined)
  );
}

/**
 * Whether one that is made anew is as good as the one that was kept: it is read by its fields, here or by those
 * in the file who are given it, so nobody writes into it.
 */
function isOnlyLookedAt(context: ModuleContext, binding: Binding, f: FunctionNode): boolean {
  const isWhole = binding.referencePaths.some(
    ({ parent, node }) =>
      !(parent.type === "MemberExpression" && parent.object === node) &&
      parent.type !== "UnaryExpression",
  );
  if (!isWhole) return true;
  const own = "id" in f && f.id ? context.bindings.get(f.id) : undefined;
  return own?.constant === true && own.referencePaths.every((use) => isLookedAt(context, use));
}

/** Whether what a function gives, where it is named, is taken apart there or by a variable. */
function isLookedAt(context: ModuleContext, use: NodePath): boolean {
  const { parentPath: call } = use;
  // Babel names the declaration itself where it is exported.
  if (/^Export/.test(use.node.type) || /^(Export|TS)/.test(use.parent.type)) return true;
  if (call?.node.type !== "CallExpression" || use.key !== "callee") return false;
  const { parent } = call;
  if (parent.type !== "VariableDeclarator")
    return parent.type === "ExpressionStatement" || isElementRead(call);
  const held = context.bindings.get(parent.id);
  return (
    parent.id.type === "ObjectPattern" ||
    (held?.constant === true && held.referencePaths.every(isElementRead))
  );
}
