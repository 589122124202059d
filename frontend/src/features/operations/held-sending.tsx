import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReconciliationAnswer, UnknownHere } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { useMay } from '@/lib/session'
import { humanise } from '@/lib/words'
import { reconciliationQuery, useReconcile } from './api'

const why: Record<string, string> = {
  restored:
    'The database comes from a backup. What was sent since then must be compared with Woodpecker first.',
  database_behind: 'The database is older than what was last sent. Compare it with Woodpecker first.',
  other_database: 'This is another database than the one that last sent. Compare it with Woodpecker first.',
  epoch_missing: 'The file that remembers what was last sent is missing. Compare with Woodpecker first.',
}

/** After a restore nothing is sent until our record agrees with Woodpecker: compare, take over, release. */
export function HeldSending({ reason }: { reason: string | null }) {
  const query = useQuery(reconciliationQuery)
  const act = useReconcile()
  const mayAdminister = useMay('administer')
  const state = query.data
  return (
    <Panel title="Sending is held">
      <Stack gap="md">
        <Alert color="red" icon={<IconHandStop />} role="alert">
          {why[reason ?? ''] ?? humanise(reason ?? 'held')}
        </Alert>
        {act.isError ? <Problem error={act.error} title="Nothing was changed" /> : null}
        {state ? <Standing state={state} /> : null}
        {mayAdminister ? (
          <Group gap="xs">
            <Button
              loading={act.isPending || state?.status === 'reading'}
              onClick={() => act.mutate('compare')}
            >
              Compare with Woodpecker
            </Button>
            <Button
              variant="default"
              disabled={act.isPending || state?.status !== 'ready' || state.unknown_here === 0}
              onClick={() => act.mutate('adopt')}
            >
              Take over what is unknown here
            </Button>
            <Button
              variant="default"
              disabled={act.isPending || state?.status !== 'ready'}
              onClick={() => act.mutate('release')}
            >
              Let sending go on
            </Button>
          </Group>
        ) : (
          <Text fz="sm" c="dimmed">
            An admin compares and releases.
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

function Standing({ state }: { state: ReconciliationAnswer }) {
  if (state.status === 'none') return <Text fz="sm">Nothing was compared yet.</Text>
  if (state.status === 'reading') return <Text fz="sm">Reading the account; this can take minutes.</Text>
  if (state.status === 'failed') return <Text fz="sm">The account could not be read: {state.error}</Text>
  return (
    <>
      <Text fz="sm" component="div">
        As of <Time at={state.as_of} />: {plural(state.unknown_here, 'person', 'people')} in campaigns of whom
        this database has no record, {state.missing_there} added by us and not there any more.
      </Text>
      {state.items.length > 0 ? (
        <DataTable
          label="Unknown here"
          rows={state.items}
          columns={columns}
          rowId={({ lead_id }) => lead_id}
        />
      ) : null}
    </>
  )
}

const columns: Column<UnknownHere>[] = [
  {
    key: 'email',
    header: 'Person',
    cell: ({ lead_id, email }) => (
      <LinkText to="/leads/$leadId" params={{ leadId: lead_id }} fz="sm">
        {email}
      </LinkText>
    ),
  },
  { key: 'campaign', header: 'Campaign', cell: ({ campaign_name }) => <Text fz="sm">{campaign_name}</Text> },
  {
    key: 'can',
    header: 'Can be taken over',
    cell: ({ adoptable }) => (adoptable ? 'Yes' : 'No: it has no texts here'),
  },
]
