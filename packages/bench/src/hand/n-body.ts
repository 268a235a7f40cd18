import type { Body } from "../kernels/n-body.ts";
import { slot } from "./slot.ts";

function copy({ x, y, z, vx, vy, vz, mass }: Body): Body {
  return { x, y, z, vx, vy, vz, mass };
}

function advance(bodies: Body[], dBodies: Body[], dt: number, ddt: number): void {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    const da = dBodies[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const db = dBodies[j];
      const dx = a.x - b.x;
      const ddx = da.x - db.x;
      const dy = a.y - b.y;
      const ddy = da.y - db.y;
      const dz = a.z - b.z;
      const ddz = da.z - db.z;
      const distance2 = dx * dx + dy * dy + dz * dz;
      const dDistance2 = 2 * (dx * ddx + dy * ddy + dz * ddz);
      const cube = distance2 * Math.sqrt(distance2);
      const pull = dt / cube;
      const dPull = ddt / cube - (1.5 * pull * dDistance2) / distance2;
      const towardsB = b.mass * pull;
      const dTowardsB = db.mass * pull + b.mass * dPull;
      const towardsA = a.mass * pull;
      const dTowardsA = da.mass * pull + a.mass * dPull;
      a.vx -= dx * towardsB;
      da.vx -= ddx * towardsB + dx * dTowardsB;
      a.vy -= dy * towardsB;
      da.vy -= ddy * towardsB + dy * dTowardsB;
      a.vz -= dz * towardsB;
      da.vz -= ddz * towardsB + dz * dTowardsB;
      b.vx += dx * towardsA;
      db.vx += ddx * towardsA + dx * dTowardsA;
      b.vy += dy * towardsA;
      db.vy += ddy * towardsA + dy * dTowardsA;
      b.vz += dz * towardsA;
      db.vz += ddz * towardsA + dz * dTowardsA;
    }
  }
  for (let i = 0; i < bodies.length; i++) {
    const body = bodies[i];
    const dBody = dBodies[i];
    body.x += dt * body.vx;
    dBody.x += ddt * body.vx + dt * dBody.vx;
    body.y += dt * body.vy;
    dBody.y += ddt * body.vy + dt * dBody.vy;
    body.z += dt * body.vz;
    dBody.z += ddt * body.vz + dt * dBody.vz;
  }
}

function energy(bodies: Body[], dBodies: Body[]): number {
  let total = 0;
  let dTotal = 0;
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    const da = dBodies[i];
    const speed2 = a.vx * a.vx + a.vy * a.vy + a.vz * a.vz;
    total += 0.5 * a.mass * speed2;
    dTotal += 0.5 * da.mass * speed2 + a.mass * (a.vx * da.vx + a.vy * da.vy + a.vz * da.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const db = dBodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const distance2 = dx * dx + dy * dy + dz * dz;
      const distance = Math.sqrt(distance2);
      const potential = (a.mass * b.mass) / distance;
      const along = dx * (da.x - db.x) + dy * (da.y - db.y) + dz * (da.z - db.z);
      total -= potential;
      dTotal -= (da.mass * b.mass + a.mass * db.mass) / distance - (potential * along) / distance2;
    }
  }
  slot[0] = dTotal;
  return total;
}

export function nBody(bodies: Body[], dBodies: Body[], dt: number, ddt: number): number {
  const system = bodies.map(copy);
  const dSystem = dBodies.map(copy);
  for (let step = 0; step < 10; step++) advance(system, dSystem, dt, ddt);
  return energy(system, dSystem);
}
