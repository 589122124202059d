import { Group, Radio, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { EstimateShown } from '@/api'
import { Money } from '@/components/money'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { count, duration, plural } from '@/lib/format'

type Mode = 'live' | 'batch'
type Props = { query: UseQueryResult<EstimateShown>; mode: Mode; onMode: (mode: Mode) => void }

/** Now or as a batch, each with its price and its time, before anything is spent. */
export function Estimate({ query, mode, onMode }: Props) {
  const estimate = query.data
  return (
    <Panel title="When, and for how much">
      <Stack gap="sm">
        <Radio.Group
          aria-label="When"
          value={mode}
          onChange={(value) => onMode(value === 'batch' ? 'batch' : 'live')}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <Choice
              value="live"
              name="Now"
              hint="Drafts come in one by one, the first within seconds"
              leads={estimate?.leads}
              usd={estimate?.estimated.usd}
              seconds={estimate?.estimated.seconds}
            />
            <Choice
              value="batch"
              name="As a batch, at half the price"
              hint="All at once, usually within the hour, at the latest after a day"
              leads={estimate?.leads}
              usd={estimate?.batch.usd}
              seconds={estimate ? estimate.batch.hours * 3600 : undefined}
            />
          </SimpleGrid>
        </Radio.Group>
        {query.isError ? (
          <Problem error={query.error} title="No estimate" onRetry={() => void query.refetch()} />
        ) : null}
        {estimate ? <Basis estimate={estimate} /> : null}
      </Stack>
    </Panel>
  )
}

type ChoiceProps = {
  value: Mode
  name: string
  hint: string
  leads: number | undefined
  usd: string | null | undefined
  seconds: number | undefined
}

function Choice({ value, name, hint, leads, usd, seconds }: ChoiceProps) {
  return (
    <Radio.Card value={value} p="sm" radius="md" aria-label={name}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator mt={3} />
        <Stack gap={2}>
          <Text fw={600}>{name}</Text>
          {seconds === undefined || usd === undefined ? (
            <Skeleton height={22} width={140} />
          ) : leads === 0 ? (
            <Text fz="lg">–</Text>
          ) : (
            <Text fz="lg" className="numbers" component="div">
              about <Money value={usd} /> · {duration(seconds)}
            </Text>
          )}
          <Text fz="sm" c="dimmed">
            {hint}
          </Text>
        </Stack>
      </Group>
    </Radio.Card>
  )
}

/** How sure the figures are, and whom they leave out. */
function Basis({ estimate }: { estimate: EstimateShown }) {
  const { leads, excluded, estimated, source, worst_usd, prices_of, model } = estimate
  const left = Object.values(excluded).reduce((sum, number) => sum + number, 0)
  return (
    <Text fz="sm" c="dimmed">
      {plural(leads, 'lead')}
      {left > 0 ? `, ${plural(left, 'other')} left out` : ''} · {model} · {count(estimated.input_tokens)}{' '}
      tokens in, {count(estimated.output_tokens)} out,{' '}
      {source === 'counted' ? 'counted by Claude' : 'our own estimate'} · prices of {prices_of}
      {worst_usd === null ? null : (
        <>
          {' '}
          · at the very most <Money value={worst_usd} />
        </>
      )}
    </Text>
  )
}
