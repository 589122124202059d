import { SimpleGrid, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { LinkButton } from '@/components/links'
import { Panel } from '@/components/panel'
import type { Standing } from './api'
import classes from './home.module.css'

const steps = [
  {
    name: 'Import a list',
    hint: 'Drop a CSV, see what is in it',
    action: 'Import',
    to: '/import' as const,
    search: {},
  },
  {
    name: 'Have sequences written',
    hint: 'Estimate first, then try on three',
    action: 'Write',
    to: '/generations/new' as const,
    search: { status: 'imported' },
  },
  {
    name: 'Review them',
    hint: 'Fix the few weak ones, approve the rest',
    action: 'Review',
    to: '/review' as const,
    search: {},
  },
  {
    name: 'Add people to a campaign',
    hint: 'A plan first, then live progress',
    action: 'Add',
    to: '/exports/new' as const,
    search: { status: 'approved' },
  },
]

/** The way through the main job, until somebody went all of it once. */
export function FirstSteps({ now }: { now: Standing }) {
  if (now.inCampaign > 0) return null
  const written = now.total > now.new
  const done = [now.total > 0, written, now.approved > 0, false]
  const next = done.indexOf(false)
  return (
    <Panel title="From a list to a campaign, in four steps">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="lg">
        {steps.map((step, index) => (
          <div key={step.name} className={classes.step}>
            <span className={classes.mark} data-done={done[index]}>
              {done[index] ? <IconCheck size={15} aria-label="done" /> : index + 1}
            </span>
            <div>
              <Text fw={600} fz="sm">
                {step.name}
              </Text>
              <Text fz="xs" c="dimmed" mb={8}>
                {step.hint}
              </Text>
              {index === next ? (
                <LinkButton to={step.to} search={step.search} size="xs">
                  {step.action}
                </LinkButton>
              ) : null}
            </div>
          </div>
        ))}
      </SimpleGrid>
    </Panel>
  )
}
