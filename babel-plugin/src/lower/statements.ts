import type { types } from "@babel/core";
import { completes, mayJump } from "../analysis/completion.ts";
import { Effects, walk } from "../analysis/effects.ts";
import { alternatives, elementKind, INERT, isContainer } from "../analysis/kind.ts";
import { madeAnew } from "../analysis/made-anew.ts";
import { changedBy, isFunction, staticKey, unwrap } from "../ast.ts";
import { announce, writeUsed } from "./closures.ts";
import {
  type Atom,
  isName,
  type Label,
  type Loop,
  literal,
  type Name,
  name,
  type Stmt,
} from "./form.ts";
import { givesItsPlaces } from "./iterated.ts";
import {
  atomCode,
  bind,
  checkRounds,
  condition,
  current,
  discard,
  inert,
  isWithin,
  kindOf,
  type Lowering,
  mayBeBigInt,
  plainCode,
  plainOp,
  set,
  statements,
  Unlowered,
  value,
} from "./lowering.ts";
import { declare, declareIn, destructure } from "./patterns.ts";
import { step } from "./rewrite.ts";
import { isWhole } from "./whole-numbers.ts";

type Node = types.Node;
type Statement = types.Statement;
type Handler<T extends Statement["type"]> = (
  cx: Lowering,
  node: Extract<Statement, { type: T }>,
  label?: string,
) => void;

const nothing = (): void => undefined;

/** Every statement that lowered code has, by its kind. */
const handlers: { readonly [T in Statement["type"]]?: Handler<T> } = {
  ExpressionStatement: (cx, node) => discard(cx, node.expression),
  VariableDeclaration: declaration,
  ReturnStatement: (cx, node) =>
    cx.leave(node.argument ? value(cx, node.argument) : undefined, node),
  IfStatement: (cx, node) => {
    if (isMadeAnew(cx, node)) {
      statement(cx, node.consequent);
      return;
    }
    const isThere = asksForMade(cx, node.test);
    if (isThere !== undefined) {
      const way = isThere ? node.consequent : node.alternate;
      if (way) statement(cx, way);
      return;
    }
    const test = condition(cx, node.test);
    const yes = statements(cx, () => statement(cx, node.consequent));
    const otherwise = statements(cx, () => {
      if (node.alternate) statement(cx, node.alternate);
    });
    cx.out.push({ s: "if", test, yes, otherwise });
  },
  BlockStatement: (cx, node, label) => {
    if (label === undefined) {
      hoisted(cx, node.body);
      return;
    }
    const made: Label = { hint: label };
    cx.labels.set(label, { breaks: made, continues: undefined });
    const body = statements(cx, () => hoisted(cx, node.body));
    cx.out.push({ s: "block", label: made, body });
  },
  ForStatement: forLoop,
  ForOfStatement: forOf,
  WhileStatement: (cx, node, label) =>
    loop(cx, label, { test: node.test, body: node.body, testLast: false }),
  DoWhileStatement: (cx, node, label) =>
    loop(cx, label, { test: node.test, body: node.body, testLast: true }),
  SwitchStatement: switchStatement,
  LabeledStatement: (cx, node) => {
    const inner = node.body;
    (handlers[inner.type] as Handler<typeof inner.type> | undefined)?.(
      cx,
      inner as never,
      node.label.name,
    );
  },
  BreakStatement: (cx, node) => {
    const to = node.label ? cx.labels.get(node.label.name)?.breaks : cx.breakTo;
    if (to === undefined) throw new Unlowered(node, "a break to somewhere unusual");
    cx.out.push({ s: "break", label: to });
  },
  ContinueStatement: (cx, node) => {
    const to = node.label ? cx.labels.get(node.label.name)?.continues : cx.continueTo;
    if (to === undefined) throw new Unlowered(node, "a continue to somewhere unusual");
    cx.out.push({ s: "continue", label: to });
  },
  ThrowStatement: (cx, node) => {
    if (cx.kinds.kindOf(node.argument).k !== "inert")
      throw new Unlowered(node, "an active value is thrown");
    cx.out.push({ s: "throw", value: inert(cx, node.argument) });
  },
  TryStatement: (cx, node) => {
    const { handler, finalizer } = node;
    if (finalizer && mayJump(finalizer))
      throw new Unlowered(finalizer, "a finalizer that may end otherwise than by its end");
    const body = statements(cx, () => hoisted(cx, node.block.body));
    cx.out.push({
      s: "try",
      body,
      handler: handler ? handlerOf(cx, handler) : undefined,
      finalizer: finalizer ? statements(cx, () => hoisted(cx, finalizer.body)) : undefined,
    });
  },
  ForInStatement: forIn,
  FunctionDeclaration: nothing,
  EmptyStatement: nothing,
  TSTypeAliasDeclaration: nothing,
  TSInterfaceDeclaration: nothing,
};

