import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useEffect } from 'react'
import { signIn as startSession } from '@/api'
import { Problem } from '@/components/problem'
import { sessionQuery } from '@/lib/session'
import classes from './sign-in.module.css'

/** `again`: the session ended while somebody worked. */
export function SignIn({ again = false }: { again?: boolean }) {
  const client = useQueryClient()
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => startSession({ body }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    meta: { shown: 'inline' },
  })
  useEffect(() => {
    document.title = 'Sign in · Woodpecker'
  }, [])
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ email: field(form, 'email'), password: field(form, 'password') })
  }
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <Stack gap="md">
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <div>
            <Title order={1}>Sign in</Title>
            <Text c="dimmed" fz="sm" mt={4} {...(again ? { role: 'status' } : {})}>
              {again
                ? 'Your session ended. Sign in and go on where you were: nothing you typed is lost.'
                : 'From a list of leads to approved sequences in your campaigns.'}
            </Text>
          </div>
          {signIn.isError ? <Problem error={signIn.error} title="You are not signed in" /> : null}
          <TextInput label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </main>
  )
}

function field(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
