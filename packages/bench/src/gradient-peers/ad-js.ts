import { gradient, kernels } from "../peers/ad-js.ts";
import type { GradientPeer } from "./peer.ts";

/** Operators as functions, by dispatch on the kind of number at run time; reverse mode. */
export const peer: GradientPeer = {
  name: "ad.js",
  kernels: {
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
  },
};
