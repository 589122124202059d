import { Stack, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { LearnedShown } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Money } from '@/components/money'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { learningQuery } from './api'

/** Which version brings texts that people approve, at what cost, and what comes back. */
export function LearningTable({ templateId }: { templateId?: string }) {
  const query = useQuery(learningQuery(templateId))
  return (
    <Panel title="What came of each version">
      <Loaded query={query} rows={3}>
        {({ items, sandbox, as_of }) =>
          items.length === 0 ? (
            <Text fz="sm" c="dimmed">
              Nothing was written with these templates yet.
            </Text>
          ) : (
            <Stack gap="xs">
              <DataTable
                label="Versions compared"
                rows={items}
                rowId={({ template_id, version }) => `${template_id}-${version}`}
                columns={templateId ? columns.slice(1) : columns}
              />
              <Text fz="sm" c="dimmed">
                {sandbox ? 'Texts of the sandbox. ' : ''}
                {as_of ? (
                  <>
                    Replies and bounces: Woodpecker as of <Time at={as_of} />.
                  </>
                ) : (
                  'Woodpecker’s people were never read, so nothing is known of replies and bounces.'
                )}
              </Text>
            </Stack>
          )
        }
      </Loaded>
    </Panel>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}

/** A share of people, or how many there were when they are too few to tell. */
function Share({ share, row, part }: { share: number | null; row: LearnedShown; part: number }) {
  if (!row.too_few) return <>{percent(share)}</>
  if (row.mailed === 0) return <>–</>
  return (
    <Tooltip label={`${count(part)} of ${count(row.mailed)} mailed; below 100 a share says nothing`}>
      <Text span fz="xs" c="dimmed">
        too few to tell
      </Text>
    </Tooltip>
  )
}

function figure(
  key: string,
  header: string,
  cell: Column<LearnedShown>['cell'],
  from?: 'sm' | 'md',
): Column<LearnedShown> {
  return { key, header, cell, align: 'right', ...(from ? { from } : {}) }
}

const columns: Column<LearnedShown>[] = [
  { key: 'template', header: 'Template', cell: ({ template_name }) => template_name },
  {
    key: 'version',
    header: 'Version',
    cell: ({ version, session_only }) => (
      <>
        {version}{' '}
        {session_only ? (
          <StatusBadge word={{ label: 'one run', tone: 'neutral', hint: 'Changed for a single run' }} />
        ) : null}
      </>
    ),
  },
  figure('written', 'Written', ({ written }) => count(written), 'sm'),
  figure('unedited', 'Approved unedited', ({ unedited_share, approved_unedited, approved, rejected }) => (
    <Tooltip label={`${count(approved_unedited)} of ${count(approved + rejected)} decided`}>
      <span>{percent(unedited_share)}</span>
    </Tooltip>
  )),
  figure('edits', 'Words changed', ({ edited_words }) => percent(edited_words), 'sm'),
  figure('cost', 'Cost a lead', ({ usd_per_lead }) =>
    usd_per_lead === null ? '–' : <Money value={usd_per_lead} />,
  ),
  figure('mailed', 'Mailed', ({ mailed }) => count(mailed), 'md'),
  figure('replies', 'Replies', (row) => <Share share={row.reply_share} row={row} part={row.replied} />),
  figure(
    'bounces',
    'Bounces',
    (row) => <Share share={row.bounce_share} row={row} part={row.bounced} />,
    'md',
  ),
]
