import { bridgeTo, type Classes, takesCopies } from "./bridge.ts";
import type { Site } from "./errors.ts";
import { DECLINED, KeptShadows } from "./kept-shadows.ts";
import { nativeTwin } from "./natives.ts";
import { changesNothing, holds, isSound, stands } from "./replay.ts";
import { isPaired, type Kinds, parseSignature, type Shape } from "./signature.ts";
import { out } from "./slot.ts";
import { hasNaN, shadowOf } from "./tangent-call.ts";
import { type AnyFunction, type Twin, twinOf } from "./twins.ts";

/**
 * A function that tangent code calls and that is known only when the program runs: one of another
 * module, or made by `customJvp`. Its own tangent form answers where the signatures fit, else a
 * bridge to its dual form. Decided at the first call, and again when the name stands for another
 * function (an exported variable may change).
 */
export function link(
  find: () => unknown,
  signature: string,
  site: Site,
  strong = false,
  shared = false,
  classes?: Classes,
): Link {
  return new Link(find, signature, site, strong, shared, classes);
}

export class Link {
  #found: unknown;
  #tangent: AnyFunction | undefined;
  #isBridge = false;
  #runsAgain = false;
  #looking = false;

  constructor(
    private readonly find: () => unknown,
    private readonly signature: string,
    private readonly site: Site,
    private readonly strong: boolean,
    /** Whether it is given what others see too, of which it has no shadow to write into. */
    private readonly shared: boolean,
    /** The classes that the signature names. */
    private readonly classes: Classes | undefined,
  ) {}

  /** The function to call, once it is known; until then `resolve` tells. */
  get tangent(): AnyFunction | undefined {
    // An import may stand for another function by now.
    return this.#tangent !== undefined && this.#look() === this.#found ? this.#tangent : undefined;
  }

  /** What the name stands for now; nothing while its module has not got there. */
  #look(): unknown {
    try {
      return this.find();
    } catch {
      return undefined;
    }
  }

  resolve(): AnyFunction {
    const f = this.#look();
    const { signature, site, strong, classes } = this;
    const of = (g: unknown) => way(g, parseSignature(signature), site, strong, classes);
    // Looked up on entry, also where it is never called: what is not there yet is missed when it is.
    if (f === undefined) return (...pairs) => of(this.find()).call(...pairs);
    const { call, isBridge, runsAgain } = of(f);
    this.#tangent = call;
    this.#isBridge = isBridge;
    this.#runsAgain = runsAgain === true;
    this.#found = f;
    return call;
  }

  get isSound(): boolean {
    return this.#ask((twin) => {
      if (this.#found !== this.#look()) this.resolve();
      if (twin === undefined) return true;
      if (this.shared && !isQuietForAny(twin)) return false;
      return this.#isBridge ? this.#bridgesSoundly(twin) : isSound(twin);
    });
  }

  /** Whether the dual form of the function does what it would do without copies. */
  #bridgesSoundly(twin: Twin): boolean {
    // An instance that is written to may hold one of another class when it comes back.
    if (!stands(twin)) return false;
    const wanted = parseSignature(this.signature);
    // What is constant in an object here may become active there.
    const mayWiden = this.classes || wanted.params.some(({ shape }) => holdsConstants(shape));
    if (mayWiden && !changesNothing(twin)) return false;
    return !twin.leaves && takesCopies(twin, wanted);
  }

  /** What is true of the function; among functions that call each other, as far as the others say. */
  #ask(question: (twin: Twin | undefined, f: unknown) => boolean): boolean {
    if (this.#looking) return true;
    this.#looking = true;
    try {
      const f = this.#look();
      return question(twinOf(f), f);
    } finally {
      this.#looking = false;
    }
  }

  /** Whether the call changes nothing, and is sound where its caller is run again at NaN. */
  get isQuiet(): boolean {
    return this.#ask((twin, f) => {
      if (twin === undefined) return nativeTwin(f) !== undefined;
      if (!changesNothing(twin) || (twin.asks && mayHoldFunctions(this.signature))) return false;
      if (this.#found !== f) this.resolve();
      return !this.#isBridge || this.#runsAgain || this.#bridgesSoundly(twin);
    });
  }

  /** Whether the call may be made a second time. */
  get isReplayable(): boolean {
    return this.#ask(
      (twin, f) =>
        nativeTwin(f) !== undefined ||
        (twin !== undefined &&
          (this.shared ? isQuietForAny(twin) : changesNothing(twin) || holds(twin.contained))),
    );
  }
}

