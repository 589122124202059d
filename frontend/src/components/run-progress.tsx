import { Box, Group, Progress, Text } from '@mantine/core'
import { count } from '@/lib/format'

type Props = { done: number; total: number; label: string; running: boolean; failed?: number }

/** Progress of a run. Screen readers hear it at most every ten per cent, and when it ends. */
export function RunProgress({ done, total, label, running, failed = 0 }: Props) {
  const share = total === 0 ? (running ? 0 : 100) : Math.min(100, (done / total) * 100)
  const failedShare = total === 0 ? 0 : Math.min(share, (failed / total) * 100)
  return (
    <Box>
      <Group justify="space-between" mb={6}>
        <Text fw={600} fz="sm">
          {label}
        </Text>
        <Text fz="sm" c="dimmed" className="numbers">
          {count(done)} of {count(total)}
        </Text>
      </Group>
      <Progress.Root size="lg" radius="xl">
        <Progress.Section
          value={share - failedShare}
          animated={running}
          striped={running}
          aria-label={label}
        />
        {failedShare > 0 ? (
          <Progress.Section value={failedShare} color="red.8" aria-label={`${label}: failed`} />
        ) : null}
      </Progress.Root>
      <SpokenProgress share={share} label={label} running={running} />
    </Box>
  )
}

function SpokenProgress({ share, label, running }: { share: number; label: string; running: boolean }) {
  const step = Math.floor(share / 10) * 10
  return (
    <span className="visually-hidden" role="status">
      {running ? `${label}: ${step} %` : `${label}: finished or waiting`}
    </span>
  )
}
