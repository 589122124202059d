/** Where one goes from here in the queue; the order is the server's. */
export function neighbour(ids: string[], current: string | undefined, step: 1 | -1): string | undefined {
  if (ids.length === 0) return undefined
  const place = current === undefined ? -1 : ids.indexOf(current)
  if (place === -1) return ids[0]
  return ids[Math.min(Math.max(place + step, 0), ids.length - 1)]
}

/** The one to show after `done` leaves the queue: the next, or the one before when it was the last. */
export function afterLeaving(ids: string[], done: string): string | undefined {
  const place = ids.indexOf(done)
  if (place === -1) return ids[0]
  return ids[place + 1] ?? ids[place - 1]
}

/** The next `many` in the queue, nearest first. */
export function nextOnes(ids: string[], current: string | undefined, many: number): string[] {
  const place = current === undefined ? -1 : ids.indexOf(current)
  return ids.slice(place + 1, place + 1 + many)
}
