// The kernels on double, and on a dual struct with operators. Reads the arguments that the JavaScript
// kernels get, and prints one line of JSON with the time of both, the value and the tangent.
//
//   duals KERNEL MILLISECONDS < arguments
//
// The input is three groups of numbers, each with its count before it: arguments, tangents,
// constants.
#include <cmath>

struct Dual {
  double value;
  double tangent;
  Dual() : value(0), tangent(0) {}
  Dual(double v) : value(v), tangent(0) {}
  Dual(double v, double t) : value(v), tangent(t) {}
};

inline Dual operator-(Dual a) { return {-a.value, -a.tangent}; }
inline Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.tangent + b.tangent}; }
inline Dual operator+(Dual a, double b) { return {a.value + b, a.tangent}; }
inline Dual operator+(double a, Dual b) { return {a + b.value, b.tangent}; }
inline Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.tangent - b.tangent}; }
inline Dual operator-(Dual a, double b) { return {a.value - b, a.tangent}; }
inline Dual operator-(double a, Dual b) { return {a - b.value, -b.tangent}; }
inline Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.tangent * b.value + a.value * b.tangent};
}
inline Dual operator*(Dual a, double b) { return {a.value * b, a.tangent * b}; }
inline Dual operator*(double a, Dual b) { return {a * b.value, a * b.tangent}; }
inline Dual operator/(Dual a, Dual b) {
  double q = a.value / b.value;
  return {q, (a.tangent - q * b.tangent) / b.value};
}
inline Dual operator/(Dual a, double b) { return {a.value / b, a.tangent / b}; }
inline Dual operator/(double a, Dual b) {
  double q = a / b.value;
  return {q, -q * b.tangent / b.value};
}
template <class T> inline Dual &operator+=(Dual &a, T b) { return a = a + b; }
template <class T> inline Dual &operator-=(Dual &a, T b) { return a = a - b; }
template <class T> inline Dual &operator*=(Dual &a, T b) { return a = a * b; }
template <class T> inline Dual &operator/=(Dual &a, T b) { return a = a / b; }
inline bool operator<(Dual a, Dual b) { return a.value < b.value; }
inline bool operator>(Dual a, Dual b) { return a.value > b.value; }
inline bool operator<(Dual a, double b) { return a.value < b; }
inline bool operator>(Dual a, double b) { return a.value > b; }
inline bool operator<=(Dual a, double b) { return a.value <= b; }
inline bool operator>=(Dual a, double b) { return a.value >= b; }

inline Dual sqrt(Dual a) {
  double r = std::sqrt(a.value);
  return {r, a.tangent / (2 * r)};
}
inline Dual exp(Dual a) {
  double e = std::exp(a.value);
  return {e, e * a.tangent};
}
inline Dual exp2(Dual a) {
  double e = std::exp2(a.value);
  return {e, e * M_LN2 * a.tangent};
}
inline Dual log(Dual a) { return {std::log(a.value), a.tangent / a.value}; }
inline Dual sin(Dual a) { return {std::sin(a.value), std::cos(a.value) * a.tangent}; }
inline Dual cos(Dual a) { return {std::cos(a.value), -std::sin(a.value) * a.tangent}; }
inline Dual tanh(Dual a) {
  double y = std::tanh(a.value);
  return {y, (1 - y * y) * a.tangent};
}
inline Dual fabs(Dual a) { return a.value < 0 ? -a : a; }

#include "kernels.hpp"

struct Answer {
  double value = 0;
  double tangent = 0;
};
inline void keep(Answer &answer, double y) { answer.value += y; }
inline void keep(Answer &answer, Dual y) {
  answer.value += y.value;
  answer.tangent += y.tangent;
}
template <class T> void keep(Answer &answer, const std::vector<T> &ys) {
  for (const T &y : ys) keep(answer, y);
}

template <class T> bool measure(const std::string &name, Input<T> in, double ms, Answer &answer,
                                double &ns) {
  return bind<T>(name, in, [&](auto call) {
    keep(answer, call());
    Answer sink;
    ns = timed([&] {
      opaque(in.args[0]);
      keep(sink, call());
    }, ms);
    opaque(sink);
    return true;
  });
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: duals KERNEL MILLISECONDS < arguments\n");
    return 2;
  }
  const std::string name = argv[1];
  const double ms = std::atof(argv[2]);
  const std::vector<double> primals = readGroup(), tangents = readGroup(), constants = readGroup();
  std::vector<Dual> duals;
  for (size_t i = 0; i < primals.size(); i++) duals.push_back(Dual(primals[i], tangents[i]));

  Answer plain, dual;
  double plainNs = 0, dualNs = 0;
  if (!measure<double>(name, {primals, constants}, ms, plain, plainNs) ||
      !measure<Dual>(name, {duals, constants}, ms, dual, dualNs)) {
    std::fprintf(stderr, "no kernel named %s\n", name.c_str());
    return 2;
  }
  std::printf("{\"plain\":%.6g,\"dual\":%.6g,\"value\":%.17g,\"tangent\":%.17g}\n", plainNs, dualNs,
              dual.value, dual.tangent);
  return 0;
}
