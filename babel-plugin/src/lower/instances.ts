import type { types } from "@babel/core";
import type { Kind } from "../analysis/kind.ts";
import { staticKey, unwrap } from "../ast.ts";
import { type Atom, isName, literal } from "./form.ts";
import { bind, elementsOf, type Lowering, plainCode, Unlowered, value } from "./lowering.ts";

type Node = types.Node;

/** `new C(...)` of what may hold active values. */
export function construct(cx: Lowering, node: types.NewExpression, kind: Kind): Atom {
  const callee = unwrap(node.callee) as types.Identifier;
  if (node.arguments.some((a) => a.type === "SpreadElement"))
    throw new Unlowered(node, "a spread argument");
  if (kind.k === "floats") {
    if (node.arguments.length > 1) throw new Unlowered(node, "a view of a buffer");
    const [from] = node.arguments;
    const source = from && value(cx, from);
    return bind(cx, { op: "floats", model: callee.name, from: source }, kind, "v", node);
  }
  if (kind.k === "array") return newArray(cx, node, node.arguments, kind);
  if (kind.k === "object" && kind.className) {
    const definition = cx.kinds.typeKinds.classes.get(kind.className) as types.Class;
    const stores = constructorStores(definition);
    if (stores === undefined || definition.superClass)
      throw new Unlowered(
        node,
        `the constructor of ${kind.className} does more than store its arguments`,
      );
    const args = node.arguments.map((a) => value(cx, a));
    const fields = new Map<string, Atom>();
    for (const [field, fieldKind] of kind.fields) {
      if (fieldKind.k === "inert") continue;
      const position = stores.get(field);
      const v = position === undefined ? undefined : args[position];
      if (v === undefined && fieldKind.k !== "num")
        throw new Unlowered(node, `the field ${field} of ${kind.className} is not given`);
      fields.set(field, v ?? literal(0));
    }
    return bind(
      cx,
      { op: "instance", callee: plainCode(cx, callee), args, fields },
      kind,
      "v",
      node,
    );
  }
  throw new Unlowered(node, `constructing ${callee.name} with active values`);
}

/** `Array(n)`. */
export function newArray(cx: Lowering, node: Node, args: readonly Node[], kind: Kind): Atom {
  const values = elementsOf(cx, args).map((e) => e.value);
  const isLength = values.length <= 1;
  if (!isLength && values.some((v) => isName(v) && v.kind.k !== "inert"))
    throw new Unlowered(node, "an array made of its elements by Array()");
  return bind(cx, { op: "sized", args: values }, kind, "v", node);
}

const isLiteral = (e: Node): boolean =>
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "BooleanLiteral" ||
  e.type === "NullLiteral";

/** Which argument each field is given, where the constructor does nothing but `this.field = argument`. */
function constructorStores(node: types.Class): Map<string, number> | undefined {
  const stores = new Map<string, number>();
  const definition = node.body.body.find(
    (m): m is types.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
  );
  for (const m of node.body.body) {
    if (
      m.type === "ClassProperty" &&
      !m.static &&
      m.value &&
      m.value.type !== "NumericLiteral" &&
      m.value.type !== "StringLiteral"
    )
      return undefined;
  }
  if (!definition) return stores;
  const positions = new Map<string, number>();
  for (const [i, p] of definition.params.entries()) {
    const given = p.type === "TSParameterProperty" ? p.parameter : p;
    const hasLiteral = given.type === "AssignmentPattern" && isLiteral(given.right);
    const id = hasLiteral ? given.left : given;
    if (id.type !== "Identifier") return undefined;
    positions.set(id.name, i);
    if (p.type === "TSParameterProperty") stores.set(id.name, i);
  }
  for (const s of definition.body.body) {
    const e = s.type === "ExpressionStatement" ? s.expression : undefined;
    if (
      e?.type !== "AssignmentExpression" ||
      e.operator !== "=" ||
      e.left.type !== "MemberExpression" ||
      e.left.object.type !== "ThisExpression"
    )
      return undefined;
    const field = staticKey({ key: e.left.property, computed: e.left.computed });
    const value = unwrap(e.right);
    const position = value.type === "Identifier" ? positions.get(value.name) : undefined;
    if (field === undefined || position === undefined) return undefined;
    stores.set(field, position);
  }
  return stores;
}
