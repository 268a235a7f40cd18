/**
 * The decisions that a program is made from: a list of numbers, read one after another. Zero is
 * always the simplest choice, and an exhausted list gives zeros, so every list ends in a finite
 * program, and a shorter list or smaller numbers make a simpler one: that is what shrinking needs.
 */
export class Choices {
  #at = 0;

  constructor(private readonly list: ArrayLike<number>) {}

  /** Whether the rest of the program will be made of simplest choices. */
  get exhausted(): boolean {
    return this.#at >= this.list.length;
  }

  /** 0 … count - 1. */
  below(count: number): number {
    const value = this.list[this.#at] ?? 0;
    this.#at++;
    return value % count;
  }

  /** Never true once the list is exhausted. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T;
  }

  /** Runs one of several ways, the first of which is the simplest. */
  way<T>(...ways: readonly (readonly [weight: number, make: () => T])[]): T {
    const total = ways.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.below(Math.max(total, 1));
    for (const [weight, make] of ways) {
      left -= weight;
      if (left < 0) return make();
    }
    throw new Error("unreachable: no way has a weight");
  }
}
