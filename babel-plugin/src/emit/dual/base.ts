import type { types } from "@babel/core";
import { Activity } from "../../analysis/activity.ts";
import { decisions } from "../../analysis/decisions.ts";
import { halvingsOf } from "../../analysis/halvings.ts";
import {
  type Asked,
  type MemoQuestion,
  type Memos,
  memosOf,
  splitAccesses,
} from "../../analysis/memos.ts";
import { knowsItself } from "../../analysis/own-name.ts";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../../ast.ts";
import { textMethods } from "../../language/globals.ts";
import type { ModuleContext } from "../../module-context.ts";
import type { Formula } from "../fused.ts";

type Expression = types.Expression;
type Node = types.Node;

/** How a call of a name that is known when compiling is written in the dual form. */
export interface Companions {
  /** The name of the dual form of a function of this module, if an identifier certainly means it. */
  dualName(id: Node): string | undefined;
  /** The name of the dual form of a private method. */
  privateDualName(method: Node): string | undefined;
  /** Whether the kinds say that an expression is a number. */
  isNumber(node: Node): boolean;
  /** The name of the function that computes a whole formula of so many operands. */
  fusedName(formula: Formula, operands: number): string;
  /** Whether an identifier certainly means a class of this module that knows both forms. */
  isMarkedClass(id: Node): boolean;
  /** Whether something in this module has a method or field of that name. */
  definesMember(name: string): boolean;
  /**
   * Whether variables around a function may hold what is active while a derivative lasts: that of a file that is marked
   * as a whole, as packages are. Where a function says itself that it is marked, that is an error.
   */
  mayLeaveOutside(f: Node): boolean;
  /** What tells which objects a function knows that is handed straight to a transform. */
  known(f: Node): Expression | undefined;
}

/** What surrounds the expression being written: where its temporaries are declared. */
interface Frame {
  /** Undefined where nothing can be declared: default values, class fields. */
  readonly temporaries: string[] | undefined;
}

/** What all parts of the emitter share: the file, what is known of its values, and temporaries. */
export abstract class DualBase {
  protected readonly t;
  protected readonly activity: Activity;
  /** Whether the function that is being written is an async one. */
  protected isAsync = false;
  /** Whether the code that is being written is not strict. */
  protected isSloppy = false;
  /** Whether the function that is being written is one to be called with `new`. */
  protected constructs: "class" | "function" | undefined;
  #frame: Frame = { temporaries: undefined };
  #decisions: ReadonlySet<Node> | undefined;
  #halvings: ReadonlySet<Node> | undefined;
  #memos: Memos | undefined;
  /** How many helpers were used: none means that the code is the same in both forms. */
  helpersUsed = 0;

  constructor(
    protected readonly context: ModuleContext,
    protected readonly root: Node,
    protected readonly companions: Companions,
  ) {
    this.t = context.t;
    this.activity = new Activity(context, root, companions.mayLeaveOutside(root));
  }

  protected abstract classInside<C extends types.Class>(node: C): C;
  protected abstract callOfChain(node: types.CallExpression, callee: Node): Expression;
  protected abstract deleteLink(
    node: types.UnaryExpression,
    target: types.OptionalMemberExpression,
  ): Expression;
  abstract expression(expression: Node): Expression;
  abstract functionExpression(
    node: FunctionNode,
  ): types.FunctionExpression | types.ArrowFunctionExpression;
  abstract functionParts(node: FunctionNode): {
    params: FunctionNode["params"];
    body: types.BlockStatement;
  };
  protected abstract plainMember(
    node: types.MemberExpression | types.OptionalMemberExpression,
  ): types.MemberExpression;

  protected inNewFrame(write: () => types.BlockStatement): types.BlockStatement {
    const outer = this.#frame;
    const temporaries: string[] = [];
    this.#frame = { temporaries };
    const block = write();
    this.#frame = outer;
    if (temporaries.length > 0) block.body.unshift(this.declare(temporaries));
    return block;
  }

  protected declare(names: string[]): types.VariableDeclaration {
    const t = this.t;
    return t.variableDeclaration(
      "let",
      names.map((n) => t.variableDeclarator(t.identifier(n))),
    );
  }

