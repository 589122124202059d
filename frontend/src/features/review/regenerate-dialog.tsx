import { Button, Checkbox, Group, Modal, Stack, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type SubmitEvent, useState } from 'react'
import type { SequenceShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import { useRegenerate } from './api'

type Props = {
  sequence: SequenceShown
  opened: boolean
  onClose: () => void
  before: () => Promise<boolean>
}

/** Has some or all texts written anew; earlier words stay among the versions. */
export function RegenerateDialog({ sequence, opened, onClose, before }: Props) {
  const regenerate = useRegenerate()
  const [instruction, setInstruction] = useState('')
  const [numbers, setNumbers] = useState<string[]>([])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(await before())) return
    regenerate.mutate(
      { id: sequence.id, instruction: instruction.trim(), numbers: numbers.map(Number) },
      {
        onSuccess: () => {
          notifications.show({ message: 'Claude writes it anew. It appears here when it is done.' })
          setInstruction('')
          setNumbers([])
          onClose()
        },
      },
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Write anew" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Textarea
            data-autofocus
            label="What should be different?"
            placeholder="Shorter, and speak of their new office in Leeds"
            value={instruction}
            onChange={(event) => setInstruction(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
          <Checkbox.Group
            label="Which texts?"
            description="None ticked means all of them"
            value={numbers}
            onChange={setNumbers}
          >
            <Stack gap={6} mt="xs">
              {sequence.snippets.map(({ number, kind, day }) => (
                <Checkbox
                  key={number}
                  value={String(number)}
                  label={`${snippetKindWords[kind] ?? kind}, day ${day}`}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={regenerate.isPending}>
              Write anew
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
