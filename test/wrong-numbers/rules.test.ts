import { grad, jvp } from "dualize";
import { expect, it } from "vitest";
import { type Exports, load, translate } from "../tangent/support/compile.ts";

/** Functions with rules that are made while the program runs. The rules are wrong, which tells them apart. */

const main = (code: string): Exports => load(translate({ main: code }), "main");
const rule = (by: string, slope: string): string =>
  `customJvp((x: number) => x * ${by}, ([x]: [number], [dx]: [number]): [number, number] => [x * ${by}, ${slope} * dx])`;

it("each function that a factory makes has the rule that was made with it", () => {
  const { three, five } = main(`
    import { customJvp } from "dualize";
    const make = (k: number) => {
      const scale = ${rule("k", "100 * k")};
      return (x: number): number => { "use dual"; return scale(x) * 2; };
    };
    export const three = make(3);
    export const five = make(5);`);
  expect(jvp(three as never, [2] as never, [1] as never)).toEqual([12, 600]);
  expect(jvp(five as never, [2] as never, [1] as never)).toEqual([20, 1000]);
});

it("each function of a list has its own rule", () => {
  const { f } = main(`
    import { customJvp } from "dualize";
    const scales = [${rule("2", "7")}, ${rule("3", "9")}];
    export function f(x: number): number {
      "use dual";
      let sum = 0;
      for (const scale of scales) sum += scale(x);
      return sum;
    }`);
  expect(jvp(f as never, [2] as never, [1] as never)).toEqual([10, 16]);
});

it("a gradient that ended half-way leaves nothing behind", () => {
  const { f } = main(`
    export function f(x: number[]): number {
      "use dual";
      let sum = 0;
      const cubes: number[] = [];
      for (let i = 0; i < x.length; i++) {
        if (x[i] < 0) throw new Error("negative");
        cubes.push(x[i] ** 3);
        sum += cubes[i] * cubes[0];
      }
      return sum;
    }`);
  const gradient = grad(f as (x: number[]) => number);
  expect(() => gradient([1, 2, -1])).toThrow("negative");
  expect(gradient([1, 2])).toEqual([30, 12]);
});
