import type { types } from "@babel/core";
import { walk } from "../analysis/effects.ts";
import { bareCopy, isFunction, type T } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  type Closure,
  calledByLink,
  type DirectLink,
  type Element,
  hasEffects,
  isName,
  isTimeless,
  type Label,
  type Loop,
  type LoweredIdentifier,
  mapBlocks,
  type Name,
  type Op,
  type Place,
  type Program,
  type Stmt,
} from "./form.ts";
import { at } from "./lowering.ts";
import type { StepLiteral } from "./rewrite.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** What a program is printed for. */
export interface Printing {
  readonly context: ModuleContext;
  /** How a function of this file is called. */
  readonly call: (op: Extract<Op, { op: "call" }>, args: Expression[]) => Expression;
  /** How a function that is found when the program runs is called. */
  readonly link: (
    op: Extract<Op, { op: "link" }>,
    args: Expression[],
    /** What is called, where it is a value of the program. */
    called: Expression | undefined,
  ) => Expression;
  /** How a sweep of a function of this file is run. */
  readonly sweep: (op: Extract<Op, { op: "sweep" }>, args: Expression[]) => Expression;
}

export interface Printed {
  readonly params: types.Identifier[];
  readonly body: types.BlockStatement;
}

interface Printer extends Printing {
  readonly t: ModuleContext["t"];
  /** How often each name is read. */
  readonly reads: Map<Name, number>;
  /** What was read out of something, and may be nothing. */
  readonly found: Set<Name>;
  /** What a name that is nothing but another one stands for. */
  readonly aliases: Map<Name, Atom>;
  /** Operations that are written where their one reader is; in the order of evaluation. */
  readonly pending: Map<Name, { code: Expression; notices: boolean }>;
  /** Whether what was written last may notice what changes. */
  notices: boolean;
  /** The loops and blocks around, the innermost last. */
  readonly around: { label: Label; isLoop: boolean; asBlock?: boolean }[];
  readonly usedLabels: Set<Label>;
  readonly labelNames: Map<Label, string>;
}

/** A program as JavaScript. Operations with one reader are written where they are read. */
export function print(printing: Printing, program: Program): Printed {
  const { t } = printing.context;
  const p: Printer = {
    ...printing,
    t,
    reads: new Map(),
    found: new Set(),
    aliases: new Map(),
    pending: new Map(),
    notices: false,
    around: [],
    usedLabels: new Set(),
    labelNames: new Map(),
  };
  count(p, program.body);
  const params = program.params.map((n) => identifier(p, n));
  const body = t.blockStatement(block(p, program.body));
  nameAll(p, [...params, body]);
  return { params, body };
}

function count(p: Printer, stmts: readonly Stmt[]): void {
  const read = (a: Atom): void => {
    if (isName(a)) p.reads.set(a, (p.reads.get(a) ?? 0) + 1);
  };
  for (const s of stmts) {
    if (s.s === "let" && s.value.op === "read" && s.node) p.found.add(s.name);
    for (const a of s.s === "let" || s.s === "set" || s.s === "do"
      ? mentions(s.value)
      : atomsRead(s))
      read(a);
    for (const inner of blocksOf(s)) count(p, inner);
    if (s.s === "loop" && s.test) read(s.test.value);
  }
}

/** The operands of an operation, each as often as it is written. */
function mentions(op: Op): readonly Atom[] {
  if (op.op !== "plain") return op.op === "instance" ? op.args : atomsOf(op);
  const found: Name[] = [];
  // What a function reads whenever it is called is not written into it.
  visitLowered(op.code, (id, often) => {
    for (let i = 0; i < often; i++) found.push(id.lowered as Name);
  });
  return found;
}

function visitLowered(
  node: unknown,
  visit: (id: LoweredIdentifier, often: 1 | 2) => void,
  often: 1 | 2 = 1,
): void {
  if (Array.isArray(node)) for (const n of node) visitLowered(n, visit, often);
  else if (node !== null && typeof node === "object" && "type" in node) {
    if ((node as LoweredIdentifier).lowered) visit(node as LoweredIdentifier, often);
    const inner = isFunction(node as Node) ? 2 : often;
    for (const key in node) {
      const child = (node as Record<string, unknown>)[key];
      if (typeof child === "object" && key !== "loc" && key !== "lowered")
        visitLowered(child, visit, inner);
    }
  }
}

