import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '@/lib/session'
import { SenderDialog } from './sender-dialog'
import { sendersQuery } from './senders'

/** One's own signature, from the account menu: kept for every run in which one is chosen. */
export function MySignature({ onClose }: { onClose: () => void }) {
  const me = useSession()
  const senders = useQuery(sendersQuery)
  // What is there must be known before the form opens: it would be taken for the first signature otherwise.
  if (!me || !senders.isSuccess) return null
  const mine = senders.data.find(({ user_id }) => user_id === me.user_id)
  return (
    <SenderDialog
      userId={me.user_id}
      present={mine ?? { name: me.name, title: '', email: me.email, voice: '' }}
      onClose={onClose}
      onSaved={() => {
        notifications.show({
          color: 'spruce',
          message: 'Runs in which you are chosen sign like this from now on',
        })
        onClose()
      }}
    />
  )
}
