"use dual";
// A CommonJS module, marked as a whole.
const G = 9.81;
function fall(t) {
  return (G * t * t) / 2;
}
function Pendulum(length) {
  this.length = length;
}
Pendulum.prototype.period = function () {
  return 2 * Math.PI * Math.sqrt(this.length / G);
};
exports.fall = fall;
exports.Pendulum = Pendulum;
exports.table = { half: (x) => x / 2 };
exports.blend = (a, b, t) => a + (b - a) * t;
