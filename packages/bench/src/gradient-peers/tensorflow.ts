import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
// What the whole package registers; it brings the other backends along.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { flatten } from "../kernel.ts";
import { kernel as cubicSpline } from "../kernels/cubic-spline.ts";
import { kernel as functional } from "../kernels/functional.ts";
import { kernel as mixture } from "../kernels/gaussian-mixture.ts";
import type { Body } from "../kernels/n-body.ts";
import { kernel as network } from "../kernels/neural-network.ts";
import { scalarKernels } from "../peers/scalar-kernels.ts";
import type { GradientKernel, GradientPeer } from "./peer.ts";

// In Node without native parts the library's guide takes this backend, and this mode for speed.
tf.enableProdMode();
await tf.setBackend("cpu");

type Tensor = tf.Tensor;
type Num = Tensor | number;

const value = (x: Num): number => (typeof x === "number" ? x : x.dataSync()[0]);

const scalars = scalarKernels<Tensor>({
  ...tf,
  lt: (x, y) => value(x) < value(y),
  gt: (x, y) => value(x) > value(y),
  leq: (x, y) => value(x) <= value(y),
  geq: (x, y) => value(x) >= value(y),
});

/** The gradient as the library's guide takes it: a function of tensors, its value a scalar. */
function gradient(
  f: (...tensors: Tensor[]) => Tensor,
  // biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
  arrange: (args: any) => unknown[] = (args) => args,
): () => GradientKernel {
  return () => {
    const both = tf.valueAndGrads(f as (...tensors: Tensor[]) => tf.Scalar);
    return (args) =>
      tf.tidy(() => {
        const { value, grads } = both(arrange(args).map((x) => tf.tensor(x as number[])));
        return [value.dataSync()[0], grads.map((g) => g.dataSync())] as const;
      }) as unknown as readonly [number, unknown];
  };
}

const onScalars = (f: (inputs: Num[]) => Num): (() => GradientKernel) =>
  gradient((...inputs) => f(inputs) as Tensor, flatten);

function rosenbrock(x: Tensor): Tensor {
  const n = x.size - 1;
  const here = x.slice(0, n);
  const a = tf.sub(1, here);
  const b = x.slice(1, n).sub(here.square());
  return a.square().add(b.square().mul(100)).sum();
}

function gaussianMixture(weights: Tensor, means: Tensor, sigmas: Tensor): Tensor {
  const observations = mixture.constants?.[0] as number[];
  const z = tf.tensor(observations, [observations.length, 1]).sub(means).div(sigmas);
  const logs = weights.log().sub(sigmas.log()).sub(z.square().mul(0.5));
  return logs
    .logSumExp(1)
    .sum()
    .sub(0.5 * observations.length * Math.log(2 * Math.PI));
}

function nBody(start: Tensor, startVelocity: Tensor, mass: Tensor, dt: Tensor): Tensor {
  const n = mass.size;
  const apart = (position: Tensor): [difference: Tensor, distance2: Tensor] => {
    const difference = position.expandDims(1).sub(position.expandDims(0));
    return [difference, difference.square().sum(2).add(tf.eye(n))];
  };
  let position = start;
  let velocity = startVelocity;
  for (let step = 0; step < 10; step++) {
    const [difference, distance2] = apart(position);
    const pull = mass.div(distance2.mul(distance2.sqrt()));
    const change = difference.mul(pull.expandDims(2)).sum(1);
    velocity = velocity.sub(change.mul(dt));
    position = position.add(velocity.mul(dt));
  }
  const kinetic = velocity.square().sum(1).mul(mass).sum().mul(0.5);
  const pairs = tf.outerProduct(mass as tf.Tensor1D, mass as tf.Tensor1D);
  const [, distance2] = apart(position);
  const above = tf.linalg.bandPart(tf.ones([n, n]), 0, -1).sub(tf.eye(n));
  return kinetic.sub(pairs.div(distance2.sqrt()).mul(above).sum());
}

function nBodyGradient(): GradientKernel {
  const run = gradient(nBody, ([bodies, dt]: [Body[], number]) => [
    bodies.map(({ x, y, z }) => [x, y, z]),
    bodies.map(({ vx, vy, vz }) => [vx, vy, vz]),
    bodies.map(({ mass }) => mass),
    dt,
  ])();
  return (args: [Body[], number]) => {
    const [value, [p, v, m, dt]] = run(args) as [number, Float32Array[]];
    const bodies = args[0].map((_, i) => {
      const [x, y, z] = p.subarray(3 * i);
      const [vx, vy, vz] = v.subarray(3 * i);
      return { x, y, z, vx, vy, vz, mass: m[i] };
    });
    return [value, [bodies, dt[0]]];
  };
}

