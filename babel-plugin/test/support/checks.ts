import { inspect } from "node:util";
import { expect } from "vitest";
import type { Library, Runtime } from "./workspace.ts";

// biome-ignore lint/suspicious/noExplicitAny: fixtures are of every kind
type Any = any;
type Callable = (...args: Any[]) => Any;

export interface Expectation {
  /** The direction; ones everywhere when left out. */
  readonly along?: unknown[];
  /** The tangent from a closed form. */
  readonly slope?: unknown;
  /** Whether the tangent is compared with central differences too. */
  readonly differences?: boolean;
}

/** What exec.ts of a fixture gets. */
export interface Fixture extends Library {
  /** The exports of the compiled input. */
  readonly m: Any;
  /** The exports of the input as it is without the plugin. */
  readonly original: Any;
  readonly expect: typeof expect;
  /**
   * Runs an exported function three ways, without the plugin, with it, and through `jvp`: values,
   * writes into arguments and the exported `log` must be identical; the tangent must be that of the
   * closed form and of central differences. Gives the tangent.
   */
  check(
    f: string | ((m: Any) => Callable),
    primals: unknown[],
    expectation?: Expectation,
  ): Promise<Any>;
  /** Runs `body` and checks the code of the error it throws, and where it says that it happened. */
  throws(body: () => unknown, code: string, at?: string | RegExp): Any;
}

export function fixture(
  library: Library,
  { dualForm, twinOf }: Pick<Runtime, "dualForm" | "twinOf">,
  m: Any,
  original: Any,
): Fixture {
  // What jvp chooses, and the dual form, which nested derivatives take.
  const forms = (f: Callable): Record<string, Callable> => {
    const record = twinOf(f);
    return record?.tangent
      ? { "the tangent form": f, "the dual form": dualForm(record.dual) }
      : { "the dual form": f };
  };
  const pick = (f: string | ((m: Any) => Callable), from: Any): Callable =>
    typeof f === "string" ? from[f] : f(from);

  async function check(
    f: string | ((m: Any) => Callable),
    primals: unknown[],
    expectation: Expectation = {},
  ) {
    const { along = primals.map((p) => mapNumbers(p, () => 1)), differences = true } = expectation;
    const run = async (from: Any, call: (f: Callable, args: unknown[]) => unknown) => {
      if (from.log) from.log.length = 0;
      const args = primals.map(copy);
      const result = await call(pick(f, from), args);
      return { result, args, log: from.log ? [...from.log] : [] };
    };
    const without = await run(original, (g, args) => g(...args));
    const ordinary = await run(m, (g, args) => g(...args));
    identical(ordinary, without, "the ordinary call, with and without the plugin");
    const { lowered } = (twinOf(pick(f, m)) ?? {}) as { lowered?: Callable };
    if (lowered !== undefined) {
      const again = await run(m, (_, args) => lowered(...args));
      identical(again, ordinary, "the lowered form and the ordinary call");
    }

    const at = async (h: number) =>
      await pick(f, original)(...primals.map((p, i) => step(p, along[i], h)));
    let tangent: unknown;
    for (const [name, form] of Object.entries(forms(pick(f, m)))) {
      const through = await run(m, async (_, args) => {
        const [v, t] = library.jvp(form, args, along.map(copy) as never);
        tangent = await t;
        return await v;
      });
      identical(through, ordinary, `the value of ${name} and the ordinary one`);
      if ("slope" in expectation)
        close(tangent, expectation.slope, 1e-13, `${name} and the closed form`);
      if (differences)
        close(tangent, await centralDifferences(at), 1e-8, `${name} and central differences`);
    }
    return tangent;
  }

  function throws(body: () => unknown, code: string, at?: string | RegExp) {
    let thrown: Any;
    try {
      body();
    } catch (error) {
      thrown = error;
    }
    expect(thrown, `nothing thrown, where ${code} was expected`).toBeDefined();
    expect(thrown.code ?? String(thrown.stack)).toBe(code);
    if (at instanceof RegExp) expect(thrown.message).toMatch(at);
    else if (at !== undefined) expect(thrown.site).toBe(at);
    return thrown;
  }

  return { ...library, m, original, expect, check, throws };
}

