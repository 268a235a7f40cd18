import ad, { type Node } from "adnn/ad/index.js";
import { flatten } from "../kernel.ts";
import { everyKernel } from "../peers/every-kernel.ts";
import { scalarKernels } from "../peers/scalar-kernels.ts";
import type { GradientKernel, GradientPeer } from "./peer.ts";

type Num = Node | number;

const { value } = ad;
const kernels = scalarKernels<Node>({
  ...ad.scalar,
  lt: (x, y) => value(x) < value(y),
  gt: (x, y) => value(x) > value(y),
  leq: (x, y) => value(x) <= value(y),
  geq: (x, y) => value(x) >= value(y),
});

/** The library's guide: inputs are lifted, the result goes back, derivatives are read from the inputs. */
function gradient(f: (inputs: Num[]) => Num): GradientKernel {
  return (args) => {
    const inputs = flatten(args).map((x) => ad.lift(x));
    const y = f(inputs) as Node;
    y.backprop();
    return [value(y), inputs.map(ad.derivative)];
  };
}

/** Functions on scalars that build a graph as they go. */
export const peer: GradientPeer = {
  name: "adnn",
  kernels: everyKernel(kernels, gradient),
};
