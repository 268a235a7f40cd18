import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { isFunction, unwrap } from "../../ast.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import { globalFunction, textMethods } from "../../language/globals.ts";
import { transformName } from "../../marks/transform-calls.ts";
import {
  asElement,
  BOTTOM,
  elementKind,
  INERT,
  isContainer,
  join,
  type Kind,
  NUM,
  unknown,
} from "../kind.ts";
import { importedKind } from "./evidence.ts";
import type { Callee, Facts } from "./facts.ts";
import { calleeName, functionNamed, mathName } from "./names.ts";
import { numberOf } from "./numbers.ts";
import { kindToBeginWith } from "./outside.ts";

type Node = types.Node;

/** Our own functions whose result is inert by what they mean. */
const stopping = new Set(["stopGradient", "primalOf"]);

/** What a call gives. */
export function callKind(facts: Facts, node: types.CallExpression): Kind {
  const callee = facts.callee(node);
  switch (callee.type) {
    case "math":
      return mathKind(facts, callee.name, node.arguments);
    case "closure":
    case "marked":
    case "method":
      return facts.returnKind(callee.node);
    case "value":
      return callee.kind.returns;
    case "chosen":
      return callee.returns;
    case "imported": {
      const isInert = (a: Node) => a.type !== "SpreadElement" && facts.kindOf(a).k === "inert";
      return node.arguments.length > 0 && node.arguments.every(isInert)
        ? INERT
        : importedKind(facts, node);
    }
    case "array-method":
      return arrayMethodKind(facts, node, callee);
    case "not-yet":
      return BOTTOM;
    default:
      return hiddenInput(facts, node, callee.name) ?? otherKind(facts, node, callee.name);
  }
}

function mathKind(facts: Facts, name: string, args: readonly Node[]): Kind {
  if (rules[name]?.kind === "constant") return INERT;
  const single: Node[] = [];
  for (const a of args) {
    if (a.type !== "SpreadElement") single.push(a);
    else if (isContainer(facts.kindOf(a.argument))) return NUM;
  }
  return numberOf(facts, single);
}

/** A function that is not known may use all that it or its object holds, whatever its arguments. */
function hiddenInput(facts: Facts, node: types.CallExpression, name: string): Kind | undefined {
  const callee = unwrap(node.callee);
  const source = callee.type === "MemberExpression" ? callee.object : callee;
  if (source.type === "Super") return unknown("super");
  const kind = facts.kindOf(source);
  if (kind.k === "inert" || kind.k === "bottom") return undefined;
  if (kind.k === "num" && textMethods.has(name.slice(1))) return INERT;
  return kind.k === "unknown" ? kind : unknown(`a call of ${name}`);
}

function otherKind(facts: Facts, node: types.CallExpression, name: string): Kind {
  const ours = transformName(facts.context, node.callee);
  if (ours !== undefined && stopping.has(ours)) return INERT;
  const global = calleeName(facts.context, node.callee);
  switch (global && globalFunction(global)?.gives) {
    case "number":
      return NUM;
    case "array-of-size":
      return arrayOfSize(node.arguments);
    case "array-from":
      return arrayFromKind(facts, node);
    case "floats-from":
      return floatsFromKind(facts, node, name);
    case "inert":
      return INERT;
  }
  const callee = unwrap(node.callee);
  const source = facts.kindOf(callee.type === "MemberExpression" ? callee.object : callee);
  return source.k === "bottom" ? source : inertCall(facts, node.arguments, name);
}

function arrayFromKind(
  facts: Facts,
  { arguments: [source, callback] }: types.CallExpression,
): Kind {
  if (callback === undefined) {
    const of = source ? facts.kindOf(source) : INERT;
    return of.k === "array" || of.k === "floats"
      ? { k: "array", of: elementKind(of) }
      : unknown("Array.from of something else than an array");
  }
  const f = unwrap(callback);
  return {
    k: "array",
    of: isFunction(f)
      ? asElement(facts.returnKind(f))
      : unknown("a callback that is not written here"),
  };
}

/** `Float64Array.from(xs)` copies a list as `new Float64Array(xs)` does. */
function floatsFromKind(
  facts: Facts,
  { arguments: args }: types.CallExpression,
  name: string,
): Kind {
  const [source] = args;
  const of = source && args.length === 1 ? facts.kindOf(source) : INERT;
  const isList = of.k === "floats" || (of.k === "array" && of.of.k === "num");
  return isList ? { k: "floats", model: name.replace(/\..*/, "") } : inertCall(facts, args, name);
}

/** `Array(n)`; with more arguments it is something else. */
export const arrayOfSize = (args: readonly Node[]): Kind =>
  args.length > 1
    ? unknown("an array made of its elements by Array()")
    : { k: "array", of: BOTTOM };

/** A function of the language or another package: inert as long as nothing active goes in. */
export function inertCall(facts: Facts, args: readonly Node[], name: string): Kind {
  let kind: Kind = INERT;
  for (const a of args) {
    const k = facts.kindOf(a.type === "SpreadElement" ? a.argument : a);
    if (k.k === "bottom") kind = BOTTOM;
    else if (k.k !== "inert") return unknown(`a call of ${name} with active values`);
  }
  return kind;
}

function arrayMethodKind(
  facts: Facts,
  node: types.CallExpression,
  { name, kind }: Extract<Callee, { type: "array-method" }>,
): Kind {
  const [first, second] = node.arguments;
  switch (arrayMethod(name).gives) {
    case "inert":
      return INERT;
    case "element":
      return elementKind(kind);
    case "same":
      if (kind.k === "array" && kind.of.k === "inert") return INERT;
      return name === "fill" && first && kind.k === "array" && kind.of.k === "bottom"
        ? { k: "array", of: asElement(facts.kindOf(first)) }
        : kind;
    case "results":
      return kind.k === "floats" ? kind : { k: "array", of: asElement(callbackKind(facts, first)) };
    case "accumulated":
      return join(
        second ? kindToBeginWith(facts, second) : elementKind(kind),
        callbackKind(facts, first),
      );
    case "flat": {
      const of = elementKind(kind);
      const isFlat = kind.k === "array" && of.k === "array" && node.arguments.length === 0;
      if (kind.k === "array" && (of.k === "inert" || of.k === "bottom")) return of;
      return isFlat ? of : unknown(`the array method ${name}`);
    }
    default:
      return name === "sort" && isSortedByNumbers(facts, kind, node.arguments)
        ? kind
        : unknown(`the array method ${name}`);
  }
}

/** Whether how a list is sorted is written here: then its tangents can be put in the same order. */
function isSortedByNumbers(facts: Facts, kind: Kind, args: readonly Node[]): boolean {
  const [compare] = args;
  if (compare === undefined) return kind.k === "floats";
  const f = unwrap(compare);
  return (
    args.length === 1 &&
    (kind.k === "floats" || kind.k === "array") &&
    (isFunction(f) || functionNamed(facts.context, f) !== undefined)
  );
}

/** What a callback gives. */
function callbackKind(facts: Facts, argument: Node | undefined): Kind {
  const callback = argument && unwrap(argument);
  const f = isFunction(callback) ? callback : callback && functionNamed(facts.context, callback);
  if (f) return facts.returnKind(f);
  const kind = callback ? facts.kindOf(callback) : INERT;
  if (kind.k === "fn") return kind.returns;
  return callback && mathName(facts.context, callback) !== undefined
    ? NUM
    : unknown("a callback that is not written here");
}
