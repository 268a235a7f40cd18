import { loadCompanion } from "./companion.ts";

/**
 * `node --import dualize/register main.ts` runs TypeScript and JavaScript with marked functions,
 * without a build.
 */
await loadCompanion("unplugin-dualize/register", "dualize/register");
