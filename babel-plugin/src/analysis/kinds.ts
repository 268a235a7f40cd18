import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction } from "../ast.ts";
import type { Marks } from "../marks/marked-functions.ts";
import type { ModuleContext } from "../module-context.ts";
import { Equations, type Lattice } from "./equations.ts";
import { BOTTOM, bounded, elementAt, fieldKind, INERT, join, type Kind, unknown } from "./kind.ts";
import { calleeByItself, calleeOf } from "./kinds/callees.ts";
import { getterOf, kindOfExpression, setterOf } from "./kinds/expressions.ts";
import type { Callee, Facts } from "./kinds/facts.ts";
import { calleeName, closureNamed, functionNamed, mathName, memberOf } from "./kinds/names.ts";
import { kindsOfParams } from "./kinds/parameters.ts";
import { isLookupTable, kindOfVariable } from "./kinds/variables.ts";
import { NO_SCRATCH, type Scratch } from "./scratch.ts";
import { returnsOf } from "./syntax.ts";
import type { TypeKinds } from "./type-kinds.ts";

export type { Callee } from "./kinds/facts.ts";

type Node = types.Node;

const kindLattice: Lattice<Kind> = {
  bottom: BOTTOM,
  join(a, b) {
    const both = join(a, b);
    return both === a ? a : bounded(both);
  },
};

const CIRCULAR = unknown("a function whose parameters tell of each other in a circle");

/**
 * The kind of every variable, expression and result, as the least solution of what the program says
 * of them: all begin at "not known yet" and are joined with what their definitions give until
 * nothing changes.
 */
export class Kinds implements Facts {
  readonly equations = new Equations();
  readonly evidence = new Equations();
  readonly #inside = new Map<Binding, boolean>();
  /** Kinds of expressions that were asked for once all was solved. */
  readonly #solved = new WeakMap<Node, Kind>();
  readonly #callees = new WeakMap<Node, Callee>();
  /** The functions whose parameters are being looked at. */
  readonly #asked = new Set<FunctionNode>();
  /** Those that were asked for while one definition is evaluated; they hold until the next one. */
  #provisional = new Map<Node, Kind>();
  #evaluation = 0;

  constructor(
    readonly context: ModuleContext,
    readonly marks: Marks,
    readonly typeKinds: TypeKinds,
    readonly scratch: Scratch = NO_SCRATCH,
  ) {}

  /** The kind of an expression. */
  kindOf(expression: Node): Kind {
    let kind = this.#solved.get(expression);
    if (kind !== undefined) return kind;
    if (this.equations.isSolving) return this.#kindNow(expression);
    kind = this.equations.solved(() => this.#kindNow(expression));
    this.#solved.set(expression, kind);
    return kind;
  }

  #kindNow(expression: Node): Kind {
    if (this.#evaluation !== this.equations.evaluations) {
      this.#evaluation = this.equations.evaluations;
      this.#provisional = new Map();
    }
    let kind = this.#provisional.get(expression);
    if (kind === undefined) {
      kind = kindOfExpression(this, expression);
      this.#provisional.set(expression, kind);
    }
    return kind;
  }

  /** The kind of a variable. */
  bindingKind(binding: Binding): Kind {
    return this.equations.ask(binding, kindLattice, () => kindOfVariable(this, binding));
  }

