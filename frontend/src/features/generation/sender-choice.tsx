import { Button, Group, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '@/lib/session'
import { SenderDialog } from './sender-dialog'
import { sendersQuery } from './senders'

type Props = { value: string | null; onChange: (userId: string | null) => void }

/** Who signs the texts. Without anybody they end without a name, and Woodpecker adds its own signature. */
export function SenderChoice({ value, onChange }: Props) {
  const me = useSession()
  const senders = useQuery(sendersQuery).data ?? []
  const [isOpen, { open, close }] = useDisclosure(false)
  const mine = senders.find(({ user_id }) => user_id === me?.user_id)
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Select
        label="Who signs"
        description="Nobody: Woodpecker adds its own signature"
        placeholder="Nobody"
        clearable
        flex={1}
        data={senders.map(({ user_id, name, title }) => ({
          value: user_id,
          label: title ? `${name}, ${title}` : name,
        }))}
        value={value}
        onChange={onChange}
      />
      {me ? (
        <Button variant="default" onClick={open}>
          How I sign
        </Button>
      ) : null}
      {me && isOpen ? (
        <SenderDialog
          userId={me.user_id}
          present={mine ?? { name: me.name, title: '', email: me.email, voice: '' }}
          onClose={close}
          onSaved={() => {
            onChange(me.user_id)
            close()
          }}
        />
      ) : null}
    </Group>
  )
}
