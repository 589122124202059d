import { Badge, Button, Checkbox, Group, NativeSelect, Popover, Stack, TextInput } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'
import { customFilter } from '@/lib/selection'
import { humanise } from '@/lib/words'
import type { LeadsSearch } from './api'

type Props = { search: LeadsSearch; customs: string[]; onChange: (next: Partial<LeadsSearch>) => void }

/** Filters that are needed less often: parts of company and title, any custom field, and what was deleted. */
export function MoreFilters({ search, customs, onChange }: Props) {
  const [opened, setOpened] = useState(false)
  const active = [search.company, search.title, search.custom, search.deleted].filter(Boolean).length
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          rightSection={active > 0 ? <Badge circle>{active}</Badge> : null}
          onClick={() => setOpened((open) => !open)}
        >
          Filters
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Fields
          search={search}
          customs={customs}
          onChange={(next) => {
            onChange(next)
            setOpened(false)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function Fields({ search, customs, onChange }: Props) {
  const [company, setCompany] = useState(search.company ?? '')
  const [title, setTitle] = useState(search.title ?? '')
  const [field, value] = customFilter(search.custom) ?? ['', '']
  const [name, setName] = useState(field)
  const [said, setSaid] = useState(value)
  const [deleted, setDeleted] = useState(Boolean(search.deleted))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onChange({
      company: company.trim(),
      title: title.trim(),
      custom: name ? `${name}:${said.trim()}` : '',
      deleted: deleted ? 'true' : '',
    })
  }
  const names = name && !customs.includes(name) ? [name, ...customs] : customs
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" w={280}>
        <TextInput
          label="Company contains"
          value={company}
          onChange={(event) => setCompany(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="Title contains"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <NativeSelect
          label="Extra field"
          data={[
            { value: '', label: 'None' },
            ...names.map((known) => ({ value: known, label: humanise(known) })),
          ]}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {name ? (
          <TextInput
            label="Is (empty: anything)"
            value={said}
            onChange={(event) => setSaid(event.currentTarget.value)}
          />
        ) : null}
        <Checkbox
          label="Deleted leads"
          description="They can be brought back."
          checked={deleted}
          onChange={(event) => setDeleted(event.currentTarget.checked)}
        />
        <Group justify="space-between">
          <Button
            variant="subtle"
            onClick={() => onChange({ company: '', title: '', custom: '', deleted: '' })}
          >
            Clear
          </Button>
          <Button type="submit">Filter</Button>
        </Group>
      </Stack>
    </form>
  )
}
