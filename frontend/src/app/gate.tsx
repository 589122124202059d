import { Center, Loader, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, lazy } from 'react'
import { Problem } from '@/components/problem'
import { sessionQuery } from '@/lib/session'
import { Shell } from './shell'

const SignIn = lazy(async () => ({ default: (await import('@/features/accounts/sign-in')).SignIn }))

/** Nobody signed in: the sign-in page stands at the address one wanted, and gives way to it. */
export function Gate() {
  const session = useQuery(sessionQuery)
  if (session.data) return <Shell />
  if (session.data === null)
    return (
      <Suspense fallback={<Waiting />}>
        <SignIn />
      </Suspense>
    )
  if (session.isError) {
    return (
      <Stack maw={560} mx="auto" mt={96} px="md">
        <Problem
          error={session.error}
          title="The server does not answer"
          onRetry={() => void session.refetch()}
        />
      </Stack>
    )
  }
  return <Waiting />
}

function Waiting() {
  return (
    <Center h="100vh">
      <Loader type="dots" aria-label="Loading" />
    </Center>
  )
}
