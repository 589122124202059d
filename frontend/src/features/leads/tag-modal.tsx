import { Button, Group, Modal, Stack, TagsInput } from '@mantine/core'
import { useState } from 'react'

type Props = {
  opened: boolean
  onClose: () => void
  known: string[]
  onTag: (add: string[], remove: string[]) => void
}

/** Tags put on, and taken off, the selected leads. */
export function TagModal({ opened, onClose, known, onTag }: Props) {
  const [add, setAdd] = useState<string[]>([])
  const [remove, setRemove] = useState<string[]>([])
  const done = () => {
    onTag(add, remove)
    setAdd([])
    setRemove([])
    onClose()
  }
  const shared = { data: known, maxTags: 20, clearable: true, clearButtonProps: { 'aria-label': 'None' } }
  return (
    <Modal opened={opened} onClose={onClose} title="Tags" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <TagsInput
          label="Put on"
          placeholder="Type, then Enter"
          value={add}
          onChange={setAdd}
          {...shared}
          data-autofocus
        />
        <TagsInput
          label="Take off"
          placeholder="Type, then Enter"
          value={remove}
          onChange={setRemove}
          {...shared}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={done} disabled={add.length + remove.length === 0}>
            Change tags
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