function orbitEnergy(start: Tensor, startVelocity: Tensor, sun: Tensor): Tensor {
  const dt = 0.02;
  let position = start;
  let velocity = startVelocity;
  for (let step = 0; step < 25; step++) {
    const r = position.norm();
    const pull = position.mul(sun.neg().div(r.mul(r).mul(r)));
    velocity = velocity.add(pull.mul(dt));
    position = position.add(velocity.mul(dt));
  }
  return velocity.square().sum().div(2).sub(sun.div(position.norm()));
}

function ridgeLoss(coefficients: Tensor, ridge: Tensor): Tensor {
  const [xs, ys] = functional.constants as [number[], number[]];
  const n = coefficients.size;
  const powers = tf.tensor2d(xs.map((x) => Array.from({ length: n }, (_, i) => x ** (n - 1 - i))));
  const model = powers.matMul(coefficients.reshape([n, 1])).reshape([xs.length]);
  const error = model.sub(tf.tensor1d(ys)).square().mean();
  return error.add(ridge.mul(coefficients.square().sum()));
}

function toneCurve(exposure: Tensor, contrast: Tensor, middle: Tensor, toe: Tensor): Tensor {
  const luminance = tf.range(0, 33).div(32);
  const exposed = luminance.mul(tf.pow(2, exposure));
  const curve = contrast.mul(exposed.sub(middle)).sigmoid();
  const t = luminance.sub(toe).div(tf.sub(1, toe)).clipByValue(0, 1);
  const smooth = t.square().mul(tf.sub(3, t.mul(2)));
  const blended = exposed.add(curve.sub(exposed).mul(smooth));
  return blended.clipByValue(0, 1).sub(luminance.sqrt()).square().mean();
}

function networkError(hidden: Tensor, biases: Tensor, output: Tensor, bias: Tensor): Tensor {
  const [inputs, targets] = network.constants as [number[][], number[]];
  const activation = tf.tensor2d(inputs).matMul(hidden.transpose()).add(biases).tanh();
  const prediction = activation.matMul(output.reshape([output.size, 1])).reshape([inputs.length]);
  return prediction.add(bias).sub(tf.tensor1d(targets)).square().mean();
}

function resample(ys: Tensor, bends: Tensor, shift: Tensor, stretch: Tensor): Tensor {
  const places = cubicSpline.constants?.[0] as Float64Array;
  const n = places.length;
  const knots = tf.tensor1d([...places]);
  const x = shift.add(stretch.mul(tf.range(0, 40))).clipByValue(places[0], places[n - 1]);
  const inside = places.subarray(1, n - 1);
  const found = Array.from(x.dataSync(), (x) => inside.filter((knot) => x >= knot).length);
  const i = tf.tensor1d(found, "int32");
  const next = tf.tensor1d(
    found.map((k) => k + 1),
    "int32",
  );
  const low = knots.gather(i);
  const high = knots.gather(next);
  const h = high.sub(low);
  const a = high.sub(x).div(h);
  const b = x.sub(low).div(h);
  const bend = (w: Tensor, m: Tensor) => w.mul(w).mul(w).sub(w).mul(m);
  const bent = bend(a, bends.gather(i)).add(bend(b, bends.gather(next)));
  const y = a
    .mul(ys.gather(i))
    .add(b.mul(ys.gather(next)))
    .add(bent.mul(h.square()).div(6));
  return y.square().sum();
}

/** Arrays in single precision; operations run as they are called, and are kept for the way back. */
export const peer: GradientPeer = {
  name: "TensorFlow.js",
  kernels: {
    "lotka-volterra": onScalars(scalars.lotkaVolterra),
    rosenbrock: gradient(rosenbrock, ([x]: [Float64Array]) => [[...x]]),
    "black-scholes": onScalars(scalars.blackScholes),
    "gaussian-mixture": gradient(gaussianMixture),
    "n-body": nBodyGradient,
    vec3: gradient(orbitEnergy, ([x, y, z, vx, vy, vz, sun]: number[]) => [
      [x, y, z],
      [vx, vy, vz],
      sun,
    ]),
    functional: gradient(ridgeLoss),
    imported: gradient(toneCurve),
    recursion: "its tolerance is below single precision",
    "ray-march": onScalars(scalars.rayMarch),
    "neural-network": gradient(networkError),
    "cubic-spline": gradient(resample, ([ys, bends, ...more]: [Float64Array, Float64Array]) => [
      [...ys],
      [...bends],
      ...more,
    ]),
    newton: "its tolerance is below single precision",
  },
};
