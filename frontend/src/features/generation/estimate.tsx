import { Group, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { EstimateShown } from '@/api'
import { Loaded } from '@/components/loaded'
import { Money } from '@/components/money'
import { Panel } from '@/components/panel'
import { count, duration } from '@/lib/format'

/** What it will cost, before it costs anything. */
export function Estimate({ query, mode }: { query: UseQueryResult<EstimateShown>; mode: 'live' | 'batch' }) {
  return (
    <Panel title="Before you start">
      <Loaded query={query} rows={2}>
        {({ leads, estimated, batch }) => (
          <Group gap="xl">
            <Figure name="Leads">{count(leads)}</Figure>
            <Figure name="Cost, about">
              <Money value={mode === 'batch' ? batch.usd : estimated.usd} />
            </Figure>
            <Figure name="Time, about">
              {duration(mode === 'batch' ? batch.hours * 3600 : estimated.seconds)}
            </Figure>
            <Figure name="Tokens in / out">
              {count(estimated.input_tokens)} / {count(estimated.output_tokens)}
            </Figure>
            {mode === 'live' && batch.usd !== null ? (
              <Text fz="sm" c="dimmed">
                Overnight it would cost about <Money value={batch.usd} />.
              </Text>
            ) : null}
          </Group>
        )}
      </Loaded>
    </Panel>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Stack gap={0}>
      <Text fz="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={650} fz="lg" component="div" className="numbers">
        {children}
      </Text>
    </Stack>
  )
}
