import { Button, Group, Stack } from '@mantine/core'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Problem } from '@/components/problem'

/** One page broke: the navigation stays, the error is named, the way on is offered. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Stack maw={720} mx="auto" mt="xl">
      <Problem error={error} title="This page could not be shown" />
      <Group>
        <Button
          onClick={() => {
            reset()
            void router.invalidate()
          }}
        >
          Load the page again
        </Button>
        <LinkButton variant="default" to="/">
          To Home
        </LinkButton>
      </Group>
    </Stack>
  )
}

export function PageNotFound() {
  return (
    <EmptyState title="There is no such page" action={<LinkButton to="/">To Home</LinkButton>}>
      The address may be old, or the record was removed.
    </EmptyState>
  )
}
