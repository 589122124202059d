import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'

const keys: [key: string, does: string][] = [
  ['j', 'Next sequence'],
  ['k', 'Previous sequence'],
  ['a', 'Approve and go on'],
  ['r', 'Send back, with a reason'],
  ['e', 'Edit: into the first text'],
  ['Tab', 'From text to text while editing'],
  ['Esc', 'Leave the text; what you typed is saved'],
  ['u', 'Back to the model’s words'],
  ['g', 'Write anew, with an instruction'],
  ['d', 'Show or hide what was changed'],
  ['?', 'This list'],
]

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
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
            <Kbd miw={44} ta="center">
              {key}
            </Kbd>
            <Text fz="sm">{does}</Text>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}
