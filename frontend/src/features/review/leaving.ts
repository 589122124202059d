/** Whose decision is on its way: an answer that the server gave before it heard of it must not bring them back into the queue. */
const leaving = new Set<string>()

type Page = { items: { id: string }[]; total: number }

export function leaves(id: string): void {
  leaving.add(id)
}

/** The server has spoken: what it says of them is true again. */
export function hasLeft(id: string): void {
  leaving.delete(id)
}

export function withoutLeaving<P extends Page>(page: P): P {
  const items = page.items.filter(({ id }) => !leaving.has(id))
  return items.length === page.items.length
    ? page
    : { ...page, items, total: page.total - (page.items.length - items.length) }
}
