import { clamp, lerp, sigmoid, smoothstep } from "./helpers.ts";
import { slot } from "./slot.ts";

export function toneCurveError(
  exposure: number,
  dExposure: number,
  contrast: number,
  dContrast: number,
  middle: number,
  dMiddle: number,
  toe: number,
  dToe: number,
): number {
  let error = 0;
  let dError = 0;
  for (let i = 0; i <= 32; i++) {
    const luminance = i / 32;
    const exposed = luminance * 2 ** exposure;
    const dExposed = exposed * Math.LN2 * dExposure;
    const curve = sigmoid(
      contrast * (exposed - middle),
      dContrast * (exposed - middle) + contrast * (dExposed - dMiddle),
    );
    const dCurve = slot[0];
    const mix = smoothstep(toe, dToe, 1, 0, luminance, 0);
    const blended = lerp(exposed, dExposed, curve, dCurve, mix, slot[0]);
    const difference = clamp(blended, slot[0], 0, 0, 1, 0) - Math.sqrt(luminance);
    error += difference * difference;
    dError += 2 * difference * slot[0];
  }
  slot[0] = dError / 33;
  return error / 33;
}
