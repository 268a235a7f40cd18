import { prepareArgument, run } from "./adjoint-call.ts";
import { addTree, slots } from "./adjoint-runtime.ts";
import { decline, takesCopies } from "./bridge.ts";
import { isView } from "./captured.ts";
import type { Site } from "./errors.ts";
import { DECLINED } from "./kept-shadows.ts";
import { fits } from "./link.ts";
import { nativeTwin } from "./natives.ts";
import { changesNothing, isSound, stands } from "./replay.ts";
import { isPaired, parseSignature, type Shape, type Signature } from "./signature.ts";
import { hasNaN } from "./tangent-call.ts";
import { pullTangent, tangentFunction } from "./tangent-function.ts";
import { pullOnce } from "./transforms/pull.ts";
import { type Adjoint, type AnyFunction, type Twin, twinOf } from "./twins.ts";

/**
 * A function that adjoint code calls and that is known only when the program runs: one of another
 * module. One that takes numbers and gives one runs once, going forward, and leaves its partial derivatives.
 * Any other is called as it is going forward; going back it runs once more. Either is done by its own adjoint
 * form where the signatures fit, else recorded in the dual form. So its part of the tape is as short-lived
 * as its call.
 */
export function pullLink(
  find: () => unknown,
  signature: string,
  site: Site,
  ofTangent = false,
  constants: readonly number[] = [],
): PullLink {
  return new PullLink(find, parseSignature(signature), site, ofTangent, constants);
}

/** Methods that were refused: they will be again, and to find that out anew each time costs more than the dual form. */
const refusedMethods = new WeakSet<object>();

const linksOf = new WeakMap<object, Map<string, PullLink>>();

/** The link to a function that adjoint code is given: one for each way in which it is called. */
export function pullLinkOf(
  f: unknown,
  signature: string,
  site: Site,
  ofTangent = false,
  constants: readonly number[] = [],
  isMethod = false,
): PullLink {
  const wanted = parseSignature(signature);
  const make = () => new PullLink(() => f, wanted, site, ofTangent, constants, true);
  // That it can't be called, the call says.
  if (typeof f !== "function") return make();
  const twin = twinOf(f);
  const form = ofTangent ? twin?.second : twin?.adjoint;
  // What looks at `this` has no form but the dual one.
  const isLost =
    twin && (twin.leaves || !isSound(twin) || (!form && (isMethod || !takesCopies(twin, wanted))));
  if (isLost) {
    const isNew = !isMethod || !refusedMethods.has(f);
    if (isMethod) refusedMethods.add(f);
    throw decline(
      "a function that is given keeps active values outside, or what it gives is looked at by others",
      "Reverse mode by its dual form takes it.",
      site,
      isNew,
    );
  }
  const known = linksOf.get(f) ?? new Map<string, PullLink>();
  linksOf.set(f, known);
  const key = `${site} ${ofTangent ? `tangent ${constants} ` : ""}${signature}`;
  let link = known.get(key);
  if (link === undefined) {
    link = make();
    known.set(key, link);
  }
  return link;
}

/** How the adjoint form of the function takes an argument: as it is, with the caller's adjoint, or one that nobody reads, or not at all. */
type Taken = "plain" | "paired" | "scratch" | "missing";

interface Plan {
  readonly adjoint: Adjoint;
  readonly taken: readonly Taken[];
}

export class PullLink {
  #found: unknown;
  #call: AnyFunction | undefined;
  /** Its twin, where that has code of classes of other files. */
  #twin: Twin | undefined;
  #plan: Plan | undefined;
  #back: AnyFunction | undefined;
  #both: AnyFunction | undefined;
  /**
   * Adds to the adjoints what a call hands on of the cotangent of its result, and leaves that of numbers
   * in slots. Each array or object among the arguments is followed by its adjoint.
   */
  pull: (seed: unknown, ...given: unknown[]) => void = (...given) => this.#pull(...given);

  constructor(
    private readonly find: () => unknown,
    private readonly wanted: Signature,
    private readonly site: Site,
    /** Whether it is the function's tangent that is called, in second-order code. */
    private readonly ofTangent: boolean,
    /** The arguments of the function that are written as numbers there: they may be such that it has no derivative by. */
    private readonly constants: readonly number[],
    /** Whether the function is an argument. */
    private readonly isGiven: boolean = false,
  ) {}

