/** What changed in a text, line by line, with two lines around each change. */
export function diff(file: string, before: string, after: string): string {
  const rows = rowsOf(before.split("\n"), after.split("\n"));
  const isChange = (row: string) => !row.startsWith(" ");
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - 2), i + 3).some(isChange));
  const shown = rows.flatMap((row, i) => (near[i] ? [row] : near[i - 1] ? ["  …"] : []));
  return [`--- ${file}`, `+++ ${file}`, ...shown].join("\n");
}

function rowsOf(old: readonly string[], now: readonly string[]): string[] {
  const kept = commonLines(old, now);
  const rows: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && old[i] === now[j]) {
      rows.push(`  ${old[i++]}`);
      j++;
    } else if (j === now.length || (i < old.length && kept(i + 1, j) >= kept(i, j + 1)))
      rows.push(`- ${old[i++]}`);
    else rows.push(`+ ${now[j++]}`);
  }
  return rows;
}

/** How many lines, at most, can stay as they are from line `i` of one text and line `j` of another on. */
function commonLines(
  old: readonly string[],
  now: readonly string[],
): (i: number, j: number) => number {
  const width = now.length + 1;
  const most = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const below = (i + 1) * width + j;
      const isSame = old[i] === now[j];
      most[i * width + j] = isSame
        ? (most[below + 1] as number) + 1
        : Math.max(most[below] as number, most[i * width + j + 1] as number);
    }
  }
  return (i, j) => most[i * width + j] as number;
}
