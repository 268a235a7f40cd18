import { defineKernel } from "../kernel.ts";

export interface Body {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
  mass: number;
}

function copy({ x, y, z, vx, vy, vz, mass }: Body): Body {
  return { x, y, z, vx, vy, vz, mass };
}

function advance(bodies: Body[], dt: number): void {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const distance2 = dx * dx + dy * dy + dz * dz;
      const pull = dt / (distance2 * Math.sqrt(distance2));
      a.vx -= dx * b.mass * pull;
      a.vy -= dy * b.mass * pull;
      a.vz -= dz * b.mass * pull;
      b.vx += dx * a.mass * pull;
      b.vy += dy * a.mass * pull;
      b.vz += dz * a.mass * pull;
    }
  }
  for (const body of bodies) {
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

function energy(bodies: Body[]): number {
  let total = 0;
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      total -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return total;
}

/** The energy of a small planetary system after ten steps. */
export function nBody(bodies: Body[], dt: number): number {
  "use dual";
  const system = bodies.map((body) => copy(body));
  for (let step = 0; step < 10; step++) advance(system, dt);
  return energy(system);
}

// No whole numbers: V8 keeps a property that has held only small integers apart from one that
// holds fractions, and objects that change sides in mid-run make timings swing by a factor of two.
const PLANETS: Body[] = [
  { x: 0.1, y: -0.2, z: 0.01, vx: 0.01, vy: -0.02, vz: 0.01, mass: 39.5 },
  { x: 4.8, y: -1.2, z: -0.1, vx: 0.6, vy: 2.8, vz: -0.02, mass: 0.04 },
  { x: 8.3, y: 4.1, z: -0.4, vx: -1.1, vy: 1.8, vz: 0.01, mass: 0.01 },
  { x: 12.9, y: -15.1, z: -0.2, vx: 1.1, vy: 0.9, vz: -0.01, mass: 0.002 },
  { x: 15.4, y: -25.9, z: 0.2, vx: 1.2, vy: 0.6, vz: -0.03, mass: 0.002 },
];

const DIRECTION: Body[] = [
  { x: 0.3, y: 0.2, z: 0.05, vx: -0.1, vy: 0.01, vz: 0.01, mass: 0.5 },
  { x: 0.1, y: 0.1, z: 0.05, vx: -0.2, vy: 0.02, vz: 0.02, mass: -0.4 },
  { x: 0.2, y: 0.3, z: -0.15, vx: 0.1, vy: 0.04, vz: -0.01, mass: 0.3 },
  { x: -0.3, y: -0.1, z: 0.25, vx: 0.3, vy: -0.06, vz: 0.01, mass: 0.2 },
  { x: 0.4, y: -0.2, z: 0.05, vx: -0.1, vy: 0.08, vz: -0.03, mass: 0.1 },
];

export const kernel = defineKernel({
  name: "n-body",
  title: "n-body, 5 objects, 10 steps",
  f: nBody,
  args: [PLANETS, 0.05],
  tangents: [DIRECTION, 0.01],
  allocationFree: false,
});
