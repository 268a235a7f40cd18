import type { types } from "@babel/core";
import { membersOf } from "../analysis/class-members.ts";
import {
  alwaysStored,
  constructorOf,
  constructorStores,
  fieldOf,
  literalsBefore,
} from "../analysis/constructors.ts";
import { walk } from "../analysis/effects.ts";
import { INERT, type Kind, type ObjectKind } from "../analysis/kind.ts";
import { mayBeUndefined } from "../analysis/may-be-undefined.ts";
import { staticKey, unwrap } from "../ast.ts";
import { inPlace } from "./calls.ts";
import {
  type Atom,
  type Held,
  isName,
  type Literal,
  literal,
  type Name,
  UNDEFINED,
} from "./form.ts";
import { bind, elementsOf, known, type Lowering, plainCode, Unlowered, value } from "./lowering.ts";
import { orElse } from "./patterns.ts";

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
    if (definition.superClass || stores === undefined)
      return constructed(cx, node, lineOf(cx, node, kind), kind);
    const args = node.arguments.map((a) => value(cx, a));
    const fields = new Map<string, Atom>();
    for (const [field, fieldKind] of kind.fields) {
      if (fieldKind.k === "inert") continue;
      const position = stores.get(field);
      const v = position === undefined ? undefined : args[position];
      if (v === undefined && fieldKind.k !== "num")
        throw new Unlowered(node, `the field ${field} of ${kind.className} is not given`);
      fields.set(
        field,
        v === undefined
          ? literal(0)
          : stored(cx, node, definition, v, position as number, fieldKind),
      );
    }
    return bind(
      cx,
      {
        op: "instance",
        callee: plainCode(cx, callee),
        args,
        fields,
        holds: held(definition, stores),
      },
      kind,
      "v",
      node,
    );
  }
  throw new Unlowered(node, `constructing ${callee.name} with active values`);
}

/** The argument that a field holds: where it may be missing, what its parameter is without it. */
function stored(
  cx: Lowering,
  node: types.NewExpression,
  definition: types.Class,
  v: Atom,
  position: number,
  kind: Kind,
): Atom {
  const pattern = defaultAt(definition, position);
  const given = node.arguments[position] as Node;
  if (pattern === undefined || !isName(v) || v.kind.k === "inert") return v;
  if (!mayBeUndefined(cx.context, given)) return v;
  return orElse(cx, pattern, v, kind)[0];
}

function defaultAt(definition: types.Class, position: number): types.AssignmentPattern | undefined {
  const p = constructorOf(definition)?.params[position];
  const pattern = p?.type === "TSParameterProperty" ? p.parameter : p;
  return pattern?.type === "AssignmentPattern" ? pattern : undefined;
}

/** What fields hold when a constructor that only stores has run. */
function held(node: types.Class, stores: ReadonlyMap<string, number>): Map<string, Held> {
  const { fields, params } = literalsBefore(node);
  const found = new Map<string, Held>();
  for (const [key, value] of fields) found.set(key, { otherwise: literalOf(value) });
  for (const [key, at] of stores) {
    const otherwise = params.get(at);
    found.set(key, { at, otherwise: otherwise && literalOf(otherwise) });
  }
  // A setter of that name is called, and nothing stored.
  for (const m of node.body.body) {
    const key = "key" in m ? staticKey(m as never) : undefined;
    if (key !== undefined && m.type !== "ClassProperty") found.delete(key);
  }
  return isDecorated(node) || node.body.body.some(isDecorated) ? new Map() : found;
}

function literalOf(e: Node): Literal {
  if (e.type === "NullLiteral") return literal(null);
  return literal((e as types.NumericLiteral | types.StringLiteral | types.BooleanLiteral).value);
}

