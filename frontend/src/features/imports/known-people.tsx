import { Badge, Group, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type ImportAnswer, getMirror } from '@/api'
import { CountChips } from '@/components/count-chips'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { isRefusal, issueWord, woodpeckerCodes } from './issue-words'

const mirrorQuery = queryOptions({
  queryKey: ['campaigns', 'mirror'],
  queryFn: ({ signal }) => getMirror({ signal }),
})

const SHOWN = 12

/** Before money is spent on texts: whom Woodpecker knows already. A chip shows who they are, below. */
export function KnownAtWoodpecker({
  record,
  code,
  onCode,
}: {
  record: ImportAnswer
  code: string | undefined
  onCode: (code: string) => void
}) {
  const mirror = useQuery(mirrorQuery).data
  const found = woodpeckerCodes.filter((known) => (record.issue_counts[known] ?? 0) > 0)
  if (mirror && !mirror.as_of) {
    return (
      <Text fz="sm" c="dimmed">
        Woodpecker’s people were not read yet, so nobody of this list could be looked up there.
      </Text>
    )
  }
  if (found.length === 0) return null
  return (
    <Panel title="Known at Woodpecker already">
      <CountChips
        label="Known at Woodpecker already"
        chips={found.map((known) => ({
          label: issueWord(known).toLowerCase(),
          value: record.issue_counts[known] ?? 0,
          tone: isRefusal(known) ? 'bad' : 'attention',
          active: code === known,
          onClick: () => onCode(known),
        }))}
      />
      <Text fz="xs" c="dimmed" mt="sm">
        They are imported all the same; an export keeps out whom it may not add. Woodpecker as of{' '}
        <Time at={asOf(mirror?.as_of, record.created_at)} />.
      </Text>
    </Panel>
  )
}

/** The list was compared when it was read: what our copy learnt after that is not in its remarks. */
function asOf(copied: string | null | undefined, read: string): string {
  return copied && copied < read ? copied : read
}

/** Colleagues compare their mail: which companies have several people in this list. */
export function SharedCompanies({ companies }: { companies: ImportAnswer['companies'] }) {
  if (companies.length === 0) return null
  const rest = companies.length - SHOWN
  return (
    <Panel title="Several people of one company">
      <Group gap={6}>
        {companies.slice(0, SHOWN).map(({ domain, people }) => (
          <Badge key={domain} variant="default" tt="none" size="lg" fw={500}>
            {domain} · {people}
          </Badge>
        ))}
        {rest > 0 ? (
          <Text fz="sm" c="dimmed">
            and {plural(rest, 'more company', 'more companies')}
          </Text>
        ) : null}
      </Group>
    </Panel>
  )
}
