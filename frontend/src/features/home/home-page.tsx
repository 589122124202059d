import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconChecklist, IconLifebuoy, IconSend, IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LinkButton, LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count, plural } from '@/lib/format'
import { useMay } from '@/lib/session'
import { runStatusWords, wordFor } from '@/lib/words'
import { type Standing, openExportsQuery, standingQuery } from './api'
import { FirstSteps } from './first-steps'
import { HeldPeople } from './held-people'
import classes from './home.module.css'
import { RetentionQuestion } from './retention-question'

export function HomePage() {
  const standing = useQuery(standingQuery)
  return (
    <Stack gap="lg">
      <PageHeader title="Home" description="What needs you now, in the order of the work" />
      <RetentionQuestion />
      <Loaded query={standing} rows={4}>
        {(now) => (
          <>
            <FirstSteps now={now} />
            <Needs now={now} />
          </>
        )}
      </Loaded>
      <OpenExports />
      <HeldPeople />
    </Stack>
  )
}

function Needs({ now }: { now: Standing }) {
  const mayWork = useMay('work')
  if (now.total === 0) return null
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }} spacing="md">
      <Need
        icon={<IconChecklist size={22} aria-hidden />}
        value={now.drafts}
        text={now.drafts === 1 ? 'draft to review' : 'drafts to review'}
        idle="Nothing to review"
        action={
          <LinkButton to="/review" size="xs">
            Review
          </LinkButton>
        }
      />
      <Need
        icon={<IconSend size={22} aria-hidden />}
        value={now.approved}
        text="approved, not yet in a campaign"
        idle="No approved lead waits"
        action={
          mayWork ? (
            <LinkButton to="/exports/new" search={{ status: 'approved' }} size="xs">
              Add to a campaign
            </LinkButton>
          ) : null
        }
      />
      <Need
        icon={<IconSparkles size={22} aria-hidden />}
        value={now.new}
        text={now.new === 1 ? 'lead without texts' : 'leads without texts'}
        idle="Every lead has texts"
        action={
          mayWork ? (
            <LinkButton to="/generations/new" search={{ status: 'imported' }} size="xs">
              Write sequences
            </LinkButton>
          ) : null
        }
      />
      <Need
        icon={<IconLifebuoy size={22} aria-hidden />}
        value={now.needHelp}
        text={now.needHelp === 1 ? 'lead needs help' : 'leads need help'}
        idle="Nobody needs help"
        action={
          <LinkButton to="/leads" search={{ status: 'failed' }} size="xs" color="red.8">
            Look
          </LinkButton>
        }
      />
    </SimpleGrid>
  )
}

type NeedProps = { icon: ReactNode; value: number; text: string; idle: string; action: ReactNode }

function Need({ icon, value, text, idle, action }: NeedProps) {
  const waiting = value > 0
  return (
    <section className={classes.need} data-waiting={waiting} aria-label={text}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <span className={classes.icon}>{icon}</span>
        <div>
          {waiting ? (
            <>
              <Text fz={26} fw={700} lh={1.15} className="numbers">
                {count(value)}
              </Text>
              <Text fz="sm">{text}</Text>
            </>
          ) : (
            <Text fz="sm" c="dimmed">
              {idle}
            </Text>
          )}
        </div>
      </Group>
      {waiting ? action : null}
    </section>
  )
}

function OpenExports() {
  const query = useQuery(openExportsQuery)
  if (!query.data || query.data.length === 0) return null
  return (
    <Panel title="Exports that are not finished, or had trouble">
      <Stack gap="xs">
        {query.data.map((run) => (
          <Group key={run.id} justify="space-between" gap="xs">
            <Group gap="sm">
              <LinkText to="/exports/$exportId" params={{ exportId: run.id }} fw={600} fz="sm">
                {run.campaign_name}
              </LinkText>
              <StatusBadge word={wordFor(runStatusWords, run.status)} />
            </Group>
            <Text fz="sm" c="dimmed" component="span">
              {run.counts.failed > 0 ? `${plural(run.counts.failed, 'person', 'people')} failed · ` : ''}
              <Time at={run.created_at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}
