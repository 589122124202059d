import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { RunShown } from '@/api'
import { CountChips } from '@/components/count-chips'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { Money } from '@/components/money'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { RunControls } from '@/components/run-controls'
import { RunProgress } from '@/components/run-progress'
import { StatusBadge } from '@/components/status-badge'
import { count } from '@/lib/format'
import { useMay } from '@/lib/session'
import { runStatusWords, wordFor } from '@/lib/words'
import { generationQuery, useSteerRun } from './api'
import { FailedItems } from './failed-items'
import { ResumeRun } from './resume-run'
import { SentBatches } from './sent-batches'

const route = getRouteApi('/generations/$generationId')

export function GenerationPage() {
  const { generationId } = route.useParams()
  const query = useQuery(generationQuery(generationId))
  const steer = useSteerRun(generationId)
  const mayWork = useMay('work')
  return (
    <Stack gap="md">
      <Loaded query={query} rows={6}>
        {(run) => (
          <>
            <PageHeader
              title="Writing sequences"
              description={<Facts run={run} />}
              actions={
                <>
                  {mayWork ? (
                    <RunControls
                      status={run.status}
                      busy={steer.isPending}
                      onSteer={steer.mutate}
                      resume={<ResumeRun run={run} />}
                    />
                  ) : null}
                  {mayWork && run.counts.failed > 0 ? (
                    <Button
                      variant="default"
                      disabled={steer.isPending}
                      onClick={() => steer.mutate('retry')}
                    >
                      Try the failed again
                    </Button>
                  ) : null}
                  {run.counts.done > 0 ? (
                    <LinkButton
                      to="/review"
                      search={{ run_id: generationId }}
                      leftSection={<IconChecklist size={16} aria-hidden />}
                    >
                      Review the drafts
                    </LinkButton>
                  ) : null}
                </>
              }
            />
            <RunBody run={run} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Facts({ run }: { run: RunShown }) {
  const told = [
    `${run.template_name}, version ${run.template_version}`,
    run.model,
    run.mode === 'batch' ? 'as a batch, at half the price' : 'written now',
    typeof run.sender?.name === 'string' ? `signed by ${run.sender.name}` : null,
  ]
  return (
    <Group gap="xs" component="span">
      <StatusBadge word={wordFor(runStatusWords, run.status)} />
      <span>{told.filter(Boolean).join(' · ')}</span>
    </Group>
  )
}

function RunBody({ run }: { run: RunShown }) {
  const { counts, cost } = run
  return (
    <>
      {run.reason ? (
        <Alert color="yellow" title={run.status === 'paused' ? 'Writing is paused' : 'Why'}>
          {run.reason}
        </Alert>
      ) : null}
      <Panel>
        <RunProgress
          label="Sequences written"
          done={counts.done + counts.failed}
          failed={counts.failed}
          total={counts.total}
          running={run.status === 'running' || run.status === 'queued'}
        />
      </Panel>
      <CountChips
        label="Sequences of this run"
        chips={[
          { label: 'written', value: counts.done, tone: 'good' },
          { label: 'with remarks', value: counts.flagged, tone: 'attention' },
          { label: 'failed', value: counts.failed, tone: 'bad' },
          { label: 'in all', value: counts.total },
        ]}
      />
      <Panel title="Cost so far">
        <Group gap="xl">
          <Text fz="sm">
            <Money value={cost.usd} /> · {count(cost.input_tokens)} tokens in, {count(cost.output_tokens)} out
          </Text>
          {Number(cost.uncertain_usd) > 0 ? (
            <Text fz="sm" c="dimmed">
              and up to <Money value={cost.uncertain_usd} /> for answers that never arrived
            </Text>
          ) : null}
          {run.budget_usd ? (
            <Text fz="sm" c="dimmed">
              of a budget of <Money value={run.budget_usd} />
            </Text>
          ) : null}
        </Group>
      </Panel>
      {run.batches && run.batches.length > 0 ? <SentBatches batches={run.batches} /> : null}
      {counts.failed > 0 ? <FailedItems generationId={run.id} failed={counts.failed} /> : null}
    </>
  )
}
