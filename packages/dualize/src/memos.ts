import { type Asked, asked } from "./asked.ts";
import { callMethod } from "./calls.ts";
import { isObject } from "./conversion.ts";
import { Dual, plain } from "./dual-number.ts";
import { get, has, set, setLoosely } from "./elements.ts";
import type { Site } from "./errors.ts";
import { itself } from "./originals.ts";
import { touched } from "./outliving.ts";
import { live } from "./tags.ts";
import { hasDuals } from "./tree.ts";
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

type Answer = readonly [sources: readonly unknown[], value: unknown];

/** What was kept by active keys in a derivative, for each map or other table: what the keys say, and the value. */
const answers = new Map<object, Answer[]>();
/** The outermost derivative that the answers are of. */
let outermost: number | undefined;

function answersOf(table: object): readonly Answer[] {
  if (live[0] !== outermost) answers.clear();
  outermost = live[0];
  return answers.get(table) ?? [];
}

const movesIn = (x: unknown): boolean =>
  moves(x) ||
  (isObject(x) &&
    hasDuals(x) &&
    (DualArray.is(x) ? x.toArray() : Object.values(x)).some((v) => movesIn(v)));

/** Whether a key is one that nothing can have been kept for before the derivative began. */
export const isNewKey = (sources: readonly unknown[]): boolean =>
  live.length > 0 && sources.some(movesIn);

function agree(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return areSame(a, b);
  const [p, q] = [a, b].map((x) => (DualArray.is(x) ? x.toArray() : x)) as [object, object];
  const keys = Object.keys(p);
  return (
    keys.length === Object.keys(q).length &&
    keys.every((k) => agree(p[k as never] as unknown, q[k as never]))
  );
}

/** What was kept for such a key. One that is an object is known by itself, text by what it was made of. */
function answerFor(table: unknown, key: unknown, sources: readonly unknown[]): Answer | undefined {
  if (!isObject(table)) return undefined;
  const isText = !isObject(key);
  return answersOf(table).find(([own]) =>
    isText
      ? own.length === sources.length && own.every((s, i) => agree(s, sources[i]))
      : itself(own[0]) === itself(key),
  );
}

/** Remembers what is kept for a key that changes with an input. */
function answer(table: object, key: unknown, sources: readonly unknown[], value: unknown): void {
  const known = answerFor(table, key, sources);
  answers.set(table, [...answersOf(table).filter((a) => a !== known), [[...sources], value]]);
}

const isMap = (x: unknown): x is Map<unknown, unknown> =>
  x instanceof Map || x instanceof (WeakMap as never);

/** Runs what asks or fills a memo that a class keeps: its maps are asked as the memo is. */
function through<R>(call: () => R): R {
  const { has, get, set } = asked;
  Object.assign(asked, memo);
  try {
    return call();
  } finally {
    Object.assign(asked, { has, get, set });
  }
}

const memo: Required<Asked> = {
  has: (map, key) =>
    isNewKey([key]) ? { value: answerFor(map, key, [key]) !== undefined } : undefined,
  get: (map, key) => (isNewKey([key]) ? { value: answerFor(map, key, [key])?.[1] } : undefined),
  set: (map, key, value) => {
    if (isNewKey([key])) answer(map, key, [key], value);
  },
};

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
  if (!isNewKey(sources)) return callMethod(site, map, method, key);
  if (!isMap(map)) return through(() => callMethod(site, map, method, key));
  const known = answerFor(map, key, sources);
  return method === "has" ? known !== undefined : known?.[1];
}

/** `map.set(key, value)` for such a map. */
export function keepFor(
  site: Site,
  map: unknown,
  key: unknown,
  value: unknown,
  sources: readonly unknown[] = [key],
): unknown {
  if (!isNewKey(sources) || !isMap(map))
    return through(() => callMethod(site, map, "set", key, value));
  answer(touched(map), key, sources, value);
  return callMethod(site, map, "set", plain(key), value);
}

/** `list.indexOf(key)` and `list.includes(key)` of a list of keys. */
export function findKept(
  site: Site,
  list: unknown,
  method: "indexOf" | "includes",
  key: unknown,
): unknown {
  if (!isNewKey([key]) || isObject(key) || !Array.isArray(list))
    return callMethod(site, list, method, key);
  const found = list.findIndex((own) => areSame(own, key));
  return method === "includes" ? found >= 0 : found;
}

/** `object[key]`, where an object or a list is a memo by its keys. */
export const getKept = (
  object: unknown,
  key: unknown,
  sources: readonly unknown[] = [key],
): unknown => (isNewKey(sources) ? answerFor(object, plain(key), sources)?.[1] : get(object, key));

/** `key in object`. */
export const hasKept = (
  key: unknown,
  object: unknown,
  sources: readonly unknown[] = [key],
): boolean => (isNewKey(sources) ? isKept(object, sources) : has(key, object));

/** Whether something was kept for a key that changes with an input. */
export const isKept = (object: unknown, sources: readonly unknown[]): boolean =>
  answerFor(object, undefined, sources) !== undefined;

/** `object[key] = value`; gives the value. */
export function keepAt<T>(
  isSloppy: boolean,
  site: Site,
  object: unknown,
  key: unknown,
  value: T,
  sources: readonly unknown[] = [key],
): T {
  if (isNewKey(sources) && isObject(object)) answer(touched(object), plain(key), sources, value);
  return (isSloppy ? setLoosely : set)(site, object, key, value);
}
