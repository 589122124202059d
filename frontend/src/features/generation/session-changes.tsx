import { Button, Collapse, Group, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ContentBody } from '@/api'
import { Loaded } from '@/components/loaded'
import { templateContentQuery } from './api'

type Props = {
  templateId: string
  value: ContentBody | null
  onChange: (content: ContentBody | null) => void
}

/** The prompt changed for this run only: the template stays as it is, and the run keeps what it was given. */
export function SessionChanges({ templateId, value, onChange }: Props) {
  const [isOpen, { toggle }] = useDisclosure(false)
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? 'Hide the prompt' : 'Change the prompt for this run only'}
        </Button>
        {value ? (
          <>
            <Text fz="sm">Changed for this run</Text>
            <Button variant="subtle" size="compact-sm" color="gray" onClick={() => onChange(null)}>
              Back to the template
            </Button>
          </>
        ) : null}
      </Group>
      <Collapse expanded={isOpen}>
        {isOpen ? <Texts templateId={templateId} value={value} onChange={onChange} /> : null}
      </Collapse>
    </Stack>
  )
}

function Texts({ templateId, value, onChange }: Props) {
  const query = useQuery(templateContentQuery(templateId))
  return (
    <Loaded query={query} rows={4}>
      {(stored) => {
        const content = value ?? stored
        const set = (part: Partial<ContentBody>) => onChange({ ...content, ...part })
        return (
          <Stack gap="sm">
            <Textarea
              label="Instructions"
              value={content.system_text}
              onChange={(e) => set({ system_text: e.currentTarget.value })}
              autosize
              minRows={4}
              maxRows={14}
            />
            <Textarea
              label="What is said of the person"
              value={content.person_text}
              onChange={(e) => set({ person_text: e.currentTarget.value })}
              autosize
              minRows={3}
              maxRows={10}
            />
          </Stack>
        )
      }}
    </Loaded>
  )
}
