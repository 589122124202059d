import { Button, Group, Modal, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core'
import type { SubmitEvent } from 'react'
import type { LeadAnswer } from '@/api'
import { Problem } from '@/components/problem'
import { toApiError } from '@/lib/problem'
import { useUsers } from '@/lib/users'
import { leadFieldWords } from '@/lib/words'
import { type LeadChange, useChangeLead } from './api'

const fields = [
  'first_name',
  'last_name',
  'company',
  'title',
  'phone',
  'website',
  'linkedin_url',
  'industry',
  'city',
  'country',
] as const

// No tag holds a line break.
const BREAK = '\n'

/** Corrects the facts of one lead; sends only what was changed. */
export function LeadForm({
  lead,
  opened,
  onClose,
}: {
  lead: LeadAnswer
  opened: boolean
  onClose: () => void
}) {
  const change = useChangeLead(lead)
  const users = useUsers()
  const problem = change.error ? toApiError(change.error) : null
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    change.mutate(changesIn(new FormData(event.currentTarget), lead), { onSuccess: onClose })
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Edit lead"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} key={lead.version}>
        <Stack gap="md">
          {problem ? <Problem error={problem} title="Not saved" /> : null}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {fields.map((name) => (
              <TextInput
                key={name}
                name={name}
                label={leadFieldWords[name]}
                defaultValue={lead[name]}
                error={problem?.fieldMessage(name)}
              />
            ))}
            <TagsInput
              name="tags"
              label="Tags"
              hiddenInputValuesDivider={BREAK}
              defaultValue={lead.tags}
              maxTags={50}
              clearable
              clearButtonProps={{ 'aria-label': 'No tags' }}
              error={problem?.fieldMessage('tags')}
            />
            <Select
              name="owner_id"
              label="Owner"
              defaultValue={lead.owner_id}
              data={users.map(({ id, name, email }) => ({ value: id, label: name || email }))}
              clearable
              clearButtonProps={{ 'aria-label': 'No owner' }}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function changesIn(form: FormData, lead: LeadAnswer): LeadChange {
  const change: LeadChange = {}
  for (const name of fields) {
    const value = form.get(name)
    if (typeof value === 'string' && value !== lead[name]) change[name] = value
  }
  const tags = form.get('tags')
  const chosen = typeof tags === 'string' && tags !== '' ? tags.split(BREAK) : []
  if (chosen.join(BREAK) !== lead.tags.join(BREAK)) change.tags = chosen
  const owner = form.get('owner_id')
  const ownerId = typeof owner === 'string' && owner !== '' ? owner : null
  if (ownerId !== lead.owner_id) change.owner_id = ownerId
  return change
}
