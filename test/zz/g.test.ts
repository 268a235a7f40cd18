import { it } from "vitest";
import { compile } from "../../babel-plugin/src/compile.ts";
it("x", async () => {
  const r = await (compile as any)(`export async function f(x) { "use dual"; const obj = { [Symbol.asyncIterator]() { return { next() { return x; } }; } }; async function* g() { yield* obj; } let r = 0; try { for await (const v of g()) { r += v; } return 1; } catch (e) { return e instanceof TypeError ? x * x : 2; } }`, "a.js");
  console.log(r.code ?? r);
});
