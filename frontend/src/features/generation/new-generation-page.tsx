import {
  Alert,
  Box,
  Button,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFlask, IconSparkles } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ContentBody } from '@/api'
import { LinkButton } from '@/components/links'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { describeSelection } from '@/components/selection-summary'
import { plural } from '@/lib/format'
import { toSelection } from '@/lib/selection'
import { useSession } from '@/lib/session'
import { type RunChoice, estimateQuery, templateChoicesQuery, useStartRun } from './api'
import { Estimate } from './estimate'
import { SenderChoice } from './sender-choice'
import { SessionChanges } from './session-changes'

const route = getRouteApi('/generations/new')

export function NewGenerationPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const templates = useQuery(templateChoicesQuery).data ?? []
  const [templateId, setTemplateId] = useState<string | null>(null)
  const [mode, setMode] = useState<'live' | 'batch'>('live')
  const [budget, setBudget] = useState<string | number>('')
  const [senderId, setSenderId] = useState<string | null>(null)
  const [instruction, setInstruction] = useState('')
  const [content, setContent] = useState<ContentBody | null>(null)
  const chosen = templateId ?? templates.find(({ is_default }) => is_default)?.id
  const choice: RunChoice = {
    selection: toSelection(search),
    mode,
    ...(chosen ? { template_id: chosen } : {}),
    ...(budget === '' ? {} : { budget_usd: String(budget) }),
    ...(senderId ? { sender_user_id: senderId } : {}),
    ...(instruction.trim() ? { instruction: instruction.trim() } : {}),
    ...(content ? { content } : {}),
  }
  // Typing in the prompt or the instruction must not ask for a count with every letter.
  const [settled] = useDebouncedValue(JSON.stringify({ ...choice, mode: 'live' }), 400)
  const estimate = useQuery({
    ...estimateQuery(JSON.parse(settled) as RunChoice),
    placeholderData: keepPreviousData,
  })
  const start = useStartRun()
  const tryFirst = useMutation({
    mutationFn: () => start.mutateAsync({ ...choice, mode: 'live', first: 3 }),
    onSuccess: ({ id }) => void navigate({ to: '/generations/$generationId', params: { generationId: id } }),
    meta: { shown: 'inline' },
  })
  const startAll = () =>
    start.mutate(choice, {
      onSuccess: ({ id }) =>
        void navigate({ to: '/generations/$generationId', params: { generationId: id } }),
    })
  const leads = estimate.data?.leads ?? 0
  const off = useSession()?.vendors.anthropic === 'off'
  return (
    <Stack gap="md" maw={900}>
      <PageHeader title="Write sequences" description={describeSelection(search)} />
      {off ? (
        <Alert color="yellow" title="Claude is switched off">
          There is no key for Claude. An admin can enter one in Settings.
        </Alert>
      ) : null}
      <Panel title="How">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <Select
            label="Template"
            description="The prompt and the shape of the sequence"
            data={templates.map(({ id, name, is_default }) => ({
              value: id,
              label: is_default ? `${name} (default)` : name,
            }))}
            value={chosen ?? null}
            onChange={(id) => {
              setTemplateId(id)
              setContent(null)
            }}
            allowDeselect={false}
          />
          <NumberInput
            label="Budget for this run"
            description="Writing pauses before it is passed"
            placeholder="No limit of its own"
            prefix="$"
            min={0}
            decimalScale={2}
            value={budget}
            onChange={setBudget}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mt="md">
          <SenderChoice value={senderId} onChange={setSenderId} />
          <TextInput
            label="Instruction for all of them"
            description="Read by the model with each lead"
            placeholder="Mention the webinar in May"
            maxLength={2000}
            value={instruction}
            onChange={(event) => setInstruction(event.currentTarget.value)}
          />
        </SimpleGrid>
        {chosen ? (
          <Box mt="sm">
            <SessionChanges templateId={chosen} value={content} onChange={setContent} />
          </Box>
        ) : null}
      </Panel>
      <Estimate query={estimate} mode={mode} onMode={setMode} />
      {start.isError ? <Problem error={start.error} title="Nothing was started" /> : null}
      {tryFirst.isError && !start.isError ? (
        <Problem error={tryFirst.error} title="Nothing was started" />
      ) : null}
      <Group justify="space-between">
        <LinkButton to="/leads" variant="subtle">
          Back to leads
        </LinkButton>
        <Group gap="xs">
          {leads > 3 ? (
            <Button
              variant="default"
              leftSection={<IconFlask size={16} aria-hidden />}
              onClick={() => tryFirst.mutate()}
              loading={tryFirst.isPending}
              disabled={off}
            >
              Try on three first
            </Button>
          ) : null}
          <Button
            leftSection={<IconSparkles size={16} aria-hidden />}
            onClick={startAll}
            loading={start.isPending && !tryFirst.isPending}
            disabled={leads === 0 || off}
          >
            Write {plural(leads, 'sequence')}
          </Button>
        </Group>
      </Group>
      {leads === 0 && estimate.isSuccess ? (
        <Text fz="sm" c="dimmed">
          No lead of this selection can be written for: they may be approved or in a campaign already.
        </Text>
      ) : null}
    </Stack>
  )
}