/** Structure by structure the same, numbers by `Object.is`; functions are taken as they are. */
function identical(found: unknown, wanted: unknown, what: string): void {
  const text = (x: unknown) => inspect(plainly(x), { depth: null, sorted: true, breakLength: 120 });
  if (text(found) !== text(wanted))
    throw new Error(`${what} differ: ${text(found)}\nbut ${text(wanted)}`);
}

// Two copies of a module have two copies of its classes, which are told apart by name only.
function plainly(x: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof x === "function") return "a function";
  if (Object.is(x, -0)) return "-0";
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return x;
  const known = seen.get(x);
  if (known) return known;
  if (x instanceof Error) return `${x.name}: ${x.message}`;
  const made: Any = Array.isArray(x) ? new Array(x.length) : {};
  seen.set(x, made);
  if (x instanceof Map || x instanceof Set) {
    return { [x.constructor.name]: [...x].map((v) => plainly(v, seen)) };
  }
  for (const key of Reflect.ownKeys(x)) {
    if (key !== "length") made[key] = plainly((x as Any)[key], seen);
  }
  const name = x.constructor?.name;
  if (!Array.isArray(x) && name !== "Object") made["instance of"] = name;
  return made;
}

function copy(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(copy);
  if (x instanceof Float64Array || x instanceof Float32Array) return x.slice();
  if (typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype) {
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, copy(v)]));
  }
  return x;
}

function mapNumbers(x: unknown, f: (x: number) => number): unknown {
  if (typeof x === "number") return f(x);
  if (Array.isArray(x)) return x.map((v) => mapNumbers(v, f));
  if (x instanceof Float64Array || x instanceof Float32Array) return x.map(f);
  if (typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype) {
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, mapNumbers(v, f)]));
  }
  return null;
}

/** `x + h·t`. */
function step(x: Any, t: Any, h: number): Any {
  if (t === null || t === undefined) return copy(x);
  if (typeof x === "number") return x + h * t;
  if (Array.isArray(x)) return x.map((v, i) => step(v, t[i], h));
  if (x instanceof Float64Array || x instanceof Float32Array) return x.map((v, i) => v + h * t[i]);
  if (typeof x === "object" && x !== null) {
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, step(v, t[k], h)]));
  }
  return x;
}

const leaves = (x: Any): number[] => {
  if (typeof x === "number") return [x];
  if (Array.isArray(x)) return x.flatMap(leaves);
  if (x instanceof Float64Array || x instanceof Float32Array) return [...x];
  if (x instanceof Map) return [...x.values()].flatMap(leaves);
  if (typeof x !== "object" || x === null) return [];
  return Object.keys(x).flatMap((k) => leaves(x[k]));
};

/** Of sixth order, so that at this step both errors, of the series and of rounding, are near 1e-12. */
async function centralDifferences(at: (h: number) => Promise<unknown>): Promise<number[]> {
  const h = 1e-3;
  const weights = [45, -9, 1];
  const pairs: number[][][] = [];
  for (const k of [1, 2, 3]) pairs.push([leaves(await at(k * h)), leaves(await at(-k * h))]);
  return (pairs[0] as number[][])[0]!.map((_, i) => {
    const sum = pairs.reduce((s, [up, down], k) => s + weights[k]! * (up![i]! - down![i]!), 0);
    return sum / (60 * h);
  });
}

function close(found: unknown, wanted: unknown, bound: number, what: string): void {
  const a = leaves(found);
  const b = leaves(wanted);
  expect(
    a.length,
    `${what}: as many numbers, found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`,
  ).toBe(b.length);
  for (const [i, x] of a.entries()) {
    const y = b[i] as number;
    const fits = Object.is(x, y) || Math.abs(x - y) <= bound * Math.max(1, Math.abs(y));
    expect(fits, `${what}: found ${x}, wanted ${y}`).toBe(true);
  }
}
