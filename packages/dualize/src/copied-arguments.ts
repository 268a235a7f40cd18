import { isView } from "./captured.ts";
import { nativeTwin } from "./natives.ts";
import type { Parameter } from "./signature.ts";
import { isRecord } from "./tree.ts";

/** Arguments of which a function that writes into them is given copies. */

/**
 * Remembers what is inside what. Where a function puts something else into its arguments, the adjoints
 * go with it, and those of what was there before are asked for.
 */
export function rememberParts(tree: readonly unknown[]): () => void {
  const parts: [holder: Fields, key: PropertyKey, part: object, restore: Restore][] = [];
  const visit = (holder: object, key: PropertyKey) => {
    const part = (holder as Fields)[key];
    if (!isObject(part)) return;
    const keys = Array.isArray(part) || isView(part) ? undefined : Object.keys(part);
    const { length } = part as unknown[];
    parts.push([holder as Fields, key, part, (x) => (keys ? withKeys(x, keys) : ended(x, length))]);
    if (Array.isArray(part)) for (let i = 0; i < length; i++) visit(part, i);
    else for (const k of keys ?? []) visit(part, k);
  };
  for (let i = 0; i < tree.length; i++) visit(tree, i);
  return () => {
    // What is inside first: what grew is copied, without what it grew by.
    for (const [holder, key, part, restore] of parts.reverse()) holder[key] = restore(part);
  };
}

type Fields = Record<PropertyKey, unknown>;

type Restore = (part: object) => object;

const ended = (x: object, length: number): object => (Array.isArray(x) ? x.slice(0, length) : x);

function withKeys(x: object, keys: readonly string[]): object {
  if (Object.keys(x).length === keys.length && keys.every((k) => Object.hasOwn(x, k))) return x;
  const made = Object.create(Object.getPrototypeOf(x));
  for (const key of keys) made[key] = (x as Fields)[key];
  return made;
}

/**
 * Whether copies of arguments are to a function that writes into them what the arguments are: no two
 * of their parts are one, and what is not differentiated can't be changed.
 */
export function areApart(params: readonly Parameter[], args: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  const isApart = (x: unknown): boolean => {
    // A function may know of the arguments by other names.
    if (typeof x === "function") return nativeTwin(x) !== undefined;
    if (typeof x !== "object" || x === null) return true;
    const part = isView(x) ? x.buffer : x;
    if (seen.has(part) || !Object.isExtensible(x)) return false;
    seen.add(part);
    if (isView(x)) return true;
    if (Array.isArray(x)) return Object.values(x).every(isApart);
    return isRecord(x) && Object.keys(x).every((key) => isField(x, key) && isApart(x[key]));
  };
  return args.every((x, i) => !(params[i]?.shape.k === "i" && isObject(x)) && isApart(x));
}

const isObject = (x: unknown): x is object => typeof x === "object" && x !== null;

/** Whether what is read is what was written: no accessor, and no constant. */
const isField = (x: object, key: string): boolean =>
  Object.getOwnPropertyDescriptor(x, key)?.writable === true;
