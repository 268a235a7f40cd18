import fc from "fast-check";
import { Choices } from "./choices.ts";

/** What a value of a generated program is, as the generator sees it. */
export type Type = "num" | "arr" | "mat" | "f64" | "obj" | "box" | "objs" | "vec";

/** A generated program: a module that exports `f`, and what to call it with. */
export interface Program {
  readonly source: string;
  /** The arguments, in the order of the parameters; `undefined` leaves a default to the function. */
  readonly primals: readonly unknown[];
  readonly tangents: readonly unknown[];
  /** Whether the inputs are ordinary numbers, away from where functions have their kinks. */
  readonly isSmooth: boolean;
}

const annotation: Readonly<Record<Type, string>> = {
  num: "number",
  arr: "number[]",
  mat: "number[][]",
  f64: "Float64Array",
  obj: "P",
  box: "B",
  objs: "P[]",
  vec: "Vec",
};

/** What a program may be given. */
const types: readonly Type[] = ["num", "arr", "obj", "f64", "mat", "box", "objs"];

const header = `type P = { x: number; y: number };
interface B { p: P; w: number; v: number[] }
`;

/** Ways to write a class of two numbers. */
const beginnings = [
  "constructor(public x: number, public y: number) {}",
  "constructor(public x = 1, public y = 2) {}",
  "x: number; y: number; constructor(x: number, y: number) { this.x = x; this.y = y; }",
  "x = 1; y = 2; constructor(x: number, y?: number) { this.x = x; if (y !== undefined) this.y = y; }",
  "y = 3; constructor(public x: number, y: number) { this.y = y * x; }",
];

const vector = (beginning: string, moved: string) => `class Vec {
  ${beginning}
  plus(v: Vec): Vec { return new Vec(this.x + v.x, this.y + v.y); }
  times(k: number): Vec { return new Vec(this.x * k, this.y * k); }
  dot(v: Vec): number { return this.x * v.x + this.y * v.y; }
  get size(): number { return Math.sqrt(this.x * this.x + this.y * this.y + 1); }
  set both(k: number) { this.x = k; this.y = k; }
  move(k: number): ${moved === "" ? "void" : "Vec"} { this.x += k; this.y *= k; ${moved} }
}
`;

interface Variable {
  readonly name: string;
  readonly type: Type | "int" | "bool" | "words";
  readonly constant: boolean;
}

/** A function as an argument. */
interface FunctionType {
  readonly params: readonly Type[];
  readonly returns: Type;
}

const functionTypes: readonly FunctionType[] = [
  { params: ["num"], returns: "num" },
  { params: ["num", "num"], returns: "num" },
  { params: ["arr"], returns: "num" },
  { params: ["num", "arr"], returns: "arr" },
  { params: ["obj"], returns: "obj" },
];

interface Callable {
  readonly name: string;
  readonly params: readonly (Type | "words" | FunctionType)[];
  readonly returns: Type;
  /** A first parameter that bounds a recursion. */
  readonly recursive?: boolean;
  /** Whether it ends without giving anything, now and then. */
  readonly partial?: boolean;
}

/** What is visible at a point of a function. */
interface Scope {
  readonly variables: Variable[];
  readonly callables: Callable[];
  readonly returns: Type;
  readonly loops: number;
  /** What `break` and `continue` may name. */
  readonly labels: readonly string[];
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
  readonly inTry: boolean;
  /** Inside an expression that must not contain statements' control flow. */
  readonly inCallback: boolean;
}

/** Writes a program from a list of choices. */
class Writer {
  #names = 0;
  #fuel = 60;
  #indent = "  ";
  /** What a variable inside may hold. */
  #inside = types;
  /** Whether there is a variable of the file, which tells places and which functions change. */
  #hasTurn = false;

  constructor(private readonly c: Choices) {}

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  // ---- modules

