import type { types } from "@babel/core";
import type { CallGraph } from "../analysis/call-graph.ts";
import { type Effects, walk } from "../analysis/effects.ts";
import { INERT, type Kind, whyUnknown } from "../analysis/kind.ts";
import type { Kinds } from "../analysis/kinds.ts";
import {
  type Binding,
  bareCopy,
  type FunctionNode,
  isFunction,
  rootOf,
  staticKey,
  unwrap,
  writtenBy,
} from "../ast.ts";
import { arrayMethod } from "../language/array-methods.ts";
import type { ModuleContext } from "../module-context.ts";
import { learn } from "./empty-lists.ts";
import {
  type Atom,
  type Element,
  isName,
  type Label,
  type LoweredIdentifier,
  literal,
  type Name,
  name,
  type Op,
  type Stmt,
  UNDEFINED,
} from "./form.ts";
import { literalCode } from "./rewrite.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Why a function has no lowered form, and where. */
export class Unlowered extends Error {
  constructor(
    readonly node: Node,
    reason: string,
  ) {
    super(reason);
  }
}

/** What lowering knows at a point of the program. */
export interface Lowering {
  readonly context: ModuleContext;
  readonly kinds: Kinds;
  readonly effects: Effects;
  readonly calls: CallGraph;
  /** Whether lists may have holes. */
  readonly mayHaveHoles: () => boolean;
  /** What the user's variables stand for. */
  readonly env: Map<Binding, Atom>;
  /** Functions that are declared inside. */
  readonly closures: Map<Binding, FunctionNode>;
  /** Those of the present block that are values, and are written before the first that uses them. */
  readonly waiting: Map<Binding, Waiting>;
  /** Values that are known to be one function. */
  readonly functions: Map<Atom, KnownFunction>;
  /**
   * Functions among the parameters that are called over a link, as one of another file is, and have no
   * tangent beside them; undefined where they are functions of the form.
   */
  readonly linkedParams: Set<Atom> | undefined;
  /** Functions that are no values of the form, only written in place, and why. */
  readonly unwritten: Map<Atom, Unlowered>;
  /** Whether they are called, because they would be too large where they are. */
  readonly asValues: boolean;
  readonly root: FunctionNode;
  /** What `this` stands for. */
  self: Atom | undefined;
  /** The list of statements that is being written. */
  out: Stmt[];
  /** Variables that are declared in a block, but belong to the function. */
  readonly hoisted: Stmt[];
  /** What becomes of a value that is returned here. */
  leave: (value: Atom | undefined, node: Node) => void;
  breakTo: Label | undefined;
  continueTo: Label | undefined;
  readonly labels: Map<string, { breaks: Label; continues: Label | undefined }>;
  /** Variables that each round of a loop around has anew, which what outlives the round must not keep. */
  readonly rounds: Set<Name>;
  /** What names mean where the code goes. */
  readonly names: Surroundings;
  /** Statements that do nothing here: what they would replace is there. */
  readonly needless: Set<Node>;
  /** Functions that are being written in place. */
  readonly open: Set<FunctionNode>;
  /** How many nodes of syntax may still be written in place. */
  room: number;
  /** How every part lowers the expressions inside its own: expressions hold statements, and those expressions. */
  readonly expressions: ExpressionLowering;
}

/** A function that is a value, and the list of statements of its block. */
export interface Waiting {
  readonly f: FunctionNode;
  readonly home: Stmt[];
}

/**
 * A function that is handed on as a value, but is always the same one: `integrate(Math.sin, 0, b)`.
 * Where `integrate` is written in place, what it calls is known, and has every derivative code.
 */
export type KnownFunction =
  | {
      readonly type: "written";
      readonly f: FunctionNode;
      readonly self: Atom | undefined;
      /** What its names stood for where it was made. */
      readonly sees: ReadonlyMap<Binding, Atom | undefined>;
    }
  | { readonly type: "marked"; readonly f: FunctionNode }
  | { readonly type: "math"; readonly name: string };

/** Tells whether a function of the file can be written elsewhere: its names must mean the same there. */
export interface Surroundings {
  readonly meanTheSame: (f: FunctionNode) => boolean;
}

