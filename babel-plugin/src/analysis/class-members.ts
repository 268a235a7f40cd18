import type { types } from "@babel/core";
import { staticKey } from "../ast.ts";

type Member = types.ClassMethod | types.ClassProperty;

interface Members {
  /** What instances have by the body, but for what is only declared to be in those that extend it. */
  readonly keys: ReadonlySet<string>;
  /** Methods and accessors of instances, by their names. */
  readonly methods: ReadonlyMap<string, readonly types.ClassMethod[]>;
  /** Methods of the class itself that can be called, by their names. */
  readonly staticMethods: ReadonlyMap<string, types.ClassMethod>;
  /** Those in whose place something stands that is further down in the class. */
  readonly replaced: ReadonlySet<types.Node>;
  /** Whether the class has something under a key that only the program knows in the place of a method, and whether instances have. */
  readonly hasNameless: { readonly static: boolean; readonly own: boolean };
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
  const staticMethods = new Map<string, types.ClassMethod>();
  const hasNameless = { static: false, own: false };
  const hasMethod = { static: false, own: false };
  const replaced = replacedIn(node);
  for (const m of node.body.body) {
    if (!isMember(m)) continue;
    const key = staticKey(m as never);
    const side = m.static ? "static" : "own";
    if (key === undefined && m.computed && !isSymbol(m.key))
      // A method or an accessor takes the place of what stands above it, or of what is inherited; a field that of all.
      hasNameless[side] ||=
        m.type === "ClassProperty" || node.superClass != null || hasMethod[side];
    if (key !== undefined && m.type === "ClassMethod" && m.kind !== "constructor")
      hasMethod[side] = true;
    if (key === undefined || replaced.has(m)) continue;
    if (m.static) {
      if (m.type === "ClassMethod" && m.kind === "method") staticMethods.set(key, m);
      continue;
    }
    if (m.type === "ClassMethod") {
      const others = methods.get(key);
      if (others) others.push(m);
      else methods.set(key, [m]);
    }
    const isConstructor = m.type === "ClassMethod" && m.kind === "constructor";
    if (!isConstructor && !m.abstract) keys.add(key);
  }
  return { keys, methods, staticMethods, replaced, hasNameless };
}

/** `Symbol.iterator` and its like, which nothing else is called. */
const isSymbol = (key: types.Node): boolean =>
  key.type === "MemberExpression" &&
  !key.computed &&
  key.object.type === "Identifier" &&
  key.object.name === "Symbol";

const isMember = (m: types.Node): m is Member =>
  m.type === "ClassMethod" || m.type === "ClassProperty";

function replacedIn(node: types.Class): ReadonlySet<types.Node> {
  const replaced = new Set<types.Node>();
  const below = new Map<string, Set<string>>();
  for (const m of node.body.body.toReversed()) {
    const key = isMember(m) ? staticKey(m as never) : undefined;
    if (!isMember(m) || key === undefined) continue;
    const place = `${m.static ? "static" : "own"} ${key}`;
    const sorts = below.get(place) ?? new Set<string>();
    if (replacersOf(m).some((sort) => sorts.has(sort))) replaced.add(m);
    below.set(place, sorts.add(sortOf(m)));
  }
  return replaced;
}

const sortOf = (m: Member): string => (m.type === "ClassMethod" ? m.kind : "field");

/** What takes the place of a member when it is further down. A getter and a setter are beside each other. */
function replacersOf(m: Member): readonly string[] {
  if (m.type === "ClassProperty") return ["field"];
  const methods = [
    "method",
    ...(m.kind === "get" ? ["get"] : m.kind === "set" ? ["set"] : ["get", "set"]),
  ];
  // A field of an instance hides a method, which is there all the same.
  return m.static ? [...methods, "field"] : methods;
}
