/** The values that an unknown may take: they begin at the bottom and only ever grow. */
export interface Lattice<V> {
  readonly bottom: V;
  /** The least value that covers both; `a` itself where `b` adds nothing. */
  join(a: V, b: V): V;
}

interface Unknown<V = unknown> {
  value: V;
  readonly lattice: Lattice<V>;
  readonly definition: () => V;
  /** What was made of its value, and has to be looked at again when it changes. */
  readonly dependents: Set<Unknown>;
  isPending: boolean;
}

/**
 * A system of equations whose unknowns may be defined by each other in circles, and its least
 * solution. An unknown is registered when it is first asked for, and its definition is evaluated
 * again only when something that it asked for has changed.
 */
export class Equations {
  readonly #unknowns = new Map<object, Unknown>();
  readonly #fresh: Unknown[] = [];
  readonly #woken: Unknown[] = [];
  #current: Unknown | undefined;
  /** How many definitions were evaluated so far: what is remembered for one serves no other. */
  evaluations = 0;

  /** Whether an answer given now may be provisional. */
  get isSolving(): boolean {
    return this.#current !== undefined;
  }

  /** The value of an unknown: the one so far while the system is being solved, else the solution. */
  ask<V>(key: object, lattice: Lattice<V>, definition: () => V): V {
    let unknown = this.#unknowns.get(key) as Unknown<V> | undefined;
    if (unknown === undefined) {
      unknown = {
        value: lattice.bottom,
        lattice,
        definition,
        dependents: new Set(),
        isPending: false,
      };
      this.#unknowns.set(key, unknown as Unknown);
      this.#wake(unknown as Unknown, this.#fresh);
    }
    if (this.#current) unknown.dependents.add(this.#current);
    else this.#solve();
    return unknown.value;
  }

  /** What a question gives that asks for unknowns, when all of them are solved. */
  solved<R>(question: () => R): R {
    if (this.#current) return question();
    const asker: Unknown<undefined> = {
      value: undefined,
      lattice: { bottom: undefined, join: (a) => a },
      definition: () => undefined,
      dependents: new Set(),
      isPending: false,
    };
    for (;;) {
      const answer = this.#evaluate(asker as Unknown, question);
      if (this.#fresh.length + this.#woken.length === 0) return answer;
      this.#solve();
    }
  }

  #wake(unknown: Unknown, among: Unknown[]): void {
    if (unknown.isPending) return;
    unknown.isPending = true;
    among.push(unknown);
  }

  #evaluate<R>(unknown: Unknown, question: () => R): R {
    this.evaluations++;
    this.#current = unknown;
    try {
      return question();
    } finally {
      this.#current = undefined;
    }
  }

  #solve(): void {
    // All new ones first, and the last of them: what an unknown is made of is solved before it is
    // looked at again, once for all of its parts and not once for each.
    for (;;) {
      const next = this.#fresh.pop() ?? this.#woken.pop();
      if (next === undefined) return;
      next.isPending = false;
      const value = next.lattice.join(next.value, this.#evaluate(next, next.definition));
      if (Object.is(value, next.value)) continue;
      next.value = value;
      for (const dependent of next.dependents) this.#wake(dependent, this.#woken);
    }
  }
}
