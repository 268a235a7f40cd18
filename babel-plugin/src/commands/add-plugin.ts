import { parseSync, type types } from "@babel/core";
import { unwrap } from "../ast.ts";
import { syntaxOf } from "../compile.ts";

/** What is to stand in a configuration. */
export interface PluginLine {
  /** The module of the plugin; undefined where its name is enough. */
  readonly module: string | undefined;
  /** What stands in the list of plugins, such as `dualize()`. */
  readonly use: string;
  /** Where the list of plugins is: `["tools", "rspack"]` for that of `{ tools: { rspack: { plugins } } }`. */
  readonly path?: readonly string[];
}

/**
 * A configuration with one more plugin, the first of its list; all else stays as it is written.
 *
 * @returns undefined where the configuration isn't written as an object that can be found
 */
export function addPlugin(code: string, file: string, line: PluginLine): string | undefined {
  const isJson = /\.json$|rc$/.test(file);
  const program = parse(isJson ? `(${code})` : code, file);
  const config = program && configIn(program);
  if (!program || !config) return undefined;
  const offset = isJson ? 1 : 0;
  const use = useIn(config, code, offset, line);
  if (use === undefined) return undefined;
  const edits = [use];
  if (line.module !== undefined) edits.push(importIn(program, line.module));
  return edits
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), code);
}

interface Edit {
  readonly at: number;
  readonly insert: string;
}

function parse(code: string, file: string): types.Program | undefined {
  const parsed = parseSync(code, {
    filename: /\.[cm]?[jt]sx?$/.test(file) ? file : `${file}.js`,
    configFile: false,
    babelrc: false,
    sourceType: "unambiguous",
    parserOpts: { plugins: syntaxOf(file), allowReturnOutsideFunction: true },
  });
  return parsed?.program;
}

// ---- where

function configIn({ body }: types.Program): types.ObjectExpression | undefined {
  for (const statement of body) {
    const found =
      statement.type === "ExportDefaultDeclaration"
        ? objectOf(statement.declaration, body)
        : statement.type === "ExpressionStatement"
          ? exported(statement.expression, body)
          : undefined;
    if (found) return found;
  }
  return body.map(buildCall).find((object) => object !== undefined);
}

// `module.exports = …`, and the whole of a JSON file.
function exported(node: types.Expression, body: readonly types.Statement[]) {
  if (node.type === "ObjectExpression") return node;
  return node.type === "AssignmentExpression" &&
    node.left.type === "MemberExpression" &&
    node.left.property.type === "Identifier" &&
    node.left.property.name === "exports"
    ? objectOf(node.right, body)
    : undefined;
}

/** The object that an expression is: itself, handed to `defineConfig`, returned, or named. */
function objectOf(
  node: types.Node | null | undefined,
  body: readonly types.Statement[],
): types.ObjectExpression | undefined {
  if (!node) return undefined;
  const inner = unwrap(node);
  switch (inner.type) {
    case "ObjectExpression":
      return inner;
    case "CallExpression":
      return objectOf(inner.arguments[0], body);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return objectOf(inner.body, body);
    case "BlockStatement":
      return objectOf(inner.body.find((s) => s.type === "ReturnStatement")?.argument, body);
    case "Identifier":
      return objectOf(initOf(inner.name, body), []);
    default:
      return undefined;
  }
}

function initOf(name: string, body: readonly types.Statement[]): types.Node | null | undefined {
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations)
      if (id.type === "Identifier" && id.name === name) return init;
  }
  return undefined;
}

// esbuild has no configuration: a script calls `build({ … })`.
function buildCall(statement: types.Statement): types.ObjectExpression | undefined {
  const value =
    statement.type === "ExpressionStatement"
      ? statement.expression
      : statement.type === "VariableDeclaration"
        ? statement.declarations[0]?.init
        : undefined;
  const call = value?.type === "AwaitExpression" ? value.argument : value;
  if (call?.type !== "CallExpression") return undefined;
  const { callee } = call;
  const name = callee.type === "MemberExpression" ? callee.property : callee;
  const isBuild =
    name.type === "Identifier" && ["build", "buildSync", "context"].includes(name.name);
  return isBuild ? objectOf(call.arguments[0], []) : undefined;
}

// ---- what

function useIn(
  config: types.ObjectExpression,
  code: string,
  offset: number,
  { use, path: [name, ...path] = [] }: PluginLine,
): Edit | undefined {
  const inside = (node: types.Node) => (node.start as number) - offset + 1;
  const found = config.properties.find(
    (p) => p.type !== "SpreadElement" && isNamed(p.key, name ?? "plugins"),
  );
  const value = found?.type === "ObjectProperty" ? found.value : undefined;
  if (name === undefined && value?.type === "ArrayExpression") {
    const at = inside(value);
    const [first] = value.elements;
    return { at, insert: first ? before(code, at, use) : use };
  }
  if (name !== undefined && value?.type === "ObjectExpression")
    return useIn(value, code, offset, { module: undefined, use, path });
  // A list that is computed, or comes with another object, would replace ours.
  if (found || config.properties.some((p) => p.type === "SpreadElement")) return undefined;
  const at = inside(config);
  const isJson = offset > 0;
  const list = `${isJson ? '"plugins"' : "plugins"}: [${use}]`;
  const property = (name === undefined ? [] : [name, ...path]).reduceRight(
    (inner, key) => `${key}: { ${inner} }`,
    list,
  );
  return {
    at,
    insert: config.properties.length > 0 ? before(code, at, property) : ` ${property} `,
  };
}

/** In front of the first of a list, on a line of its own where that is. */
function before(code: string, at: number, text: string): string {
  const [space = ""] = /^\s*/.exec(code.slice(at)) ?? [];
  return space.includes("\n") ? `${space}${text},` : `${space}${text},${space ? "" : " "}`;
}

function importIn({ body }: types.Program, module: string): Edit {
  const isModule = body.some((s) => s.type === "ImportDeclaration" || s.type.startsWith("Export"));
  const last = body.filter((s) => s.type === "ImportDeclaration").at(-1);
  const line = isModule
    ? `import dualize from "${module}";`
    : `const { default: dualize } = require("${module}");`;
  if (last) return { at: last.end as number, insert: `\n${line}` };
  return { at: 0, insert: `${line}\n` };
}

const isNamed = (key: types.Node, name: string): boolean =>
  (key.type === "Identifier" && key.name === name) ||
  (key.type === "StringLiteral" && key.value === name);
