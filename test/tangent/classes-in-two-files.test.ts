import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "./support/compile.ts";
import { expectAgreement } from "./support/forms.ts";
import { numbersOf } from "./support/trees.ts";

/**
 * Random classes, and functions that use them, in one file and in two: with methods that give numbers,
 * new instances, `this` and their arguments, and change these.
 */

/** Numbers from 0 to n - 1, the same ones for a seed always (mulberry32). */
function randomOf(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

type Gives = "number" | "P" | "this";

function programOf(seed: number): { body: string; cls: string } {
  const random = randomOf(seed);
  const pick = <T>(...of: T[]): T => of[random(of.length)] as T;
  const methods: { name: string; gives: Gives; kind: "method" | "get" | "static" }[] = [];

  const number = (names: string[], objects: string[], depth: number): string => {
    const inner = () => number(names, objects, depth - 1);
    if (depth <= 0) {
      const leaf = random(4);
      if (leaf === 0) return pick("0.5", "2", "-1", "K");
      if (leaf < 3 && objects.length > 0) return `${pick(...objects)}.${pick("a", "b")}`;
      return pick(...names, "0.7");
    }
    switch (random(7)) {
      case 0:
        return `Math.sin(${inner()})`;
      case 1:
        return `Math.tanh(${inner()})`;
      case 2:
        return `squashed(${inner()}, ${inner()})`;
      case 3:
        return `(${inner()} ${pick("+", "-", "*")} ${inner()})`;
      case 4: {
        const m = methods.filter((x) => x.gives === "number" && x.kind !== "static");
        if (m.length === 0) return `Math.cos(${inner()})`;
        const { name, kind } = pick(...m);
        const o = object(names, objects, depth - 1);
        return kind === "get"
          ? `Math.tanh(${o}.${name})`
          : `Math.tanh(${o}.${name}(${object(names, objects, 0)}, ${inner()}))`;
      }
      case 5:
        return `${object(names, objects, depth - 1)}.${pick("a", "b")}`;
      default:
        return `(${inner()} > ${inner()} ? ${inner()} : ${inner()})`;
    }
  };
  const object = (names: string[], objects: string[], depth: number): string => {
    const n = () => number(names, objects, depth - 1);
    const m = methods.filter((x) => x.gives !== "number");
    if (depth > 0 && m.length > 0 && random(2) === 0) {
      const { name, kind } = pick(...m);
      const args = `(${object(names, objects, 0)}, ${n()})`;
      return kind === "static" ? `P.${name}${args}` : `${object(names, objects, 0)}.${name}${args}`;
    }
    if (objects.length === 0 || random(4) === 0) return `new P(${n()}, ${n()})`;
    return pick(...objects);
  };
  const statements = (names: string[], objects: string[], count: number): string[] => {
    const lines: string[] = [];
    const own = [...objects];
    const known = [...names];
    for (let i = 0; i < count; i++) {
      const id = `v${random(1e6)}_${i}`;
      switch (random(5)) {
        case 0:
          lines.push(`const ${id} = ${object(known, own, 2)};`);
          own.push(id);
          break;
        case 1:
          lines.push(`let ${id} = ${number(known, own, 2)};`);
          known.push(id);
          break;
        case 2:
          lines.push(`${pick(...own)}.${pick("a", "b")} = ${number(known, own, 2)};`);
          break;
        case 3:
          lines.push(
            `for (let i = 0; i < 2; i++) { ${pick(...own)}.${pick("a", "b")} += Math.sin(${number(known, own, 1)}); }`,
          );
          break;
        default:
          lines.push(
            `if (${number(known, own, 1)} > 0.1) { ${pick(...own)}.a *= Math.cos(${number(known, own, 1)}); }`,
          );
      }
    }
    names.splice(0, names.length, ...known);
    objects.splice(0, objects.length, ...own);
    return lines;
  };

  const written: string[] = [];
  const count = 2 + random(4);
  for (let i = 0; i < count; i++) {
    const gives = pick<Gives>("number", "number", "P", "P", "this");
    const kind =
      gives === "this"
        ? "method"
        : pick("method", "method", "method", gives === "number" ? "get" : "static");
    const names = kind === "get" ? [] : ["x"];
    const self = kind === "static" ? [] : ["this"];
    const objects = kind === "get" ? self : [...self, "o"];
    const lines = kind === "get" ? [] : statements(names, objects, random(3));
    const result =
      gives === "number"
        ? number(names, objects, 2)
        : gives === "this"
          ? "this"
          : object(names, objects, 1);
    const params = kind === "get" ? "" : "o: P, x: number";
    const word = kind === "method" ? "" : `${kind} `;
    written.push(`${word}m${i}(${params}): ${gives} { ${lines.join(" ")} return ${result}; }`);
    methods.push({ name: `m${i}`, gives, kind });
  }
  const names = ["x"];
  const objects = ["p", "q"];
  const lines = statements(names, objects, 2 + random(4));
  const result = pick("number", "P") === "number";
  const value = result ? number(names, objects, 3) : object(names, objects, 2);
  const cls = `
    const K = 0.3;
    function squashed(u: number, v: number): number { return Math.atan(u * v + K); }
    export class P {
      constructor(public a: number, public b: number) {}
      ${written.join("\n      ")}
    }`;
  const body = `
    export const make = (a: number, b: number) => new P(a, b);
    export function f(p: P, q: P, x: number): ${result ? "number" : "P"} { "use dual"; ${lines.join("\n ")} return ${value}; }`;
  return { body, cls };
}

const helpers = `const K = 0.3; function squashed(u: number, v: number): number { return Math.atan(u * v + K); }`;

describe("random classes in two files", () => {
  // The last one hides a method that changes its argument in a condition.
  it.each([...Array.from({ length: 50 }, (_, i) => i + 1), 102])("seed %i", (seed) => {
    const { body, cls } = programOf(seed);
    const scripts = translate({
      one: `${cls} ${body}`,
      cls: `"use dual"; ${cls}`,
      two: `import { P } from "./cls"; ${helpers} ${body}`,
    });
    const one = load(scripts, "one");
    const two = load(scripts, "two");
    const at = ({ make }: typeof one) => [make?.(0.4, -0.7), make?.(1.2, 0.3), 0.6];
    for (const { f, make } of [one, two])
      expectAgreement({ f: f as never, at: at({ make } as never), noDifferences: "jumps" });
    expect(twinOf(two.f)?.tangent !== undefined).toBe(twinOf(one.f)?.tangent !== undefined);
    // Of a class of its own file it is asked whether anything in it is more than what it is given.
    if (!twinOf(two.f)?.adjoint?.writes)
      expect(twinOf(two.f)?.adjoint !== undefined).toBe(twinOf(one.f)?.adjoint !== undefined);
    // Functions that change their arguments change these too.
    const along = () => [{ a: 1, b: 0.5 }, null, 1] as never;
    const [a, b] = [one, two].map((m) => jvp(m.f as never, at(m) as never, along()));
    expect(numbersOf(a)).toEqual(numbersOf(b));
  });
});