  /** The function as the forward sweep calls it. It may be asked for where the call is never reached. */
  get target(): AnyFunction {
    let f: unknown;
    try {
      f = this.find();
    } catch {
      // Its module has not got there: that is told where the call is.
      return (...args) => this.#callOf(this.find())(...args);
    }
    return this.#callOf(f);
  }

  /**
   * Whether the function is there, and one that can be taken back when what is outside has changed: it looks at
   * nothing there.
   */
  get isFound(): boolean {
    try {
      this.#callOf(this.find());
      return twinOf(this.#found)?.knows === undefined;
    } catch {
      return false;
    }
  }

  /** Whether the name stands for the function that was found. */
  get isSame(): boolean {
    return this.find() === this.#found;
  }

  #callOf(f: unknown): AnyFunction {
    const isKnown = this.#call !== undefined && f === this.#found;
    if (!isKnown || !(this.#twin === undefined || stands(this.#twin))) this.#resolve(f);
    return this.#call as AnyFunction;
  }

  /**
   * The adjoint form of a tangent of numbers: it is given these and then the cotangent. It gives the pair,
   * of which `again` takes over what `isSure` is not of.
   */
  get back(): AnyFunction {
    // It is found before, by `target`, or was never called.
    this.#back ??= runOfNumbers(this.#plan, this.wanted) ?? this.#pullBehind;
    return this.#back;
  }

  #pullBehind = (...given: unknown[]): unknown => {
    this.pull(given.at(-1), ...given.slice(0, -1));
    return SURE;
  };

  /**
   * A function of numbers, going forward, that leaves its partial derivatives in slots: it is given the
   * numbers and then 1. It may be asked for where the call is never reached.
   */
  get both(): AnyFunction {
    try {
      this.#callOf(this.find());
    } catch {
      return this.#valueAndPartials;
    }
    this.#both ??= runOfNumbers(this.#plan, this.wanted) ?? this.#valueAndPartials;
    return this.#both;
  }

  #valueAndPartials = (...given: unknown[]): unknown => {
    this.#callOf(this.find());
    const args = given.slice(0, -1);
    // It may take fewer than it is given.
    zeroSlots(args.length);
    return this.#pullByForm(1, args, []) ?? this.#record(1, args, []);
  };

  /** Takes a tangent back by the dual form, whose adjoint form is at a kink. */
  again(seed: unknown, ...args: unknown[]): void {
    this.#record(seed, args, []);
  }

