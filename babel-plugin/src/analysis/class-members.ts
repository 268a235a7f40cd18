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
    if (key === undefined) continue;
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
