import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { transformSync } from "@babel/core";
import { buildSync } from "esbuild";
import dualize from "../../babel-plugin/src/index.ts";
import type { Test } from "./suite.ts";

/**
 * Runs one test in a realm of its own: tests change what belongs to the language, and the runtime
 * tells functions of the language by their identity, so it is loaded into each realm.
 */

export type Mode = "constants" | "unmarked helpers" | "active literals";
export const modes: readonly Mode[] = ["constants", "unmarked helpers", "active literals"];

export interface Outcome {
  readonly kind: "passed" | "refused" | "failed";
  /** The first line of what went wrong, or the code of the error it was refused with. */
  readonly why?: string;
}

const sources = fileURLToPath(new URL("../../packages/dualize/src", import.meta.url));
const runtime = compiled(
  buildSync({
    stdin: {
      contents: `export { jvp } from "./index.ts"; export * as runtime from "./runtime.ts";`,
      resolveDir: sources,
      loader: "ts",
    },
    bundle: true,
    format: "iife",
    // As the modules of the package are.
    banner: { js: '"use strict";' },
    globalName: "__dualize",
    target: "node20",
    write: false,
  }).outputFiles[0]?.text.replace(/(super\(`\$\{code\})/, "globalThis.__refused.push(code); $1") ??
    "",
  "runtime.js",
);

function compiled(code: string, filename: string): vm.Script {
  return new vm.Script(code, { filename });
}

/** `5` becomes `(5 + __active)`, everywhere where a number is an expression. */
const activeLiterals = ({ types: t }: { types: typeof import("@babel/core").types }) => ({
  visitor: {
    NumericLiteral(
      path: import("@babel/core").NodePath<import("@babel/core").types.NumericLiteral>,
    ) {
      if (!path.isExpression() || !path.parentPath) return;
      const { parent, key } = path;
      if (key === "key" && !(parent as { computed?: boolean }).computed) return;
      path.replaceWith(
        t.parenthesizedExpression(
          t.binaryExpression("+", t.numericLiteral(path.node.value), t.identifier("__active")),
        ),
      );
      path.skip();
    },
  },
});

/** The test as a function; the strictness is that of the test. */
function wrapped(test: Test, mode: Mode): string {
  let body = test.code;
  if (mode === "active literals") {
    body =
      transformSync(body, {
        configFile: false,
        babelrc: false,
        sourceType: "script",
        parserOpts: { allowReturnOutsideFunction: true },
        plugins: [activeLiterals],
        generatorOpts: { compact: false },
      })?.code ?? "";
  }
  const strict = test.flags.includes("onlyStrict") ? '"use strict"; ' : "";
  const end = test.flags.includes("async") ? "\nreturn __finished;" : "";
  return `var __test = function (__active) { "use dual"; ${strict}${body}${end}\n};`;
}

/** What the plugin makes of a script; what it imports is there as `__dualize.runtime`. */
function differentiated(code: string, filename: string): string {
  const result = transformSync(code, {
    filename,
    configFile: false,
    babelrc: false,
    sourceType: "script",
    plugins: [dualize],
    generatorOpts: { compact: false },
  });
  return (result?.code ?? "").replace(
    /^const (\{[^}]*\}) = require\("dualize\/runtime"\);/m,
    "var $1 = __dualize.runtime;",
  );
}

const helpers = new Map<string, vm.Script>();
function helper(folder: string, name: string, marked: boolean): vm.Script {
  const key = `${marked}:${name}`;
  let script = helpers.get(key);
  if (!script) {
    const code = readFileSync(join(folder, "harness", name), "utf8");
    script = compiled(marked ? isolated(differentiated(`"use dual";\n${code}`, name)) : code, name);
    helpers.set(key, script);
  }
  return script;
}

// Several scripts share the global scope: formulas and keys that the plugin declares are told apart.
let scripts = 0;
function isolated(code: string): string {
  const id = scripts++;
  return code.replace(/(?<![\w$.#"'])_(fused|key)(\d*)(?![\w$])/g, `_$1$2$$${id}`);
}

// Generous, since a busy machine must not look like a test that hangs.
const limit = 15_000;
const patienceForPlain = 1500;
const patienceForDual = 10_000;

/** What becomes of a test: without the plugin, or in the dual form. */
export async function run(
  folder: string,
  test: Test,
  mode: Mode,
  plain: boolean,
): Promise<Outcome> {
  let script: vm.Script;
  try {
    const code = wrapped(test, mode);
    script = compiled(plain ? code : differentiated(code, "test.js"), "test.js");
  } catch (error) {
    return outcomeOf(error, []);
  }
  const refused: string[] = [];
  let done: (error?: unknown) => void = () => {};
  const finished = new Promise<unknown>((resolve) => {
    done = resolve;
  });
  const context = vm.createContext({
    console: { ...console, log() {}, error() {} },
    print() {},
    __refused: refused,
  });
  const global = vm.runInContext("globalThis", context);
  hide(global, "__refused", refused);
  hide(global, "$DONE", done);
  try {
    runtime.runInContext(context);
    hide(global, "__dualize", global.__dualize);
    vm.runInContext(host, context);
    global.$262.detachArrayBuffer = (b: ArrayBuffer) => structuredClone(b, { transfer: [b] });
    const marked = mode !== "unmarked helpers" && !plain;
    for (const name of ["assert.js", "sta.js", ...test.includes]) {
      helper(folder, name, marked).runInContext(context, { timeout: limit });
    }
    script.runInContext(context);
    vm.runInContext(plain ? "__test(0)" : start, context, { timeout: limit });
    if (test.flags.includes("async")) {
      const timer = new Promise((resolve) =>
        setTimeout(
          resolve,
          plain ? patienceForPlain : patienceForDual,
          new Error("never done"),
        ).unref(),
      );
      const error = await Promise.race([finished, timer]);
      if (error) throw error;
    }
    return test.throws ? { kind: "failed", why: `no ${test.throws}` } : { kind: "passed" };
  } catch (error) {
    const name = (error as Error | undefined)?.constructor?.name;
    if (test.throws && name === test.throws) return { kind: "passed" };
    return outcomeOf(error, refused);
  }
}

// Async tests say that they are done; what they do belongs to the derivative until then.
const host = `
var $262 = {
  global: globalThis, gc() { throw new Error("no gc"); },
  evalScript() { throw new Error("no evalScript"); },
  createRealm() { throw new Error("no createRealm"); },
  agent: {},
};
var __finished = new Promise((resolve) => {
  const done = $DONE;
  const told = __dualize.runtime.dualForm(function (error) { done(error); resolve(); });
  Object.defineProperty(globalThis, "$DONE", { value: told, configurable: true, writable: true });
});
`;
const start = `(() => {
  const { jvp, runtime } = __dualize;
  const { dual } = runtime.twinOf(__test);
  return jvp(runtime.dualForm(dual), [0], [1]);
})()`;

const hide = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
};

function outcomeOf(error: unknown, refused: readonly string[]): Outcome {
  const text = messageOf(error);
  const code = /DUAL\d{3}/.exec(text)?.[0] ?? refused[0];
  return code ? { kind: "refused", why: code } : { kind: "failed", why: text };
}

function messageOf(error: unknown): string {
  try {
    const e = error as Error;
    return (
      `${e?.constructor?.name}: ${String(e?.message ?? e)}`.split("\n")[0]?.slice(0, 160) ?? ""
    );
  } catch {
    return "something that has no text";
  }
}