function identifier(p: Printer, name: Name): types.Identifier {
  const made: LoweredIdentifier = p.t.identifier("_");
  made.lowered = name;
  return made;
}

// ---- statements

function block(p: Printer, stmts: readonly Stmt[]): Statement[] {
  const made: Statement[] = [];
  for (const s of stmts) statement(p, s, made);
  flush(p, made);
  return made;
}

/** Writes down what waits for its reader; where something is about to change, what could notice. */
function flush(p: Printer, out: Statement[], all = true): void {
  for (const [name, { notices, code }] of [...p.pending]) {
    if (!p.pending.has(name) || !(all || notices)) continue;
    // What it is made of may be waiting as well, and is written inside it.
    p.pending.delete(name);
    out.push(p.t.variableDeclaration("const", [p.t.variableDeclarator(identifier(p, name), code)]));
  }
}

/** Writes down one operation that waits for its reader. */
function settle(p: Printer, name: Name, out: Statement[]): void {
  const target = p.aliases.get(name);
  if (target !== undefined) {
    if (isName(target)) settle(p, target, out);
    return;
  }
  const waiting = p.pending.get(name);
  if (waiting === undefined) return;
  p.pending.delete(name);
  out.push(
    p.t.variableDeclaration("const", [p.t.variableDeclarator(identifier(p, name), waiting.code)]),
  );
}

function statement(p: Printer, s: Stmt, out: Statement[]): void {
  const { t } = p;
  const runsOther = (s.s === "let" || s.s === "do") && s.value.op === "sweep";
  if (runsOther) {
    flush(p, out, false);
    out.push(t.expressionStatement(leaveTape(p)));
    write(p, s, out);
    out.push(t.expressionStatement(takeTape(p)));
  } else write(p, s, out);
}

