import { badArgument } from "../errors.ts";
import { canReplay, holds } from "../replay.ts";
import { describe, isRecord } from "../tree.ts";
import { type Buffers, type Twin, twinOf } from "../twins.ts";
import { behind } from "../typed-array.ts";
import { checkFunction } from "./function-argument.ts";

/** One pass for each input, or one for each output on the way back. */
export type Mode = "forward" | "reverse";

/** Options of the transforms that differentiate by one argument. */
export interface ArgnumOption<N extends number = number> {
  /** Which argument to differentiate by, counted from 0 (the default). */
  readonly argnum?: N;
}

/** Options of the transforms that can go both ways. */
export interface ModeOption<N extends number = number> extends ArgnumOption<N> {
  /**
   * `"forward"`: one pass for each number in the argument; `"reverse"`: one sweep for each number in
   * the value. If not given, it is chosen by how many numbers there are: see docs/reverse-mode.md.
   */
  readonly mode?: Mode;
}

/** Options of the transforms that differentiate by one argument, or by several at once. */
export interface GradientOption<N extends number | readonly number[] = number | readonly number[]> {
  /** Which argument to differentiate by, counted from 0 (the default); a list of different ones gives a list. */
  readonly argnum?: N;
  /** As for the other transforms: see `ModeOption`. */
  readonly mode?: Mode;
}

const isPlace = (argnum: unknown): boolean => Number.isInteger(argnum) && (argnum as number) >= 0;

/** Whether an `argnum` is a place, or a list of places, each once. */
export const isPlaces = (argnum: unknown): boolean =>
  Array.isArray(argnum)
    ? new Set(argnum.filter(isPlace)).size === (argnum.length || 1)
    : isPlace(argnum);

/** The options of a transform, with the argument to differentiate by, or several where these are allowed. */
export function checkOptions<N extends number | readonly number[] = number>(
  call: string,
  options?: GradientOption<N>,
  isAllowed = isPlace,
): { argnum: N; mode: Mode | undefined } {
  if (options !== undefined && !isRecord(options))
    throw badArgument(call, "options", describe(options));
  const { argnum = 0 as N, mode }: GradientOption<N> = options ?? {};
  if (!isAllowed(argnum))
    throw badArgument(call, "as argnum a place, counted from 0", String(argnum));
  if (mode !== undefined && mode !== "forward" && mode !== "reverse")
    throw badArgument(call, 'the mode "forward" or "reverse"', String(mode));
  return { argnum, mode };
}

/** A transform by some arguments, with what it keeps between its calls. */
export interface Job<N = number> {
  readonly call: string;
  readonly argnum: N;
  readonly mode: Mode | undefined;
  readonly buffers: Buffers;
}

/** What a transform is asked for, once it has been looked at. */
export function jobOf<N extends number | readonly number[] = number>(
  call: string,
  f: unknown,
  options?: GradientOption<N>,
  isAllowed?: typeof isPlace,
): Job<N> {
  checkFunction(call, f);
  return { call, ...checkOptions(call, options, isAllowed), buffers: { args: undefined } };
}

/*
 * Where recording pays, measured over the kernels of the benchmark: a recording costs as much as 11 to
 * 360 passes of the tangent form (about 50 in geometric mean), and as 2 to 5 of the dual form.
 */
const FORWARD_PASSES = 64;

/** Whether a gradient of the function of a twin by `inputs` numbers goes forward. */
export function goesForward(
  twin: Twin | undefined,
  args: readonly unknown[],
  inputs: number,
  mode?: Mode,
): boolean {
  return mode ? mode === "forward" : inputs <= (mayRunAgain(twin, args) ? FORWARD_PASSES : 1);
}

/** Whether a Jacobian goes row by row, when the function has been recorded: a sweep costs about four passes of the tangent form. */
export function goesBack(
  twin: Twin | undefined,
  args: readonly unknown[],
  inputs: number,
  outputs: number,
): boolean {
  // Functions and promises among the outputs have no cotangents.
  return Number.isFinite(outputs) && (!mayRunAgain(twin, args) || outputs * 4 <= inputs);
}

/** Whether several passes see what one would: else the second finds what the first has left behind. */
export function mayRunAgain(given: Twin | undefined, args: readonly unknown[]): boolean {
  // A gradient, whose Jacobian is best taken column by column: each is an H·v.
  const twin = given?.of ? twinOf(given.of) : given;
  return (
    !twin ||
    (!twin.once &&
      (canReplay(twin) || (holds(twin.contained) && !behind.remembered?.(args))) &&
      !twin.asks?.(args) &&
      !behind.haveAccessors?.(args))
  );
}
