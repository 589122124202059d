import { Button, Group } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Suspense, lazy, memo } from 'react'
import type { UserAnswer } from '@/api'
import { SearchBox } from '@/components/search-box'
import { SelectFilter } from '@/components/select-filter'
import { ownerOptions } from '@/lib/users'
import { leadStatusWords } from '@/lib/words'
import type { LeadsSearch } from './api'

const MoreFilters = lazy(async () => ({ default: (await import('./more-filters')).MoreFilters }))

type Props = {
  search: LeadsSearch
  users: UserAnswer[]
  /** Tags and custom fields of the leads on the page: what can be filtered by without typing. */
  tags: string[]
  customs: string[]
  onChange: (next: Partial<LeadsSearch>) => void
}

const statuses = Object.entries(leadStatusWords).map(([value, { label }]) => ({ value, label }))

export const LeadsToolbar = memo(function LeadsToolbar(props: Props) {
  const { search, users, tags, customs, onChange } = props
  const narrowed = search.import_id !== undefined || search.campaign_id !== undefined
  return (
    <Group gap="sm">
      <SearchBox
        label="Search leads"
        placeholder="Name, company, title or address"
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
        width={320}
      />
      <SelectFilter
        label="Status"
        all="Any status"
        value={search.status}
        onChange={(status) => onChange({ status: status ?? '' })}
        options={statuses}
      />
      <SelectFilter
        label="Owner"
        all="Anybody’s"
        value={search.owner}
        onChange={(owner) => onChange({ owner: owner ?? '' })}
        options={ownerOptions(users)}
      />
      {tags.length > 0 || search.tag ? (
        <SelectFilter
          label="Tag"
          all="Any tag"
          value={search.tag}
          onChange={(tag) => onChange({ tag: tag ?? '' })}
          options={withChosen(tags, search.tag).map((tag) => ({ value: tag, label: tag }))}
        />
      ) : null}
      <Suspense>
        <MoreFilters search={search} customs={customs} onChange={onChange} />
      </Suspense>
      {search.deleted ? (
        <Button
          variant="light"
          color="red"
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => onChange({ deleted: '' })}
        >
          Deleted leads
        </Button>
      ) : null}
      {narrowed ? (
        <Button
          variant="light"
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => onChange({ import_id: '', campaign_id: '' })}
        >
          {search.import_id ? 'From one import' : 'In one campaign'}
        </Button>
      ) : null}
    </Group>
  )
})

function withChosen(known: string[], chosen: string | undefined): string[] {
  return chosen && !known.includes(chosen) ? [chosen, ...known] : known
}
