/** `node:assert`, as far as Babel uses it. */
module.exports = function assert(isTrue, message = "assertion failed") {
  if (!isTrue) throw new Error(message);
};
