import { type Classes, decline, takesCopies } from "./bridge.ts";
import { Dual } from "./dual-number.ts";
import type { Site } from "./errors.ts";
import { way } from "./link.ts";
import { nativeTwin } from "./natives.ts";
import { changesNothing, choices, isSound } from "./replay.ts";
import { parseSignature, type Signature } from "./signature.ts";
import { out } from "./slot.ts";
import { freshTag } from "./tags.ts";
import { type AnyFunction, type Twin, twinOf } from "./twins.ts";

/**
 * A call in tangent code of a function that is chosen while the program runs: one of a table or a list, of two
 * that a condition tells apart, or what another function gave.
 */
export function chosen(
  signature: string,
  site: Site,
  isMethod = false,
  strong = false,
  classes?: Classes,
): Chosen {
  choices.areMade = true;
  return new Chosen(parseSignature(signature), site, isMethod, strong, classes);
}

class Chosen {
  #last: unknown;
  #call: AnyFunction | undefined;
  #refused: unknown;
  readonly #known = new WeakMap<object, AnyFunction>();

  constructor(
    private readonly wanted: Signature,
    private readonly site: Site,
    /** Whether it is called as a method: what looks at `this` has no tangent form. */
    private readonly isMethod: boolean,
    private readonly strong: boolean,
    private readonly classes: Classes | undefined,
  ) {}

  /** How tangent code calls the function that was chosen. */
  of(f: unknown): AnyFunction {
    if (f === this.#last && this.#call) return this.#call;
    // That it is none, the dual form says.
    const call = typeof f === "function" ? this.#callOf(f) : undefined;
    if (call !== undefined) return call;
    // What was refused before will be again: to find that out anew each time would cost more than the dual form.
    const isNew = f !== this.#refused;
    this.#refused = f;
    throw decline(
      "a function that is chosen while the program runs changes something, uses `this` or has no derivative code",
      "Take the derivative of what does not change anything else.",
      this.site,
      isNew,
    );
  }

  #callOf(f: object): AnyFunction | undefined {
    const twin = twinOf(f);
    const isKnown = twin ? changesNothing(twin) : nativeTwin(f) !== undefined;
    if (!isKnown) return undefined;
    const call = this.#known.get(f) ?? this.#find(f, twin);
    if (call === undefined) return undefined;
    this.#known.set(f, call);
    // Functions of other files have a say in the others.
    if (twin === undefined || (twin.replayable === true && !twin.standsOn)) {
      this.#last = f;
      this.#call = call;
    }
    return call;
  }

  #find(f: object, twin: Twin | undefined): AnyFunction | undefined {
    const { wanted, site, strong, classes } = this;
    if (twin === undefined && wanted.isScalar) return ofNumbers(nativeTwin(f) as AnyFunction);
    const { call, isBridge } = way(f, wanted, site, strong, classes);
    if (!isBridge) return call;
    const isLost =
      this.isMethod || (twin && (twin.leaves || !isSound(twin) || !takesCopies(twin, wanted)));
    return isLost ? undefined : call;
  }
}

/** A function of `Math`, by what it is on dual numbers. */
const ofNumbers =
  (dual: AnyFunction): AnyFunction =>
  (...pairs) => {
    const tag = freshTag();
    const args: unknown[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      const [p, t] = [pairs[i] as number, pairs[i + 1] as number];
      args.push(t === 0 ? p : new Dual(p, t, tag));
    }
    const result: unknown = dual(...args);
    const isDual = result instanceof Dual;
    out[0] = isDual ? (result.tangent as number) : 0;
    return isDual ? result.primal : result;
  };
