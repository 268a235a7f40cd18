import { defineKernel } from "../kernel.ts";

export class Vec3 {
  x: number;
  y: number;
  z: number;

  constructor(x: number, y: number, z: number) {
    this.x = x;
    this.y = y;
    this.z = z;
  }

  add(other: Vec3): Vec3 {
    "use dual";
    return new Vec3(this.x + other.x, this.y + other.y, this.z + other.z);
  }

  scale(factor: number): Vec3 {
    "use dual";
    return new Vec3(this.x * factor, this.y * factor, this.z * factor);
  }

  dot(other: Vec3): number {
    "use dual";
    return this.x * other.x + this.y * other.y + this.z * other.z;
  }

  length(): number {
    "use dual";
    return Math.sqrt(this.dot(this));
  }
}

/** The energy of a comet after 25 steps around its sun. */
export function orbitEnergy(
  x: number,
  y: number,
  z: number,
  vx: number,
  vy: number,
  vz: number,
  sun: number,
): number {
  "use dual";
  const dt = 0.02;
  let position = new Vec3(x, y, z);
  let velocity = new Vec3(vx, vy, vz);
  for (let step = 0; step < 25; step++) {
    const r = position.length();
    const pull = position.scale(-sun / (r * r * r));
    velocity = velocity.add(pull.scale(dt));
    position = position.add(velocity.scale(dt));
  }
  return velocity.dot(velocity) / 2 - sun / position.length();
}

export const kernel = defineKernel({
  name: "vec3",
  title: "Vec3 class, new instances, 25 steps",
  f: orbitEnergy,
  args: [1, 0.2, -0.1, -0.1, 0.9, 0.2, 1.2],
  tangents: [0.5, -0.3, 0.2, 0.1, 0.4, -0.2, 0.3],
  allocationFree: false,
});