export interface ExpressionLowering {
  readonly value: (cx: Lowering, node: Node) => Atom;
  readonly condition: (cx: Lowering, node: Node) => Atom;
  readonly discard: (cx: Lowering, node: Node) => void;
  readonly elementsOf: (cx: Lowering, nodes: readonly Node[]) => Element[];
  readonly target: (cx: Lowering, node: Node) => Target;
  readonly block: (cx: Lowering, body: readonly types.Statement[]) => void;
  readonly handedOn: (cx: Lowering, given: Atom, kind: Kind, node: Node) => Atom;
}

/** Where a value is assigned to. */
export interface Target {
  readonly read: () => Atom;
  readonly write: (value: Atom, node: Node) => void;
  readonly kind: Kind;
}

/** What an expression gives. */
export const value = (cx: Lowering, node: Node): Atom => cx.expressions.value(cx, node);

/** What an expression gives, where only its truth matters. */
export const condition = (cx: Lowering, node: Node): Atom => cx.expressions.condition(cx, node);

/** Does what an expression does; nobody wants what it gives. */
export const discard = (cx: Lowering, node: Node): void => cx.expressions.discard(cx, node);

/** A list of arguments or elements. */
export const elementsOf = (cx: Lowering, nodes: readonly Node[]): Element[] =>
  cx.expressions.elementsOf(cx, nodes);

/** A list of statements. */
export const block = (cx: Lowering, body: readonly types.Statement[]): void =>
  cx.expressions.block(cx, body);

/** A value as something that is called gets it: a function with derivative code beside it. */
export const handedOn = (cx: Lowering, given: Atom, kind: Kind, node: Node): Atom =>
  cx.expressions.handedOn(cx, given, kind, node);

/** What is assigned to. */
export const target = (cx: Lowering, node: Node): Target => cx.expressions.target(cx, node);

/** A kind that lowered code can work with, or the reason why not. */
export function known(kind: Kind, node: Node): Kind {
  const why = whyUnknown(kind);
  if (why !== undefined) throw new Unlowered(node, why);
  if (kind.k === "bottom") throw new Unlowered(node, "nothing tells what this value is");
  return kind;
}

export const kindOf = (cx: Lowering, node: Node): Kind => known(cx.kinds.kindOf(node), node);

/** Binds an operation to a new name. */
export function bind(cx: Lowering, value: Op, kind: Kind, hint = "v", node?: Node): Name {
  const made = name(hint, kind);
  if (value.op === "object" || value.op === "array") made.contents = value;
  made.made = value.op === "object" || value.op === "array" || value.op === "instance";
  cx.out.push({ s: "let", name: made, value, node });
  return made;
}

/** A variable that is set later. */
export function cell(cx: Lowering, hint: string, kind: Kind, from: Atom, node?: Node): Name {
  const made = name(hint, kind, true);
  cx.out.push({ s: "let", name: made, value: { op: "copy", value: from }, node });
  return made;
}

export function set(cx: Lowering, variable: Name, value: Atom, node?: Node): void {
  learn(value, variable.kind);
  cx.out.push({ s: "set", name: variable, value: { op: "copy", value }, node });
}

export function perform(cx: Lowering, value: Op, node?: Node): void {
  cx.out.push({ s: "do", value, node });
}

/** The statements that `write` makes. */
export function statements(cx: Lowering, write: () => void): Stmt[] {
  const outer = cx.out;
  const made: Stmt[] = [];
  cx.out = made;
  try {
    write();
  } finally {
    cx.out = outer;
  }
  return made;
}

/** The present value of a variable. */
export function current(cx: Lowering, atom: Atom): Atom {
  if (!isName(atom) || !atom.mutable) return atom;
  const last = cx.out.at(-1);
  if (
    last?.s === "let" &&
    last.value.op === "copy" &&
    last.value.value === atom &&
    !last.name.mutable
  )
    return last.name;
  return bind(cx, { op: "copy", value: atom }, atom.kind);
}

