import { notifications } from '@mantine/notifications'
import { plural } from '@/lib/format'
import { humanise } from '@/lib/words'

/** Why the server left sequences as they are, although somebody approved them. */
export function sayPassedOver(reasons: Record<string, number>): void {
  const said = Object.entries(reasons).map(
    ([reason, many]) => `${plural(many, 'sequence')}: ${humanise(reason)}`,
  )
  notifications.show({
    color: 'yellow.8',
    title: 'Not approved',
    message: said.join(', '),
    autoClose: 10_000,
  })
}

export function sayNothingToApprove(): void {
  notifications.show({ message: 'No draft of this list is without remarks: look at each.' })
}

/** An approval waits for its edits; without a server neither happens. */
export function sayNotSavedYet(): void {
  notifications.show({
    id: 'not-saved-yet',
    color: 'yellow.8',
    title: 'Not decided',
    message: 'Your edits have to be saved first. They are kept in this browser; try again in a moment.',
  })
}