  module(): { source: string; params: readonly { type: Type; hasDefault: boolean }[] } {
    const { c } = this;
    const callables: Callable[] = [];
    const parts: string[] = [];
    let classes = "";
    if (c.chance(30)) {
      this.#inside = [...types, "vec", "vec"];
      classes = vector(c.pick(beginnings), c.pick(["", "return this;"]));
    }
    this.#hasTurn = c.chance(12);
    const turn = this.#hasTurn ? "let turn = 0;\n" : "";
    const helpers = c.pick([0, 0, 1, 1, 2, 2]);
    for (let i = 0; i < helpers; i++) parts.push(this.#helper(callables, `h${i}`));
    // Every function begins with the same names, so that one written inside another meets them again.
    this.#names = 0;
    const count = 1 + c.pick([0, 0, 1, 1, 2]);
    const params = Array.from({ length: count }, () => ({
      name: this.#name("p"),
      type: c.pick(["num", "num", ...types]) as Type,
    }));
    const returns = c.pick(["num", "num", "num", ...types]) as Type;
    this.#fuel = 70;
    const scope = this.#functionScope(returns, callables, params);
    const lastType = params.at(-1)?.type;
    const hasDefault = lastType === "num" && params.length > 1 && c.chance(15);
    const list = params.map((p, i) =>
      hasDefault && i === params.length - 1
        ? `${p.name}: number = ${this.num({ ...scope, variables: scope.variables.slice(0, i) }, 2)}`
        : `${p.name}: ${annotation[p.type]}`,
    );
    const body =
      returns === "num" && c.chance(25) ? this.#totals(scope) : this.#body(scope, 2 + c.below(7));
    const main = `export function f(${list.join(", ")}): ${annotation[returns]} {\n  "use dual";\n${this.#hasTurn ? "  turn = 0;\n" : ""}${body}}\n`;
    return {
      source: `${header}${classes}${turn}${parts.join("")}${main}`,
      params: params.map((p, i) => ({
        type: p.type,
        hasDefault: hasDefault && i === params.length - 1,
      })),
    };
  }

  #helper(callables: Callable[], name: string): string {
    const { c } = this;
    this.#names = 0;
    const returns = c.pick(["num", "num", ...this.#inside]) as Type;
    const recursive = c.chance(25);
    const params = Array.from({ length: 1 + c.below(3) }, () => ({
      name: this.#name("p"),
      type: c.pick(["num", ...this.#inside]) as Type,
    }));
    this.#fuel = 25;
    const partial = returns !== "f64" && c.chance(20);
    const given = c.chance(30) ? c.pick(functionTypes) : undefined;
    const scope = this.#functionScope(returns, callables, params);
    const first = recursive ? ["depth: number"] : [];
    const list = [...first, ...params.map((p) => `${p.name}: ${annotation[p.type]}`)];
    const ofParams: (Type | "words" | FunctionType)[] = params.map((p) => p.type);
    if (c.chance(25)) {
      const words = this.#name("w");
      list.push(`${words}: string[]`);
      ofParams.push("words");
      scope.variables.push({ name: words, type: "words", constant: false });
    }
    if (given) {
      const k = this.#name("k");
      const taken = given.params.map((of, i) => `a${i}: ${annotation[of]}`).join(", ");
      list.push(`${k}: (${taken}) => ${annotation[given.returns]}`);
      ofParams.push(given);
      scope.callables.push({ name: k, ...given });
    }
    const self: Callable = { name, params: ofParams, returns, recursive, partial };
    let body = "";
    if (recursive) {
      body += `  if (depth <= 0) return ${this.make(returns, scope, 2)};\n`;
      scope.callables.push({ ...self, name: `${name}(depth - 1` });
    }
    if (c.chance(35)) for (let i = c.below(3); i > 0; i--) body += this.#declaration(scope, false);
    if (partial) {
      for (let i = c.below(3); i > 0; i--) body += this.#statement(scope, false);
      if (c.chance(30)) body += `  if (${this.cond(scope, 1)}) return;\n`;
      body += `  if (${this.cond(scope, 2)}) return ${this.make(returns, scope, 2)};\n`;
    } else body += this.#body(scope, c.below(4));
    callables.push(self);
    const gives = partial ? `${annotation[returns]} | undefined` : annotation[returns];
    return `function ${name}(${list.join(", ")}): ${gives} {\n${body}}\n`;
  }

  #functionScope(
    returns: Type,
    callables: readonly Callable[],
    params: readonly { name: string; type: Type }[],
  ): Scope {
    return {
      variables: params.map((p) => ({ ...p, constant: false })),
      callables: [...callables],
      returns,
      loops: 0,
      labels: [],
      inLoop: false,
      inSwitch: false,
      inTry: false,
      inCallback: false,
    };
  }

  #body(scope: Scope, statements: number): string {
    let text = "";
    for (let i = 0; i < statements; i++) text += this.#statement(scope, false);
    return `${text}${this.#indent}return ${this.make(scope.returns, scope, 3)};\n`;
  }

  /** Sums that the rounds of loops add to, and a multiple of one for the result. */
  #totals(scope: Scope): string {
    const { c } = this;
    const sum = this.#name("s");
    let text = "";
    for (let i = c.below(3); i > 0; i--) text += this.#statement(scope, false);
    text += this.#line(`let ${sum} = ${c.chance(30) ? this.num(scope, 2) : "0"};`);
    // Now and then others read it too.
    if (c.chance(15)) this.#add(scope, { name: sum, type: "num", constant: false });
    const list = this.#variable(scope, "arr") ?? this.#variable(scope, "f64") ?? "[0.5, 2]";
    for (let loops = 1 + c.below(2); loops > 0; loops--) {
      const [i, x] = [this.#name("i"), this.#name("v")];
      const inner: Scope = {
        ...scope,
        loops: scope.loops + 1,
        inLoop: true,
        variables: [
          ...scope.variables,
          { name: i, type: "int", constant: true },
          { name: x, type: "num", constant: true },
        ],
      };
      const body = this.#block(inner, c.below(3), `const ${x} = ${list}[${i}];`, (at) =>
        this.#line(`${sum} ${c.pick(["+=", "+=", "-="])} ${this.num(at, 3)};`),
      );
      const end = c.pick([`${list}.length && ${i} < 4`, "3"]);
      text += this.#line(`for (let ${i} = 0; ${i} < ${end}; ${i}++) ${body}`);
      for (let i = c.below(2); i > 0; i--) text += this.#statement(scope, false);
    }
    const result = c.way<string>(
      [4, () => sum],
      [4, () => `${sum} / ${list}.length`],
      [2, () => `-${sum}`],
      [2, () => `(${sum} / ${list}.length) * ${this.int(scope, 2)}`],
      [2, () => `${this.num(scope, 2)} - ${sum} / 2`],
      [2, () => `${sum} * 0.5 + ${this.num(scope, 2)}`],
      [1, () => `${sum} * ${this.num(scope, 1)}`],
      [1, () => `(${this.cond(scope, 1)}) ? ${sum} : 2 * ${sum}`],
    );
    return `${text}${this.#indent}return ${result};\n`;
  }

  // ---- statements

  #block(scope: Scope, statements: number, first = "", last?: (inner: Scope) => string): string {
    const inner: Scope = {
      ...scope,
      variables: [...scope.variables],
      callables: [...scope.callables],
    };
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    let text = first === "" ? "" : `${this.#indent}${first}\n`;
    for (let i = 0; i < statements; i++)
      text += this.#statement(inner, i === 0 && first === "" && !scope.inCallback);
    if (last) text += last(inner);
    this.#indent = outer;
    return `{\n${text}${outer}}`;
  }

