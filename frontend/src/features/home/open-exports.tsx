import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { runStatusWords, wordFor } from '@/lib/words'
import { openExportsQuery } from './api'

/** Exports that are under way or rest, with how far they are and what nobody knows yet. */
export function OpenExports() {
  const query = useQuery(openExportsQuery)
  if (query.isError && !query.data) {
    return (
      <Problem error={query.error} title="Exports could not be loaded" onRetry={() => void query.refetch()} />
    )
  }
  if (!query.data || query.data.length === 0) return null
  return (
    <Panel title="Exports under way">
      <Stack gap="xs">
        {query.data.map(({ id, campaign_name: name, status, counts, created_at: at }) => (
          <Group key={id} justify="space-between" gap="xs">
            <Group gap="sm" miw={0}>
              <LinkText to="/exports/$exportId" params={{ exportId: id }} fw={600} fz="sm" className="cut">
                {name}
              </LinkText>
              <StatusBadge word={wordFor(runStatusWords, status)} />
            </Group>
            <Text fz="sm" c="dimmed" component="span" className="numbers">
              {count(counts.total - counts.queued - counts.sending - counts.unknown)} of {count(counts.total)}
              {counts.unknown > 0 ? ` · ${count(counts.unknown)} being checked with Woodpecker` : ''} ·{' '}
              <Time at={at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}
