/** Classes whose instances marked functions of other files use; nothing here is marked. */
export class Vec2 {
  name = "";
  constructor(
    public x = 0,
    public y = 0,
  ) {}
  get sum(): number {
    return this.x + this.y;
  }
  dot(v: Vec2): number {
    return this.x * v.x + this.y * v.y;
  }
}
export class Ball extends Vec2 {
  weights: number[] = [1, 2];
  constructor(
    x: number,
    y: number,
    readonly radius: number,
  ) {
    super(x, y);
  }
}
export class Box {
  constructor(
    readonly low: Vec2,
    readonly high: Vec2,
  ) {}
}
/** Has no fields by itself that are called so. */
export class Computed {
  hidden = 3;
  declare y: number;
  constructor(public x: number) {}
  get square(): number {
    return this.x * this.x;
  }
  static {
    Object.defineProperty(Computed.prototype, "y", {
      get(this: Computed) {
        return this.hidden * 2;
      },
      set(this: Computed, v: number) {
        this.hidden = v;
      },
    });
  }
}
/** Holds what has no numbers, and itself. */
export class Holder {
  id = 1;
  parent: Holder | null = null;
  onChange: ((h: Holder) => void) | undefined = undefined;
  tags: Record<string, string> = {};
  constructor(
    public at: Vec2,
    public size: number,
  ) {}
}
