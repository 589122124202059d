import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'

const TEN_SECONDS = 10_000

/** Says what was done and takes it back on demand: better than asking "are you sure?" before. */
export function sayWithUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    color: 'spruce',
    autoClose: TEN_SECONDS,
    closeButtonProps: { 'aria-label': 'Close the message' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            undo()
            notifications.hide(id)
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  })
}
