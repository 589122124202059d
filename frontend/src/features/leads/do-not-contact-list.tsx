import { Alert, Button, Checkbox, FileInput, Group, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { plural } from '@/lib/format'
import { useAddList } from './do-not-contact-api'

/** A whole list from a file, such as all customers; replaced as a whole when it comes anew. */
export function DoNotContactList() {
  const add = useAddList()
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const [replace, setReplace] = useState(true)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (file) add.mutate({ file, list_name: name.trim(), replace }, { onSuccess: () => setFile(null) })
  }
  return (
    <Panel padding="md">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <FileInput
            label="A list from a file"
            placeholder="CSV or text, one a line"
            value={file}
            onChange={setFile}
            accept=".csv,.txt,text/csv,text/plain"
            clearable
            clearButtonProps={{ 'aria-label': 'No file' }}
            w={{ base: '100%', xs: 280 }}
          />
          <TextInput
            label="Name of the list"
            placeholder="customers"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
          />
          <Checkbox
            mb={8}
            label="Replaces the list of that name"
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          <Button type="submit" variant="default" loading={add.isPending} disabled={!file}>
            Load
          </Button>
        </Group>
      </form>
      {add.isError ? <Problem error={add.error} title="The list was not loaded" /> : null}
      {add.data ? (
        <Alert color={add.data.refused_total > 0 ? 'yellow' : 'spruce'} mt="sm" role="status">
          {plural(add.data.added, 'entry', 'entries')} added, {add.data.removed} removed
          {add.data.refused_total > 0
            ? `; ${plural(add.data.refused_total, 'line')} not understood, the first in row ${add.data.refused[0]?.row ?? '?'}`
            : ''}
          .
        </Alert>
      ) : null}
    </Panel>
  )
}