/** A class and those that it extends, all of the file, whose constructors can be written where an instance is made. */
function lineOf(cx: Lowering, node: Node, { className }: ObjectKind): types.Class[] {
  const line = cx.kinds.typeKinds.ancestry(className as string);
  const fail = (why: string): never => {
    throw new Unlowered(node, `the constructor of ${className} ${why}`);
  };
  const below = new Set<string>();
  line.forEach((c, i) => {
    const parent = c.superClass && unwrap(c.superClass);
    const known = parent && cx.context.bindings.get(parent)?.path.node;
    if (parent && (known === undefined || known !== line[i + 1]))
      fail("extends a class that is not written in the file");
    const own = constructorOf(c);
    const problem = beyondPlace(c, own);
    if (problem !== undefined) fail(problem);
    // What a constructor calls of `this` is what the classes below have of that name.
    for (const key of usedOfThis(c, own))
      if (below.has(key)) fail("uses what another class overrides");
    const declared = c.body.body.filter(isField).map((m) => staticKey(m as never) as string);
    const above = line.slice(i + 1).flatMap((p) => [...membersOf(p).keys, ...storedBy(p)]);
    if (declared.some((key) => above.includes(key))) fail("declares a field once more");
    for (const key of membersOf(c).keys) below.add(key);
  });
  return line;
}

/** The names that a constructor and what fields begin with mention as members. */
function usedOfThis(c: types.Class, own: types.ClassMethod | undefined): Set<string> {
  const found = new Set<string>();
  const visit = (n: Node) => {
    const key =
      n.type === "MemberExpression"
        ? staticKey({ key: n.property, computed: n.computed })
        : undefined;
    if (key !== undefined) found.add(key);
  };
  for (const m of c.body.body) if (isField(m) && m.value) walk(m.value, visit);
  if (own) walk(own.body, visit);
  return found;
}

const storedBy = (c: types.Class): string[] => {
  const own = constructorOf(c);
  return own ? [...alwaysStored(own)] : [];
};

/** An instance whose constructor computes: it is made without it, and the constructor is written in place. */
function constructed(
  cx: Lowering,
  node: types.NewExpression,
  line: readonly types.Class[],
  kind: ObjectKind,
): Atom {
  const args = node.arguments.map((a) => value(cx, a));
  for (const own of line.map(constructorOf)) {
    const size = own ? cx.calls.sizeOf(own) : 0;
    if (own && (cx.open.has(own) || !cx.names.meanTheSame(own)))
      throw new Unlowered(node, `the constructor of ${kind.className} makes what makes it again`);
    if (size > cx.room)
      throw new Unlowered(node, `the constructor of ${kind.className} is too large`);
    cx.room -= size;
  }
  const numbers = [...kind.fields].flatMap(([key, of]) =>
    of.k === "num" ? [[key, literal(0)] as const] : [],
  );
  const before = line.map((c) => fieldsBefore(c, constructorOf(c)));
  if (line.length > 1 && before.some((keys) => keys.length > 0))
    throw new Unlowered(node, `the constructor of ${kind.className} makes fields in another order`);
  const made = bind(
    cx,
    {
      op: "instance",
      callee: plainCode(cx, unwrap(node.callee)),
      args: [],
      fields: new Map(numbers),
      blank: before.flat(),
    },
    kind,
    "made",
    node,
  );
  begin(cx, node, made, kind, line, args);
  return made;
}

