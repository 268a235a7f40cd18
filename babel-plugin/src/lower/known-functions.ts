import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { type Kind, signatureOf } from "../analysis/kind.ts";
import type { Binding, FunctionNode } from "../ast.ts";
import { callMarked, inPlace, restorePoint, TooLarge } from "./calls.ts";
import { type Atom, isName, name, UNDEFINED } from "./form.ts";
import {
  bind,
  isWithin,
  type KnownFunction,
  type Lowering,
  statements,
  Unlowered,
} from "./lowering.ts";

type Node = types.Node;

/** Remembers that a value is a function that is written inside the one that is lowered. */
export function learnWritten(cx: Lowering, made: Atom, f: FunctionNode): void {
  if (!isName(made)) return;
  const sees = new Map<Binding, Atom | undefined>();
  for (const binding of outsideOf(cx, f)) sees.set(binding, cx.env.get(binding));
  cx.functions.set(made, { type: "written", f, self: cx.self, sees });
}

/** Remembers that a value is a function of the file or of `Math`, if an expression is the name of one. */
export function learnNamed(cx: Lowering, made: Atom, node: Node): void {
  if (!isName(made) || cx.functions.has(made)) return;
  if (node.type !== "Identifier" && node.type !== "MemberExpression") return;
  const name = cx.kinds.mathName(node);
  if (name !== undefined) {
    cx.functions.set(made, { type: "math", name });
    return;
  }
  const f = node.type === "Identifier" ? cx.kinds.functionNamed(node) : undefined;
  if (f && cx.kinds.marks.functions.has(f)) cx.functions.set(made, { type: "marked", f });
}

/**
 * The call of a value that is known to be one function, written as a call of that; undefined where it has
 * to be called as a value.
 */
export function callKnown(
  cx: Lowering,
  node: Node,
  called: Atom,
  args: readonly Atom[],
  kind: Kind,
): Atom | undefined {
  const known = isName(called) ? cx.functions.get(called) : undefined;
  if (known === undefined) return undefined;
  const back = restorePoint(cx);
  try {
    const result = call(cx, node, known, args, kind);
    const isUsed = cx.context.callPaths.get(node)?.parent.type !== "ExpressionStatement";
    // `(x) => (sum += x)`, where nothing is expected.
    const given = result && !isUsed ? UNDEFINED : asDeclared(cx, result, kind, node);
    if (given !== undefined) return given;
  } catch (e) {
    // Where functions inside are called as values there is more room.
    if (!(e instanceof Unlowered) || (e instanceof TooLarge && !cx.asValues)) throw e;
  }
  back();
  return undefined;
}

/** A function with a name as a value: its derivative code calls what is known of it. */
export function handedOnTo(cx: Lowering, given: Atom, kind: Kind, node: Node): Atom {
  const known = isName(given) ? cx.functions.get(given) : undefined;
  if (known === undefined || known.type === "written" || kind.k !== "fn") return given;
  if (cx.linkedParams) return given;
  const made = name("f", kind);
  const params = kind.params.map((of) => name("p", of));
  const body = statements(cx, () => {
    const result = asDeclared(cx, call(cx, node, known, params, kind.returns), kind.returns, node);
    if (result === undefined)
      throw new Unlowered(node, "a function that gives something else than its type says");
    cx.out.push({ s: "return", value: result, node });
  });
  cx.out.push({ s: "closure", name: made, params, body, returns: kind.returns, node, of: given });
  cx.functions.set(made, known);
  return made;
}

function call(
  cx: Lowering,
  node: Node,
  known: KnownFunction,
  args: readonly Atom[],
  kind: Kind,
): Atom | undefined {
  if (known.type === "math") return mathCall(cx, node, known.name, args, kind);
  const { f } = known;
  const own = args.slice(0, f.params.length);
  if (known.type === "marked") return callMarked(cx, node, f, own, cx.kinds.returnKind(f));
  const size = cx.calls.sizeOf(f);
  if (cx.open.has(f) || size > cx.room) return undefined;
  for (const [binding, atom] of known.sees) if (cx.env.get(binding) !== atom) return undefined;
  cx.room -= size;
  return inPlace(cx, node, f, known.self, own, cx.kinds.returnKind(f));
}

/** Those that take any number of arguments; the others do not look at more than they have. */
const takesAll = new Set(["max", "min", "hypot"]);

function mathCall(
  cx: Lowering,
  node: Node,
  name: string,
  args: readonly Atom[],
  kind: Kind,
): Atom | undefined {
  const rule = rules[name];
  const count = rule === undefined || takesAll.has(name) ? args.length : rule.primal.length;
  if (rule === undefined || rule.kind === "constant" || args.length < count) return undefined;
  const elements = args.slice(0, count).map((value) => ({ value, spread: false }));
  return bind(cx, { op: "math", name, args: elements, callee: undefined }, kind, "v", node);
}

/** What a function gives, as the type by which it was called says it. */
function asDeclared(
  cx: Lowering,
  given: Atom | undefined,
  kind: Kind,
  node: Node,
): Atom | undefined {
  if (given === undefined || !isName(given)) return given;
  if (signatureOf(given.kind) === signatureOf(kind)) return given;
  // A constant, where a number may be active.
  return given.kind.k === "inert" && kind.k === "num"
    ? bind(cx, { op: "copy", value: given }, kind, "v", node)
    : undefined;
}

/** The variables of outside that a function uses. */
function outsideOf(cx: Lowering, f: FunctionNode): Set<Binding> {
  const found = new Set<Binding>();
  cx.context.t.traverseFast(f, (n) => {
    const binding = n.type === "Identifier" ? cx.context.bindings.get(n) : undefined;
    if (binding && !isWithin(binding.identifier, f)) found.add(binding);
  });
  return found;
}
