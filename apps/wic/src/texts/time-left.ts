/**
 * How long something still lasts, in plain words.
 *
 * @module
 */

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the two largest units that there are: "6 days 22 hours", "9 minutes"; seconds only below a minute. */
export function timeLeft(seconds: number): string {
  const index = units.findIndex(([, size]) => seconds >= size);
  const [unit, size] = units[index] ?? (['second', 1] as const);
  const whole = Math.floor(Math.max(seconds, 0) / size);
  const [nextUnit, nextSize] = units[index + 1] ?? (['second', 1] as const);
  const rest = Math.floor((Math.max(seconds, 0) % size) / nextSize);
  const first = count(whole, unit);
  return rest === 0 || nextUnit === 'second' ? first : `${first} ${count(rest, nextUnit)}`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
