"use dual";
import type { Vec3 } from "./vec3.ts";

const seen: unknown[] = [];

/** Is made of instances of a class of a third file. */
export class Body {
  readonly position: Vec3;
  readonly velocity: Vec3;
  mass = 2;
  constructor(position: Vec3, velocity: Vec3) {
    this.position = position;
    this.velocity = velocity;
  }
  energy(): number {
    return 0.5 * this.mass * this.velocity.squared + this.mass * 9.81 * this.position.z;
  }
  step(dt: number): this {
    this.position.addInPlace(this.velocity.scale(dt));
    return this;
  }
  /** Keeps what it is given. */
  moved(by: Vec3): Body {
    return new Body(by, this.velocity);
  }
  /** Uses what only its own file has. */
  noted(k: number): number {
    seen.push(1);
    return this.mass * k * seen.length;
  }
}

export class Heavy extends Body {
  extra = 3;
  weight(k: number): number {
    return (this.mass + this.extra) * k;
  }
}

/** Takes a parameter of a type. */
export class Pair<T extends number> {
  constructor(
    public first: number,
    public other: T,
  ) {}
  twice(k: number): number {
    return this.first * k * 2;
  }
}

export class Counted {
  static made = 0;
  constructor(public n: number) {
    Counted.made++;
  }
  squared(): number {
    return this.n * this.n;
  }
}

export class Hidden {
  #k = 2;
  constructor(public x: number) {}
  get(): number {
    return this.x * this.#k;
  }
}

export interface Sized {
  x: number;
  length(): number;
}

export class Num {
  constructor(readonly n: number) {}
  twice(k: number): number {
    return this.n * k * 2;
  }
}
export const numberOf = (n: number): Num => new Num(n);