export function statement(cx: Lowering, node: Statement): void {
  if (cx.needless.has(node)) return;
  const handler = handlers[node.type] as Handler<typeof node.type> | undefined;
  if (handler === undefined)
    throw new Unlowered(node, `it uses a statement that lowered code does not have (${node.type})`);
  handler(cx, node as never);
}

/** Whether a statement fills an outer variable, where what is there cannot be used. */
function isMadeAnew(cx: Lowering, node: types.IfStatement): boolean {
  const memos = madeAnew(cx.context);
  const memo = [...memos].find(
    ([binding, { choice }]) => choice === node && cx.kinds.bindingKind(binding).k !== "inert",
  )?.[1];
  if (memo === undefined) return false;
  // It may be made of other answers that are kept.
  const effects = new Effects(cx.context, cx.kinds, true, (binding) => memos.has(binding));
  if (memo.making.some((part) => effects.changesOutsideIn(memo.owner, part)))
    throw new Unlowered(node, "an answer that is kept, of which the making changes something else");
  return true;
}

/** Whether something is there that was certainly made, or certainly not given: `if (target)`, `if (!target)`. */
function asksForMade(cx: Lowering, test: Node): boolean | undefined {
  const e = unwrap(test);
  if (e.type === "UnaryExpression" && e.operator === "!") {
    const isThere = asksForMade(cx, e.argument);
    return isThere === undefined ? undefined : !isThere;
  }
  const binding = e.type === "Identifier" ? cx.context.bindings.get(e) : undefined;
  const atom = binding && cx.env.get(binding);
  if (atom === undefined) return undefined;
  if (isName(atom)) return atom.made ? true : undefined;
  return atom.literal === undefined || atom.literal === null ? false : undefined;
}

function handlerOf(cx: Lowering, { param, body }: types.CatchClause) {
  const caught = name("error", INERT);
  return {
    param: caught,
    body: statements(cx, () => {
      if (param) destructureInto(cx, param, caught, INERT);
      hoisted(cx, body.body);
    }),
  };
}

/** The keys are listed when the loop begins; those that are gone by their turn are left out. */
function forIn(cx: Lowering, node: types.ForInStatement, label?: string): void {
  const { t } = cx.context;
  const left = node.left.type === "VariableDeclaration" ? node.left.declarations[0]?.id : undefined;
  if (left?.type !== "Identifier") throw new Unlowered(node, "an unusual for-in loop");
  const of = value(cx, node.right);
  // Fields are there in the order in which the class was compiled to make them.
  if (isName(of) && alternatives(of.kind).some((k) => k.k === "object" && k.className))
    throw new Unlowered(node, "a for-in loop over an instance of a class");
  const keys = t.identifier("keys");
  const key = t.identifier("key");
  const list = t.callExpression(
    t.arrowFunctionExpression(
      [t.identifier("of"), keys],
      t.blockStatement([
        t.forInStatement(
          t.variableDeclaration("const", [t.variableDeclarator(key)]),
          t.identifier("of"),
          t.expressionStatement(
            t.callExpression(t.memberExpression(keys, t.identifier("push")), [key]),
          ),
        ),
        t.returnStatement(keys),
      ]),
    ),
    [atomCode(cx, of), t.arrayExpression([])],
  );
  const all = bind(cx, plainOp(list, true), INERT, "keys", node);
  counted(
    cx,
    label,
    () => lengthOf(cx, all),
    (i) => {
      const read = t.memberExpression(atomCode(cx, all), atomCode(cx, current(cx, i)), true);
      const one = bind(cx, plainOp(read, false), INERT, "key", node);
      const there = t.binaryExpression("in", atomCode(cx, one), atomCode(cx, of));
      const test = bind(cx, plainOp(there, false), INERT);
      const yes = statements(cx, () => {
        destructureInto(cx, left, one, INERT);
        statement(cx, node.body);
      });
      cx.out.push({ s: "if", test, yes, otherwise: [] });
    },
  );
}

