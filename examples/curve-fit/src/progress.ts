/** Progress on standard error, so that the report on standard output stays clean. */

/** Announces a stage of the work and, with `share`, how much of it is done (0 to 1). */
export type Progress = (stage: string, share?: number) => void;

/** Rewrites one line on a terminal, wiped by `done`; elsewhere prints each stage once. */
export function stderrProgress(stream = process.stderr): { progress: Progress; done: () => void } {
  let stage = "";
  const progress: Progress = (next, share) => {
    if (stream.isTTY) {
      const percent = share === undefined ? "" : ` ${Math.round(100 * share)} %`;
      stream.write(`\r\u001B[K${next}${percent} ...`);
    } else if (next !== stage) {
      stream.write(`${next} ...\n`);
    }
    stage = next;
  };
  const done = () => {
    if (stream.isTTY) {
      stream.write("\r\u001B[K");
    }
  };
  return { progress, done };
}