  /** The kinds of the parameters of a function. */
  paramKinds(f: FunctionNode): Kind[] {
    return this.equations.solved(() => this.#paramsNow(f));
  }

  #paramsNow(f: FunctionNode): Kind[] {
    if (this.#asked.has(f)) return f.params.map(() => CIRCULAR);
    this.#asked.add(f);
    try {
      return kindsOfParams(this, f);
    } finally {
      this.#asked.delete(f);
    }
  }

  /** The kind of what a function gives. */
  returnKind(f: FunctionNode): Kind {
    if (f.async || f.generator)
      return unknown(f.async ? "the result of an async function" : "a generator");
    const annotated = this.typeKinds.of(f.returnType);
    if (annotated && !(annotated.k === "unknown" && f.type === "ArrowFunctionExpression"))
      return annotated;
    return this.equations.ask(f, kindLattice, () => {
      if (f.body.type !== "BlockStatement") return this.kindOf(f.body);
      const returns = returnsOf(f.body);
      return returns.reduce<Kind>(
        (kind, r) => join(kind, r.argument ? this.kindOf(r.argument) : INERT),
        returns.length ? BOTTOM : INERT,
      );
    });
  }

  functionKind(f: FunctionNode): Kind {
    return { k: "fn", params: this.paramKinds(f), returns: this.returnKind(f) };
  }

  /** What a call calls. */
  callee(call: types.CallExpression): Callee {
    if (this.equations.isSolving) return calleeOf(this, call);
    let callee = this.#callees.get(call);
    if (callee === undefined) {
      callee = this.equations.solved(() => calleeOf(this, call));
      this.#callees.set(call, callee);
    }
    return callee;
  }

  calleeByItself(call: types.CallExpression): Callee {
    return calleeByItself(this, call);
  }

  isInside(binding: Binding): boolean {
    let inside = this.#inside.get(binding);
    if (inside === undefined) {
      inside = false;
      for (let path: NodePath | null = binding.scope.path; path && !inside; path = path.parentPath)
        inside =
          isFunction(path.node) &&
          (this.marks.functions.has(path.node) || this.#isConstructor(path.node, path));
      this.#inside.set(binding, inside);
    }
    return inside;
  }

  /** The constructor of a class of this file, which is written in place where an instance is made. */
  #isConstructor(f: FunctionNode, { parentPath }: NodePath): boolean {
    const owner = parentPath?.parent as types.Class | undefined;
    return (
      f.type === "ClassMethod" &&
      f.kind === "constructor" &&
      owner?.id != null &&
      this.typeKinds.classes.get(owner.id.name) === owner
    );
  }

  /** The getter of a class of this file that a member expression calls. */
  getterOf(node: types.MemberExpression): types.ClassMethod | undefined {
    return getterOf(this, node);
  }

  /** The setter of a class of this file that an assignment to a member expression calls. */
  setterOf(node: types.MemberExpression): types.ClassMethod | undefined {
    return setterOf(this, node);
  }

  /** The method or accessor of a class of this file. */
  memberOf(className: string, name: string): types.ClassMethod | undefined {
    return memberOf(this, className, name);
  }

  /** The class of the instance whose method or accessor a piece of code runs. */
  receiverOf(node: Node): string | undefined {
    let object: Node | undefined;
    if (node.type === "MemberExpression" && (this.getterOf(node) || this.setterOf(node)))
      object = node.object;
    else if (node.type === "CallExpression") {
      const callee = this.callee(node);
      if (callee.type === "method") object = callee.object;
    }
    const kind = object && this.kindOf(object);
    return kind?.k === "object" ? kind.className : undefined;
  }

  /** The kind of an element at a position that is known when compiling. */
  elementAt(kind: Kind, index: number): Kind {
    return elementAt(kind, index);
  }

  fieldKind(kind: Kind, name: string | undefined): Kind {
    return fieldKind(kind, name);
  }

  /** A literal array of numbers that is only ever read. */
  isLookupTable(binding: Binding): boolean {
    return isLookupTable(binding);
  }

  calleeName(callee: Node): string | undefined {
    return calleeName(this.context, callee);
  }

  /** The name of a `Math` function, also by an alias. */
  mathName(callee: Node): string | undefined {
    return mathName(this.context, callee);
  }

  /** The closure that a name always means, written in the marked function itself. */
  closureNamed(id: Node): FunctionNode | undefined {
    return closureNamed(this, id);
  }

  /** The function of this file that a name always means, wherever it is written. */
  functionNamed(id: Node): FunctionNode | undefined {
    return functionNamed(this.context, id);
  }
}