  /** Writes an expression where nothing can be declared; what needs temporaries goes into an arrow function. */
  protected withoutTemporaries<N extends Node>(write: () => N): N {
    const outer = this.#frame;
    this.#frame = { temporaries: undefined };
    const node = write();
    this.#frame = outer;
    return node;
  }

  /** A field's value or another expression outside any function body. */
  loneExpression(node: Node): Expression {
    return this.withoutTemporaries(() => this.expression(node));
  }

  /** Writes with temporaries, inside an arrow function of its own where there is no place to declare them. */
  protected withTemporary(write: (temporary: () => types.Identifier) => Expression): Expression {
    const t = this.t;
    const { temporaries } = this.#frame;
    if (temporaries) return write(() => this.temporary(temporaries));
    const own: string[] = [];
    this.#frame = { temporaries: own };
    const value = write(() => this.temporary(own));
    this.#frame = { temporaries: undefined };
    if (own.length === 0) return value;
    return t.callExpression(
      t.arrowFunctionExpression(
        [],
        t.blockStatement([this.declare(own), t.returnStatement(value)]),
      ),
      [],
    );
  }

  protected temporary(list: string[]): types.Identifier {
    const name = this.context.uid("t");
    list.push(name);
    return this.t.identifier(name);
  }

  /** What a pattern takes apart: the rest of an object sees the elements of a typed array as keys. */
  protected takenApart(
    pattern: Node,
    value: Node,
    written: Expression = this.expression(value),
  ): Expression {
    if (pattern.type === "ArrayPattern") return this.iterated(value, false, written);
    if (pattern.type !== "ObjectPattern") return written;
    if (pattern.properties.some((p) => p.type === "RestElement"))
      return this.help("own", value, [written]);
    const asksFields = pattern.properties.some(
      (p) => p.type === "ObjectProperty" && fields.has(staticKey(p as never) ?? ""),
    );
    return asksFields && !this.activity.isInactive(value)
      ? this.help("plain", value, [written])
      : written;
  }

  /** What is gone through: an iterator may say by an active number whether it is done. */
  protected iterated(
    node: Node,
    isAwaited = false,
    value: Expression = this.expression(node),
  ): Expression {
    if (this.activity.isList(node)) return value;
    return this.help(isAwaited ? "iteratedLater" : "iterated", node, [value]);
  }

  /** A call of the runtime. */
  protected help(
    name: string,
    node: Node,
    args: (Expression | types.SpreadElement)[],
  ): types.CallExpression {
    this.helpersUsed++;
    return at(this.t.callExpression(at(this.context.helper(name), node), args), node);
  }

  /** The value that comparisons, indices and branches see. */
  protected seen(node: Node): Expression {
    const value = this.expression(node);
    return this.activity.isInactive(node) ? value : this.help("plain", node, [value]);
  }

  /**
   * A value in a place that gives its name to a function without one. Handed to the runtime it would
   * not get it, so it gets it as the property of an object.
   */
  protected named(value: Node, name: string | undefined): Expression {
    const t = this.t;
    const node = unwrap(value);
    const isAnonymous =
      node.type === "ArrowFunctionExpression" || (node.type === "FunctionExpression" && !node.id);
    if (!isAnonymous || name === undefined || name === "__proto__") return this.expression(value);
    const key = t.stringLiteral(name);
    const f = t.objectProperty(key, this.functionExpression(node));
    const made = t.memberExpression(t.objectExpression([f]), t.cloneNode(key), true);
    return this.marked(node, made, name);
  }

  /** A function that is handed on, under the key that it is put under, if that is known. */
  protected marked(node: Node, made: Expression, key: string | undefined): Expression {
    return this.help(key && conversions.has(key) ? "conversion" : "dualForm", node, [made]);
  }

  protected sequence(before: Expression[], last: Expression, node: Node): Expression {
    return before.length === 0 ? last : at(this.t.sequenceExpression([...before, last]), node);
  }

  protected unsupported(node: Node): never[] {
    this.context.diagnostics.report(
      "DUAL009",
      node,
      `dualize does not know how to differentiate this syntax (${node.type}).`,
    );
    return [];
  }

