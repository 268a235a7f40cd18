// Types of several makes that marked functions of other files use; nothing here is executed.
import type { Named } from "./named.js";

export interface Point {
  x: number;
  y: number;
}
export interface Sphere extends Point, Named {
  radius: number;
}
export type Box<T> = { value: T; weight: number };
export type List = number[] | Float64Array;
export interface Vec extends ArrayLike<number> {}
export type Unary = (x: number) => number;
export enum Mode {
  plain,
  squared,
}
export type Figure =
  | { kind: "disc"; radius: number }
  | { kind: "bar"; width: number; height: number };
export type { Named as Titled } from "./named.js";
export * from "./named.js";
export default interface Settings {
  gain: number;
  offset?: number;
  note: string;
}
