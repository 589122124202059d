import { Spoiler, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ItemShown } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { failedItemsQuery } from './api'

/** Who could not be written for, why, and what came instead of an answer: it was paid, so it is shown. */
export function FailedItems({ generationId, failed }: { generationId: string; failed: number }) {
  const query = useQuery(failedItemsQuery(generationId, failed))
  return (
    <Panel title="Failed">
      <Loaded query={query} rows={Math.min(failed, 5)}>
        {({ items, total }) => (
          <>
            <DataTable
              label="Failed leads of this run"
              rows={items}
              rowId={({ id }) => id}
              rowName={({ name, email }) => name || email}
              columns={columns}
            />
            {total > items.length ? (
              <Text fz="sm" c="dimmed" mt="xs">
                and {plural(total - items.length, 'more lead')} with the same kinds of trouble
              </Text>
            ) : null}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

const columns: Column<ItemShown>[] = [
  {
    key: 'lead',
    header: 'Lead',
    width: 220,
    cell: ({ lead_id, name, email, company }) => (
      <>
        <LinkText to="/leads/$leadId" params={{ leadId: lead_id }} fw={600} fz="sm">
          {name || email}
        </LinkText>
        <Text fz="xs" c="dimmed">
          {company}
        </Text>
      </>
    ),
  },
  {
    key: 'reason',
    header: 'Why',
    cell: ({ error, raw_answer }) => (
      <>
        <Text fz="sm">{error ?? 'No reason was given'}</Text>
        {raw_answer ? (
          <Spoiler maxHeight={0} showLabel="Show what came" hideLabel="Hide what came">
            <Text fz="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {raw_answer}
            </Text>
          </Spoiler>
        ) : null}
      </>
    ),
  },
  {
    key: 'tries',
    header: 'Tries',
    width: 70,
    align: 'right',
    from: 'sm',
    cell: ({ attempts }) => <Text fz="sm">{attempts}</Text>,
  },
  {
    key: 'when',
    header: 'When',
    width: 130,
    from: 'sm',
    cell: ({ finished_at }) => <Time at={finished_at} />,
  },
]
