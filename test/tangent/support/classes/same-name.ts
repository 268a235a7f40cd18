"use dual";
/** Called as another one, and something else. */
export class Vec3 {
  z = 1;
  constructor(
    public x: number,
    public y: number,
  ) {
    this.z = x * y;
  }
  scale(k: number): Vec3 {
    return new Vec3(this.x * k + 1, this.y - k);
  }
  length(): number {
    return this.x * this.x + this.y + this.z;
  }
}
