import { slot } from "./slot.ts";

function length2(x: number, dx: number, y: number, dy: number): number {
  const length = Math.sqrt(x * x + y * y);
  slot[0] = (x * dx + y * dy) / length;
  return length;
}

function length3(x: number, dx: number, y: number, dy: number, z: number, dz: number): number {
  const length = Math.sqrt(x * x + y * y + z * z);
  slot[0] = (x * dx + y * dy + z * dz) / length;
  return length;
}

function smoothMin(a: number, da: number, b: number, db: number, k: number, dk: number): number {
  const least = Math.min(a, b);
  const dLeast = a < b ? da : db;
  const overlap = k - Math.abs(a - b);
  if (overlap <= 0) {
    slot[0] = dLeast;
    return least;
  }
  const h = overlap / k;
  const dh = (dk - Math.sign(a - b) * (da - db) - h * dk) / k;
  slot[0] = dLeast - (2 * h * dh * k + h * h * dk) / 4;
  return least - (h * h * k) / 4;
}

function scene(
  x: number,
  dx: number,
  y: number,
  dy: number,
  z: number,
  dz: number,
  blend: number,
  dBlend: number,
): number {
  const sphere = length3(x, dx, y - 0.3, dy, z, dz) - 0.5;
  const dSphere = slot[0];
  const ring = length2(x, dx, z, dz) - 0.8;
  const torus = length2(ring, slot[0], y, dy) - 0.25;
  const melted = smoothMin(sphere, dSphere, torus, slot[0], blend, dBlend);
  const floor = y + 0.5;
  if (floor < melted) slot[0] = dy;
  return Math.min(melted, floor);
}

export function rayMarch(
  x: number,
  dx: number,
  y: number,
  dy: number,
  z: number,
  dz: number,
  yaw: number,
  dYaw: number,
  pitch: number,
  dPitch: number,
  blend: number,
  dBlend: number,
): number {
  const cosPitch = Math.cos(pitch);
  const sinPitch = Math.sin(pitch);
  const cosYaw = Math.cos(yaw);
  const sinYaw = Math.sin(yaw);
  const rx = cosPitch * sinYaw;
  const ry = sinPitch;
  const rz = cosPitch * cosYaw;
  const drx = -sinPitch * dPitch * sinYaw + rz * dYaw;
  const dry = cosPitch * dPitch;
  const drz = -sinPitch * dPitch * cosYaw - rx * dYaw;
  let t = 0;
  let dt = 0;
  for (let step = 0; step < 64; step++) {
    const d = scene(
      x + t * rx,
      dx + dt * rx + t * drx,
      y + t * ry,
      dy + dt * ry + t * dry,
      z + t * rz,
      dz + dt * rz + t * drz,
      blend,
      dBlend,
    );
    if (d < 1e-9) break;
    t += d;
    dt += slot[0];
    if (t > 20) break;
  }
  slot[0] = dt;
  return t;
}