/** A list of statements, whose functions are known from its beginning on. */
export function hoisted(cx: Lowering, body: readonly Statement[]): void {
  for (const s of body) {
    if (s.type !== "FunctionDeclaration" || !s.id) continue;
    const binding = cx.context.bindings.get(s.id);
    if (!binding?.constant) throw new Unlowered(s, "a function that is declared twice");
    announce(cx, binding, s);
  }
  for (const s of body) {
    if (s.type !== "FunctionDeclaration") writeUsed(cx, s);
    const isLast = certainlyLeaves(cx, s);
    statement(cx, s);
    // What stands behind is never reached, and may be made for something else.
    if (isLast) return;
  }
}

/** Whether a question that is answered already leads to where the code goes on elsewhere. */
function certainlyLeaves(cx: Lowering, s: Statement): boolean {
  if (s.type !== "IfStatement") return false;
  const isThere = asksForMade(cx, s.test);
  const way = isThere ? s.consequent : s.alternate;
  return isThere !== undefined && way != null && !completes(way);
}

function declaration(cx: Lowering, node: types.VariableDeclaration): void {
  if (node.kind !== "const" && node.kind !== "let" && node.kind !== "var")
    throw new Unlowered(node, "a using declaration");
  for (const d of node.declarations) {
    const init = d.init && unwrap(d.init);
    const binding = cx.context.bindings.get(d.id);
    if (d.id.type === "Identifier" && isFunction(init)) {
      if (!binding?.constant) throw new Unlowered(d, "a variable that holds several functions");
      announce(cx, binding, init);
      continue;
    }
    if (d.id.type === "Identifier") {
      if (d.init && binding && cx.kinds.isLookupTable(binding))
        declare(cx, d.id, inert(cx, d.init));
      else declare(cx, d.id, d.init ? value(cx, d.init) : undefined);
      continue;
    }
    const kind = kindOf(cx, d.init as Node);
    destructure(cx, d.id, value(cx, d.init as Node), kind, declareIn(cx));
  }
}

interface LoopParts {
  readonly test?: Node | null;
  readonly update?: () => void;
  readonly body: Statement | (() => void);
  readonly testLast: boolean;
  readonly counter?: Loop["counter"];
  readonly makeTest?: () => Atom;
}

/** A loop with what may leave it. */
export function loop(cx: Lowering, label: string | undefined, parts: LoopParts): void {
  const made: Label = { hint: label ?? "loop" };
  const outer = { breaks: cx.breakTo, continues: cx.continueTo };
  cx.breakTo = made;
  cx.continueTo = made;
  if (label !== undefined) cx.labels.set(label, { breaks: made, continues: made });
  const { test: written, makeTest } = parts;
  const ask = makeTest ?? (written ? () => condition(cx, written) : undefined);
  let test: Loop["test"];
  if (ask !== undefined) {
    let asked: Atom = literal(true);
    const before = statements(cx, () => {
      asked = ask();
    });
    test = { before, value: asked };
  }
  const { body } = parts;
  const inner = statements(cx, () => {
    if (typeof body === "function") body();
    else statement(cx, body);
  });
  const update = statements(cx, () => parts.update?.());
  cx.breakTo = outer.breaks;
  cx.continueTo = outer.continues;
  cx.out.push({
    s: "loop",
    label: made,
    test,
    testLast: parts.testLast,
    body: inner,
    update,
    counter: parts.counter,
    declares: [],
  });
}

function forLoop(cx: Lowering, node: types.ForStatement, label?: string): void {
  const { init, update } = node;
  if (init?.type === "VariableDeclaration") declaration(cx, init);
  else if (init) discard(cx, init);
  const rounds = init?.type === "VariableDeclaration" ? changedIn(cx, init) : [];
  for (const n of rounds) cx.rounds.add(n);
  // A function of the head keeps the variables as they are before the first round.
  if (init && rounds.length > 0) checkRounds(cx, init);
  loop(cx, label, {
    test: node.test,
    body: node.body,
    testLast: false,
    update: update ? () => discard(cx, update) : undefined,
    counter: counterOf(cx, node),
  });
  for (const n of rounds) cx.rounds.delete(n);
}

/** The variables of a loop's head that are others in each round. */
function changedIn(cx: Lowering, { kind, declarations }: types.VariableDeclaration): Name[] {
  if (kind !== "let") return [];
  return declarations.flatMap(({ id }) =>
    Object.values(cx.context.t.getBindingIdentifiers(id)).flatMap((declared) => {
      const binding = cx.context.bindings.get(declared);
      const atom = binding && cx.env.get(binding);
      return atom !== undefined && isName(atom) && atom.mutable ? [atom] : [];
    }),
  );
}

