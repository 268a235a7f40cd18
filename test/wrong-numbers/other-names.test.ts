import { grad, hvp, jvp, valueAndGrad, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { load, translate } from "../tangent/support/compile.ts";

/**
 * Arguments that a function knows by other names too: what it writes by one of them it would not see by
 * the other, since a derivative has copies of the arguments.
 */

type Modules = Record<string, string>;
type Case = string | Modules;

/** A fresh program: `f`, and arguments of which it knows something. */
function fresh(code: Case): { f: never; args: never[] } {
  const files: Modules = typeof code === "string" ? { main: code } : code;
  const marked = Object.entries(files).map(([name, text]) => [name, `"use dual"; ${text}`]);
  const program = load(translate(Object.fromEntries(marked)), "main") as {
    f: never;
    args: () => never[];
  };
  return { f: program.f, args: program.args() };
}

const unit = (x: unknown): unknown => {
  if (typeof x === "number") return 1;
  if (ArrayBuffer.isView(x)) return (x as Float64Array).slice().fill(1);
  if (Array.isArray(x)) return x.map(unit);
  return typeof x === "object" && x !== null
    ? Object.fromEntries(Object.entries(x).map(([k, v]) => [k, unit(v)]))
    : null;
};

const transforms: Record<string, (f: never, args: never[]) => unknown> = {
  jvp: (f, args) => jvp(f, args as never, args.map(unit) as never),
  "the dual form": (f, args) => pushDual(f, undefined, args, args.map(unit)),
  vjp: (f, args) => vjp(f, args as never),
  "a gradient forwards": (f, args) => grad(f, { mode: "forward" })(...(args as never)),
  "a gradient back": (f, args) => grad(f, { mode: "reverse" })(...(args as never)),
  "a product with the Hessian": (f, [x, ...rest]) =>
    (hvp(f) as (...args: unknown[]) => unknown)(x, unit(x), ...rest),
};

const data = "export const args = () => [data];";

const refused: Record<string, Case> = {
  "a variable of the file": `export const data = [2, 3]; export function f(p: number[]) { p[0] = p[0] * 2; return p[0] * data[0] + p[1]; } ${data}`,
  "a variable that is given another list later": `let data: number[] = []; export function f(p: number[]) { p[0] *= p[1]; return p[0] * data[0]; } export const args = () => { data = [2, 3]; return [data]; };`,
  "a table of lists that have names": `const row = [2, 3]; const table = [row]; export function f(p: number[]) { p[0] *= p[1]; return p[0] * table[0][0]; } export const args = () => [row];`,
  "a function that is another one by now": `let get: () => number[] = () => []; export function f(p: number[]) { p[0] *= p[1]; return p[0] * get()[0]; } export const args = () => { const a = [2, 3]; get = () => a; return [a]; };`,
  "fields of a table that have names": `const row = [2, 3]; const table = { row }; export function f(p: number[]) { p[0] *= p[1]; return p[0] * table.row[0]; } export const args = () => [row];`,
  "a variable that helpers read and write": `const data = [2, 3]; function twice(p: number[]) { p[0] *= 2; } function first() { return data[0]; }
    export function f(p: number[]) { twice(p); return p[0] * first(); } ${data}`,
  "a variable that is written": `const data = [2, 3]; export function f(p: number[]) { data[0] = p[0] * p[1]; return p[0] * p[1]; } ${data}`,
  "a field of an object": `const world = { g: 2, bodies: [{ x: 1, v: 2 }] };
    export function f(b: { x: number; v: number }[]) { b[0].x += b[0].v * world.g; return world.bodies[0].x * b[0].x; }
    export const args = () => [world.bodies];`,
  "part of an argument": `const row = [2, 3]; export function f(p: { a: { b: number[] } }) { p.a.b[0] *= 2; return p.a.b[0] * row[0]; } export const args = () => [{ a: { b: row } }];`,
  "a part that is taken out first": `const w = { data: [2, 3] }; export function f(p: number[]) { const { data } = w; p[0] *= 2; return p[0] * data[0]; } export const args = () => [w.data];`,
  "what a function around it has": `function make(data: number[]) { return (p: number[]) => { p[0] = p[0] * 2; return p[0] * data[0]; }; } const d = [2, 3]; export const f = make(d); export const args = () => [d];`,
  "what an instance has": `class S { state = [2, 3]; step(q: number[]) { q[0] *= 2; return this.state[0] * q[0]; } } const s = new S();
    export const f = (q: number[]) => s.step(q); export const args = () => [s.state];`,
  "a static field": `class C { static data = [2, 3]; } export function f(p: number[]) { p[0] *= 2; return p[0] * C.data[0]; } export const args = () => [C.data];`,
  "what a store of closures holds": `function make() { const d = [2, 3]; return { all: () => d, first() { return d[0]; } }; } const store = make();
    export function f(p: number[]) { p[0] *= 2; return p[0] * store.first(); } export const args = () => [store.all()];`,
  "what a function that is given knows": `const data = [2, 3]; export function f(p: number[], g: () => number) { p[0] *= 2; return p[0] * g(); } export const args = () => [data, () => data[0]];`,
  "a view of the same buffer": `const data = Float64Array.of(2, 3, 4); const view = data.subarray(0, 2); export function f(p: Float64Array) { p[0] = p[0] * 2; return p[0] * view[0]; } ${data}`,
  "the length of a list": `const data = [2, 3]; export function f(p: number[]) { p.push(p[0] * p[1]); return data.length * p[2]; } ${data}`,
  "what is imported": {
    m: "export const data = [2, 3];",
    main: `import { data } from "./m"; export function f(p: number[]) { p[0] *= 2; return p[0] * data[0]; } ${data}`,
  },
  "what a function of another file reads": {
    a: "export const data = [2, 3]; export function first(x: number) { return data[0] * x; }",
    m: `import { first } from "./a"; export function second(x: number) { return first(x) + 1; }`,
    main: `import { second } from "./m"; import { data } from "./a"; export function f(p: number[]) { p[0] *= 2; return p[0] * second(p[1]); } ${data}`,
  },
  "what a function of another file writes": {
    m: "export const data = [2, 3]; export function put(p: number[], x: number) { p[0] = x; return data[0]; }",
    main: `import { data, put } from "./m"; export function f(p: number[]) { return put(p, p[0] * p[1]) * p[0]; } ${data}`,
  },
  "what a module reads that is imported whole": {
    m: "export const data = [2, 3]; export function first(x: number) { return data[0] * x; }",
    main: `import * as M from "./m"; export function f(p: number[]) { p[0] *= 2; return M.first(p[1]); } export const args = () => [M.data];`,
  },
  "what a class of another file reads": {
    m: "export const data = [2, 3]; export class S { k = 2; step(q: number[]) { q[0] *= this.k; return data[0] * q[0]; } }",
    main: `import { S, data } from "./m"; export function f(q: number[]) { return new S().step(q); } ${data}`,
  },
};

describe("an argument that is written, and known by another name, is refused", () => {
  for (const [name, code] of Object.entries(refused))
    it.each(Object.entries(transforms))(`${name}: %s`, (_, transform) => {
      const { f, args } = fresh(code);
      expect(() => transform(f, args)).toThrow(
        expect.objectContaining({
          code: "DUAL108",
          message: expect.stringContaining("also knows as"),
        }),
      );
    });

  it("by the name that the function has for it", () => {
    const { f, args } = fresh(refused["a field of an object"] as string);
    expect(() => grad(f)(...(args as never))).toThrow("'world.bodies.0'");
  });

  it("also where it is written by the other name alone", () => {
    const { f, args } = fresh(
      `const data = [2, 3]; const set = (x: number) => { data[0] = x; };
       export function f(p: number[]) { set(p.length + 5); return p[0] * p[1]; } ${data}`,
    );
    expect(() => jvp(f, args as never, args.map(unit) as never)).toThrow("'data'");
  });

  it("also in a derivative inside another", () => {
    const { f, args } = fresh(
      `import { grad } from "dualize";
       export function f(p: number[]) {
         const w = [p[0], p[1]];
         return grad((q: number[]) => { q[0] = q[0] * 2; return q[0] * w[0]; })(w)[0];
       }
       export const args = () => [[2, 3]];`,
    );
    for (const transform of Object.values(transforms))
      expect(() => transform(f, args)).toThrow("'w'");
  });

  it("and a copy is not", () => {
    const { f, args } = fresh(refused["a variable of the file"] as string);
    expect(jvp(f, [[...(args[0] as number[])]] as never, [[1, 0]] as never)).toEqual([11, 4]);
  });
});

/** Programs with the gradient by their first argument. */
const taken: Record<string, readonly [code: Case, gradient: unknown]> = {
  "of which nothing is written": [
    `export const data = [2, 3]; export function f(p: number[]) { return p[0] * data[0] + p[1]; } ${data}`,
    [2, 1],
  ],
  "of which other fields are read": [
    `const w = { x: 1, g: 3 }; export function f(p: { x: number; g: number }) { p.x = p.x * 2; return p.x * w.g; } export const args = () => [w];`,
    { x: 6, g: 0 },
  ],
  "beside which others are read": [
    `const world = { g: 2, bodies: [{ x: 1, v: 2 }] }; export function f(b: { x: number; v: number }[]) { b[0].x += b[0].v * world.g; return b[0].x; } export const args = () => [world.bodies];`,
    [{ x: 1, v: 2 }],
  ],
  "of a buffer of which other parts are read": [
    `const data = Float64Array.of(1, 2, 3, 4); const head = data.subarray(0, 2); export function f(p: Float64Array) { p[0] = p[1] * 3; return head[1] * p[0]; } export const args = () => [data.subarray(2, 4)];`,
    Float64Array.of(0, 6),
  ],
  "compared with what it is": [
    `export const data = [2, 3]; export function f(p: number[]) { return p === data ? p[0] * 5 : p[1]; } ${data}`,
    [5, 0],
  ],
  "compared with what it is not": [
    `const data = [2, 3]; export function f(p: number[]) { if (p !== data) return p[1]; return p[0] * p[0]; } ${data}`,
    [4, 0],
  ],
  "compared loosely": [
    `const data = [2, 3]; export function f(p: any) { return p == data ? p[0] * 5 : p[1]; } ${data}`,
    [5, 0],
  ],
  "compared by Object.is": [
    `const data = [2, 3]; export function f(p: number[]) { return Object.is(p, data) ? p[0] * 5 : p[1]; } ${data}`,
    [5, 0],
  ],
  "told by a switch": [
    `const data = [2, 3], other = [1]; export function f(p: number[]) { switch (p) { case other: return 1; case data: return p[0] * p[0]; default: return p[1]; } } ${data}`,
    [4, 0],
  ],
  "looked for in a list": [
    `const data = [2, 3]; const all = [data]; export function f(p: number[]) { return all.includes(p) ? p[0] * 5 : p[1]; } ${data}`,
    [5, 0],
  ],
  "left out of a list": [
    `const items = [{ x: 1 }, { x: 2 }, { x: 5 }]; export function f(p: { x: number }) { let s = 0; for (const q of items) if (q !== p) s += p.x * q.x; return s; } export const args = () => [items[1]];`,
    { x: 6 },
  ],
  "that has its place in a list": [
    `const nodes = [{ x: 1 }, { x: 2 }, { x: 3 }]; export function f(p: { x: number }) { return p.x * (nodes.indexOf(p) + 10); } export const args = () => [nodes[1]];`,
    { x: 11 },
  ],
  "that is a key of a map": [
    `const data = [2, 3]; const m = new Map<number[], number>([[data, 7]]); export function f(p: number[]) { return p[0] * (m.get(p) ?? 1); } ${data}`,
    [7, 0],
  ],
  "that is a key of a weak map": [
    `const data = [2, 3]; const m = new WeakMap<number[], number>([[data, 7]]); export function f(p: number[]) { return p[0] * (m.get(p) ?? 1); } ${data}`,
    [7, 0],
  ],
  "that is in a set": [
    `const data = [2, 3]; const s = new Set<number[]>([data]); export function f(p: number[]) { return p[0] * (s.has(p) ? 3 : 1); } ${data}`,
    [3, 0],
  ],
  "of floats, compared with what it is": [
    `const data = Float64Array.of(2, 3); export function f(p: Float64Array) { return p === data ? p[0] * 5 : p[1]; } ${data}`,
    Float64Array.of(5, 0),
  ],
  "of which a part is looked for": [
    `const data = [2, 3]; export function f(ps: number[][]) { return ps.indexOf(data) === 1 ? ps[1][0] * 5 : ps[0][1]; } export const args = () => [[[1, 2], data]];`,
    [
      [0, 0],
      [5, 0],
    ],
  ],
};

describe("an argument that is known by another name", () => {
  it.each(Object.entries(taken))("%s", (_, [code, gradient]) => {
    for (const mode of ["forward", "reverse", undefined] as const) {
      const { f, args } = fresh(code);
      const plain = fresh(code);
      const value = (plain.f as (...args: unknown[]) => number)(...plain.args);
      expect(valueAndGrad(f, { mode } as never)(...(args as never))).toEqual([value, gradient]);
      expect(args).toEqual(plain.args);
    }
    const { f, args } = fresh(code);
    const [value, tangent] = pushDual(f, undefined, args, args.map(unit)) as [number, number];
    const fast = fresh(code);
    expect(jvp(fast.f, fast.args as never, fast.args.map(unit) as never)).toEqual([value, tangent]);
  });
});
