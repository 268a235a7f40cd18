import type { types } from "@babel/core";
import type { Kind } from "../analysis/kind.ts";
import { unwrap } from "../ast.ts";
import { constructorStores } from "../emit/tangent/syntax.ts";
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