const holdsConstants = (shape: Shape): boolean =>
  shape.k === "{}" && shape.fields.some(([, of]) => of.k === "i" || holdsConstants(of));

/** Whether something of a signature is a function, or not known to be none. */
const mayHoldFunctions = (signature: string): boolean => /[i<]/.test(signature);

/** Whether a function changes nothing whatever it is given, also by functions that it finds among that. */
const isQuietForAny = (twin: Twin): boolean => changesNothing(twin) && twin.asks === undefined;

/** The function as tangent code calls it: each argument followed by its tangent. */
export const resolve = (f: unknown, wanted: Kinds, site: Site, strong: boolean): AnyFunction =>
  way(f, wanted, site, strong).call;

/** How tangent code calls a function, and whether that is its dual form. */
export interface Way {
  readonly call: AnyFunction;
  readonly isBridge: boolean;
  /** Whether it is the tangent form after all, for callers that are run again where a tangent is NaN. */
  readonly runsAgain?: boolean;
}

/** How tangent code calls a function. */
export function way(
  f: unknown,
  wanted: Kinds,
  site: Site,
  strong: boolean,
  classes?: Classes,
): Way {
  const plain = inactiveCall(f, wanted);
  if (plain) return { call: plain, isBridge: false };
  const bridge = bridgeTo(f, wanted, site, classes);
  const twin = twinOf(f);
  const form = twin?.tangent && stands(twin) ? linked(twin, wanted, bridge, classes) : undefined;
  if (form === undefined) return { call: bridge, isBridge: true };
  // One that changes something has looked itself.
  const isLooked =
    twin?.replayable === undefined || wanted.returns.k === "v" || wanted.returns.k === "i";
  if (!strong || (isLooked && wanted.returns.k !== "n")) return { call: form, isBridge: false };
  // The caller can't be run again, so a NaN is looked at here.
  if (wanted.returns.k === "n")
    return { call: lookingAtNumbers(form, twin as Twin, bridge), isBridge: false };
  if (!takesCopies(twin as Twin, wanted)) return { call: form, isBridge: true, runsAgain: true };
  const call: AnyFunction = (...args) => {
    const result = form(...args) as { t: unknown };
    return hasNaN(result.t) && changesNothing(twin as Twin) ? bridge(...args) : result;
  };
  return { call, isBridge: false };
}

const lookingAtNumbers =
  (form: AnyFunction, twin: Twin, bridge: AnyFunction): AnyFunction =>
  (...args) => {
    const value: unknown = form(...args);
    const t = out[0] as number;
    return Number.isNaN(t) && changesNothing(twin) ? bridge(...args) : value;
  };

/** Where nothing active goes in, nothing active comes out: the function itself answers. */
function inactiveCall(f: unknown, { params, returns }: Kinds): AnyFunction | undefined {
  if (typeof f !== "function" || (returns.k !== "i" && returns.k !== "v")) return undefined;
  if (params.length === 0 || params.some((p) => p.shape.k !== "i")) return undefined;
  const call = f as AnyFunction;
  if (params.length === 1) return (a) => call(a);
  if (params.length === 2) return (a, _, b) => call(a, b);
  return (...pairs) => call(...pairs.filter((_, i) => i % 2 === 0));
}