function write(p: Printer, s: Stmt, out: Statement[]): void {
  const { t } = p;
  switch (s.s) {
    case "let": {
      if (
        !s.name.mutable &&
        s.value.op === "copy" &&
        isStill(s.value.value) &&
        isTemporary(s.name)
      ) {
        // What several read is not written into one of them.
        if (isName(s.value.value) && (p.reads.get(s.name) ?? 0) !== 1)
          settle(p, s.value.value, out);
        p.aliases.set(s.name, s.value.value);
        return;
      }
      const reads = p.reads.get(s.name) ?? 0;
      const effects = hasEffects(s.value);
      if (!s.name.mutable && reads === 0 && !effects && !mayThrow(p, s)) return;
      p.notices = !isTimeless(s.value);
      const code = located(expression(p, s.value), s.node);
      if (!s.name.mutable && reads === 1 && !effects && isTemporary(s.name)) {
        p.pending.set(s.name, { code, notices: p.notices });
        return;
      }
      if (effects) flush(p, out, false);
      if (!s.name.mutable && reads === 0) {
        out.push(t.expressionStatement(code));
        return;
      }
      const isUnset =
        s.name.mutable &&
        s.value.op === "copy" &&
        !isName(s.value.value) &&
        s.value.value.literal === undefined;
      out.push(
        t.variableDeclaration(s.name.mutable ? "let" : "const", [
          t.variableDeclarator(identifier(p, s.name), isUnset ? null : code),
        ]),
      );
      return;
    }
    case "set": {
      const code = located(expression(p, s.value), s.node);
      flush(p, out, false);
      out.push(t.expressionStatement(located(assignment(p, s.name, code), s.node)));
      return;
    }
    case "write": {
      const value = atom(p, s.value);
      const to = place(p, s.place);
      flush(p, out, false);
      out.push(t.expressionStatement(located(compound(p, to, value), s.node)));
      return;
    }
    case "do": {
      const code = located(expression(p, s.value), s.node);
      flush(p, out, false);
      out.push(t.expressionStatement(code));
      return;
    }
    case "if": {
      const test = atom(p, s.test);
      flush(p, out);
      const yes = block(p, s.yes);
      const otherwise = block(p, s.otherwise);
      const [only] = otherwise;
      const tail =
        otherwise.length === 0
          ? null
          : otherwise.length === 1 && only?.type === "IfStatement"
            ? only
            : t.blockStatement(otherwise);
      if (yes.length > 0) out.push(t.ifStatement(test, t.blockStatement(yes), tail));
      else if (otherwise.length > 0)
        out.push(t.ifStatement(t.unaryExpression("!", test), t.blockStatement(otherwise)));
      return;
    }
    case "loop":
      loop(p, s, out);
      return;
    case "closure":
      closure(p, s, out);
      return;
    case "try": {
      flush(p, out);
      const body = t.blockStatement(block(p, s.body));
      const { handler, finalizer } = s;
      const made = handler
        ? t.catchClause(
            identifier(p, handler.param),
            t.blockStatement([
              t.expressionStatement(
                t.callExpression(p.context.helper("passOn"), [identifier(p, handler.param)]),
              ),
              ...block(p, handler.body),
            ]),
          )
        : null;
      const last = finalizer ? t.blockStatement(block(p, finalizer)) : null;
      out.push(t.tryStatement(body, made, last));
      return;
    }
    case "block": {
      flush(p, out);
      p.around.push({ label: s.label, isLoop: false });
      const body = block(p, s.body);
      p.around.pop();
      if (p.usedLabels.has(s.label))
        out.push(t.labeledStatement(labelOf(p, s.label), t.blockStatement(body)));
      else out.push(...body);
      return;
    }
    case "break":
    case "continue":
      flush(p, out);
      out.push(jump(p, s));
      return;
    case "return": {
      const value = s.value === undefined ? null : atom(p, s.value);
      flush(p, out);
      out.push(located(t.returnStatement(value), s.node));
      return;
    }
    case "throw": {
      const value = atom(p, s.value);
      flush(p, out);
      out.push(t.throwStatement(value));
    }
  }
}

function located<N extends Node>(made: N, node: Node | undefined): N {
  return node && !made.loc ? at(made, node) : made;
}

function closure(p: Printer, s: Closure, out: Statement[]): void {
  const { t } = p;
  if (!p.reads.has(s.name)) return;
  if (s.of !== undefined) {
    const given = t.variableDeclarator(identifier(p, s.name), atom(p, s.of));
    out.push(t.variableDeclaration("const", [given]));
    return;
  }
  // It reads what is around it when it is called.
  flush(p, out);
  const around = p.around.splice(0);
  const params = s.params.map((n) => identifier(p, n));
  const body = t.blockStatement(block(p, s.body));
  p.around.push(...around);
  const made = located(t.arrowFunctionExpression(params, body), s.node);
  out.push(t.variableDeclaration("const", [t.variableDeclarator(identifier(p, s.name), made)]));
}

/** Whether what the user wrote reads out of something that may not be there, which is an error though nobody uses it. */
function mayThrow(p: Printer, { value, node }: Extract<Stmt, { s: "let" }>): boolean {
  if (node === undefined) return false;
  const isFound = (n: Atom) => isName(n) && p.found.has(n);
  if (value.op === "read") return isFound(value.place.object);
  let found = false;
  if (value.op === "plain")
    walk(value.code, (n) => {
      if (n.type !== "MemberExpression") return;
      const { lowered } = n.object as LoweredIdentifier;
      if (n.object.type === "MemberExpression" || (lowered && isFound(lowered))) found = true;
    });
  return found;
}

const isTemporary = (n: Name): boolean => n.temporary === true || n.hint === "v";

const isStill = (a: Atom): boolean => !isName(a) || !a.mutable;