/** An identifier of plain code that stands for a name of the form. */
export function identifier(cx: Lowering, of: Name): types.Identifier {
  const made: LoweredIdentifier = cx.context.t.identifier(
    /^[A-Za-z_$][\w$]*$/.test(of.hint) ? of.hint : "v",
  );
  made.lowered = of;
  return made;
}

export function atomCode(cx: Lowering, atom: Atom): Expression {
  const { t } = cx.context;
  if (isName(atom)) return identifier(cx, atom);
  return literalCode(t, atom.literal);
}

/** Code as the user wrote it, about the names of the form. */
export function plainCode(cx: Lowering, original: Node): Expression {
  if (cx.rounds.size > 0) checkRounds(cx, original);
  checkCalls(cx, original);
  return copy(cx, original, original) as Expression;
}

/**
 * What plain code calls runs as it is. Functions of other files that are handed active values must not keep them then, or
 * count: of those in callbacks that is asked when the program runs, and of those that a parameter stands for nobody asks.
 */
function checkCalls(cx: Lowering, original: Node): void {
  eachNode(original, (n) => {
    if (n.type !== "CallExpression") return;
    const isActive = n.arguments.some((a) => cx.kinds.kindOf(a).k !== "inert");
    if (n.arguments.some((a) => isOfOutside(cx, a)) || (isActive && isOfOutside(cx, n.callee)))
      throw new Unlowered(
        n,
        "a function that was not written here may be called with active values",
      );
  });
  walk(original, (f) => {
    if (!isFunction(f)) return;
    eachNode(f.body, (n) => {
      if (n.type !== "CallExpression" || cx.kinds.callee(n).type !== "imported") return;
      if (n.arguments.some((a) => cx.kinds.kindOf(a).k !== "inert")) lookAtCallee(cx, n);
    });
  });
}

/** Whether a name, or a field of what it stands for, is a function that has no tangent form in this one. */
function isOfOutside(cx: Lowering, e: Node): boolean {
  const root = rootOf(e);
  const binding = root.type === "Identifier" ? cx.context.bindings.get(root) : undefined;
  const atom = binding && cx.env.get(binding);
  if (!atom || !isName(atom) || atom.kind.k !== "inert") return false;
  return cx.kinds.kindOf(e).k === "fn" && !cx.functions.has(atom) && !cx.linkedParams?.has(atom);
}

function lookAtCallee(cx: Lowering, n: types.CallExpression): void {
  lookAtFunction(cx, copy(cx, n.callee, n.callee) as Expression, n);
}

/** That a function of outside changes nothing, which the dual form tells else. */
export function lookAtFunction(cx: Lowering, f: Expression, node: Node): void {
  if (cx.effects.changesOutside(cx.root))
    throw new Unlowered(
      node,
      "a function of another file is handed on, where something is changed",
    );
  const { t } = cx.context;
  const helper: LoweredIdentifier = t.identifier("harmless");
  helper.helper = "harmless";
  const found = t.arrowFunctionExpression([], f);
  const code = t.callExpression(helper, [found, cx.context.site(node)]);
  perform(cx, { ...plainOp(code, false), checks: true } as Op, node);
}

/** Functions that are called at once see the variables of the present round. */
export function checkRounds(cx: Lowering, node: Node): void {
  const calledAtOnce = new Set<Node>();
  walk(node, (n) => {
    if (n.type === "CallExpression" && n.callee.type === "MemberExpression") {
      const key = staticKey({ key: n.callee.property, computed: n.callee.computed });
      const method = arrayMethod(key ?? "");
      if (method.callsBack || method.compares)
        for (const a of n.arguments) calledAtOnce.add(unwrap(a));
    }
    if (!isFunction(n) || calledAtOnce.has(n)) return;
    walk(n.body, (inner) => {
      const binding = inner.type === "Identifier" && cx.context.bindings.get(inner);
      const atom = binding ? cx.env.get(binding) : undefined;
      if (atom && isName(atom) && cx.rounds.has(atom)) throw new Unlowered(inner, KEEPS_ROUND);
    });
  });
}

