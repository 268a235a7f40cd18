import type { Layout, Signature } from "./signature.ts";

/** Code that the plugin emits beside a marked function. */
export interface Twin {
  /** The function on numbers that may carry tangents. */
  readonly dual: AnyFunction;
  /** The function on plain numbers and their tangents; absent where the analysis fell back to the dual form. */
  readonly tangent?: AnyFunction;
  /** The kinds the tangent form was compiled for, e.g. `n,n:n`. */
  readonly signature?: string;
  /** The same, read; kept from the first call on. */
  parsed?: Signature;
  /**
   * Whether running the function again has no effect but its result, so a NaN tangent can be checked
   * by the dual form; with the functions of other modules that it calls, where these decide.
   */
  readonly replayable?: boolean | readonly Replayable[];
  /** The same where it changes its arguments, and nothing else. */
  readonly contained?: boolean | readonly Replayable[];
  /** Whether those functions alone may change something: where they do not, neither does it. */
  readonly quiet?: boolean;
  /** Whether functions among some arguments may change something, where it calls such. */
  readonly asks?: (args: readonly unknown[]) => boolean;
  /** The functions of other modules that it calls, where it changes more than that. */
  readonly reaches?: readonly Replayable[];
  /** The classes of other files whose code is in the forms that are not the dual form, and those of its own whose methods may be replaced. */
  readonly standsOn?: readonly ClassOfCode[];
  /**
   * Whether it knows of objects that it is not given: a copy of an argument may be another thing to it,
   * and what it gives may be held elsewhere.
   */
  readonly isOpen?: boolean;
  /**
   * The arrays and objects that it sees and is not given, by the way to what is seen of them: `world.bodies`, and
   * `table[]` where it holds numbers alone. An argument may be one of them.
   */
  readonly knows?: Knows;
  /** The function that this is the gradient of. */
  readonly of?: unknown;
  /** Whether the dual form, where there is no other, may put active values into what its caller reads as constant. */
  readonly leaves?: boolean;
  /** Whether the tangent form met something it was not compiled for, so that the dual form is taken at once. */
  declines?: boolean;
  /** Whether it has met a function, given to it or chosen by it, that may not be run again. */
  once?: boolean;
  /** The classes that the signature names. */
  readonly classes?: () => Record<string, unknown>;
  /** Both sweeps of reverse mode in one function, and the kinds that it was compiled for. */
  readonly adjoint?: Adjoint;
  /** The same of its tangent along the first argument, which follows that: its gradient is H·v. */
  readonly hvp?: Adjoint;
  /**
   * The same of value and tangent along all arguments, (x, dx, y, dy, …) ↦ { p, t }: how second-order
   * code of other modules goes back through the function.
   */
  readonly second?: Adjoint;
  /** How the transforms run the forms of marked functions. The runtime adds it: programs without such do not carry it. */
  readonly calls?: TangentCalls;
  /** How the transforms run the adjoint form, where there is one. */
  readonly adjoints?: AdjointCalls;
  /** The name the function has where it stands, which wrapping it in a call would lose. */
  readonly name?: string;
}

export type Knows = () => Readonly<Record<string, unknown>>;

/** A function that is known only when the program runs. */
export interface Replayable {
  readonly isReplayable: boolean;
  /** Whether tangent code may call it. */
  readonly isSound: boolean;
  /** Whether it changes nothing, its arguments neither. */
  readonly isQuiet: boolean;
}

/** A class of which the plugin has read the code. */
export interface ClassOfCode {
  /** Whether it is the class that was read, with the methods that were. */
  readonly isSame: boolean;
  /** The class that the name stands for now. */
  readonly found: unknown;
}

/**
 * The adjoint form of a function that changes nothing but what it makes, or is given, so that it can be
 * run again; what it calls of other modules is looked at when it gets there.
 */
export interface Adjoint {
  /**
   * Takes the arguments, each array or object with its adjoint beside it, and the cotangent of the
   * result; gives the result. Adds to the adjoints, and leaves those of numbers in slots.
   */
  readonly run: AnyFunction;
  readonly signature: string;
  /** The only argument that has its adjoint beside it, where not all arrays and objects have. */
  readonly by?: number;
  /** The arguments of the function, but the first, that have a tangent behind them in second-order code. */
  readonly along?: readonly number[];
  /** Whether it saves anything on the tape, or runs what does. */
  readonly usesTape?: boolean;
  /** The signature, read; kept from the first call on. */
  parsed?: Signature;
  /** How the form takes its arguments; kept likewise. */
  layout?: Layout;
  /** Whether it met something it was not compiled for, so that it is not tried again. */
  declines?: boolean;
  /** Whether what it computes depends on its arguments alone, whenever it is run. */
  readonly isClosed?: boolean;
  /** Whether it changes its arguments, and nothing else: it is run on copies. */
  readonly writes?: boolean;
  /**
   * Where it changes what is around it, so that it runs in the place of the function and what it finds
   * stands, with strong zeros: the links to functions of other files that have to be found before, and must not look
   * at what it may change.
   */
  readonly once?: readonly { readonly isFound: boolean; readonly isSame: boolean }[];
  readonly classes?: () => Record<string, unknown>;
}

