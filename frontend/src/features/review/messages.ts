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
