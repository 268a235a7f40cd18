import { elementAt, isContainer, type Kind } from "../analysis/kind.ts";
import { type Atom, isName } from "./form.ts";

/** An empty list, also one in a literal, holds what its type says or what is put into it later: where it was made that was not known. */
export function learn(v: Atom, kind: Kind): boolean {
  if (!isName(v)) return false;
  if (v.kind.k === "array" && v.kind.of.k === "bottom" && kind.k === "array") {
    v.kind = kind;
    return true;
  }
  const { contents } = v;
  let isLearnt = false;
  if (contents?.op === "object" && v.kind.k === "object" && kind.k === "object") {
    const fields = new Map(v.kind.fields);
    for (const field of contents.fields) {
      const of = "key" in field ? kind.fields.get(field.key) : undefined;
      if (!("key" in field) || !of || !holds(field.value, of)) continue;
      fields.set(field.key, of);
      isLearnt = true;
    }
    // `{}`, or a name alone: what comes there later has a tangent.
    if (contents.fields.every((f) => "key" in f) && [...fields.values()].every(isInert))
      for (const [key, of] of kind.fields)
        if (!fields.has(key)) {
          fields.set(key, of);
          isLearnt = true;
        }
    if (isLearnt) v.kind = { ...v.kind, fields };
  }
  if (contents?.op === "array" && isContainer(kind)) {
    for (const [i, e] of contents.elements.entries())
      isLearnt = (!e.spread && holds(e.value, elementAt(kind, i))) || isLearnt;
    if (isLearnt) v.kind = kind;
  }
  return isLearnt;
}

const isInert = ({ k }: Kind): boolean => k === "inert";

/** Whether a part of a literal is what its type says, and the literal did not tell: it may be an object of outside. */
const holds = (v: Atom, of: Kind): boolean =>
  learn(v, of) || (isName(v) && v.kind.k === "inert" && isContainer(of));
