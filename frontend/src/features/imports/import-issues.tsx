import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ImportAnswer, IssueAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { plural } from '@/lib/format'
import { issuesQuery } from './api'

const columns: Column<IssueAnswer>[] = [
  { key: 'row', header: 'Row', align: 'right', width: 72, cell: ({ row }) => row ?? '–' },
  { key: 'column', header: 'Column', width: 180, from: 'sm', cell: ({ column }) => column ?? '–' },
  { key: 'message', header: 'What', cell: ({ message }) => <Text fz="sm">{message}</Text> },
]

/** Every problem by row and column, a page at a time. */
export function ImportIssues({ record }: { record: ImportAnswer }) {
  const version = JSON.stringify([record.counts, record.issues_total])
  const paging = usePaging(version)
  const query = useQuery(issuesQuery(record.id, version, paging.cursor))
  if (record.issues_total === 0) return null
  return (
    <Panel title={`${plural(record.issues_total, 'remark')} about rows`}>
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
