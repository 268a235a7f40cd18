/** Times several tasks beside each other. */

/** Milliseconds a task took. */
export interface Timing {
  median: number;
  fastest: number;
  slowest: number;
}

/**
 * Runs every task once in each round, beginning with another one each time, so that a busy moment
 * of the machine or a warm cache favours none of them. A first round, not counted, lets the
 * compiler settle.
 *
 * @param onRound called before each round with the share of the work that is done
 */
export function timeInterleaved(
  tasks: (() => unknown)[],
  rounds: number,
  onRound: (done: number) => void = () => {},
): Timing[] {
  const times: number[][] = tasks.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    onRound(round / (rounds + 1));
    for (const offset of tasks.keys()) {
      const index = (round + offset) % tasks.length;
      const start = performance.now();
      tasks[index]();
      const elapsed = performance.now() - start;
      if (round > 0) {
        times[index].push(elapsed);
      }
    }
  }
  return times.map(summary);
}

function summary(times: number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { median: at(0.5), fastest: at(0), slowest: at(1) };
}
