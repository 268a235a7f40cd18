import type { types } from "@babel/core";
import type { Binding, FunctionNode } from "../../ast.ts";
import type { Marks } from "../../marks/marked-functions.ts";
import type { ModuleContext } from "../../module-context.ts";
import type { Equations } from "../equations.ts";
import type { FunctionKind, Kind } from "../kind.ts";
import type { Scratch } from "../scratch.ts";
import type { TypeKinds } from "../type-kinds.ts";
import type { Choice } from "./choices.ts";

type Node = types.Node;

/** What a call means to tangent code. */
export type Callee =
  | { readonly type: "math"; readonly name: string }
  | { readonly type: "closure"; readonly node: FunctionNode }
  | { readonly type: "marked"; readonly node: FunctionNode }
  | { readonly type: "method"; readonly node: FunctionNode; readonly object: Node }
  | { readonly type: "value"; readonly kind: FunctionKind }
  | { readonly type: "imported"; readonly name: string }
  // One of several, which holds nothing active itself.
  | ({ readonly type: "chosen" } & Choice)
  | {
      readonly type: "array-method";
      readonly name: string;
      readonly object: Node;
      readonly kind: Kind;
    }
  | { readonly type: "other"; readonly name: string }
  // The kind of the object is not known yet; it is by the time that code is written.
  | { readonly type: "not-yet" };

/**
 * What the parts of the analysis of kinds ask of each other. Each part is a file of functions over
 * these; none of them imports another one that imports it.
 */
export interface Facts {
  readonly context: ModuleContext;
  readonly marks: Marks;
  readonly typeKinds: TypeKinds;
  /** Objects of the module that each function has one of its own for. */
  readonly scratch: Scratch;
  /** Which variables are used as numbers: solved before any kind is asked for, since "no" is final there. */
  readonly evidence: Equations;
  /** Whether a variable belongs to a marked function, not to what surrounds all of them. */
  isInside(binding: Binding): boolean;
  kindOf(expression: Node): Kind;
  bindingKind(binding: Binding): Kind;
  paramKinds(f: FunctionNode): Kind[];
  returnKind(f: FunctionNode): Kind;
  /** The kind of a function literal as a value. */
  functionKind(f: FunctionNode): Kind;
  callee(call: types.CallExpression): Callee;
  /** The same without a look at the arguments. */
  calleeByItself(call: types.CallExpression): Callee;
}
