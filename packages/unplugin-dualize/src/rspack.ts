import { dualize } from "./index.ts";

export type { Options } from "./options.ts";

export default dualize.rspack;
