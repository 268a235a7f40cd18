import { Dual, type Num, plain } from "./dual-number.ts";
import { type Site, unsupportedValue } from "./errors.ts";
import { takeHandedOut } from "./handed-out.ts";
import { isLive, live } from "./tags.ts";
import { frozenAs, hasDuals, ownKeys } from "./tree.ts";
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

/** Remembers that a field of an outer object may hold an active value now. */
export function keptIn<T>(object: unknown, key: unknown, value: T): T {
  if (typeof object === "object" && object !== null && hasDuals(value)) {
    const container = object as Record<PropertyKey, unknown>;
    const k = plain(key) as PropertyKey;
    leave({
      read: () => {
        // What a setter stored is made plain where it is: to run it again may do more than to store.
        if (isAccessor(container, k)) ended(container, new Map(), false);
        return container[k];
      },
      write: (v) => {
        container[k] = v;
      },
    });
  }
  return value;
}

function isAccessor(x: object | null, k: PropertyKey): boolean {
  if (x === null) return false;
  const descriptor = Object.getOwnPropertyDescriptor(x, k);
  return descriptor ? !("value" in descriptor) : isAccessor(Object.getPrototypeOf(x), k);
}

function leave(what: Left): void {
  if (left.length === 0) watch();
  left.push(what);
}

// Programs that leave nothing behind do not carry this: the list of derivatives is watched from here.
function watch(): void {
  live.splice = (...args: [number, number]) => {
    const gone = Array.prototype.splice.apply(live, args) as number[];
    settle();
    return gone;
  };
}

function settle(): void {
  const all = left;
  left = [];
  // From here on what a getter or setter leaves is watched anew.
  Reflect.deleteProperty(live, "splice");
  // A function that came out of a derivative computes with the tangents that it captured when it is called.
  const copies = takeHandedOut((tag) => !isLive(tag));
  const made = new Map<unknown, unknown>();
  for (const what of all) {
    const value = what.read();
    if (!hasDuals(value)) continue;
    const settled = ended(value, made, copies);
    if (settled !== value) what.write(settled);
    if (hasDuals(settled)) leave(what);
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
  const isCopied = copies || Object.isFrozen(x);
  if (x instanceof Map || x instanceof Set) {
    const target = isCopied ? (x instanceof Map ? new Map() : new Set()) : x;
    made.set(x, target);
    const entries = [...x];
    if (target instanceof Map)
      for (const [k, v] of entries as [unknown, unknown][]) target.set(k, part(v));
    else {
      target.clear();
      for (const v of entries) target.add(part(v));
    }
    return target;
  }
  const target = (
    !isCopied ? x : Array.isArray(x) ? [] : Object.create(Object.getPrototypeOf(x))
  ) as Record<PropertyKey, unknown>;
  made.set(x, target);
  for (const k of isCopied ? Reflect.ownKeys(x) : ownKeys(x)) {
    const descriptor = Object.getOwnPropertyDescriptor(x, k) as PropertyDescriptor;
    if (isCopied)
      Object.defineProperty(
        target,
        k,
        "value" in descriptor ? { ...descriptor, value: part(descriptor.value) } : descriptor,
      );
    else if (descriptor.writable && hasDuals(descriptor.value))
      target[k as string] = part(descriptor.value);
  }
  return frozenAs(x, target);
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
  const isEqual =
    // biome-ignore lint/suspicious/noDoubleEquals: it is what the user wrote
    (operator.length === 3 ? plain(a) === plain(b) : plain(a) == plain(b)) &&
    (!isActive || areSame(a, b));
  return operator.startsWith("!") ? !isEqual : isEqual;
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
