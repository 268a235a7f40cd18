import { Dual, plain } from "./dual-number.ts";
import { endings, isLive } from "./tags.ts";
import type { Copies } from "./tree.ts";
import { behind } from "./typed-array.ts";

/**
 * What the copies are of that dual forms get of arrays and objects: a function may have met the original
 * by another name, and then the two are one thing to it.
 */

/** Watches what is written back to the originals of a call. */
export type Watch = (original: object, key: PropertyKey) => void;

interface Call {
  readonly lift: Copies;
  readonly watch: Watch | undefined;
  /** What of the arguments is no copy, and functions that it has by itself; and what watches for them. */
  whole?: object[];
  more?: Watch | undefined;
}
let copies: Call[] = [];

/** What watches the calls of functions that know more than they are given; known.ts fills it. */
export const watching: {
  of?: (f: unknown, primals: readonly unknown[], areNoCopies?: boolean) => Watch | undefined;
} = {};

behind.lifts = (lift, f, primals) => {
  if (copies.length > 0) copies = copies.filter((of) => isLive(of.lift.tag));
  copies.push({ lift, watch: primals && watching.of?.(f, primals) });
};
behind.refuse = (lift, original, key) => {
  const call = copies.find((of) => of.lift === lift);
  call?.watch?.(original, key);
  if (call?.whole === undefined) return;
  call.more ??= watching.of?.(undefined, call.whole, true);
  call.more?.(original, key);
};

/** Remembers an object that a call is given as it is, and its functions: they may hold and know what else it is given. */
export function noteWhole(lift: Copies, ...objects: object[]): void {
  const call = copies.find((of) => of.lift === lift);
  if (call) call.whole = [...(call.whole ?? []), ...objects];
}
endings.over = (tag) => {
  // An async function goes on.
  if (isLive(tag)) return;
  if (copies[copies.length - 1]?.lift.tag === tag) copies.length--;
  else copies = copies.filter(({ lift }) => lift.tag !== tag);
};

/** What the passes of a transform get, so that each sees the arguments as they were. */
const originals = new WeakMap<object, object>();
behind.copied = (copy, original) => {
  originals.set(copy as object, original as object);
  if (Array.isArray(original)) likeOriginal(copy as unknown[], original, (v) => v);
};

/** Gives the copy of an array what the original is and has beside its elements. */
export function likeOriginal(
  copy: unknown[],
  original: unknown[],
  part: (value: unknown, key: string) => unknown,
): void {
  const prototype: unknown = Object.getPrototypeOf(original);
  if (prototype !== Array.prototype) Object.setPrototypeOf(copy, prototype as object);
  const keys = Object.keys(original);
  if (keys.length === original.length) return;
  for (const key of keys)
    if (!Object.hasOwn(copy, key) && !/^\d+$/.test(key))
      (copy as unknown as Record<string, unknown>)[key] = part(original[key as never], key);
}

/** What an object of a derivative in progress is a copy of, or the object itself. */
export function originalOf(x: object): object {
  let found = x;
  for (let own: object | undefined = x; own !== undefined; ) {
    found = own;
    own = originals.get(found);
    for (let i = copies.length - 1; i >= 0 && own === undefined; i--)
      own = copies[i]?.lift.originalOf(found)?.original as object | undefined;
  }
  return found;
}

/** What an object of a derivative in progress is a copy of that moves. */
export function isCopyOf(x: object): object | undefined {
  for (let i = copies.length - 1; i >= 0; i--) {
    const own = copies[i]?.lift.originalOf(x);
    if (own) return own.tangent ? (own.original as object) : undefined;
  }
  return undefined;
}

/** What an object is a copy of that a derivative got which ends, if it is one. */
export function givenAs(copy: object, tag: number): object | undefined {
  for (const { lift } of copies) {
    const own = lift.tag === tag && lift.originalOf(copy);
    if (own) return copiedFrom(own.original as object);
  }
  return undefined;
}

/** What was copied for each pass, or the object itself. */
function copiedFrom(x: object): object {
  let found = x;
  for (let own: object | undefined = x; own !== undefined; own = originals.get(own)) found = own;
  return found;
}

/** Whether an object is a copy that the newest derivative got of an argument: it is written back, and dropped with it. */
export const isOwnCopy = (x: object, tag: number): boolean =>
  copies.some(({ lift }) => lift.tag === tag && lift.originalOf(x));

/** What `===` and its like compare: numbers without tangents, and what copies are copies of. */
export const itself = (x: unknown): unknown =>
  x instanceof Dual ? plain(x) : typeof x === "object" && x !== null ? originalOf(x) : x;
