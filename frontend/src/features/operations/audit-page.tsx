import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { AuditAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { SearchBox } from '@/components/search-box'
import { SelectFilter } from '@/components/select-filter'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { ownerOptions, useUsers } from '@/lib/users'
import { humanise } from '@/lib/words'
import { type AuditSearch, PAGE, auditQuery, useVerifyAudit } from './api'
import { AuditDetail } from './audit-detail'

const route = getRouteApi('/audit')

export function AuditPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const users = useUsers()
  const paging = usePaging(JSON.stringify(search))
  const query = useQuery(auditQuery(search, paging.cursor))
  const verify = useVerifyAudit()
  const change = (next: { [Name in keyof AuditSearch]?: string | undefined }) =>
    void navigate({ to: '/audit', search: { ...search, ...next }, replace: true })
  return (
    <Stack gap="md">
      <PageHeader
        title="Audit"
        description="Everything anybody did, in a chain that shows when a line was changed or removed"
        actions={
          <Button
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            onClick={() => verify.mutate()}
            loading={verify.isPending}
          >
            Verify the chain
          </Button>
        }
      />
      {verify.data ? (
        <Verdict ok={verify.data.ok} checked={verify.data.checked} firstBad={verify.data.first_bad_id} />
      ) : null}
      <Group gap="sm">
        <SelectFilter
          label="Who"
          all="Anybody"
          value={search.actor}
          onChange={(actor) => change({ actor })}
          options={[
            { value: 'system', label: 'The program' },
            ...ownerOptions(users, false).filter(({ value }) => value !== 'me'),
          ]}
        />
        <SearchBox
          label="Action"
          placeholder="Action, such as lead.edited"
          value={search.action ?? ''}
          onChange={(action) => change({ action })}
        />
      </Group>
      <Loaded query={query} rows={8}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState title="No line matches">
              Actions are written out in full, such as lead.edited.
            </EmptyState>
          ) : (
            <div>
              <DataTable
                label="Audit"
                rows={page.items}
                columns={columns}
                rowId={({ id }) => id}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </div>
          )
        }
      </Loaded>
    </Stack>
  )
}

function Verdict({ ok, checked, firstBad }: { ok: boolean; checked: number; firstBad: string | null }) {
  return ok ? (
    <Alert color="spruce" icon={<IconShieldCheck />} title="The record is whole" role="status">
      {plural(checked, 'line')} checked, each follows from the one before.
    </Alert>
  ) : (
    <Alert color="red" icon={<IconShieldX />} title="The record was tampered with" role="alert">
      {plural(checked, 'line')} checked. The first line that does not fit is <Code>{firstBad}</Code>. Keep the
      database as it is and compare it with the last backup.
    </Alert>
  )
}

const columns: Column<AuditAnswer>[] = [
  { key: 'at', header: 'When', width: 140, cell: ({ at }) => <Time at={at} /> },
  { key: 'who', header: 'Who', width: 180, cell: ({ actor }) => <Text fz="sm">{humanise(actor)}</Text> },
  {
    key: 'action',
    header: 'What',
    width: 240,
    cell: ({ action, count }) => (
      <Text fz="sm" fw={600}>
        {humanise(action)}
        {count > 1 ? ` (${count})` : ''}
      </Text>
    ),
  },
  { key: 'detail', header: 'Before and after', from: 'sm', cell: (line) => <AuditDetail line={line} /> },
]
