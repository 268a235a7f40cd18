import type { types } from "@babel/core";

/** What is needed of Babel to read other files; handed in, never imported. */
export type Parse = (code: string, file: string) => types.File | undefined;

/** Babel's parser for files whose types are read: they are neither transformed nor executed. */
export function parserOf(api: { parseSync(code: string, options: object): unknown }): Parse {
  return (code, file) => {
    try {
      return api.parseSync(code, {
        filename: file,
        configFile: false,
        babelrc: false,
        browserslistConfigFile: false,
        code: false,
        ast: true,
        sourceType: "module",
        parserOpts: {
          plugins: [
            ...(/\.[cm]?jsx?$/.test(file)
              ? []
              : [["typescript", { dts: /\.d\.[cm]?ts$/.test(file) }]]),
            "decorators-legacy",
            ...(/x$|\.[cm]?js$/.test(file) ? ["jsx"] : []),
          ],
          errorRecovery: true,
          // In JavaScript they may say types.
          attachComment: /\.[cm]?jsx?$/.test(file),
        },
      }) as types.File;
    } catch {
      // A file that cannot be read tells nothing; what its types are needed for says so.
      return undefined;
    }
  };
}
