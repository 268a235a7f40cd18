import { invoke } from "./calls.ts";
import { Dual, type Num } from "./dual-number.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { isPaired, parseSignature, type Shape, type Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { freshTag, whileLive } from "./tags.ts";
import { describe, Lift, Parts } from "./tree.ts";
import { type AnyFunction, twinOf } from "./twins.ts";
import { DualArray } from "./typed-array.ts";

/**
 * A function that tangent code calls and that is known only when the program runs: one of another
 * module, or made by `customJvp`. Its own tangent form answers where the signatures fit, else a
 * bridge to its dual form. Decided at the first call.
 */
export function link(find: () => unknown, signature: string, site: Site, strong = false): Link {
  const now = () => resolve(find(), parseSignature(signature), site, strong);
  const linked: Link = {
    tangent: undefined,
    resolve() {
      try {
        linked.tangent = now();
        return linked.tangent;
      } catch {
        // Looked up on entry, also where it is never called: what is not there yet is missed when it is.
        return (...pairs) => now()(...pairs);
      }
    },
  };
  return linked;
}

export interface Link {
  /** The function to call, once it is known; until then `resolve` tells. */
  tangent: AnyFunction | undefined;
  resolve(): AnyFunction;
}

function resolve(f: unknown, wanted: Signature, site: Site, strong: boolean): AnyFunction {
  const bridge = bridgeTo(f, wanted, site);
  const twin = twinOf(f);
  if (!twin?.tangent || !twin.signature) return bridge;
  const found = parseSignature(twin.signature);
  const fits =
    wanted.params.length <= found.params.length &&
    found.params.every((p, i) => {
      const want = wanted.params[i];
      if (want === undefined) return p.mayBeMissing;
      return same(want.shape, p.shape) || (want.shape.k === "i" && p.shape.k === "n");
    }) &&
    same(wanted.returns, found.returns);
  if (!fits) return bridge;
  const { tangent } = twin;
  if (!strong || wanted.returns.k !== "n") return strong ? bridge : tangent;
  // The caller can't be run again, so a NaN is looked at here.
  return (...args) => {
    const value: unknown = tangent(...args);
    const t = out[0] as number;
    return Number.isNaN(t) && twin.replayable ? bridge(...args) : value;
  };
}

function same(a: Shape, b: Shape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Runs the dual form on arguments that come in pairs, and gives the result as tangent code expects it. */
function bridgeTo(f: unknown, { returns }: Signature, site: Site): AnyFunction {
  return (...pairs: unknown[]): unknown => cross(f, pairs, returns, site, freshTag());
}

function cross(f: unknown, pairs: unknown[], returns: Shape, site: Site, tag: number): unknown {
  const lift = new Lift(tag);
  const args: unknown[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const p = pairs[i];
    const t = pairs[i + 1];
    args.push(
      typeof p === "number"
        ? t === 0
          ? p
          : new Dual(p, t as Num, tag)
        : lift.lift(p, t, `argument ${i / 2}`),
    );
  }
  const parts = new Parts(tag, lift);
  return whileLive(tag, () => {
    const result = invoke(site, f, undefined, args);
    lift.writeBack(parts);
    const value = parts.primal(result);
    if (!hasShape(value, returns)) {
      throw unsupportedValue(
        `${typeof f === "function" && f.name ? f.name : "a function"} gave ${describe(value)} where ${nameOf(returns)} was expected`,
        "Give the variable it goes to a type, so that the shape of the result is known when compiling.",
        site,
      );
    }
    if (returns.k === "n") out[0] = parts.tangent(result) as number;
    if (!isPaired(returns)) return value;
    // What a closure brings along has this tag, and its arguments get the same.
    if (returns.k === "<>")
      return {
        p: value,
        t: (...inner: unknown[]) => cross(result, inner, returns.returns, site, tag),
      };
    // Shadows of float arrays keep all digits.
    const t = DualArray.is(result)
      ? Float64Array.from(parts.tangent(result.toArray()) as number[])
      : parts.tangent(result);
    return { p: value, t };
  });
}

function hasShape(x: unknown, shape: Shape): boolean {
  switch (shape.k) {
    case "n":
      return typeof x === "number";
    case "f8":
      return x instanceof Float64Array;
    case "f4":
      return x instanceof Float32Array;
    case "[]":
      return Array.isArray(x) && x.every((e) => hasShape(e, shape.of));
    case "()":
      return (
        Array.isArray(x) &&
        x.length === shape.of.length &&
        shape.of.every((of, i) => hasShape(x[i], of))
      );
    case "{}":
      return (
        typeof x === "object" &&
        x !== null &&
        shape.fields.every(([name, of]) => hasShape((x as Record<string, unknown>)[name], of))
      );
    case "<>":
      return typeof x === "function";
    default:
      return typeof x !== "number";
  }
}

function nameOf(shape: Shape): string {
  if (shape.k === "n") return "a number";
  if (shape.k === "<>") return "a function";
  if (shape.k === "{}") return "an object with the fields that its type tells of";
  return shape.k === "i" ? "no number" : "an array of the kind that its type tells of";
}
