import { Alert, Button, Group, NumberInput, Radio, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconFlask, IconSparkles } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
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

const route = getRouteApi('/generations/new')

export function NewGenerationPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const templates = useQuery(templateChoicesQuery).data ?? []
  const [templateId, setTemplateId] = useState<string | null>(null)
  const [mode, setMode] = useState<'live' | 'batch'>('live')
  const [budget, setBudget] = useState<string | number>('')
  const chosen = templateId ?? templates.find(({ is_default }) => is_default)?.id
  const choice: RunChoice = {
    selection: toSelection(search),
    mode,
    ...(chosen ? { template_id: chosen } : {}),
    ...(budget === '' ? {} : { budget_usd: String(budget) }),
  }
  const estimate = useQuery(estimateQuery(choice))
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
            onChange={setTemplateId}
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
        <Radio.Group
          label="When"
          mt="md"
          value={mode}
          onChange={(value) => setMode(value === 'batch' ? 'batch' : 'live')}
        >
          <Group mt={6} gap="lg">
            <Radio value="live" label="Now" description="The first draft is there in seconds" />
            <Radio
              value="batch"
              label="Overnight, at half the price"
              description="One batch; usually within an hour"
            />
          </Group>
        </Radio.Group>
      </Panel>
      <Estimate query={estimate} mode={mode} />
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
