import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignAnswer, PlanAnswer, PlanItem } from '@/api'
import { CountChips } from '@/components/count-chips'
import { type Column, DataTable } from '@/components/data-table'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count, plural } from '@/lib/format'
import { exclusionWords, humanise } from '@/lib/words'
import { useStartExport } from './api'
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
      <CountChips
        label="The plan"
        chips={[
          { label: 'will be added', value: plan.counts.new, tone: 'good' },
          ...Object.entries(plan.excluded).map(([reason, value]) => ({
            label: (exclusionWords[reason] ?? humanise(reason)).toLowerCase(),
            value,
            tone: 'attention' as const,
          })),
        ]}
      />
      <Panel
        title={`The plan for ${campaign.name}`}
        actions={
          <Text fz="xs" c="dimmed">
            Members as of <Time at={plan.membership_as_of} />
          </Text>
        }
      >
        <DataTable
          label="People of the plan"
          rows={plan.items}
          columns={columns}
          rowId={({ lead_id }) => lead_id}
        />
        {plan.items_total > plan.items.length ? (
          <Text fz="sm" c="dimmed" mt="xs">
            and {count(plan.items_total - plan.items.length)} more
          </Text>
        ) : null}
      </Panel>
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

const columns: Column<PlanItem>[] = [
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
