import { Alert, Button, Group, Text } from '@mantine/core'
import { IconChecks, IconDice3 } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { LinkButton } from '@/components/links'
import { count, plural } from '@/lib/format'
import { type QueueSearch, drawSample, unflaggedQuery } from './api'
import { useApproveUnflagged } from './deciding'

/** Draws drafts at random and shows just those. */
export function useSample(filter: QueueSearch) {
  const navigate = useNavigate()
  const { only: _before, ...rest } = filter
  return useMutation({
    mutationFn: () => drawSample(filter),
    onSuccess: (ids) => {
      if (ids.length > 0) void navigate({ to: '/review', search: { ...rest, only: ids.join('.') } })
    },
    meta: { failure: 'No sample was drawn' },
  })
}

/** Where one stands with a sample that is being read; when it is read, the rest can be approved. */
export function SampleBar({ left, filter }: { left: number; filter: QueueSearch }) {
  const navigate = useNavigate()
  const { only = '', ...rest } = filter
  const drawn = only.split('.').length
  const others = useQuery(unflaggedQuery(filter)).data
  const approve = useApproveUnflagged()
  const again = useSample(filter)
  const read = left === 0
  return (
    <Alert
      color={read ? 'spruce' : 'gray'}
      icon={<IconDice3 />}
      title={
        read
          ? `You read all ${count(drawn)}`
          : `Reading ${count(drawn)} drafts drawn at random: ${count(left)} to go`
      }
    >
      <Group justify="space-between" gap="sm">
        <Text fz="sm">{read ? restSentence(others) : 'Decide on each as usual; then approve the rest.'}</Text>
        <Group gap="xs">
          <LinkButton to="/review" search={rest} size="xs" variant="subtle">
            Back to the whole queue
          </LinkButton>
          {read && others ? (
            <>
              <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate()}>
                Read more
              </Button>
              <Button
                size="xs"
                leftSection={<IconChecks size={15} aria-hidden />}
                loading={approve.isPending}
                onClick={() =>
                  approve.mutate(rest, {
                    onSuccess: () => void navigate({ to: '/review', search: rest, replace: true }),
                  })
                }
              >
                Approve the other {count(others)}
              </Button>
            </>
          ) : null}
        </Group>
      </Group>
    </Alert>
  )
}

function restSentence(others: number | undefined): string {
  if (others === undefined) return 'Counting the rest…'
  if (others === 0) return 'No other draft of this list is without remarks.'
  return `${plural(others, 'other draft')} without remarks can be approved now; that is recorded as done in bulk, unread.`
}
