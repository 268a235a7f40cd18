import { asked } from "./asked.ts";
import { callMethod } from "./calls.ts";
import { printed } from "./console.ts";
import { isObject } from "./conversion.ts";
import { Dual, plain } from "./dual-number.ts";
import { get, has, set, setLoosely } from "./elements.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { itself } from "./originals.ts";
import { touched } from "./outliving.ts";
import { live } from "./tags.ts";
import { hasDuals, isRecord } from "./tree.ts";
import { DualArray } from "./typed-array.ts";

/** What a program keeps of earlier calls, and asks for again: what an ordinary call left there has no tangents. */

/** Whether a value that a test of a memo looks at changes with an input. */
const moves = (x: unknown): boolean =>
  x instanceof Dual &&
  (x.tangent instanceof Dual ? moves(x.tangent) : x.tangent !== 0 || moves(x.primal));

/**
 * `a === b` and its like, in a test of whether a memo still holds. It does for the same number with the
 * same tangents only: what an ordinary call left there has none.
 */
export function sameKey(operator: string, a: unknown, b: unknown): boolean {
  const isActive = a instanceof Dual || b instanceof Dual;
  const isEqual = primalsAgree(operator, plain(a), plain(b)) && (!isActive || areSame(a, b));
  return operator.startsWith("!") ? !isEqual : isEqual;
}

function primalsAgree(operator: string, a: unknown, b: unknown): boolean {
  if (operator === "Object.is") return Object.is(a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: it is what the user wrote
  return operator.length === 3 ? a === b : a == b;
}

function areSame(a: unknown, b: unknown): boolean {
  if (a instanceof Dual && b instanceof Dual && a.tag === b.tag)
    return areSame(a.primal, b.primal) && areSame(a.tangent, b.tangent);
  if (a instanceof Dual && !(b instanceof Dual && b.tag > a.tag))
    return !moves(new Dual(0, a.tangent)) && areSame(a.primal, b);
  if (b instanceof Dual) return areSame(b, a);
  return a === b;
}

/**
 * `a < b` and its like, in such a test, computed of what was kept and of others: what changes with an
 * input is not near what was kept, unless that changes as much.
 */
export function nearKey(
  operator: string,
  a: unknown,
  b: unknown,
  miss: boolean,
  memo: readonly unknown[] = [],
  others: readonly unknown[] = [a, b],
): boolean {
  const isKept = (x: unknown) =>
    x instanceof Dual &&
    memo.some((m) => m instanceof Dual && m.tag === x.tag && areSame(m.tangent, x.tangent));
  if (others.some((x) => moves(x) && !isKept(x))) return miss;
  const [p, q] = [plain(a) as number, plain(b) as number];
  switch (operator) {
    case "<":
      return p < q;
    case "<=":
      return p <= q;
    case ">":
      return p > q;
    default:
      return p >= q;
  }
}

/** What was kept by a key in a derivative. */
interface Answer {
  /** The key as an ordinary call has it. */
  readonly key: unknown;
  /** What the key is, or what it is the text of: of numbers the tangents tell whose answer it is. */
  readonly sources: readonly unknown[];
  /** The derivatives that were in progress: an object is no longer the same in another one. */
  readonly during: string;
  readonly value: unknown;
  /** Whether it is a place in a list, a name or the like, which is the same however the key changes. */
  readonly isInert: boolean;
}

/** What was kept by keys that change with an input, for each map or other table, by the keys. */
const answers = new Map<object, Map<unknown, readonly Answer[]>>();
/** The outermost derivative that the answers are of. */
let outermost: number | undefined;

/** What text was made of when that was last made, where it was of what changes with an input. */
const texts = new Map<string, readonly unknown[]>();
/** How many texts are remembered: they keep alive what they are made of. */
const MOST_TEXTS = 20_000;

/** What was kept in other derivatives is none of this one. */
function beginAnew(): void {
  if (live[0] === outermost) return;
  outermost = live[0];
  answers.clear();
  texts.clear();
}

asked.text = (made, parts) => {
  beginAnew();
  const sources = parts.map((p) => (typeof p === "string" ? (texts.get(p) ?? p) : asItWas(p)));
  texts.delete(made);
  if (!sources.some((s) => movesIn(s))) return;
  texts.set(made, sources);
  if (texts.size > MOST_TEXTS) for (const [first] of texts) return void texts.delete(first);
};

/** What a key says, as far as it is known where the memo is asked, and what text was made of before it came there. */
function sourcesOf(sources: readonly unknown[]): readonly unknown[] {
  const [only] = sources;
  if (sources.length !== 1 || typeof only !== "string" || live.length === 0) return sources;
  beginAnew();
  return texts.get(only) ?? sources;
}

function answersBy(table: unknown, key: unknown): readonly Answer[] {
  beginAnew();
  return answers.get(table as object)?.get(key) ?? [];
}

/** A map that is emptied has no answers. */
asked.forget = (map) => answers.delete(map);

function movesIn(x: unknown, seen = new Set<unknown>()): boolean {
  if (!isObject(x) || !hasDuals(x)) return moves(x);
  if (seen.has(x)) return false;
  seen.add(x);
  return (DualArray.is(x) ? x.toArray() : Object.values(x)).some((v) => movesIn(v, seen));
}

/** Whether a key is one that nothing can have been kept for before the derivative began. */
export const isNewKey = (sources: readonly unknown[]): boolean =>
  live.length > 0 && sourcesOf(sources).some((s) => movesIn(s));

/** What text was made of, as it was then. */
function asItWas(source: unknown): unknown {
  if (!isObject(source) || !hasDuals(source)) return source;
  if (DualArray.is(source)) return source.toArray();
  if (Array.isArray(source)) return source.map(asItWas);
  return Object.fromEntries(Object.entries(source).map(([k, v]) => [k, asItWas(v)]));
}

function agree(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return areSame(a, b);
  const [p, q] = [a, b].map((x) => (DualArray.is(x) ? x.toArray() : x)) as [object, object];
  const keys = Object.keys(p);
  return (
    keys.length === Object.keys(q).length &&
    keys.every((k) => agree(p[k as never] as unknown, q[k as never]))
  );
}

const asKey = (key: unknown): unknown => (isObject(key) ? itself(key) : plain(key));
const during = (): string => live.join();

function answerFor(table: unknown, key: unknown, sources: readonly unknown[]): Answer | undefined {
  const id = asKey(key);
  const of = sourcesOf(sources);
  const all = answersBy(table, id);
  if (isObject(id)) return all.find((a) => a.during === during());
  return all.find((a) => isMadeOf(a, of)) ?? all.find((a) => a.isInert);
}

const isMadeOf = (a: Answer, sources: readonly unknown[]): boolean =>
  a.sources.length === sources.length && sources.every((s, i) => agree(a.sources[i], s));

/** Whether a value holds nothing that changes with an input, also where nobody can look: in functions, in private fields. */
function isInert(value: unknown): boolean {
  if (!isObject(value)) return !(value instanceof Dual);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === Array.prototype) &&
    Object.values(value).every((v) => !isObject(v) && !(v instanceof Dual))
  );
}

