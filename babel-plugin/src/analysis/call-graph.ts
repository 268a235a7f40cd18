import type { types } from "@babel/core";
import { type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { constructorsRunBy } from "./constructors.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;

/** How many nodes a function may have, with all that is written in place in it, to be so itself. */
const LARGEST = 250;

/**
 * Which functions of a file call which: what calls itself, directly or through others, and how large
 * a function is once small ones are written where they are called. Each function is read once.
 */
export class CallGraph {
  readonly #callees = new Map<FunctionNode, readonly FunctionNode[]>();
  readonly #sizes = new Map<FunctionNode, number>();
  readonly #written = new Map<FunctionNode, number>();
  readonly #recursive = new Map<FunctionNode, boolean>();

  constructor(
    private readonly context: ModuleContext,
    private readonly kinds: Kinds,
  ) {}

  /** The functions that a function calls or names, once for each place. */
  calleesOf(f: FunctionNode): readonly FunctionNode[] {
    let callees = this.#callees.get(f);
    if (callees === undefined) {
      callees = this.#read(f);
      this.#callees.set(f, callees);
    }
    return callees;
  }

  /** How many nodes of syntax a function has. */
  sizeOf(f: FunctionNode): number {
    this.calleesOf(f);
    return this.#sizes.get(f) as number;
  }

  /** Whether a function may call itself. */
  isRecursive(f: FunctionNode): boolean {
    if (!this.#recursive.has(f)) this.#findCircles(f);
    return this.#recursive.get(f) as boolean;
  }

  /** Whether a function is small enough to be written where it is called, and does not call itself. */
  isSmall(f: FunctionNode): boolean {
    return !this.isRecursive(f) && this.#sizeWritten(f) <= LARGEST;
  }

  /**
   * The size of a function with the small ones that it calls in it. Those that have become large in
   * this way are called, so that a chain of small functions is written in pieces of one size and not
   * again from the beginning in each of them.
   */
  #sizeWritten(f: FunctionNode): number {
    let size = this.#written.get(f);
    if (size === undefined) {
      size = this.sizeOf(f);
      for (const g of this.calleesOf(f)) if (this.isSmall(g)) size += this.#sizeWritten(g);
      this.#written.set(f, size);
    }
    return size;
  }

  #read(f: FunctionNode): FunctionNode[] {
    const callees: FunctionNode[] = [];
    const called = new Set<Node>();
    let size = 0;
    const written = new Set<Node>();
    const visit = (n: Node): void => {
      size++;
      if (n.type === "AssignmentExpression")
        this.context.t.traverseFast(n.left, (to) => {
          written.add(to);
        });
      if (n.type === "UpdateExpression") written.add(unwrap(n.argument));
      if (n.type === "MemberExpression") {
        const getter = this.kinds.getterOf(n);
        if (getter) callees.push(getter);
        const setter = written.has(n) && this.kinds.setterOf(n);
        if (setter) callees.push(setter);
      }
      if (n.type === "Identifier" && !called.has(n)) {
        const named = this.#named(n);
        if (named) callees.push(named);
      }
      if (n.type === "NewExpression") callees.push(...constructorsRunBy(this.kinds, n));
      if (n.type !== "CallExpression") return;
      const callee = this.kinds.callee(n);
      if (callee.type === "marked" || callee.type === "method" || callee.type === "closure")
        callees.push(callee.node);
      called.add(unwrap(n.callee));
    };
    for (const part of [...f.params, f.body]) this.context.t.traverseFast(part, visit);
    this.#sizes.set(f, size);
    return callees;
  }

  /** The function that a name means, where derivative code for it is written in this file. */
  #named(id: Node): FunctionNode | undefined {
    const f = this.kinds.functionNamed(id);
    return f && this.kinds.marks.functions.has(f) ? f : this.kinds.closureNamed(id);
  }

  /** Tarjan's algorithm (1972), from one function: the circles among all that it reaches. */
  #findCircles(root: FunctionNode): void {
    const lowest = new Map<FunctionNode, number>();
    const order = new Map<FunctionNode, number>();
    const open: FunctionNode[] = [];
    const visit = (f: FunctionNode): void => {
      order.set(f, order.size);
      lowest.set(f, order.size - 1);
      open.push(f);
      for (const g of this.calleesOf(f)) {
        if (this.#recursive.has(g)) continue;
        if (!order.has(g)) visit(g);
        lowest.set(f, Math.min(lowest.get(f) as number, lowest.get(g) as number));
      }
      if (lowest.get(f) !== order.get(f)) return;
      const circle = open.splice(open.indexOf(f));
      for (const g of circle)
        this.#recursive.set(g, circle.length > 1 || this.calleesOf(g).includes(g));
    };
    visit(root);
  }
}
