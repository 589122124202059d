import { Alert, Button, Group, Radio, SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { ImportAnswer } from '@/api'
import { CountChips } from '@/components/count-chips'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { count, plural } from '@/lib/format'
import { onDuplicateWords } from '@/lib/words'
import { type CommitChoice, useCommit, useReadAgain } from './api'
import { ImportIssues } from './import-issues'
import classes from './imports.module.css'
import { KnownAtWoodpecker, SharedCompanies } from './known-people'
import { MappingTable } from './mapping-table'
import { missingFields, toMapping } from './mapping'
import { ReadingPanel } from './reading-panel'

/** Before anything is stored: how the file is read, what its columns mean, what is wrong, what to do with duplicates. */
export function ImportCheck({ record }: { record: ImportAnswer }) {
  const readAgain = useReadAgain(record.id)
  const commit = useCommit(record.id)
  const [onDuplicate, setOnDuplicate] = useState<CommitChoice['on_duplicate']>('skip')
  const [note, setNote] = useState('')
  const [code, setCode] = useState<string>()
  const missing = missingFields(record.columns)
  const counts = record.counts
  const duplicates = counts.duplicate_in_database ?? 0
  const importable = (counts.ok ?? 0) + (onDuplicate === 'skip' ? 0 : duplicates)
  return (
    <Stack gap="md">
      <CountChips
        label="What is in the file"
        chips={[
          { label: 'can be imported', value: counts.ok ?? 0, tone: 'good' },
          { label: 'twice in the file', value: counts.duplicate_in_file ?? 0, tone: 'attention' },
          { label: 'here already', value: duplicates, tone: 'attention' },
          { label: 'not usable', value: counts.invalid ?? 0, tone: 'bad' },
        ]}
      />
      {missing.map((sentence) => (
        <Alert key={sentence} color="yellow" icon={<IconAlertTriangle />} role="status">
          {sentence}
        </Alert>
      ))}
      <KnownAtWoodpecker record={record} code={code} onCode={setCode} />
      <MappingTable
        columns={record.columns}
        busy={readAgain.isPending}
        onChange={(name, field) =>
          readAgain.mutate({ mapping: { ...toMapping(record.columns), [name]: field } })
        }
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Panel title="People who are here already">
          <Radio.Group
            value={onDuplicate}
            onChange={(value) => setOnDuplicate(value)}
            aria-label="People who are here already"
          >
            <Stack gap="xs">
              {Object.entries(onDuplicateWords).map(([value, { label, hint }]) => (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  description={changed(hint, counts[`changed_by_${value}`])}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Panel>
        <ReadingPanel
          record={record}
          busy={readAgain.isPending}
          onChange={(choice) => readAgain.mutate(choice)}
        />
      </SimpleGrid>
      <SharedCompanies companies={record.companies} />
      <ImportIssues record={record} code={code} onCode={setCode} />
      <Panel>
        <Textarea
          label="How do we know these people?"
          description="Where the list comes from. It stays with the leads, and the texts may speak of it."
          placeholder="Visitors of our stand at HR Tech, October"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2000}
        />
      </Panel>
      {commit.isError ? <Problem error={commit.error} title="Nothing was imported" /> : null}
      <div className={classes.footer}>
        <Group justify="space-between">
          <Text fz="sm" c="dimmed" role="status">
            {readAgain.isPending
              ? 'Counting again…'
              : `${count(importable)} of ${plural(record.row_count, 'row')}`}
          </Text>
          <Button
            size="md"
            disabled={missing.length > 0 || importable === 0 || readAgain.isPending}
            loading={commit.isPending}
            onClick={() =>
              commit.mutate({ mapping: toMapping(record.columns), on_duplicate: onDuplicate, note })
            }
          >
            Import {plural(importable, 'lead')}
          </Button>
        </Group>
      </div>
    </Stack>
  )
}

/** With how many of the people who are here already it would change. */
function changed(hint: string, people: number | undefined): string {
  return people === undefined ? hint : `${hint} Here: ${plural(people, 'lead')} would change.`
}
