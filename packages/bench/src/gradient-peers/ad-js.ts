import { gradient, kernels } from "../peers/ad-js.ts";
import { everyKernel } from "../peers/every-kernel.ts";
import type { GradientPeer } from "./peer.ts";

/** Operators as functions, by dispatch on the kind of number at run time; reverse mode. */
export const peer: GradientPeer = {
  name: "ad.js",
  kernels: everyKernel(kernels, gradient),
};
