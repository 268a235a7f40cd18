import type { types } from "@babel/core";
import { staticKey } from "../ast.ts";

interface Members {
  /** What instances have by the body, but for what is only declared to be in those that extend it. */
  readonly keys: ReadonlySet<string>;
  /** Methods and accessors of instances, by their names. */
  readonly methods: ReadonlyMap<string, readonly types.ClassMethod[]>;
}

/** What was found of classes so far: each call of a method looks one up. */
const found = new WeakMap<types.Class, Members>();

export function membersOf(node: types.Class): Members {
  let members = found.get(node);
  if (members === undefined) {
    members = membersIn(node);
    found.set(node, members);
  }
  return members;
}

function membersIn(node: types.Class): Members {
  const keys = new Set<string>();
  const methods = new Map<string, types.ClassMethod[]>();
  for (const m of node.body.body) {
    if ((m.type !== "ClassMethod" && m.type !== "ClassProperty") || m.static) continue;
    const key = staticKey(m as never);
    if (key === undefined || isReplaced(node, m)) continue;
    if (m.type === "ClassMethod") {
      const others = methods.get(key);
      if (others) others.push(m);
      else methods.set(key, [m]);
    }
    const isConstructor = m.type === "ClassMethod" && m.kind === "constructor";
    if (!isConstructor && !m.abstract) keys.add(key);
  }
  return { keys, methods };
}

/** Whether a class has something of its own, or its instances have, by a name that only the program knows. */
export const hasNameless = (node: types.Class, isStatic: boolean): boolean =>
  node.body.body.some(
    (m) =>
      (m.type === "ClassMethod" || m.type === "ClassProperty") &&
      m.static === isStatic &&
      m.computed &&
      staticKey(m as never) === undefined &&
      !isSymbol(m.key) &&
      !isOfTable(m),
  );

/** `get [types.SPHERE]()`: accessors for the entries of a table have no names of methods. */
const isOfTable = (m: types.ClassMethod | types.ClassProperty): boolean =>
  m.type === "ClassMethod" && /^[gs]et$/.test(m.kind) && m.key.type === "MemberExpression";

/** `Symbol.iterator` and its like, which nothing else is called. */
const isSymbol = (key: types.Node): boolean =>
  key.type === "MemberExpression" &&
  !key.computed &&
  key.object.type === "Identifier" &&
  key.object.name === "Symbol";

/** Whether something further down in the class has the name of a member, and stands in its place. */
export function isReplaced(
  node: types.Class,
  member: types.ClassMethod | types.ClassProperty,
): boolean {
  const key = staticKey(member as never);
  const { body } = node.body;
  if (key === undefined) return false;
  return body.slice(body.indexOf(member) + 1).some((m) => {
    if (m.type !== "ClassMethod" && m.type !== "ClassProperty") return false;
    if (m.static !== member.static || staticKey(m as never) !== key) return false;
    // A field of an instance hides a method, which is there all the same.
    if (m.type !== member.type) return m.static && m.type === "ClassProperty";
    return m.type === "ClassProperty" || !areBeside(m, member as types.ClassMethod);
  });
}

/** A getter and a setter of one name. */
const areBeside = (a: types.ClassMethod, b: types.ClassMethod): boolean =>
  /^[gs]et$/.test(a.kind) && /^[gs]et$/.test(b.kind) && a.kind !== b.kind;
