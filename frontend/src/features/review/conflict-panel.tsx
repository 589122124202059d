import { Alert, Button, Group, SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import { IconGitMerge } from '@tabler/icons-react'
import { useState } from 'react'
import type { SequenceShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import { type Texts, areSame, clashing, textOf } from './draft-store'
import { WordDiff } from './word-diff'

type Props = { mine: Texts; theirs: SequenceShown; onSettle: (stands: Texts, over: Texts) => void }

/** Two people changed one text: both are shown, and a person says what stands, text by text. Nothing is lost meanwhile.
 *  Words of theirs that come while one decides are looked at before anything is saved over them. */
export function ConflictPanel({ mine, theirs, onSettle }: Props) {
  const now = clashing(mine, theirs)
  const [stands, setStands] = useState<Texts>({})
  const [seen, setSeen] = useState(now)
  const isSeen = areSame(seen, now)
  const standing = (number: number) => stands[number] ?? mine[number] ?? ''
  const choose = (number: number, text: string) => setStands((before) => ({ ...before, [number]: text }))
  const settle = () =>
    onSettle(Object.fromEntries(Object.keys(now).map((key) => [key, standing(Number(key))])), seen)
  return (
    <Alert
      color="yellow"
      icon={<IconGitMerge />}
      title="Somebody else changed this sequence while you did"
      role="alert"
    >
      <Stack gap="md">
        {theirs.snippets
          .filter(({ number }) => number in now)
          .map(({ number, kind, day, text }) => (
            <section key={number} aria-label={`Text ${number}`}>
              <Text fz="sm" fw={650} mb={6}>
                {snippetKindWords[kind] ?? kind}, day {day}
              </Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
                <div className="surface" style={{ padding: 10 }}>
                  <Group justify="space-between" mb={4}>
                    <Text fz="xs" fw={600}>
                      Theirs, with what differs from yours
                    </Text>
                    <Button size="compact-xs" variant="default" onClick={() => choose(number, text)}>
                      Take theirs
                    </Button>
                  </Group>
                  <WordDiff
                    before={mine[number] ?? ''}
                    after={textOf(theirs, number)}
                    label={`Theirs, text ${number}`}
                  />
                </div>
                <div className="surface" style={{ padding: 10 }}>
                  <Group justify="space-between" mb={4}>
                    <Text fz="xs" fw={600}>
                      What will stand: yours, unless you change it
                    </Text>
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => choose(number, mine[number] ?? '')}
                    >
                      Take mine
                    </Button>
                  </Group>
                  <Textarea
                    aria-label={`What will stand, text ${number}`}
                    value={standing(number)}
                    onChange={(event) => choose(number, event.currentTarget.value)}
                    autosize
                    minRows={2}
                  />
                </div>
              </SimpleGrid>
            </section>
          ))}
        <Group gap="xs">
          {isSeen ? (
            <Button size="sm" onClick={settle}>
              Save what will stand
            </Button>
          ) : (
            <Button size="sm" variant="light" onClick={() => setSeen(now)}>
              I have seen their newer words
            </Button>
          )}
          <Text fz="xs" c="dimmed">
            {isSeen
              ? 'Their words stay among the versions.'
              : 'They saved again while you decided: compare once more.'}
          </Text>
        </Group>
      </Stack>
    </Alert>
  )
}
