import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'

const reasons = [
  'Wrong person or company',
  'Facts are not right',
  'Does not sound like us',
  'Too long or too generic',
]
const OTHER = 'other'

type Props = { opened: boolean; onClose: () => void; onReject: (reason: string) => void }

export function RejectDialog({ opened, onClose, onReject }: Props) {
  const [reason, setReason] = useState<string>(reasons[0] ?? OTHER)
  const [other, setOther] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const said = reason === OTHER ? other.trim() : reason
    if (said) onReject(said)
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Why is it sent back?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Radio.Group value={reason} onChange={setReason} aria-label="Reason">
            <Stack gap="xs">
              {reasons.map((text, index) => (
                <Radio
                  key={text}
                  value={text}
                  label={text}
                  {...(index === 0 ? { 'data-autofocus': true } : {})}
                />
              ))}
              <Radio value={OTHER} label="Something else" />
            </Stack>
          </Radio.Group>
          {reason === OTHER ? (
            <TextInput
              label="Namely"
              value={other}
              onChange={(event) => setOther(event.currentTarget.value)}
              maxLength={500}
              required
            />
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Send back</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