/**
 * What is kept for a key again is the number that was kept for it, which an ordinary call finds: else it was made of more
 * than the key, or is the place of something new. Zero and NaN may say that nothing is there; one that was found from
 * another beginning differs a little.
 */
function expectSame(table: object, id: unknown, value: unknown, site: Site | undefined): void {
  const old = isMap(table)
    ? table.get(id)
    : Array.isArray(table) || isRecord(table)
      ? get(table, id)
      : undefined;
  const [before, now] = [plain(old), plain(value)];
  if (typeof before !== "number" || typeof now !== "number" || !before) return;
  if (before === now || Math.abs(before - now) <= 1e-9 * Math.abs(before)) return;
  throw unsupportedValue(
    "a table keeps another number for a key than the one that is there, which an ordinary call finds",
    "Make the key of all that the number is made of, or empty the table before the derivative.",
    site,
  );
}

/** Remembers what is kept for a key that changes with an input. */
function answer(
  table: object,
  key: unknown,
  sources: readonly unknown[],
  value: unknown,
  site?: Site,
): void {
  const known = answerFor(table, key, sources);
  const id = asKey(key);
  const of = sourcesOf(sources);
  // What this derivative kept by itself for the very key may be replaced, as the best so far is.
  if (!known || !isMadeOf(known, of)) expectSame(table, id, value, site);
  const made = {
    key: id,
    sources: of.map(asItWas),
    during: during(),
    value,
    isInert: isInert(value),
  };
  const all = answersBy(table, id).filter((a) => a !== known);
  let byKey = answers.get(table);
  if (byKey === undefined) {
    byKey = new Map();
    answers.set(table, byKey);
  }
  byKey.set(id, [...all, made]);
}

/** How something is found in a table. */
interface Ways {
  readonly has: (key: unknown) => boolean;
  readonly get: (key: unknown) => unknown;
}
const waysOf = (table: unknown): Ways =>
  isMap(table)
    ? { has: (key) => table.has(key), get: (key) => table.get(key) }
    : { has: (key) => has(key, table), get: (key) => get(table, key) };

/** What is found for a key that changes with an input; undefined where nothing is. */
function found(
  table: unknown,
  key: unknown,
  sources: readonly unknown[],
): { value: unknown } | undefined {
  const known = isObject(table) ? answerFor(table, key, sources) : undefined;
  if (known === undefined) return undefined;
  const ways = waysOf(table);
  const at = [isObject(key) ? key : plain(key), known.key].find((k) => ways.has(k));
  if (at === undefined) return undefined;
  const value = ways.get(at);
  // One place holds what was kept last for one of several numbers that differ by their tangents.
  return { value: isAnswer(table, known.key, value) ? known.value : value };
}

