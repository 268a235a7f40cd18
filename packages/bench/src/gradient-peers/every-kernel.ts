import type { scalarKernels } from "../peers/scalar-kernels.ts";
import type { GradientKernel, GradientPeer } from "./peer.ts";

type Kernels<Active> = ReturnType<typeof scalarKernels<Active>>;
type Flat<Active> = (inputs: (Active | number)[]) => Active | number;

/** The kernels that are written in functions of scalars, each with its gradient. */
export const everyKernel = <Active>(
  kernels: Kernels<Active>,
  gradient: (f: Flat<Active>) => GradientKernel,
): GradientPeer["kernels"] => ({
  "lotka-volterra": () => gradient(kernels.lotkaVolterra),
  rosenbrock: () => gradient(kernels.rosenbrock),
  "black-scholes": () => gradient(kernels.blackScholes),
  "gaussian-mixture": () => gradient(kernels.gaussianMixture),
  "n-body": () => gradient(kernels.nBody),
  vec3: () => gradient(kernels.orbitEnergy),
  functional: () => gradient(kernels.ridgeLoss),
  imported: () => gradient(kernels.toneCurve),
  recursion: () => gradient(kernels.area),
  "ray-march": () => gradient(kernels.rayMarch),
  "neural-network": () => gradient(kernels.networkError),
  "cubic-spline": () => gradient(kernels.resample),
  newton: () => gradient(kernels.orbitRadius),
});