function jump(p: Printer, s: Extract<Stmt, { s: "break" | "continue" }>): Statement {
  const { t } = p;
  const innermost = p.around.findLast((a) => a.isLoop);
  const target = p.around.find((a) => a.label === s.label);
  if (s.s === "continue" && target?.asBlock) {
    p.usedLabels.add(s.label);
    return t.breakStatement(labelOf(p, s.label));
  }
  const isPlain = target !== undefined && target === innermost && target.isLoop;
  if (!isPlain) p.usedLabels.add(s.label);
  const label = isPlain ? null : labelOf(p, s.label);
  return s.s === "break" ? t.breakStatement(label) : t.continueStatement(label);
}

function labelOf(p: Printer, label: Label): types.Identifier {
  let text = p.labelNames.get(label);
  if (text === undefined) {
    text = `${label.hint}${p.labelNames.size === 0 ? "" : p.labelNames.size}`;
    for (let i = 1; [...p.labelNames.values()].includes(text); i++) text = `${label.hint}$${i}`;
    p.labelNames.set(label, text);
  }
  return p.t.identifier(text);
}

function loop(p: Printer, s: Loop, out: Statement[]): void {
  const { t } = p;
  flush(p, out);
  const init = takeInit(p, s, out);
  p.around.push({ label: s.label, isLoop: true });
  const head = s.test ? block(p, s.test.before.slice(0, 0)) : [];
  let test: Expression | null = null;
  if (s.test) {
    for (const b of s.test.before) statement(p, b, head);
    test = atom(p, s.test.value);
    flush(p, head);
  }
  const body = block(p, s.body);
  const update = block(p, s.update);
  p.around.pop();
  const isSimple = head.length === 0 && update.every((u) => u.type === "ExpressionStatement");
  let made: Statement;
  if (isSimple && s.testLast && update.length === 0)
    made = t.doWhileStatement(test ?? t.booleanLiteral(true), t.blockStatement(body));
  else if (isSimple && !s.testLast) {
    const updates = update.map((u) => (u as types.ExpressionStatement).expression);
    const step = updates.length > 1 ? t.sequenceExpression(updates) : (updates[0] ?? null);
    made =
      step === null && init === null && test !== null
        ? t.whileStatement(test, t.blockStatement(body))
        : t.forStatement(init, test, step, t.blockStatement(body));
  } else {
    // The head does more than an expression can say.
    const inner: Label = { hint: "round" };
    const leave = test
      ? [t.ifStatement(t.unaryExpression("!", test), t.blockStatement([t.breakStatement()]))]
      : [];
    const hasContinue = continues(s.body, s.label);
    let middle = body;
    if (hasContinue) {
      p.around.push({ label: s.label, isLoop: true });
      p.around.push({ label: inner, isLoop: false });
      middle = [
        t.labeledStatement(
          labelOf(p, inner),
          t.blockStatement(block(p, redirected(s.body, s.label, inner))),
        ),
      ];
      p.around.pop();
      p.around.pop();
    }
    const first = s.testLast
      ? [...middle, ...update, ...head, ...leave]
      : [...head, ...leave, ...middle, ...update];
    made = t.forStatement(init, null, null, t.blockStatement(first));
  }
  out.push(p.usedLabels.has(s.label) ? t.labeledStatement(labelOf(p, s.label), made) : made);
}

const continues = (stmts: readonly Stmt[], label: Label): boolean =>
  stmts.some(
    (s) =>
      (s.s === "continue" && s.label === label) || blocksOf(s).some((b) => continues(b, label)),
  );

/** The same statements, where going on with a loop means to leave a block. */
export const redirected = (stmts: readonly Stmt[], from: Label, to: Label): Stmt[] =>
  stmts.map((s) =>
    s.s === "continue" && s.label === from
      ? { s: "break", label: to }
      : mapBlocks(s, (inner) => redirected(inner, from, to)),
  );

