import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { CampaignAnswer, PlanAnswer, PlanFitAnswer } from '@/api'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { useReadSteps } from './api'
import { CampaignChecklist } from './campaign-checklist'
import { CampaignTexts } from './campaign-texts'

type Props = { plan: PlanAnswer; campaign: CampaignAnswer; onAgain: () => void }

/** Does the campaign fit the texts, who signs, when does mail go? What is red stops the export. */
export function PlanChecks({ plan, campaign, onAgain }: Props) {
  const read = useReadSteps(campaign.id)
  const again = () => read.mutate(undefined, { onSuccess: onAgain })
  return (
    <Panel
      title="Does the campaign fit?"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={read.isPending}
          onClick={again}
        >
          Read its steps again
        </Button>
      }
    >
      <Stack gap="sm">
        {plan.when ? (
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <IconClock size={18} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
            <Text fz="sm">{plan.when.sentence}</Text>
          </Group>
        ) : null}
        {plan.fits.map((fit) => (
          <TemplateFit
            key={`${fit.template_id}-${fit.template_version}`}
            fit={fit}
            campaign={campaign}
            onAgain={onAgain}
          />
        ))}
        {plan.senders.map((sender) => (
          <Line key={`${sender.name}${sender.email}`} good={sender.in_campaign}>
            {sender.in_campaign
              ? `${plural(sender.people, 'text')} signed by ${sender.name}, who sends this campaign.`
              : `${plural(sender.people, 'person', 'people')} would get texts signed by ${sender.name}, who is not among the campaign's senders. Choose a campaign of this sender.`}
          </Line>
        ))}
      </Stack>
    </Panel>
  )
}

const SENTENCES: Record<string, string> = {
  not_read:
    'The campaign’s steps were not read yet. They are read before the first person is added; or read them now.',
  empty: 'The campaign has no step yet: nothing would be mailed.',
  unreadable:
    'Woodpecker cannot show this campaign’s steps. Open the campaign there, compare, and tick what fits.',
}

function TemplateFit({
  fit,
  campaign,
  onAgain,
}: {
  fit: PlanFitAnswer
  campaign: CampaignAnswer
  onAgain: () => void
}) {
  const [pasting, setPasting] = useState(false)
  const whose = `“${fit.template_name}”, version ${fit.template_version}, ${plural(fit.people, 'person', 'people')}`
  const isGood = fit.reading === 'read' && fit.blocking.length === 0
  return (
    <div>
      {fit.blocking.length > 0 ? (
        <Alert color="red" title={`Does not fit ${whose}`} icon={<IconAlertTriangle />} role="status">
          <Findings messages={fit.blocking.map(({ message }) => message)} />
        </Alert>
      ) : null}
      {isGood ? <Line good>{`The steps fit ${whose}.`}</Line> : null}
      {fit.reading !== 'read' ? <Line good={false}>{SENTENCES[fit.reading]}</Line> : null}
      {fit.warnings.length > 0 ? (
        <Alert color="yellow" title="Worth a look" mt="xs" role="status">
          <Findings messages={fit.warnings.map(({ message }) => message)} />
        </Alert>
      ) : null}
      {fit.reading === 'unreadable' ? (
        <CampaignChecklist campaignId={campaign.id} templateId={fit.template_id} onDone={onAgain} />
      ) : null}
      <Group gap="sm" mt={4}>
        <Button size="compact-xs" variant="subtle" onClick={() => setPasting(true)}>
          Texts to paste into a campaign
        </Button>
        {fit.as_of ? (
          <Text fz="xs" c="dimmed" component="div">
            Steps as of <Time at={fit.as_of} />
          </Text>
        ) : null}
      </Group>
      {pasting ? <CampaignTexts templateId={fit.template_id} onClose={() => setPasting(false)} /> : null}
    </div>
  )
}

function Findings({ messages }: { messages: string[] }) {
  return (
    <List fz="sm">
      {messages.map((message) => (
        <List.Item key={message}>{message}</List.Item>
      ))}
    </List>
  )
}

function Line({ good, children }: { good: boolean; children: string | undefined }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      {good ? (
        <IconCircleCheck
          size={18}
          color="var(--mantine-color-green-8)"
          aria-hidden
          style={{ flex: 'none', marginTop: 2 }}
        />
      ) : (
        <IconAlertTriangle
          size={18}
          color="var(--mantine-color-orange-8)"
          aria-hidden
          style={{ flex: 'none', marginTop: 2 }}
        />
      )}
      <Text fz="sm">{children}</Text>
    </Group>
  )
}
