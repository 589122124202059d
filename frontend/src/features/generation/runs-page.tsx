import { Stack, Text } from '@mantine/core'
import { IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunShown, UserAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { LinkButton, RowLink } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { Money } from '@/components/money'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { useMay } from '@/lib/session'
import { userName, useUsers } from '@/lib/users'
import { runStatusWords, wordFor } from '@/lib/words'
import { PAGE, runsQuery } from './api'

export function RunsPage() {
  const paging = usePaging('')
  const query = useQuery(runsQuery(paging.cursor))
  const mayWork = useMay('work')
  const users = useUsers()
  const shown = useMemo(() => columns(users), [users])
  const start = (
    <LinkButton
      to="/generations/new"
      search={{ status: 'imported' }}
      leftSection={<IconSparkles size={16} aria-hidden />}
    >
      Write sequences
    </LinkButton>
  )
  return (
    <Stack gap="md">
      <PageHeader
        title="Runs"
        description="Each time Claude was asked to write: for how many, by which template, at what cost"
        actions={mayWork ? start : null}
      />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState
              icon={<IconSparkles size={40} stroke={1.4} />}
              title="Nothing was written yet"
              action={mayWork ? start : null}
            >
              Choose leads and a template, see what it will cost, and let Claude write. The drafts then wait
              in Review.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="Runs"
                rows={page.items}
                rowId={({ id }) => id}
                columns={shown}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

function columns(users: UserAnswer[]): Column<RunShown>[] {
  return [
    { key: 'run', header: 'Template', cell: (run) => <Which run={run} /> },
    {
      key: 'status',
      header: 'Status',
      width: 120,
      cell: ({ status }) => <StatusBadge word={wordFor(runStatusWords, status)} />,
    },
    number('done', 'Written', ({ counts }) => count(counts.done)),
    number('failed', 'Failed', ({ counts }) => count(counts.failed), 'sm'),
    number('left', 'Left', ({ counts }) => count(counts.queued + counts.running), 'sm'),
    number('spent', 'Spent', ({ cost }) => <Money value={cost.usd} />, 'sm'),
    {
      key: 'by',
      header: 'By',
      from: 'md',
      cell: ({ created_by }) => (
        <Text fz="sm" className="cut">
          {userName(users, created_by) ?? '–'}
        </Text>
      ),
    },
    {
      key: 'at',
      header: 'Started',
      from: 'sm',
      width: 150,
      cell: ({ created_at }) => <Time at={created_at} />,
    },
  ]
}

function number(key: string, header: string, cell: Column<RunShown>['cell'], from?: 'sm'): Column<RunShown> {
  return { key, header, align: 'right', width: 90, cell, ...(from ? { from } : {}) }
}

function Which({ run }: { run: RunShown }) {
  const told = [
    `version ${run.template_version}`,
    run.mode === 'batch' ? 'as a batch' : null,
    run.instruction ? 'with an instruction' : null,
  ]
  return (
    <>
      <RowLink
        to={{ to: '/generations/$generationId', params: { generationId: run.id } }}
        title={run.template_name}
      >
        {run.template_name}
      </RowLink>
      <Text fz="xs" c="dimmed" className="cut">
        {told.filter(Boolean).join(' · ')}
      </Text>
    </>
  )
}
