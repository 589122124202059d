import { Text } from '@mantine/core'
import { plural } from '@/lib/format'
import type { SelectionSearch } from '@/lib/selection'
import { leadStatusWords, wordFor } from '@/lib/words'

/** Says in words which leads an address chose. */
export function SelectionSummary({ search }: { search: SelectionSearch }) {
  return <Text component="span">{describeSelection(search)}</Text>
}

export function describeSelection({ ids, status, q, owner, import_id, company }: SelectionSearch): string {
  if (ids) return `${plural(ids.split(',').filter(Boolean).length, 'lead')} that you ticked`
  const parts = [
    status
      ? `with status “${status
          .split(',')
          .map((one) => wordFor(leadStatusWords, one).label)
          .join('” or “')}”`
      : '',
    q ? `matching “${q}”` : '',
    company ? `at ${company}` : '',
    owner === 'me' ? 'that are yours' : owner === 'none' ? 'without owner' : owner ? 'of one owner' : '',
    import_id ? 'from one import' : '',
  ].filter(Boolean)
  return parts.length > 0 ? `All leads ${parts.join(', ')}` : 'All leads'
}
