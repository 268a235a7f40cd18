import type { types } from "@babel/core";
import type { FunctionNode } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { BorrowedClass } from "./classes.ts";
import { ownClasses } from "./own-classes.ts";

type Node = types.Node;

/** What the forms of functions have of the classes of other files. */
export class Needs {
  readonly #known = new Map<FunctionNode, ReadonlySet<BorrowedClass>>();
  readonly #named: ReadonlyMap<string, BorrowedClass>;

  constructor(
    private readonly context: ModuleContext,
    private readonly calleesOf: (f: FunctionNode) => readonly FunctionNode[],
    /** The class of the instance whose method or accessor a piece of code runs. */
    private readonly receiverOf: (n: Node) => string | undefined,
  ) {
    const classes = [...(context.borrowed?.classes.values() ?? [])];
    this.#named = new Map(classes.map((c) => [c.name, c]));
  }

  /** The classes that code of a function's forms is of; to be asked when all programs are there. */
  of(f: FunctionNode): ReadonlySet<BorrowedClass> {
    const known = this.#known.get(f);
    if (known) return known;
    const found = new Set<BorrowedClass>();
    this.#known.set(f, found);
    const { borrowed, bindings } = this.context;
    if (borrowed === undefined) return found;
    for (const g of this.#reachedFrom(f)) {
      for (const of of borrowed.expectedIn(g)) found.add(of);
      const owner = borrowed.ownerOf(g);
      if (owner) {
        found.add(owner);
        owner.use(g);
      }
      this.context.t.traverseFast(g, (n) => {
        // It may have inherited the method, and others that inherit from it may have one of their own.
        const receiver = this.#named.get(this.receiverOf(n) ?? "");
        if (receiver) found.add(receiver);
        const of = n.type === "Identifier" && bindings.get(n)?.path.node;
        const named = of ? borrowed.classes.get(of) : undefined;
        if (named) found.add(named);
      });
    }
    for (const heir of found) {
      const { superClass } = heir.node;
      const parent = superClass && bindings.get(superClass)?.path.node;
      const of = parent ? borrowed.classes.get(parent) : undefined;
      if (of === undefined) continue;
      heir.extend(of);
      found.add(of);
    }
    return found;
  }

  /** The names of the links that say whether the classes are those that were read, or written. */
  linksOf(f: FunctionNode): string[] {
    const others = [...this.of(f)].map((c) => c.linkIn(this.context));
    return [...others, ...ownClasses(this.context).linksOf(this.#reachedFrom(f))];
  }

  /** A function, and all that it calls. */
  #reachedFrom(f: FunctionNode): ReadonlySet<FunctionNode> {
    const reached = new Set([f]);
    // The set grows while it is gone through.
    for (const g of reached) for (const callee of this.calleesOf(g)) reached.add(callee);
    return reached;
  }

  /** What a form takes: of instances that it has nothing of but fields, the class does not matter. */
  signature(f: FunctionNode, text: string): string {
    if (this.#named.size === 0) return text;
    const needed = this.of(f);
    return text.replace(/#([^{#]*)\{/g, (found, name: string) => {
      const of = this.#named.get(name);
      return of && !needed.has(of) ? "#*{" : found;
    });
  }

  /** The classes that are named in it. */
  classNames(f: FunctionNode, names: readonly string[]): string[] {
    const needed = this.of(f);
    return names.filter((name) => {
      const of = this.#named.get(name);
      return of === undefined || needed.has(of);
    });
  }
}
