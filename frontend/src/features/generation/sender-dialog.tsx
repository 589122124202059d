import { Button, Group, Modal, Stack, TextInput, Textarea } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import type { SenderChange } from '@/api'
import { Problem } from '@/components/problem'
import { useSetSender } from './senders'

type Props = { userId: string; present: SenderChange; onClose: () => void; onSaved: () => void }

/** How somebody signs: used by every run in which they are chosen from now on. */
export function SenderDialog({ userId, present, onClose, onSaved }: Props) {
  const save = useSetSender(userId)
  const [name, setName] = useState(present.name)
  const [title, setTitle] = useState(present.title ?? '')
  const [email, setEmail] = useState(present.email ?? '')
  const [voice, setVoice] = useState(present.voice ?? '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate({ name, title, email, voice, version: present.version ?? null }, { onSuccess: onSaved })
  }
  return (
    <Modal opened onClose={onClose} title="How I sign">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="Stands under the texts"
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            required
            data-autofocus
          />
          <TextInput label="Title" value={title} onChange={(e) => setTitle(e.currentTarget.value)} />
          <TextInput
            label="Mailbox"
            description="An export compares it with the campaign’s senders"
            type="email"
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
          />
          <Textarea
            label="How I write"
            description="Told to the model: dry, short sentences, never “Hope you are well”"
            value={voice}
            onChange={(e) => setVoice(e.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={8}
          />
          {save.isError ? <Problem error={save.error} title="It was not saved" /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
