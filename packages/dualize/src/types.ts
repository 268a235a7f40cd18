/** The type of a tangent: the shape of `T` with `null` where `T` holds no numbers. */
export type Tangent<T> = T extends number
  ? number
  : T extends string | boolean | bigint | symbol | null | undefined
    ? null
    : T extends Float32Array | Float64Array
      ? T
      : T extends ArrayBufferView
        ? null
        : T extends (...args: infer A) => infer R
          ? (...args: A) => Tangent<R>
          : T extends Promise<infer R>
            ? Promise<Tangent<R>>
            : T extends ReadonlyMap<infer K, infer V>
              ? Map<K, Tangent<V>>
              : T extends WithoutNumbers
                ? null
                : T extends readonly unknown[]
                  ? { -readonly [K in keyof T]: Tangent<T[K]> }
                  : T extends object
                    ? {
                        [K in keyof T as T[K] extends (...args: never[]) => unknown
                          ? never
                          : K]: Tangent<T[K]>;
                      }
                    : null;

/** Objects of JavaScript whose tangent is null. */
type WithoutNumbers = ReadonlySet<unknown> | Date | RegExp;

/** A tangent as an argument: leaves and branches may be left out, null or undefined, which is zero. */
export type TangentInput<T> = T extends number
  ? number | null | undefined
  : T extends string | boolean | bigint | symbol | null | undefined
    ? null | undefined
    : T extends Float32Array | Float64Array
      ? T | ArrayLike<number> | null | undefined
      : T extends ((...args: never[]) => unknown) | ReadonlyMap<unknown, unknown> | WithoutNumbers
        ? null | undefined
        : T extends readonly unknown[]
          ? { readonly [K in keyof T]: TangentInput<T[K]> } | null | undefined
          : T extends object
            ? { readonly [K in keyof T]?: TangentInput<T[K]> } | null | undefined
            : null | undefined;

/** Tangents for a list of arguments: as long as the arguments or shorter. */
export type TangentInputs<A extends readonly unknown[]> = {
  readonly [K in keyof A]?: TangentInput<A[K]>;
};

/** The cotangents that a pullback gives: for each argument one in its shape, null where it has no number. */
export type Cotangents<A extends readonly unknown[]> = { -readonly [K in keyof A]: Tangent<A[K]> };

/**
 * What `vjp` gives beside the value: cotangents of the arguments from one of the value. Of a function
 * that returns functions it takes their arguments first; of an async function it gives a promise.
 */
export type Pullback<A extends readonly unknown[], R> = R extends (...args: infer B) => infer S
  ? (...args: B) => Pullback<A, S>
  : (
      cotangent?: TangentInput<Awaited<R>>,
      written?: TangentInputs<A>,
    ) => R extends Promise<unknown> ? Promise<Cotangents<A>> : Cotangents<A>;

/** Every number in `T` replaced by `Leaf`: how a Jacobian is put together from its rows. */
export type MapNumbers<T, Leaf> = T extends number
  ? Leaf
  : T extends Float32Array | Float64Array
    ? Leaf[]
    : T extends string | boolean | bigint | symbol | null | undefined
      ? null
      : T extends (...args: infer A) => infer R
        ? (...args: A) => MapNumbers<R, Leaf>
        : T extends readonly unknown[]
          ? { -readonly [K in keyof T]: MapNumbers<T[K], Leaf> }
          : T extends object
            ? { [K in keyof T]: MapNumbers<T[K], Leaf> }
            : null;

// biome-ignore lint/suspicious/noExplicitAny: the arguments of any function
export type Args = any[];
export type Fn<A extends Args, R> = (...args: A) => R;

/** What a gradient is taken of: a number, or a function that returns one, to any depth. */
export type Scalar = number | ScalarFunction;

type ScalarFunction = (...args: never) => Scalar;

/** What may hold numbers to differentiate by. */
export type Differentiable = number | object | null | undefined;

/** The arguments of a function that is differentiated by one of them: text has no derivative. */
export type ArgsBy<N extends number> = number extends N
  ? Args
  : N extends 0
    ? [x?: Differentiable, ...rest: Args] | Differentiable[]
    : Args;

/** Makes it a type error to differentiate by an argument that the function does not have. */
export type HasArgument<A extends Args, N extends number> = number extends A["length"] | N
  ? unknown
  : `${N}` extends keyof A
    ? unknown
    : { argnum: never };

/** The same of several arguments. */
export type HasArguments<A extends Args, N extends readonly number[]> = number extends A["length"]
  ? unknown
  : `${N[number]}` extends keyof A
    ? unknown
    : { argnum: never };