  /** Whether a name always means one function written inside the marked function. */
  isLocalFunction(id: Node): boolean {
    const binding = this.context.bindings.get(id);
    if (this.isSelf(id)) return true;
    if (!binding?.constant || !this.activity.isInside(binding)) return false;
    const { node } = binding.path;
    if (node.type === "FunctionDeclaration") return true;
    if (node.type === "FunctionExpression") return node.id === binding.identifier;
    return (
      node.type === "VariableDeclarator" &&
      node.id === binding.identifier &&
      node.init != null &&
      isFunction(unwrap(node.init))
    );
  }

  // The name of a function expression is the name of its dual form too, inside it, where that is only called.
  protected isSelf(id: Node): boolean {
    const node = this.context.bindings.get(id)?.path.node;
    return (
      node === this.root && node.type === "FunctionExpression" && !knowsItself(this.context, node)
    );
  }

  protected isHandedOn(id: types.Identifier): boolean {
    const binding = this.context.bindings.get(id);
    // In sloppy code a function of a block is there outside it too, which is not followed.
    const isSloppy = this.context.program.node.sourceType === "script";
    return (
      binding === undefined ||
      isSloppy ||
      // One that is declared in a loop, or several times, is not followed by its name.
      !binding.constant ||
      binding.referencePaths.some(
        (p) => !(p.key === "callee" && p.parent.type === "CallExpression"),
      )
    );
  }

  /** Text that is read back as a number tells of no tangent. */
  protected noteText(node: Node, text: Node | undefined): void {
    if (!text || !this.textOf(text).some((o) => this.activity.isActiveNumber(o))) return;
    this.context.diagnostics.report(
      "DUAL010",
      node,
      "a number is read from text that was made of an active value: text has no derivative, so it is 0 here. " +
        "Keep the number itself beside its text, and compute with that.",
    );
  }

  /** What a piece of text is made of, by the names of constants too. */
  protected textOf(node: Node, isKey = false): Node[] {
    const bare = unwrap(node);
    switch (bare.type) {
      case "Identifier": {
        const binding = this.context.bindings.get(bare);
        const { init } = (binding?.constant ? binding.path.node : {}) as { init?: Node | null };
        return init && unwrap(init).type !== "Identifier" ? this.textOf(init, isKey) : [];
      }
      case "TemplateLiteral":
        return bare.expressions as Node[];
      case "BinaryExpression": {
        const parts = [bare.left, bare.right];
        return isTextSum(bare) ? parts : [];
      }
      case "CallExpression": {
        const callee = unwrap(bare.callee);
        if (callee.type === "MemberExpression") {
          const name = staticKey({ key: callee.property, computed: callee.computed }) ?? "";
          if (isKey && name === "stringify") return bare.arguments.slice(0, 1) as Node[];
          return textMethods.has(name) || (isKey && name === "join") ? [callee.object] : [];
        }
        return this.context.isGlobal(callee, "String") ? (bare.arguments as Node[]) : [];
      }
      default:
        return [];
    }
  }

  /** Whether text may be made of active numbers, and of parts that can be told of when all of them are there. */
  protected isToldOf({ expressions }: types.TemplateLiteral): boolean {
    return (
      expressions.some((e) => this.tells(e)) &&
      (expressions.length === 1 || expressions.every((e) => isQuiet(this.t, e)))
    );
  }

  /** Whether a value may be an active number, or text that is made of one. */
  protected tells(node: Node): boolean {
    return !this.activity.isPrimitive(node) || this.textOf(node, true).some((p) => this.tells(p));
  }

  protected template(node: types.TemplateLiteral): types.TemplateLiteral {
    const { t } = this;
    return at(
      t.templateLiteral(
        node.quasis.map((q) => t.cloneNode(q)),
        node.expressions.map((e) => this.expression(e)),
      ),
      node,
    );
  }

  /** A template that tells the memos of the program what it is made of. */
  protected toldText(node: types.TemplateLiteral): Expression {
    this.helpersUsed++;
    const tag = at(this.context.helper("text"), node);
    return at(this.t.taggedTemplateExpression(tag, this.template(node)), node);
  }