type Pair = [value: unknown, tangent: unknown];

/**
 * The transforms by the tangent form. Each gives undefined where the form does not take the
 * arguments; the dual form does then.
 */
export interface TangentCalls {
  /**
   * The function and its `this` are for closures that came out of the form and are applied to duals. Where tangents are
   * given flat arguments are taken by the dual form too.
   */
  push(
    twin: Twin,
    primals: readonly unknown[],
    tangents: readonly unknown[],
    f: unknown,
    self: unknown,
  ): Pair | undefined;
  /** The tangent along the first argument, all arguments and the result being numbers. */
  derivative(twin: Twin, args: readonly unknown[]): number | undefined;
  /** Value and gradient by a number or a flat array of numbers. */
  gradient(
    twin: Twin,
    args: readonly unknown[],
    argnum: number,
    buffers: Buffers,
  ): Pair | undefined;
  /** Value and Jacobian of a flat array by a flat array. */
  jacobian(
    twin: Twin,
    args: readonly unknown[],
    argnum: number,
    buffers: Buffers,
  ): Pair | undefined;
}

/** A value, and what takes a cotangent of it back. */
export type PullBack = [
  value: unknown,
  pullback: (cotangent?: unknown, written?: unknown[]) => unknown,
];

/**
 * The transforms by the adjoint form. Each gives undefined where the form does not take the
 * arguments; the dual form does then.
 */
export interface AdjointCalls {
  /** Whether the form takes the arguments. */
  takes(twin: Twin, args: readonly unknown[]): boolean;
  /** The value, and cotangents of the arguments, or of some, for a cotangent of the value. */
  sweep(
    twin: Twin,
    args: readonly unknown[],
    value: unknown,
    cotangent: unknown,
    by?: readonly number[],
  ): [value: unknown, cotangents: unknown[]] | undefined;
  /** Value and gradient by one argument. */
  gradient(twin: Twin, args: readonly unknown[], argnum: number): Pair | undefined;
  /** Value and gradients by several arguments. */
  gradients(
    twin: Twin,
    args: readonly unknown[],
    all: readonly number[],
  ): [value: unknown, gradients: unknown[]] | undefined;
  /** Value and pullback; `general` is the way of the dual form. */
  pull(
    f: AnyFunction,
    self: unknown,
    twin: Twin,
    primals: readonly unknown[],
    general: (primals: readonly unknown[]) => PullBack,
  ): PullBack | undefined;
  /** Value and Jacobian, row by row. */
  jacobian(
    f: AnyFunction,
    self: unknown,
    twin: Twin,
    args: readonly unknown[],
    argnum: number,
    columns: number,
    isAsked: boolean,
  ): Pair | undefined;
  /** How the transforms differentiate `gradient`, which gives the gradient of `f` by its first argument. */
  second(f: AnyFunction, gradient: AnyFunction): TangentCalls;
  /** The tangent of the gradient by the first argument, along `direction`; `goesOn` where more is asked for with the same arguments. */
  hvp(twin: Twin, args: readonly unknown[], direction: unknown, goesOn?: boolean): unknown;
  /** The Hessian by the first argument, which has numbers. */
  hessian(twin: Twin, args: readonly unknown[]): unknown;
}

/** What a transform keeps between its calls: the seed, and zero tangents of the other arguments. */
export interface Buffers {
  args: unknown[] | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: any function at all can have a twin
export type AnyFunction = (...args: any[]) => any;

// A symbol of this copy of the library: another copy in the program knows other dual numbers and tags,
// so its functions count as unmarked here, which is an error instead of a lost tangent.
export const TWIN = Symbol("dualize.twin");

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

/** The same of a function that gives the gradient of `f` by its first argument: second-order code of `f` tells its tangents. */
export function gradientForm<F extends AnyFunction>(gradient: F, f: AnyFunction): F {
  let calls: TangentCalls | undefined;
  (gradient as Twinned)[TWIN] = {
    dual: gradient,
    owner: gradient,
    of: f,
    // When it is asked for: the twin of `f` may be attached later.
    get calls() {
      calls ??= twinOf(f)?.adjoints?.second(f, gradient);
      return calls;
    },
  };
  return gradient;
}

/** The twin of `f`, if it has one of its own. */
export function twinOf(f: unknown): Twin | undefined {
  const record = typeof f === "function" ? (f as Twinned)[TWIN] : undefined;
  return record?.owner === f ? record : undefined;
}

/** Whether `f` takes duals as it is: a closure made inside a dual form, or one of our own functions. */
export const isDualForm = (f: unknown): boolean => f !== undefined && twinOf(f)?.dual === f;
