/** A table in Markdown, its first column to the left and the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = line(head.map((_, i) => (i === 0 ? "---" : "---:")));
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** In the place of what there is not. */
export const none = "–";

/** Three digits are more than the machine keeps steady. */
export const short = (x: number): string =>
  x < 10 ? x.toFixed(1) : String(Number(x.toPrecision(3)));
