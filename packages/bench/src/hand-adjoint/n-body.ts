import type { Body } from "../kernels/n-body.ts";
import { slots } from "./slots.ts";

const STEPS = 10;
let places = new Float64Array(0);

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

function energyBack(bodies: Body[], g: Body[], seed: number): void {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    const ga = g[i];
    const gSpeed = a.mass * seed;
    ga.mass += 0.5 * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz) * seed;
    ga.vx += gSpeed * a.vx;
    ga.vy += gSpeed * a.vy;
    ga.vz += gSpeed * a.vz;
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const gb = g[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const distance2 = dx * dx + dy * dy + dz * dz;
      const inverse = seed / Math.sqrt(distance2);
      ga.mass -= b.mass * inverse;
      gb.mass -= a.mass * inverse;
      const along = (a.mass * b.mass * inverse) / distance2;
      ga.x += along * dx;
      ga.y += along * dy;
      ga.z += along * dz;
      gb.x -= along * dx;
      gb.y -= along * dy;
      gb.z -= along * dz;
    }
  }
}

/** Back over a step, from bodies with the speeds after it and the places before it. */
function advanceBack(bodies: Body[], g: Body[], dt: number): number {
  let gdt = 0;
  for (let i = 0; i < bodies.length; i++) {
    const body = bodies[i];
    const gBody = g[i];
    gdt += body.vx * gBody.x + body.vy * gBody.y + body.vz * gBody.z;
    gBody.vx += dt * gBody.x;
    gBody.vy += dt * gBody.y;
    gBody.vz += dt * gBody.z;
  }
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    const ga = g[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const gb = g[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const distance2 = dx * dx + dy * dy + dz * dz;
      const inverse = 1 / (distance2 * Math.sqrt(distance2));
      const pull = dt * inverse;
      const alongA = dx * ga.vx + dy * ga.vy + dz * ga.vz;
      const alongB = dx * gb.vx + dy * gb.vy + dz * gb.vz;
      const gPull = a.mass * alongB - b.mass * alongA;
      gb.mass -= pull * alongA;
      ga.mass += pull * alongB;
      gdt += inverse * gPull;
      const gDistance = (3 * pull * gPull) / distance2;
      const forA = b.mass * pull;
      const forB = a.mass * pull;
      const gx = forB * gb.vx - forA * ga.vx - gDistance * dx;
      const gy = forB * gb.vy - forA * ga.vy - gDistance * dy;
      const gz = forB * gb.vz - forA * ga.vz - gDistance * dz;
      ga.x += gx;
      ga.y += gy;
      ga.z += gz;
      gb.x -= gx;
      gb.y -= gy;
      gb.z -= gz;
    }
  }
  return gdt;
}

/** Keeps places and speeds of each step. The cotangents are added to those in `gBodies`. */
export function nBody(bodies: Body[], gBodies: Body[], dt: number, seed: number): number {
  const n = bodies.length;
  if (places.length < 6 * n * STEPS) places = new Float64Array(6 * n * STEPS);
  const system = bodies.map(copy);
  let at = 0;
  for (let step = 0; step < STEPS; step++) {
    for (const { x, y, z } of system) {
      places[at] = x;
      places[at + 1] = y;
      places[at + 2] = z;
      at += 6;
    }
    advance(system, dt);
    for (let i = 0; i < n; i++) {
      const { vx, vy, vz } = system[i];
      const from = at - 6 * (n - i);
      places[from + 3] = vx;
      places[from + 4] = vy;
      places[from + 5] = vz;
    }
  }
  const value = energy(system);
  const g = bodies.map(() => ({ x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, mass: 0 }));
  energyBack(system, g, seed);
  let gdt = 0;
  for (let step = STEPS - 1; step >= 0; step--) {
    at = 6 * n * step;
    for (const body of system) {
      body.x = places[at];
      body.y = places[at + 1];
      body.z = places[at + 2];
      body.vx = places[at + 3];
      body.vy = places[at + 4];
      body.vz = places[at + 5];
      at += 6;
    }
    gdt += advanceBack(system, g, dt);
  }
  for (let i = 0; i < n; i++) {
    const to = gBodies[i];
    const { x, y, z, vx, vy, vz, mass } = g[i];
    to.x += x;
    to.y += y;
    to.z += z;
    to.vx += vx;
    to.vy += vy;
    to.vz += vz;
    to.mass += mass;
  }
  slots[1] = gdt;
  return value;
}