/** The counter of `for (let i = a; …; i += step)`, if nothing else changes it. */
function counterOf(cx: Lowering, node: types.ForStatement): Loop["counter"] {
  const update = node.update && unwrap(node.update);
  const [id, step] = stepOf(update);
  if (id?.type !== "Identifier" || step === undefined || step === 0) return undefined;
  const binding = cx.context.bindings.get(id);
  const atom = binding && cx.env.get(binding);
  if (!binding || atom === undefined || !isName(atom) || atom.kind.k !== "inert") return undefined;
  // Only the head declares it, and only the update writes to it.
  if (binding.constantViolations.length !== 1 || node.init?.type !== "VariableDeclaration")
    return undefined;
  if (node.init.kind === "var") return undefined;
  const start = node.init.declarations.find((d) => d.id === binding.identifier)?.init;
  if (!start || !isWhole(cx, start) || mayBeBigInt(cx, id)) return undefined;
  return { name: atom, step };
}

function stepOf(update: Node | null | undefined): [Node?, number?] {
  if (update?.type === "UpdateExpression")
    return [unwrap(update.argument), update.operator === "++" ? 1 : -1];
  if (update?.type !== "AssignmentExpression" || update.right.type !== "NumericLiteral") return [];
  if (!Number.isInteger(update.right.value)) return [];
  if (update.operator === "+=") return [unwrap(update.left), update.right.value];
  if (update.operator === "-=") return [unwrap(update.left), -update.right.value];
  return [];
}

/** Goes through the positions from 0 (or `start`) up to what `bound` gives in every round. */
export function counted(
  cx: Lowering,
  label: string | undefined,
  bound: () => Atom,
  body: (i: Name) => void,
  start = 0,
): void {
  const { t } = cx.context;
  const i = name("i", INERT, true);
  cx.out.push({ s: "let", name: i, value: { op: "copy", value: literal(start) } });
  loop(cx, label, {
    makeTest: () => {
      const limit = bound();
      const now = current(cx, i);
      return bind(
        cx,
        plainOp(t.binaryExpression("<", atomCode(cx, now), atomCode(cx, limit)), false),
        INERT,
      );
    },
    body: () => body(i),
    update: () => {
      const now = current(cx, i);
      const next = plainOp(step(t, "+", atomCode(cx, now)), false);
      set(cx, i, bind(cx, next, INERT));
    },
    testLast: false,
    counter: { name: i, step: 1 },
  });
}

/** `xs.length`, now. */
export function lengthOf(cx: Lowering, xs: Atom): Atom {
  const { t } = cx.context;
  const code = t.memberExpression(atomCode(cx, xs), t.identifier("length"));
  const made = bind(cx, plainOp(code, false), INERT, "n");
  made.temporary = true;
  return made;
}

function forOf(cx: Lowering, node: types.ForOfStatement, label?: string): void {
  if (node.await) throw new Unlowered(node, "for await");
  if (node.left.type !== "VariableDeclaration")
    throw new Unlowered(node, "a for-of loop that assigns");
  const { id } = node.left.declarations[0] as types.VariableDeclarator;
  const source = unwrap(node.right);
  const method =
    source.type === "CallExpression" && source.callee.type === "MemberExpression"
      ? staticKey({ key: source.callee.property, computed: source.callee.computed })
      : undefined;
  const entries =
    method === "entries" &&
    source.type === "CallExpression" &&
    isContainer(cx.kinds.kindOf((source.callee as types.MemberExpression).object));
  const over = entries
    ? ((source as types.CallExpression).callee as types.MemberExpression).object
    : node.right;
  const kind = kindOf(cx, over);
  if (kind.k === "inert") {
    const { t } = cx.context;
    const isLazy = !isArrayLike(cx, node.right) && method !== "split";
    if (isLazy && cx.effects.changesAnything(node.right))
      throw new Unlowered(node, "a for-of loop over something that is made while it runs");
    const isFixed = isList(cx, node.right) || cx.effects.isPrimitive(node.right);
    if (!isFixed && mayChangeMore(cx, node.body))
      throw new Unlowered(node, "a for-of loop that may change what it goes through");
    // A list is gone through as it is then; what else can be iterated is made one beforehand.
    const given = bind(cx, plainOp(plainCode(cx, node.right), true), INERT, "of", node);
    const copied = t.arrayExpression([t.spreadElement(atomCode(cx, given))]);
    const list = t.conditionalExpression(givesItsPlaces(cx, given), atomCode(cx, given), copied);
    const xs = bind(cx, plainOp(list, true), INERT, "list", node);
    counted(
      cx,
      label,
      () => lengthOf(cx, xs),
      (i) => {
        const at = current(cx, i);
        const read = t.memberExpression(atomCode(cx, xs), atomCode(cx, at), true);
        const element = bind(cx, plainOp(read, false), INERT, "v", node);
        destructureInto(cx, id, element, INERT);
        statement(cx, node.body);
      },
    );
    return;
  }
  if (kind.k !== "array" && kind.k !== "floats" && kind.k !== "tuple")
    throw new Unlowered(node, "a for-of loop over something else than an array");
  const xs = value(cx, over);
  const of = elementKind(kind);
  counted(
    cx,
    label,
    () => lengthOf(cx, xs),
    (i) => {
      const at = current(cx, i);
      const read = () =>
        bind(cx, { op: "read", place: { at: "element", object: xs, index: at } }, of, "v", node);
      if (!entries) destructureInto(cx, id, read(), of);
      else {
        if (id.type !== "ArrayPattern") throw new Unlowered(id, "entries that are not taken apart");
        const [index, element] = id.elements;
        if (index) destructureInto(cx, index, at, INERT);
        if (element) destructureInto(cx, element, read(), of);
      }
      statement(cx, node.body);
    },
  );
}

