import { square } from "./square.ts";

const scale = (x: number): number => x * 4711.5;

/** Handed on by its name, so that it is asked for its twin. */
export function used(x: number): number {
  "use dual";
  return [x, 2 * x].map(square).reduce((a, b) => a + b, 0);
}

export function unused(x: number): number {
  "use dual";
  return helper(x) + scale(x) * Math.sin(x);
}

function helper(x: number): number {
  return [x].map(inner)[0] as number;
}

function inner(x: number): number {
  return x * 1234.5;
}

export const unusedToo = (x: number): number => {
  "use dual";
  return x * 6789.5;
};

export default function (x: number): number {
  "use dual";
  return x + 1;
}
