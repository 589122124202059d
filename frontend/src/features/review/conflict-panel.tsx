import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconGitMerge } from '@tabler/icons-react'
import type { SequenceShown } from '@/api'
import { type Texts, textOf } from './draft-store'

type Props = { mine: Texts; theirs: SequenceShown; onKeepMine: () => void; onTakeTheirs: () => void }

/** Two people changed one text: both are shown, and a person chooses. Nothing is lost meanwhile. */
export function ConflictPanel({ mine, theirs, onKeepMine, onTakeTheirs }: Props) {
  const clashing = Object.keys(mine)
    .map(Number)
    .filter((number) => textOf(theirs, number) !== mine[number])
  return (
    <Alert
      color="yellow"
      icon={<IconGitMerge />}
      title="Somebody else changed this sequence meanwhile"
      role="alert"
    >
      <Stack gap="sm">
        {clashing.map((number) => (
          <SimpleGrid key={number} cols={{ base: 1, sm: 2 }} spacing="sm">
            <Version title={`Yours, text ${number}`} text={mine[number] ?? ''} />
            <Version title={`Theirs, text ${number}`} text={textOf(theirs, number)} />
          </SimpleGrid>
        ))}
        <Group gap="xs">
          <Button size="xs" onClick={onKeepMine}>
            Keep mine
          </Button>
          <Button size="xs" variant="default" onClick={onTakeTheirs}>
            Take theirs
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function Version({ title, text }: { title: string; text: string }) {
  return (
    <div className="surface" style={{ padding: 10 }}>
      <Text fz="xs" fw={600} mb={4}>
        {title}
      </Text>
      <Text fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Text>
    </div>
  )
}
