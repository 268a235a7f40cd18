import type { NodePath, types } from "@babel/core";
import {
  type Binding,
  changedBy,
  type FunctionNode,
  isFunction,
  staticKey,
  unwrap,
} from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { CallGraph } from "./call-graph.ts";
import { isTimelessGlobal } from "./closed.ts";
import { classMadeBy, constructorStores } from "./constructors.ts";
import { Effects } from "./effects.ts";
import { INERT, isContainer, type Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { isElementRead } from "./only-read.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;

interface Known {
  readonly context: ModuleContext;
  readonly kinds: Kinds;
  readonly calls: CallGraph;
}

/**
 * Whether a function can be run in its dual form, on copies of its arguments, in the middle of tangent code:
 * what it changes outside are lists and maps of the module that nobody else has, it only looks at its arguments
 * or gives them back in something new, it writes to nothing that could be one of them, and what it gives is none of
 * what it keeps: the caller gets a copy, which would stay as it is when that is written to again.
 */
export function worksApart(known: Known, g: FunctionNode): boolean {
  const { context, kinds, calls } = known;
  const reached = new Set<FunctionNode>([g]);
  // The set grows while it is gone through.
  for (const f of reached) for (const callee of calls.calleesOf(f)) reached.add(callee);
  const given = kinds.paramKinds(g).filter(isContainer);
  const all = [...reached];
  return (
    onlyLooks(known, g) &&
    all.every((f) => !f.async && !f.generator && usesOwn(context, f, g)) &&
    !all.some((f) => someIn(context.t, f, (n) => mayGive(known, g, n))) &&
    all.every((f) => !someIn(context.t, f, (n) => mayWrite(known, f, n, given))) &&
    !new Effects(context, kinds, true, (binding) => isFilledBy(binding, g)).changesState(g)
  );
}

/** Whether all that a function names of the module is there for it alone, or nothing that is filled later. */
function usesOwn(context: ModuleContext, f: FunctionNode, owner: FunctionNode): boolean {
  const { t } = context;
  const visit = (node: Node, parent: Node): boolean => {
    if (node.type === "Identifier") {
      if (!t.isReferenced(node, parent) && !context.bindings.has(node)) return true;
      const binding = context.bindings.get(node);
      if (binding === undefined)
        return (
          !t.isReferenced(node, parent) || isTimelessGlobal(node.name) || isEnum(context, node.name)
        );
      return binding.scope !== context.program.scope || isOwn(binding, owner);
    }
    const bare = unwrap(node);
    if (bare !== node) return visit(bare, parent);
    if (/^TS/.test(node.type) && node.type !== "TSParameterProperty") return true;
    if (node.type === "MemberExpression" && /^(random|now)$/.test(nameOf(node) ?? "")) return false;
    return (t.VISITOR_KEYS[node.type] ?? []).every((key) => {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      return [child].flat().every((c) => !c || visit(c, node));
    });
  };
  return [...f.params, f.body].every((part) => visit(part, f));
}

// Babel does not bind the names of all enums.
const isEnum = ({ program }: ModuleContext, name: string): boolean =>
  program.node.body.some((s) => {
    const declared = s.type === "ExportNamedDeclaration" ? s.declaration : s;
    return declared?.type === "TSEnumDeclaration" && declared.id.name === name;
  });

function isOwn(binding: Binding, owner: FunctionNode): boolean {
  const { node } = binding.path;
  if (/^TS/.test(node.type)) return true;
  if (!binding.constant) return false;
  if (isFunction(node) || node.type === "ClassDeclaration") return true;
  if (node.type !== "VariableDeclarator" || !node.init || node.id.type !== "Identifier")
    return false;
  const init = unwrap(node.init);
  return isFunction(init) || isWrittenOut(init) || isFilledBy(binding, owner);
}

/** Whether a list or object of the module is named in one function only. */
function isFilledBy({ constant, path, referencePaths }: Binding, owner: FunctionNode): boolean {
  const init = path.node.type === "VariableDeclarator" && path.node.init;
  return (
    constant &&
    !!init &&
    /^(Array|Object|New)Expression$/.test(unwrap(init).type) &&
    referencePaths.every((use) => use.findParent((p) => p.node === owner) !== null)
  );
}

/** A table of literals, or what is computed of literals and other constants. */
const isWrittenOut = (e: Node): boolean => {
  const bare = unwrap(e);
  switch (bare.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "Identifier":
      return true;
    case "UnaryExpression":
      return isWrittenOut(bare.argument);
    case "BinaryExpression":
      return isWrittenOut(bare.left) && isWrittenOut(bare.right);
    case "MemberExpression":
      return bare.object.type === "Identifier";
    case "CallExpression":
      return isMath(bare) && bare.arguments.every(isWrittenOut);
    case "ArrayExpression":
      return bare.elements.every((x) => x !== null && isWrittenOut(x));
    case "ObjectExpression":
      return bare.properties.every((p) => p.type === "ObjectProperty" && isWrittenOut(p.value));
    default:
      return false;
  }
};

const isMath = ({ callee }: types.CallExpression): boolean =>
  callee.type === "MemberExpression" &&
  callee.object.type === "Identifier" &&
  callee.object.name === "Math";

const nameOf = (node: types.MemberExpression): string | undefined =>
  staticKey({ key: node.property, computed: node.computed });

/** Whether something is written into what may be one of the arguments. */
function mayWrite({ kinds }: Known, f: FunctionNode, n: Node, given: readonly Kind[]): boolean {
  const changed = changedBy(n);
  if (changed === undefined) return false;
  const target = unwrap(changed);
  if (target.type === "Identifier") return false;
  if (target.type !== "MemberExpression") return true;
  // What a constructor makes is new.
  if (
    target.object.type === "ThisExpression" &&
    f.type === "ClassMethod" &&
    f.kind === "constructor"
  )
    return false;
  const written = kinds.kindOf(target.object);
  return given.some((of) => mayBeSame(of, written));
}

/** Whether a name stands for what a function keeps outside, which may be what it gives, or share a part with that. */
function mayGive({ context, kinds }: Known, g: FunctionNode, n: Node): boolean {
  const returns = kinds.returnKind(g);
  const binding = n.type === "Identifier" && isContainer(returns) && context.bindings.get(n);
  if (!binding || binding.scope !== context.program.scope || !isFilledBy(binding, g)) return false;
  const kept = kinds.kindOf(binding.identifier);
  return mayBeSame(returns, kept) || mayBeSame(kept, returns);
}

/** Whether a value of one kind may be one of the other, or a part of it. */
function mayBeSame(given: Kind, written: Kind): boolean {
  if (written.k === "unknown" || written.k === "inert" || written.k === "bottom") return true;
  if (given.k === "union") return given.of.some((of) => mayBeSame(of, written));
  if (given.k !== "object") return true;
  if (written.k === "object") {
    if (given.className !== undefined && given.className === written.className) return true;
    if (given.className === undefined || written.className === undefined) return true;
  }
  return [...given.fields.values()].some((of) => isContainer(of) && mayBeSame(of, written));
}

/** Whether a function reads its arguments field by field, and gives them to nobody but to what it returns. */
function onlyLooks({ context, kinds }: Known, f: FunctionNode): boolean {
  const of = kinds.paramKinds(f);
  return f.params.every((param, i) => {
    if (!isContainer(of[i] ?? INERT)) return true;
    const binding = param.type === "Identifier" ? context.bindings.get(param) : undefined;
    return (
      binding?.constant === true &&
      binding.referencePaths.every((use) => isElementRead(use) || isGivenBack(kinds, use))
    );
  });
}

/** `return new C(x)`, where the constructor does nothing but store it. */
function isGivenBack(kinds: Kinds, { parentPath: around, listKey }: NodePath): boolean {
  if (around?.node.type !== "NewExpression" || listKey !== "arguments") return false;
  const made = classMadeBy(kinds, around.node);
  return (
    made !== undefined &&
    made.superClass == null &&
    constructorStores(made) !== undefined &&
    around.parent.type === "ReturnStatement"
  );
}