  #resolve(found: unknown): void {
    const known = twinOf(found);
    // It may call what it finds in an object, which may change something.
    const asks = known?.asks && this.wanted.params.some(({ shape }) => shape.k === "i");
    if (!(known && changesNothing(known) && !asks) && nativeTwin(found) === undefined)
      throw decline(
        "a function of another module can't be run a second time",
        "Reverse mode by its dual form takes it.",
        this.site,
        this.isGiven,
      );
    this.#found = found;
    this.#twin = known?.standsOn && known;
    this.#back = undefined;
    this.#both = undefined;
    const adjoint = this.ofTangent ? known?.second : known?.adjoint;
    const optional = this.ofTangent ? undefined : known?.signature;
    this.#plan = adjoint && planFor(adjoint, optional ?? adjoint.signature, this.wanted);
    const f = this.ofTangent ? tangentFunction(found, this.wanted, this.site) : found;
    this.#call = this.#checked(f as AnyFunction);
    this.pull =
      (this.ofTangent
        ? pairPull(this.#plan, this.wanted, (seed, args) => this.#record(seed, args, []))
        : scalarPull(this.#plan, this.wanted)) ?? ((...given) => this.#pull(...given));
  }

  /** The result has to be what the caller was compiled for. */
  #checked(f: AnyFunction): AnyFunction {
    const { returns } = this.wanted;
    const givesNumbers = returns.k === "n" || (this.ofTangent && isPairOfNumbers(returns));
    if (returns.k === "i" || returns.k === "v" || (givesNumbers && this.#plan)) return f;
    return (...args) => {
      const value: unknown = f(...args);
      const isSame =
        returns.k === "n" ? typeof value === "number" : isApart(value, containersIn(args));
      if (isSame) return value;
      throw this.#declined();
    };
  }

  #declined(): Error {
    return decline(
      "a function of another module gives something else than its type says, or a part of its arguments",
      "Give it the type of what it gives, and a copy of what it is given.",
      this.site,
      this.isGiven,
    );
  }

  #pull(seed: unknown, ...given: unknown[]): void {
    const { params } = this.wanted;
    zeroSlots(params.length);
    // Nothing may have come back where there may be an object.
    if (seed === 0 || seed === undefined || seed === null) return;
    const args: unknown[] = [];
    const adjoints: unknown[] = [];
    let at = 0;
    for (const { shape } of params) {
      args.push(given[at++]);
      adjoints.push(isPaired(shape) ? given[at++] : undefined);
    }
    if (this.#pullByForm(seed, args, adjoints) === undefined) this.#record(seed, args, adjoints);
  }

  /** Gives the value, and undefined where the form does not take what it is given. */
  #pullByForm(seed: unknown, args: unknown[], adjoints: unknown[]): unknown {
    const plan = this.#plan;
    const twin = twinOf(this.#found);
    if (plan === undefined || twin === undefined) return undefined;
    const given: unknown[] = [];
    for (let i = 0; i < plan.taken.length; i++) {
      given.push(args[i]);
      if (plan.taken[i] === "plain") continue;
      if (plan.taken[i] === "missing") {
        given.push(undefined);
        continue;
      }
      const adjoint =
        plan.taken[i] === "paired" ? adjoints[i] : prepareArgument(twin, plan.adjoint, i, args[i]);
      if (adjoint === DECLINED) return undefined;
      given.push(adjoint);
    }
    const value = run(plan.adjoint, given, seed);
    // At a kink the tangent that is differentiated is NaN, and the dual form tells.
    if (!this.ofTangent || !hasNaN(value)) return value;
    if (!plan.taken.includes("paired")) return undefined;
    // What has been added to arrays and objects can't be taken back.
    slots.fill(Number.NaN, 0, plan.taken.length);
    adjoints.forEach(spoil);
    return value;
  }

  #record(seed: unknown, args: unknown[], adjoints: unknown[]): unknown {
    const { params } = this.wanted;
    let value: unknown;
    const check = (of: unknown) => {
      value = of;
      if (this.wanted.returns.k === "n" && typeof of !== "number") throw this.#declined();
    };
    const found = this.ofTangent
      ? pullTangent(
          this.#found,
          this.wanted,
          args,
          seed as { p: unknown; t: unknown },
          this.constants,
        )
      : recorded(this.#found, args, seed, (i) => params[i]?.shape.k !== "i", check);
    for (let i = 0; i < params.length; i++) {
      const { k } = (params[i] as (typeof params)[number]).shape;
      if (k === "n") slots[i] = found[i] as number;
      else if (k !== "i") addTree(adjoints[i], found[i]);
    }
    return value;
  }
}

/** The cotangents of arguments by the dual form; `check` is given the value before. */
function recorded(
  f: unknown,
  args: readonly unknown[],
  seed: unknown,
  isActive: (i: number) => boolean,
  check: (value: unknown) => void,
): unknown[] {
  return pullOnce(f, undefined, args, isActive, ({ value, pullback }) => {
    check(value);
    return pullback(seed);
  });
}

/**
 * The pullback of a function of few numbers whose adjoint form needs no tape, the common case: nothing is
 * put into arrays on the way.
 */
function scalarPull(plan: Plan | undefined, wanted: Signature): PullLink["pull"] | undefined {
  const run = runOfNumbers(plan, wanted);
  if (run === undefined || wanted.returns.k !== "n") return undefined;
  const count = wanted.params.length;
  switch (count) {
    case 1:
      return (g, a) => (g === 0 ? zeroSlots(count) : run(a, g));
    case 2:
      return (g, a, b) => (g === 0 ? zeroSlots(count) : run(a, b, g));
    case 3:
      return (g, a, b, c) => (g === 0 ? zeroSlots(count) : run(a, b, c, g));
    case 4:
      return (g, a, b, c, d) => (g === 0 ? zeroSlots(count) : run(a, b, c, d, g));
    default:
      return undefined;
  }
}

/** The same of the tangent of a function of few numbers; at a kink, where that is NaN, by `record`. */
function pairPull(
  plan: Plan | undefined,
  wanted: Signature,
  record: (seed: unknown, args: unknown[]) => void,
): PullLink["pull"] | undefined {
  const run = runOfNumbers(plan, wanted);
  if (run === undefined || !isPairOfNumbers(wanted.returns)) return undefined;
  switch (wanted.params.length) {
    case 2:
      return (g, a, b) => isSure(run(a, b, g)) || record(g, [a, b]);
    case 4:
      return (g, a, b, c, d) => isSure(run(a, b, c, d, g)) || record(g, [a, b, c, d]);
    case 6:
      return (g, a, b, c, d, e, f) =>
        isSure(run(a, b, c, d, e, f, g)) || record(g, [a, b, c, d, e, f]);
    default:
      return undefined;
  }
}

/** The adjoint form of a function of numbers, where it needs no tape. */
function runOfNumbers(plan: Plan | undefined, { params }: Signature): AnyFunction | undefined {
  if (plan === undefined || plan.adjoint.usesTape) return undefined;
  const isPlain = plan.taken.length === params.length && plan.taken.every((how) => how === "plain");
  return isPlain ? plan.adjoint.run : undefined;
}

/** Whether a value is `{ p, t }` of numbers. */
const isPairOfNumbers = (shape: Shape): boolean =>
  shape.k === "{}" && shape.fields.every(([, of]) => of.k === "n");

/** Makes all numbers of an array or object NaN. */
function spoil(x: unknown): void {
  if (typeof x !== "object" || x === null) return;
  const tree = x as Record<string, unknown>;
  for (const key of Object.keys(tree)) {
    if (typeof tree[key] === "number") tree[key] = Number.NaN;
    else spoil(tree[key]);
  }
}

/** Leaves zeros for numbers that nothing comes back to. */
function zeroSlots(count: number): void {
  for (let i = 0; i < count; i++) slots[i] = 0;
}

/** Whether a value and its tangent are numbers: at a kink the tangent that is differentiated is none. */
export const isSure = ({ p, t }: { readonly p: number; readonly t: number }): boolean =>
  !Number.isNaN(p) && !Number.isNaN(t);

const SURE = { p: 0, t: 0 };

/** How the adjoint form of a function takes what a caller gives; undefined where it does not. */
function planFor(adjoint: Adjoint, declared: string, wanted: Signature): Plan | undefined {
  if (adjoint.by !== undefined) return undefined;
  const found = parseSignature(adjoint.signature);
  const optional = parseSignature(declared).params;
  if (!sameResult(wanted.returns, found.returns)) return undefined;
  const taken: Taken[] = [];
  for (const [i, { shape }] of found.params.entries()) {
    const want = wanted.params[i]?.shape;
    const how = want ? takenAs(want, shape) : optional[i]?.mayBeMissing && withoutIt(shape);
    if (!how) return undefined;
    taken.push(how);
  }
  return { adjoint, taken };
}

const withoutIt = (shape: Shape): Taken => (isPaired(shape) ? "missing" : "plain");

function takenAs(want: Shape, shape: Shape): Taken | undefined {
  if (!isPaired(shape)) return want.k === shape.k || want.k === "i" ? "plain" : undefined;
  if (want.k === "i") return "scratch";
  return fits(want, shape) ? "paired" : undefined;
}

const sameResult = (want: Shape, found: Shape): boolean =>
  want.k === "n" ? found.k === "n" : isPaired(want) && fits(want, found);

/** The arrays and objects in some values. */
function containersIn(x: unknown, found: Set<unknown> = new Set()): Set<unknown> {
  if (typeof x !== "object" || x === null || found.has(x)) return found;
  found.add(x);
  if (!isView(x)) for (const part of Object.values(x)) containersIn(part, found);
  return found;
}

/** Whether none of some arrays and objects is, or is in, a value. */
function isApart(x: unknown, others: ReadonlySet<unknown>): boolean {
  for (const part of containersIn(x)) if (others.has(part)) return false;
  return true;
}
