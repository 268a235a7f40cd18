// Babel's plugins come without types.
declare module "@babel/plugin-transform-modules-commonjs" {
  const plugin: object;
  export default plugin;
}
declare module "@babel/plugin-transform-typescript" {
  const plugin: object;
  export default plugin;
}
