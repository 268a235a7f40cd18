// Times the calls of one bundle without and with the plugin: node time.mjs PLAIN MARKED
const [, , plainFile, markedFile] = process.argv;
const { calls: plain } = await import(plainFile);
const { calls: marked, jvp } = await import(markedFile);

const along = (x) => {
  if (typeof x === "number") return 0.5;
  if (Array.isArray(x)) return x.map(along);
  return typeof x === "object" && x !== null
    ? Object.fromEntries(Object.entries(x).map(([key, value]) => [key, along(value)]))
    : null;
};

/** The least time of a call, in nanoseconds, over rounds of some milliseconds. */
function timed(f) {
  let count = 1;
  const round = () => {
    const began = performance.now();
    for (let i = 0; i < count; i++) f();
    return performance.now() - began;
  };
  const warm = performance.now() + 200;
  while (performance.now() < warm) round();
  while (round() < 4) count *= 2;
  return { least: Number.POSITIVE_INFINITY, round: () => (round() / count) * 1e6 };
}

const results = {};
for (const [name, [f, args]] of Object.entries(plain)) {
  const [g] = marked[name];
  const tangents = args.map(along);
  const both = [timed(() => f(...args)), timed(() => jvp(g, args, tangents))];
  for (let i = 0; i < 15; i++) for (const one of both) one.least = Math.min(one.least, one.round());
  results[name] = both.map(({ least }) => least);
}
process.send(results);
