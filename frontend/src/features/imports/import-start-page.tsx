import { Button, List, Stack, Text } from '@mantine/core'
import { Dropzone, type FileRejection } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { ApiError } from '@/lib/problem'
import { useUpload } from './api'
import classes from './imports.module.css'
import { RecentImports } from './recent-imports'

const LARGEST = 100 * 1000 * 1000

export function ImportStartPage() {
  const navigate = useNavigate()
  const upload = useUpload()
  const [refused, setRefused] = useState<ApiError | null>(null)
  const open = useRef<() => void>(null)
  const take = (files: File[]) => {
    setRefused(null)
    const [file] = files
    if (!file) return
    upload.mutate(file, {
      onSuccess: ({ id }) => void navigate({ to: '/import/$importId', params: { importId: id } }),
    })
  }
  const refuse = (rejections: FileRejection[]) => {
    const name = rejections[0]?.file.name ?? 'This file'
    setRefused(
      new ApiError(400, {
        code: 'file_refused',
        detail:
          rejections.length > 1
            ? 'One file at a time, please: each becomes an import of its own.'
            : `${name} is neither a CSV, a text file nor an Excel workbook, or it is larger than 100 MB. Save it as CSV and try again.`,
      }),
    )
  }
  const error = refused ?? upload.error
  return (
    <Stack gap="lg" maw={860}>
      <PageHeader
        title="Import leads"
        description="Nothing is stored before you have seen what is in the file and said yes."
      />
      {error ? <Problem error={error} title="The file was not taken" /> : null}
      <Dropzone
        openRef={open}
        onDrop={take}
        onReject={refuse}
        loading={upload.isPending}
        maxFiles={1}
        multiple={false}
        maxSize={LARGEST}
        accept={{
          'text/csv': ['.csv', '.txt', '.tsv'],
          'text/plain': ['.txt', '.csv', '.tsv'],
          'application/vnd.ms-excel': ['.csv', '.xls'],
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
        }}
        activateOnClick={false}
        activateOnKeyboard={false}
        tabIndex={-1}
        inputProps={{ 'aria-label': 'Spreadsheet of leads' }}
        className={classes.dropzone ?? ''}
      >
        <Stack align="center" gap="xs" ta="center">
          <IconFileSpreadsheet size={44} stroke={1.4} aria-hidden />
          <Text fw={650} fz="lg">
            Drop a CSV or Excel file here
          </Text>
          <Text c="dimmed" fz="sm">
            Any separator, any encoding, up to 100,000 rows
          </Text>
          <Button mt="sm" onClick={() => open.current?.()} style={{ pointerEvents: 'all' }}>
            Choose a file
          </Button>
        </Stack>
      </Dropzone>
      <RecentImports />
      <Panel title="What happens then">
        <List type="ordered" fz="sm" spacing={6}>
          <List.Item>We read the file and guess what each column means. You correct the guesses.</List.Item>
          <List.Item>
            You see every problem by row: missing names, unusable addresses, people who are here already.
          </List.Item>
          <List.Item>You decide what happens to duplicates, and import. It can be undone later.</List.Item>
        </List>
      </Panel>
    </Stack>
  )
}
