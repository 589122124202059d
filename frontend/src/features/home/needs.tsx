import { Group, SimpleGrid, Text } from '@mantine/core'
import { IconChecklist, IconLifebuoy, IconSend, IconSparkles } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { HomeAnswer } from '@/api'
import { LinkButton } from '@/components/links'
import { count } from '@/lib/format'
import { useMay, useSession } from '@/lib/session'
import classes from './home.module.css'
import { inTotal } from './totals'

/** What waits for a person's hands, in the order of the work. */
export function Needs({ now }: { now: HomeAnswer }) {
  const mayWork = useMay('work')
  const me = useSession()?.user_id ?? ''
  const mine = now.drafts_by_owner[me] ?? 0
  const { approved = 0, imported = 0, failed = 0 } = now.leads
  if (inTotal(now) === 0) return null
  return (
    <SimpleGrid cols={{ base: 2, xl: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <Need
        icon={<IconChecklist size={22} aria-hidden />}
        value={now.drafts}
        text={now.drafts === 1 ? 'draft to review' : 'drafts to review'}
        more={mine > 0 && mine < now.drafts ? `${count(mine)} of leads of yours` : null}
        idle="Nothing to review"
        action={
          <Group gap="xs">
            <LinkButton to="/review" size="xs">
              Review
            </LinkButton>
            {mine > 0 && mine < now.drafts ? (
              <LinkButton to="/review" search={{ owner: 'me' }} size="xs" variant="default">
                Only mine
              </LinkButton>
            ) : null}
          </Group>
        }
      />
      <Need
        icon={<IconSend size={22} aria-hidden />}
        value={approved}
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
        value={imported}
        text={imported === 1 ? 'lead without texts' : 'leads without texts'}
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
        value={failed}
        text={failed === 1 ? 'lead needs help' : 'leads need help'}
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

type NeedProps = {
  icon: ReactNode
  value: number
  text: string
  more?: string | null
  idle: string
  action: ReactNode
}

function Need({ icon, value, text, more = null, idle, action }: NeedProps) {
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
              {more ? (
                <Text fz="xs" c="dimmed">
                  {more}
                </Text>
              ) : null}
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
