import { Button, Group, NumberInput } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import type { RunShown } from '@/api'
import { useResumeRun } from './api'

/** Goes on with what waits, with a larger budget if that was what stopped it. */
export function ResumeRun({ run }: { run: RunShown }) {
  const resume = useResumeRun(run.id)
  const [budget, setBudget] = useState<string | number>(run.budget_usd ?? '')
  const stopped = run.reason_code?.includes('budget') ?? false
  return (
    <Group gap="xs" align="flex-end">
      {stopped && run.budget_usd !== null ? (
        <NumberInput
          label="New budget"
          prefix="$"
          min={0}
          decimalScale={2}
          w={120}
          value={budget}
          onChange={setBudget}
        />
      ) : null}
      <Button
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={resume.isPending}
        onClick={() => resume.mutate(stopped && budget !== '' ? String(budget) : null)}
      >
        Resume
      </Button>
    </Group>
  )
}
