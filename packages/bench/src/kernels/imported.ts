import { defineKernel } from "../kernel.ts";
import { clamp, lerp, sigmoid, smoothstep } from "./helpers.ts";

/** How far a filmic tone curve is from the wanted one. */
export function toneCurveError(
  exposure: number,
  contrast: number,
  middle: number,
  toe: number,
): number {
  "use dual";
  let error = 0;
  for (let i = 0; i <= 32; i++) {
    const luminance = i / 32;
    const exposed = luminance * 2 ** exposure;
    const curve = sigmoid(contrast * (exposed - middle));
    const blended = lerp(exposed, curve, smoothstep(toe, 1, luminance));
    const difference = clamp(blended, 0, 1) - Math.sqrt(luminance);
    error += difference * difference;
  }
  return error / 33;
}

export const kernel = defineKernel({
  name: "imported",
  title: "helpers from another module: tone curve",
  f: toneCurveError,
  args: [0.45, 5, 0.42, 0.1],
  tangents: [1, -0.5, 0.2, 0.3],
  allocationFree: true,
});