  /** A note on bit operators, but not on masks, hashes and flags. */
  protected noteBits(node: Node, operator: string, ...operands: Node[]): void {
    this.#decisions ??= decisions(this.t, this.root);
    if (!this.#decisions.has(node)) this.noteInteger(node, `'${operator}'`, ...operands);
  }

  /** A note on tests that alone decide where a root is. */
  protected noteHalving(node: types.IfStatement | types.ConditionalExpression): void {
    this.#halvings ??= halvingsOf(this.t, this.root);
    if (!this.#halvings.has(node) || !this.comparesActive(node.test)) return;
    this.context.diagnostics.report(
      "DUAL012",
      node.test,
      "an interval is halved by this test alone: what it compares decides the result, but passes on no derivative. " +
        'Make the solver exact with customRoot(residual, solve) of "dualize/root".',
    );
  }

  /** Whether a test compares what may be active. */
  protected comparesActive(test: Node): boolean {
    let found = false;
    this.t.traverseFast(test, (n) => {
      if (n.type === "BinaryExpression")
        found ||= [n.left, n.right].some((side) => !this.activity.isPrimitive(side));
    });
    return found;
  }

  get #known(): Memos {
    this.#memos ??= memosOf(this.context, this.activity, this.root);
    return this.#memos;
  }

  /** What an expression asks of an outer variable, where it is part of the test of a memo. */
  protected memoQuestion(node: Node): MemoQuestion | undefined {
    return this.#known.questions.get(node);
  }

  /** Whether something asks or fills what is a memo by its keys. */
  protected isMemoAccess(node: Node): boolean {
    return this.#known.accesses.has(node) || splitAccesses(this.context).has(node);
  }

  /** Whether an assignment fills a memo that asks whose it is: what it leaves answers for the same tangents only. */
  protected isMemoFill(node: Node): boolean {
    return this.#known.fills.has(node);
  }

  /** What a runtime function of memos is told of a key: what it is the text of. Undefined where it is no memo that is asked. */
  protected memoKey(node: Node, key: Node): Expression[] | undefined {
    const sources = this.isMemoAccess(node) ? this.keySources(key) : undefined;
    if (sources === undefined) return undefined;
    const isText = sources[0] !== key;
    return isText ? [this.t.arrayExpression(sources.map((s) => this.expression(s)))] : [];
  }

  /**
   * What the key of a memo says: itself, or what it is the text of. Undefined where it is text that says less,
   * of which there is a note.
   */
  protected keySources(key: Node): Node[] | undefined {
    const parts = this.#partsOfKey(key);
    if (parts === undefined) return [key];
    if (parts.every((p) => isPath(unwrap(p)))) return parts;
    if (parts.every((p) => this.activity.isPrimitive(p) && !isRounding(unwrap(p)))) return [key];
    this.context.diagnostics.report(
      "DUAL011",
      key,
      "what was kept for an earlier call is asked for by text that was made of an active value: " +
        "what is found is a constant, and its derivative is 0. Use the number itself as the key.",
    );
    return undefined;
  }

  /** What text is made of as a key, of text inside it too; undefined where it is no text. Rounded text says less, and stays. */
  #partsOfKey(key: Node): Node[] | undefined {
    const bare = textIn(this.context, key);
    const parts = this.textOf(bare, true);
    if (parts.length === 0) return undefined;
    if (isRounding(bare)) return parts.every((p) => this.activity.isPrimitive(p)) ? [] : [bare];
    return parts.flatMap((p) => this.#partsOfKey(p) ?? partsOf(unwrap(p)));
  }

  /** A note on what keeps something of an earlier call, and does not ask of which. */
  protected noteMemo(node: Node): void {
    const memo = this.#known.tests.get(node);
    if (memo?.isOfArguments && !memo.isKeyed)
      this.context.diagnostics.report(
        "DUAL011",
        node,
        `'${memo.name}' keeps what was made of an earlier call's arguments, and the test does not compare them: ` +
          "what is read from it is a constant, and its derivative is 0. Keep the arguments beside it and compare them, or make it outside the marked function.",
      );
  }

  /** A note on a map that is asked by an active number here, and filled by another function. */
  protected noteFilledElsewhere(node: Node, { of, key }: Asked): void {
    const holder = unwrap(of);
    const binding = holder.type === "Identifier" ? this.context.bindings.get(holder) : undefined;
    if (!binding || !this.activity.isActiveNumber(key) || !isFilledByFunctions(binding)) return;
    this.context.diagnostics.report(
      "DUAL011",
      node,
      `'${binding.identifier.name}' is filled by another function: what an earlier call kept there is a constant, and its derivative is 0. ` +
        "Ask and fill it in one function, then a derivative keeps its own.",
    );
  }

  protected noteInteger(node: Node, what: string, ...operands: Node[]): void {
    if (!operands.some((o) => this.activity.isActiveNumber(o))) return;
    this.context.diagnostics.report(
      "DUAL007",
      node,
      `${what} of an active value is constant between its jumps: its derivative is 0 here.`,
    );
  }
}

/** Whether some function puts something into a map by a key that it is told. */
const isFilledByFunctions = (binding: Binding): boolean =>
  binding.referencePaths.some(({ parent, parentPath }) => {
    const call = parentPath?.parent;
    return (
      parent.type === "MemberExpression" &&
      parent.property.type === "Identifier" &&
      parent.property.name === "set" &&
      call?.type === "CallExpression" &&
      call.callee === parent &&
      call.arguments.every((a) => !a.type.endsWith("Literal")) &&
      parentPath?.getFunctionParent() != null
    );
  });

/** What a dual number is made of, or has from its class. */
export const fields: ReadonlySet<string> = new Set([
  "primal",
  "tangent",
  "tag",
  "constructor",
  "__proto__",
]);

/** What the language calls to make a number or text of an object. */
const conversions: ReadonlySet<string> = new Set(["valueOf", "toString", "Symbol.toPrimitive"]);

/** Whether evaluating an argument changes nothing that the callee could be reached by. */
export function isQuiet(t: ModuleContext["t"], node: Node): boolean {
  if (isFunction(node)) return true;
  switch (node.type) {
    case "AssignmentExpression":
    case "UpdateExpression":
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
    case "TaggedTemplateExpression":
    case "AwaitExpression":
    case "YieldExpression":
    case "ClassExpression":
    case "ImportExpression":
      return false;
    case "UnaryExpression":
      return node.operator !== "delete" && isQuiet(t, node.argument);
    default:
      return (t.VISITOR_KEYS[node.type] ?? []).every((key) => {
        const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
        return [child].flat().every((c) => !c || isQuiet(t, c));
      });
  }
}

/** Gives a made node the place of the node it stands for. */
export function at<N extends Node>(node: N, original: Node): N {
  node.loc = original.loc;
  node.start = original.start;
  node.end = original.end;
  return node;
}

const isTextLiteral = (node: Node): boolean =>
  node.type === "StringLiteral" || node.type === "TemplateLiteral";

/** `x.toFixed(3)` */
const isRounding = (node: Node): boolean =>
  node.type === "CallExpression" &&
  node.callee.type === "MemberExpression" &&
  node.callee.property.type === "Identifier" &&
  /^to[FPEL]/.test(node.callee.property.name);

/** `a + "," + b` */
const isTextSum = (node: Node): boolean =>
  node.type === "BinaryExpression" &&
  node.operator === "+" &&
  [node.left, node.right].some((p) => isTextLiteral(unwrap(p)) || isTextSum(unwrap(p)));

/** `a.b.c`: read again, it means the same. */
export const isPath = (node: Node): boolean =>
  node.type === "Identifier" ||
  node.type === "ThisExpression" ||
  node.type.endsWith("Literal") ||
  (node.type === "MemberExpression" && !node.computed && isPath(unwrap(node.object)));

/** What a literal list or object is written of, so that each can be read again. */
function partsOf(node: Node): Node[] {
  if (node.type === "ArrayExpression" && node.elements.every((e) => e && isPath(unwrap(e))))
    return node.elements as Node[];
  if (
    node.type === "ObjectExpression" &&
    node.properties.every(
      (p) => p.type === "ObjectProperty" && !p.computed && isPath(unwrap(p.value)),
    )
  )
    return node.properties.map((p) => (p as types.ObjectProperty).value);
  return [node];
}

/** What a constant stands for. */
function textIn(context: ModuleContext, node: Node): Node {
  const bare = unwrap(node);
  const binding = bare.type === "Identifier" ? context.bindings.get(bare) : undefined;
  const { init } = (binding?.constant ? binding.path.node : {}) as { init?: Node | null };
  return init ? unwrap(init) : bare;
}