/** The declaration of the counter moves into the loop's head, if only the loop reads it. */
function takeInit(p: Printer, s: Loop, out: Statement[]): types.VariableDeclaration | null {
  const last = out.at(-1);
  if (!s.counter || last?.type !== "VariableDeclaration" || last.kind !== "let") return null;
  const id = last.declarations[0]?.id as LoweredIdentifier | undefined;
  if (id?.lowered !== s.counter.name || last.declarations.length !== 1) return null;
  const inside = countIn([s], s.counter.name);
  if (inside !== (p.reads.get(s.counter.name) ?? 0)) return null;
  out.pop();
  return last;
}

function countIn(stmts: readonly Stmt[], name: Name): number {
  let found = 0;
  for (const s of stmts) {
    const atoms = s.s === "let" || s.s === "set" || s.s === "do" ? mentions(s.value) : atomsRead(s);
    found += atoms.filter((a) => a === name).length;
    for (const inner of blocksOf(s)) found += countIn(inner, name);
    if (s.s === "loop" && s.test?.value === name) found++;
  }
  return found;
}

/** `x = x + y` as `x += y`. */
function assignment(p: Printer, name: Name, code: Expression): Expression {
  return compound(p, identifier(p, name), code);
}

function compound(
  p: Printer,
  to: types.Identifier | types.MemberExpression,
  code: Expression,
): Expression {
  const { t } = p;
  if (
    code.type === "BinaryExpression" &&
    ["+", "-", "*", "/", "%"].includes(code.operator) &&
    code.left.type !== "PrivateName" &&
    sameWay(to, code.left)
  ) {
    if (to.type === "Identifier" && isStepByOne(to, code))
      return t.updateExpression(code.operator === "+" ? "++" : "--", to);
    return t.assignmentExpression(`${code.operator}=` as "+=", to, code.right);
  }
  return t.assignmentExpression("=", to, code);
}

/** Whether one is added to a number, or taken from it. */
const isStepByOne = (
  { lowered }: LoweredIdentifier,
  { operator, right }: types.BinaryExpression,
): boolean =>
  (operator === "+" || operator === "-") &&
  right.type === "NumericLiteral" &&
  right.value === 1 &&
  ((right as StepLiteral).steps === true || lowered?.kind.k === "num");

function sameWay(a: Node, b: Node): boolean {
  if (a.type === "Identifier" && b.type === "Identifier")
    return (
      (a as LoweredIdentifier).lowered !== undefined &&
      (a as LoweredIdentifier).lowered === (b as LoweredIdentifier).lowered
    );
  if (a.type === "NumericLiteral" && b.type === "NumericLiteral") return a.value === b.value;
  if (a.type !== "MemberExpression" || b.type !== "MemberExpression" || a.computed !== b.computed)
    return false;
  if (!sameWay(a.object, b.object)) return false;
  if (a.computed) return sameWay(a.property, b.property);
  return (a.property as types.Identifier).name === (b.property as types.Identifier).name;
}

// ---- expressions

function atom(p: Printer, a: Atom): Expression {
  const { t } = p;
  if (isName(a)) {
    const alias = p.aliases.get(a);
    if (alias !== undefined) return atom(p, alias);
    const waiting = p.pending.get(a);
    if (waiting === undefined) return identifier(p, a);
    p.pending.delete(a);
    p.notices ||= waiting.notices;
    return waiting.code;
  }
  const { literal: value } = a;
  switch (typeof value) {
    case "number":
      return number(p, value);
    case "string":
      return t.stringLiteral(value);
    case "boolean":
      return t.booleanLiteral(value);
    default:
      return value === null ? t.nullLiteral() : t.unaryExpression("void", t.numericLiteral(0));
  }
}

function number(p: Printer, value: number): Expression {
  const { t } = p;
  const ofNumber = (key: string) =>
    t.memberExpression(p.context.global("Number"), t.identifier(key));
  if (Number.isNaN(value)) return ofNumber("NaN");
  if (value < 0 || Object.is(value, -0)) return t.unaryExpression("-", number(p, -value));
  return value === Number.POSITIVE_INFINITY
    ? ofNumber("POSITIVE_INFINITY")
    : t.numericLiteral(value);
}

const elements = (p: Printer, list: readonly Element[]) =>
  list.map((e) => (e.spread ? p.t.spreadElement(atom(p, e.value)) : atom(p, e.value)));