// Of an array that nothing changes meanwhile a list can be made beforehand.
function isArrayLike(cx: Lowering, node: Node): boolean {
  return unwrap(node).type === "Identifier" || unwrap(node).type === "MemberExpression" || !cx;
}

const listMakers = new Set([
  ...["slice", "map", "filter", "concat", "split", "keys", "values", "entries", "from", "of"],
]);

/** Whether something inert is certainly an array. */
function isList(cx: Lowering, of: Node): boolean {
  const node = unwrap(of);
  if (node.type === "ArrayExpression") return true;
  if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
    const { object, property, computed } = node.callee;
    const key = staticKey({ key: property, computed });
    if (key === undefined || !listMakers.has(key)) return false;
    const isStatic = object.type === "Identifier" && /^(Object|Array)$/.test(object.name);
    return isStatic || !/^(keys|values|entries|from|of)$/.test(key);
  }
  const binding = node.type === "Identifier" ? cx.context.bindings.get(node) : undefined;
  if (!binding) return false;
  const annotation = binding.identifier.typeAnnotation;
  const type = annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : undefined;
  const bare = type?.type === "TSTypeOperator" ? type.typeAnnotation : type;
  if (bare?.type === "TSArrayType" || bare?.type === "TSTupleType") return true;
  const { node: declared } = binding.path;
  return (
    binding.constant &&
    declared.type === "VariableDeclarator" &&
    !!declared.init &&
    isList(cx, declared.init)
  );
}

/** Whether statements may change more than variables. */
function mayChangeMore(cx: Lowering, body: Node): boolean {
  let found = false;
  walk(body, (n) => {
    const target = changedBy(n);
    if (target && unwrap(target).type !== "Identifier")
      found ||= cx.kinds.kindOf(target).k === "inert";
    if (n.type !== "CallExpression") return;
    const callee = cx.kinds.callee(n);
    if (/^(other|imported|value|chosen)$/.test(callee.type)) found = true;
    if (callee.type === "marked" || callee.type === "closure" || callee.type === "method")
      found ||= cx.effects.changesOutside(callee.node);
  });
  return found;
}

const destructureInto = (
  cx: Lowering,
  pattern: Node,
  v: Atom,
  kind: Parameters<typeof destructure>[3],
) => destructure(cx, pattern, v, kind, declareIn(cx));

/** A switch without falling through is a chain of branches. */
/** A variable that one case declares is there in the others too, but may not be used before it is declared. */
function checkCases(cx: Lowering, node: types.SwitchStatement): void {
  for (const c of node.cases)
    for (const declared of c.consequent) {
      if (declared.type !== "VariableDeclaration" || declared.kind === "var") continue;
      walk(declared, (n) => {
        const binding = n.type === "Identifier" ? cx.context.bindings.get(n) : undefined;
        if (binding?.identifier !== n) return;
        const uses = [...binding.referencePaths, ...binding.constantViolations];
        if (uses.some((use) => !isWithin(use.node, c)))
          throw new Unlowered(declared, "a variable of one case is used in another");
      });
    }
}

