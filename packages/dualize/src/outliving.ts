import { callMethod } from "./calls.ts";
import { printed } from "./console.ts";
import { isObject } from "./conversion.ts";
import { Dual, type Num, plain } from "./dual-number.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { takeHandedOut } from "./handed-out.ts";
import { isOwnCopy } from "./originals.ts";
import { crossings, endings, isLive, live } from "./tags.ts";
import { frozenAs, hasDuals } from "./tree.ts";
import type { AnyFunction } from "./twins.ts";
import { DualArray } from "./typed-array.ts";

/**
 * What a derivative leaves behind: variables and fields outside the function that hold active values
 * while it runs, and when it has ended what an ordinary call would have stored.
 */

interface Left {
  readonly read: () => unknown;
  readonly write: (value: unknown) => void;
}
let left: Left[] = [];

/** The value that is written to an outer variable. A number is refused; an object is made plain when the derivative ends. */
export function kept<T>(
  site: Site,
  name: string,
  value: T,
  read?: () => unknown,
  write?: (value: unknown) => void,
): T {
  if (!hasDuals(value)) return value;
  if (value instanceof Dual || !read || !write) {
    throw unsupportedValue(
      `an active value was written to '${name}', which is declared outside the marked function`,
      "Return the value instead, or write primalOf(value) if only the number is wanted.",
      site,
    );
  }
  leave({ read, write });
  return value;
}

interface Touched {
  /** The newest derivative in progress then. */
  tag: number;
  /** Whether it is certainly from outside. */
  isOuter: boolean;
}

/** Arrays and objects that active values may have been put into. */
let objects = new Map<object, Touched>();
// Loops touch the same array again and again.
let last: unknown;
let lastTag: number | undefined;
/** How many are remembered that may have been made inside: they are kept alive by it. */
const MOST = 20_000;

/** Remembers that an outer object may hold an active value now: it is made plain when the derivative ends. */
export function touched<T>(object: T): T {
  touch(object, true);
  return object;
}

/** The same for an object that may be an outer one: of a parameter, of `this`, by another name. */
export function maybeTouched<T>(object: T): T {
  if (object !== last || live[live.length - 1] !== lastTag) touch(object, false);
  return object;
}

/** The same where a method puts something in: one that a program wrote sees to its own writes. */
export const maybeFilled = <T>(object: T): T =>
  Array.isArray(object) || object instanceof Map || object instanceof Set
    ? maybeTouched(object)
    : object;

function touch(object: unknown, isOuter: boolean): void {
  if (live.length === 0 || !isObject(object)) return;
  last = object;
  lastTag = live[live.length - 1];
  const newest = live.length === 1 ? (live[0] as number) : Math.max(...live);
  const known = objects.get(object);
  if (known !== undefined && known.tag >= newest && (known.isOuter || !isOuter)) return;
  if (DualArray.is(object) || ArrayBuffer.isView(object) || isOwnCopy(object, newest)) return;
  if (known === undefined && !isOuter && objects.size >= MOST) return;
  remember(object, {
    tag: Math.max(known?.tag ?? -1, newest),
    isOuter: isOuter || known?.isOuter === true,
  });
}

function remember(object: object, how: Touched): void {
  watch();
  objects.set(object, how);
}

function leave(what: Left): void {
  watch();
  left.push(what);
}

function watch(): void {
  endings.settle = settle;
}

function settleLate(): void {
  crossings.settle = () => {};
  if (live.length === 0) settle(-1);
}

function settle(gone: number): void {
  const values = left;
  const before = objects;
  left = [];
  objects = new Map();
  last = undefined;
  if (live.length === 0) answers.clear();
  // From here on what a getter or setter leaves is watched anew.
  endings.settle = undefined;
  // A function that came out of a derivative computes with the tangents that it captured when it is called.
  const copies = takeHandedOut((tag) => !isLive(tag));
  const made = new Map<unknown, unknown>();
  for (const what of values) {
    const value = what.read();
    if (!hasDuals(value)) continue;
    const settled = ended(value, made, copies);
    if (settled !== value) what.write(settled);
    if (hasDuals(settled)) leave(what);
  }
  const isCrossing = crossings.depth > 0 && crossings.tags.has(gone);
  if (isCrossing) crossings.settle = settleLate;
  for (const [object, how] of before) {
    if (how.tag < gone || isCrossing) remember(object, how);
    // What is perhaps one that such a function captured is left to it.
    else if (how.isOuter || !copies) {
      try {
        settleFields(object, made, copies);
      } catch {
        // A proxy may refuse to be looked at; what it keeps is told of where it is met again.
      }
      if (live.length > 0) remember(object, { ...how, tag: Math.max(...live) });
    }
  }
}

/**
 * A value without the tangents of derivatives that have ended: the same objects, where they can be
 * written to and nothing else reads their tangents.
 */
