import { Alert, Button, Checkbox, Group, Stack, Tooltip } from '@mantine/core'
import { IconDownload, IconSend } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignAnswer, PlanAnswer } from '@/api'
import { Problem } from '@/components/problem'
import { plural } from '@/lib/format'
import { type Override, useStartExport } from './api'
import { PlanChecks } from './plan-checks'
import { PlanPeople } from './plan-people'

type Props = {
  plan: PlanAnswer
  campaign: CampaignAnswer
  overrides: Override[]
  onOverride: (overrides: Override[]) => void
  onAgain: () => void
  onBack: () => void
}

/** The plan: who is added, who is kept out and why, whether the campaign fits, and when mail goes. The export does just this. */
export function PlanView({ plan, campaign, overrides, onOverride, onAgain, onBack }: Props) {
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
      <PlanPeople plan={plan} campaign={campaign} overrides={overrides} onOverride={onOverride} />
      <PlanChecks plan={plan} campaign={campaign} onAgain={onAgain} />
      {start.isError ? <Problem error={start.error} title="Nothing was started" /> : null}
      {sends && plan.counts.new > 0 ? (
        <Alert color="orange" title="Mail will go out">
          <Checkbox
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
            label={
              plan.send_after
                ? `Yes: Woodpecker may mail these ${plural(plan.counts.new, 'person', 'people')} from then on`
                : `Yes: Woodpecker may mail these ${plural(plan.counts.new, 'person', 'people')} right away`
            }
          />
        </Alert>
      ) : null}
      <Group justify="space-between">
        <Group>
          <Button variant="default" onClick={onBack}>
            Another campaign
          </Button>
          {plan.counts.new > 0 ? (
            <Tooltip label="For Woodpecker’s own import, should its API be out of reach">
              <Button
                component="a"
                href={`/api/exports/plans/${plan.plan_id}/export.csv`}
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
              >
                CSV for Woodpecker
              </Button>
            </Tooltip>
          ) : null}
        </Group>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={go}
          loading={start.isPending}
          disabled={plan.counts.new === 0 || plan.blocked !== null || (sends && !confirmed)}
        >
          Add {plural(plan.counts.new, 'person', 'people')}
        </Button>
      </Group>
    </Stack>
  )
}