function switchStatement(cx: Lowering, node: types.SwitchStatement, label?: string): void {
  const { t } = cx.context;
  checkCases(cx, node);
  const subject = condition(cx, node.discriminant);
  const made: Label = { hint: label ?? "choice" };
  const outer = cx.breakTo;
  cx.breakTo = made;
  if (label !== undefined) cx.labels.set(label, { breaks: made, continues: undefined });
  const groups: { tests: Node[]; isDefault: boolean; body: Statement[] }[] = [];
  let open: { tests: Node[]; isDefault: boolean } | undefined;
  for (const [i, c] of node.cases.entries()) {
    open ??= { tests: [], isDefault: false };
    if (c.test) open.tests.push(c.test);
    else open.isDefault = true;
    if (c.consequent.length === 0 && i < node.cases.length - 1) continue;
    const body =
      c.consequent.length === 1 && c.consequent[0]?.type === "BlockStatement"
        ? c.consequent[0].body
        : c.consequent;
    if (i < node.cases.length - 1 && !endsAway(body)) {
      cx.breakTo = outer;
      fallThrough(cx, node, subject, label);
      return;
    }
    groups.push({ ...open, body });
    open = undefined;
  }
  if (groups.some((g, i) => g.isDefault && i < groups.length - 1)) {
    cx.breakTo = outer;
    fallThrough(cx, node, subject, label);
    return;
  }
  if (groups.some((g) => g.tests.some((e) => cx.effects.changesAnything(e))))
    throw new Unlowered(node, "a switch whose cases do something");
  const chain = (i: number): void => {
    const group = groups[i];
    if (group === undefined) return;
    if (group.isDefault) {
      hoisted(cx, group.body);
      return;
    }
    const tests = group.tests.map((e) =>
      t.binaryExpression("===", atomCode(cx, subject), plainCode(cx, e)),
    );
    const code = tests.reduce<types.Expression>(
      (a, b) => t.logicalExpression("||", a, b),
      tests.shift() as types.Expression,
    );
    const test = bind(cx, plainOp(code, false), INERT);
    const yes = statements(cx, () => hoisted(cx, group.body));
    const otherwise = statements(cx, () => chain(i + 1));
    cx.out.push({ s: "if", test, yes, otherwise });
  };
  const body: Stmt[] = statements(cx, () => chain(0));
  cx.breakTo = outer;
  cx.out.push({ s: "block", label: made, body });
}

/**
 * A switch that falls through, as blocks in one another: leaving the innermost one leads to the first
 * case, leaving the one around it to the second.
 */
function fallThrough(
  cx: Lowering,
  node: types.SwitchStatement,
  subject: Atom,
  label: string | undefined,
): void {
  const { t } = cx.context;
  const whole: Label = { hint: label ?? "choice" };
  const outer = cx.breakTo;
  cx.breakTo = whole;
  if (label !== undefined) cx.labels.set(label, { breaks: whole, continues: undefined });
  for (const c of node.cases)
    for (const s of c.consequent)
      if (s.type === "VariableDeclaration" || s.type === "FunctionDeclaration")
        throw new Unlowered(s, "a switch that falls through, with variables that its cases share");
  const cases = node.cases.map((c) => ({ c, label: { hint: "next" } satisfies Label }));
  let made: Stmt[] = statements(cx, () => {
    for (const { c, label: to } of cases) {
      if (!c.test) continue;
      const code = t.binaryExpression(
        "===",
        atomCode(cx, subject),
        atomCode(cx, condition(cx, c.test)),
      );
      const test = bind(cx, plainOp(code, false), INERT);
      cx.out.push({ s: "if", test, yes: [{ s: "break", label: to }], otherwise: [] });
    }
    const last = cases.find(({ c }) => !c.test);
    cx.out.push({ s: "break", label: last?.label ?? whole });
  });
  for (const { c, label: to } of cases)
    made = [
      { s: "block", label: to, body: made },
      ...statements(cx, () => hoisted(cx, c.consequent)),
    ];
  cx.breakTo = outer;
  cx.out.push({ s: "block", label: whole, body: made });
}

function endsAway(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  if (last === undefined) return false;
  if (last.type === "BlockStatement") return endsAway(last.body);
  return ["BreakStatement", "ContinueStatement", "ReturnStatement", "ThrowStatement"].includes(
    last.type,
  );
}
