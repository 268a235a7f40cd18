import { slot } from "./slot.ts";

/**
 * A vector and its tangent in one object: as many allocations as the plain code has. The fields are
 * only declared, since one that starts as undefined never holds an unboxed number.
 */
class Moving {
  declare x: number;
  declare dx: number;
  declare y: number;
  declare dy: number;
  declare z: number;
  declare dz: number;

  constructor(x: number, dx: number, y: number, dy: number, z: number, dz: number) {
    this.x = x;
    this.dx = dx;
    this.y = y;
    this.dy = dy;
    this.z = z;
    this.dz = dz;
  }

  add(o: Moving): Moving {
    return new Moving(
      this.x + o.x,
      this.dx + o.dx,
      this.y + o.y,
      this.dy + o.dy,
      this.z + o.z,
      this.dz + o.dz,
    );
  }

  scale(factor: number, dFactor: number): Moving {
    return new Moving(
      this.x * factor,
      this.dx * factor + this.x * dFactor,
      this.y * factor,
      this.dy * factor + this.y * dFactor,
      this.z * factor,
      this.dz * factor + this.z * dFactor,
    );
  }

  dot(o: Moving): number {
    slot[0] =
      this.dx * o.x +
      this.x * o.dx +
      (this.dy * o.y + this.y * o.dy) +
      (this.dz * o.z + this.z * o.dz);
    return this.x * o.x + this.y * o.y + this.z * o.z;
  }

  length(): number {
    const length = Math.sqrt(this.dot(this));
    slot[0] /= 2 * length;
    return length;
  }
}

export function orbitEnergy(
  x: number,
  dx: number,
  y: number,
  dy: number,
  z: number,
  dz: number,
  vx: number,
  dvx: number,
  vy: number,
  dvy: number,
  vz: number,
  dvz: number,
  sun: number,
  dSun: number,
): number {
  const dt = 0.02;
  let position = new Moving(x, dx, y, dy, z, dz);
  let velocity = new Moving(vx, dvx, vy, dvy, vz, dvz);
  for (let step = 0; step < 25; step++) {
    const r = position.length();
    const cube = r * r * r;
    const strength = -sun / cube;
    const pull = position.scale(strength, -dSun / cube - (3 * strength * slot[0]) / r);
    velocity = velocity.add(pull.scale(dt, 0));
    position = position.add(velocity.scale(dt, 0));
  }
  const kinetic = velocity.dot(velocity) / 2;
  const dKinetic = slot[0] / 2;
  const r = position.length();
  const potential = sun / r;
  slot[0] = dKinetic - (dSun - potential * slot[0]) / r;
  return kinetic - potential;
}