function ended(x: unknown, made: Map<unknown, unknown>, copies: boolean): unknown {
  if (x instanceof Dual) return isLive(x.tag) ? x : ended(x.primal, made, copies);
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return x;
  const known = made.get(x);
  if (known !== undefined) return known;
  const part = (v: unknown) => (hasDuals(v) ? ended(v, made, copies) : v);
  if (DualArray.is(x)) {
    const values = x.toArray().map(part) as Num[];
    const array = values.some((v) => v instanceof Dual)
      ? new DualArray(x.model, values)
      : new x.model(values as number[]);
    made.set(x, array);
    return array;
  }
  if (!hasDuals(x)) return x;
  if (!copies && !Object.isFrozen(x)) {
    made.set(x, x);
    settleFields(x, made, copies);
    return x;
  }
  if (x instanceof Map || x instanceof Set) {
    const target = x instanceof Map ? new Map() : new Set();
    made.set(x, target);
    if (target instanceof Map)
      for (const [k, v] of x as Map<unknown, unknown>) target.set(k, part(v));
    else for (const v of x as Set<unknown>) target.add(part(v));
    return target;
  }
  const target = Array.isArray(x) ? [] : Object.create(Object.getPrototypeOf(x));
  made.set(x, target);
  for (const k of Reflect.ownKeys(x)) {
    const descriptor = Object.getOwnPropertyDescriptor(x, k) as PropertyDescriptor;
    Object.defineProperty(
      target,
      k,
      "value" in descriptor ? { ...descriptor, value: part(descriptor.value) } : descriptor,
    );
  }
  return frozenAs(x, target);
}

type PrivateField = readonly [
  read: (o: object) => unknown,
  write: (o: object, value: unknown) => void,
];
const privateOf = new WeakMap<object, readonly PrivateField[]>();

/** Tells of private fields of a class, which nobody else can read. */
export function privateFields(C: AnyFunction, fields: readonly PrivateField[]): void {
  privateOf.set(C, fields);
  privateOf.set(C.prototype, fields);
}

function settlePrivate(x: object, part: (value: unknown) => unknown): void {
  let owner: object | null = x;
  for (; owner !== null; owner = Object.getPrototypeOf(owner))
    for (const [read, write] of privateOf.get(owner) ?? [])
      try {
        const value = read(x);
        if (hasDuals(value)) write(x, part(value));
      } catch (error) {
        // Those of the class are not there on its instances, nor theirs on it.
        if (!(error instanceof TypeError)) throw error;
      }
}

/** Makes what an object holds plain. */
function settleFields(x: object, made: Map<unknown, unknown>, copies: boolean): void {
  const part = (v: unknown) => ended(v, made, copies);
  settlePrivate(x, part);
  if (x instanceof Map) {
    for (const [k, v] of [...x]) if (hasDuals(v)) x.set(k, part(v));
  } else if (x instanceof Set && hasDuals(x)) {
    const values = [...x];
    x.clear();
    for (const v of values) x.add(hasDuals(v) ? part(v) : v);
  }
  if (Array.isArray(x) && !Object.isFrozen(x)) {
    for (let i = 0; i < x.length; i++) if (hasDuals(x[i])) x[i] = part(x[i]);
    // Elements and nothing else, the common case, need no look at keys.
    if (Reflect.ownKeys(x).length <= x.length + 1) return;
  }
  for (const k of Reflect.ownKeys(x)) {
    const held = Object.getOwnPropertyDescriptor(x, k) as PropertyDescriptor;
    if (!hasDuals(held.value)) continue;
    const value = part(held.value);
    if (held.writable) (x as Record<PropertyKey, unknown>)[k] = value;
    else if (held.configurable) Object.defineProperty(x, k, { ...held, value });
  }
}

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

/** What was kept by active keys, for each map: what the keys say, and the value. */
const answers = new Map<object, [sources: readonly unknown[], value: unknown][]>();

const movesIn = (x: unknown): boolean =>
  moves(x) ||
  (isObject(x) &&
    hasDuals(x) &&
    (DualArray.is(x) ? x.toArray() : Object.values(x)).some((v) => movesIn(v)));

function agree(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return areSame(a, b);
  const [p, q] = [a, b].map((x) => (DualArray.is(x) ? x.toArray() : x)) as [object, object];
  const keys = Object.keys(p);
  return (
    keys.length === Object.keys(q).length &&
    keys.every((k) => agree(p[k as never] as unknown, q[k as never]))
  );
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
  if (!(map instanceof Map) || !sources.some(movesIn)) return callMethod(site, map, method, key);
  const known = answers.get(map)?.find(([own]) => agree(own, sources));
  return method === "has" ? known !== undefined : known?.[1];
}

/** `map.set(key, value)` for such a map, where an ordinary call would find the plain value. */
export function keepFor(
  site: Site,
  map: unknown,
  key: unknown,
  value: unknown,
  sources: readonly unknown[] = [key],
): unknown {
  if (!(map instanceof Map) || !sources.some(movesIn))
    return callMethod(site, map, "set", key instanceof Dual ? plain(key) : key, value);
  remember(map, { tag: Math.max(...live), isOuter: true });
  const known = (answers.get(map) ?? []).filter(([own]) => !agree(own, sources));
  answers.set(map, [...known, [[...sources], value]]);
  return map.set(plain(key), printed(value));
}
