import { fullEffort, geometricMean, type Timing } from "./measure.ts";
import type { BenchmarkResult, BuildCost, KernelResult, PeerResult } from "./result.ts";
import { none, short, table } from "./table.ts";

type Timed = Extract<PeerResult, Timing>;

const ratio = (timing: Timing | undefined): string =>
  timing ? (timing.ratio < 10 ? timing.ratio.toFixed(2) : short(timing.ratio)) : none;
const isTimed = (peer: PeerResult): peer is Timed => "ns" in peer;
// Below this a peer computes what we compute; above it, in single precision.
const isExact = (peer: Timed): boolean => peer.error <= 1e-9;

/** The fastest peer with the right digits. */
function fastestPeer({ peers }: KernelResult): [name: string, peer: Timed] | undefined {
  const exact = Object.entries(peers).filter(
    (entry): entry is [string, Timed] => isTimed(entry[1]) && isExact(entry[1]),
  );
  return exact.sort(([, a], [, b]) => a.ratio - b.ratio)[0];
}

interface Mean {
  readonly what: string;
  readonly of: (kernel: KernelResult) => number | undefined;
}

const means: readonly Mean[] = [
  { what: "tangent form / plain", of: ({ tangent }) => tangent?.ratio },
  { what: "tangent form through jvp / plain", of: ({ jvp }) => jvp?.ratio },
  { what: "dual form / plain", of: ({ dual }) => dual.ratio },
  { what: "hand-written / plain", of: ({ hand }) => hand.ratio },
  {
    what: "tangent form / hand-written",
    of: ({ tangent, hand }) => quotient(tangent?.ratio, hand.ratio),
  },
  {
    what: "tangent form / C++ duals",
    of: ({ tangent, native }) => quotient(tangent?.ratio, native?.dual.ratio),
  },
  {
    what: "C++ duals / C++ plain",
    of: ({ native }) => quotient(native?.dual.ns, native?.plain.ns),
  },
  {
    what: "fastest peer / tangent form through jvp",
    of: (kernel) => quotient(fastestPeer(kernel)?.[1].ratio, kernel.jvp?.ratio),
  },
];

