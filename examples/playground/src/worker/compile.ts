import { parseSync, transformSync, type types } from "@babel/core";
import modules from "@babel/plugin-transform-modules-commonjs";
import typescript from "@babel/plugin-transform-typescript";
import { compileSync, type Diagnostic, placeOf } from "babel-plugin-dualize/compile";
import type { Form, Remark } from "../protocol.ts";

/** The name that messages have for the text in the editor. */
export const FILE = "function.ts";

export interface Result {
  readonly remarks: readonly Remark[];
  readonly code: Readonly<Record<Form, string>> | undefined;
  /** What runs: types taken out, imports by `require`. */
  readonly script: string | undefined;
}

/** Runs the Babel plugin over a source, as a build tool does, and takes apart what it emits. */
export function compile(source: string): Result {
  const [compiled, parsing] = attempt(() => compileSync(source, FILE, { check: true }));
  if (parsing) return { remarks: [parsing], code: undefined, script: undefined };
  const remarks = (compiled?.report.diagnostics ?? []).map(remarkOf);
  if (remarks.some(({ severity }) => severity === "error"))
    return { remarks, code: undefined, script: undefined };
  const emitted = compiled?.code ?? source;
  const [script, faulty] = attempt(() => withoutTypes(emitted));
  if (faulty) return { remarks: [faulty], code: undefined, script: undefined };
  return { remarks, code: byForm(emitted), script };
}

const remarkOf = ({ line = 1, column = 1, ...rest }: Diagnostic): Remark => ({
  ...rest,
  line,
  column,
});

/** The value, or what the parser found wrong. */
function attempt<T>(run: () => T): [T, undefined] | [undefined, Remark] {
  try {
    return [run(), undefined];
  } catch (error) {
    const { line, column } = placeOf(error) ?? { line: 1, column: 1 };
    const [first = ""] = String((error as Error).message).split("\n");
    const message = first.replace(/^.*?function\.ts: /, "").replace(/ \(\d+:\d+\)$/, "");
    return [undefined, { severity: "error", code: undefined, message, line, column }];
  }
}

function withoutTypes(code: string): string {
  const result = transformSync(code, {
    filename: FILE,
    configFile: false,
    babelrc: false,
    compact: false,
    plugins: [typescript, modules],
  });
  return result?.code ?? "";
}

// ---- the forms

const suffix: Record<Exclude<Form, "all">, string> = {
  dual: "$dual",
  tangent: "$tangent",
  adjoint: "$adjoint",
  second: "$hvp",
};

/** The functions of each form, with those that they call. */
function byForm(code: string): Record<Form, string> {
  const program = parseSync(code, {
    filename: FILE,
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: ["typescript"] },
  })?.program;
  const functions = new Map<string, string>();
  for (const node of program?.body ?? [])
    if (node.type === "FunctionDeclaration" && node.id)
      functions.set(node.id.name, textOf(code, node));
  const of = (form: keyof typeof suffix) => {
    const own = [...functions.keys()].filter((name) => name.endsWith(suffix[form]));
    const names = withCallees(own, functions, /\$(?:dual|tangent|adjoint|hvp)$/);
    return names.map((name) => functions.get(name)).join("\n\n");
  };
  return {
    tangent: of("tangent"),
    adjoint: of("adjoint"),
    second: of("second"),
    dual: of("dual"),
    all: code,
  };
}

const textOf = (code: string, { start, end }: types.Node): string =>
  code.slice(start ?? 0, end ?? 0);

/** Names of functions, and of emitted helpers that these mention. */
function withCallees(
  names: readonly string[],
  functions: ReadonlyMap<string, string>,
  others: RegExp,
): string[] {
  const found = new Set(names);
  for (const name of found)
    for (const [word] of (functions.get(name) ?? "").matchAll(/[\w$]+/g))
      if (word.startsWith("_") && functions.has(word) && !others.test(word)) found.add(word);
  return [...found];
}
