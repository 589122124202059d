import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SequenceShown, SequenceVersionShown } from '@/api'
import { Loaded } from '@/components/loaded'
import { Time } from '@/components/time'
import { userName, useUsers } from '@/lib/users'
import { snippetKindWords } from '@/lib/words'
import { useRestore, versionsQuery } from './api'
import { textOf } from './draft-store'
import classes from './review.module.css'
import { WordDiff } from './word-diff'

type Props = {
  sequence: SequenceShown
  before: () => Promise<boolean>
  mayRestore: boolean
  onClose: () => void
}

/** Every state the texts were in, with what differs from now; any of them can be brought back. */
export function VersionsDialog({ sequence, before, mayRestore, onClose }: Props) {
  const query = useQuery(versionsQuery(sequence.id, sequence.version))
  const restore = useRestore(sequence.id)
  const bringBack = async (to: number) => {
    // What is typed now becomes a version first, so that it can be brought back too.
    if (await before()) restore.mutate({ version: sequence.version, to }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} size="xl" title="Versions" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Loaded query={query}>
        {(versions) => (
          <Stack gap="md">
            {versions.map((version) => (
              <Version
                key={version.version}
                version={version}
                sequence={sequence}
                busy={restore.isPending}
                onRestore={mayRestore ? () => void bringBack(version.version) : undefined}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </Modal>
  )
}

type VersionProps = {
  version: SequenceVersionShown
  sequence: SequenceShown
  busy: boolean
  onRestore: (() => void) | undefined
}

function Version({ version, sequence, busy, onRestore }: VersionProps) {
  const users = useUsers()
  const isNow = version.version === sequence.version
  const changed = version.snippets.filter(({ number, text }) => text !== textOf(sequence, number))
  return (
    <section className="surface" style={{ padding: 14 }} aria-label={`Version ${version.version}`}>
      <Group justify="space-between" mb={changed.length > 0 ? 'xs' : 0} gap="xs">
        <div>
          <Text fw={650} fz="sm">
            Version {version.version} · {authorOf(version, userName(users, version.author_id))}
          </Text>
          <Text fz="xs" c="dimmed" component="div">
            <Time at={version.created_at} />
            {version.instruction ? ` · “${version.instruction}”` : ''}
          </Text>
        </div>
        {isNow ? (
          <Text fz="sm" c="dimmed">
            as it stands now
          </Text>
        ) : onRestore ? (
          <Button size="xs" variant="default" disabled={busy} onClick={onRestore}>
            Bring back
          </Button>
        ) : null}
      </Group>
      {changed.map(({ number, kind, day, text }) => (
        <div key={number} className={classes.versionText}>
          <Text fz="xs" c="dimmed">
            {snippetKindWords[kind] ?? kind}, day {day}: against what stands now
          </Text>
          <WordDiff before={textOf(sequence, number)} after={text} label={`Text ${number}, changes`} />
        </div>
      ))}
    </section>
  )
}

function authorOf({ author }: SequenceVersionShown, name: string | null): string {
  if (author === 'model') return 'written by Claude'
  if (author === 'import') return 'came with the list'
  return name ? `edited by ${name}` : 'edited by a person'
}