export const KEEPS_ROUND = "a function keeps a variable that each round of a loop has anew";

function copy(cx: Lowering, original: Node, whole: Node): Node {
  const { t } = cx.context;
  const node = unwrap(original);
  switch (node.type) {
    case "ThisExpression":
      if (cx.self === undefined)
        throw new Unlowered(node, "it uses a `this` that is no instance of a class here");
      return atomCode(cx, cx.self);
    case "Super":
    case "PrivateName":
      throw new Unlowered(node, "it uses super or private members");
    case "AwaitExpression":
    case "YieldExpression":
      throw new Unlowered(node, "it waits or yields");
    case "UnaryExpression": {
      const gone = node.operator === "delete" ? unwrap(node.argument) : undefined;
      // The tangent beside it would stay.
      if (gone?.type === "MemberExpression" && cx.kinds.kindOf(gone.object).k !== "inert")
        throw new Unlowered(node, "a field or element that is deleted");
      break;
    }
    case "Identifier": {
      const binding = cx.context.bindings.get(node);
      if (binding === undefined) {
        if (node.name === "arguments") throw new Unlowered(node, "it uses `arguments`");
        break;
      }
      const atom = cx.env.get(binding);
      if (atom !== undefined) return at(atomCode(cx, atom), node);
      if (isWithin(binding.identifier, cx.root) && !isWithin(binding.identifier, whole))
        throw new Unlowered(node, `'${node.name}' is a function that is handed on`);
      break;
    }
  }
  const made = at(bareCopy(node), node) as unknown as Record<string, unknown>;
  for (const key of t.VISITOR_KEYS[node.type] ?? []) {
    const child = made[key] as Node | (Node | null)[] | null | undefined;
    if (Array.isArray(child))
      made[key] = child
        .filter((c) => c === null || !isTypeOnly(c))
        .map((c) => (c ? copy(cx, c, whole) : null));
    else if (child && !(key === "property" && !made.computed) && !(key === "key" && !made.computed))
      made[key] = copy(cx, child, whole);
    else if (child) {
      // Code that stands outside the class does not see them.
      if (child.type === "PrivateName")
        throw new Unlowered(node, "it uses super or private members");
      made[key] = bareCopy(child);
    }
  }
  if (node.type === "ObjectProperty" && node.shorthand) {
    made.shorthand = false;
    // Written out it would say what the prototype is.
    made.computed = staticKey(node) === "__proto__";
    if (made.computed) made.key = cx.context.t.stringLiteral("__proto__");
  }
  return made as unknown as Node;
}

const isTypeOnly = (node: Node): boolean =>
  node.type === "TSTypeAliasDeclaration" ||
  node.type === "TSInterfaceDeclaration" ||
  node.type === "TSDeclareFunction" ||
  (node.type === "Identifier" && node.name === "this");

export const isWithin = (node: Node, whole: Node): boolean =>
  node.start != null &&
  whole.start != null &&
  whole.end != null &&
  node.start >= whole.start &&
  node.start < whole.end;

/** A copy stands where the original did, for stack traces and breakpoints. */
export function at<N extends Node>(made: N, original: Node): N {
  made.loc = original.loc;
  made.start = original.start;
  made.end = original.end;
  return made;
}

/** The names of the form that plain code reads. */
export function namesIn(code: Node): Name[] {
  const found = new Set<Name>();
  eachNode(code, (n) => {
    const { lowered } = n as LoweredIdentifier;
    if (lowered) found.add(lowered);
  });
  return [...found];
}

/** Calls `visit` for all nodes of plain code, those in functions of its own too. */
function eachNode(n: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(n)) for (const e of n) eachNode(e, visit);
  else if (n !== null && typeof n === "object" && "type" in n) {
    visit(n as Node);
    for (const [key, child] of Object.entries(n))
      if (typeof child === "object" && key !== "loc" && key !== "lowered" && key !== "extra")
        eachNode(child, visit);
  }
}

/** An inert operation made of code. */
export function plainOp(code: Expression, changes: boolean): Op {
  const sets = namesSetIn(code);
  return {
    op: "plain",
    code,
    reads: namesIn(code),
    changes: changes || sets.length > 0,
    ...(sets.length > 0 ? { sets } : {}),
  };
}

