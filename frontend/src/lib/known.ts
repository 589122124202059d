/** Up to which change on the server this page knows. An answer that contains that change is new enough for it, whoever asked first. */

// After a change of one's own only an answer made for oneself is certain to contain it, until the change was told back.
const OWN_CHANGE_MS = 5000

let known: string | null = null
let ownChangeAt = Number.NEGATIVE_INFINITY

/** The server told of changes up to this one; null when it does not tell any more. */
export function noteKnown(id: string | null): void {
  known = id === '' ? null : id
}

/** This page is about to change something, or just did. */
export function noteOwnChange(now = performance.now()): void {
  ownChangeAt = now
}

/** What an answer must contain at least; null when it has to be made for this page alone. */
export function atLeast(now = performance.now()): string | null {
  return now - ownChangeAt < OWN_CHANGE_MS ? null : known
}