function place(p: Printer, way: Place): types.MemberExpression {
  const { t } = p;
  // The index is looked at after the object, and both are evaluated already.
  if (way.at === "field") return member(p, atom(p, way.object), way.key);
  const object = atom(p, way.object);
  return t.memberExpression(object, atom(p, way.index), true);
}

export function member(
  p: { t: ModuleContext["t"] },
  object: Expression,
  key: string,
): types.MemberExpression {
  const { t } = p;
  return isIdentifier(key)
    ? t.memberExpression(object, t.identifier(key))
    : t.memberExpression(object, t.stringLiteral(key), true);
}

const isIdentifier = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

function propertyKey(p: Printer, key: string): types.Identifier | types.StringLiteral {
  return isIdentifier(key) && key !== "__proto__" ? p.t.identifier(key) : p.t.stringLiteral(key);
}

function expression(p: Printer, op: Op): Expression {
  const { t } = p;
  switch (op.op) {
    case "copy":
      return atom(p, op.value);
    case "arith": {
      const [a, b] = op.args;
      const left = atom(p, a);
      const right = atom(p, b);
      const isSigned = op.operator === "**" && left.type === "UnaryExpression";
      return t.binaryExpression(
        op.operator,
        isSigned ? t.parenthesizedExpression(left) : left,
        right,
      );
    }
    case "sign":
      return t.unaryExpression(op.operator, atom(p, op.value));
    case "math":
      return t.callExpression(
        (op.callee && instance(p, op.callee)) ??
          t.memberExpression(p.context.global("Math"), t.identifier(op.name)),
        elements(p, op.args),
      );
    case "read":
      return place(p, op.place);
    case "array":
      return t.arrayExpression(elements(p, op.elements));
    case "object":
      return t.objectExpression(
        op.fields.map((f) =>
          "spread" in f
            ? t.spreadElement(atom(p, f.spread))
            : t.objectProperty(propertyKey(p, f.key), atom(p, f.value)),
        ),
      );
    case "instance":
      if (op.blank)
        return t.callExpression(p.context.helper("blank"), [
          instance(p, op.callee),
          ...op.blank.map((key) => t.stringLiteral(key)),
        ]);
      return t.newExpression(
        instance(p, op.callee),
        op.args.map((a) => atom(p, a)),
      );
    case "floats":
      return t.newExpression(
        p.context.global(op.model),
        op.from === undefined ? [] : [atom(p, op.from)],
      );
    case "sized":
      return t.newExpression(
        p.context.global("Array"),
        op.args.map((a) => atom(p, a)),
      );
    case "method":
      return t.callExpression(member(p, atom(p, op.object), op.name), elements(p, op.args));
    case "call": {
      const args = op.args.map((a) => (a === undefined ? missing(p) : atom(p, a)));
      if (op.plainly === undefined) return p.call(op, args);
      if (typeof op.plainly !== "string") return t.callExpression(instance(p, op.plainly), args);
      return t.callExpression(member(p, args[0] as Expression, op.plainly), args.slice(1));
    }
    case "apply": {
      const f = atom(p, op.f);
      const args = op.args.map((a) => (a === undefined ? missing(p) : atom(p, a)));
      return t.callExpression(f, args);
    }
    case "link":
      if (op.plainly)
        return t.callExpression(
          instance(p, op.callee),
          op.args.map((a) => atom(p, a)),
        );
      return p.link(
        op,
        op.args.map((a) => atom(p, a)),
        calledByLink(op).length > 0 ? instance(p, op.callee) : undefined,
      );
    case "plain":
      return instance(p, op.code);
    case "help":
      return t.callExpression(
        p.context.helper(op.name),
        op.args.map((a) => atom(p, a)),
      );
    case "compare": {
      const left = atom(p, op.args[0]);
      return t.binaryExpression(op.operator, left, atom(p, op.args[1]));
    }
    case "select": {
      const test = atom(p, op.test);
      const yes = atom(p, op.yes);
      return t.conditionalExpression(test, yes, atom(p, op.otherwise));
    }
    case "sweep":
      return p.sweep(
        op,
        op.args.map((a) => atom(p, a)),
      );
    case "linked": {
      const key = op.way === "forward" ? "target" : "pull";
      const link = typeof op.link === "string" ? t.identifier(op.link) : atom(p, op.link);
      if (op.direct) return directCall(p, op, op.direct, link);
      const callee = t.memberExpression(link, t.identifier(key));
      return t.callExpression(
        callee,
        op.args.map((a) => atom(p, a)),
      );
    }
    case "leave":
      return t.assignmentExpression("=", outSlot(p), atom(p, op.value));
    case "left":
      return outSlot(p);
    case "sync":
      return leaveTape(p);
    case "slot":
      return t.memberExpression(p.context.helper("slots"), t.numericLiteral(op.index), true);
    case "save":
    case "restore":
      return tape(p, op);
  }
}

