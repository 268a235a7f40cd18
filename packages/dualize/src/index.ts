export { DualizeError } from "./stacks.ts";
export { checkpoint } from "./transforms/checkpoint.ts";
export { customJvp } from "./transforms/custom-jvp.ts";
export { customVjp } from "./transforms/custom-vjp.ts";
export { derivative } from "./transforms/derivative.ts";
export { type Gradient, grad, valueAndGrad } from "./transforms/gradient.ts";
export { hessian, hvp } from "./transforms/hessian.ts";
export { jacobian, valueAndJacobian } from "./transforms/jacobian.ts";
export { jvp } from "./transforms/jvp.ts";
export { linearize } from "./transforms/linearize.ts";
export { dual, isDual, primalOf, stopGradient } from "./transforms/marks.ts";
export type { ArgnumOption, GradientOption, Mode, ModeOption } from "./transforms/mode.ts";
export { vjp } from "./transforms/vjp.ts";
export type {
  Cotangents,
  MapNumbers,
  Pullback,
  Tangent,
  TangentInput,
  TangentInputs,
} from "./types.ts";
