import { isView } from "./captured.ts";
import { isObject } from "./conversion.ts";
import { Dual, type Num } from "./dual-number.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { takeHandedOut } from "./handed-out.ts";
import { givenAs, isOwnCopy } from "./originals.ts";
import { crossings, endings, isLive, live } from "./tags.ts";
import { extraction, frozenAs, isRecord, someField } from "./tree.ts";
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

/**
 * The value that is written to an outer variable. A number is refused where the function says itself that it is marked;
 * an object, and else a number, is made plain when the derivative ends.
 */
export function kept<T>(
  site: Site,
  name: string,
  value: T,
  read?: () => unknown,
  write?: (value: unknown) => void,
  mayBeNumber?: boolean,
): T {
  if (!isLeftIn(value, (copy) => live.some((tag) => givenAs(copy, tag)))) return value;
  if ((value instanceof Dual && !mayBeNumber) || !read || !write) {
    throw unsupportedValue(
      `an active value was written to '${name}', which is declared outside the marked function`,
      "Return the value instead, or write primalOf(value) if only the number is wanted.",
      site,
    );
  }
  leaveOnce({ read, write });
  return value;
}

/** A variable that holds an active number already, as a sum does, was left before. */
function leaveOnce(what: Left): void {
  const before = what.read();
  if (!(before instanceof Dual && isLive(before.tag))) leave(what);
}

/** The value that a memo of several variables is filled with: it is made plain when the derivative ends. */
export function leftIn<T>(value: T, read: () => unknown, write: (value: unknown) => void): T {
  if (value instanceof Dual || isObject(value)) leave({ read, write });
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
  if (DualArray.is(object) || isView(object) || isOwnCopy(object, newest)) return;
  if (known === undefined && !isOuter && objects.size >= MOST) return;
  remember(object, {
    tag: Math.max(known?.tag ?? -1, newest),
    isOuter: isOuter || known?.isOuter === true,
  });
}

/** Remembers an object that must be made plain. */
export function remember(object: object, how: Touched): void {
  watch();
  objects.set(object, how);
}

extraction.isLeft = (x) => objects.get(x)?.isOuter === true;

/** The same for a variable, or for what else can be read and written. */
export function leave(what: Left): void {
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
  // From here on what a getter or setter leaves is watched anew.
  endings.settle = undefined;
  // A function that came out of a derivative computes with the tangents that it captured when it is called.
  const copies = takeHandedOut((tag) => !isLive(tag));
  const ending: Ending = { tag: gone, made: new Map(), copies };
  for (const what of values) {
    const value = what.read();
    const settled = ended(value, ending);
    if (settled !== value) what.write(settled);
    if (live.length > 0) leave(what);
  }
  const isCrossing = crossings.depth > 0 && crossings.tags.has(gone);
  if (isCrossing) crossings.settle = settleLate;
  for (const [object, how] of before) {
    if (how.tag < gone || isCrossing) remember(object, how);
    // What is perhaps one that such a function captured is left to it.
    else if (how.isOuter || !copies) {
      try {
        settleFields(object, ending);
      } catch {
        // A proxy may refuse to be looked at; what it keeps is told of where it is met again.
      }
      if (live.length > 0) remember(object, { ...how, tag: Math.max(...live) });
    }
  }
}

/** What ends, and what was made of values so far. */
interface Ending {
  readonly tag: number;
  readonly made: Map<unknown, unknown>;
  /** Whether something else may read the tangents of what is left: a function that came out. */
  readonly copies: boolean;
}

/** Whether a value holds what must not outlive a derivative: tangents, and copies that it got of its arguments. */
function isLeftIn(x: unknown, isCopy: (x: object) => unknown, before?: Set<unknown>): boolean {
  if (x instanceof Dual) return true;
  if (typeof x !== "object" || x === null || isView(x) || before?.has(x)) return false;
  if (isCopy(x)) return true;
  if (DualArray.is(x)) return holdsDual(x);
  // Where nothing but numbers is in it nothing has to be remembered.
  let seen = before;
  const isLeft = (v: unknown): boolean => {
    if (typeof v !== "object" || v === null) return false;
    seen ??= new Set();
    seen.add(x);
    return isLeftIn(v, isCopy, seen);
  };
  if (x instanceof Map || x instanceof Set) return [...x].some(isLeft);
  // A class of lists may have methods of its own.
  if (Array.isArray(x)) return [].some.call(x, isLeft);
  return isRecord(x) && someField(x, ({ value }) => isLeft(value));
}

