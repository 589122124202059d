import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import type { DayRow } from './pivot'
import { exportItemWords, wordFor } from '@/lib/words'

const colours: Record<string, string> = {
  added: 'spruce.8',
  already_in_campaign: 'spruce.4',
  rejected: 'orange.7',
  failed: 'red.8',
  unknown: 'yellow.7',
  not_applied: 'gray.7',
  not_sent: 'gray.5',
}

export function OutcomeChart({ days }: { days: DayRow[] }) {
  const present = Object.keys(colours).filter((status) => days.some((day) => Number(day[status] ?? 0) > 0))
  return (
    <BarChart
      h={180}
      data={days}
      dataKey="day"
      xAxisProps={{ tickFormatter: shortDay }}
      yAxisProps={{ allowDecimals: false }}
      type="stacked"
      series={present.map((name) => ({
        name,
        label: wordFor(exportItemWords, name).label,
        color: colours[name] ?? 'gray.5',
      }))}
      withLegend
      tickLine="none"
      gridAxis="x"
      maxBarWidth={36}
      barChartProps={{ accessibilityLayer: false }}
    />
  )
}

function shortDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
}
