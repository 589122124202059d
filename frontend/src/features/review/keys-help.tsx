import { Group, Kbd, Modal, Stack, Switch, Text } from '@mantine/core'
import { useSingleKeys } from '@/lib/preferences'

const keys: [key: string, does: string][] = [
  ['j', 'Next sequence'],
  ['k', 'Previous sequence'],
  ['a', 'Approve and go on'],
  ['r', 'Send back, with a reason'],
  ['z', 'Undo the last decision, for ten seconds'],
  ['e', 'Edit: into the first text'],
  ['Tab', 'From text to text while editing'],
  ['Esc', 'Leave the text; what you typed is saved'],
  ['Ctrl Z', 'Undo typing; with Shift, redo'],
  ['u', 'Back to the model’s words'],
  ['g', 'Write anew, with an instruction'],
  ['d', 'Show or hide what was changed'],
  ['p', 'Show as the receiver sees it'],
  ['v', 'Earlier versions'],
  ['/', 'Search in the queue'],
  ['Ctrl K', 'All commands and pages, by name'],
  ['?', 'This list'],
]

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, set] = useSingleKeys()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Review by keyboard"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap={8}>
        {keys.map(([key, does]) => (
          <Group key={key} gap="md">
            <Kbd miw={58} ta="center">
              {key}
            </Kbd>
            <Text fz="sm">{does}</Text>
          </Group>
        ))}
        <Switch
          mt="sm"
          checked={on}
          onChange={(event) => set(event.currentTarget.checked)}
          label="Single letters do things"
          description="Off: only Ctrl K and the buttons. For who dictates, or hits keys by accident."
        />
      </Stack>
    </Modal>
  )
}
