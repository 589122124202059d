import { ActionIcon, Alert, Button, Code, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconKey, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import { tokensQuery, useCreateToken, useRevokeToken } from './api'

/** Tokens for programs; a secret is shown once, when it is made. */
export function TokensPanel() {
  const query = useQuery(tokensQuery)
  const create = useCreateToken()
  const revoke = useRevokeToken()
  const [name, setName] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    create.mutate(name, { onSuccess: () => setName('') })
  }
  return (
    <Panel title="API tokens">
      <Text fz="sm" c="dimmed" mb="sm">
        For scripts that work in your name. Whoever has a token can do what you can.
      </Text>
      <Stack gap="sm">
        {create.data?.secret ? (
          <Alert color="spruce" icon={<IconKey />} title="Copy the token now: it is not shown again">
            <Group gap="sm">
              <Code>{create.data.secret}</Code>
              <CopyButton value={create.data.secret}>
                {({ copied, copy }) => (
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Alert>
        ) : null}
        {create.isError ? <Problem error={create.error} title="No token was made" /> : null}
        {revoke.isError ? <Problem error={revoke.error} title="The token still works" /> : null}
        <form onSubmit={submit}>
          <Group gap="xs" align="flex-end">
            <TextInput
              label="What is it for?"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              maxLength={100}
            />
            <Button type="submit" variant="default" loading={create.isPending}>
              Make a token
            </Button>
          </Group>
        </form>
        <Loaded query={query} rows={1}>
          {(tokens) => (
            <Stack gap={4}>
              {tokens.map((token) => (
                <Group key={token.id} justify="space-between" wrap="nowrap">
                  <Text fz="sm">
                    <b>{token.name}</b>, made <Time at={token.created_at} />
                  </Text>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={`Revoke ${token.name}`}
                    onClick={() => revoke.mutate(token.id)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              ))}
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Panel>
  )
}
