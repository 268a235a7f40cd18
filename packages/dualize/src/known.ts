import { isView } from "./captured.ts";
import { unsupportedValue } from "./errors.ts";
import { originalOf, watching } from "./originals.ts";
import { dataValue } from "./tree.ts";
import { type Knows, TWIN, type Twin, twinOf } from "./twins.ts";
import { overlap } from "./typed-array.ts";

/** Which objects functions see that they are not given. */

type Roots = ReturnType<Knows>;

/** How a function comes to see an object; without keys it may see all of it. */
interface Sight {
  readonly name: string;
  readonly keys?: Set<string>;
}

/** The arrays and objects that a function sees by other names than its parameters, as they are when a call begins. */
class Known {
  #seen: Map<object, Sight> | undefined;
  #views: [ArrayBufferView, string][] | undefined;

  private constructor(private readonly roots: readonly Roots[]) {}

  /**
   * What a function knows, and what those know that it is given, and hold that are no copies; undefined where that is
   * nothing.
   */
  static by(
    twin: Twin | undefined,
    primals: readonly unknown[],
    areNoCopies = false,
  ): Known | undefined {
    let roots: Roots[] | undefined;
    const own = rootsOf(twin);
    if (own) roots = [own];
    for (let i = 0; i < primals.length; i++) {
      const p = primals[i];
      const held = areNoCopies ? { "a part of another argument": p } : undefined;
      const given = typeof p === "function" ? rootsOf(twinOf(p)) : held;
      if (given) roots = [...(roots ?? []), given];
    }
    return roots && new Known(roots);
  }

  /** The name that the function has for an object, or for a field of it. */
  nameOf(copy: object, key?: PropertyKey): string | undefined {
    this.#seen ??= this.#look();
    const object = originalOf(copy);
    const sight = this.#seen.get(object);
    if (sight && (key === undefined || !sight.keys || sight.keys.has(String(key))))
      return sight.name;
    return isView(object) ? this.#views?.find(([view]) => overlap(view, object))?.[1] : undefined;
  }

  #look(): Map<object, Sight> {
    const seen = new Map<object, Sight>();
    const whole = new Map<object, string>();
    const follow = (roots: Roots): void => {
      for (const way in roots) {
        const { isFlat, first, keys } = parsedWay(way);
        let name = first;
        let at = roots[way];
        for (const key of keys) {
          if (!isSeen(at) || isView(at)) break;
          const next = fieldOf(at, key);
          if (next === undefined) break;
          const sight = seen.get(at) ?? { name, keys: new Set() };
          sight.keys?.add(key);
          seen.set(at, sight);
          at = next.value;
          name += `.${key}`;
        }
        if (!isSeen(at)) continue;
        if (isFlat) this.#note(seen, at, name);
        else whole.set(at, name);
      }
    };
    for (const roots of this.roots) follow(roots);
    // The map grows while it is gone through.
    for (const [x, name] of whole) {
      this.#note(seen, x, name);
      const add = (v: unknown): void => {
        if (isSeen(v) && !whole.has(v)) whole.set(v, name);
      };
      // Functions know more, and so do the methods of an object.
      for (const f of [x, dataValueOf(x, "constructor")])
        if (typeof f === "function") follow(rootsOf(twinOf(f)) ?? {});
      if (isView(x)) continue;
      if (x instanceof Map || x instanceof Set) for (const entry of x) [entry].flat().forEach(add);
      if (Array.isArray(x)) [].forEach.call(x, add);
      // What our own records hold is no object of the user's.
      else for (const key of Reflect.ownKeys(x)) if (key !== TWIN) add(dataValue(x, key));
    }
    return seen;
  }

  #note(seen: Map<object, Sight>, x: object, name: string): void {
    seen.set(x, { name });
    if (!isView(x)) return;
    this.#views ??= [];
    this.#views.push([x, name]);
  }
}

interface Way {
  /** Whether what is at its end holds nothing but numbers. */
  readonly isFlat: boolean;
  readonly first: string;
  readonly keys: readonly string[];
}
const ways = new Map<string, Way>();

/** How a function comes to see something, `config.steps` or `table[]`. */
function parsedWay(text: string): Way {
  let way = ways.get(text);
  if (way === undefined) {
    const isFlat = text.endsWith("[]");
    const [first = "", ...keys] = (isFlat ? text.slice(0, -2) : text).split(".");
    way = { isFlat, first, keys };
    ways.set(text, way);
  }
  return way;
}

/** Whether a function has other names for something that it is given; `holdsNumbers` of an argument, and nothing else. */
export function knowsSome(
  twin: Twin,
  primals: readonly unknown[],
  holdsNumbers: (i: number) => boolean = () => false,
): boolean {
  const known = Known.by(twin, primals);
  if (known === undefined) return false;
  const isObject = (x: unknown): x is object => typeof x === "object" && x !== null;
  const inside = new Set<object>();
  const isKnown = (p: object): boolean => {
    if (known.nameOf(p) !== undefined) return true;
    if (!isView(p)) for (const part of Object.values(p)) if (isObject(part)) inside.add(part);
    return false;
  };
  for (let i = 0; i < primals.length; i++) {
    const p = primals[i];
    if (!isObject(p)) continue;
    if (holdsNumbers(i) ? known.nameOf(p) !== undefined : isKnown(p)) return true;
  }
  // The set grows while it is gone through.
  for (const p of inside) if (isKnown(p)) return true;
  return false;
}

/** Whether a function has another name for an object. */
export const knowsBy = (twin: Twin, object: object): boolean =>
  Known.by(twin, [])?.nameOf(object) !== undefined;

// One of the two would be out of date.
watching.of = (f, primals, areNoCopies) => {
  const known = Known.by(twinOf(f), primals, areNoCopies);
  return (
    known &&
    ((original, key) => {
      const name = known.nameOf(original, key);
      if (name === undefined) return;
      throw unsupportedValue(
        `a function changes an argument that it also knows as '${name}'`,
        "Let it use one of the two names, or pass a copy.",
      );
    })
  );
};

const isSeen = (x: unknown): x is object =>
  (typeof x === "object" && x !== null) || typeof x === "function";

function rootsOf(twin: Twin | undefined): Roots | undefined {
  if (twin === undefined) return undefined;
  const classes = twin.standsOn?.map(({ found }, i) => [`class ${i}`, found] as const);
  try {
    const known = (twin.knows ?? twinOf(twin.of)?.knows)?.();
    return classes ? { ...known, ...Object.fromEntries(classes) } : known;
  } catch (error) {
    // A variable that is not there yet leads to nothing.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

const dataValueOf = (x: object, key: PropertyKey): unknown => fieldOf(x, key)?.value;

/** A field that can be looked at without running anything. */
function fieldOf(x: object, key: PropertyKey): { value?: unknown } | undefined {
  for (let at: object | null = x; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, key);
    if (found) return "value" in found ? found : undefined;
  }
  return {};
}
