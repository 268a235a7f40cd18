/** Code that the plugin emits beside a marked function. */
export interface Twin {
  /** The function on numbers that may carry tangents. */
  readonly dual: AnyFunction;
  /** The function on plain numbers and their tangents; absent where the analysis fell back to the dual form. */
  readonly tangent?: AnyFunction;
  /** The kinds the tangent form was compiled for, e.g. `n,n:n`. */
  readonly signature?: string;
  /** Whether running the function again has no effect but its result, so a NaN tangent can be checked by the dual form. */
  readonly replayable?: boolean;
  /** The classes that the signature names. */
  readonly classes?: () => Record<string, unknown>;
  /** The name the function has where it stands, which wrapping it in a call would lose. */
  readonly name?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: any function at all can have a twin
export type AnyFunction = (...args: any[]) => any;

// Symbol.for, so that two copies of the library in one program see each other's twins.
const TWIN = Symbol.for("dualize.twin");

// A subclass inherits its parent's properties, twin included, so a record says whose it is.
interface Owned extends Twin {
  readonly owner: unknown;
}

interface Twinned {
  [TWIN]?: Owned;
}

/** Attaches a twin to a function and returns the function. */
export function twin<F>(f: F, record: Twin): F {
  if (record.name !== undefined)
    Object.defineProperty(f, "name", { value: record.name, configurable: true });
  Object.defineProperty(f, TWIN, {
    value: { ...record, owner: f },
    configurable: true,
    writable: true,
  });
  return f;
}

/** Marks a function that takes duals as it is. */
export function dualForm<F extends AnyFunction>(f: F): F {
  (f as Twinned)[TWIN] = { dual: f, owner: f };
  return f;
}

/** The twin of `f`, if it has one of its own. */
export function twinOf(f: unknown): Twin | undefined {
  const record = typeof f === "function" ? (f as Twinned)[TWIN] : undefined;
  return record?.owner === f ? record : undefined;
}

/** Whether `f` takes duals as it is: a closure made inside a dual form, or one of our own functions. */
export const isDualForm = (f: unknown): boolean => twinOf(f)?.dual === f;
