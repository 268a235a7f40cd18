import { isShadowed } from "../analysis/kind.ts";
import {
  type Atom,
  atomsOf,
  eachStmt,
  isName,
  type Name,
  type Op,
  type Program,
  type Stmt,
} from "../lower/form.ts";

/** The names of a program that have a shadow: what depends on an active parameter, or holds what does. */
export type Active = (a: Atom) => a is Name;

/**
 * The least set that holds the active parameters and is closed under the operations. Containers that
 * may be one thing under several names, or hold one another, are active together.
 */
export function activityOf(program: Program, params: ReadonlySet<Name>): Active {
  const numbers = new Set<Name>();
  const sets = new Sets();
  const activeSets = new Set<Name>();
  let changed = true;

  const isActive: Active = (a): a is Name =>
    isName(a) &&
    (a.kind.k === "fn" || (isShadowed(a.kind) ? activeSets.has(sets.of(a)) : numbers.has(a)));
  const activate = (n: Name): void => {
    const isKnown: boolean = isActive(n);
    if (isKnown || !(isShadowed(n.kind) || n.kind.k === "num")) return;
    changed = true;
    if (isShadowed(n.kind)) activeSets.add(sets.of(n));
    else numbers.add(n);
  };
  const unify = (a: Atom, b: Atom): void => {
    if (!isName(a) || !isName(b) || !isShadowed(a.kind) || !isShadowed(b.kind)) return;
    const [ra, rb] = [sets.of(a), sets.of(b)];
    if (ra === rb) return;
    changed = true;
    const both = activeSets.has(ra) || activeSets.has(rb);
    sets.join(ra, rb);
    if (both) activeSets.add(sets.of(a));
  };
  const flow = (value: Op, to: Name | undefined): void => {
    const parts = atomsOf(value);
    if (to !== undefined) {
      if (parts.some(isActive)) activate(to);
      for (const a of value.op === "floats" ? [] : parts) unify(to, a);
    }
    // What is put into a container by a method, or by a function that changes what it is given.
    if (value.op === "method" && isName(value.object)) {
      for (const a of value.args) {
        if (isActive(a.value)) activate(value.object);
        unify(value.object, a.value);
      }
    }
    // What a function that is a value is given, and what it gives, goes ways that are not looked into.
    if (value.op === "apply") {
      for (const a of value.args) if (a !== undefined && isName(a)) activate(a);
      if (to !== undefined) activate(to);
    }
    // A function of another file may write what it is given into whatever it is given.
    if (value.op === "link") {
      const given = value.args.filter((a): a is Name => isName(a) && isShadowed(a.kind));
      for (const a of given) unify(given[0] as Name, a);
      if (parts.some(isActive)) for (const a of given) activate(a);
    }
    if (value.op === "call") {
      const given = value.args.filter((a): a is Name => a !== undefined && isName(a));
      if (value.changes && given.some(isActive))
        for (const a of given) if (isShadowed(a.kind)) activate(a);
      for (const a of given) unify(given.find((g) => isShadowed(g.kind)) ?? a, a);
    }
  };
  const visit = (s: Stmt): void => {
    if (s.s === "let" || s.s === "set") flow(s.value, s.name);
    else if (s.s === "do") flow(s.value, undefined);
    else if (s.s === "closure") for (const p of s.params) activate(p);
    else if (s.s === "write") {
      const { object } = s.place;
      if (isName(object) && isActive(s.value)) activate(object);
      unify(object, s.value);
    }
  };

  for (const p of params) activate(p);
  while (changed) {
    changed = false;
    eachStmt(program.body, visit);
  }
  return isActive;
}

/** Disjoint sets of names. */
class Sets {
  readonly #parents = new Map<Name, Name>();

  of(n: Name): Name {
    const parent = this.#parents.get(n);
    if (parent === undefined) return n;
    const root = this.of(parent);
    this.#parents.set(n, root);
    return root;
  }

  join(a: Name, b: Name): void {
    if (a !== b) this.#parents.set(a, b);
  }
}
