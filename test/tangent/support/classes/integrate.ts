"use dual";
import type { Body } from "./body.ts";
import type { Vec3 as Other } from "./same-name.ts";
import type { Vec3 } from "./vec3.ts";

/** Functions of a third file for classes of others. */

export function advance(b: Body, dt: number): Body {
  b.velocity.addInPlace(b.position.scale(-dt));
  b.step(dt);
  return b;
}

export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

export function midpoint(a: Vec3, b: Vec3): Vec3 {
  return a.add(b).scale(0.5);
}

export function replace(b: Body, t: number): void {
  b.mass *= t;
  b.velocity.x = b.position.squared * t;
}

export function otherLength(o: Other): number {
  return o.scale(2).length();
}
