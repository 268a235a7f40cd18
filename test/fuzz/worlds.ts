import fc from "fast-check";
import { Choices } from "./choices.ts";

/** A generated program of several files: `main` exports `f`, what to call it with, and what shows its effects. */
export interface World {
  /** The files by their names. */
  readonly files: Readonly<Record<string, string>>;
}

interface Helper {
  readonly name: string;
  /** What it is given behind the first number. */
  readonly more: "nothing" | "number" | "list" | "object" | "function" | "thunk" | "table";
  /** Whether it bounds its recursion by a last parameter. */
  readonly recursive: boolean;
}

/** What can be named at a place. */
interface Scope {
  readonly numbers: string[];
  /** Numbers that may be written to. */
  readonly cells: string[];
  readonly lists: string[];
  readonly objects: string[];
  readonly functions: string[];
  readonly tables: string[];
  readonly depth: number;
}

const literals = ["0.5", "1.5", "2", "0.3", "1.1"];
const unary = ["Math.sin", "Math.exp", "Math.tanh", "Math.cos", "Math.atan"];

/** Writes a program of several files from a list of choices. */
class Writer {
  #names = 0;
  #fuel = 0;
  /** Helpers of the file that is written, and of those that it imports. */
  #own: Helper[] = [];
  #imported: Helper[] = [];
  /** Whether what is written changes what is around it. */
  #changes = true;
  #others: readonly string[] = [];
  #hasState = false;
  /** Whether there are tables by names, lists without a type, and methods that only the dual form takes. */
  #isLoose = false;
  #hasTables = false;

  constructor(private readonly c: Choices) {}

  world(): World {
    const { c } = this;
    const files: Record<string, string> = {};
    this.#isLoose = c.chance(15);
    this.#hasTables = c.chance(20);
    const withState = c.chance(60);
    const others = c.below(3);
    const state = `export let n = 1; export function bump(): void { n++; } export function count(): number { return n; }
export const cfg = { k: 1.5 }; export const table = [0.5, 1.5, 2]; export const sparse: Record<string, number> = { a: 0.5 };
export const log: number[] = [];\n`;
    if (withState) files.state = `"use dual";\n${state}`;
    let known: { file: string; helpers: Helper[] }[] = [];
    for (let i = 0; i < others; i++) {
      const file = `file${i}`;
      this.#changes = c.chance(40);
      const text = this.#file(known, withState, 1 + c.below(2), i);
      files[file] = `"use dual";\n${text}`;
      known = [...known, { file, helpers: this.#own }];
    }
    this.#changes = c.chance(40);
    const helpers = this.#file(known, withState, c.below(3), others);
    this.#changes = c.chance(70);
    const main = this.#main();
    files.main = `"use dual";\n${helpers}${main}`;
    return { files };
  }

  #file(
    known: readonly { file: string; helpers: Helper[] }[],
    withState: boolean,
    count: number,
    of: number,
  ): string {
    this.#own = [];
    this.#tableNames = [];
    this.#ownState = `own${of}`;
    this.#hasState = withState;
    this.#imported = known.flatMap(({ helpers }) => helpers);
    this.#others = known.map(({ file }) => file);
    let text = known
      .map(({ file, helpers }, i) => {
        const names = [...helpers.map((h) => h.name), `seen${i}`];
        return `import { ${names.join(", ")} } from "./${file}";\n`;
      })
      .join("");
    if (withState) text += `import { bump, cfg, count, log, n, sparse, table } from "./state";\n`;
    text += `let own${of} = 1; export const seen${of} = (): number => own${of};\n`;
    for (let i = 0; i < count; i++) text += this.#helper(`h${of}${i}`);
    return text + this.#tables(of);
  }

  #ownState = "";
  #tableNames: string[] = [];

  /** Tables and lists of functions, of which one is chosen when the program runs. */
  #tables(of: number): string {
    const { c } = this;
    if (!c.chance(50)) return "";
    const plain = [...this.#own, ...this.#imported].filter(
      (h) => h.more === "nothing" && !h.recursive,
    );
    const each = () =>
      c.way<string>(
        [3, () => `(y: number) => ${this.#number(this.#inner(["y"]), 2)}`],
        [2, () => c.pick(unary)],
        [plain.length > 0 ? 3 : 0, () => c.pick(plain).name],
        [
          this.#hasState && this.#changes ? 1 : 0,
          () => "(y: number) => { log.push(3); return y * cfg.k; }",
        ],
      );
    this.#fuel = 12;
    const name = `acts${of}`;
    const text = c.chance(50)
      ? `const ${name}: Record<string, (y: number) => number> = { "0": ${each()}, "1": ${each()}, "2": ${each()} };\n`
      : `const ${name}: ((y: number) => number)[] = [${each()}, ${each()}, ${each()}];\n`;
    this.#tableNames = [name];
    return text;
  }

