import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignAnswer, PlanAnswer, PlanItemAnswer } from '@/api'
import { type CountChip, CountChips } from '@/components/count-chips'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { exclusionWords, humanise } from '@/lib/words'
import { PAGE, planItemsQuery, useStartExport } from './api'
import { SentFields } from './sent-fields'

type Props = { plan: PlanAnswer; campaign: CampaignAnswer; onBack: () => void }

/** The plan: who is added, who is kept out and why, and what exactly is sent. The export does just this. */
export function PlanView({ plan, campaign, onBack }: Props) {
  const navigate = useNavigate()
  const start = useStartExport()
  const sends = campaign.mails_on_enrol !== 'no'
  const [confirmed, setConfirmed] = useState(false)
  const go = () =>
    start.mutate(
      { campaign_id: campaign.id, plan_id: plan.plan_id, confirm_sending: sends && confirmed },
      { onSuccess: ({ id }) => void navigate({ to: '/exports/$exportId', params: { exportId: id } }) },
    )
  return (
    <Stack gap="md">
      <PlanPeople plan={plan} campaign={campaign} />
      {start.isError ? <Problem error={start.error} title="Nothing was started" /> : null}
      {sends && plan.counts.new > 0 ? (
        <Alert color="orange" title="Mail will go out">
          <Checkbox
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
            label={`Yes: Woodpecker may mail these ${plural(plan.counts.new, 'person', 'people')} right away`}
          />
        </Alert>
      ) : null}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          Another campaign
        </Button>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={go}
          loading={start.isPending}
          disabled={plan.counts.new === 0 || (sends && !confirmed)}
        >
          Add {plural(plan.counts.new, 'person', 'people')}
        </Button>
      </Group>
    </Stack>
  )
}

function PlanPeople({ plan, campaign }: { plan: PlanAnswer; campaign: CampaignAnswer }) {
  const [decision, setDecision] = useState<string>()
  const paging = usePaging(decision ?? '')
  const query = useQuery(planItemsQuery(plan.plan_id, decision, paging.cursor))
  const chip = (code: string, value: number): CountChip => ({
    label: exclusionWords[code] ?? humanise(code),
    value,
    tone: code === 'new' ? 'good' : 'attention',
    active: decision === code,
    onClick: () => setDecision(decision === code ? undefined : code),
  })
  return (
    <>
      <CountChips
        label="The plan"
        chips={[
          chip('new', plan.counts.new),
          ...Object.entries(plan.excluded).map(([code, n]) => chip(code, n)),
        ]}
      />
      <Panel
        title={`The plan for ${campaign.name}`}
        actions={
          <Text fz="xs" c="dimmed" component="div">
            Members as of <Time at={plan.membership_as_of} />
          </Text>
        }
      >
        <Loaded query={query} rows={4}>
          {(page) => (
            <>
              <DataTable
                label="People of the plan"
                rows={page.items}
                columns={columns}
                rowId={({ lead_id }) => lead_id}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </>
          )}
        </Loaded>
      </Panel>
    </>
  )
}

const columns: Column<PlanItemAnswer>[] = [
  {
    key: 'email',
    header: 'Person',
    cell: ({ email }) => (
      <Text fz="sm" className="cut" title={email}>
        {email}
      </Text>
    ),
  },
  {
    key: 'decision',
    header: 'Decision',
    cell: ({ decision, detail }) => (
      <>
        <StatusBadge
          word={{
            label: exclusionWords[decision] ?? humanise(decision),
            tone: decision === 'new' ? 'good' : 'attention',
          }}
        />
        {detail ? (
          <Text fz="xs" c="dimmed">
            {detail}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'fields',
    header: 'What is sent',
    from: 'sm',
    cell: ({ fields, email }) => <SentFields fields={fields} name={email} />,
  },
]
