import { parseSync, transformFromAstSync, traverse, types } from "@babel/core";

// biome-ignore lint/suspicious/noExplicitAny: trees of every kind
type Any = any;

/** What makes links to functions that are known when the program runs. */
const links = ["chosen", "link", "ownClass", "pullLink"];

/**
 * The user's program in emitted code: everything that the plugin adds is taken out again. What is
 * left must be the input, so that ordinary calls run what the user wrote.
 */
export function erase(code: string, file: string, script: boolean): string {
  const ast = parse(code, file, script);
  const helpers = new Map<string, string>();
  const isHelper = (node: Any, name: string) =>
    node?.type === "Identifier" && helpers.get(node.name) === name;
  const callOf = (node: Any, name: string) =>
    node?.type === "CallExpression" && isHelper(node.callee, name);
  traverse(ast as Any, {
    ImportDeclaration(path) {
      if (path.node.source.value !== "dualize/runtime") return;
      for (const s of path.node.specifiers as Any[]) helpers.set(s.local.name, s.imported.name);
      path.remove();
    },
    VariableDeclaration(path) {
      const [only] = path.node.declarations as Any[];
      const required = only.init?.arguments?.[0]?.value;
      if (required === "dualize/runtime") {
        for (const p of only.id.properties) helpers.set(p.value.name, p.key.name);
        path.remove();
      } else if (
        isEmitted(only.id) ||
        /^_key\d*$/.test(only.id.name) ||
        links.some((name) => callOf(only.init, name))
      )
        path.remove();
    },
    FunctionDeclaration(path) {
      if (isEmitted(path.node.id)) path.remove();
    },
    Method(path) {
      const { key } = path.node as Any;
      if (isEmitted(key.id ?? key)) path.remove();
    },
    StaticBlock(path) {
      const [only] = path.node.body as Any[];
      if (callOf(only?.expression, "twinClass")) path.remove();
    },
    ExpressionStatement(path) {
      const { expression } = path.node;
      if (callOf(expression, "twin") || callOf(expression, "lazyTwin")) path.remove();
    },
    CallExpression(path) {
      const attach = ["twin", "twinMethods", "lazyMethods"];
      if (attach.some((name) => callOf(path.node, name)))
        path.replaceWith(path.node.arguments[0] as Any);
      else if (callOf(path.node, "lazyTwin")) {
        const [f] = path.node.arguments as Any[];
        // `{ "name": function }["name"]`
        path.replaceWith(f.type === "MemberExpression" ? f.object.properties[0].value : f);
      }
    },
    IfStatement(path) {
      if (!callOf(path.node.test, "running")) return;
      (path.parent as types.BlockStatement).body = (
        path.node.alternate as types.BlockStatement
      ).body;
      path.requeue(path.parentPath as Any);
    },
    ConditionalExpression(path) {
      if (callOf(path.node.test, "running")) path.replaceWith(path.node.alternate);
    },
    AssignmentExpression(path) {
      const { left, right } = path.node;
      if (left.type === "Identifier" && /^_key\d*$/.test(left.name))
        path.replaceWith((right as Any).arguments[0]);
    },
  });
  return print(ast);
}

const isEmitted = (id: Any): boolean =>
  id?.type === "Identifier" &&
  /\$(dual|tangent|adjoint|hvp|second|forward|reverse)\d*$|^_fused\d*$/.test(id.name);

/** The input without its marks. */
export function withoutMarks(code: string, file: string, script: boolean): string {
  const ast = parse(code, file, script);
  const unmark = (node: Any) => {
    node.directives = node.directives?.filter((d: Any) => d.value.value !== "use dual");
  };
  unmark((ast as Any).program);
  const marks = new Set<string>();
  traverse(ast as Any, {
    ImportSpecifier(path) {
      const { imported, local } = path.node as Any;
      if (imported.name === "dual") marks.add(local.name);
    },
    BlockStatement: (path) => unmark(path.node),
    // The function needs a place beside it for its twin.
    IfStatement(path) {
      const { consequent } = path.node as Any;
      if (consequent.type === "FunctionDeclaration")
        path.node.consequent = types.blockStatement([consequent]);
    },
    CallExpression(path) {
      const callee = path.node.callee as Any;
      const isDual =
        marks.has(callee.name) ||
        (callee.type === "MemberExpression" && callee.property.name === "dual");
      if (isDual && path.node.arguments.length === 1)
        path.replaceWith(path.node.arguments[0] as Any);
    },
  });
  return print(ast);
}

function parse(code: string, file: string, script: boolean) {
  return parseSync(code, {
    filename: file,
    configFile: false,
    babelrc: false,
    sourceType: script ? "script" : "module",
    parserOpts: { plugins: ["typescript", "decorators"] as never },
  });
}

function print(ast: Any): string {
  // An anonymous default export has a name now, and nothing else of the user's has.
  traverse(ast, {
    ExportDefaultDeclaration(path) {
      const declaration = path.node.declaration as Any;
      if (/^_default\d*$/.test(declaration.id?.name)) declaration.id = null;
    },
  });
  types.removePropertiesDeep(ast);
  types.traverseFast(ast, (node: Any) => {
    for (const key of [
      "leadingComments",
      "trailingComments",
      "innerComments",
      "loc",
      "start",
      "end",
      "extra",
    ])
      delete node[key];
  });
  return transformFromAstSync(ast, undefined, { configFile: false, babelrc: false })?.code ?? "";
}
