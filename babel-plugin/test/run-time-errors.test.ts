import { SourceMap } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { babelVersions } from "../../test/support/babel.ts";
import { transformAlone, withTypes } from "./support/compile.ts";
import { type Library, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
let library: Library;
let runtime: Awaited<ReturnType<Workspace["runtime"]>>;
beforeAll(async () => {
  workspace = await Workspace.open("run-time-errors");
  library = await workspace.library();
  runtime = await workspace.runtime();
});
afterAll(() => workspace?.close());

// biome-ignore lint/suspicious/noExplicitAny: modules of every kind
type Any = any;

/** What nested derivatives run. */
function dualFormOf(f: Any): Any {
  return runtime.dualForm(runtime.twinOf(f)?.dual as never);
}

describe.each(babelVersions)("on Babel $version", (babel) => {
  /** Compiles and loads code that stands in the file /src/model.ts. */
  async function load(code: string): Promise<{ m: Any; file: string; map: SourceMap }> {
    const source = { code, file: "/src/model.ts" };
    const result = transformAlone(source, babel, { presets: [withTypes(babel)], sourceMaps: true });
    const file = workspace.write(result.code);
    const m = await import(/* @vite-ignore */ `file://${file}`);
    return { m, file, map: new SourceMap(result.map as never) };
  }

  /** What is thrown. */
  function thrown(body: () => unknown): Any {
    try {
      body();
    } catch (error) {
      return error;
    }
    throw new Error("nothing was thrown");
  }

  describe("says with a code and the place in the user's source that", () => {
    const expectError = (error: Any, code: string, site?: string) => {
      expect(error).toBeInstanceOf(library.DualizeError);
      expect({ code: error.code, site: error.site }).toEqual({ code, site });
      expect(error.message).toMatch(new RegExp(`^${code}: .{40}`));
      if (site) expect(error.message).toContain(site);
    };

    it("a function that is not marked was called with an active value", async () => {
      const { m } =
        await load(`import { other } from "data:text/javascript,export const other = (x) => x;";
export function f(x: number): number {
  "use dual";
  const y = x * x;
  return y +   other(y);
}
export function inObject(x: number): number {
  "use dual";
  return other({ deep: [x] } as never);
}
export function method(x: number, console: { log(x: number): void }): number {
  "use dual";
  console.log(x);
  return x;
}
export function made(x: number, C: new (x: number) => object): object {
  "use dual";
  return new C(x);
}
export function back(x: number, xs: number[]): number {
  "use dual";
  return xs.map(other).length + [x].map(other)[0]!;
}
export function fine(x: number): number {
  "use dual";
  return x * other(2);
}
`);
      const { jvp, dual } = library;
      const viaDual = (f: Any) => f;
      expectError(
        thrown(() => jvp(viaDual(m.f), [1], [1])),
        "DUAL101",
        "src/model.ts:5:16",
      );
      expectError(
        thrown(() => jvp(m.inObject, [1], [1])),
        "DUAL101",
        "src/model.ts:9:10",
      );
      expectError(
        thrown(() => jvp(m.method, [1, { log: () => {} }], [1])),
        "DUAL101",
        "src/model.ts:13:3",
      );
      expectError(
        thrown(() => jvp(m.made, [1, class Unmarked {}], [1])),
        "DUAL101",
        "src/model.ts:18:10",
      );
      expectError(
        thrown(() => jvp(m.back, [1, [2]], [1])),
        "DUAL101",
        "src/model.ts:22:33",
      );
      expect(jvp(m.fine, [3], [1])).toEqual([6, 2]);
      expect(dual).toBeTypeOf("function");
    });

    it("a function has no twin", async () => {
      const { m } = await load(`export const unmarked = (x: number): number => x;
export const f = (x: number): number => {
  "use dual";
  return x;
};
`);
      expectError(
        thrown(() => library.jvp(m.unmarked, [1], [1])),
        "DUAL102",
      );
      expectError(
        thrown(() => library.derivative((x: number) => x)(1)),
        "DUAL102",
      );
      expectError(
        thrown(() => library.dual((x: number) => x)),
        "DUAL102",
      );
      expect(library.jvp(m.f, [1], [1])).toEqual([1, 1]);
    });

    it("the shapes of primals and tangents differ, and where in the tree", async () => {
      const { m } = await load(`export const f = (o: { a: number[] }, xs: Float64Array): number => {
  "use dual";
  return o.a[0]! * xs[0]!;
};
`);
      const run = (t0: unknown, t1: unknown) =>
        thrown(() => library.jvp(m.f, [{ a: [1, 2] }, new Float64Array(2)], [t0, t1] as never));
      expectError(run({ a: [1] }, null), "DUAL103");
      expect(run({ a: [1] }, null).message).toContain("argument 0.a");
      expect(run({ a: [1, {}] }, null).message).toContain("argument 0.a[1]");
      expect(run({ b: 1 }, null).message).toContain("argument 0");
      expect(run(3, null).message).toContain("argument 0");
      expect(run(null, [1]).message).toContain("argument 1");
    });

    it("an active value has outlived its derivative", async () => {
      const { m } = await load(`const kept: number[] = [];
export function keep(x: number): number {
  "use dual";
  throw { part: x * x };
}
export const take = (thrown: { part: number }) => kept.push(thrown.part);
export function find(x: number): number {
  "use dual";
  return kept[0]! * x;
}
export const use = () => kept[0]! + 1;
`);
      m.take(thrown(() => library.jvp(m.keep, [2], [1])));
      expectError(
        thrown(() => library.jvp(dualFormOf(m.find), [2], [1])),
        "DUAL104",
      );
      expectError(
        thrown(() => m.use()),
        "DUAL105",
      );
    });

    it("unmarked code does arithmetic on an active value", async () => {
      const { m } = await load(`export function f(x: number, o: { set v(x: number) }): number {
  "use dual";
  o.v = x;
  return x;
}
`);
      const outside = {
        set v(x: number) {
          if (x > 1) throw new Error("never");
        },
      };
      expectError(
        thrown(() => library.jvp(m.f, [2, outside], [1])),
        "DUAL105",
      );
    });

    it("an active value was written to a typed array that was made in unmarked code", async () => {
      const { m } = await load(`const table = new Float64Array(2);
export function f(x: number): number {
  "use dual";
  table[0] = 3;
  table[1] = x * 2;
  return table[1]!;
}
export function sets(x: number): number {
  "use dual";
  table.set([x]);
  return x;
}
export function fills(x: number): number {
  "use dual";
  table.fill(x);
  return x;
}
`);
      expectError(
        thrown(() => library.jvp(m.f, [2], [1])),
        "DUAL106",
        "src/model.ts:5:3",
      );
      expectError(
        thrown(() => library.jvp(m.sets, [2], [1])),
        "DUAL106",
        "src/model.ts:10:3",
      );
      expectError(
        thrown(() => library.jvp(m.fills, [2], [1])),
        "DUAL106",
        "src/model.ts:15:3",
      );
    });

    it("a transform got what it cannot differentiate by, or no function at all", async () => {
      const { m } = await load(`export const f = (x: number): number => {
  "use dual";
  return x;
};
`);
      expectError(
        thrown(() => library.derivative(m.f)([1] as never)),
        "DUAL107",
      );
      expectError(
        thrown(() => library.jvp(m.f, 1 as never, [1])),
        "DUAL109",
      );
    });

    it("an active value became a key of a Map, an element of a Set, or the value of an outer variable", async () => {
      const { m } = await load(`export function key(x: number): number {
  "use dual";
  return new Map<number, number>().set(x, 1).size;
}
export function element(x: number): number {
  "use dual";
  return new Set([x]).size;
}
let outer: unknown;
export function written(x: number, o: (x: number) => unknown): number {
  "use dual";
  outer = o(x);
  return x;
}
export const seen = () => outer;
`);
      expectError(
        thrown(() => library.jvp(m.key, [2], [1])),
        "DUAL108",
        "src/model.ts:3:10",
      );
      expectError(
        thrown(() => library.jvp(m.element, [2], [1])),
        "DUAL108",
        "src/model.ts:7:10",
      );
      const pair = library.dual(m.key) && ((x: number) => [x]);
      expectError(
        thrown(() => library.jvp(m.written, [2, pair], [1])),
        "DUAL101",
        "src/model.ts:12:11",
      );
      const marked = (
        await load(`export const twice = (x: number) => { "use dual"; return x + x; };`)
      ).m.twice;
      expectError(
        thrown(() => library.jvp(m.written, [2, marked], [1])),
        "DUAL108",
        "src/model.ts:12:3",
      );
      expect(m.seen()).toBe(undefined);
    });
  });

  describe("maps back to the line and column of the user", () => {
    /** Where the innermost frame of an error in emitted code is in the user's source. */
    const place = (error: Error, file: string, map: SourceMap): string => {
      const frame = error.stack?.split("\n").find((line) => line.includes(file));
      const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame ?? "") ?? [];
      const { originalSource, originalLine, originalColumn } = map.findEntry(
        Number(line) - 1,
        Number(column) - 1,
      ) as Any;
      return `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
    };

    const code = `export function throws(x: number): number {
  "use dual";
  const y = x * x;
  if (y > 1) {
    throw new RangeError(\`too large: \${y}\`);
  }
  return y;
}
export function native(x: number, o: { v: number }): number {
  "use dual";
  const y = x * x + 1;
  return y * o.v + y;
}
export const called = (x: number, f?: (x: number) => number): number => {
  "use dual";
  return x * 2 + Math.sin(x) * (f as never as { g: { h: number } }).g.h;
};
class C {
  #v = 1;
  method(x: number): number {
    const missing = undefined as unknown as number[];
    for (let i = 0; i < 2; i++) {
      x += this.#v * missing[i]!;
    }
    return x;
  }
}
export function inMethod(x: number): number {
  "use dual";
  return [x].map((v) => new C().method(v * 2))[0]!;
}
`;
    // Where an access is a call of the runtime, the place is that of the whole expression.
    it.each([
      ["an error that the user throws", "throws", [2], "5:11", "5:11"],
      ["a native error in the middle of an expression", "native", [2, undefined], "12:16", "12:16"],
      ["a native error in a chain of members", "called", [2, undefined], "16:69", "16:69"],
      ["an error in a method that is called back", "inMethod", [2], "23:29", "23:22"],
    ])("%s", async (_, name, args, native, dual) => {
      const { m, file, map } = await load(code);
      const run = (f: Any) =>
        place(
          thrown(() => library.jvp(f, args as never, [1] as never)),
          file,
          map,
        );
      expect(
        place(
          thrown(() => m[name](...args)),
          file,
          map,
        ),
      ).toBe(`model.ts:${native}`);
      expect(run(m[name])).toMatch(new RegExp(`^model.ts:(${native}|${dual})$`));
      expect(run(dualFormOf(m[name]))).toBe(`model.ts:${dual}`);
    });

    it("every call of the runtime", async () => {
      const text = `export function f(x: number): number {
  "use dual";
  return (x *
    x) + x[0 as never].
      y;
}
`;
      const { m, file, map } = await load(text);
      const error = thrown(() => library.jvp(dualFormOf(m.f), [1], [1]));
      expect(place(error, file, map)).toMatch(/^model.ts:[45]:/);
    });
  });
});
