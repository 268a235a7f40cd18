import { mayHaveMarks } from "babel-plugin-dualize";
import { createUnplugin, type UnpluginFactory, type UnpluginInstance } from "unplugin";
import { failure, note } from "./messages.ts";
import { idFilter, type Options } from "./options.ts";

export type { Options, Pattern } from "./options.ts";

/** What has the runtime in it, or its numbers. */
const ENTRIES = ["dualize", "dualize/dual", "dualize/root", "dualize/runtime"];

const factory: UnpluginFactory<Options | undefined, false> = (options = {}, { framework }) => {
  const { include: _include, exclude: _exclude, ...given } = options;
  const coverage = process.env.VITEST !== undefined;
  const pluginOptions = { coverage, droppable: true, ...given };
  // Farm takes text alone, and unplugin hands it errors: it would end without a word of ours.
  const isFarm = framework === "farm";
  return {
    name: "dualize",
    // Before types are stripped: they tell what is a number.
    enforce: "pre",
    transform: {
      filter: { id: idFilter(options) },
      async handler(code, id) {
        const [file = id, query = ""] = id.split("?", 2);
        // `import text from "./f.ts?raw"` is text, whatever stands in it.
        if (/(?:^|&)(?:raw|url)\b/.test(query) || !(options.mark || mayHaveMarks(code)))
          return undefined;
        // Loaded with the first file that has marks, so that a project without any starts no Babel.
        const { compile } = await import("babel-plugin-dualize/compile");
        try {
          const compiled = await compile(code, file, pluginOptions);
          if (compiled === undefined) return undefined;
          // Their types were read: where they change, so does what is made of this file.
          for (const other of compiled.report.dependencies) this.addWatchFile(other);
          for (const d of compiled.report.diagnostics) {
            const warning = note(d, code, file, framework);
            if (isFarm) console.warn(warning.message);
            else this.warn(warning);
          }
          return { code: compiled.code, map: compiled.map as never };
        } catch (error) {
          const why = failure(error, code, file, framework);
          if (isFarm) throw new Error(why.message);
          this.error(why);
          return undefined;
        }
      },
    },
    vite: {
      config: () => ({
        // Marked files of the project import the runtime, and Vite finds imports before plugins run:
        // without this the first request would find it, and load the page again. All that share its
        // state go with it: of a linked package, as in a workspace, the rest would be a second copy.
        optimizeDeps: { include: ENTRIES },
        resolve: { dedupe: ["dualize"] },
      }),
    },
  };
};

/** dualize for bundlers: each has an entry of its own too, such as `unplugin-dualize/vite`. */
export const dualize: UnpluginInstance<Options | undefined, false> =
  /* #__PURE__ */ createUnplugin(factory);

export default dualize;
