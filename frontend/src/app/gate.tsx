import { Center, Loader, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, lazy, useEffect, useState } from 'react'
import { Problem } from '@/components/problem'
import { openDrafts } from '@/lib/drafts'
import { sessionQuery, useSessionEnded } from '@/lib/session'
import classes from './gate.module.css'
import { Shell } from './shell'

const SignIn = lazy(async () => ({ default: (await import('@/features/accounts/sign-in')).SignIn }))

/** Nobody signed in: the sign-in page stands at the address one wanted, and gives way to it. */
export function Gate() {
  const session = useQuery(sessionQuery)
  if (session.data) return <SignedIn key={session.data.user_id} userId={session.data.user_id} />
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

/** The pages; when the session ends, signing in covers them, and what was half done waits beneath. */
function SignedIn({ userId }: { userId: string }) {
  const client = useQueryClient()
  const ended = useSessionEnded()
  const [ready, setReady] = useState(false)
  useEffect(() => {
    void openDrafts(userId).then(() => setReady(true))
    return () => {
      // The next person sees nothing of what this one saw.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
    }
  }, [client, userId])
  if (!ready) return <Waiting />
  return (
    <>
      <div inert={ended}>
        <Shell />
      </div>
      {ended ? (
        <div className={classes.cover}>
          <Suspense fallback={<Waiting />}>
            <SignIn again />
          </Suspense>
        </div>
      ) : null}
    </>
  )
}

function Waiting() {
  return (
    <Center h="100vh">
      <Loader type="dots" aria-label="Loading" />
    </Center>
  )
}
