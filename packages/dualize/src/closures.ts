import { add, Dual, Linear, type Num } from "./dual-number.ts";
import { handOut } from "./handed-out.ts";
import { takeResultsApart } from "./results.ts";
import { freshTag, whileLive, whilePending } from "./tags.ts";
import { extraction, hasDuals, type Part, Parts } from "./tree.ts";
import { type AnyFunction, dualForm as attach, isDualForm, twinOf } from "./twins.ts";
import { DualArray } from "./typed-array.ts";

/** Marks a function that takes duals as it is, whoever calls it. */
export const dualForm = <F extends AnyFunction>(f: F): F => {
  takeResultsApart();
  return attach(f);
};

/**
 * A function that came out of a derivative. Each application gets a tag of its own for what is in
 * its arguments, so that applying it to something that already carries this tag does not mix the
 * two (Manzyuk, Pearlmutter, Radul, Rush, Siskind, "Perturbation confusion in forward automatic
 * differentiation of higher-order functions", 2019).
 */
extraction.closure = (f, tag: number, part: Part) => {
  const dual = twinOf(f)?.dual as AnyFunction;
  handOut(tag);
  return attach(function (this: unknown, ...args: unknown[]) {
    const fresh = freshTag();
    return whileLive(tag, () =>
      whileLive(fresh, () => {
        handOut(tag);
        const result = dual.apply(
          this,
          args.map((a) => retag(a, tag, fresh)),
        );
        return retag(new Parts(tag)[part](result), fresh, tag);
      }),
    );
  });
};

// What an async function does after its first await still belongs to the derivative.
extraction.promise = (x, parts, part) => {
  const writeLate = extraction.late?.(parts);
  const settled = x
    .finally(() => writeLate?.())
    .then((v) => whileLive(parts.tag, () => parts[part](v)));
  whilePending(parts.tag, settled);
  // Where it fails, value and tangent fail alike, and most callers look at one of them.
  settled.catch(() => {});
  return settled;
};

/** The same value with the infinitesimal of tag `from` renamed to that of tag `to`. */
export function retag(x: unknown, from: number, to: number): unknown {
  // A float array without active numbers is one that the program has made, and goes on writing to.
  if (!hasDuals(x) && !isDualForm(x)) return x;
  const parts = new Parts(from);
  const { primal } = parts;
  parts.primal = (v) => (DualArray.is(v) && !hasDuals(v) ? v : primal.call(parts, v));
  parts.leaf = (v) => {
    if (v instanceof Dual) return retagNumber(v, from, to);
    if (!isDualForm(v)) return v;
    return attach(function (this: unknown, ...args: unknown[]) {
      // Only what the function brings itself is renamed: what its arguments say of `from` steps aside.
      const fresh = freshTag();
      const kept = args.map((a) => retag(a, from, fresh));
      return whileLive(fresh, () => retag(retag(v.apply(this, kept), from, to), fresh, from));
    });
  };
  return parts.primal(x);
}

function retagNumber(x: Num, from: number, to: number): Num {
  if (!(x instanceof Dual) || !mentions(x, from)) return x;
  const [p, t] = splitUnchecked(x, from);
  return join(p, t, to);
}

const mentions = (x: Num, tag: number): boolean =>
  x instanceof Linear
    ? x.split(tag)[1] !== 0
    : x instanceof Dual && (x.tag === tag || mentions(x.primal, tag) || mentions(x.tangent, tag));

/** `x = a + b·ε` of `tag`, whatever is wrapped around it. */
export function splitUnchecked(x: Num, tag: number): [Num, Num] {
  if (x instanceof Linear) return x.split(tag);
  if (!(x instanceof Dual) || x.tag < tag) return [x, 0];
  if (x.tag === tag) return [x.primal, x.tangent];
  const [p0, p1] = splitUnchecked(x.primal, tag);
  const [t0, t1] = splitUnchecked(x.tangent, tag);
  return [new Dual(p0, t0, x.tag), new Dual(p1, t1, x.tag)];
}

/** `p + t·ε` of `tag`, put at its place among the tags in `p` and `t`; these may hold newer ones. */
function join(p: Num, t: Num, tag: number): Num {
  if (t instanceof Linear) return add(p, t.times(new Dual(0, 1, tag)));
  if (p instanceof Linear) return p;
  const newest = Math.max(p instanceof Dual ? p.tag : -1, t instanceof Dual ? t.tag : -1);
  if (newest < tag) return new Dual(p, t, tag);
  const [p0, p1] = splitUnchecked(p, newest);
  const [t0, t1] = splitUnchecked(t, newest);
  if (newest === tag) return new Dual(p0, add(p1, t0), tag);
  return new Dual(join(p0, t0, tag), join(p1, t1, tag), newest);
}
