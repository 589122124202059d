import { usd } from '@/lib/format'

/** US dollars from the API's decimal string. */
export function Money({ value }: { value: string | number }) {
  return <span className="numbers">{usd(value)}</span>
}
