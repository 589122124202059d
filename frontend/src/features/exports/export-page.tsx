import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconHandStop, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Suspense, lazy, useState } from 'react'
import type { ExportAnswer, ItemAnswer } from '@/api'
import { LinkText } from '@/components/links'
import { type CountChip, CountChips } from '@/components/count-chips'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { RunControls } from '@/components/run-controls'
import { RunProgress } from '@/components/run-progress'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { useMay } from '@/lib/session'
import { exportItemWords, exportReasonWords, humanise, runStatusWords, wordFor } from '@/lib/words'
import { PAGE, exportQuery, itemsQuery, useSteerExport } from './api'
import { ResumeButton } from './resume-button'
import { Countdown } from './countdown'
import { TakeBack } from './take-back'

const ByHand = lazy(async () => ({ default: (await import('./by-hand')).ByHand }))
const route = getRouteApi('/exports/$exportId')

export function ExportPage() {
  const { exportId } = route.useParams()
  const query = useQuery(exportQuery(exportId))
  const steer = useSteerExport(exportId)
  const mayWork = useMay('work')
  const mayManage = useMay('manage')
  const [byHand, setByHand] = useState(false)
  return (
    <Stack gap="md">
      <Loaded query={query} rows={8}>
        {(run) => (
          <>
            <PageHeader
              title={run.campaign_name}
              description={
                <Group gap="xs">
                  <StatusBadge word={wordFor(runStatusWords, run.status)} />
                  <Text fz="sm">
                    started <Time at={run.created_at} />
                  </Text>
                </Group>
              }
              actions={
                <>
                  {mayWork ? (
                    <RunControls
                      status={run.status}
                      busy={steer.isPending}
                      onSteer={steer.mutate}
                      resume={<ResumeButton run={run} />}
                    />
                  ) : null}
                  {mayWork && mayBeDoneByHand(run) ? (
                    <Button
                      variant="default"
                      leftSection={<IconHandStop size={16} aria-hidden />}
                      onClick={() => setByHand(true)}
                    >
                      Done by hand…
                    </Button>
                  ) : null}
                  {mayWork && run.counts.failed > 0 ? (
                    <Button
                      variant="default"
                      leftSection={<IconRefresh size={16} aria-hidden />}
                      disabled={steer.isPending}
                      onClick={() => steer.mutate('retry')}
                    >
                      Try the failed again
                    </Button>
                  ) : null}
                  <Button
                    component="a"
                    href={`/api/exports/${exportId}/export.csv`}
                    variant="default"
                    leftSection={<IconDownload size={16} aria-hidden />}
                  >
                    CSV for Woodpecker
                  </Button>
                </>
              }
            />
            <Suspense>{byHand ? <ByHand run={run} onClose={() => setByHand(false)} /> : null}</Suspense>
            <Countdown run={run} />
            <Progress run={run} />
            {mayManage ? <TakeBack exportId={exportId} /> : null}
            <Items run={run} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

/** While it runs it could add the same people, and what is being checked may be there already. */
function mayBeDoneByHand({ status, counts }: ExportAnswer): boolean {
  if (status === 'queued' || status === 'running' || counts.sending + counts.unknown > 0) return false
  return counts.failed > 0 || (status === 'paused' && counts.queued > 0)
}

function Progress({ run }: { run: ExportAnswer }) {
  const { counts } = run
  const open = counts.queued + counts.sending + counts.unknown
  return (
    <>
      {run.reason ? (
        <Alert color="yellow" title={run.status === 'paused' ? 'The export is paused' : 'Why'}>
          {exportReasonWords[run.reason] ?? humanise(run.reason)}
        </Alert>
      ) : null}
      <Panel>
        <RunProgress
          label="People dealt with"
          done={counts.total - open}
          total={counts.total}
          failed={counts.failed + counts.rejected}
          running={run.status === 'running' || run.status === 'queued'}
        />
      </Panel>
    </>
  )
}

const states = [
  'queued',
  'sending',
  'unknown',
  'added',
  'already_in_campaign',
  'rejected',
  'failed',
  'skipped',
  'cancelled',
] as const

function Items({ run }: { run: ExportAnswer }) {
  const { status } = route.useSearch()
  const navigate = useNavigate()
  const paging = usePaging(status ?? '')
  const query = useQuery(itemsQuery(run.id, status, paging.cursor))
  const filter = (next: string) =>
    void navigate({
      to: '/exports/$exportId',
      params: { exportId: run.id },
      search: next === status ? {} : { status: next },
      replace: true,
    })
  const chips: CountChip[] = states
    .filter((state) => run.counts[state] > 0 || state === 'added')
    .map((state) => ({
      ...wordFor(exportItemWords, state),
      value: run.counts[state],
      active: status === state,
      onClick: () => filter(state),
    }))
  return (
    <>
      <CountChips label="People by outcome" chips={chips} />
      <Loaded query={query} rows={6}>
        {(page) => (
          <div>
            <DataTable
              label="People of this export"
              rows={page.items}
              columns={columns}
              rowId={({ id }) => id}
              stale={query.isPlaceholderData}
            />
            <Pager paging={paging} page={page} limit={PAGE} />
          </div>
        )}
      </Loaded>
    </>
  )
}

const columns: Column<ItemAnswer>[] = [
  {
    key: 'email',
    header: 'Person',
    cell: ({ email, lead_id }) => (
      <LinkText to="/leads/$leadId" params={{ leadId: lead_id }} fz="sm" className="cut" title={email}>
        {email}
      </LinkText>
    ),
  },
  {
    key: 'status',
    header: 'Outcome',
    cell: ({ status, error, content_differs }) => (
      <>
        <StatusBadge word={wordFor(exportItemWords, status)} />
        {content_differs ? (
          <Text fz="xs" c="dimmed">
            with other texts than ours
          </Text>
        ) : null}
        {error ? (
          <Text fz="xs" c="dimmed">
            {error}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'attempts',
    header: 'Tries',
    align: 'right',
    width: 70,
    from: 'md',
    cell: ({ attempts }) => attempts,
  },
  {
    key: 'at',
    header: 'Changed',
    width: 140,
    from: 'md',
    cell: ({ updated_at }) => <Time at={updated_at} />,
  },
]
