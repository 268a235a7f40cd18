import type {
  GradientForm,
  GradientKernelResult,
  GradientPeerResult,
  GradientsResult,
} from "./gradient-result.ts";
import { geometricMean, type Timing } from "./measure.ts";
import { none, short, table } from "./table.ts";

type Timed = Extract<GradientPeerResult, Timing>;

const isTimed = (peer: GradientPeerResult): peer is Timed => "ns" in peer;
// Below this a peer computes what we compute; above it, in single precision.
const isExact = ({ error }: Timed): boolean => error <= 1e-9;

const two = (x: number | undefined): string =>
  x === undefined ? none : x < 10 ? x.toFixed(2) : short(x);

const ratio = (kernel: GradientKernelResult, form: GradientForm): number | undefined =>
  kernel.timings[form]?.ratio;

const quotient = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;

interface Column {
  readonly head: string;
  readonly of: (kernel: GradientKernelResult) => number | undefined;
}

const plainly = (head: string, form: GradientForm): Column => ({
  head,
  of: (kernel) => ratio(kernel, form),
});

const gradients: readonly Column[] = [
  plainly("adjoint code", "adjoint code"),
  plainly("value and gradient", "value and gradient"),
  plainly("by all arguments", "by all arguments"),
  plainly("by hand", "by hand"),
  {
    head: "adjoint code / by hand",
    of: (kernel) => quotient(ratio(kernel, "adjoint code"), ratio(kernel, "by hand")),
  },
  plainly("ADOL-C", "ADOL-C"),
  plainly("C++ by hand", "C++ by hand"),
];

const seconds: readonly Column[] = [
  plainly("H·v", "H·v"),
  {
    head: "Hessian / (n · H·v)",
    of: ({ timings, inputs }) => {
      const all = quotient(timings.Hessian?.ns, timings.H·v?.ns);
      return quotient(all, inputs);
    },
  },
];

function columnsTable(
  kernels: readonly GradientKernelResult[],
  columns: readonly Column[],
  more: { readonly head: string; readonly of: (kernel: GradientKernelResult) => string }[],
): string {
  const rows = kernels.map((kernel) => [
    kernel.name,
    ...more.map(({ of }) => of(kernel)),
    ...columns.map(({ of }) => two(of(kernel))),
  ]);
  const mean = ({ of }: Column): string => {
    const values = kernels.map(of).filter((x) => x !== undefined);
    return values.length === 0 ? none : two(geometricMean(values));
  };
  return table(
    ["kernel", ...more.map(({ head }) => head), ...columns.map(({ head }) => head)],
    [...rows, ["geometric mean", ...more.map(() => ""), ...columns.map(mean)]],
  );
}

function peersTable(kernels: readonly GradientKernelResult[]): string {
  const names = Object.keys(kernels[0]?.peers ?? {});
  if (names.length === 0) return "";
  const ours = (kernel: GradientKernelResult) => ratio(kernel, "by all arguments");
  const rows = kernels.map((kernel) => [
    kernel.name,
    two(ours(kernel)),
    ...names.map((name) => {
      const peer = kernel.peers[name];
      if (!isTimed(peer)) return none;
      return isExact(peer) ? short(peer.ratio) : `${short(peer.ratio)} ≈`;
    }),
  ]);
  // On the kernels that each can express.
  const ahead = names.map((name) => {
    const found = kernels.flatMap((kernel) => {
      const peer = kernel.peers[name];
      const times = isTimed(peer) ? quotient(peer.ratio, ours(kernel)) : undefined;
      return times === undefined ? [] : [times];
    });
    return found.length === 0 ? none : short(geometricMean(found));
  });
  return table(
    ["kernel", "by all arguments", ...names],
    [...rows, ["geometric mean of it / ours", "", ...ahead]],
  );
}

function gaps(kernels: readonly GradientKernelResult[]): string {
  const reasons = new Map<string, string[]>();
  for (const { name, peers } of kernels) {
    for (const [peer, result] of Object.entries(peers)) {
      if (isTimed(result) && isExact(result)) continue;
      const why = isTimed(result) ? "right in single precision only, ≈" : result.none;
      const line = `${peer}: ${why}`;
      reasons.set(line, [...(reasons.get(line) ?? []), name]);
    }
  }
  if (reasons.size === 0) return "";
  const lines = [...reasons].map(([line, names]) => `- ${line} (${names.join(", ")})`);
  return [...lines, "- gradient-script: not on npm"].join("\n");
}

function sizesTable({ sizes }: GradientsResult): string {
  if (sizes.length === 0) return "";
  return table(
    ["Rosenbrock, n", "adjoint code", "value and gradient", "tape, bytes an element"],
    sizes.map(({ n, code, call, tapeBytes }) => [
      String(n),
      two(code.ratio),
      two(call.ratio),
      (tapeBytes / n).toFixed(1),
    ]),
  );
}

/** The tables of a run, in Markdown. */
export function gradientTables(result: GradientsResult): string {
  const { kernels, native } = result;
  return [
    columnsTable(kernels, gradients, [
      { head: "plain, ns", of: ({ plainNs }) => short(plainNs) },
      { head: "tape, bytes", of: ({ tapeBytes }) => String(tapeBytes) },
    ]),
    `C++: ${native}.`,
    columnsTable(kernels, seconds, [{ head: "n", of: ({ inputs }) => String(inputs) }]),
    sizesTable(result),
    peersTable(kernels),
    gaps(kernels),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