  #line(text: string): string {
    return `${this.#indent}${text}\n`;
  }

  #statement(scope: Scope, isFirst: boolean): string {
    const { c } = this;
    if (this.#fuel <= 0 || c.exhausted) return "";
    this.#fuel -= 2;
    const nested = this.#indent.length < 10;
    const loops = nested && scope.loops < 2 && !scope.inCallback;
    return c.way<string>(
      [22, () => this.#declaration(scope, isFirst)],
      [22, () => this.#line(`${this.#write(scope)};`)],
      [nested ? 12 : 0, () => this.#if(scope)],
      [loops ? 18 : 0, () => this.#loop(scope)],
      [nested ? 4 : 0, () => this.#switch(scope)],
      [8, () => this.#line(this.#containerChange(scope))],
      [this.#inside === types ? 0 : 8, () => this.#line(this.#vectorChange(scope))],
      [this.#variable(scope, "words") ? 10 : 0, () => this.#line(this.#wordsChange(scope))],
      [this.#hasTurn ? 8 : 0, () => this.#line(this.#turnChange(scope))],
      [5, () => this.#destructuring(scope)],
      [4, () => this.#swap(scope)],
      [nested && !scope.inCallback ? 7 : 0, () => this.#closure(scope)],
      [nested ? 4 : 0, () => this.#forEach(scope)],
      [4, () => this.#callStatement(scope)],
      [nested && !scope.inCallback ? 3 : 0, () => this.#try(scope)],
      [nested ? 2 : 0, () => this.#line(this.#block(scope, 1 + c.below(3)))],
      [scope.inLoop ? 4 : 0, () => this.#line(`if (${this.cond(scope, 2)}) ${this.#jump(scope)};`)],
      [
        scope.inCallback ? 0 : 3,
        () =>
          this.#line(`if (${this.cond(scope, 2)}) return ${this.make(scope.returns, scope, 2)};`),
      ],
    );
  }

  #jump(scope: Scope): string {
    const word = this.c.pick(["break", "continue"]);
    const label =
      scope.labels.length > 0 && this.c.chance(50) ? ` ${this.c.pick(scope.labels)}` : "";
    return word + label;
  }

  #declaration(scope: Scope, isFirst: boolean): string {
    const { c } = this;
    const type = c.pick([
      ...["num", "num", "num", ...this.#inside, "int", "bool", "words"],
    ]) as Variable["type"];
    const called = c.chance(25) && isActive(type) ? this.#callable(scope, type) : undefined;
    const value =
      type === "int"
        ? this.int(scope, 2)
        : type === "bool"
          ? this.cond(scope, 2)
          : type === "words"
            ? this.words(scope)
            : called
              ? this.#call(called, scope, 3)
              : this.make(type, scope, 3);
    const how = c.pick(["let", "let", "const", "var"]);
    let name = this.#name("v");
    // A name of an outer block, as long as nothing in this block meant the outer variable.
    const shadowed = scope.variables.filter(
      (v) => v.name.startsWith("v") || v.name.startsWith("p"),
    );
    if (
      isFirst &&
      how !== "var" &&
      this.#indent.length > 2 &&
      shadowed.length > 0 &&
      c.chance(12)
    ) {
      const candidate = c.pick(shadowed).name;
      if (!new RegExp(`\\b${candidate}\\b`).test(value)) name = candidate;
    }
    const noted = isActive(type) && c.chance(40) ? `: ${annotation[type]}` : "";
    this.#add(scope, { name, type, constant: how === "const" });
    if (type === "num" && how !== "const" && c.chance(8)) {
      return this.#line(`${how} ${name}: number;`) + this.#line(`${name} = ${value};`);
    }
    return this.#line(`${how} ${name}${noted} = ${value};`);
  }

  #add(scope: Scope, variable: Variable): void {
    const at = scope.variables.findIndex((v) => v.name === variable.name);
    if (at >= 0) scope.variables.splice(at, 1);
    scope.variables.push(variable);
  }

  #if(scope: Scope): string {
    const { c } = this;
    const then = this.#block(scope, 1 + c.below(3));
    const test = this.cond(scope, 3);
    const otherwise = c.way<string>(
      [5, () => ""],
      [3, () => ` else ${this.#block(scope, 1 + c.below(2))}`],
      [
        2,
        () =>
          ` else if (${this.cond(scope, 2)}) ${this.#block(scope, 1)} else ${this.#block(scope, 1)}`,
      ],
    );
    return this.#line(`if (${test}) ${then}${otherwise}`);
  }

  #loop(scope: Scope): string {
    const { c } = this;
    const i = this.#name("i");
    const counter: Variable = { name: i, type: "int", constant: true };
    // Functions beside this one have loops of the same label.
    const label = c.chance(15) ? `l${scope.labels.length}` : undefined;
    const inner: Scope = {
      ...scope,
      loops: scope.loops + 1,
      inLoop: true,
      inSwitch: false,
      labels: label ? [...scope.labels, label] : scope.labels,
    };
    const counted: Scope = { ...inner, variables: [...scope.variables, counter] };
    const bound = c.pick(["3", "2", "4"]);
    const size = 1 + c.below(3);
    const head = label ? `${label}: ` : "";
    return c.way<string>(
      [
        6,
        () =>
          this.#line(
            `${head}for (let ${i} = 0; ${i} < ${bound}; ${i}++) ${this.#block(counted, size)}`,
          ),
      ],
      [
        2,
        () => {
          const x = this.#name("v");
          const active: Scope = {
            ...counted,
            variables: [...counted.variables, { name: x, type: "num", constant: false }],
          };
          const start = this.num(scope, 2);
          const step = this.num(active, 2);
          return this.#line(
            `${head}for (let ${i} = 0, ${x} = ${start}; ${i} < ${bound} && (${this.cond(active, 1)}); ${i}++, ${x} += ${step}) ${this.#block(active, size)}`,
          );
        },
      ],
      [
        3,
        () =>
          this.#line(`let ${i} = 0;`) +
          this.#line(
            `${head}while (${i}++ < ${bound} && (${this.cond(counted, 2)})) ${this.#block(counted, size)}`,
          ),
      ],
      [
        2,
        () =>
          this.#line(`let ${i} = 0;`) +
          this.#line(
            `${head}do ${this.#block(counted, size)} while (${i}++ < ${bound} && (${this.cond(counted, 2)}));`,
          ),
      ],
      [6, () => this.#forOf(inner, head, size, i)],
      [
        1,
        () => {
          // Steps of one do not come back to where it began.
          const t = this.#name("t");
          const from = c.pick(["0.3", "0.1", "0.7"]);
          const fraction: Variable = { name: i, type: "num", constant: true };
          const body = this.#block({ ...inner, variables: [...scope.variables, fraction] }, size);
          return (
            this.#line(`const ${t} = ${from};`) +
            this.#line(`${head}for (let ${i} = ${t}; ${i} < ${bound}; ${i}++) ${body}`)
          );
        },
      ],
      [
        1,
        () =>
          this.#line(`${head}for (let ${i} = ${bound}; ${i}--; ) ${this.#block(counted, size)}`),
      ],
    );
  }

  #forOf(scope: Scope, head: string, size: number, i: string): string {
    const { c } = this;
    const over = c.pick(["arr", "mat", "objs", "f64"]) as Type;
    const elements: Readonly<Partial<Record<Type, Type>>> = {
      arr: "num",
      mat: "arr",
      objs: "obj",
      f64: "num",
    };
    const element = elements[over] as Type;
    const source = this.make(over, scope, 2);
    const x = this.#name("v");
    const how = c.pick(["const", "let"]);
    // The array may grow while it is gone through.
    const count = this.#name("n");
    const guard = `if (${count}++ >= 5) break;`;
    const variables: Variable[] = [...scope.variables];
    let pattern = x;
    const add = (name: string, type: Variable["type"]) =>
      variables.push({ name, type, constant: how === "const" });
    if (element === "obj" && c.chance(30)) {
      const y = this.#name("v");
      pattern = `{ x: ${x}, y: ${y} }`;
      add(x, "num");
      add(y, "num");
    } else if (element === "arr" && c.chance(30)) {
      const y = this.#name("v");
      pattern = `[${x}, ${y} = ${this.num(scope, 1)}]`;
      add(x, "num");
      add(y, "num");
    } else if (c.chance(15)) {
      pattern = `[${i}, ${x}]`;
      variables.push({ name: i, type: "int", constant: true });
      add(x, element);
      const inner = { ...scope, variables };
      return (
        this.#line(`let ${count} = 0;`) +
        this.#line(
          `${head}for (${how} ${pattern} of ${atomic(source)}.entries()) ${this.#block(inner, size, guard)}`,
        )
      );
    } else add(x, element);
    const inner = { ...scope, variables };
    return (
      this.#line(`let ${count} = 0;`) +
      this.#line(`${head}for (${how} ${pattern} of ${source}) ${this.#block(inner, size, guard)}`)
    );
  }

  #switch(scope: Scope): string {
    const { c } = this;
    const inner: Scope = { ...scope, inSwitch: true };
    const on = this.int(scope, 2);
    const outer = this.#indent;
    this.#indent = `${outer}    `;
    const cases = Array.from({ length: 1 + c.below(3) }, (_, i) => {
      const body = this.#line(this.#block(inner, 1));
      const end = c.chance(60) ? this.#line("break;") : "";
      return `${outer}  case ${i}:\n${body}${end}`;
    });
    if (c.chance(50))
      cases.splice(
        c.below(cases.length + 1),
        0,
        `${outer}  default:\n${this.#line(this.#block(inner, 1))}`,
      );
    this.#indent = outer;
    return `${this.#line(`switch ((${on}) % 3) {`)}${cases.join("")}${this.#line("}")}`;
  }

  #try(scope: Scope): string {
    const { c } = this;
    const inner = { ...scope, inTry: true };
    const body = this.#block(
      inner,
      1 + c.below(2),
      c.chance(70) ? `if (${this.cond(scope, 2)}) throw new Error("stop");` : "",
    );
    const handler = this.#block(scope, 1);
    const last = c.chance(25) ? ` finally ${this.#block(scope, 1)}` : "";
    return this.#line(`try ${body} catch ${handler}${last}`);
  }

  #containerChange(scope: Scope): string {
    const { c } = this;
    const a = atomic(this.#variable(scope, "arr") ?? this.make("arr", scope, 1));
    return c.way<string>(
      [4, () => `${a}.push(${this.num(scope, 2)});`],
      [2, () => `${a}.push(${this.num(scope, 2)}, ${this.num(scope, 1)});`],
      [3, () => `${a}.pop();`],
      [2, () => `${a}[${a}.length] = ${this.num(scope, 2)};`],
      [2, () => `${a}[${c.pick(["2", "3", "4"])}] = ${this.num(scope, 2)};`],
      [2, () => `${a}[0] = (${a}.pop() ?? 0) * ${this.num(scope, 1)};`],
      [2, () => `${a}.fill(${this.num(scope, 2)}${c.chance(40) ? ", 1" : ""});`],
      [1, () => `${a}.unshift(${this.num(scope, 2)});`],
      [1, () => `${a}.shift();`],
      [1, () => `${a}.reverse();`],
      [1, () => `${atomic(this.make("f64", scope, 1))}.fill(${this.num(scope, 2)});`],
      [1, () => `${atomic(this.make("mat", scope, 1))}.push(${this.make("arr", scope, 2)});`],
      [1, () => `${atomic(this.make("mat", scope, 1))}.pop();`],
      [1, () => `${atomic(this.make("objs", scope, 1))}.push(${this.make("obj", scope, 2)});`],
      [
        1,
        () =>
          `${atomic(this.make("f64", scope, 1))}.set(${this.make("f64", scope, 2)}.subarray(0, 2));`,
      ],
      [1, () => `${a}.length = 2;`],
    );
  }

  /** What is done to a list of texts that other functions look at too. */
  #wordsChange(scope: Scope): string {
    const { c } = this;
    const w = this.#variable(scope, "words") as string;
    return c.way<string>(
      [3, () => `${w}.reverse();`],
      [2, () => `${w}.sort();`],
      [2, () => `${w}.shift();`],
      [2, () => `${w}.push(${c.pick(['"a"', '""', '"ab"'])});`],
      [2, () => `${w}.pop();`],
      [1, () => `${w}.splice(0, 1);`],
      [1, () => `${w}.fill("a");`],
      [2, () => `${w}[${this.index(scope)}] = ${c.pick(['"a"', '""', '"ab"'])};`],
      [1, () => `[${w}[0], ${w}[1]] = [${w}[1], ${w}[0]];`],
      [1, () => `${w}.length = 1;`],
    );
  }

  #turnChange(scope: Scope): string {
    return this.c.way<string>(
      [3, () => "turn++;"],
      [1, () => `turn += ${this.int(scope, 1)};`],
      [1, () => `turn = ${this.int(scope, 1)};`],
    );
  }

  #vectorChange(scope: Scope): string {
    const v = atomic(this.#variable(scope, "vec") ?? this.make("vec", scope, 1));
    return this.c.way<string>(
      [2, () => `${v}.move(${this.num(scope, 2)});`],
      [1, () => `${v}.both = ${this.num(scope, 2)};`],
      [
        4,
        () => {
          const to = this.#variable(scope, "vec", true);
          return to ? `${to} = ${this.make("vec", scope, 3)};` : `${v}.x = ${this.num(scope, 2)};`;
        },
      ],
    );
  }

  #destructuring(scope: Scope): string {
    const { c } = this;
    const x = this.#name("v");
    const y = this.#name("v");
    const how = c.pick(["const", "let"]);
    const constant = how === "const";
    const add = (name: string, type: Type) => this.#add(scope, { name, type, constant });
    return c.way<string>(
      [
        3,
        () => {
          const text = this.#line(
            `${how} [${x}, ${y} = ${this.num(scope, 2)}] = ${this.make("arr", scope, 3)};`,
          );
          add(x, "num");
          add(y, "num");
          return text;
        },
      ],
      [
        3,
        () => {
          const text = this.#line(`${how} { x: ${x}, y: ${y} } = ${this.make("obj", scope, 3)};`);
          add(x, "num");
          add(y, "num");
          return text;
        },
      ],
      [
        1,
        () => {
          const text = this.#line(
            `${how} { p: { x: ${x} }, v: ${y} } = ${this.make("box", scope, 3)};`,
          );
          add(x, "num");
          add(y, "arr");
          return text;
        },
      ],
      [
        1,
        () => {
          const text = this.#line(`${how} [${x}, ...${y}] = ${this.make("arr", scope, 3)};`);
          add(x, "num");
          add(y, "arr");
          return text;
        },
      ],
      [
        1,
        () =>
          this.#line(
            `[${this.#place(scope)}, ${this.#place(scope)}] = ${this.make("arr", scope, 2)};`,
          ),
      ],
      [
        1,
        () =>
          this.#line(
            `({ x: ${this.#place(scope)}, y: ${this.#place(scope)} } = ${this.make("obj", scope, 2)});`,
          ),
      ],
    );
  }

  #swap(scope: Scope): string {
    const a = this.#place(scope);
    const b = this.#place(scope);
    return this.#line(`[${a}, ${b}] = [${this.c.pick([b, `${b} + ${a}`])}, ${a}];`);
  }

  /** A swap of which the value is used. */
  #swapped(scope: Scope, d: number): string {
    const [a, b] = [this.#place(scope), this.#place(scope)];
    return `([${a}, ${b}] = [${this.num(scope, d)}, ${a}])[${this.c.below(2)}]`;
  }

  /** A function inside the function, called by name later. */
  #closure(scope: Scope): string {
    const { c } = this;
    const returns = c.pick(["num", "num", "num", "arr", "obj"]) as Type;
    const params = Array.from({ length: c.below(3) }, () => ({
      name: this.#name("p"),
      type: c.pick(["num", "num", "num", "arr", "obj"]) as Type,
    }));
    const name = this.#name("g");
    const inner: Scope = {
      ...scope,
      variables: [...scope.variables, ...params.map((p) => ({ ...p, constant: false }))],
      callables: scope.callables.filter((f) => !f.name.startsWith("g")),
      returns,
      loops: scope.loops + 1,
      inLoop: false,
      inSwitch: false,
      labels: [],
    };
    const noted = c.chance(80);
    const list = params
      .map((p) => (noted ? `${p.name}: ${annotation[p.type]}` : p.name))
      .join(", ");
    const result = noted ? `: ${annotation[returns]}` : "";
    scope.callables.push({ name, params: params.map((p) => p.type), returns });
    if (c.chance(50)) {
      const value = this.make(returns, inner, 3);
      return this.#line(
        `const ${name} = (${list})${result} => ${value.startsWith("{") ? `(${value})` : value};`,
      );
    }
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    const body = this.#body(
      { ...inner, variables: [...inner.variables], callables: [...inner.callables] },
      1 + c.below(2),
    );
    this.#indent = outer;
    const isDeclaration = c.chance(40);
    return isDeclaration
      ? this.#line(`function ${name}(${list})${result} {\n${body}${outer}}`)
      : this.#line(`const ${name} = (${list})${result} => {\n${body}${outer}};`);
  }

  #forEach(scope: Scope): string {
    const x = this.#name("v");
    const i = this.#name("i");
    const over = this.c.pick(["arr", "f64", "objs"]) as Type;
    const inner: Scope = {
      ...scope,
      inCallback: true,
      inLoop: false,
      variables: [
        ...scope.variables,
        { name: x, type: over === "objs" ? "obj" : "num", constant: false },
        { name: i, type: "int", constant: true },
      ],
    };
    const source = this.make(over, scope, 2);
    return this.#line(
      `${atomic(source)}.forEach((${x}, ${i}) => ${this.#block(inner, 1 + this.c.below(2))});`,
    );
  }

  #callStatement(scope: Scope): string {
    const f = this.#callable(scope, undefined);
    return f ? this.#line(`${this.#call(f, scope, 2)};`) : this.#line(`${this.#write(scope)};`);
  }

  // ---- places and writes

  #variable(scope: Scope, type: Variable["type"], writable = false): string | undefined {
    const found = scope.variables.filter((v) => v.type === type && !(writable && v.constant));
    return found.length > 0 ? this.c.pick(found.toReversed()).name : undefined;
  }

  /** Something that holds a number and can be written to. */
  #place(scope: Scope): string {
    const { c } = this;
    const x = this.#variable(scope, "num", true);
    const has = (type: Type) => (scope.variables.some((v) => v.type === type) ? 1 : 0);
    const of = (type: Type) => this.#variable(scope, type) as string;
    const total =
      (x ? 1 : 0) +
      has("arr") +
      has("obj") +
      has("f64") +
      has("mat") +
      has("box") +
      has("objs") +
      has("vec");
    if (total === 0) return `(${this.make("obj", scope, 0, true)}).x`;
    return c.way<string>(
      [x ? 6 : 0, () => x as string],
      [3 * has("arr"), () => `${of("arr")}[${this.index(scope)}]`],
      [3 * has("obj"), () => `${of("obj")}.${c.pick(["x", "y"])}`],
      [2 * has("f64"), () => `${of("f64")}[${this.index(scope)}]`],
      [2 * has("mat"), () => `${of("mat")}[${c.below(2)}][${this.index(scope)}]`],
      [has("box"), () => `${of("box")}.w`],
      [has("box"), () => `${of("box")}.p.x`],
      [has("box"), () => `${of("box")}.v[${this.index(scope)}]`],
      [has("objs"), () => `${of("objs")}[${c.below(2)}].y`],
      [3 * has("vec"), () => `${of("vec")}.${c.pick(["x", "y"])}`],
    );
  }

  /** An assignment, as an expression without parentheses. */
  #write(scope: Scope, d = 3): string {
    const { c } = this;
    const whole = c.chance(15) ? this.#wholeWrite(scope, d) : undefined;
    return whole ?? this.#numberWrite(scope, d);
  }

  /** An assignment of a number, which is worth one. */
  #numberWrite(scope: Scope, d: number): string {
    const { c } = this;
    const to = this.#place(scope);
    return c.way<string>(
      [6, () => `${to} = ${this.num(scope, d)}`],
      [
        6,
        () => `${to} ${c.pick(["+=", "-=", "*=", "/=", "+=", "%=", "**="])} ${this.num(scope, d)}`,
      ],
      [2, () => `${to}${c.pick(["++", "--"])}`],
      [1, () => `${c.pick(["++", "--"])}${to}`],
      [1, () => `${to} ${c.pick(["||=", "&&=", "??="])} ${this.num(scope, d)}`],
    );
  }

  /** Puts another array or object where one is. */
  #wholeWrite(scope: Scope, d: number): string | undefined {
    const type = this.c.pick(["arr", "obj", "mat", "f64", "box", "objs"]) as Type;
    if (type === "mat") {
      const m = this.#variable(scope, "mat");
      if (m && this.c.chance(50)) return `${m}[${this.c.below(2)}] = ${this.make("arr", scope, d)}`;
    }
    if (type === "objs") {
      const o = this.#variable(scope, "objs");
      if (o && this.c.chance(50)) return `${o}[${this.c.below(2)}] = ${this.make("obj", scope, d)}`;
    }
    if (type === "box") {
      const b = this.#variable(scope, "box");
      if (b && this.c.chance(50))
        return `${b}.${this.c.chance(50) ? `p = ${this.make("obj", scope, d)}` : `v = ${this.make("arr", scope, d)}`}`;
    }
    const x = this.#variable(scope, type, true);
    return x && `${x} = ${this.make(type, scope, d)}`;
  }

  // ---- inactive expressions

  /** A list of texts, of which the lengths tell something. */
  words(scope: Scope): string {
    const { c } = this;
    const w = this.#variable(scope, "words");
    return c.way<string>(
      [3, () => c.pick(['["", "a", "ab"]', '["ab", "a"]', '["a", "", "ab"]'])],
      [w ? 6 : 0, () => w as string],
      [w ? 2 : 0, () => `${w}.slice()`],
    );
  }

  /** A number that depends on no input: small and whole. */
  int(scope: Scope, d: number): string {
    const { c } = this;
    const i = this.#variable(scope, "int");
    const w = this.#variable(scope, "words");
    return c.way<string>(
      [2, () => String(c.below(3))],
      [i ? 6 : 0, () => i as string],
      [w ? 4 : 0, () => this.#chosen(scope, w as string)],
      [this.#hasTurn ? 4 : 0, () => "(turn % 4)"],
      [d > 0 ? 1 : 0, () => `(${this.int(scope, d - 1)} + ${this.int(scope, d - 1)})`],
      [d > 0 ? 1 : 0, () => `${atomic(this.#variable(scope, "arr") ?? "[1, 2]")}.length`],
      [d > 0 ? 1 : 0, () => `Math.abs(Math.trunc(${this.num(scope, d - 1)}) % 4)`],
    );
  }

  /** What a list of texts tells. */
  #chosen(scope: Scope, w: string): string {
    return this.c.way<string>(
      [2, () => `(${w}[${this.c.below(2)}] ?? "ab").length`],
      [1, () => `${w}[0].length`],
      [2, () => `${w}.length`],
      [1, () => `(${w}[${this.index(scope)}] === "a" ? 0 : 2)`],
    );
  }

  index(scope: Scope): string {
    const { c } = this;
    const w = this.#variable(scope, "words");
    const i = this.#variable(scope, "int");
    const k = this.#variable(scope, "int", true);
    return c.way<string>(
      [4, () => String(c.below(3))],
      [i ? 6 : 0, () => `${i} % 3`],
      [i ? 2 : 0, () => i as string],
      [w ? 5 : 0, () => `${this.#chosen({ ...scope, variables: [] }, w as string)} % 3`],
      [this.#hasTurn ? 4 : 0, () => c.pick(["turn % 3", "turn++ % 3"])],
      [k ? 2 : 0, () => `${k}++ % 3`],
      [1, () => `(${this.cond(scope, 1)}) ? 0 : 1`],
      [1, () => `Math.abs(Math.trunc(${this.num(scope, 1)})) % 3`],
      [1, () => String(c.below(6))],
    );
  }

  cond(scope: Scope, d: number): string {
    const { c } = this;
    const b = this.#variable(scope, "bool");
    return c.way<string>(
      [
        8,
        () =>
          `${this.num(scope, d - 1)} ${c.pick(["<", ">", "<=", ">=", "===", "!=="])} ${this.num(scope, d - 1)}`,
      ],
      [b ? 3 : 0, () => b as string],
      [d > 0 ? 2 : 0, () => `!(${this.cond(scope, d - 1)})`],
      [d > 0 ? 2 : 0, () => `(${this.cond(scope, d - 1)}) && (${this.cond(scope, d - 1)})`],
      [d > 0 ? 2 : 0, () => `(${this.cond(scope, d - 1)}) || (${this.cond(scope, d - 1)})`],
      [1, () => this.num(scope, d - 1)],
      [1, () => `Number.isFinite(${this.num(scope, d - 1)})`],
      [
        d > 0 ? 1 : 0,
        () => {
          const x = this.#name("v");
          const inner = this.#callback(scope, { name: x, type: "num", constant: false });
          return `${atomic(this.make("arr", scope, 1))}.${c.pick(["some", "every"])}((${x}) => ${this.cond(inner, d - 1)})`;
        },
      ],
    );
  }

  // ---- numbers

  num(scope: Scope, d: number): string {
    const { c } = this;
    this.#fuel -= 1;
    if (d <= 0 || this.#fuel <= 0 || c.exhausted) return this.#leaf(scope);
    const sub = () => this.num(scope, d - 1);
    return c.way<string>(
      [30, () => this.#leaf(scope)],
      [30, () => `(${sub()} ${c.pick(["+", "*", "-", "/", "+", "*", "-", "%", "**"])} ${sub()})`],
      [4, () => `(${c.pick(["-", "-", "+"])}(${sub()}))`],
      [12, () => this.#math(scope, d)],
      [5, () => `(${this.cond(scope, d - 1)} ? ${sub()} : ${sub()})`],
      [3, () => `(${sub()} ${c.pick(["||", "&&", "??"])} ${sub()})`],
      [6, () => `(${this.#numberWrite(scope, d - 1)})`],
      [2, () => `(${c.chance(50) ? this.#write(scope, d - 1) : sub()}, ${sub()})`],
      [10, () => this.#read(scope, d)],
      [scope.callables.length > 0 ? 14 : 8, () => this.#numberCall(scope, d)],
      [5, () => this.#fold(scope, d)],
      [2, () => this.int(scope, 1)],
      [
        1,
        () =>
          `(${this.int(scope, 1)} ${c.pick(["|", "&", "^", "<<", ">>"])} ${this.int(scope, 0)})`,
      ],
      [1, () => `Number(${sub()})`],
      [1, () => this.#swapped(scope, d - 1)],
      [1, () => `(${this.#variable(scope, "arr") ?? "[1]"}.pop() ?? ${sub()})`],
    );
  }

  #leaf(scope: Scope): string {
    const x = this.#variable(scope, "num");
    return this.c.way<string>(
      [x ? 8 : 0, () => x as string],
      [2, () => this.c.pick(["1", "2", "0.5", "3", "1.5", "0.25", "0", "(-1)", "(-0.75)"])],
      [3, () => this.#field(scope) ?? "0.3"],
      [0, () => "1"],
    );
  }

  /** A number inside a variable. */
  #field(scope: Scope): string | undefined {
    const held = scope.variables.filter((v) => v.type !== "num" && isActive(v.type));
    if (held.length === 0) return undefined;
    const { name, type } = this.c.pick(held.toReversed());
    switch (type) {
      case "arr":
      case "f64":
        return `${name}[${this.c.below(3)}]`;
      case "mat":
        return `${name}[${this.c.below(2)}][${this.c.below(2)}]`;
      case "obj":
      case "vec":
        return `${name}.${this.c.pick(["x", "y"])}`;
      case "box":
        return `${name}.${this.c.pick(["w", "p.x", "p.y", "v[0]"])}`;
      default:
        return `${name}[${this.c.below(2)}].${this.c.pick(["x", "y"])}`;
    }
  }

  #math(scope: Scope, d: number): string {
    const { c } = this;
    const sub = () => this.num(scope, d - 1);
    return c.way<string>(
      [6, () => `Math.${c.pick(["sin", "cos", "tanh", "atan", "exp", "abs"])}(${sub()})`],
      [
        2,
        () =>
          `Math.${c.pick(["asinh", "cbrt", "tan", "expm1", "sinh", "cosh", "fround"])}(${sub()})`,
      ],
      [
        2,
        () =>
          `Math.${c.pick(["sqrt", "log", "log1p", "log2", "log10"])}(${c.chance(70) ? `Math.abs(${sub()}) + 0.1` : sub()})`,
      ],
      [1, () => `Math.${c.pick(["asin", "acos", "atanh"])}(0.9 * Math.sin(${sub()}))`],
      [1, () => `Math.${c.pick(["asin", "acos", "atanh", "acosh"])}(${sub()})`],
      [3, () => `Math.${c.pick(["max", "min"])}(${sub()}, ${sub()})`],
      [1, () => `Math.${c.pick(["max", "min", "hypot"])}(${sub()}, ${sub()}, ${sub()})`],
      [1, () => `Math.${c.pick(["max", "min", "hypot"])}(...${this.make("arr", scope, d - 1)})`],
      [2, () => `Math.hypot(${sub()}, ${sub()})`],
      [2, () => `Math.atan2(${sub()}, ${sub()})`],
      [2, () => `Math.pow(${sub()}, ${sub()})`],
      [1, () => `Math.${c.pick(["floor", "ceil", "round", "trunc", "sign"])}(${sub()})`],
    );
  }

  #read(scope: Scope, d: number): string {
    const { c } = this;
    const e = d - 1;
    return c.way<string>(
      [4, () => `${atomic(this.make("arr", scope, e))}[${this.index(scope)}]`],
      [3, () => `${atomic(this.make("obj", scope, e))}.${c.pick(["x", "y"])}`],
      [2, () => `${atomic(this.make("f64", scope, e))}[${this.index(scope)}]`],
      [2, () => `${atomic(this.make("mat", scope, e))}[${c.below(2)}][${this.index(scope)}]`],
      [1, () => `${atomic(this.make("box", scope, e))}.${c.pick(["w", "p.x", "v[1]"])}`],
      [1, () => `${atomic(this.make("objs", scope, e))}[${c.below(2)}].${c.pick(["x", "y"])}`],
      [1, () => `${atomic(this.make("arr", scope, e))}.at(${c.pick(["-1", "0"])})!`],
      [
        this.#inside === types ? 0 : 6,
        () => {
          const v = atomic(this.make("vec", scope, e));
          return `${v}.${c.way<string>([2, () => c.pick(["x", "y", "size"])], [1, () => `dot(${this.make("vec", scope, e)})`])}`;
        },
      ],
    );
  }

  #callable(scope: Scope, returns: Type | undefined): Callable | undefined {
    const found = scope.callables.filter((f) => returns === undefined || f.returns === returns);
    return found.length > 0 ? this.c.pick(found.toReversed()) : undefined;
  }

  #call(f: Callable, scope: Scope, d: number): string {
    const args = f.params.map((p) =>
      p === "words"
        ? this.words(scope)
        : typeof p === "string"
          ? this.make(p, scope, d - 1)
          : this.#function(scope, p, d - 1),
    );
    // Inside itself, a recursive function is named with its first argument.
    const text = f.name.includes("(")
      ? `${[f.name, ...args].join(", ")})`
      : `${f.name}(${[...(f.recursive ? [String(1 + this.c.below(2))] : []), ...args].join(", ")})`;
    return f.partial ? `(${text} ?? ${this.make(f.returns, scope, 0)})` : text;
  }

  /** A function to hand on: by its name, of `Math`, or written where it is handed on. */
  #function(scope: Scope, { params, returns }: FunctionType, d: number): string {
    const { c } = this;
    const named = scope.callables.filter(
      (f) =>
        !f.recursive && !f.partial && f.returns === returns && String(f.params) === String(params),
    );
    const isOfNumbers = returns === "num" && params.every((p) => p === "num");
    return c.way<string>(
      [named.length > 0 ? 5 : 0, () => c.pick(named).name],
      [
        isOfNumbers ? 2 : 0,
        () =>
          `Math.${c.pick(params.length === 1 ? ["sin", "exp", "abs", "cbrt"] : ["max", "atan2", "hypot"])}`,
      ],
      [
        5,
        () => {
          const own = params.map((type) => ({ name: this.#name("v"), type, constant: false }));
          const value = this.make(returns, this.#callback(scope, ...own), d);
          const list = own.map((v) => v.name).join(", ");
          return `(${list}) => ${value.startsWith("{") ? `(${value})` : value}`;
        },
      ],
    );
  }

  #numberCall(scope: Scope, d: number): string {
    const f = this.#callable(scope, "num");
    if (f) return this.#call(f, scope, d);
    const x = this.#name("v");
    const inner = this.#callback(scope, { name: x, type: "num", constant: false });
    return `((${x}: number): number => ${this.num(inner, d - 1)})(${this.num(scope, d - 1)})`;
  }

  #callback(scope: Scope, ...variables: Variable[]): Scope {
    return { ...scope, inCallback: true, variables: [...scope.variables, ...variables] };
  }

  #fold(scope: Scope, d: number): string {
    const s = this.#name("v");
    const x = this.#name("v");
    const over = this.c.pick(["arr", "f64", "objs"]) as Type;
    const inner = this.#callback(
      scope,
      { name: s, type: "num", constant: false },
      { name: x, type: over === "objs" ? "obj" : "num", constant: false },
    );
    const source = atomic(this.make(over, scope, d - 1));
    if (over === "arr" && this.c.chance(15))
      return `${source}.reduce((${s}, ${x}) => ${this.num(inner, d - 1)})`;
    return `${source}.reduce((${s}, ${x}) => ${s} + ${this.num(inner, d - 1)}, ${this.num(scope, d - 1)})`;
  }

  // ---- arrays and objects

  /** An expression of a type. */
  make(type: Type, scope: Scope, d: number, fresh = false): string {
    const { c } = this;
    if (type === "num") return this.num(scope, d);
    this.#fuel -= 1;
    const x = fresh ? undefined : this.#variable(scope, type);
    const deep = d > 0 && this.#fuel > 0 && !c.exhausted;
    const f = deep ? this.#callable(scope, type) : undefined;
    return c.way<string>(
      [x ? 10 : 0, () => x as string],
      [x && !deep ? 0 : 6, () => this.#literal(type, scope, deep ? d : 0)],
      [f ? 4 : 0, () => this.#call(f as Callable, scope, d)],
      [
        deep ? 1 : 0,
        () =>
          `(${this.cond(scope, d - 1)} ? ${this.make(type, scope, d - 1)} : ${this.make(type, scope, d - 1)})`,
      ],
      [deep ? 8 : 0, () => this.#derived(type, scope, d - 1)],
    );
  }

  #literal(type: Type, scope: Scope, d: number): string {
    const num = () => this.num(scope, d - 1);
    switch (type) {
      case "arr":
        return `[${num()}, ${num()}, ${num()}]`;
      case "mat":
        return `[${this.#literal("arr", scope, d - 1)}, ${this.make("arr", scope, d - 1)}]`;
      case "f64":
        return this.c.chance(60)
          ? `new Float64Array([${num()}, ${num()}, ${num()}])`
          : "new Float64Array(3)";
      case "obj":
        return `{ x: ${num()}, y: ${num()} }`;
      case "vec":
        return `new Vec(${num()}, ${num()})`;
      case "box":
        return `{ p: ${this.make("obj", scope, d - 1)}, w: ${num()}, v: ${this.make("arr", scope, d - 1)} }`;
      default:
        return `[${this.#literal("obj", scope, d - 1)}, ${this.make("obj", scope, d - 1)}]`;
    }
  }

  #mapped(scope: Scope, element: Type | "int", result: Type, d: number, withIndex = true): string {
    const x = this.#name("v");
    const i = this.#name("i");
    const variables: Variable[] =
      element === "int" ? [] : [{ name: x, type: element, constant: false }];
    const inner = this.#callback(scope, ...variables, { name: i, type: "int", constant: true });
    const value = this.make(result, inner, d);
    return `(${x}${withIndex ? `, ${i}` : ""}) => ${value.startsWith("{") ? `(${value})` : value}`;
  }

  #derived(type: Type, scope: Scope, d: number): string {
    const { c } = this;
    const of = (t: Type) => atomic(this.make(t, scope, d));
    switch (type) {
      case "arr":
        return c.way<string>(
          [4, () => `${of("arr")}.map(${this.#mapped(scope, "num", "num", d)})`],
          [2, () => `[...${of("arr")}, ${this.num(scope, d)}]`],
          [2, () => `${of("arr")}.slice(${c.pick(["", "1", "0, 2"])})`],
          [1, () => `${of("arr")}.concat(${this.make("arr", scope, d)}).slice(0, 4)`],
          [1, () => `${of("arr")}.filter((v) => v ${c.pick([">", "<"])} ${this.num(scope, d)})`],
          [2, () => `Array.from({ length: 3 }, ${this.#mapped(scope, "int", "num", d)})`],
          [1, () => `new Array(3).fill(${this.num(scope, d)})`],
          [2, () => `${of("mat")}[${c.below(2)}]`],
          [1, () => `${of("box")}.v`],
          [1, () => `Array.from(${this.make("f64", scope, d)})`],
          [1, () => `${of("objs")}.map(${this.#mapped(scope, "obj", "num", d)})`],
          [1, () => `[...${of("arr")}]`],
        );
      case "mat":
        return c.way<string>(
          [2, () => `${of("mat")}.map(${this.#mapped(scope, "arr", "arr", d)})`],
          [1, () => `${of("mat")}.slice()`],
          [1, () => `Array.from({ length: 2 }, ${this.#mapped(scope, "int", "arr", d)})`],
        );
      case "f64":
        return c.way<string>(
          [2, () => `${of("f64")}.map(${this.#mapped(scope, "num", "num", d)})`],
          [2, () => `${of("f64")}.slice()`],
          [1, () => `new Float64Array(${this.make("arr", scope, d)})`],
        );
      case "obj":
        return c.way<string>(
          [3, () => `{ ...${of("obj")}, ${c.pick(["x", "y"])}: ${this.num(scope, d)} }`],
          [2, () => `${of("objs")}[${c.below(2)}]`],
          [2, () => `${of("box")}.p`],
          [1, () => `{ ...${of("obj")} }`],
        );
      case "vec":
        return c.way<string>(
          [2, () => `${of("vec")}.plus(${this.make("vec", scope, d)})`],
          [2, () => `${of("vec")}.times(${this.num(scope, d)})`],
        );
      case "box":
        return c.way<string>(
          [2, () => `{ ...${of("box")}, w: ${this.num(scope, d)} }`],
          [2, () => `{ ...${of("box")}, p: ${this.make("obj", scope, d)} }`],
        );
      default:
        return c.way<string>(
          [2, () => `${of("objs")}.map(${this.#mapped(scope, "obj", "obj", d)})`],
          [1, () => `${of("objs")}.slice()`],
          [1, () => `[...${of("objs")}]`],
        );
    }
  }
}

/** Whether what a variable holds may depend on the inputs. */
const isActive = (type: Variable["type"]): type is Type => !/^(int|bool|words)$/.test(type);

/** An expression that `.name` and `[index]` can follow. */
function atomic(e: string): string {
  return /^[\w.]+$/.test(e) || (e.startsWith("[") && !e.includes("=>") && balanced(e))
    ? e
    : `(${e})`;
}

function balanced(e: string): boolean {
  let depth = 0;
  for (let i = 0; i < e.length; i++) {
    if (e[i] === "[") depth++;
    if (e[i] === "]" && --depth === 0) return i === e.length - 1;
  }
  return false;
}

// ---- arguments

const ordinary = [0.7312, 1.2871, -0.4633, 0.3119, 2.1337, -1.6181, 0.0937, 1.9043];
const special = [
  0,
  1,
  -0,
  -1,
  2,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-320,
  1e200,
];

class Inputs {
  isSmooth = true;
  constructor(private readonly c: Choices) {}

  #primal(): number {
    if (this.c.chance(5)) {
      this.isSmooth = false;
      return this.c.pick(special);
    }
    // Different at each place, so that ties and kinks are not hit by accident.
    return this.c.pick(ordinary) + this.c.below(1000) * 1.0123e-4;
  }

  #tangent(): number {
    return this.c.chance(12) ? 0 : this.c.pick([1, 0.5, -0.75, 0.3, 2]);
  }

  /** A value of a type and its tangent. */
  of(type: Type): [primal: unknown, tangent: unknown] {
    const number = () => [this.#primal(), this.#tangent()] as const;
    const list = (t: Type, n: number) => Array.from({ length: n }, () => this.of(t));
    switch (type) {
      case "num":
        return [...number()];
      case "arr": {
        const parts = list("num", 3);
        return [parts.map(([p]) => p), parts.map(([, t]) => t)];
      }
      case "f64": {
        const parts = list("num", 3);
        return [
          Float64Array.from(parts.map(([p]) => p as number)),
          Float64Array.from(parts.map(([, t]) => t as number)),
        ];
      }
      case "mat": {
        const parts = list("arr", 2);
        return [parts.map(([p]) => p), parts.map(([, t]) => t)];
      }
      case "objs": {
        const parts = list("obj", 2);
        return [parts.map(([p]) => p), parts.map(([, t]) => t)];
      }
      case "obj": {
        const [x, y] = [number(), number()];
        return [
          { x: x[0], y: y[0] },
          { x: x[1], y: y[1] },
        ];
      }
      default: {
        const [p, w, v] = [this.of("obj"), number(), this.of("arr")];
        return [
          { p: p[0], w: w[0], v: v[0] },
          { p: p[1], w: w[1], v: v[1] },
        ];
      }
    }
  }
}

/** The program that lists of choices stand for. */
export function programFrom(choices: ArrayLike<number>, forInputs: ArrayLike<number>): Program {
  const { source, params } = new Writer(new Choices(choices)).module();
  const inputs = new Inputs(new Choices(forInputs));
  const primals: unknown[] = [];
  const tangents: unknown[] = [];
  for (const { type, hasDefault } of params) {
    const [p, t] = inputs.of(type);
    const isMissing = hasDefault && (p as number) < 0;
    if (isMissing) continue;
    primals.push(p);
    tangents.push(t);
  }
  return { source, primals, tangents, isSmooth: inputs.isSmooth };
}

const choice = fc.nat({ max: 65535 });

/** Random programs. */
export const programs: fc.Arbitrary<Program> = fc
  .noBias(
    fc.tuple(
      fc.array(choice, { minLength: 60, maxLength: 500, size: "max" }),
      fc.array(choice, { minLength: 60, maxLength: 60, size: "max" }),
    ),
  )
  .map(([choices, forInputs]) => programFrom(choices, forInputs));
