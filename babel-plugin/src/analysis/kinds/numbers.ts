import type { types } from "@babel/core";
import { BOTTOM, INERT, isContainer, type Kind, NUM, unknown } from "../kind.ts";
import type { Facts } from "./facts.ts";

/** What arithmetic on some operands gives: inert as long as nothing active comes in. */
export function numberOf(facts: Facts, operands: readonly types.Node[]): Kind {
  let kind: Kind = INERT;
  for (const operand of operands) {
    const k = facts.kindOf(operand);
    if (k.k === "unknown") return k;
    if (isContainer(k)) return unknown("arithmetic on an object");
    if (k.k === "bottom") kind = kind.k === "num" ? kind : BOTTOM;
    if (k.k === "num") kind = NUM;
  }
  return kind;
}
