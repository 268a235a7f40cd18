import { defineKernel } from "../kernel.ts";

const length2 = (x: number, y: number): number => Math.sqrt(x * x + y * y);
const length3 = (x: number, y: number, z: number): number => Math.sqrt(x * x + y * y + z * z);

function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - (h * h * k) / 4;
}

/** Signed distance to a sphere melted into a torus above a floor. */
function scene(x: number, y: number, z: number, blend: number): number {
  const sphere = length3(x, y - 0.3, z) - 0.5;
  const torus = length2(length2(x, z) - 0.8, y) - 0.25;
  const floor = y + 0.5;
  return Math.min(smoothMin(sphere, torus, blend), floor);
}

/** The distance a ray travels before it meets the scene. */
export function rayMarch(
  x: number,
  y: number,
  z: number,
  yaw: number,
  pitch: number,
  blend: number,
): number {
  "use dual";
  const dx = Math.cos(pitch) * Math.sin(yaw);
  const dy = Math.sin(pitch);
  const dz = Math.cos(pitch) * Math.cos(yaw);
  let t = 0;
  for (let step = 0; step < 64; step++) {
    const d = scene(x + t * dx, y + t * dy, z + t * dz, blend);
    if (d < 1e-9) break;
    t += d;
    if (t > 20) break;
  }
  return t;
}

export const kernel = defineKernel({
  name: "ray-march",
  title: "ray march of a signed distance field",
  f: rayMarch,
  args: [0.2, 0.9, -3, 0.05, -0.25, 0.3],
  tangents: [0.3, -0.2, 0.5, 0.1, 0.2, 0.4],
  allocationFree: true,
});