const isAnswer = (table: unknown, key: unknown, value: unknown): boolean =>
  answersBy(table, key).some((a) => Object.is(a.value, value));

/** What is found for a key that no input changes: what was kept for one that does has its number. */
const foundPlain = (table: unknown, key: unknown, value: unknown): unknown =>
  live.length > 0 && isAnswer(table, asKey(key), value) ? printed(value) : value;

const isMap = (x: unknown): x is Map<unknown, unknown> =>
  x instanceof Map || x instanceof (WeakMap as never);

/**
 * Runs what asks or fills a memo that a class keeps: its maps are asked as the memo is. Where they are not asked by the
 * number itself, nothing inside tells whose what they have is.
 */
function through<R>(call: () => R): { readonly result: R; readonly isTold: boolean } {
  const { has, get, set } = asked;
  let isTold = false;
  const told = (key: unknown): boolean => {
    const isNew = isNewKey([key]);
    isTold ||= isNew;
    return isNew;
  };
  asked.has = (map, key) =>
    told(key) ? { value: found(map, key, [key]) !== undefined } : undefined;
  asked.get = (map, key) => (told(key) ? { value: found(map, key, [key])?.value } : undefined);
  asked.set = (map, key, value) => {
    if (told(key)) answer(touched(map), key, [key], value);
  };
  try {
    const result = call();
    return { result, isTold };
  } finally {
    Object.assign(asked, { has, get, set });
  }
}

/**
 * `map.has(key)` and `map.get(key)` of a map that is a memo by its keys: what was kept for a plain number is
 * not for an active one. `sources` are what the key is the text of, or the key.
 */
export function askKept(
  site: Site,
  map: unknown,
  method: "has" | "get",
  key: unknown,
  sources: readonly unknown[] = [key],
): unknown {
  const call = () => callMethod(site, map, method, key);
  if (!isNewKey(sources)) return foundPlain(map, key, call());
  if (!isMap(map)) return foundThrough(map, method, key, sources, call);
  const known = found(map, key, sources);
  return method === "has" ? known !== undefined : known?.value;
}

/** The same of an object that keeps in a way of its own. */
function foundThrough(
  table: unknown,
  method: "has" | "get",
  key: unknown,
  sources: readonly unknown[],
  call: () => unknown,
): unknown {
  const { result, isTold } = through(call);
  if (isTold) return result;
  const known = answerFor(table, key, sources);
  if (method === "has") return known !== undefined && result;
  if (known === undefined) return undefined;
  return isAnswer(table, known.key, result) ? known.value : result;
}

/** `map.set(key, value)` for such a map. */
export function keepFor(
  site: Site,
  map: unknown,
  key: unknown,
  value: unknown,
  sources: readonly unknown[] = [key],
): unknown {
  if (!isNewKey(sources)) return callMethod(site, map, "set", plain(key), value);
  if (isMap(map)) {
    answer(touched(map), key, sources, value, site);
    return callMethod(site, map, "set", plain(key), value);
  }
  const { result, isTold } = through(() => callMethod(site, map, "set", key, value));
  if (!isTold && isObject(map)) answer(map, key, sources, value, site);
  return result;
}

/** `list.indexOf(key)` and `list.includes(key)` of a list of keys. */
export function findKept(
  site: Site,
  list: unknown,
  method: "indexOf" | "includes",
  key: unknown,
): unknown {
  if (!moves(key) || !Array.isArray(list)) return callMethod(site, list, method, key);
  const at = list.findIndex((own) => areSame(own, key));
  return method === "includes" ? at >= 0 : at;
}

/** `object[key]`, where an object or a list is a memo by its keys. */
export const getKept = (
  object: unknown,
  key: unknown,
  sources: readonly unknown[] = [key],
): unknown =>
  isNewKey(sources)
    ? found(object, key, sources)?.value
    : foundPlain(object, key, get(object, key));

/** `key in object`. */
export const hasKept = (
  key: unknown,
  object: unknown,
  sources: readonly unknown[] = [key],
): boolean => (isNewKey(sources) ? isKept(object, key, sources) : has(plain(key), object));

/** Whether something was kept for a key that changes with an input. */
export const isKept = (object: unknown, key: unknown, sources: readonly unknown[]): boolean =>
  found(object, key, sources) !== undefined;

/** `object[key] = value`; gives the value. */
export function keepAt<T>(
  isSloppy: boolean,
  site: Site,
  object: unknown,
  key: unknown,
  value: T,
  sources: readonly unknown[] = [key],
): T {
  if (isNewKey(sources) && isObject(object)) answer(touched(object), key, sources, value, site);
  return (isSloppy ? setLoosely : set)(site, object, key, value);
}
