import type { ScalarKernelName } from "../gradient-peers/peer.ts";
import type { scalarKernels } from "./scalar-kernels.ts";

type Kernels<Active> = ReturnType<typeof scalarKernels<Active>>;
type Flat<Active> = (inputs: (Active | number)[]) => Active | number;

/** The kernels that are written in functions of scalars, each with its derivative. */
export const everyKernel = <Active, Derivative>(
  kernels: Kernels<Active>,
  derivative: (f: Flat<Active>) => Derivative,
): Record<ScalarKernelName, () => Derivative> => ({
  "lotka-volterra": () => derivative(kernels.lotkaVolterra),
  rosenbrock: () => derivative(kernels.rosenbrock),
  "black-scholes": () => derivative(kernels.blackScholes),
  "gaussian-mixture": () => derivative(kernels.gaussianMixture),
  "n-body": () => derivative(kernels.nBody),
  vec3: () => derivative(kernels.orbitEnergy),
  functional: () => derivative(kernels.ridgeLoss),
  imported: () => derivative(kernels.toneCurve),
  recursion: () => derivative(kernels.area),
  "ray-march": () => derivative(kernels.rayMarch),
  "neural-network": () => derivative(kernels.networkError),
  "cubic-spline": () => derivative(kernels.resample),
  newton: () => derivative(kernels.orbitRadius),
});
