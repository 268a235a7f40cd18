import type { types } from "@babel/core";
import { isFunction, staticKey, unwrap } from "../../ast.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import { transformName } from "../../marks/transform-calls.ts";
import { functionOf } from "../../resolve.ts";
import { INERT, isLoose, whyUnknown } from "../kind.ts";
import { choiceAt } from "./choices.ts";
import type { Callee, Facts } from "./facts.ts";
import { wayIntoModule } from "./module-objects.ts";
import {
  calleeName,
  closureNamed,
  functionNamed,
  mathName,
  memberOf,
  staticMethodOf,
} from "./names.ts";

/** What a call calls, as far as it is known when compiling. */
export function calleeOf(facts: Facts, call: types.CallExpression): Callee {
  const known = calleeByItself(facts, call);
  if (known.type !== "other") return known;
  const callee = unwrap(call.callee);
  return calleeName(facts.context, callee) === undefined ||
    wayIntoModule(facts, callee) !== undefined
    ? (chosenCallee(facts, call, callee) ?? known)
    : known;
}

/** The same without a look at the arguments, which one of them may ask for. */
export function calleeByItself(facts: Facts, call: types.CallExpression): Callee {
  const { context } = facts;
  const callee = unwrap(call.callee);
  const math = mathName(context, callee);
  if (math !== undefined) return { type: "math", name: math };
  const name = calleeName(context, callee);
  return name === undefined ? directCallee(facts, call, callee) : { type: "other", name };
}

function directCallee(facts: Facts, call: types.CallExpression, callee: types.Node): Callee {
  if (callee.type === "Identifier") return namedCallee(facts, callee);
  if (callee.type === "MemberExpression") return methodCallee(facts, call, callee);
  const kind = facts.kindOf(callee);
  return kind.k === "fn" ? { type: "value", kind } : { type: "other", name: "a computed function" };
}

/** A function that holds nothing active and is given something active, where it is one of those that the file names. */
function chosenCallee(
  facts: Facts,
  call: types.CallExpression,
  callee: types.Node,
): Callee | undefined {
  const { arguments: args } = call;
  if (transformName(facts.context, callee) !== undefined) return undefined;
  const kinds = args.map((a) => (a.type === "SpreadElement" ? undefined : facts.kindOf(a)));
  const isCertain = kinds.every((k) => k !== undefined && whyUnknown(k) === undefined);
  if (!isCertain || kinds.every((k) => k?.k === "inert" || k?.k === "bottom")) return undefined;
  if (facts.kindOf(callee).k !== "inert") return undefined;
  const choice = choiceAt(facts, call);
  if (choice === undefined || whyUnknown(choice.returns) !== undefined) return undefined;
  return [choice.returns, ...kinds].some((k) => k?.k === "bottom")
    ? { type: "not-yet" }
    : { type: "chosen", ...choice };
}

function namedCallee(facts: Facts, id: types.Identifier): Callee {
  const { context } = facts;
  const closure = closureNamed(facts, id);
  if (closure) return { type: "closure", node: closure };
  const marked = functionOf(context, id)?.node;
  if (marked && facts.marks.functions.has(marked)) return { type: "marked", node: marked };
  const ours = transformName(context, id);
  if (ours !== undefined) return { type: "other", name: ours };
  const binding = context.bindings.get(id);
  const isOuterVariable =
    binding?.path.node.type === "VariableDeclarator" && !facts.isInside(binding);
  if (binding?.kind === "module" || isOuterVariable) return { type: "imported", name: id.name };
  const held = binding ? facts.bindingKind(binding) : INERT;
  const kind = held.k === "union" ? facts.kindOf(id) : held;
  return kind.k === "fn" ? { type: "value", kind } : { type: "other", name: id.name };
}

const ofAnyMake = new Set([
  ...["at", "every", "fill", "findIndex", "findLastIndex", "forEach", "includes", "indexOf"],
  ...["join", "lastIndexOf", "reduce", "slice", "some", "sort"],
]);

function methodCallee(
  facts: Facts,
  call: types.CallExpression,
  callee: types.MemberExpression,
): Callee {
  const { context } = facts;
  const name = staticKey({ key: callee.property, computed: callee.computed });
  if (name === undefined || callee.object.type === "Super")
    return { type: "other", name: "a computed method" };
  const object = unwrap(callee.object);
  if (object.type === "Identifier") {
    const owned = ownedCallee(facts, callee, object, name);
    if (owned) return owned;
  }
  const kind = facts.kindOf(object);
  if (kind.k === "bottom") return { type: "not-yet" };
  // What gives a list of the same make, or is of one make only, is not written for either.
  if (isLoose(kind) && !ofAnyMake.has(name)) return { type: "other", name: `.${name}` };
  if (kind.k === "array" || kind.k === "floats" || kind.k === "tuple")
    return { type: "array-method", name, object, kind };
  // An array of inert values that is gone through with a callback written here.
  const { gives, callsBack } = arrayMethod(name);
  const callback = call.arguments[0] && unwrap(call.arguments[0]);
  if (
    kind.k === "inert" &&
    gives &&
    callsBack &&
    callback &&
    (isFunction(callback) || functionNamed(context, callback))
  ) {
    return { type: "array-method", name, object, kind: { k: "array", of: INERT } };
  }
  if (kind.k !== "object") return { type: "other", name: `.${name}` };
  const method = kind.className && memberOf(facts, kind.className, name);
  if (method && facts.marks.functions.has(method)) return { type: "method", node: method, object };
  const field = kind.fields.get(name);
  return field?.k === "fn" ? { type: "value", kind: field } : { type: "other", name: `.${name}` };
}

/** What belongs to an import of all of a module, or to a class. */
function ownedCallee(
  facts: Facts,
  callee: types.MemberExpression,
  owner: types.Identifier,
  name: string,
): Callee | undefined {
  const { context, typeKinds } = facts;
  const ours = transformName(context, callee);
  if (ours !== undefined) return { type: "other", name: ours };
  const definition = context.bindings.get(owner)?.path.node;
  const isNamespace =
    definition?.type === "ImportNamespaceSpecifier" ||
    (definition?.type === "ImportSpecifier" && typeKinds.isNamespace(owner.name));
  if (isNamespace) return { type: "imported", name: `${owner.name}.${name}` };
  if (definition === undefined || definition !== typeKinds.classes.get(owner.name))
    return undefined;
  const method = staticMethodOf(facts, owner.name, name);
  return method && facts.marks.functions.has(method) ? { type: "marked", node: method } : undefined;
}
