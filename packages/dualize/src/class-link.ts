import { type AnyFunction, type ClassOfCode, twinOf } from "./twins.ts";

/**
 * Classes of other files. Forms hold derivative code of methods that the plugin has read in the file of
 * the class; here is decided whether the class is that one when the program runs.
 */

/** A class as it was when its file was loaded. */
interface Record {
  readonly code: string;
  /** Its methods and accessors, by what the plugin calls them. */
  readonly members: ReadonlyMap<string, unknown>;
}

const records = new WeakMap<AnyFunction, Record>();
/** The class of a code; null where there are several. */
const byCode = new Map<string, AnyFunction | null>();

/** Keeps what a class is like. */
export function remember(C: AnyFunction, code: string): void {
  const members = new Map<string, unknown>();
  for (const [of, prefix] of [
    [C.prototype, ""],
    [C, "static "],
  ] as const) {
    for (const key of Object.getOwnPropertyNames(of)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(of, key) as PropertyDescriptor;
      if (typeof value === "function") members.set(prefix + key, value);
      if (get) members.set(`${prefix}get ${key}`, get);
      if (set) members.set(`${prefix}set ${key}`, set);
    }
  }
  records.set(C, { code, members });
  // One that no other file can read has no code.
  if (code !== "") byCode.set(code, byCode.has(code) ? null : C);
}

/** A class of the file itself, whose methods may be replaced. */
export const ownClass = (members: readonly string[], find: () => unknown): ClassOfCode =>
  new ClassLink(undefined, members, find, undefined);

/** A class that the file imports. */
export const importedClass = (
  code: string,
  members: readonly string[],
  find: () => unknown,
): ClassOfCode => new ClassLink(code, members, find, undefined);

/** A class that the file has no name for when the program runs: there may be one of that code only. */
export const classOfCode = (
  code: string,
  members: readonly string[],
  tell: (found: AnyFunction) => void,
): ClassOfCode => new ClassLink(code, members, () => byCode.get(code), tell);

class ClassLink implements ClassOfCode {
  #found: unknown;
  /** Where the members are that have to be as they were; undefined where it is another class. */
  #members: readonly Member[] | undefined;

  constructor(
    /** Undefined where it is the very class. */
    private readonly code: string | undefined,
    private readonly names: readonly string[],
    private readonly find: () => unknown,
    private readonly tell: ((found: AnyFunction) => void) | undefined,
  ) {}

  get isSame(): boolean {
    const C = this.#look();
    if (C !== this.#found) this.#resolve(C);
    const members = this.#members;
    if (members === undefined) return false;
    for (let i = 0; i < members.length; i++) {
      const { holder, key, written, accessor } = members[i] as Member;
      const now = accessor ? accessorAt(holder, key, accessor) : holder[key];
      if (now !== written) return false;
    }
    return true;
  }

  /** What is in the file itself its functions tell of. */
  get found(): unknown {
    return this.code === undefined ? undefined : this.#look();
  }

  #resolve(C: unknown): void {
    this.#found = C;
    this.#members = undefined;
    const record = typeof C === "function" ? records.get(C as AnyFunction) : undefined;
    if (record === undefined || (this.code !== undefined && record.code !== this.code)) return;
    const members = this.names.map((name) => memberOf(C as AnyFunction, name));
    // What has no mark there is not differentiated here.
    if (!members.every((m) => m.written && (m.accessor || twinOf(m.written)))) return;
    this.#members = members;
    this.tell?.(C as AnyFunction);
  }

  /** What the name stands for; nothing while its module has not got there. */
  #look(): unknown {
    try {
      return this.find();
    } catch {
      return undefined;
    }
  }
}

interface Member {
  readonly holder: globalThis.Record<string, unknown>;
  readonly key: string;
  readonly written: unknown;
  readonly accessor: "get" | "set" | undefined;
}

/** A member by the name that the plugin has for it: `m`, `get m`, `static m`, …; it may be inherited. */
function memberOf(C: AnyFunction, name: string): Member {
  const words = name.split(" ");
  const key = words.pop() as string;
  const last = words.at(-1);
  let written: unknown;
  for (let of: unknown = C; of && written === undefined; of = Object.getPrototypeOf(of))
    written = records.get(of as AnyFunction)?.members.get(name);
  return {
    holder: words.includes("static") ? (C as never) : C.prototype,
    key,
    written,
    accessor: last === "get" || last === "set" ? last : undefined,
  };
}

/** The getter or setter that runs under a name. */
function accessorAt(holder: object, key: string, accessor: "get" | "set"): unknown {
  for (let of: object | null = holder; of; of = Object.getPrototypeOf(of)) {
    const found = Object.getOwnPropertyDescriptor(of, key);
    if (found) return found[accessor];
  }
  return undefined;
}
