import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isFunction, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

const LIBRARY = "dualize";
/** Its own entry, so that who does not use it does not carry it. */
const isLibrary = (source: string): boolean => source === LIBRARY || source === "dualize/root";

/** Which arguments of our transforms are functions to differentiate. */
const transforms: Readonly<Record<string, readonly number[]>> = {
  jvp: [0],
  derivative: [0],
  grad: [0],
  valueAndGrad: [0],
  jacobian: [0],
  valueAndJacobian: [0],
  hessian: [0],
  hvp: [0],
  linearize: [0],
  vjp: [0],
  checkpoint: [0],
  customJvp: [0, 1],
  customRoot: [0],
  customVjp: [0, 1, 2],
  dual: [0],
};

// What these give calls what they get, ordinarily too.
const givesFunction = new Set(["dual", "checkpoint", "customJvp", "customRoot", "customVjp"]);

// What has a rule may be anything that can't be differentiated.
const hasRule = new Set(["customJvp", "customRoot", "customVjp"]);

export interface TransformCalls {
  /** Function literals passed straight to a transform. */
  readonly literals: Set<FunctionNode>;
  /** Those of them that nothing else can call. */
  readonly uncalled: Set<FunctionNode>;
  /** Functions of the file that a transform gets by their names. */
  readonly named: Set<types.Identifier>;
  /** Calls of `dual(...)`, to be compiled away. */
  readonly dualCalls: NodePath<types.CallExpression>[];
}

/** Looks through the calls of what the file imports from dualize. */
export function findTransformCalls(context: ModuleContext): TransformCalls {
  const found: TransformCalls = {
    literals: new Set(),
    uncalled: new Set(),
    named: new Set(),
    dualCalls: [],
  };
  // What was marked then has its twin.
  const isEmitted = context.isEmitted();
  context.each({
    CallExpression(path) {
      const name = transformName(context, path.node.callee);
      const positions = name === undefined ? undefined : transforms[name];
      if (positions === undefined) return;
      for (const i of positions) {
        const arg = path.node.arguments[i];
        if (arg === undefined) continue;
        for (const f of alternatives(arg)) {
          if (isFunction(f)) {
            found.literals.add(f);
            if (!givesFunction.has(name as string)) found.uncalled.add(f);
          } else if (f.type === "Identifier" && !isEmitted && !hasRule.has(name as string))
            found.named.add(f);
        }
      }
      if (name === "dual" && path.node.arguments.length === 1) found.dualCalls.push(path);
    },
  });
  return found;
}

/** What an argument may be: a choice between functions is all of them. */
function alternatives(argument: types.Node): types.Node[] {
  const node = unwrap(argument);
  switch (node.type) {
    case "ConditionalExpression":
      return [...alternatives(node.consequent), ...alternatives(node.alternate)];
    case "LogicalExpression":
      return [...alternatives(node.left), ...alternatives(node.right)];
    case "SequenceExpression":
      return alternatives(node.expressions.at(-1) as types.Node);
    default:
      return [node];
  }
}

/** The exported name of the transform that an expression refers to. */
export function transformName(context: ModuleContext, callee: types.Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "MemberExpression" && !node.computed) {
    const owner = unwrap(node.object);
    const isNamespace =
      importOf(context, owner, "ImportNamespaceSpecifier") ?? requiredAs(context, owner)?.all;
    return isNamespace && node.property.type === "Identifier" ? node.property.name : undefined;
  }
  const specifier = importOf(context, node, "ImportSpecifier") as types.ImportSpecifier | undefined;
  if (specifier === undefined) return requiredAs(context, node)?.name;
  return specifier.imported.type === "Identifier"
    ? specifier.imported.name
    : specifier.imported.value;
}

/** What a name means that a CommonJS module got by `require("dualize")`: all of it, or one of its exports. */
function requiredAs(
  context: ModuleContext,
  node: types.Node,
): { all?: true; name?: string } | undefined {
  const binding = context.bindings.get(node);
  const declarator = binding?.path.node;
  if (!binding || declarator?.type !== "VariableDeclarator" || !isRequire(context, declarator.init))
    return undefined;
  if (declarator.id === binding.identifier) return { all: true };
  if (declarator.id.type !== "ObjectPattern") return undefined;
  for (const p of declarator.id.properties) {
    if (
      p.type === "ObjectProperty" &&
      p.value === binding.identifier &&
      p.key.type === "Identifier"
    )
      return { name: p.key.name };
  }
  return undefined;
}

function isRequire(context: ModuleContext, node: types.Node | null | undefined): boolean {
  if (node?.type !== "CallExpression" || !context.isGlobal(node.callee, "require")) return false;
  const [from] = node.arguments;
  return from?.type === "StringLiteral" && from.value === LIBRARY;
}

function importOf(context: ModuleContext, node: types.Node, kind: string): types.Node | undefined {
  const path = context.bindings.get(node)?.path;
  if (path?.node.type !== kind || path.parent.type !== "ImportDeclaration") return undefined;
  return isLibrary(path.parent.source.value) ? path.node : undefined;
}
