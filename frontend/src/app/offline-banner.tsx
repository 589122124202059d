import { Alert } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useServerAnswers } from '@/lib/connection'
import { useKeptDrafts } from '@/lib/drafts'
import { plural } from '@/lib/format'

/** Says that what one sees may be old, why, and what became of one's edits. */
export function OfflineBanner() {
  const { online } = useNetwork()
  const answers = useServerAnswers()
  const waiting = useKeptDrafts().length
  if (online && answers) return null
  return (
    <Alert
      color="yellow"
      mb="md"
      icon={<IconPlugConnectedX />}
      title={online ? 'The server does not answer' : 'You are offline'}
      role="status"
    >
      What you see may be old. You can go on editing texts: they are kept in this browser and saved when the
      connection is back.{waiting > 0 ? ` Now ${plural(waiting, 'sequence')} with unsaved edits.` : ''}
    </Alert>
  )
}