function holdsDual(x: DualArray): boolean {
  for (let i = 0; i < x.length; i++) if (x.get(i) instanceof Dual) return true;
  return false;
}

/**
 * A value without the tangents of derivatives that have ended, and with the arguments in place of their
 * copies: the same objects, where they can be written to and nothing else reads their tangents.
 */
function ended(x: unknown, ending: Ending): unknown {
  const { made, copies } = ending;
  if (x instanceof Dual) return isLive(x.tag) ? x : ended(x.primal, ending);
  if (typeof x !== "object" || x === null || isView(x)) return x;
  const known = made.get(x);
  if (known !== undefined) return known;
  const given = givenAs(x, ending.tag);
  if (given !== undefined) return given;
  const part = (v: unknown) => ended(v, ending);
  if (DualArray.is(x)) {
    const values = x.toArray();
    let isActive = false;
    for (let i = 0; i < values.length; i++) {
      if (!(values[i] instanceof Dual)) continue;
      values[i] = part(values[i]) as Num;
      isActive ||= values[i] instanceof Dual;
    }
    const array = isActive ? new DualArray(x.model, values) : new x.model(values as number[]);
    made.set(x, array);
    return array;
  }
  if (!isLeftIn(x, (copy) => givenAs(copy, ending.tag))) return x;
  if (!copies && !Object.isFrozen(x)) {
    made.set(x, x);
    settleFields(x, ending);
    return x;
  }
  if (x instanceof Map || x instanceof Set) {
    const target = x instanceof Map ? new Map() : new Set();
    made.set(x, target);
    if (target instanceof Map)
      for (const [k, v] of x as Map<unknown, unknown>) target.set(part(k), part(v));
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
let havePrivate = false;

/** Tells of private fields of a class, which nobody else can read. */
export function privateFields(C: AnyFunction, fields: readonly PrivateField[]): void {
  havePrivate = true;
  privateOf.set(C, fields);
  privateOf.set(C.prototype, fields);
}

function settlePrivate(x: object, part: (value: unknown) => unknown): void {
  let owner: object | null = x;
  for (; owner !== null; owner = Object.getPrototypeOf(owner))
    for (const [read, write] of privateOf.get(owner) ?? [])
      try {
        const value = read(x);
        const settled = part(value);
        if (settled !== value) write(x, settled);
      } catch (error) {
        // Those of the class are not there on its instances, nor theirs on it.
        if (!(error instanceof TypeError)) throw error;
      }
}

/** Makes what an object holds plain. */
function settleFields(x: object, ending: Ending): void {
  const part = (v: unknown) => ended(v, ending);
  if (havePrivate) settlePrivate(x, part);
  if (x instanceof Map || x instanceof Set) settleEntries(x, part);
  if (Array.isArray(x) && !Object.isFrozen(x)) {
    let holes = 0;
    for (let i = 0; i < x.length; i++) {
      const held = x[i];
      if (typeof held === "number") continue;
      const value = part(held);
      if (!Object.is(value, held)) x[i] = value;
      if (value === undefined && !(i in x)) holes++;
    }
    // Elements and nothing else, the common case, need no look at keys.
    if (Reflect.ownKeys(x).length + holes === x.length + 1) return;
  }
  for (const k of Reflect.ownKeys(x)) {
    const held = Object.getOwnPropertyDescriptor(x, k) as PropertyDescriptor;
    const value = part(held.value);
    if (Object.is(value, held.value)) continue;
    if (held.writable) (x as Record<PropertyKey, unknown>)[k] = value;
    else if (held.configurable) Object.defineProperty(x, k, { ...held, value });
  }
}

/** The entries of a map or set stay in their order where a key of theirs is another now. */
function settleEntries(
  x: Map<unknown, unknown> | Set<unknown>,
  part: (v: unknown) => unknown,
): void {
  const before = [...x.entries()];
  const after = before.map(([k, v]) => [part(k), part(v)] as const);
  const isSame = (i: number) => Object.is(after[i]?.[0], before[i]?.[0]);
  if (!before.every((_, i) => isSame(i))) x.clear();
  for (const [i, [k, v]] of after.entries())
    if (x instanceof Set) x.add(k);
    else if (!isSame(i) || !Object.is(v, before[i]?.[1]) || !x.has(k)) x.set(k, v);
}
