interface Pendulum {
  angle: number;
  speed: number;
}

/** The angle of a pendulum after ten seconds, by the angle at which it was let go. */
export function swing(start: number): number {
  "use dual";
  const dt = 0.01;
  const pendulum: Pendulum = { angle: start, speed: 0 };
  for (let i = 0; i < 1000; i++) {
    pendulum.speed -= 9.81 * Math.sin(pendulum.angle) * dt;
    pendulum.angle += pendulum.speed * dt;
  }
  return pendulum.angle;
}
