import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconMailFast, IconRefresh } from '@tabler/icons-react'
import type { CampaignAnswer, CampaignsAnswer } from '@/api'
import { EmptyState } from '@/components/empty-state'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { campaignStatusWords, wordFor } from '@/lib/words'
import { useRefreshCampaigns } from './api'
import classes from './exports.module.css'

type Props = {
  list: CampaignsAnswer
  chosen: CampaignAnswer | undefined
  onChoose: (id: string | undefined) => void
  onPlan: (id: string) => void
  notBefore: string
  onNotBefore: (moment: string) => void
  planning: boolean
  planned: boolean
}

const REFUSED = new Set(['STOPPED', 'DELETED'])

export function CampaignChoice({
  list,
  chosen,
  onChoose,
  onPlan,
  notBefore,
  onNotBefore,
  planning,
  planned,
}: Props) {
  const refresh = useRefreshCampaigns()
  const again = (
    <Group gap="sm">
      <Text fz="xs" c="dimmed">
        Woodpecker as of <Time at={list.fetched_at} />
      </Text>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        loading={refresh.isPending}
        onClick={() => refresh.mutate()}
      >
        Ask again
      </Button>
    </Group>
  )
  if (list.items.length === 0) {
    return (
      <EmptyState title="No campaigns known" action={again}>
        Make a campaign in Woodpecker, then ask again.
      </EmptyState>
    )
  }
  return (
    <Panel title="Which campaign?" actions={again}>
      <Radio.Group value={chosen?.id ?? ''} onChange={onChoose} aria-label="Campaign">
        <Stack gap="xs">
          {list.items.map((campaign) => (
            <CampaignCard key={campaign.id} campaign={campaign} />
          ))}
        </Stack>
      </Radio.Group>
      {chosen ? <Consequence campaign={chosen} /> : null}
      {chosen && !planned ? (
        <Group justify="space-between" align="flex-end" mt="md">
          <TextInput
            type="datetime-local"
            label="Not before (optional)"
            description="Woodpecker mails these people no earlier, in your own time."
            value={notBefore}
            onChange={(event) => onNotBefore(event.currentTarget.value)}
          />
          <Button onClick={() => onPlan(chosen.id)} loading={planning}>
            Show the plan
          </Button>
        </Group>
      ) : null}
    </Panel>
  )
}

function CampaignCard({ campaign }: { campaign: CampaignAnswer }) {
  const { id, name, status, prospects, from_emails: from, per_day: perDay } = campaign
  return (
    <Radio.Card value={id} className={classes.card ?? ''} disabled={REFUSED.has(status)} aria-label={name}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator mt={2} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Group gap={8}>
            <Text fw={600} fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            <StatusBadge word={wordFor(campaignStatusWords, status)} />
          </Group>
          <Text fz="xs" c="dimmed">
            {[
              prospects === null ? 'size unknown' : plural(prospects, 'person', 'people'),
              from.length > 0 ? `from ${from.join(', ')}` : '',
              perDay ? `${perDay} mails a day` : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          {campaign.last_error ? (
            <Text fz="xs" c="var(--mantine-color-error)">
              {campaign.last_error}
            </Text>
          ) : null}
        </div>
      </Group>
    </Radio.Card>
  )
}

/** What adding people to this campaign sets off. */
function Consequence({ campaign }: { campaign: CampaignAnswer }) {
  const { mails_on_enrol: mails, status } = campaign
  if (mails === 'no') return null
  return (
    <Alert
      mt="md"
      color="orange"
      icon={<IconMailFast />}
      title={mails === 'yes' ? 'Adding people here sends mail' : 'Adding people here may send mail'}
      role="status"
    >
      {mails === 'yes'
        ? `This campaign is ${wordFor(campaignStatusWords, status).label.toLowerCase()}: Woodpecker mails everybody you add, without another click.`
        : 'Woodpecker does not say clearly whether this campaign is sending. Treat it as if it were.'}
    </Alert>
  )
}