/** The names of the form that plain code sets, in functions of its own too. */
function namesSetIn(code: Node): Name[] {
  const found = new Set<Name>();
  eachNode(code, (n) => {
    const target = writtenBy(n);
    const { lowered } = (target && (unwrap(target) as LoweredIdentifier)) ?? {};
    if (lowered) found.add(lowered);
  });
  return [...found];
}

/** The value of an expression that has nothing to do with derivatives. */
export function inert(cx: Lowering, original: Node): Atom {
  const node = unwrap(original);
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
      return literal(node.value);
    case "NullLiteral":
      return literal(null);
    case "UnaryExpression":
      if (node.operator === "-" && node.argument.type === "NumericLiteral")
        return literal(-node.argument.value);
      break;
    case "Identifier": {
      const binding = cx.context.bindings.get(node);
      const atom = binding && cx.env.get(binding);
      if (atom !== undefined) {
        const now = current(cx, atom);
        // A test has told that it is nothing with a tangent.
        return isName(now) && now.kind.k !== "inert" && isOneOfSeveral(cx, node)
          ? bind(cx, { op: "copy", value: now }, INERT, "v", node)
          : now;
      }
      if (!binding && node.name === "undefined") return literal(undefined);
      break;
    }
  }
  checkPlain(cx, node);
  const op = plainOp(plainCode(cx, node), cx.effects.changesAnything(node));
  return bind(cx, op, INERT, "v", node);
}

/** Whether an expression is a variable that may be one of several things. */
export function isOneOfSeveral(cx: Lowering, node: Node): boolean {
  const binding = node.type === "Identifier" ? cx.context.bindings.get(node) : undefined;
  return binding !== undefined && cx.kinds.bindingKind(binding).k === "union";
}

// Plain code runs the functions as written; of some nobody knows what active values mean to them.
export function checkPlain(cx: Lowering, node: Node): void {
  walk(node, (n) => {
    if (n.type === "CallExpression" || n.type === "NewExpression") kindOf(cx, n);
    const target = writtenBy(n);
    const id = target && unwrap(target);
    if (id?.type !== "Identifier") return;
    const binding = cx.context.bindings.get(id);
    const atom = binding && cx.env.get(binding);
    // What is active has to be set by a statement of the form.
    if (atom !== undefined && !(isName(atom) && atom.mutable && atom.kind.k === "inert"))
      throw new Unlowered(n, "an assignment inside an expression");
  });
}

const withBigInts = new WeakMap<Node, boolean>();

/** Whether something inert may be a bigint. */
export function mayBeBigInt(cx: Lowering, of: Node): boolean {
  const node = unwrap(of);
  const declared = node.type === "Identifier" && cx.context.bindings.get(node)?.path.node;
  if (
    declared &&
    declared.type === "VariableDeclarator" &&
    declared.init?.type === "NumericLiteral"
  )
    return false;
  return hasBigInts(cx.context);
}

/** Whether there may be bigints in a file: those that speak of them have some. */
export function hasBigInts({ t, program }: ModuleContext): boolean {
  let found = withBigInts.get(program.node);
  if (found === undefined) {
    found = false;
    t.traverseFast(program.node, (n) => {
      if (n.type === "BigIntLiteral" || n.type === "TSBigIntKeyword") found = true;
      if (n.type === "Identifier" && n.name === "BigInt") found = true;
    });
    withBigInts.set(program.node, found);
  }
  return found;
}

/** Puts one of two values into a variable. */
export function choice(
  cx: Lowering,
  kind: Kind,
  test: () => Atom,
  yes: () => Atom,
  otherwise: () => Atom,
): Atom {
  const tested = test();
  const result = cell(cx, "v", kind, UNDEFINED);
  cx.out.push({
    s: "if",
    test: tested,
    yes: statements(cx, () => set(cx, result, yes())),
    otherwise: statements(cx, () => set(cx, result, otherwise())),
  });
  return current(cx, result);
}
