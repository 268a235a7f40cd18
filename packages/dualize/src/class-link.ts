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
  byCode.set(code, byCode.has(code) ? null : C);
}

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
  #record: Record | undefined;

  constructor(
    private readonly code: string,
    private readonly members: readonly string[],
    private readonly find: () => unknown,
    private readonly tell: ((found: AnyFunction) => void) | undefined,
  ) {}

  get isSame(): boolean {
    const C = this.#look() as AnyFunction | null | undefined;
    if (C === undefined || C === null) return false;
    if (C !== this.#found) {
      this.#found = C;
      const record = records.get(C);
      this.#record = record?.code === this.code ? record : undefined;
      if (this.#record) this.tell?.(C);
    }
    const record = this.#record;
    return record !== undefined && this.members.every((m) => isMember(C, m, record.members.get(m)));
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

/** Whether a class still has a member as it was written, with a dual form. */
function isMember(C: AnyFunction, name: string, written: unknown): boolean {
  if (written === undefined) return false;
  const isStatic = name.startsWith("static ");
  const own = isStatic ? name.slice(7) : name;
  const of = (isStatic ? C : C.prototype) as globalThis.Record<string, unknown>;
  if (own.startsWith("get ") || own.startsWith("set ")) {
    const accessor = Object.getOwnPropertyDescriptor(of, own.slice(4));
    return accessor?.[own.slice(0, 3) as "get" | "set"] === written;
  }
  return of[own] === written && twinOf(written) !== undefined;
}
