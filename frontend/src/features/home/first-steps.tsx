import { Button, SimpleGrid, Text } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconCheck } from '@tabler/icons-react'
import type { HomeAnswer } from '@/api'
import { LinkButton } from '@/components/links'
import { Panel } from '@/components/panel'
import { useSession } from '@/lib/session'
import { type Step, stepsOf } from './guide'
import classes from './home.module.css'

/** The way through the main job with where one stands, until all of it was done once or somebody has seen enough. */
export function FirstSteps({ now }: { now: HomeAnswer }) {
  const session = useSession()
  const [hidden, hide] = useLocalStorage({
    key: `woodpecker.first-steps.${session?.user_id ?? ''}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const { title, steps } = stepsOf(now, session)
  const next = steps.findIndex(({ done }) => !done)
  if (next === -1) return null
  if (hidden) {
    return (
      <div>
        <Button size="compact-xs" variant="subtle" onClick={() => hide(false)}>
          Show the first steps again
        </Button>
      </div>
    )
  }
  return (
    <Panel
      title={title}
      actions={
        <Button size="compact-sm" variant="subtle" onClick={() => hide(true)}>
          Hide these steps
        </Button>
      }
    >
      <SimpleGrid
        component="ol"
        cols={{ base: 1, sm: 2, lg: steps.length }}
        spacing="lg"
        className={classes.steps}
      >
        {steps.map((step, index) => (
          <StepLine key={step.name} step={step} number={index + 1} isNext={index === next} />
        ))}
      </SimpleGrid>
    </Panel>
  )
}

function StepLine({ step, number, isNext }: { step: Step; number: number; isNext: boolean }) {
  return (
    <li className={classes.step} aria-current={isNext ? 'step' : undefined}>
      <span className={classes.mark} data-done={step.done} data-next={isNext}>
        {step.done ? <IconCheck size={15} aria-label="done" /> : number}
      </span>
      <div>
        <Text fw={600} fz="sm">
          {step.name}
        </Text>
        <div className={classes.how}>
          <Text fz="xs" c="dimmed" mb={8}>
            {step.hint}
          </Text>
          {step.done ? null : (
            <LinkButton to={step.to} search={step.search} size="xs" variant={isNext ? 'filled' : 'default'}>
              {step.action}
            </LinkButton>
          )}
        </div>
      </div>
    </li>
  )
}
