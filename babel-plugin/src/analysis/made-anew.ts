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
  /** The fields of the answer by which the test tells what it was made of. */
  readonly keys: readonly string[];
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
  const asked = asksForSame(context, choice.node.test, f, isRead);
  if (asked === undefined) return undefined;
  const { body } = around.node;
  const rest = body.slice(body.indexOf(choice.node) + 1);
  // What runs between could fill it with something else, or use what is not there yet.
  if (rest.some((s) => someIn(t, s, runsOthers))) return undefined;
  if (block.node.body.slice(0, -1).some((s) => someIn(t, s, mayLeave))) return undefined;
  const readable = [choice.node.test, ...rest];
  const isInPlace = binding.referencePaths.every(({ node }) =>
    readable.some((part) => someIn(t, part, (n) => n === node)),
  );
  if (!isInPlace || !isMadeOfFields(right) || !asked.every((q) => keeps(context, right, q)))
    return undefined;
  if (!isOnlyLookedAt(context, binding, f)) return undefined;
  const making = [...block.node.body.slice(0, -1), right];
  return { choice: choice.node, answer: right, keys: asked.map((q) => q.key), making, owner: f };
}

/** What a field of an answer is compared with. */
interface Question {
  readonly key: string;
  readonly of: Node;
}

/** `!memo || memo.x !== x`, `!memo || Math.abs(memo.x - x) > 1e-6`: all that comes from outside is asked for. */
function asksForSame(
  context: ModuleContext,
  test: Node,
  f: FunctionNode,
  isRead: (n: Node) => boolean,
): readonly Question[] | undefined {
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
    return undefined;
  const questions = others.map((e) => questionIn(context, e, isRead));
  if (questions.length === 0 || !questions.every((q) => q !== undefined)) return undefined;
  const asksBy = (binding: Binding) =>
    questions.some(({ of }) => someIn(context.t, of, (n) => context.bindings.get(n) === binding));
  const isAsked = f.params.every((p) => {
    const binding = p.type === "Identifier" ? context.bindings.get(p) : undefined;
    return binding?.constant === true && asksBy(binding);
  });
  return isAsked ? questions : undefined;
}

/** `memo.x !== x` and `Math.abs(memo.x - x) > 1e-6`. */
function questionIn(
  context: ModuleContext,
  e: Node,
  isRead: (n: Node) => boolean,
): Question | undefined {
  if (e.type !== "BinaryExpression") return undefined;
  const between = (left: Node, right: Node): Question | undefined => {
    const [a, b] = [unwrap(left), unwrap(right)];
    const isKept = a.type === "MemberExpression" && isRead(unwrap(a.object));
    if (!isKept)
      return b.type === "MemberExpression" && isRead(unwrap(b.object)) ? between(b, a) : undefined;
    const key = staticKey({ key: a.property, computed: a.computed });
    return key !== undefined && isPath(context, b) ? { key, of: b } : undefined;
  };
  if (/^!==?$/.test(e.operator)) return between(e.left, e.right);
  const [far, near] = e.operator.startsWith("<") ? [e.right, e.left] : [e.left, e.right];
  const distance = unwrap(far);
  if (!/^[<>]=?$/.test(e.operator) || unwrap(near).type !== "NumericLiteral") return undefined;
  if (distance.type !== "CallExpression") return undefined;
  const callee = unwrap(distance.callee);
  const difference = distance.arguments[0] && unwrap(distance.arguments[0]);
  return callee.type === "MemberExpression" &&
    context.isGlobal(callee.object, "Math") &&
    staticKey({ key: callee.property, computed: callee.computed }) === "abs" &&
    difference?.type === "BinaryExpression" &&
    difference.operator === "-"
    ? between(difference.left, difference.right)
    : undefined;
}

/** Whether an answer says under its key what the test compares it with. */
function keeps({ t }: ModuleContext, answer: Node, { key, of }: Question): boolean {
  const { properties } = unwrap(answer) as types.ObjectExpression;
  const field = properties.find((p) => staticKey(p as never) === key);
  return field?.type === "ObjectProperty" && t.isNodesEquivalent(unwrap(field.value), of);
}

/** A variable or a field of one, which tells all of a number that something is made of. */
function isPath(context: ModuleContext, node: Node): boolean {
  const bare = unwrap(node);
  if (bare.type === "MemberExpression") return !bare.computed && isPath(context, bare.object);
  const binding = bare.type === "Identifier" ? context.bindings.get(bare) : undefined;
  return binding !== undefined && (binding.constant || binding.scope === context.program.scope);
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
