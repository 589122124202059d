import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { PlanItemAnswer } from '@/api'
import type { Override } from './api'

type Props = { item: PlanItemAnswer; onDecide: (decision: Override) => void; onClose: () => void }

/** One person's decision about one person: what it overrides, and why. It goes on record under your name. */
export function OverrideDialog({ item, onDecide, onClose }: Props) {
  const [note, setNote] = useState('')
  const met = item.collisions.filter((each) => each.weight === 'keep_out' && each.can_be_overridden)
  return (
    <Modal opened onClose={onClose} title={`Add ${item.email} anyway?`} centered>
      <Stack gap="sm">
        <List fz="sm">
          {met.map(({ code, sentence }) => (
            <List.Item key={code}>{sentence}</List.Item>
          ))}
        </List>
        <Textarea
          label="Why?"
          description="Kept on record with your name."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
        />
        <Text fz="xs" c="dimmed">
          The plan is made again with your decision; nothing is sent yet.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep out
          </Button>
          <Button
            onClick={() =>
              onDecide({ lead_id: item.lead_id, codes: met.map(({ code }) => code), note: note.trim() })
            }
            disabled={note.trim() === ''}
          >
            Add anyway
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