/** What the constructors of a class and of those that it extends do with an instance. */
function begin(
  cx: Lowering,
  node: types.NewExpression,
  made: Name,
  kind: ObjectKind,
  [definition, ...above]: readonly types.Class[],
  args: readonly Atom[],
): void {
  if (definition === undefined) return;
  const store = (key: string, v: Atom, of: Node): void => {
    const fieldKind = known(kind.fields.get(key) ?? INERT, of);
    if (fieldKind.k === "inert" && isName(v) && v.kind.k !== "inert")
      throw new Unlowered(of, "an active value is written into an object that is not active");
    cx.out.push({ s: "write", place: { at: "field", object: made, key }, value: v, node: of });
  };
  const fields = (): void => {
    const outer = cx.self;
    cx.self = made;
    for (const m of definition.body.body)
      if (m.type === "ClassProperty" && !m.static && m.value)
        store(staticKey(m as never) as string, value(cx, m.value), m);
    cx.self = outer;
  };
  const own = constructorOf(definition);
  if (above.length === 0) fields();
  // One that is not written hands on what it is given.
  else if (own === undefined) {
    begin(cx, node, made, kind, above, args);
    fields();
  }
  if (own === undefined) return;
  const first = above.length > 0 ? superCall(own) : undefined;
  const missing = own.params.length - args.length;
  const given = [...args, ...Array.from({ length: Math.max(0, missing) }, () => UNDEFINED)];
  inPlace(cx, node, own, made, given, INERT, () => {
    if (first) {
      cx.needless.add(first.statement);
      const handed = first.call.arguments.map((a) => value(cx, a));
      begin(cx, node, made, kind, above, handed);
      fields();
    }
    for (const p of own.params)
      if (p.type === "TSParameterProperty") store(fieldOf(p).name, value(cx, fieldOf(p)), p);
  });
}

/** `super(…)`, where a constructor begins with it. */
function superCall(
  own: types.ClassMethod,
): { statement: types.Statement; call: types.CallExpression } | undefined {
  const [statement] = own.body.body;
  const call = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (statement === undefined || call?.type !== "CallExpression") return undefined;
  if (call.callee.type !== "Super" || call.arguments.some((a) => a.type === "SpreadElement"))
    return undefined;
  return { statement, call };
}

/** The fields that are there before anything is stored, where what is stored does not make them in their order. */
function fieldsBefore(node: types.Class, own: types.ClassMethod | undefined): string[] {
  const fields = node.body.body.filter(isField);
  const keyOf = (m: types.ClassProperty) => staticKey(m as never) as string;
  const given = fields.filter((m) => m.value).map(keyOf);
  const stored = [...new Set([...given, ...(own ? alwaysStored(own) : [])])];
  const keys = fields.map(keyOf);
  return keys.every((key, i) => key === stored[i]) ? [] : keys;
}

const isField = (m: types.ClassBody["body"][number]): m is types.ClassProperty =>
  m.type === "ClassProperty" && !m.static && !m.declare;

/** What keeps a constructor from being written where an instance is made. */
function beyondPlace(node: types.Class, own: types.ClassMethod | undefined): string | undefined {
  let found: string | undefined;
  if (own) {
    const first = node.superClass ? superCall(own) : undefined;
    if (node.superClass && first === undefined) found = "does not begin with `super(…)`";
    walk(own.body, (n) => {
      if (n.type === "ReturnStatement" && n.argument) found ??= "returns something";
      if (n.type === "MetaProperty" || (n.type === "Super" && n !== first?.call.callee))
        found ??= "asks who it is called by";
    });
  }
  for (const m of node.body.body) {
    if (m.type === "ClassPrivateProperty" || m.type === "ClassPrivateMethod")
      found ??= "has private fields";
    if (m.type === "ClassAccessorProperty" || isDecorated(m)) found ??= "is decorated";
    if (isField(m) && staticKey(m as never) === undefined) found ??= "computes names of fields";
  }
  return isDecorated(node) ? "is decorated" : found;
}

const isDecorated = (node: Node): boolean =>
  ((node as { decorators?: readonly Node[] | null }).decorators ?? []).length > 0;

/** `Array(n)`. */
export function newArray(cx: Lowering, node: Node, args: readonly Node[], kind: Kind): Atom {
  const values = elementsOf(cx, args).map((e) => e.value);
  const isLength = values.length <= 1;
  if (!isLength && values.some((v) => isName(v) && v.kind.k !== "inert"))
    throw new Unlowered(node, "an array made of its elements by Array()");
  return bind(cx, { op: "sized", args: values }, kind, "v", node);
}
