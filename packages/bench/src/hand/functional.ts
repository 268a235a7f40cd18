import { kernel } from "../kernels/functional.ts";
import { slot } from "./slot.ts";

const [XS, YS] = kernel.constants as [number[], number[]];
const SAMPLES = XS.map((x, i) => ({ x, y: YS[i] }));

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

export function ridgeLoss(
  coefficients: number[],
  dCoefficients: number[],
  ridge: number,
  dRidge: number,
): number {
  const model = (x: number): number => {
    let value = 0;
    let dValue = 0;
    for (let i = 0; i < coefficients.length; i++) {
      value = value * x + coefficients[i];
      dValue = dValue * x + dCoefficients[i];
    }
    slot[0] = dValue;
    return value;
  };
  const dResiduals: number[] = [];
  const residuals = SAMPLES.map((sample) => {
    const residual = model(sample.x) - sample.y;
    dResiduals.push(slot[0]);
    return residual;
  });
  const error = sum(residuals.map((r) => r * r)) / SAMPLES.length;
  const dError = sum(residuals.map((r, i) => 2 * r * dResiduals[i])) / SAMPLES.length;
  const penalty = sum(coefficients.map((c) => c * c));
  const dPenalty = sum(coefficients.map((c, i) => 2 * c * dCoefficients[i]));
  slot[0] = dError + dRidge * penalty + ridge * dPenalty;
  return error + ridge * penalty;
}