/** A call of what a link has found; at a kink of a tangent the dual form tells. */
function directCall(
  p: Printer,
  op: Extract<Op, { op: "linked" }>,
  { call, back }: DirectLink,
  link: Expression,
): Expression {
  const { t } = p;
  const args = () => op.args.map((a) => atom(p, a));
  if (op.way === "forward") return t.callExpression(atom(p, call), args());
  if (op.way === "both") return t.callExpression(atom(p, back), [...args(), t.numericLiteral(1)]);
  const [seed, ...given] = args() as [Expression, ...Expression[]];
  const pulled = t.callExpression(atom(p, back), [...given, seed]);
  const again = t.callExpression(t.memberExpression(link, t.identifier("again")), args());
  return t.logicalExpression("||", t.callExpression(p.context.helper("isSure"), [pulled]), again);
}

const missing = (p: Printer) => p.t.unaryExpression("void", p.t.numericLiteral(0));

const outSlot = (p: Printer): types.MemberExpression =>
  p.t.memberExpression(p.context.helper("out"), p.t.numericLiteral(0), true);

/** A copy of plain code, with what its names stand for. */
function instance<N extends Node>(p: Printer, code: N): N {
  const { lowered, helper } = code as LoweredIdentifier;
  if (lowered) return at(atom(p, lowered), code) as Node as N;
  if (helper) return p.context.helper(helper) as Node as N;
  const made = bareCopy(code) as unknown as Record<string, unknown>;
  for (const key of p.t.VISITOR_KEYS[code.type] ?? []) {
    const child = made[key] as Node | (Node | null)[] | null | undefined;
    if (Array.isArray(child)) made[key] = child.map((c) => (c ? instance(p, c) : null));
    else if (child) made[key] = instance(p, child);
  }
  return made as unknown as N;
}

/** Where the tape is while a function runs. */
export const TAPE = {
  numbers: { hint: "$d", kind: { k: "inert" }, mutable: true } as Name,
  position: { hint: "$n", kind: { k: "inert" }, mutable: true } as Name,
  references: { hint: "$r", kind: { k: "inert" }, mutable: true } as Name,
};

/** The tape has room for as many numbers at least. */
const LEAST_ROOM = 1024;

function tape(p: Printer, op: Extract<Op, { op: "save" | "restore" }>): Expression {
  const { t } = p;
  const d = () => identifier(p, TAPE.numbers);
  const n = () => identifier(p, TAPE.position);
  const r = () => identifier(p, TAPE.references);
  if (op.op === "restore") {
    return op.stack === "numbers"
      ? t.memberExpression(d(), t.updateExpression("--", n(), true), true)
      : t.callExpression(t.memberExpression(r(), t.identifier("pop")), []);
  }
  if (op.stack === "references")
    return t.callExpression(
      t.memberExpression(r(), t.identifier("push")),
      op.values.map((v) => atom(p, v)),
    );
  const puts: Expression[] = op.values.map((v) =>
    t.assignmentExpression(
      "=",
      t.memberExpression(d(), t.updateExpression("++", n()), true),
      atom(p, v),
    ),
  );
  if (op.reserve === 0)
    return puts.length === 1 ? (puts[0] as Expression) : t.sequenceExpression(puts);
  const needed = () => t.binaryExpression("+", n(), t.numericLiteral(op.reserve));
  const full = t.binaryExpression(">", needed(), t.memberExpression(d(), t.identifier("length")));
  // Else twice the room is enough.
  const asked = op.reserve > LEAST_ROOM ? [needed()] : [];
  const larger = t.callExpression(p.context.helper("grow"), [d(), ...asked]);
  const grow = t.assignmentExpression("=", d(), larger);
  return t.sequenceExpression([t.logicalExpression("&&", full, grow), ...puts]);
}

