import { usd } from '@/lib/format'

/** US dollars from the API’s decimal string; `null` when the price is not known. */
export function Money({ value }: { value: string | number | null }) {
  return <span className="numbers">{value === null ? 'unknown' : usd(value)}</span>
}
