/** The same error in the arrays of jax-js, which it differentiates by tracing; for comparison. */
import type { Network, Sample } from "./network.ts";
import type { Objective } from "./objective.ts";
import { numbers, zip } from "./parameters.ts";

// The library names Float16Array when it loads, which older versions of Node do not have.
Object.assign(globalThis, {
  Float16Array: (globalThis as { Float16Array?: unknown }).Float16Array ?? class {},
});
const jax = await import("@jax-js/jax");
await jax.init("cpu", "wasm");
jax.defaultDevice("wasm");
const { jit, nn, numpy: np, valueAndGrad } = jax;
type Array = ReturnType<typeof np.array>;

const array = (xs: number[]): Array => np.array(Float64Array.from(xs), { dtype: np.float64 });

/**
 * The error on these samples and its gradient, compiled once. A network travels as one vector, since
 * every array that crosses to the library costs as much as the arithmetic. The arrays are of double
 * precision; `tanh` and `exp` are good to single.
 */
export function jaxValueAndGradient(
  shape: Network,
  samples: Sample[],
  penalty: number,
): Objective["valueAndGradient"] {
  const sizes = { units: shape.hidden.biases.length, species: shape.output.biases.length };
  const error = (network: Array) => errorOf(network, sizes, samples, penalty);
  const run = jit((network: Array) => {
    const [value, gradient] = valueAndGrad(error)(network);
    return np.concatenate([value.reshape([1]), gradient]);
  });
  return (at) => {
    const [value, ...gradient] = run(array(numbers(at))).dataSync();
    return [value, like(shape, gradient)];
  };
}

function like(shape: Network, values: number[]): Network {
  let at = 0;
  return zip(() => values[at++], shape);
}

function errorOf(
  network: Array,
  { units, species }: { units: number; species: number },
  samples: Sample[],
  penalty: number,
): Array {
  const inputs = samples[0].features.length;
  let at = 0;
  const take = (rows: number, columns: number) => {
    const part = network.ref.slice([at, at + rows * columns]);
    at += rows * columns;
    return part.reshape([rows, columns]);
  };
  const hidden = { weights: take(units, inputs), biases: take(1, units) };
  const output = { weights: take(species, units), biases: take(1, species) };
  network.dispose();
  const features = array(samples.flatMap((sample) => sample.features));
  const labels = array(
    samples.flatMap(({ label }) =>
      Array.from({ length: species }, (_, k) => (k === label ? 1 : 0)),
    ),
  );
  const x = features.reshape([samples.length, inputs]);
  const between = np.tanh(np.matmul(x, np.transpose(hidden.weights.ref)).add(hidden.biases));
  const scores = np.matmul(between, np.transpose(output.weights.ref)).add(output.biases);
  const chosen = np.sum(scores.ref.mul(labels.reshape([samples.length, species])), 1);
  const loss = np.mean(nn.logsumexp(scores, 1).sub(chosen));
  const squares = np.sum(np.square(hidden.weights)).add(np.sum(np.square(output.weights)));
  return loss.add(squares.mul(np.array(penalty, { dtype: np.float64 })));
}
