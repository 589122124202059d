import { Alert, Button, Code, Stack, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { AuditAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { humanise } from '@/lib/words'
import { PAGE, auditQuery, useVerifyAudit } from './api'

export function AuditPage() {
  const paging = usePaging('')
  const query = useQuery(auditQuery(paging.cursor))
  const verify = useVerifyAudit()
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
      {verify.data ? <Verdict {...verify.data} /> : null}
      <Loaded query={query} rows={8}>
        {(page) => (
          <div>
            <DataTable
              label="Audit"
              rows={page.items}
              columns={columns}
              rowId={({ id }) => String(id)}
              stale={query.isPlaceholderData}
            />
            <Pager paging={paging} page={page} limit={PAGE} />
          </div>
        )}
      </Loaded>
    </Stack>
  )
}

function Verdict({ ok, checked, first_bad_id }: { ok: boolean; checked: number; first_bad_id?: unknown }) {
  return ok ? (
    <Alert color="spruce" icon={<IconShieldCheck />} title="The record is whole" role="status">
      {plural(checked, 'line')} checked, each follows from the one before.
    </Alert>
  ) : (
    <Alert color="red" icon={<IconShieldX />} title="The record was tampered with" role="alert">
      {plural(checked, 'line')} checked. The first line that does not fit is{' '}
      <Code>{String(first_bad_id)}</Code>. Keep the database as it is and compare it with the last backup.
    </Alert>
  )
}

const columns: Column<AuditAnswer>[] = [
  { key: 'at', header: 'When', width: 150, cell: ({ at }) => <Time at={at} /> },
  { key: 'who', header: 'Who', cell: ({ actor }) => <Text fz="sm">{actor ?? 'The program'}</Text> },
  {
    key: 'action',
    header: 'What',
    cell: ({ action }) => (
      <Text fz="sm" fw={600}>
        {humanise(action)}
      </Text>
    ),
  },
  {
    key: 'subject',
    header: 'On',
    from: 'sm',
    cell: ({ subject }) => <Code className="cut">{subject ?? '–'}</Code>,
  },
]
