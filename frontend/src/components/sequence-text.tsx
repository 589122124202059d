import { Group, Stack, Text } from '@mantine/core'
import { snippetKindWords } from '@/lib/words'
import classes from './sequence-text.module.css'

type Snippet = { number: number; kind: string; day: number; text: string }

/** A sequence as it reads, in the order of its days. */
export function SequenceText({ snippets }: { snippets: Snippet[] }) {
  return (
    <Stack gap="sm">
      {snippets.map(({ number, kind, day, text }) => (
        <div key={number} className={classes.snippet}>
          <Group gap={8} mb={2}>
            <Text fz="xs" fw={600} c="dimmed">
              {snippetKindWords[kind] ?? kind}
            </Text>
            <Text fz="xs" c="dimmed">
              Day {day}
            </Text>
          </Group>
          <Text fz="sm" className={classes.text ?? ''} fw={kind === 'subject' ? 600 : 400}>
            {text || '–'}
          </Text>
        </div>
      ))}
    </Stack>
  )
}
