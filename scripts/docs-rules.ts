// Writes docs/rules.md from the table of rules: npm run docs:rules
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Ops, type Rule, rules } from "dualize/rules";

/** A piece of text with the precedence of its outermost operator. */
interface Text {
  readonly text: string;
  readonly level: number;
}
const CONDITION = 0;
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const ATOM = 4;

const constants = new Map([
  [Math.LOG2E, "LOG2E"],
  [Math.LOG10E, "LOG10E"],
]);

const atom = (text: string): Text => ({ text, level: ATOM });
const piece = (x: Text | number): Text => {
  if (typeof x !== "number") return x;
  return { text: constants.get(x) ?? String(x).replace("e+", "e"), level: x < 0 ? PRODUCT : ATOM };
};
/** Text in a place where only operators of at least this precedence need no parentheses. */
const within = (level: number, x: Text | number): string => {
  const p = piece(x);
  return p.level < level ? `(${p.text})` : p.text;
};
const operator = (sign: string, level: number) => (a: Text | number, b: Text | number) => ({
  text: `${within(level, a)} ${sign} ${within(level + 1, b)}`,
  level,
});
const call = (name: string, x: Text | number): Text => atom(`${name}(${piece(x).text})`);

/** The rules' algebra over text: a partial becomes the formula that computes it. */
const textOps: Ops<Text> = {
  add: operator("+", SUM),
  sub: operator("-", SUM),
  mul: operator("*", PRODUCT),
  div: operator("/", PRODUCT),
  neg: (a) => ({ text: `-${within(PRODUCT, a)}`, level: SUM }),
  strong: operator("·", PRODUCT),
  atLeast: (a, b, then, otherwise) => ({
    text: `${piece(a).text} >= ${piece(b).text} ? ${piece(then()).text} : ${piece(otherwise()).text}`,
    level: CONDITION,
  }),
  once: (value, use) => use(value),
  pow: (x, y) => ({ text: `${within(ATOM, x)} ** ${within(POWER, y)}`, level: POWER }),
  call,
  abs: (x) => call("abs", x),
};

const [x, y, r] = [atom("x"), atom("y"), atom("r")];
const code = (partial: Text | number): string => `\`${piece(partial).text}\``;

/** The arguments and the tangent of a rule, as two cells. */
function cells(name: string, rule: Rule): [call: string, tangent: string] {
  switch (rule.kind) {
    case "unary":
      return [`${name}(x)`, `${code(rule.partial(textOps, x, r))} · dx`];
    case "binary": {
      const [byX, byY] = rule.partials;
      return [
        `${name}(x, y)`,
        `${code(byX(textOps, x, y, r))} · dx + ${code(byY(textOps, x, y, r))} · dy`,
      ];
    }
    case "own":
      return [`${name}(${rule.primal.length === 1 ? "x" : "…"})`, rule.text];
    default:
      return [`${name}(${"xy".slice(0, rule.primal.length).split("").join(", ")})`, "0"];
  }
}

const row = (...cells: string[]): string =>
  `| ${cells.map((c) => c.replaceAll("|", "\\|")).join(" | ")} |`;

/** The page, as it should be checked in. */
export function rulesPage(): string {
  const functions = Object.entries(rules)
    // Not in every engine, and the page is the same wherever it is made.
    .filter(([name]) => name !== "f16round")
    .map(([name, rule]) => {
      const [call, tangent] = cells(name, rule);
      return row(`\`Math.${call}\``, tangent);
    });
  return `<!-- Made from packages/dualize/src/rules.ts by \`npm run docs:rules\`. Do not edit. -->

# Rules

What dualize takes for the derivative of every function of \`Math\` and every operator. \`x\` and \`y\` are
the arguments, \`dx\` and \`dy\` their tangents, \`r\` is the value, which is always computed by the very
operation that was written: values inside a derivative are those of the ordinary call, to the bit.

A factor times a tangent (\`·\`) is a *strong* product: it is 0 where the tangent is 0, also where the
factor is infinite or NaN. \`sqrt\` at 0 has an infinite slope, but no derivative in a direction that
does not move it. This is decided on every level of nested derivatives by itself, so that no higher
derivative is lost: the second derivative of \`x ** 2\`, of \`x * x\` and of \`Math.abs(x) ** 2\` at 0 is 2.

The formulas are chosen so that no digits cancel: first derivatives are within 4 ulp and second
derivatives within 8 ulp of the exact ones wherever the problem is well conditioned. The tests compare
each rule with references of 50 digits.

## Functions of Math

| function | tangent |
|---|---|
${functions.join("\n")}

\`Math.f16round\`, where the engine has it, lets the tangent pass as \`Math.fround\` does.

## Operators

| operator | tangent |
|---|---|
${row("`x + y`", "dx + dy")}
${row("`x - y`", "dx - dy")}
${row("`x * y`", "`y` · dx + `x` · dy")}
${row("`x / y`", "(dx - `r` · dy) / `y`; 0 where the numerator is 0")}
${row("`x % y`", "dx - `n` · dy, where `n` is how often `y` goes into `x`: `trunc(x / y)` without the rounding of the quotient")}
${row("`x ** y`", "as `Math.pow`")}
${row("`-x`, `+x`, `++`, `--`", "-dx, dx")}
${row("`& | ^ ~ << >> >>>`", "0")}
${row("`== != === !== < > <= >= !`, conditions", "see the value only, so that the path taken is the ordinary one")}

## At the edges

| where | derivative |
|---|---|
${row("`sqrt`, `cbrt` at 0", "Infinity")}
${row("`log`, `log2`, `log10` at 0, `log1p` at -1", "Infinity")}
${row("`asin`, `atanh` at ±1, `acosh` at 1", "Infinity")}
${row("`acos` at ±1", "-Infinity")}
${row("outside the domain", "NaN, as the value; so are all higher derivatives")}
${row("`x ** y` by `x`, at `y = 0`", "0, also at `x = 0`")}
${row("`x ** y` by `y`, at `x = 0`", "0 for `y > 0`, -Infinity for `y <= 0`")}
${row("`x ** y` by `y`, for `x < 0`", "NaN, if `y` moves at all")}
${row("`abs` at 0", "0")}
${row("`max`, `min` where arguments tie", "shared equally among those that tie")}
${row("`max`, `min` with a NaN", "NaN")}
${row("`hypot` at the origin", "0; elsewhere no overflow or underflow on the way")}
${row("`atan2(0, 0)`", "NaN; elsewhere no overflow or underflow on the way")}
${row("jumps of `floor`, `ceil`, `round`, `trunc`, `sign`", "0, as beside them")}

## Known weaknesses

- By \`x\`, the exponent \`y - 1\` of \`x ** y\` is rounded where it has more digits than \`y\`, as for most
  \`|y| < 1/2\`. That costs up to \`|log(x)| / 2\` more ulp: 5 ulp for \`x ** 1e-8\` at a million.
- At the kink of \`abs\`, a derivative inside another takes the side that the outer one moves to, and at the
  origin of \`hypot\` the direction. The value there is that slope, and not the 0 of the derivative alone; this
  is what makes the second derivatives of \`Math.abs(x) ** 2\` and of \`Math.hypot(x, y) ** 2\` come out as 2.
  An outer reverse mode moves in no one direction: at that point, a gradient of something made of a gradient
  of \`hypot\` takes it for 0. Write \`x * x + y * y\` there.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../docs/rules.md", import.meta.url), rulesPage());
}
