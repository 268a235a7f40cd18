/** Makes `count` calls and returns something that depends on all the results. */
export type Batch = (count: number) => number;

/** One thing to be timed: calls in this process, or a sample in nanoseconds a call from outside it. */
export type Candidate =
  | { readonly name: string; readonly batch: Batch }
  | { readonly name: string; readonly sample: () => number };

export interface Timing {
  /** Median nanoseconds a call. */
  readonly ns: number;
  /** This candidate's time by that of the plain function beside it. */
  readonly ratio: number;
}

export interface Effort {
  /** Processes for a kernel's plain, tangent and hand-written code. */
  readonly runs: number;
  /** Processes for its dual form, and for each peer. */
  readonly otherRuns: number;
  /** Rounds in each of them. */
  readonly rounds: number;
  /** How long one batch takes, in milliseconds. */
  readonly batchMs: number;
  /** How long each candidate runs before the first round, in milliseconds. */
  readonly warmUpMs: number;
  /**
   * The same of a dual form and of a peer. Code that calls a function for every operation is
   * optimised, found too narrow and optimised again for longer.
   */
  readonly otherWarmUpMs: number;
}

export const fullEffort: Effort = {
  runs: 5,
  otherRuns: 3,
  rounds: 9,
  batchMs: 5,
  warmUpMs: 150,
  otherWarmUpMs: 800,
};
export const quickEffort: Effort = {
  runs: 1,
  otherRuns: 1,
  rounds: 7,
  batchMs: 3,
  warmUpMs: 100,
  otherWarmUpMs: 100,
};

/** Takes the results of all batches, so that no optimiser may leave a call out. */
export let consumed = 0;

/**
 * Times candidates against a plain function in interleaved rounds. In every round each candidate
 * runs between two batches of the plain function, and its ratio is to their mean: what slows the
 * machine for a while slows both sides of the ratio.
 */
export function interleave(
  plain: Batch,
  candidates: readonly Candidate[],
  effort: Effort,
): { plain: number; timings: Map<string, Timing> } {
  const plainCount = warmUp(plain, effort);
  const samplers = candidates.map((candidate) => {
    if ("sample" in candidate) return candidate.sample;
    const count = warmUp(candidate.batch, effort);
    return () => time(candidate.batch, count);
  });
  const plainTimes: number[] = [];
  const times = candidates.map((): number[] => []);
  const ratios = candidates.map((): number[] => []);
  for (let round = 0; round < effort.rounds; round++) {
    let before = time(plain, plainCount);
    plainTimes.push(before);
    for (const [i, sample] of samplers.entries()) {
      const own = sample();
      const after = time(plain, plainCount);
      plainTimes.push(after);
      times[i].push(own);
      ratios[i].push(own / ((before + after) / 2));
      before = after;
    }
  }
  return {
    plain: median(plainTimes),
    timings: new Map(
      candidates.map(({ name }, i) => [name, { ns: median(times[i]), ratio: median(ratios[i]) }]),
    ),
  };
}

/**
 * Times the plain function, and only then makes the candidate and times it. For code that works on
 * objects of its own in the shapes of the plain function's: the engine, which keeps properties that
 * have only ever held numbers unboxed, would from then on run the plain function slower too.
 */
export async function oneAfterTheOther(
  plain: Batch,
  prepare: () => Promise<Batch>,
  effort: Effort,
): Promise<Timing> {
  const plainNs = alone(plain, effort);
  const ns = alone(await prepare(), { ...effort, warmUpMs: effort.otherWarmUpMs });
  return { ns, ratio: ns / plainNs };
}

function alone(batch: Batch, effort: Effort): number {
  const count = warmUp(batch, effort);
  return median(Array.from({ length: effort.rounds }, () => time(batch, count)));
}

/** Runs a batch until the optimiser is through with it; returns the count that fills a batch. */
function warmUp(batch: Batch, { warmUpMs, batchMs }: Effort): number {
  let spent = 0;
  let count = 1;
  let ns = 0;
  while (spent < warmUpMs * 1e6) {
    ns = time(batch, count);
    spent += ns * count;
    // Many short batches rather than few long ones: the loop itself must be optimised as well.
    if (ns * count < batchMs * 1e6) count *= 2;
  }
  return Math.max(1, Math.round((batchMs * 1e6) / ns));
}

/**
 * Nanoseconds a call: the lesser of wall-clock and processor time. The first is what counts; on a
 * busy machine it also counts what other processes did meanwhile, which the second leaves out.
 */
function time(batch: Batch, count: number): number {
  const processor = process.cpuUsage();
  const start = process.hrtime.bigint();
  consumed += batch(count);
  const wall = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(processor);
  return Math.min(wall, (user + system) * 1000) / count;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The medians of several measurements of one thing. */
export function middle(timings: readonly Timing[]): Timing {
  return {
    ns: median(timings.map(({ ns }) => ns)),
    ratio: median(timings.map(({ ratio }) => ratio)),
  };
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length);
}
