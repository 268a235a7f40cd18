/** A square and its derivative. */
import { derivative } from "dualize";
import type { Module } from "../protocol.ts";

function square(x: number): number {
  "use dual";
  return x * x;
}

export const hello: Module = { square, double: derivative(square) };
