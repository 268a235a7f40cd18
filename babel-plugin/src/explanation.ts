import type { FunctionReport, ModuleReport } from "./pipeline.ts";

/** A report as text: each marked function, the form it got, the reasons for a fallback, the notes. */
export function explanation(report: ModuleReport): string {
  const { file, functions, diagnostics } = report;
  const lines = functions.flatMap((f) => [
    `${place(file, f)}  ${f.name}: ${f.form} form${f.adjoint ? ", adjoint form" : ""}`,
    ...f.reasons.map((r) => `    ${place(file, r)}  ${r.message}`),
    ...(f.adjointReason
      ? [`    ${place(file, f.adjointReason)}  no adjoint form: ${f.adjointReason.message}`]
      : []),
  ]);
  const notes = diagnostics.map((d) => `${place(file, d)}  ${d.code}: ${d.message}`);
  return [...lines, ...notes].join("\n");
}

type Place = Pick<FunctionReport, "line" | "column">;

const place = (file: string, { line, column }: Place): string =>
  line === undefined ? file : `${file}:${line}:${column}`;
