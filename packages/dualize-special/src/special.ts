import { add, Dual, div, type Num, primalOf, strong } from "dualize/dual";
import { out, twin, twinOf } from "dualize/runtime";

/**
 * A partial derivative, given the value of the function and its arguments. It is made of operations
 * on numbers that may be dual, so it can be differentiated in its turn, as often as is asked for.
 */
export type Partial = (value: Num, ...args: Num[]) => Num;

/** What our own formulas call: the function, on numbers that may be dual. */
type OnDuals = (...args: Num[]) => Num;

/** A function of one number with its derivative: both forms of the twin. */
export function unary(value: (x: number) => number, partial: Partial): (x: number) => number {
  const dual = (x: Num): Num => {
    if (!(x instanceof Dual)) return value(x);
    const r = dual(x.primal);
    return new Dual(r, along(x.tangent, partial, r, [x.primal]), x.tag);
  };
  const tangent = (x: number, dx: number): number => {
    const r = value(x);
    out[0] = along(dx, partial, r, [x]) as number;
    return r;
  };
  return twin((x: number) => value(x), { dual, tangent, signature: "n:n", replayable: true });
}

type Numbers = readonly number[];

/** A function of several numbers with its partial derivatives: both forms of the twin. */
export function several<A extends Numbers>(
  value: (...args: A) => number,
  ...partials: { [K in keyof A]: Partial }
): (...args: A) => number {
  const dual = (...args: Num[]): Num => {
    const tag = args.reduce<number>((t, a) => (a instanceof Dual ? Math.max(t, a.tag) : t), -1);
    if (tag < 0) return value(...(args as unknown as A));
    const moves = (a: Num): a is Dual => a instanceof Dual && a.tag === tag;
    const primals = args.map((a) => (moves(a) ? a.primal : a));
    const r = dual(...primals);
    const tangent = args.reduce<Num>(
      (sum, a, i) =>
        moves(a) ? add(sum, along(a.tangent, partials[i] as Partial, r, primals)) : sum,
      0,
    );
    return new Dual(r, tangent, tag);
  };
  const tangent = (...pairs: number[]): number => {
    const args = pairs.filter((_, i) => i % 2 === 0);
    const r = value(...(args as unknown as A));
    out[0] = partials.reduce(
      (sum, partial, i) => sum + (along(pairs[2 * i + 1] as number, partial, r, args) as number),
      0,
    );
    return r;
  };
  const signature = `${partials.map(() => "n").join(",")}:n`;
  const f = (...args: A): number => value(...args);
  return twin(f, { dual, tangent, signature, replayable: true });
}

/** What one argument adds to the tangent. Where the value is NaN, derivatives of all orders are. */
function along(tangent: Num, partial: Partial, value: Num, args: readonly Num[]): Num {
  // An argument that stays where it is asks for no partial: it may be one that has none.
  if (isZero(tangent)) return 0;
  const isOutside = Number.isNaN(primalOf(value));
  return strong(isOutside ? div(Number.NaN, args.reduce(add)) : partial(value, ...args), tangent);
}

const isZero = (t: Num): boolean =>
  t instanceof Dual ? isZero(t.primal) && isZero(t.tangent) : t === 0;

/** One of our functions as formulas of derivatives call it, on numbers that may be dual. */
export const onDuals = (f: (...args: never[]) => number): OnDuals =>
  (twinOf(f) as { dual: OnDuals }).dual;