/** Others find the tape where this function has got to. */
function leaveTape(p: Printer): Expression {
  const { t } = p;
  const there = t.memberExpression(p.context.helper("tape"), t.identifier("position"));
  return t.assignmentExpression("=", there, identifier(p, TAPE.position));
}

/** What was called may have moved the tape, and given it more room. */
function takeTape(p: Printer): Expression {
  const { t } = p;
  const part = (key: string) => t.memberExpression(p.context.helper("tape"), t.identifier(key));
  return t.sequenceExpression([
    t.assignmentExpression("=", identifier(p, TAPE.position), part("position")),
    t.assignmentExpression("=", identifier(p, TAPE.numbers), part("numbers")),
  ]);
}

// ---- names

/** Gives every name of the form a text of its own, apart from all that the code means by text. */
function nameAll(p: Printer, nodes: readonly Node[]): void {
  const taken = new Set<string>();
  const wanted: LoweredIdentifier[] = [];
  const keys = p.t.VISITOR_KEYS;
  const visit = (node: Node, isText: boolean): void => {
    if (node.type === "Identifier") {
      if ((node as LoweredIdentifier).lowered) wanted.push(node);
      else if (!isText) taken.add(node.name);
    }
    for (const key of keys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      if (!child) continue;
      if (Array.isArray(child)) for (const c of child) c && visit(c, false);
      else visit(child, isTextAt(node, key));
    }
  };
  for (const n of nodes) visit(n, false);
  const texts = new Map<Name, string>();
  const counters = new Map<string, number>();
  for (const id of wanted) {
    const name = id.lowered as Name;
    let text = texts.get(name);
    if (text === undefined) {
      const hint = /^[A-Za-z_$][\w$]*$/.test(name.hint) && !isReserved(name.hint) ? name.hint : "v";
      const base = hint === "v" ? "_v" : hint;
      text = base;
      for (let i = counters.get(base) ?? 2; taken.has(text); i++) {
        text = `${base}${base.endsWith("$") || /\d$/.test(base) ? "_" : ""}${i}`;
        counters.set(base, i + 1);
      }
      taken.add(text);
      texts.set(name, text);
    }
    id.name = text;
    id.lowered = undefined;
  }
}

/** Whether what stands there is a text, and no name of a variable. */
const isTextAt = (node: Node, key: string): boolean =>
  key === "label" ||
  (key === "property" && node.type === "MemberExpression" && !node.computed) ||
  (key === "key" && node.type === "ObjectProperty" && !node.computed);

const isReserved = (word: string): boolean =>
  /^(?:arguments|eval|await|yield|let|static|enum|implements|interface|package|private|protected|public|undefined|NaN|Infinity)$/.test(
    word,
  );

/** A function with others that it calls, as one expression. They are arrows, so that `this` is that of what is around them. */
export function withFunctions(
  t: T,
  others: readonly types.FunctionDeclaration[],
  own: types.ArrowFunctionExpression,
): types.Expression {
  if (others.length === 0) return own;
  const declared = others.map(({ id, params, body }) =>
    t.variableDeclarator(id as types.Identifier, t.arrowFunctionExpression(params as never, body)),
  );
  const body = [t.variableDeclaration("const", declared), t.returnStatement(own)];
  return t.callExpression(t.arrowFunctionExpression([], t.blockStatement(body)), []);
}
