import type { AnyFunction } from "./twins.ts";

/**
 * The functions on duals that stand for functions of `Math`, whatever name they are reached by.
 * math.ts fills this: a program without it (and without emitted code, which always has it) does not
 * pay for the table of rules.
 */
export const natives = new Map<unknown, AnyFunction>();

export const nativeTwin = (f: unknown): AnyFunction | undefined => natives.get(f);
