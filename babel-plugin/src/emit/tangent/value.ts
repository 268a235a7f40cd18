import type { types } from "@babel/core";
import type { CallGraph } from "../../analysis/call-graph.ts";
import type { Kind } from "../../analysis/kind.ts";
import type { FunctionNode } from "../../ast.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** Why a function has no tangent form, and where. */
export class Fallback extends Error {
  constructor(
    readonly node: Node,
    reason: string,
  ) {
    super(reason);
  }
}

/** What the emitter asks of the module around the function. */
export interface TangentModule {
  readonly calls: CallGraph;
  /** The name of the tangent form of a marked function of this file; undefined when it has none. */
  tangentName(f: FunctionNode): string | undefined;
  /** The name of a link to a function that is known only at run time. */
  link(
    callee: Expression,
    signature: { params: Kind[]; returns: Kind },
    site: Node,
    strong: boolean,
    shared: boolean,
  ): string;
}

export type Item = Expression | Statement;

/**
 * A value in tangent code: `p` evaluates to the primal, `t` to the tangent or shadow (null: none,
 * it is inert). Both are free of effects and may be evaluated later than where they stand, as long
 * as nothing they read is changed; `p` may be evaluated more than once only after `Calculus.atom`.
 */
export interface Value {
  p: Expression;
  t: Expression | null;
  kind: Kind;
  /** Where it is inert: the expression it is, which may be a container from outside the function. */
  origin?: Node;
  /** Where it is a product of one thing with itself: the ways to this, and how often it is there. */
  power?: Power;
}

export interface Power {
  readonly primal: string;
  readonly tangent: string;
  readonly exponent: number;
}

/** An element or field: how it and its shadow are reached, any number of times. */
export interface Place {
  readonly read: () => Expression;
  readonly shadow: () => Expression | null;
  readonly kind: Kind;
  readonly object: Value;
  /** Makes the way to it safe from what was written after `position`. */
  readonly settle: (position: number) => void;
}

/** A variable that is written to. */
export interface Target {
  readonly name: string;
  readonly shadow: string | null;
  readonly kind: Kind;
  readonly value: () => Value;
}

export interface Frame {
  readonly temporaries: string[];
  readonly returns: Kind;
  /** In a function that is written where it is called: what becomes of the value that it returns. */
  readonly leave?: (v: Value, statement: Node) => void;
}

/** Shadows of float arrays keep all digits, whatever the array they belong to rounds to. */
export const SHADOW_FLOATS = "Float64Array";
