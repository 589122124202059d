import { Badge, Group, Text } from '@mantine/core'
import type { ImportAnswer } from '@/api'
import { CountChips } from '@/components/count-chips'
import { Panel } from '@/components/panel'
import { plural } from '@/lib/format'
import { isRefusal, issueWord, woodpeckerCodes } from './issue-words'

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
  const found = woodpeckerCodes.filter((known) => (record.issue_counts[known] ?? 0) > 0)
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
        They are imported all the same; an export keeps out whom it may not add.
      </Text>
    </Panel>
  )
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
