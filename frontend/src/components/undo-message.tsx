import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'

const TEN_SECONDS = 10_000

let last: { id: string; undo: () => void; until: number } | undefined

/** Says what was done and takes it back on demand, for ten seconds: better than asking "are you sure?" before.
 *  One at a time: quick decisions must not pile up messages. */
export function sayWithUndo(message: string, undo: () => void): void {
  forgetUndo()
  const id = notifications.show({
    color: 'spruce',
    autoClose: TEN_SECONDS,
    closeButtonProps: { 'aria-label': 'Close the message' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm">{message}</Text>
        <Button size="compact-sm" variant="default" onClick={undoLast}>
          Undo
        </Button>
      </Group>
    ),
  })
  last = { id, undo, until: Date.now() + TEN_SECONDS }
}

/** The next deed is on its way: a quick Undo must not take back the one before it. */
export function forgetUndo(): void {
  if (last) notifications.hide(last.id)
  last = undefined
}

/** Takes back what was said last; nothing after ten seconds. */
export function undoLast(): void {
  if (!last) return
  const { id, undo, until } = last
  last = undefined
  notifications.hide(id)
  if (Date.now() <= until) undo()
}
