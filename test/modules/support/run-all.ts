import { jvp } from "dualize";
import { calls } from "./cases.ts";

/** All calls, each with its value and its tangent along ones, as plain data. */
export function runAll(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, { f, at }]) => {
      const args = at.map((a) => (typeof a === "object" ? (a as number[]).slice() : a));
      const along = at.map((a) => (typeof a === "object" ? (a as number[]).map(() => 1) : 1));
      return [name, JSON.parse(JSON.stringify([...jvp(f, args, along as never), args]))];
    }),
  );
}
