import type { Batch } from "./measure.ts";

const VARIANTS = 16;

/**
 * A loop of calls `f(...args)`, compiled for this function alone. A loop that many functions share
 * would see them all and inline none of them, which no user's loop does; and a call with constant
 * arguments could be moved out of the loop, so that the first number among them differs a little
 * from call to call.
 *
 * `call` is the text of the call. It sees `f`, the arguments `a0`, `a1`, ... and the tangents `t0`,
 * `t1`, ...; `read` turns its result `r` into a number.
 */
export function batchOf(
  f: unknown,
  args: readonly unknown[],
  tangents: readonly unknown[],
  call: string,
  read: string,
): Batch {
  const varied = args.findIndex((arg) => typeof arg === "number");
  const variants = Float64Array.from(
    { length: VARIANTS },
    (_, i) => (args[varied] as number) * (1 + i * 1e-9),
  );
  const names = (letter: string) => args.map((_, i) => `${letter}${i}`).join(", ");
  const source = `
    const [${names("a")}] = args;
    const [${names("t")}] = tangents;
    return function batch(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const r = ${call.replaceAll(`a${varied},`, `variants[i & ${VARIANTS - 1}],`)};
        sum += ${read};
      }
      return sum;
    };`;
  return new Function("f", "args", "tangents", "variants", source)(f, args, tangents, variants);
}

/** The arguments of a call, each with a comma behind it: `a0, a1, `. */
export function plainArguments(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}, `).join("");
}

/** Arguments and tangents in turn: `a0, t0, a1, t1, `. */
export function alternating(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}, t${i}, `).join("");
}
