/** Rows of (day, status, count) become one row a day, with the days between that had nothing. */
export type DayCount = { day: string; status: string; count: number }
export type DayRow = { day: string; [status: string]: number | string }

const DAY_MS = 86_400_000
const LONGEST = 366

export function byDay(counts: DayCount[]): DayRow[] {
  const rows = new Map<string, DayRow>()
  for (const day of daysBetween(counts.map(({ day }) => day).sort())) rows.set(day, { day })
  for (const { day, status, count } of counts) {
    const row = rows.get(day) ?? { day }
    row[status] = Number(row[status] ?? 0) + count
    rows.set(day, row)
  }
  return [...rows.values()]
}

function daysBetween(sorted: string[]): string[] {
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined) return []
  const days: string[] = []
  for (let at = Date.parse(first); at <= Date.parse(last) && days.length < LONGEST; at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}
