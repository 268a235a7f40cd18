import type { types } from "@babel/core";
import { walk } from "./effects.ts";

type Node = types.Node;
type Statement = types.Statement;

/** Whether a function may end without giving anything: by its end, or by a `return` without a value. */
export function mayGiveNothing(body: types.BlockStatement): boolean {
  let isBare = false;
  walk(body, (n) => {
    if (n.type === "ReturnStatement" && !n.argument) isBare = true;
  });
  return isBare || completes(body);
}

/** Whether what stands after a statement may be reached by way of its end. */
export function completes(s: Statement): boolean {
  switch (s.type) {
    case "ReturnStatement":
    case "ThrowStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return false;
    case "BlockStatement":
      return s.body.every(completes);
    case "IfStatement":
      return !s.alternate || completes(s.consequent) || completes(s.alternate);
    case "LabeledStatement":
      return jumps(s.body) || completes(s.body);
    case "ForStatement":
      return (!!s.test && !isTrue(s.test)) || jumps(s.body);
    case "WhileStatement":
      return !isTrue(s.test) || jumps(s.body);
    case "DoWhileStatement":
      return jumps(s.body) || (completes(s.body) && !isTrue(s.test));
    case "SwitchStatement": {
      const last = s.cases.at(-1);
      return !last || s.cases.every((c) => c.test) || jumps(s) || last.consequent.every(completes);
    }
    case "TryStatement":
      if (s.finalizer && !completes(s.finalizer)) return false;
      return completes(s.block) || (!!s.handler && completes(s.handler.body));
    default:
      return true;
  }
}

const isTrue = (test: Node): boolean => test.type === "BooleanLiteral" && test.value;

/** Whether a statement may go on elsewhere than at its end. */
export function mayJump(s: Statement): boolean {
  let found = false;
  walk(s, (n) => {
    if (/^(Return|Throw|Break|Continue)Statement$/.test(n.type)) found = true;
  });
  return found;
}

function jumps(body: Node): boolean {
  let found = false;
  walk(body, (n) => {
    if (n.type === "BreakStatement" || n.type === "ContinueStatement") found = true;
  });
  return found;
}