/** The tangent form of a twin as a caller wants it; undefined where it was compiled for something else. */
function linked(
  twin: Twin,
  wanted: Kinds,
  bridge: AnyFunction,
  classes: Classes | undefined,
): AnyFunction | undefined {
  const found = parseSignature(twin.signature as string);
  const isSameClass = comparing(classes, twin.classes);
  const form = twin.tangent as AnyFunction;
  const inactive: number[] = [];
  for (const [i, { shape, mayBeMissing }] of found.params.entries()) {
    const want = wanted.params[i]?.shape;
    if (want === undefined ? mayBeMissing : fits(want, shape, isSameClass)) continue;
    if (fitsFields(want, shape, isSameClass)) continue;
    if (want?.k !== "i") return undefined;
    // A table, a configuration, a named function: what the caller does not differentiate.
    if (shape.k !== "n") inactive.push(i);
  }
  const result = resultAs(wanted.returns, found.returns, isSameClass);
  if (result === undefined) return undefined;
  if (inactive.length === 0) return result === "same" ? form : numbered(form, bridge);
  // It writes into what it is given, and a shadow made here would keep that from the caller.
  if (!changesNothing(twin)) return undefined;
  const call = result === "same" ? form : numbered(form, bridge);
  const shadowed = inactive.map((i) => ({ i, shape: (found.params[i] as { shape: Shape }).shape }));
  // Zeros for a table are made once, where nothing can hand them on.
  const mayKeep = wanted.returns.k === "n";
  return (...pairs) => {
    const args = pairs.slice();
    for (const { i, shape } of shadowed) {
      const p = pairs[2 * i];
      if (p === undefined && found.params[i]?.mayBeMissing) continue;
      const classes = twin.classes?.() ?? {};
      const make = () => shadowOf(shape, p, null, classes, true);
      const t = mayKeep ? kept.of(shape, p, classes, make) : make();
      if (t === DECLINED) return bridge(...pairs);
      args[2 * i + 1] = t;
    }
    return call(...args);
  };
}

const kept = new KeptShadows();

/** Whether a result is as the caller wants it, as it is or with a zero tangent beside it. */
function resultAs(
  wanted: Shape,
  found: Shape,
  isSameClass: SameClass,
): "same" | "number" | undefined {
  if (wanted.k === "v") return "same";
  // A number's tangent goes another way than that of what may be one.
  if (fits(found, wanted, (a, b) => isSameClass(b, a)) && isPaired(found) === isPaired(wanted))
    return "same";
  return wanted.k === "n" && found.k === "i" ? "number" : undefined;
}

/** A form whose result depends on nothing active: a number of which has the tangent 0. */
function numbered(form: AnyFunction, bridge: AnyFunction): AnyFunction {
  return (...pairs) => {
    const value: unknown = form(...pairs);
    if (typeof value !== "number") return bridge(...pairs);
    out[0] = 0;
    return value;
  };
}

/** Whether a class by its name where it is given is the one by its name where it is taken. */
type SameClass = (given: string, taken: string) => boolean;

/** Classes by what they are, not by what files call them. */
const comparing =
  (given: Classes | undefined, taken: Classes | undefined): SameClass =>
  (a, b) => {
    if (a === "" || b === "" || a === "*" || b === "*") return a === b;
    const of = given?.()[a];
    return of !== undefined && of === taken?.()[b];
  };

/**
 * What looks at fields alone takes instances of any class. Not where they are parts of something else: it
 * might put one of another class there.
 */
const fitsFields = (given: Shape | undefined, taken: Shape, isSameClass: SameClass): boolean =>
  given?.k === "{}" &&
  taken.k === "{}" &&
  taken.className === "*" &&
  given.className !== "" &&
  same({ ...given, className: "*" }, taken, isSameClass);

const byName: SameClass = (a, b) => a === b;

/** Whether a form that was compiled for one shape of an argument takes another. */
export const fits = (given: Shape, taken: Shape, isSameClass: SameClass = byName): boolean =>
  same(given, taken, isSameClass) ||
  (taken.k === "|" && given.k !== "i" && taken.of.some((of) => fits(given, of, isSameClass))) ||
  (taken.k === "ns" &&
    (given.k === "f8" || given.k === "f4" || (given.k === "[]" && given.of.k === "n")));

function same(a: Shape, b: Shape, isSameClass: SameClass): boolean {
  if (a.k !== b.k) return false;
  switch (a.k) {
    case "[]":
      return same(a.of, (b as typeof a).of, isSameClass);
    case "()":
    case "|": {
      const { of } = b as typeof a;
      return (
        a.of.length === of.length &&
        a.of.every((shape, i) => same(shape, of[i] as Shape, isSameClass))
      );
    }
    case "{}": {
      const { className, fields } = b as typeof a;
      const known = new Map(fields);
      return (
        isSameClass(a.className, className) &&
        a.fields.length === fields.length &&
        a.fields.every(([name, shape]) => {
          const other = known.get(name);
          return other !== undefined && same(shape, other, isSameClass);
        })
      );
    }
    case "<>": {
      const { params, returns } = b as typeof a;
      return (
        a.params.length === params.length &&
        a.params.every((shape, i) => same(shape, params[i] as Shape, isSameClass)) &&
        same(a.returns, returns, isSameClass)
      );
    }
    default:
      return true;
  }
}
