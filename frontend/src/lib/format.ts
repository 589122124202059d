/** Numbers, money and times for people; all of it in the language of the browser. */

const integers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })

export function count(value: number): string {
  return integers.format(value)
}

/** "1 lead", "1,204 leads". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Totals are exact to 10,000; beyond that the server stops counting. */
export function cappedTotal(total: number, capped: boolean): string {
  return capped ? `more than ${count(total - 1)}` : count(total)
}

/** A decimal string of US dollars: cents from a dollar up, more digits where a cent would hide the value. */
export function usd(value: string | number): string {
  const amount = typeof value === 'string' ? Number.parseFloat(value) : value
  if (!Number.isFinite(amount)) return '–'
  const digits = amount === 0 || Math.abs(amount) >= 1 ? 2 : Math.abs(amount) >= 0.01 ? 3 : 5
  return `$${amount.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: digits })}`
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  const hours = seconds / 3600
  return `${hours < 10 ? hours.toFixed(1).replace(/\.0$/, '') : Math.round(hours)} h`
}

// Made once: each row of a list asks, and making one costs more than drawing the row.
const date = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

export function exactTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? '–' : exact.format(time)
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const steps: [limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [7 * 86_400, 86_400, 'day'],
]

/** "2 minutes ago" within a week, the date beyond it. */
export function timeFromNow(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000
  if (Number.isNaN(seconds)) return '–'
  const age = Math.abs(seconds)
  if (age < 45) return 'just now'
  for (const [limit, size, unit] of steps) {
    if (age < limit) return relative.format(Math.round(seconds / size), unit)
  }
  return date.format(new Date(iso))
}

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit] ?? 'B'}`
}
