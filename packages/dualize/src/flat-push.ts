import { Dual } from "./dual-number.ts";
import { endings, freshTag, live } from "./tags.ts";
import { type Copies, type Lifted, Parts, writeEntry } from "./tree.ts";
import type { AnyFunction, Twin } from "./twins.ts";
import { behind } from "./typed-array.ts";

/**
 * The pushforward by the dual form of functions of numbers and lists of numbers, the common case: it does what that of
 * any trees does (transforms/push.ts), without tables of what is where in them.
 */

type Pair = [value: unknown, tangent: unknown];

interface FlatLifted extends Lifted {
  readonly original: number[] & Lifted["original"];
  tangent: (number[] & Lifted["tangent"]) | null;
  readonly copy: unknown[] & Lifted["copy"];
}

/** The few lists of a call beside their copies. */
class FlatLift implements Copies {
  readonly lists: FlatLifted[] = [];

  constructor(readonly tag: number) {}

  entries(): readonly FlatLifted[] {
    return this.lists;
  }

  originalOf(copy: unknown): FlatLifted | undefined {
    for (let i = 0; i < this.lists.length; i++) {
      const list = this.lists[i] as FlatLifted;
      if (list.copy !== copy) continue;
      this.#ownTangent(list);
      return list;
    }
    return undefined;
  }

  /** A list of duals in place of two of numbers, or undefined where these are something else. */
  lift(original: unknown[], tangent: unknown): unknown[] | undefined {
    if (tangent !== null && !Array.isArray(tangent)) return undefined;
    if (Object.getPrototypeOf(original) !== Array.prototype || Object.isFrozen(original))
      return undefined;
    const { length } = original;
    if (this.lists.length === MOST || (tangent !== null && tangent.length !== length))
      return undefined;
    for (let i = 0; i < this.lists.length; i++) {
      const { original: other, tangent: its } = this.lists[i] as FlatLifted;
      if (original === other || original === its || tangent === other) return undefined;
      if (tangent !== null && tangent === its) return undefined;
    }
    if (original === tangent) return undefined;
    const copy: unknown[] = new Array(length);
    for (let i = 0; i < length; i++) {
      const p = original[i];
      if (typeof p !== "number") return undefined;
      if (tangent === null) copy[i] = p;
      else {
        const t: unknown = tangent[i];
        if (typeof t !== "number") return undefined;
        copy[i] = new Dual(p, t, this.tag);
      }
    }
    // It may have more than its elements.
    if (Object.keys(original).length !== length) return undefined;
    this.lists.push({ original, tangent, copy, all: [] } as never);
    return copy;
  }

  /** Carries what was written into the copies back to the caller's lists. */
  writeBack(parts: () => Parts): void {
    for (let i = 0; i < this.lists.length; i++) {
      const list = this.lists[i] as FlatLifted;
      if (this.#isCarried(list)) continue;
      this.#ownTangent(list);
      writeEntry(parts(), list);
    }
  }

  /** Whether there is nothing more to do: numbers in the place of numbers, which are written here. */
  #isCarried(list: FlatLifted): boolean {
    const { original, tangent, copy } = list;
    const { length } = copy;
    if (original.length !== length || (tangent !== null && tangent.length !== length)) return false;
    for (let i = 0; i < length; i++) {
      const now = copy[i];
      if (now instanceof Dual && now.tag === this.tag) {
        const { primal: p, tangent: t } = now;
        if (typeof p !== "number" || typeof t !== "number") return false;
        if (!Object.is(p, original[i])) this.#write(original, original, i, p);
        if (tangent !== null && !Object.is(t, tangent[i]))
          this.#write(original, this.#ownTangent(list), i, t);
      } else if (typeof now === "number" && tangent === null) {
        if (!Object.is(now, original[i])) this.#write(original, original, i, now);
      } else return false;
    }
    // There may be more by now than elements.
    return Object.keys(copy).length === length;
  }

  #write(original: object, into: number[], i: number, x: number): void {
    behind.refuse?.(this, original, i as never);
    into[i] = x;
  }

  /**
   * The tangent to write into and to give back, which may be a copy: where nobody can write, what is written is lost to
   * the caller.
   */
  #ownTangent(list: FlatLifted): number[] {
    if (list.tangent && Object.isFrozen(list.tangent)) list.tangent = list.tangent.slice() as never;
    return list.tangent as number[];
  }
}

/** With more lists a table finds them faster. */
const MOST = 8;

/** Undefined where something else is among the arguments: numbers and lists of numbers are all that is taken. */
export function pushFlat(
  twin: Twin,
  self: unknown,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): Pair | undefined {
  const tag = freshTag();
  const lift = new FlatLift(tag);
  const args: unknown[] = [];
  for (let i = 0; i < primals.length; i++) {
    const p = primals[i];
    const t = tangents[i] ?? null;
    if (Array.isArray(p)) {
      const list = lift.lift(p, t);
      if (list === undefined) return undefined;
      args.push(list);
    } else if (t === null) {
      // A tree of what is constant is copied too.
      if (typeof p === "object" && p !== null) return undefined;
      args.push(p);
    } else {
      if (typeof p !== "number" || typeof t !== "number") return undefined;
      args.push(new Dual(p, t, tag));
    }
  }
  // Where there are no lists nothing is written back that has to be watched.
  const watched = lift.lists.length > 0 ? primals : undefined;
  behind.lifts?.(lift, (twin as { owner?: unknown }).owner, watched);
  let known: Parts | undefined;
  const parts = () => {
    known ??= new Parts(tag, lift);
    return known;
  };
  live.push(tag);
  try {
    let result: unknown;
    try {
      result = Reflect.apply(twin.dual as AnyFunction, self, args);
    } finally {
      lift.writeBack(parts);
    }
    if (result instanceof Dual && result.tag === tag) {
      const { primal, tangent } = result;
      if (typeof primal === "number" && typeof tangent === "number") return [primal, tangent];
    }
    return [parts().primal(result), parts().tangent(result)];
  } finally {
    // What began in between may go on, as a promise does.
    if (live[live.length - 1] === tag) live.pop();
    else live.splice(live.lastIndexOf(tag), 1);
    endings.settle?.(tag);
    endings.over?.(tag);
  }
}
