/**
 * In what order targets are tried: all of one q together, the higher q before the lower (RFC 3261 16.6).
 *
 * @module
 */

/** Items of equal q together, in their order; `q` undefined counts as 1. No group has more than `largest` items. */
export function targetGroups<T extends { readonly q?: number | undefined }>(
  targets: readonly T[],
  largest: number,
): readonly (readonly T[])[] {
  const groups = new Map<number, T[]>();
  for (const target of targets) {
    const q = target.q ?? 1;
    const group = groups.get(q);
    if (group === undefined) groups.set(q, [target]);
    else group.push(target);
  }
  return [...groups].toSorted(([left], [right]) => right - left).flatMap(([, group]) => chunks(group, largest));
}

function chunks<T>(items: readonly T[], largest: number): readonly (readonly T[])[] {
  if (items.length <= largest) return [items];
  return Array.from({ length: Math.ceil(items.length / largest) }, (_, at) =>
    items.slice(at * largest, (at + 1) * largest),
  );
}
