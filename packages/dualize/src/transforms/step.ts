import { add, Linear, type Num } from "../dual-number.ts";
import { whileLive } from "../tags.ts";
import type { Term } from "../tape.ts";
import { Lift, Parts } from "../tree.ts";
import { asList, mapNumbers, numbersOf, spread } from "./pull.ts";

/** A function of plain arguments, with its derivative in both directions. */
export interface Known {
  readonly value: unknown;
  /** A cotangent of the value to cotangents of the arguments. */
  pull(cotangent: unknown): readonly unknown[];
  /** Tangents of the arguments to a tangent of the value. */
  push(tangents: readonly unknown[]): unknown;
}

/** Whether some arguments carry terms of a tape, not tangents, at `tag`. */
export function isRecorded(args: readonly unknown[], tag: number): boolean {
  const parts = new Parts(tag);
  return numbersOf(args.map((a) => parts.tangent(a))).some((t) => t instanceof Linear);
}

/**
 * Calls a function that knows its own derivative with arguments that carry `tag`: on the tape of a
 * reverse mode it is one step, in forward mode its tangent is asked for at once.
 */
export function asStep(
  args: readonly unknown[],
  tag: number,
  what: string,
  run: (primals: unknown[]) => Known,
): unknown {
  const parts = new Parts(tag);
  const primals = args.map((a) => parts.primal(a));
  const tangents = args.map((a) => parts.tangent(a));
  const shapes = tangents.map((t) => mapNumbers(t, () => 0, asList));
  const known = run(primals);
  // What the function captured may be active too, and has its part in the tangent already.
  const results = new Parts(tag);
  const value = results.primal(known.value);
  const captured = results.tangent(known.value);
  const shaped = (numbers: readonly Num[]) => {
    let k = 0;
    return mapNumbers(captured, (c) => add(c, numbers[k++] as Num), asList, true);
  };
  const operands = numbersOf(tangents);
  const recorded = operands.find((t) => (t as unknown) instanceof Linear) as Term | undefined;
  // What it captured belongs to a derivative that may have ended by then.
  const later = <R>(body: () => R): R => whileLive(tag, body);
  const plain = (x: unknown) => new Parts(tag).primal(x);
  const flat = (trees: readonly unknown[]) =>
    shapes.flatMap((shape, i) => spread(shape, plain(trees[i]), `argument ${i} of ${what}`));
  const zeros = mapNumbers(captured, () => 0, asList, true);
  const like = (numbers: readonly Num[]) => {
    let k = 0;
    return mapNumbers(zeros, () => numbers[k++], asList, true);
  };
  const tangent =
    recorded === undefined
      ? shaped(numbersOf(plain(known.push(tangents))))
      : shaped(
          recorded.tape.step({
            operands: operands.map((t) => ((t as unknown) instanceof Linear ? (t as never) : 0)),
            results: numbersOf(captured).length,
            pull: (cotangents) => flat(later(() => known.pull(like(cotangents)))),
            push: (numbers) => {
              let k = 0;
              const directions = shapes.map((shape) =>
                mapNumbers(shape, () => numbers[k++], asList),
              );
              return numbersOf(plain(later(() => known.push(directions))));
            },
          }),
        );
  return new Lift(tag).lift(value, tangent, `the value of ${what}`);
}