  #helper(name: string): string {
    const { c } = this;
    const more = c.pick([
      "nothing",
      "nothing",
      "number",
      "list",
      "object",
      "function",
      "thunk",
      this.#hasTables ? "table" : "thunk",
    ] as const);
    const recursive = c.chance(30);
    const helper: Helper = { name, more, recursive };
    const params = ["x: number"];
    const scope = this.#inner(["x"]);
    switch (more) {
      case "number":
        params.push("y: number");
        scope.numbers.push("y");
        break;
      case "list":
        params.push("xs: number[]");
        scope.lists.push("xs");
        break;
      case "object":
        params.push("o: { a: number; b: number }");
        scope.objects.push("o");
        break;
      case "function":
        params.push("g: (y: number) => number");
        scope.functions.push("g");
        break;
      case "thunk":
        params.push("k: () => number");
        scope.numbers.push("k()");
        break;
      case "table":
        params.push("r: Record<string, number>");
        scope.tables.push("r");
    }
    if (recursive) params.push("d: number");
    this.#fuel = 16;
    let body = "";
    if (recursive) body += `if (d <= 0) return ${this.#number(scope, 2)}; `;
    for (let i = c.below(3); i > 0; i--) body += this.#statement(scope);
    if (recursive) {
      const rest = params.slice(1, -1).map((p) => p.slice(0, p.indexOf(":")));
      const again = `${name}(${[this.#number(scope, 1), ...rest, "d - 1"].join(", ")})`;
      body += `const v = ${again}; `;
      scope.numbers.push("v");
    }
    body += `return ${this.#number(scope, 3)};`;
    this.#own.push(helper);
    return `export function ${name}(${params.join(", ")}): number { ${body} }\n`;
  }

  #inner(numbers: readonly string[]): Scope {
    return {
      numbers: [...numbers],
      cells: [],
      lists: [],
      objects: [],
      functions: [],
      tables: [],
      depth: 0,
    };
  }

  #main(): string {
    const { c } = this;
    const scope: Scope = {
      numbers: ["x"],
      cells: [],
      lists: ["xs"],
      objects: ["o"],
      functions: c.chance(50) ? ["g"] : [],
      tables: this.#hasTables && c.chance(50) ? ["r"] : [],
      depth: 0,
    };
    const sparse = scope.tables.length > 0;
    this.#fuel = 40;
    let body = "";
    for (let i = 1 + c.below(5); i > 0; i--) body += `  ${this.#statement(scope)}\n`;
    // All that was computed counts.
    const all = [
      ...scope.numbers.filter((v) => v !== "x"),
      ...scope.lists.map((l) => `${l}[0] * ${l}[1]`),
      ...scope.objects.map((p) => `${p}.a * ${p}.b`),
      ...scope.tables.map((r) => `(${r}["a"] ?? 2) * (${r}["b"] ?? 0.5)`),
    ];
    body += `  return ${[this.#number(scope, 3), ...all].join(" + ")};\n`;
    const params = `xs: number[], x: number, g: (y: number) => number, o: { a: number; b: number }${sparse ? ", r: Record<string, number>" : ""}`;
    this.#fuel = 8;
    const given = c.way<string>(
      [2, () => "(y: number) => y * y"],
      [1, () => "Math.sin"],
      [
        2,
        () => `(y: number) => { calls++; return ${this.#number(this.#inner(["y", "calls"]), 2)}; }`,
      ],
      [2, () => `(y: number) => ${this.#number(this.#inner(["y"]), 2)}`],
    );
    const table = sparse ? ", { a: 0.8, b: 1.2 }" : "";
    const shown =
      this.#others.map((_, i) => `, seen${i}()`).join("") +
      (this.#hasState ? ", n, cfg.k, table, sparse, log" : "");
    return `let calls = 0;
export function f(${params}): number {
${body}}
export const args = () => [[0.7, 1.3, 0.4], 0.9, ${given}, { a: 0.6, b: 1.4 }${table}];
export const state = () => [calls, ${this.#ownState}${shown}];\n`;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  #block(scope: Scope, count: number, last = ""): string {
    const inner: Scope = {
      numbers: [...scope.numbers],
      cells: [...scope.cells],
      lists: [...scope.lists],
      objects: [...scope.objects],
      functions: [...scope.functions],
      tables: [...scope.tables],
      depth: scope.depth + 1,
    };
    let text = "";
    for (let i = 0; i < count; i++) text += this.#statement(inner);
    return `{ ${text}${last === "" ? "" : `${last.replace("@", this.#number(inner, 2))} `}}`;
  }

  #statement(scope: Scope): string {
    const { c } = this;
    if (this.#fuel <= 0 || c.exhausted) return "";
    this.#fuel -= 2;
    const nested = scope.depth < 2;
    const some = <T>(list: readonly T[]) => (list.length > 0 ? 1 : 0);
    return c.way<string>(
      [
        10,
        () => {
          const v = this.#name("v");
          const value = this.#number(scope, 3);
          scope.numbers.push(v);
          if (c.chance(40)) {
            scope.cells.push(v);
            return `let ${v} = ${value}; `;
          }
          return `const ${v} = ${value}; `;
        },
      ],
      [
        8 * some(scope.cells),
        () =>
          `${c.pick(scope.cells)} ${c.pick(["=", "+=", "*=", "-="])} ${this.#number(scope, 2)}; `,
      ],
      [this.#changes ? 6 : 0, () => this.#stateChange()],
      [
        5,
        () => {
          const l = this.#name("l");
          const text = `const ${l} = [${this.#number(scope, 2)}, ${this.#number(scope, 1)}, ${this.#number(scope, 1)}]; `;
          scope.lists.push(l);
          return text;
        },
      ],
      [
        this.#isLoose ? 6 : 0,
        () => {
          const l = this.#name("l");
          const text = `const ${l}: any = []; ${l}.push(${this.#number(scope, 2)}, ${this.#number(scope, 1)}, ${this.#number(scope, 1)}); `;
          scope.lists.push(l);
          return text;
        },
      ],
      [
        scope.lists.some((l) => /\d/.test(l)) || this.c.chance(15) ? 5 * some(scope.lists) : 0,
        () => {
          const l = this.#toWrite(scope.lists);
          return c.way<string>(
            [3, () => `${l}[${c.below(3)}] = ${this.#number(scope, 2)}; `],
            [2, () => `${l}.reverse(); `],
            [2, () => `${l}.sort((p, q) => p - q); `],
            [2, () => `${l}.fill(${this.#number(scope, 1)}, 1, 2); `],
            [2, () => `${l}.push(${this.#number(scope, 1)}); `],
            [2, () => `${l}.unshift(${this.#number(scope, 1)}); `],
            [this.#isLoose ? 3 : 0, () => `${l}.splice(1, 1, ${this.#number(scope, 1)}); `],
            [this.#isLoose ? 3 : 0, () => `${l}.copyWithin(0, 1, 2); `],
            [1, () => `[${l}[0], ${l}[1]] = [${l}[1], ${l}[0]]; `],
          );
        },
      ],
      [
        4,
        () => {
          const p = this.#name("p");
          const text = `${c.pick(["const", "let"])} ${p} = { a: ${this.#number(scope, 2)}, b: ${this.#number(scope, 1)} }; `;
          scope.objects.push(p);
          return text;
        },
      ],
      [
        scope.objects.some((l) => /\d/.test(l)) || this.c.chance(15) ? 4 * some(scope.objects) : 0,
        () =>
          `${this.#toWrite(scope.objects)}.${c.pick(["a", "b"])} ${c.pick(["=", "*=", "+="])} ${this.#number(scope, 2)}; `,
      ],
      [
        this.#hasTables ? 4 : 0,
        () => {
          const r = this.#name("r");
          const text = `const ${r}: Record<string, number> = { a: ${this.#number(scope, 1)} }; `;
          scope.tables.push(r);
          return text;
        },
      ],
      [
        4 * some(scope.tables),
        () => {
          const r = c.pick(scope.tables);
          const key = c.pick(['"a"', '"b"', '"c"']);
          return c.way<string>(
            [3, () => `${r}[${key}] = ${this.#number(scope, 2)}; `],
            [2, () => `${r}[${key}] = (${r}[${key}] ?? 0.5) + ${this.#number(scope, 1)}; `],
            [1, () => `delete ${r}[${key}]; `],
          );
        },
      ],
      [
        4,
        () => {
          const g = this.#name("g");
          const text = `${c.pick(["const", "let"])} ${g} = ${this.#closure(scope)}; `;
          scope.functions.push(g);
          return text;
        },
      ],
      [
        nested ? 6 : 0,
        () => {
          const s = this.#name("s");
          const start = c.pick(["0", "1"]);
          const over = scope.lists.length > 0 && c.chance(60) ? c.pick(scope.lists) : undefined;
          const e = this.#name("e");
          const inner: Scope = {
            ...scope,
            numbers: [...scope.numbers, e, ...(c.chance(30) ? [s] : [])],
            // It would grow for ever.
            lists: scope.lists.filter((l) => l !== over),
          };
          const last = `${s} ${start === "0" ? c.pick(["+=", "-="]) : "*="} @;`;
          const body = this.#block(inner, c.below(3), last);
          scope.numbers.push(s);
          const head = over ? `const ${e} of ${over}` : `let ${e} = 1; ${e} < 4; ${e}++`;
          return `let ${s} = ${start}; for (${head}) ${body} `;
        },
      ],
      [
        nested ? 3 : 0,
        () =>
          `if (${this.#condition(scope)}) ${this.#block(scope, 1 + c.below(2))} ${c.chance(40) ? `else ${this.#block(scope, 1)} ` : ""}`,
      ],
      [
        nested ? 2 : 0,
        () =>
          `try ${this.#block(scope, 1, c.chance(60) ? `if (@ > ${c.pick(literals)}) throw new Error("e");` : "")} catch ${this.#block(scope, 1)} `,
      ],
      [2 * some(scope.functions), () => `${c.pick(scope.functions)}(${this.#number(scope, 1)}); `],
    );
  }

  /** One that is written to: seldom what is given. */
  #toWrite(names: readonly string[]): string {
    const own = names.filter((n) => /\d/.test(n));
    return own.length > 0 && !this.c.chance(15) ? this.c.pick(own) : this.c.pick(names);
  }

  #stateChange(): string {
    const { c } = this;
    const own = () => `${this.#ownState}${c.pick(["++", " += 2"])}; `;
    if (!this.#hasState) return own();
    return c.way<string>(
      [2, own],
      [2, () => "bump(); "],
      [2, () => `cfg.k = cfg.k + ${c.pick(literals)}; `],
      [2, () => `table[${c.below(3)}] += ${c.pick(literals)}; `],
      [2, () => `sparse.${c.pick(["a", "b"])} = ${c.pick(literals)} * n; `],
      [2, () => `log.push(${c.pick(literals)}); `],
    );
  }

  #closure(scope: Scope): string {
    const { c } = this;
    const inner: Scope = { ...scope, numbers: [...scope.numbers, "z"], depth: 2 };
    return c.way<string>(
      [3, () => `(z: number) => ${this.#number(inner, 2)}`],
      [
        this.#changes ? 1 : 0,
        () => `(z: number) => { ${this.#stateChange()}return ${this.#number(inner, 2)}; }`,
      ],
      [
        scope.cells.length > 0 ? 2 : 0,
        () =>
          `(z: number) => { ${c.pick(scope.cells)} += ${this.#number(inner, 1)}; return ${this.#number(inner, 1)}; }`,
      ],
      [1, () => `(z: number) => ${this.#constant()}`],
      [1, () => c.pick(unary)],
    );
  }

  /** A number that nothing is differentiated by. */
  #constant(): string {
    const { c } = this;
    return this.#hasState
      ? c.pick([...literals, "n", "cfg.k", "table[1]", "count()", this.#ownState])
      : c.pick([...literals, this.#ownState]);
  }

  #condition(scope: Scope): string {
    return `${this.#number(scope, 1)} > ${this.c.pick(literals)}`;
  }

  #call(h: Helper, scope: Scope, d: number): string {
    const { c } = this;
    const args = [this.#number(scope, d - 1)];
    switch (h.more) {
      case "number":
        args.push(this.#number(scope, d - 1));
        break;
      case "list":
        args.push(
          scope.lists.length > 0 && c.chance(60)
            ? c.pick(scope.lists)
            : `[${this.#number(scope, 1)}, ${this.#number(scope, 1)}, 2]`,
        );
        break;
      case "object":
        args.push(
          scope.objects.length > 0 && c.chance(60)
            ? c.pick(scope.objects)
            : `{ a: ${this.#number(scope, 1)}, b: ${this.#number(scope, 1)} }`,
        );
        break;
      case "function":
        args.push(
          scope.functions.length > 0 && c.chance(60)
            ? c.pick(scope.functions)
            : this.#closure(scope),
        );
        break;
      case "thunk":
        args.push(`() => ${c.chance(40) ? this.#constant() : this.#number(scope, 1)}`);
        break;
      case "table":
        args.push(
          scope.tables.length > 0 ? c.pick(scope.tables) : `{ a: ${this.#number(scope, 1)} }`,
        );
    }
    if (h.recursive) args.push(String(c.below(3)));
    return `${h.name}(${args.join(", ")})`;
  }

  #number(scope: Scope, d: number): string {
    const { c } = this;
    this.#fuel -= 1;
    const deep = d > 0 && this.#fuel > 0 && !c.exhausted;
    const helpers = deep ? [...this.#own, ...this.#imported] : [];
    const some = (list: readonly unknown[], weight: number) => (list.length > 0 ? weight : 0);
    return c.way<string>(
      [10, () => c.pick(scope.numbers)],
      [3, () => c.pick(literals)],
      [some(scope.lists, 4), () => `${c.pick(scope.lists)}[${c.below(3)}]`],
      [some(scope.objects, 3), () => `${c.pick(scope.objects)}.${c.pick(["a", "b"])}`],
      [
        some(scope.tables, 3),
        () => `(${c.pick(scope.tables)}[${c.pick(['"a"', '"b"', '"c"'])}] ?? ${c.pick(literals)})`,
      ],
      [
        deep ? 8 : 0,
        () =>
          `${this.#number(scope, d - 1)} ${c.pick(["+", "-", "*"])} ${this.#number(scope, d - 1)}`,
      ],
      [deep ? 3 : 0, () => `${c.pick(unary)}(${this.#number(scope, d - 1)})`],
      [
        deep ? 2 : 0,
        () =>
          `(${this.#condition(scope)} ? ${this.#number(scope, d - 1)} : ${this.#number(scope, d - 1)})`,
      ],
      [some(helpers, 7), () => this.#call(c.pick(helpers), scope, d)],
      [
        deep ? some(scope.functions, 5) : 0,
        () => `${c.pick(scope.functions)}(${this.#number(scope, d - 1)})`,
      ],
      [
        deep ? some(this.#tableNames, 4) : 0,
        () =>
          `${c.pick(this.#tableNames)}[${c.pick(["0", "1", "2", `${this.#ownState} % 3`])}](${this.#number(scope, d - 1)})`,
      ],
      [2, () => this.#ownState || "1"],
      [
        this.#hasState ? 3 : 0,
        () => c.pick(["n", "cfg.k", "table[1]", "count()", "log.length", '(sparse["b"] ?? 0.5)']),
      ],
      [
        deep ? some(scope.lists, 2) : 0,
        () =>
          `${c.pick(scope.lists)}.reduce((p, q) => p + ${this.#number({ ...scope, numbers: ["p", "q"] }, 1)}, 0)`,
      ],
      [
        deep ? some(scope.tables, 1) : 0,
        () => `Object.values(${c.pick(scope.tables)}).reduce((p, q) => p + q * q, 0)`,
      ],
    );
  }
}

export const worldFrom = (choices: ArrayLike<number>): World =>
  new Writer(new Choices(choices)).world();

const choice = fc.nat({ max: 65535 });

/** Random programs of several files. */
export const worlds: fc.Arbitrary<World> = fc
  .noBias(fc.array(choice, { minLength: 150, maxLength: 700, size: "max" }))
  .map(worldFrom);
