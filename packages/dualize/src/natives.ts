import { math } from "./math.ts";
import { rules } from "./rules.ts";
import type { AnyFunction } from "./twins.ts";

const twins = new Map<unknown, AnyFunction>(
  Object.keys(rules).map((name) => [
    (Math as unknown as Record<string, AnyFunction>)[name],
    math[name] as AnyFunction,
  ]),
);

/** The function on duals that stands for a function of `Math`, whatever name it was reached by. */
export const nativeTwin = (f: unknown): AnyFunction | undefined => twins.get(f);