function quotient(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

function meansTable({ kernels }: BenchmarkResult): string {
  const rows = means.flatMap(({ what, of }) => {
    const values = kernels.flatMap((kernel) => {
      const value = of(kernel);
      return value === undefined ? [] : [{ value, name: kernel.name }];
    });
    if (values.length === 0) return [];
    values.sort((a, b) => a.value - b.value);
    const least = values[0];
    const most = values[values.length - 1];
    return [
      [
        what,
        geometricMean(values.map(({ value }) => value)).toFixed(2),
        `${least.value.toFixed(2)} (${least.name})`,
        `${most.value.toFixed(2)} (${most.name})`,
        String(values.length),
      ],
    ];
  });
  return table(["", "geometric mean", "least", "most", "kernels"], rows);
}

function formsTable({ kernels }: BenchmarkResult): string {
  return table(
    [
      "kernel",
      "plain, ns",
      "tangent form",
      "by jvp",
      "dual form",
      "by hand",
      "C++ duals",
      "C++ plain",
    ],
    kernels.map(({ title, plainNs, tangent, jvp, dual, hand, native }) => [
      title,
      short(plainNs),
      ratio(tangent),
      ratio(jvp),
      ratio(dual),
      ratio(hand),
      ratio(native?.dual),
      ratio(native?.plain),
    ]),
  );
}

function peersTable({ kernels }: BenchmarkResult): string {
  const names = Object.keys(kernels[0]?.peers ?? {});
  const rows = kernels.map((kernel) => [
    kernel.name,
    ratio(kernel.jvp),
    ...names.map((name) => {
      const peer = kernel.peers[name];
      if (!peer || !isTimed(peer)) return none;
      return isExact(peer) ? short(peer.ratio) : `${short(peer.ratio)} ≈`;
    }),
  ]);
  return table(["kernel", "jvp", ...names], rows);
}

function allocationTable({ kernels }: BenchmarkResult): string {
  if (!kernels.some(({ allocation }) => allocation)) return "";
  const bytes = (x: number | undefined) => (x === undefined ? none : x.toFixed(1));
  return table(
    ["kernel", "plain", "tangent form", "by hand", "jvp, with its lists"],
    kernels.flatMap(({ name, allocation }) =>
      allocation
        ? [
            [
              name,
              bytes(allocation.plain),
              bytes(allocation.tangent),
              bytes(allocation.hand),
              bytes(allocation.jvp),
            ],
          ]
        : [],
    ),
  );
}

function gaps({ kernels }: BenchmarkResult): string {
  const reasons = new Map<string, string[]>();
  const add = (line: string, kernel: string) =>
    reasons.set(line, [...(reasons.get(line) ?? []), kernel]);
  for (const { name, peers, fallback } of kernels) {
    if (fallback !== undefined) add(`no tangent form: ${fallback}`, name);
    for (const [peer, result] of Object.entries(peers)) {
      if (!isTimed(result)) add(`${peer}: ${result.none}`, name);
      else if (!isExact(result))
        add(`${peer}: right to ${result.error.toExponential(0)} only`, name);
    }
  }
  return [...reasons].map(([line, names]) => `- ${line} (${names.join(", ")})`).join("\n");
}

function overheadText({ overhead }: BenchmarkResult): string {
  if (!overhead) return "";
  const { tangentNs, jvpNs, derivativeNs } = overhead;
  const more = (ns: number) => `${(ns - tangentNs).toFixed(1)} ns`;
  return `On a function of two numbers whose tangent code takes ${tangentNs.toFixed(1)} ns, \`jvp\`
adds ${more(jvpNs)} and \`derivative\` ${more(derivativeNs)}.`;
}

function jacobianText({ jacobian }: BenchmarkResult): string {
  if (!jacobian) return "";
  const { inputs, jacobian: all, result, passes } = jacobian;
  return `\`jacobian\` of a function of ${inputs} numbers that gives as many allocates ${Math.round(all)} bytes a call:
${Math.round(result)} are the result, and ${Math.round(passes)} what ${inputs} calls of the tangent code itself allocate,
with the arrays that the function returns.`;
}

function buildTable({ build }: BenchmarkResult): string {
  return table(
    ["kernel", "time / preset-typescript", "all forms / source", "`adjoint`", "none of `forms`"],
    build.map(({ name, ...of }) => [
      name,
      ...[of.time, of.size, of.withAdjoint, of.forward].map((x) => x.toFixed(1)),
    ]),
  );
}

function buildText({ build }: BenchmarkResult): string {
  type Measured = Exclude<keyof BuildCost, "name">;
  const mean = (of: Measured) => geometricMean(build.map((b) => b[of])).toFixed(1);
  const most = (of: Measured) => Math.max(...build.map((b) => b[of])).toFixed(1);
  return `To transform a file takes ${mean("time")} times as long as with preset-typescript alone (at most ${most("time")}), and
all forms together are ${mean("size")} times as large as the source (at most ${most("size")}); ${mean("withAdjoint")} times with
\`{ "forms": ["adjoint"] }\`, and ${mean("forward")} times with \`{ "forms": [] }\`, the dual and the tangent form alone.`;
}

/** For the terminal. */
export function summary(result: BenchmarkResult): string {
  return [
    formsTable(result),
    peersTable(result),
    gaps(result),
    allocationTable(result),
    meansTable(result),
    overheadText(result),
    jacobianText(result),
    buildText(result),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The page docs/performance.md. */
export function documentation(result: BenchmarkResult): string {
  const { processor, cores, system, node, native } = result.machine;
  const quick =
    result.effort === "quick"
      ? "\nThis page shows a run with `--quick`: fewer rounds, so the figures swing more.\n"
      : "";
  return `# Performance

<!-- Written by \`npm run bench -- --write-docs\`. Change packages/bench/src/report.ts instead. -->

How long a derivative takes, as a multiple of the function it is the derivative of. The functions
are fourteen kernels in styles that people write, in \`packages/bench/src/kernels\`; each is marked
with \`"use dual"\` and otherwise left alone.
${quick}
## In short

${meansTable(result)}

${overheadText(result)}

## Every kernel

Plain is the marked function itself, called as ever. The other columns are multiples of it: value
and one directional derivative together. **Tangent form** is the code that the plugin emits, called
as other tangent code calls it; **by jvp** is the same through \`jvp\`, with the lists that a user
gives it. The **dual form** is what a function gets where the analysis finds no tangent form; it is
forced here, through \`jvp\` as well. **By hand** is tangent code written by a person
(\`packages/bench/src/hand\`). **C++ duals** are the same kernels as C++ templates on a struct of
value and tangent with operators (\`packages/bench/native\`); C++ plain is the template on double.

${formsTable(result)}

## Other libraries

The same multiples. Each library gets the kernel in the idiom that its own documentation shows, or
in the faster one where it shows two. A dash says that it cannot express the kernel; ≈ that its
result is right in single precision only, which keeps it out of the means.

${peersTable(result)}

Why a cell is empty or inexact:

${gaps(result)}

## Allocation

Bytes a call, on the kernels whose plain function works on numbers and typed arrays only. Numbers
that a function passes to one that was not inlined are boxed by the engine, 16 bytes each, in plain
and tangent code alike: that is what is left in the columns of plain and hand-written code. \`jvp\`
allocates the lists that it is given and the one that it returns.

${allocationTable(result)}

${jacobianText(result)}

## What it costs a build

The plugin alone against \`@babel/preset-typescript\` alone, on the files of the kernels: both parse,
transform and print the file, the plugin with all its forms. Sizes are of text that is
minified and gzipped; what counts is what the plugin adds.

${buildText(result)}

${buildTable(result)}

A file without \`"use dual"\` or an import of \`dualize\` is not looked at.

## What slows tangent code

V8 copies functions into their callers up to about 900 bytes of bytecode, each of them up to 460, and
tangent code is two to three times as long as the code it is made from. Where the plain function just
fits and the tangent code does not, objects that the plain one never allocates are allocated, and
numbers that it passes along are boxed. So small functions of the same file are written where tangent
code calls them, larger ones where loops do; functions of other files are left to the engine. For the
same reason what a loop does not change is computed before it: the engine gives up looking for that in
loops of a certain size.

The second cause is class fields: under \`useDefineForClassFields\` a field starts as undefined, and
from then on never holds an unboxed number. The plain function does not notice while its objects are
not allocated; the hand-written \`vec3\` takes 4.6 times the plain function with such fields, and 2.1
times with fields that are only declared.

## Method

- Before anything is timed, all forms are compared. Values of both our forms are bit for bit those
  of the plain function; their tangents agree with each other to 2 ulp and with the hand-written
  tangent to 1e-12. Hand-written tangents are tested against central differences. C++ agrees to
  1e-12, and libraries to 1e-9 or they are marked.
- Plain, tangent and hand-written code and C++ are timed in turn in one process. Each warms up for
  ${fullEffort.warmUpMs} ms. Then there are ${fullEffort.rounds} rounds; in each, every candidate runs
  a batch of ${fullEffort.batchMs} ms between two batches of the plain function, and its figure is
  the ratio to their mean: what slows the machine for a while slows both. A batch's time is the
  lesser of wall-clock and processor time, so that other processes do not count.
- The dual form and the libraries have processes of their own, in which the plain function is timed
  before they are, and warm up for ${fullEffort.otherWarmUpMs} ms: code that calls a function for every
  operation takes longer to be optimised. They keep objects in properties where the plain function keeps numbers, and the
  engine stores all objects of one shape alike, so that after them the plain function would be
  slower than it is.
- The former is done in ${fullEffort.runs} fresh processes and the latter in ${fullEffort.otherRuns}
  each, and the tables show medians: where code and arrays come to lie in memory changes tight loops
  by a factor of two. The optimising
  compiler runs in the foreground (\`--no-concurrent-recompilation\`), which changes when code is
  optimised and not what it becomes.
- Batches are loops compiled for one function alone. The first number among the arguments differs a
  little from call to call, and results are added up, so that no call can be moved out of its loop
  or left out.
- What a library does once (tracing, compiling, deriving a formula) is not timed. Arguments are
  given as numbers and arrays, and results taken back as such, since that is what a program has.
- C++ is timed inside its own process with the same arguments, in turn with the other candidates.
- Heap growth is measured over 1e5 calls in a process whose young generation holds all of it.

Measured on ${processor}, ${cores} cores, ${system}, Node.js ${node}; C++: ${native}.
`;
}
