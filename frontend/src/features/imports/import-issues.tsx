import { Button, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ImportAnswer, IssueAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { count, plural } from '@/lib/format'
import { issuesQuery } from './api'
import { issueWord } from './issue-words'

const columns: Column<IssueAnswer>[] = [
  { key: 'row', header: 'Row', align: 'right', width: 72, cell: ({ row }) => row ?? '–' },
  { key: 'column', header: 'Column', width: 180, from: 'sm', cell: ({ column }) => column ?? '–' },
  { key: 'message', header: 'What', cell: ({ message }) => <Text fz="sm">{message}</Text> },
]

type Props = { record: ImportAnswer; code: string | undefined; onCode: (code: string | undefined) => void }

/** Every problem by row and column, a page at a time; `code` shows one kind only. */
export function ImportIssues({ record, code, onCode }: Props) {
  const version = JSON.stringify([record.counts, record.issue_counts])
  const chosen = code !== undefined && code in record.issue_counts ? code : undefined
  const paging = usePaging(version + (chosen ?? ''))
  const query = useQuery(issuesQuery(record.id, version, chosen, paging.cursor))
  if (record.issues_total === 0) return null
  const kinds = Object.entries(record.issue_counts).sort(([, one], [, other]) => other - one)
  return (
    <Panel
      title={`${plural(record.issues_total, 'remark')} about rows`}
      actions={
        <Button
          component="a"
          href={`/api/imports/${record.id}/issues.csv`}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          CSV
        </Button>
      }
    >
      <Group gap={6} mb="sm" role="group" aria-label="Kinds of remarks">
        <Kind label="All" active={chosen === undefined} onClick={() => onCode(undefined)} />
        {kinds.map(([kind, many]) => (
          <Kind
            key={kind}
            label={`${issueWord(kind)} ${count(many)}`}
            active={chosen === kind}
            onClick={() => onCode(kind)}
          />
        ))}
      </Group>
      <Loaded query={query} rows={5}>
        {(page) => (
          <>
            <DataTable
              label="Remarks about rows"
              rows={page.items}
              columns={columns}
              rowId={(issue) => `${issue.row ?? 'file'}-${issue.column ?? ''}-${issue.code}`}
            />
            <Pager paging={paging} page={page} limit={50} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Kind({ label, active, onClick }: { label: string; active: boolean; onClick: () => void }) {
  return (
    <Button size="compact-sm" variant={active ? 'filled' : 'default'} aria-pressed={active} onClick={onClick}>
      {label}
    </Button>
  )
}
